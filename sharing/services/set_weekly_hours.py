"""When a house, or one resource of it, is open in an ordinary week."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.text import Fields
from sharing.models import WeeklyHours
from sharing.wishes import HoursWish

from .hours_place import place_of, tell_place
from .listing import changed, tell

_CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)


@transaction.atomic
def set_weekly_hours(
    *, by: Viewer, institution: int, resource: UUID | None = None, hours: Sequence[HoursWish]
) -> list[WeeklyHours]:
    """Replace the weekly hours of the house (`resource` None) or of one resource, which then has its own.

    Overlapping rows of one weekday are refused. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    fields = Fields()
    house, listing = place_of(by=by, institution=institution, resource=resource)
    rows = clean_hours(hours, fields)
    fields.check()
    WeeklyHours.objects.filter(institution=house, resource=listing).delete()
    stored = WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=house, resource=listing, **row) for row in rows
    )
    if listing is not None:
        listing.hours_source = "own"
        changed(listing, "hours_source")
        tell(by=by, listing=listing, verb="edit", data={"fields": ["hours"]})
    else:
        tell_place(by=by, house=house, listing=None, verb="hours")
    return stored


def clean_hours(hours: Sequence[HoursWish], fields: Fields) -> list[dict[str, Any]]:
    """Rows for `WeeklyHours`, in order; what is wrong is said in `fields` under `hours.<index>.`."""
    rows: list[dict[str, Any]] = []
    for index, wish in enumerate(hours):
        row = Fields(f"hours.{index}.")
        if wish.weekday not in range(7):
            row.wrong("weekday", _("Please choose a day of the week."))
        opens = _minute(wish.opens, "opens", row)
        closes = _minute(wish.closes, "closes", row)
        if not row.errors and closes <= opens:
            row.wrong(
                "closes",
                _("It closes before it opens. Up to midnight is 24:00; past it, add a row."),
            )
        if wish.valid_from and wish.valid_until and wish.valid_until <= wish.valid_from:
            row.wrong("valid_until", _("This ends before it starts."))
        fields.take(row)
        rows.append(
            {
                "weekday": wish.weekday,
                "opens_minute": opens,
                "closes_minute": closes,
                "valid_from": wish.valid_from,
                "valid_until": wish.valid_until,
            }
        )
    if len(rows) > 200:
        fields.wrong("hours", _("At most 200 rows fit here."))
    elif not fields.errors:
        _refuse_overlaps(rows, fields)
    return sorted(rows, key=lambda row: (row["weekday"], row["opens_minute"]))


def _minute(text: str, name: str, fields: Fields) -> int:
    found = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    minute = int(found[1]) * 60 + int(found[2]) if found else 9_999
    if minute > 1_440:
        fields.wrong(name, _("Please enter a time such as 09:00 or 24:00."))
        return 0
    return minute


def _refuse_overlaps(rows: Sequence[dict[str, Any]], fields: Fields) -> None:
    for index, row in enumerate(rows):
        for earlier in rows[:index]:
            if (
                earlier["weekday"] == row["weekday"]
                and earlier["opens_minute"] < row["closes_minute"]
                and row["opens_minute"] < earlier["closes_minute"]
                and _both_valid(earlier, row)
            ):
                fields.wrong(
                    f"hours.{index}.opens", _("These hours overlap with others of that day.")
                )


def _both_valid(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether there is a day on which both rows hold."""
    starts: list[date] = [
        row["valid_from"] for row in (one, other) if row["valid_from"] is not None
    ]
    ends: list[date] = [
        row["valid_until"] for row in (one, other) if row["valid_until"] is not None
    ]
    return not starts or not ends or max(starts) < min(ends)
