"""Two doors of the transition table opened at the same instant: who goes through which, and what may come of it.

`ends` plays both orders by the table alone, one after the other; whatever a race told and stored must be one of them.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations_with_replacement
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import Model

from bookings.errors import BookingRefused
from bookings.models import Block, Line, Offer
from bookings.services.actions import act
from bookings.services.blocks import add_block, remove_block
from bookings.services.clockwork import ClockPlan
from bookings.services.commit import TidyPlan, commit
from bookings.services.drafts import send
from bookings.services.offers import accept_offer, propose
from bookings.services.scene import KEEPS_OFFERS
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, LineState, Who
from bookings.wishes import LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict
from cooperative.identifiers import new_uid
from sharing.models import Resource, SharingTerms
from tests.bookings.grid import MUTUAL
from tests.bookings.scenery import OVER, Way, stand, way_to
from tests.bookings.stage import NOW, Side, fresh, make_side, make_thing
from tests.databases import ROOT
from tests.factories import make_moderator

T = TypeVar("T")
M = TypeVar("M", bound=Model)
MANY = 50
RUNS_OUT = NOW + timedelta(seconds=1)
PATIENCE = 300
"""Seconds after which a race that does not end is a failure."""


@dataclass(frozen=True)
class Door:
    """An action as one side takes it. `way` tells ways of the clock apart."""

    action: str
    who: Who
    way: str = ""

    def __str__(self) -> str:
        return f"{self.action} by {self.way or self.who.value}"


@dataclass(frozen=True)
class Scenario:
    """A state, with how the line came there."""

    state: LineState
    way: Way
    said: frozenset[Who] = frozenset()
    """Who has said yes already to what takes both."""
    proposed: str = ""
    """The action by which a proposal for the line is taken."""
    mistaken: bool = False
    """It was hit a moment ago, by a block that should not be there."""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.state.value}{self.name}"


@dataclass
class Setting:
    """One race: the line as both have read it; what is proposed for it, or has hit it, where it is about that."""

    line: Line
    thing: Resource
    offer: Offer | None = None
    block: Block | None = None

    @property
    def moved(self) -> int:
        """How often the line had moved before the race, as the log tells it."""
        return 0 if self.block is None else 1


# --- the doors --------------------------------------------------------------------------------------
Told = tuple[str, str]
"""`("done", state)`, `("conflict", "")`; of the clock `("", "")`: the log says what it did."""
System = Callable[["Arena", Setting], object]


def _clock(action: str) -> System:
    target = TRANSITIONS[action].targets[0]

    def run(arena: Arena, setting: Setting) -> object:
        state = LineState(setting.line.state)
        plan = ClockPlan(setting.line, action, frozenset({state}), target)
        return commit(plan, now=NOW)

    return run


def _tidy(arena: Arena, setting: Setting) -> object:
    capacity = setting.thing.capacities.values_list("pk", flat=True).get()
    return commit(TidyPlan([capacity], RUNS_OUT), now=RUNS_OUT)


def _block(arena: Arena, setting: Setting) -> Block:
    line = setting.line
    return add_block(
        by=arena.lender.viewer,
        resource=setting.thing.uid,
        starts_at=line.use_starts_at,
        ends_at=line.use_ends_at,
        hit=(),
    )


def _longer(arena: Arena, setting: Setting) -> object:
    assert setting.offer is not None
    return accept_offer(by=arena.lender.viewer, offer=setting.offer.uid)


def _found_again(arena: Arena, setting: Setting) -> object:
    assert setting.block is not None
    return remove_block(by=arena.lender.viewer, block=setting.block.uid)


def _last_yes(arena: Arena, setting: Setting) -> object:
    other = Line.objects.visible_to(SYSTEM).exclude(pk=setting.line.pk)
    last = other.get(booking=setting.line.booking_id)
    return act(by=arena.third.viewer, line=last.uid, action="approve")


BY_ITSELF: dict[str, dict[str, System]] = {
    "complete": {"the last yes": _last_yes},
    "run_out": {"the clock": _tidy},
    "expire": {"the clock": _clock("expire")},
    "hit": {"the clock": _clock("hit"), "a block": _block},
    "restore": {"a mistake taken back": _found_again},
    "extend": {"a yes to longer": _longer},
    "overdue": {"the clock": _clock("overdue")},
    "finish": {"the clock": _clock("finish")},
    "close": {"the clock": _clock("close")},
}
"""How what the table leaves to the clock and to incidents comes about."""
TAKES_WHAT_IT_FINDS = frozenset({"a block", "the last yes", "a mistake taken back"})
"""The clock moves a line only from the state that it has read; these from any that the table allows."""
TAKES_AN_OFFER = frozenset({"accept", "extend"})
"""What is done by taking a proposal, once."""


def doors_from(state: LineState) -> list[Door]:
    """Every action that the table allows from `state`, once for each side that may take it."""
    return [
        door
        for row in TRANSITIONS.values()
        if state in row.sources
        for who in row.who
        for door in _doors(row.action, who)
    ]


def _doors(action: str, who: Who) -> list[Door]:
    if who == Who.BOTH:
        return [Door(action, Who.BORROWER), Door(action, Who.KEEPER)]
    if who != Who.SYSTEM:
        return [Door(action, who)]
    if action not in BY_ITSELF and _is_carried_out(action):
        pytest.fail(f"Nobody said how “{action}” comes about by itself: add it to BY_ITSELF.")
    return [Door(action, who, way) for way in BY_ITSELF.get(action, ())]


def _is_carried_out(action: str) -> bool:
    """A row may stand in the table before any service moves a line by it."""
    services = (ROOT / "bookings" / "services").rglob("*.py")
    return any(f'"{action}"' in path.read_text() for path in services)


def pairs_from(state: LineState) -> list[tuple[Door, Door]]:
    return list(combinations_with_replacement(doors_from(state), 2))


def scenarios(state: LineState, one: Door, other: Door) -> list[Scenario]:
    """How the line comes to the state; in more than one way where it makes a difference to these two."""
    actions = {one.action, other.action}
    way = way_to(state)
    if "expires_at" in way.fields:
        way = replace(way, fields={**way.fields, "expires_at": RUNS_OUT})
    if "finish" in actions:
        way = replace(way, starts_at=OVER)
    usual = Scenario(
        state,
        way,
        proposed="".join(actions & TAKES_AN_OFFER),
        mistaken="restore" in actions,
    )
    found = [usual]
    if "approve" in actions:
        way = replace(way, waits_for_another=True)
        found.append(replace(usual, way=way, name=", one of two"))
    if actions & MUTUAL:
        said = frozenset({Who.BORROWER})
        found.append(replace(usual, said=said, name=", the borrower said yes"))
    return found


# --- what may come of it ------------------------------------------------------------------------------
Moved = tuple[str, str, str]
"""Action, from, to: as the log tells it."""


@dataclass(frozen=True)
class End:
    state: str
    moves: tuple[Moved, ...]
    told: tuple[Told, Told]


@dataclass(frozen=True)
class _Sofar:
    state: LineState
    said: frozenset[Who]
    offer: str = "open"
    blocked: bool = False
    mistaken: bool = False
    complained: Who | None = None
    """Which side said first that something was wrong."""
    moves: tuple[Moved, ...] = ()
    told: dict[int, Told] = field(default_factory=dict)


def ends(scenario: Scenario, one: Door, other: Door) -> set[End]:
    """Everything that may come of both, one after the other, in either order."""
    found = set()
    for order in (((0, one), (1, other)), ((1, other), (0, one))):
        mistaken = scenario.mistaken
        runs = [_Sofar(scenario.state, scenario.said, blocked=mistaken, mistaken=mistaken)]
        for number, door in order:
            runs = [after for run in runs for after in _step(run, number, door, scenario.state)]
        found |= {End(run.state, run.moves, (run.told[0], run.told[1])) for run in runs}
    return found


def _step(run: _Sofar, number: int, door: Door, read: LineState) -> Iterator[_Sofar]:
    row = TRANSITIONS[door.action]
    alone = door.who == Who.SYSTEM
    sources = {read} if alone and door.way not in TAKES_WHAT_IT_FINDS else row.sources

    def after(state: LineState, said: str = "done", moved: str = "") -> _Sofar:
        moves = ((moved, run.state.value, state.value),) if moved else ()
        told = ("", "") if alone else (said, state.value if said == "done" else "")
        offer = "over" if moved and moved not in KEEPS_OFFERS else run.offer
        return replace(
            run,
            state=state,
            offer=offer,
            moves=(*run.moves, *moves),
            told={**run.told, number: told},
        )

    if door.action in TAKES_AN_OFFER and run.offer != "open":
        yield after(run.state, "done" if run.offer == "taken" else "conflict")
    elif door.action in TAKES_AN_OFFER and run.blocked and not run.mistaken:
        yield after(run.state, "conflict")  # what is proposed reaches into the block
    elif door.action in TAKES_AN_OFFER and run.state == LineState.TO_SETTLE:
        yield replace(after(LineState.CONFIRMED, moved="settle"), offer="taken")
    elif run.state in sources:
        other = Who.KEEPER if door.who == Who.BORROWER else Who.BORROWER
        if door.action in MUTUAL and door.who != Who.MODERATOR and other not in run.said:
            yield replace(after(run.state), said=run.said | {door.who})
            return
        if door.action == "settle" and run.blocked:
            yield after(run.state, "conflict")
            return
        for target in row.targets:
            blocked = door.way == "a block"
            moved = replace(after(target, moved=door.action), blocked=blocked)
            if door.action == "complain":
                moved = replace(moved, complained=door.who)
            yield replace(moved, offer="taken") if door.action in TAKES_AN_OFFER else moved
    elif door.action == "complain" and run.complained not in {None, door.who}:
        yield after(run.state, "conflict")  # the other side was first: it is answered
    elif alone or run.state in row.targets:
        yield after(run.state)
    else:
        yield after(run.state, "conflict")


def _another(row: M, **fields: object) -> M:
    """As it is, but for `fields`, to be stored beside it."""
    made = copy(row)
    made._state.adding = True
    for name, value in {"pk": None, "uid": new_uid(), **fields}.items():
        setattr(made, name, value)
    return made


# --- where they meet ----------------------------------------------------------------------------------
class Arena:
    """Two houses with two people for each side, moderators, and two threads with a connection each."""

    def __init__(self) -> None:
        self.borrower, self.lender, self.third = (
            make_side("Borrower", role="staff"),
            make_side("Lender"),
            make_side("Third"),
        )
        self.people: dict[Who, tuple[Viewer, Viewer]] = {
            Who.BORROWER: self._two(self.borrower, "staff"),
            Who.KEEPER: self._two(self.lender, "keeper"),
            Who.MODERATOR: (self._moderator(), self._moderator()),
        }
        self._things: defaultdict[int, list[Resource]] = defaultdict(list)
        self._start = threading.Barrier(2)
        self._threads = ThreadPoolExecutor(2)

    @staticmethod
    def _two(side: Side, role: str) -> tuple[Viewer, Viewer]:
        return side.viewer, make_side(role=role, house=side.house).viewer

    @staticmethod
    def _moderator() -> Viewer:
        return viewer_for(person=make_moderator(), acting_for=None, now=NOW)

    def setting(self, scenario: Scenario) -> Setting:
        """A thing and a line of their own for one race."""
        thing = self._thing(self.lender)
        another = self._thing(self.third) if scenario.way.waits_for_another else None
        state = LineState.CONFIRMED if scenario.mistaken else scenario.state
        made = stand(state, thing, self.borrower.house, another=another, way=scenario.way)
        block = _block(self, Setting(made, thing)) if scenario.mistaken else None
        for action in MUTUAL:
            for who in scenario.said if scenario.state in TRANSITIONS[action].sources else ():
                act(by=self.people[who][1], line=made.uid, action=action)
        line = fresh(made)
        offer = self._proposed(line, thing, scenario) if scenario.proposed else None
        return Setting(line, thing, offer, block)

    def _proposed(self, line: Line, thing: Resource, scenario: Scenario) -> Offer:
        """Another time, from the owner, one that overlaps unless that is blocked; or longer, from the borrower."""
        longer = scenario.proposed == "extend"
        by = self.people[Who.BORROWER if longer else Who.KEEPER][1]
        later = timedelta(days=1 if scenario.mistaken else 0, hours=1)
        hours = (timedelta(), timedelta(days=14)) if longer else (later, later)
        wish = LineWish(thing.uid, line.use_starts_at + hours[0], line.use_ends_at + hours[1])
        offer = propose(by=by, line=line.uid, wish=wish).offer
        assert offer is not None
        return offer

    def _thing(self, owner: Side) -> Resource:
        """A thing that nothing has happened to; they are made many at a time."""
        ready = self._things[owner.house.pk]
        if not ready:
            first = make_thing(owner, handover="simple")
            terms = SharingTerms.objects.get(resource=first)
            ready += [_another(first) for _ in range(MANY)]
            Resource.objects.bulk_create(ready)
            SharingTerms.objects.bulk_create(_another(terms, resource=one) for one in ready)
        return ready.pop()

    def race(self, setting: Setting, one: Door, other: Door) -> tuple[Told, Told]:
        """Both at once; what each was told. Any error but a refusal is raised."""
        return self.both(lambda: self._told(setting, one, 0), lambda: self._told(setting, other, 1))

    def both(self, one: Callable[[], T], other: Callable[[], T]) -> tuple[T, T]:
        """Run both from the same instant on, each on a connection of its own."""

        def run(work: Callable[[], T]) -> T:
            connection.ensure_connection()
            self._start.wait(PATIENCE)
            return work()

        runs = [self._threads.submit(run, work) for work in (one, other)]
        first, second = [run.result(PATIENCE) for run in runs]
        return first, second

    def _told(self, setting: Setting, door: Door, number: int) -> Told:
        try:
            return self._take(setting, door, number)
        except (Conflict, BookingRefused):
            return ("", "") if door.who == Who.SYSTEM else ("conflict", "")

    def _take(self, setting: Setting, door: Door, number: int) -> Told:
        line = setting.line
        if door.who == Who.SYSTEM:
            BY_ITSELF[door.action][door.way](self, setting)
            return "", ""
        by = self.people[door.who][number]
        if door.action == "accept":
            assert setting.offer is not None
            return "done", accept_offer(by=by, offer=setting.offer.uid).state
        if door.action == "send":
            sent = send(by=by, booking=line.booking.uid)
            return "done", ", ".join(one.state for one in sent.lines)
        if door.action not in PERSONAL_ACTIONS:
            pytest.fail(f"Nobody said how “{door.action}” is done: it is no action on a line.")
        return "done", act(by=by, line=line.uid, action=door.action, reason="Because.").state

    def hang_up(self) -> None:
        """Close both connections: what they counted is in the statistics then."""
        self.both(lambda: connection.close(), lambda: connection.close())  # noqa: PLW0108 - in its own thread

    def dismiss(self) -> None:
        self.hang_up()
        self._threads.shutdown()
