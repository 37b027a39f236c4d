"""Dates with places: what calls carry, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from bookings.queries.dates import Dated, MonthLeft
from bookings.wishes import MOST_UNITS
from cooperative.api.acting import InstitutionQuery
from cooperative.api.fields import Body, Instant, Text, Whole, YesNo

from .bodies import optional_text
from .shown import instant


class SessionsQuery(InstitutionQuery):
    """Which dates are listed; those to come where nothing is said."""

    starts_at = Instant(
        required=False, help_text="Only dates that end after this; now if left out."
    )
    ends_at = Instant(required=False, help_text="Only dates that end before this.")


class EditSessionBody(Body):
    """What is to change of a date; what is left out stays. Its time only while nobody has a place."""

    starts_at = Instant(required=False)
    ends_at = Instant(required=False)
    units = Whole(
        min_value=1,
        max_value=MOST_UNITS,
        required=False,
        help_text="All its places; not fewer than are promised.",
    )
    title = Text(max_length=200, allow_blank=True, required=False)
    note = Text(max_length=5_000, allow_blank=True, required=False)

    class Meta:
        ref_name = "EditSession"


class SessionBody(EditSessionBody):
    """A new date."""

    starts_at = Instant()
    ends_at = Instant(help_text="Exclusive; 5 minutes to 366 days after the start.")
    units = Whole(
        min_value=1,
        max_value=MOST_UNITS,
        required=False,
        help_text="Its places; as many as the resource says if left out.",
    )
    title = optional_text(200)
    note = optional_text(5_000)

    class Meta:
        ref_name = "NewSession"


class CancelSessionBody(Body):
    """How a date is cancelled."""

    confirmed = YesNo(
        required=False,
        default=False,
        help_text="Also where people have places: their bookings are *to settle* then, and they are told. "
        "Who only asked for places is declined.",
    )
    reason = optional_text(5_000, help_text="Why: all of them read it.")

    class Meta:
        ref_name = "CancelSession"


def session_brief(one: Dated) -> dict[str, Any]:
    session = one.session
    return {
        "id": session.uid,
        "starts_at": instant(session.starts_at, session.zone),
        "ends_at": instant(session.ends_at, session.zone),
        "units": one.units,
        "free_units": one.left,
        "title": session.title,
    }


def session_shown(one: Dated, resource: UUID) -> dict[str, Any]:
    session = one.session
    return {
        **session_brief(one),
        "resource": resource,
        "note": session.note,
        "zone": session.zone,
        "cancelled_at": instant(session.cancelled_at, session.zone),
    }


def months_shown(months: Iterable[MonthLeft]) -> list[dict[str, Any]]:
    return [
        {"month": f"{one.month:%Y-%m}", "minutes": one.minutes, "minutes_left": one.left}
        for one in months
    ]
