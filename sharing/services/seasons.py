"""The week of a house or of one thing, ordinarily and in seasons: rows of weekly hours, split by days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid, NotFound
from cooperative.text import Fields
from sharing.models import WeeklyHours
from sharing.queries.hours import clock_face, weekly_rows
from sharing.seasons import Season, Times, rows_of, seasons, with_ordinary, with_season
from sharing.wishes import HoursWish

from .hours_place import place_of
from .set_weekly_hours import clean_hours, set_weekly_hours


@transaction.atomic
def set_ordinary_week(
    *, by: Viewer, institution: int, resource: UUID | None = None, hours: Sequence[HoursWish]
) -> list[WeeklyHours]:
    """Replace the week that holds outside seasons; days said in `hours` are not read.

    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    fields = Fields()
    week = _week(hours, fields)
    fields.check()
    found = _found(by, institution, resource)
    return _store(by, institution, resource, with_ordinary(found, week))


@transaction.atomic
def set_season(
    *,
    by: Viewer,
    institution: int,
    resource: UUID | None = None,
    from_on: date,
    until_on: date | None,
    hours: Sequence[HoursWish],
    instead_of: date | None = None,
) -> list[WeeklyHours]:
    """Let another week hold from `from_on` until `until_on` (exclusive; None = from then on).

    It stands in place of whatever held on these days; the season that began on `instead_of`, if any, is gone.
    Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    fields = Fields()
    week = _week(hours, fields)
    if not 2000 <= from_on.year < 2200 or (until_on is not None and until_on.year > 2200):
        fields.wrong("from_on", _("Please choose days between 2000 and 2199."))
    if until_on is not None and until_on <= from_on:
        fields.wrong("until_on", _("This ends before it starts."))
    if not hours:
        fields.wrong("hours", _("Say when it is open. Closed all the time is days off."))
    fields.check()
    found = _found(by, institution, resource)
    if found == seasons([]):
        # Else it would be closed on all other days, where it is open at any time now.
        raise Invalid({"hours": _("Please save the ordinary week first.")})
    if instead_of is not None:
        found = _without(found, instead_of) or found
    return _store(
        by,
        institution,
        resource,
        with_season(found, Season(from_on, until_on, tuple(sorted(week)))),
    )


@transaction.atomic
def remove_season(
    *, by: Viewer, institution: int, resource: UUID | None = None, from_on: date | None
) -> list[WeeklyHours]:
    """Let the ordinary week hold on the days of the season that begins on `from_on` (None = the one without a begin).

    Raises `NotFound`, `Forbidden`.
    """
    found = _without(_found(by, institution, resource), from_on)
    if not found:
        raise NotFound
    return _store(by, institution, resource, found)


def _without(found: Sequence[Season], from_on: date | None) -> tuple[Season, ...]:
    """With the ordinary week on the days of the season that begins on `from_on`; empty where there is no such."""
    season = next((one for one in found[:-1] if one.from_on == from_on), None)
    if season is None:
        return ()
    return with_season(found, Season(season.from_on, season.until_on, found[-1].week))


def _found(by: Viewer, institution: int, resource: UUID | None) -> tuple[Season, ...]:
    """What holds now: of a thing that follows its house, the house's."""
    house, listing = place_of(by=by, institution=institution, resource=resource)
    own = listing is not None and listing.hours_source == "own"
    return seasons(
        weekly_rows(institution=house.pk, resource=listing.pk if listing and own else None)
    )


def _week(hours: Sequence[HoursWish], fields: Fields) -> list[Times]:
    wishes = [HoursWish(one.weekday, one.opens, one.closes) for one in hours]
    return [
        (row["weekday"], row["opens_minute"], row["closes_minute"])
        for row in clean_hours(wishes, fields)
    ]


def _store(
    by: Viewer, institution: int, resource: UUID | None, found: Sequence[Season]
) -> list[WeeklyHours]:
    wishes = [
        HoursWish(
            row.times[0],
            clock_face(row.times[1]),
            clock_face(row.times[2]),
            row.valid_from,
            row.valid_until,
        )
        for row in rows_of(found)
    ]
    return set_weekly_hours(by=by, institution=institution, resource=resource, hours=wishes)
