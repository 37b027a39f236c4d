"""A mistake taken back within the hour: who gave way has it again, as far as nobody else got it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bookings.facts.ask import Ask
from bookings.facts.demands import Demand
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, Line, SeatedSession
from bookings.queries.facts import facts_by_id
from bookings.rules import judge
from bookings.spans import Span, enclosing
from bookings.states import HITTABLE, LineState
from cooperative.access.querysets import SYSTEM

from .claim_changes import claimed
from .judging.asks import days_around
from .judging.until import accepted_until, hold_until
from .scene import Scene
from .telling import units_event

TAKEN_BACK_WITHIN = timedelta(hours=1)
_ORDER = [LineState.CONFIRMED, LineState.ACCEPTED, LineState.HELD, LineState.ASKED]
"""Who had more has it again first; who only asked, of a date that was cancelled, asks again."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`restored` are what they were before; `left` stay to be settled, or smaller: somebody else got the time."""

    restored: tuple[Line, ...] = ()
    left: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Struck:
    """Who gave way to a mistake within the hour, with the facts of their things by id."""

    lines: tuple[Line, ...]
    facts: Mapping[int, ResourceFacts]

    @property
    def capacities(self) -> set[int]:
        return {
            number
            for line in self.lines
            for number in (
                *self.facts[line.resource_id].locked_for(()),
                *(one.share.capacity for one in _demands(self.facts[line.resource_id], line)),
            )
            if number
        }

    @property
    def bookings(self) -> set[int]:
        return {line.booking_id for line in self.lines}

    def hull(self, span: Span) -> Span:
        """`span`, and all that the lines claimed."""
        spans = [span, *(claimed(line) for line in self.lines)]
        return enclosing(spans)


def struck_by(
    *, now: datetime, block: Block | None = None, session: SeatedSession | None = None
) -> Struck:
    """Read before the locks: who gave way to a block or to the cancelling of a date not longer than an hour ago."""
    rows = Line.objects.visible_to(SYSTEM).filter(
        hit_at__gt=now - TAKEN_BACK_WITHIN, use_ends_at__gt=now
    )
    rows = rows.filter(hit_by=block) if block is not None else rows.filter(hit_session=session)
    lines = tuple(line for line in rows.order_by("pk") if _still_hit(line))
    return Struck(lines, facts_of_struck(lines, now=now))


def facts_of_struck(lines: Sequence[Line], *, now: datetime) -> dict[int, ResourceFacts]:
    if not lines:
        return {}
    uses = [Span(line.use_starts_at, line.use_ends_at) for line in lines]
    since, until = days_around([*uses, Span(now, now + timedelta(days=30))])
    return facts_by_id({line.resource_id for line in lines}, since=since, until=until)


def restore(scene: Scene, lines: Iterable[Line], facts: Mapping[int, ResourceFacts]) -> TakenBack:
    """Give lines back what a mistake took, who was first first. What took it is gone from the scene already."""
    locked = [scene.lines[line.pk] for line in lines if line.pk in scene.lines]
    hit = sorted(
        (line for line in locked if _still_hit(line)),
        key=lambda line: (_ORDER.index(LineState(line.hit_from)), line.pk),
    )
    restored: list[Line] = []
    for line in hit:
        if line.hit_from == LineState.ASKED:
            _ask_again(scene, line)
            restored.append(line)
            continue
        ask = _ask(scene, line, facts[line.resource_id])
        if not ask.demands or judge(ask, "extend"):
            continue
        if _put_back(scene, line, ask):
            restored.append(line)
    return TakenBack(tuple(restored), tuple(line for line in hit if line not in restored))


def forget_hit(line: Line) -> None:
    """What is agreed anew is no mistake's any more."""
    line.hit_by = line.hit_session = line.hit_at = line.hit_units = None
    line.hit_from = ""


def _still_hit(line: Line) -> bool:
    if line.hit_from not in _ORDER:
        return False
    if line.hit_from == LineState.ASKED:
        return line.state == LineState.DECLINED
    if line.hit_units is None:
        return line.state == LineState.TO_SETTLE
    return line.state in HITTABLE and line.units < line.hit_units


def _demands(resource: ResourceFacts, line: Line) -> tuple[Demand, ...]:
    own = replace(resource, turnover_minutes=line.turnover_minutes)
    use = Span(line.use_starts_at, line.use_ends_at)
    return own.demands(use, line.hit_units or line.units)


def _ask(scene: Scene, line: Line, facts: ResourceFacts) -> Ask:
    use = Span(line.use_starts_at, line.use_ends_at)
    resource = replace(scene.as_locked(facts), turnover_minutes=line.turnover_minutes)
    bare = Ask(
        resource=resource,
        terms=None,
        use=use,
        event=Span(line.event_starts_at, line.event_ends_at),
        units=line.hit_units or line.units,
        borrower=line.booking.borrower_id,
        borrower_state="active",
        now=scene.now,
        was=use,
    )
    capacities = {one.share.capacity for one in bare.demands}
    taken = scene.taken(
        capacities,
        apart_from=line.pk,
        apart_from_offers={offer.pk for offer in scene.offers.open_of(line)},
    )
    return replace(bare, taken=taken)


def _ask_again(scene: Scene, line: Line) -> None:
    """With what came along. On the waiting list it has the place that it had."""
    came_along = [one for one in scene.brought_by(line) if one.state_since == line.hit_at]
    for one in (line, *came_along):
        if one.state == LineState.DECLINED:
            one.decided_at = one.decided_by_id = None
            scene.move(one, "reopen", LineState.ASKED)
            one.waiting = one.waiting_since is not None
    forget_hit(line)


def _put_back(scene: Scene, line: Line, ask: Ask) -> bool:
    """Whether it could be: what was only kept for somebody is kept anew, if there is time left for that."""
    if line.hit_units is not None:
        before, until = line.units, line.expires_at
        line.units = line.hit_units
        scene.release(line)
        scene.claim(line, ask.demands, until)
        line.expires_at = until
        scene.end_offers_of(line)
        scene.touch(line)
        scene.log(units_event(line, "restore", before, by=scene.by))
        forget_hit(line)
        return True
    state = LineState(line.hit_from)
    until = _until(line, state, ask, now=scene.now)
    if until is not None and until <= scene.now:
        return False
    scene.claim(line, ask.demands, until)
    line.expires_at = until
    scene.move(line, "restore", state)
    forget_hit(line)
    return True


def _until(line: Line, state: LineState, ask: Ask, *, now: datetime) -> datetime | None:
    if state == LineState.HELD:
        return hold_until(ask.resource, ask.use, now=now)
    if state == LineState.ACCEPTED:
        since = line.decided_at or now
        return accepted_until(ask.resource, ask.use, now=now, since=since)
    return None
