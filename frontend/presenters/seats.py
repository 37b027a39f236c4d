"""Who comes on the places of a booking, as both sides fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Booking, Line, Seat
from bookings.permissions import may_name_people
from bookings.queries.seats import tag_of_seats
from bookings.services.seats import GIVES_BACK, SAID
from bookings.states import FIRM, LIVE
from cooperative.access.viewer import Viewer
from frontend.forms.dates import MOST_SEATS, SeatRows

MOST_IN_FOLD = 40
"""More places than that have a page of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFields:
    """One place with its fields; `drop_url` gives it back."""

    number: int
    form: Any
    drop_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatList:
    """The places of one line. `rows` can be filled in, `names` only be read."""

    title: str
    url: str
    seen: str
    rows: Any
    fields: tuple[SeatFields, ...]
    names: tuple[str, ...]
    erased: bool
    too_many: bool


def seat_list(
    line: Line,
    booking: Booking,
    seats: Sequence[Seat],
    viewer: Viewer,
    *,
    rows: Any = None,
    whole: bool = False,
) -> SeatList | None:
    """None for what has no places, or comes to nothing. `rows` are those that were sent; `whole` = its own page."""
    if line.session_id is None or not seats or line.state not in LIVE | FIRM:
        return None
    erased = any(seat.erased_at is not None for seat in seats)
    writes = may_name_people(line, booking, viewer) and not erased
    too_many = len(seats) > (MOST_SEATS if whole else MOST_IN_FOLD)
    if rows is None and writes and not too_many:
        rows = SeatRows(prefix="seats", initial=[_initial(seat) for seat in seats])
    gives = line.state in GIVES_BACK and len(seats) > 1
    named = sum(bool(seat.name) for seat in seats)
    return SeatList(
        title=ngettext(
            "Who comes: %(named)s of %(all)s name", "Who comes: %(named)s of %(all)s names", named
        )
        % {"named": named, "all": len(seats)}
        if not erased
        else _("Who came"),
        url=reverse("frontend:line-seats", args=[line.uid]),
        seen=tag_of_seats(seats),
        rows=rows,
        fields=tuple(
            SeatFields(
                number=number,
                form=form,
                drop_url=reverse("frontend:seat-drop", args=[seat.uid]) if gives else "",
            )
            for number, (form, seat) in enumerate(zip(rows or (), seats, strict=False), start=1)
        ),
        names=() if writes else tuple(seat.name for seat in seats if seat.name),
        erased=erased,
        too_many=too_many and writes,
    )


def _initial(seat: Seat) -> dict[str, Any]:
    return {"position": seat.position, **{name: getattr(seat, name) for name in SAID}}
