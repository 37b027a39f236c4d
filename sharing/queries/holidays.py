"""Public and school holidays, as pages mark them. Nothing is closed by them: what is closed is a day off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from django.db.models import Q

from sharing.models import SchoolHoliday
from sharing.public_holidays import holiday_names
from sharing.school_holidays import Break, by_law

from .texts import shipped

LONGEST_BREAK = timedelta(days=92)


class MarkedDays(NamedTuple):
    """Days with a name, from `from_on` until `until_on` (exclusive)."""

    from_on: date
    until_on: date
    name: str
    kind: Literal["public", "school"]

    def covers(self, day: date) -> bool:
        return self.from_on <= day < self.until_on


def marked_days(
    country: str, region: str, since: date, until: date, language: str
) -> list[MarkedDays]:
    """The holidays of a country (ISO 3166-1 alpha-2) and region (ISO 3166-2, may be empty) that touch `since` ..
    `until` (exclusive), named in `language` where they are; in order, public before school. One statement.

    School holidays are those imported, and those that law makes countable as far as none imported lies over them.
    """
    return sorted(
        [
            *public_marks(country, since, until, language),
            *_school_marks(country, region, since, until, language),
        ],
        key=lambda one: (one.from_on, one.kind, one.until_on),
    )


def public_marks(country: str, since: date, until: date, language: str) -> list[MarkedDays]:
    """The public holidays alone. No statement."""
    return [
        MarkedDays(day, day + timedelta(days=1), name, "public")
        for year in range(since.year, until.year + 1)
        for day, name in holiday_names(country, year, language=language).items()
        if since <= day < until
    ]


def _school_marks(
    country: str, region: str, since: date, until: date, language: str
) -> Iterable[MarkedDays]:
    # Read further than asked: an imported row also replaces what law says on days that it leaves out.
    imported = SchoolHoliday.objects.filter(
        Q(region="") | Q(region=region),
        country=country,
        from_on__lt=until + LONGEST_BREAK,
        until_on__gt=since - LONGEST_BREAK,
    )
    breaks = [Break(row.from_on, row.until_on, row.name) for row in imported]
    for year in range(since.year, until.year + 1):
        breaks += [
            one
            for one in by_law(country, year)
            if not any(row.from_on < one.until_on and one.from_on < row.until_on for row in breaks)
        ]
    return [
        MarkedDays(one.from_on, one.until_on, shipped(one.name, language), "school")
        for one in breaks
        if one.from_on < until and since < one.until_on
    ]
