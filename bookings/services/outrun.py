"""Who asked for the same and was not chosen: told in the commit that promises it to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bookings.facts import Ask, Taken
from bookings.models import Line
from bookings.spans import Span
from bookings.states import LineState
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent, Party

from .scene import Scene

UNANSWERED = (LineState.ASKED, LineState.HELD)


def tell_outrun(scene: Scene, line: Line, ask: Ask) -> None:
    """Log `booking.outrun` for each request that fitted beside everything before `line` took what `ask` says, and
    does not now. It stays asked, next in line; nothing of it moves. One statement."""
    before = [one for one in scene.taken(ask.locked, apart_from=line.pk) if one.line != line.pk]
    after = [*before, *(demand.as_taken() for demand in ask.demands)]
    for rival in _rivals(line, ask):
        if _fits(rival, ask, before) and not _fits(rival, ask, after):
            scene.log(_outrun(rival, scene))


def _rivals(line: Line, ask: Ask) -> Sequence[Line]:
    turnover = timedelta(minutes=ask.resource.turnover_minutes)
    return list(
        Line.objects.visible_to(SYSTEM)
        .filter(
            resource=ask.resource.id,
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


def _fits(rival: Line, ask: Ask, taken: Sequence[Taken]) -> bool:
    """Beside what is taken by others; what it holds itself does not count against it."""
    others = [one for one in taken if one.line != rival.pk]
    use = Span(rival.use_starts_at, rival.use_ends_at)
    return ask.resource.units_left(use, others) >= rival.units


def _outrun(rival: Line, scene: Scene) -> NewEvent:
    booking = rival.booking
    parties = []
    if booking.borrower_id is not None:
        parties.append(Party("borrower", institution=booking.borrower_id))
    if booking.person_id is not None:
        parties.append(Party("asker", person=booking.person_id))
    return NewEvent(
        verb="booking.outrun",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=tuple(parties),
        data={
            "state": booking.state,
            "lines": [{"line": str(rival.uid), "resource": rival.shown.get("uid")}],
        },
        actor=scene.by.person if scene.by else None,
        acting_for=scene.by.acting_for if scene.by else None,
    )
