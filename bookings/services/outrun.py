"""Who asked for the same and was not chosen: told in the commit that promises it to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.models import Line
from bookings.queries.claims import live_claims
from bookings.queries.composition import things_on
from bookings.queries.facts import facts_by_id
from bookings.services.parties import parties_of
from bookings.spans import Span, enclosing
from bookings.states import UNANSWERED
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent

from .judging.asks import days_around
from .scene import Scene


def tell_outrun(scene: Scene, line: Line, ask: Ask) -> None:
    """Log `booking.outrun` for each request that fitted beside everything before `line` took what `ask` says, and
    does not now. It stays asked, next in line; nothing of it moves. One statement; two more where somebody asked for a
    part or a whole of it."""
    rivals = _rivals(line, ask)
    things = {ask.resource.id: ask.resource}
    before = [one for one in scene.taken(ask.locked, apart_from=line.pk) if one.line != line.pk]
    others = {rival.resource_id for rival in rivals} - things.keys()
    if others:
        uses = [Span(rival.use_starts_at, rival.use_ends_at) for rival in rivals]
        since, until = days_around(uses)
        things |= facts_by_id(others, since=since, until=until)
        besides = {one for thing in things.values() for one in thing.capacities} - ask.locked
        around = enclosing(uses)
        longest = max(thing.turnover for thing in things.values())
        rows = live_claims(besides, around.widen(after=longest), now=scene.now)
        before += [row.taken() for row in rows]
    after = [*before, *(demand.as_taken() for demand in ask.demands)]
    for rival in rivals:
        thing = things[rival.resource_id]
        if _fits(rival, thing, before) and not _fits(rival, thing, after):
            scene.log(_outrun(rival, scene))


def _rivals(line: Line, ask: Ask) -> Sequence[Line]:
    turnover = timedelta(minutes=ask.resource.turnover_minutes)
    return list(
        Line.objects.visible_to(SYSTEM)
        .filter(
            resource__in=things_on(ask.locked),
            state__in=UNANSWERED,
            waiting=False,
            wanted_minutes__isnull=True,
            use_starts_at__lt=ask.claimed.end,
            use_ends_at__gt=ask.use.start - turnover,
        )
        .exclude(booking=line.booking_id)
        .select_related("booking")
        .order_by("sent_at", "pk")
    )


def _fits(rival: Line, thing: ResourceFacts, taken: Sequence[Taken]) -> bool:
    """Beside what is taken by others; what it holds itself does not count against it."""
    others = [one for one in taken if one.line != rival.pk]
    use = Span(rival.use_starts_at, rival.use_ends_at)
    return thing.units_left(use, others) >= rival.units


def _outrun(rival: Line, scene: Scene) -> NewEvent:
    booking = rival.booking
    return NewEvent(
        verb="booking.outrun",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking),
        data={
            "state": booking.state,
            "lines": [{"line": str(rival.uid), "resource": rival.shown.get("uid")}],
        },
        actor=scene.by.person if scene.by else None,
        acting_for=scene.by.acting_for if scene.by else None,
    )
