"""What there is and when it is used. Dice and arithmetic; nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

SEED = 46
PAST_DAYS, AHEAD_DAYS = 3_650, 365
SLOTS_A_DAY = 6
SLOT = timedelta(hours=2)
FIRST_HOUR = 7
"""UTC: the first slot of a day is in the morning all over Poland."""
SLOTS = (PAST_DAYS + AHEAD_DAYS) * SLOTS_A_DAY
AHEAD = 0.1
"""Of all uses; the others lie in the past."""
HOT_THINGS, HOT_USES = 0.02, 0.4
FULL = 0.85
"""A thing that is used more than in this share of all slots has no time left to look for."""
KINDS = (
    ("whole", 0.01),
    ("pooled", 0.20),
    ("seated", 0.03),
    ("metered", 0.02),
    ("giveaway", 0.02),
)
MONTHLY_HOURS = 100
BLOCKS, CAME_TO_NOTHING = 0.03, 0.15
"""Shares of uses: what owners take for themselves; besides them, requests that hold no time any more, or not yet."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of it: `claims` (about) on `things`, around `now`."""

    claims: int
    things: int
    now: datetime

    @property
    def houses(self) -> int:
        return max(20, self.things // 50)

    @property
    def day_one(self) -> datetime:
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=PAST_DAYS)

    def at(self, slot: int) -> datetime:
        day, number = divmod(slot, SLOTS_A_DAY)
        return self.day_one + timedelta(days=day, hours=FIRST_HOUR) + number * SLOT


@dataclass(slots=True)
class Thing:
    """`wanted` claims of it; `busy` = units taken in each slot, at most 255. `parts` = things by number."""

    number: int
    house: int
    kind: str
    size: int
    turnover: int
    handover: bool
    keeps_first: bool
    wanted: int = 0
    parts: tuple[int, ...] = ()
    busy: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Use:
    """Of a thing for `slots` slots from `slot` on. `block` = by its owner; `claims` = it holds time."""

    thing: int
    slot: int
    slots: int
    units: int
    block: bool = False
    claims: bool = True


def things_of(shape: Shape, dice: Random) -> list[Thing]:
    """All things, wholes after what they are made of; each knows how many claims it is to have."""
    count = {kind: max(round(share * shape.things), 1) for kind, share in KINDS}
    made: list[Thing] = []
    rooms = shape.things - sum(count.values())
    for kind, several in (("exclusive", rooms), *count.items()):
        for _ in range(several):
            made.append(_thing(kind, len(made), shape, dice))
    by_house: dict[int, list[int]] = {}
    for one in made:
        if one.kind == "exclusive":
            by_house.setdefault(one.house, []).append(one.number)
    for one in made:
        if one.kind == "whole":
            one.house = dice.choice([house for house, own in by_house.items() if len(own) >= 3])
            one.parts = tuple(sorted(dice.sample(by_house[one.house], dice.randrange(2, 4))))
            one.turnover = max(made[part].turnover for part in one.parts)
    _share_out(made, shape, dice)
    return made


def _thing(kind: str, number: int, shape: Shape, dice: Random) -> Thing:
    sizes = {"pooled": dice.randrange(10, 200), "seated": dice.randrange(10, 40)}
    several = kind in {"pooled", "giveaway"}
    return Thing(
        number=number,
        house=number % shape.houses,
        kind=kind,
        size=sizes.get(kind, 1),
        turnover=0 if kind in {"seated", "giveaway"} else dice.choice((0, 0, 15, 30)),
        handover=several,
        keeps_first=several and dice.random() < 0.5,
    )


