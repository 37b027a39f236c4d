"""Told by phone: a keeper ticks whom they called about what came in the way, and unticks a slip."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Line
from bookings.states import LineState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.events.services import NewEvent, Party, record


def told_by_phone(*, by: Viewer, line: UUID, told: bool = True) -> Line:
    """Write down that the other side was called (or not after all) about what came in the way of a line.

    Whoever is ticked before their mail went out gets none. Again is harmless. Raises `NotFound`, `Forbidden`,
    `Conflict` where nothing came in its way.
    """
    seen = Line.objects.visible_to(by).filter(uid=line).values_list("pk", "booking_id").first()
    if seen is None:
        raise NotFound
    with transaction.atomic():
        # In the order of a commit: the booking first.
        Booking.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=seen[1])
        found = Line.objects.visible_to(SYSTEM).select_related("booking").get(pk=seen[0])
        if not by.may("keeper", found.lender_id):
            raise Forbidden
        if not may_be_told(found):
            raise Conflict(_("Nothing came in the way of it."))
        if told != was_called(found):
            found.told_at = by.now if told else None
            found.told_by_id = by.person if told else None
            Line.objects.visible_to(SYSTEM).filter(pk=found.pk).update(
                told_at=found.told_at, told_by=found.told_by_id
            )
            record([_event(found, "told" if told else "untold", by)], now=by.now)
    return found


def may_be_told(line: Line) -> bool:
    """Whether something came in its way that the other side has to hear of: it has no time any more, or gets fewer."""
    if line.hit_at is not None or line.short_units is not None:
        return True
    return line.state in {LineState.TO_SETTLE, LineState.CANCELLED}


def gets_fewer(line: Line) -> bool:
    """Whether it goes on with fewer units than were agreed, or begins soon while some are not back."""
    shrunk = line.hit_units is not None and line.units < line.hit_units
    return line.state == LineState.CONFIRMED and (shrunk or line.short_units is not None)


def was_called(line: Line) -> bool:
    """Whether the other side was called about what is in the way now, not only about an earlier thing."""
    since = line.hit_at or line.state_since
    return line.told_at is not None and line.told_at >= since


def _event(line: Line, verb: str, by: Viewer) -> NewEvent:
    return NewEvent(
        f"booking.{verb}",
        "booking",
        line.booking.uid,
        parties=(Party("lender", institution=line.lender_id),),
        data={"lines": [{"line": str(line.uid)}]},
        actor=by.person,
        acting_for=by.acting_for,
    )
