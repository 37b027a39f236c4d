"""The asking side, as the rules need it."""

from __future__ import annotations

from datetime import datetime

from bookings.models import Line
from bookings.states import LineState
from cooperative.access.queries import viewer_of
from cooperative.access.querysets import SYSTEM
from cooperative.access.standing import House, Standing
from cooperative.access.viewer import Viewer
from cooperative.models import Institution


def institution_viewer(institution: int, *, now: datetime) -> Viewer:
    """What an institution itself may see and ask at `now`, whoever of its people asks."""
    row = Institution.objects.get(pk=institution)
    house = House(
        id=row.pk,
        uid=row.uid,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        state=row.state,
        time_zone=row.time_zone,
        role="staff",
    )
    return viewer_of(person=None, standing=Standing(houses=(house,)), acting_for=row.pk, now=now)


def asks_after(line: Line) -> tuple[str, str]:
    """(house, phone) for who asked and got no answer in time: of the house, else of who is there on the day."""
    house = line.lender
    return str(house), house.contact_phone or house.day_contact_phone


def open_holds_locked(institution: int, *, now: datetime) -> int:
    """As `open_holds`. The institution's row is locked to the end of the transaction, so that two requests at once
    do not both take the last place."""
    Institution.objects.select_for_update(no_key=True).values_list("pk").get(pk=institution)
    return open_holds(institution, now=now)


def open_holds(institution: int, *, now: datetime) -> int:
    """How many things are kept for an institution."""
    return (
        Line.objects.visible_to(SYSTEM)
        .filter(booking__borrower=institution, state=LineState.HELD, expires_at__gt=now)
        .count()
    )
