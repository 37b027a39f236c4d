"""Where things stand in time: the owner's zone, and the holidays of its country and region."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from bookings.errors import UnknownResource
from bookings.recurrence import Repetition, years
from bookings.recurrence.wish import Holidays
from cooperative.access.viewer import Viewer
from sharing.models import Resource
from sharing.public_holidays import public_holidays
from sharing.queries.holidays import marked_days


class Place(NamedTuple):
    """`country` ISO 3166-1 alpha-2, `region` ISO 3166-2 or empty."""

    zone: ZoneInfo
    country: str
    region: str


def places_of(resources: Collection[UUID], *, by: Viewer) -> Mapping[UUID, Place]:
    """The places of resources by public id. Raises `UnknownResource` for what `by` may not see. One statement."""
    rows = Resource.objects.visible_to(by).filter(uid__in=resources)
    found = {
        uid: Place(ZoneInfo(zone), country, region)
        for uid, zone, country, region in rows.values_list(
            "uid", "time_zone", "owner__country", "owner__region"
        )
    }
    if set(resources) - found.keys():
        raise UnknownResource
    return found


def ids_of(resources: Collection[UUID], *, by: Viewer) -> dict[UUID, int]:
    """Database ids by public id. Raises `UnknownResource` for what `by` may not see. One statement."""
    seen = Resource.objects.visible_to(by).filter(uid__in=resources)
    found = dict(seen.values_list("uid", "pk"))
    if set(resources) - found.keys():
        raise UnknownResource
    return found


def holidays_for(repetition: Repetition, place: Place) -> Holidays:
    """What of the years of `repetition` is a holiday there, named in the reader's language.

    Public ones are those on which the country does not work. One statement where school holidays are skipped.
    """
    language = (get_language() or "")[:2]
    wanted = years(repetition)
    public: dict[date, str] = {}
    if repetition.skip_holidays:
        for year in wanted:
            public |= public_holidays(place.country, year, language=language)
    school: dict[date, str] = {}
    if repetition.skip_school_holidays and wanted:
        since, until = date(wanted[0], 1, 1), date(wanted[-1] + 1, 1, 1)
        for marked in marked_days(place.country, place.region, since, until, language):
            if marked.kind == "school":
                days = (marked.until_on - marked.from_on).days
                school |= {marked.from_on + timedelta(days=n): marked.name for n in range(days)}
    return Holidays(public, school)