def _share_out(things: list[Thing], shape: Shape, dice: Random) -> None:
    """Two of a hundred capacities take four of ten claims; the others share the rest unevenly."""
    most = int(SLOTS * FULL)
    hot = dice.sample([one for one in things if one.kind == "pooled"], _hot(shape))
    hot += dice.sample([one for one in things if one.kind == "exclusive"], _hot(shape))
    busy = {one.number for one in hot}
    for one in hot:
        one.wanted = min(round(shape.claims * HOT_USES / len(hot)), most)
    rest = [one for one in things if one.number not in busy]
    left = shape.claims - sum(one.wanted for one in hot)
    weights = [dice.uniform(0.3, 1.7) * (0.5 if one.kind == "giveaway" else 1) for one in rest]
    each = left / sum(weights)
    for one, weight in zip(rest, weights, strict=True):
        one.wanted = min(round(each * weight), most)


def _hot(shape: Shape) -> int:
    return max(round(shape.things * HOT_THINGS / 2), 1)


def uses_of(things: list[Thing], dice: Random) -> list[Use]:
    """Who uses what when, in order of time: nothing twice, and no more of anything than there is."""
    for one in things:
        one.busy = bytearray(SLOTS)
    found: list[Use] = []
    # Wholes first, as long as all their parts are free.
    for one in sorted(things, key=lambda thing: thing.kind != "whole"):
        found.extend(_USES[one.kind](one, things, dice))
    nothing = [
        Use(use.thing, _any_slot(dice), 1, use.units, claims=False)
        for use in dice.sample(found, round(len(found) * CAME_TO_NOTHING))
        if things[use.thing].kind != "seated"
    ]
    return sorted([*found, *nothing], key=lambda use: use.slot)


def _any_slot(dice: Random) -> int:
    if dice.random() < AHEAD:
        return dice.randrange(PAST_DAYS * SLOTS_A_DAY, SLOTS)
    return dice.randrange(PAST_DAYS * SLOTS_A_DAY)


def _one_at_a_time(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    left = one.wanted - sum(one.busy)
    while left > 0:
        slot = _any_slot(dice)
        if not one.busy[slot]:
            one.busy[slot] = 1
            left -= 1
            yield Use(one.number, slot, 1, 1, block=dice.random() < BLOCKS)


def _of_a_whole(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    parts = [things[number] for number in one.parts]
    for _ in range(one.wanted // len(parts)):
        slot = _any_slot(dice)
        if not any(part.busy[slot] for part in parts):
            for part in parts:
                part.busy[slot] = 1
            yield Use(one.number, slot, 1, 1)


def _of_a_pool(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    """Some for an evening, some for two days."""
    left = one.wanted
    while left:
        slot, slots = _any_slot(dice), dice.choice((1, 1, 1, 2 * SLOTS_A_DAY))
        units = dice.randrange(1, max(one.size // 5, 2))
        span = range(slot, min(slot + slots, SLOTS))
        if all(one.busy[number] + units <= one.size for number in span):
            for number in span:
                one.busy[number] += units
            left -= 1
            yield Use(one.number, slot, len(span), units)


def _of_sessions(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    left, slots = one.wanted, set()
    while left > 0:
        slot = _any_slot(dice)
        if slot in slots:
            continue
        slots.add(slot)
        for _ in range(min(dice.randrange(1, one.size // 2), left)):
            left -= 1
            yield Use(one.number, slot, 1, dice.choice((1, 1, 2)))


def _of_a_person(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    """Two claims each: of the person, and of the month, which has hours for half of it."""
    for _ in range(one.wanted // 2):
        slot = _any_slot(dice)
        month = slot // (28 * SLOTS_A_DAY) * 28 * SLOTS_A_DAY
        if not one.busy[slot] and sum(one.busy[month : month + 28 * SLOTS_A_DAY]) < 15:
            one.busy[slot] = 1
            yield Use(one.number, slot, 1, 1)


def _given_away(one: Thing, things: list[Thing], dice: Random) -> Iterator[Use]:
    for _ in range(one.wanted):
        units = dice.randrange(1, 5)
        one.size += units
        yield Use(one.number, _any_slot(dice), 1, units)


_USES = {
    "exclusive": _one_at_a_time,
    "whole": _of_a_whole,
    "pooled": _of_a_pool,
    "seated": _of_sessions,
    "metered": _of_a_person,
    "giveaway": _given_away,
}
