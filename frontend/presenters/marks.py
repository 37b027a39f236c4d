"""Holidays as calendars mark them: a sign on the day, and a line that says what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from django.utils.translation import gettext as _

from cooperative.institutions.models import Institution
from frontend.components import DayMark
from sharing.queries.holidays import MarkedDays, public_marks

from .moments import day_label, days_label
from .reader import Reader

AROUND = timedelta(days=3)
"""How near to the chosen day a holiday is worth a word in the panel."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The holidays of a stretch of days: signs by day, and lines in order."""

    by_day: dict[date, DayMark]
    lines: tuple[DayMark, ...]


def marks_of(
    here: Sequence[MarkedDays], since: date, until: date, *, language: str, abroad: str = ""
) -> Marks:
    """Of `here`, where the owner is, what lies from `since` until `until` (exclusive); the public holidays of the
    country `abroad` besides, where the reader acts in another one."""
    by_day: dict[date, DayMark] = {}
    lines = []
    for one in public_marks(abroad, since, until, language) if abroad else ():
        lines.append((one.from_on, DayMark("abroad", _public_in(one.from_on, abroad, language))))
        by_day[one.from_on] = DayMark("abroad", _in_country(abroad, language))
    for one in sorted(here, key=lambda one: one.kind != "school"):
        said = f"{days_label(one.from_on, one.until_on)}: {one.name}"
        lines.append((one.from_on, DayMark(one.kind, said)))
        by_day |= {day: DayMark(one.kind, one.name) for day in _each(one, since, until)}
    lines.sort(key=lambda line: (line[0], line[1].kind))
    return Marks(by_day, tuple(mark for _day, mark in lines))


def other_country(owner: Institution, reader: Reader) -> str:
    """Where the reader acts, if that is another country than the owner's; else empty."""
    return reader.country if reader.country != owner.country else ""


def near_both(owner: Institution, reader: Reader, day: date) -> tuple[str, ...]:
    """The public holidays around `day` of both countries, where owner and reader are in two; else none."""
    if not other_country(owner, reader):
        return ()
    since, until = day - AROUND, day + AROUND + timedelta(days=1)
    days = sorted(
        (one.from_on, country)
        for country in (owner.country, reader.country)
        for one in public_marks(country, since, until, reader.language)
    )
    return tuple(_public_in(on, country, reader.language) for on, country in days)


def country_name(code: str, language: str) -> str:
    """A country (ISO 3166-1 alpha-2) as the reader calls it."""
    return str(Locale.parse(language).territories.get(code, code))


def _in_country(country: str, language: str) -> str:
    return _("public holiday in %(country)s") % {"country": country_name(country, language)}


def _public_in(day: date, country: str, language: str) -> str:
    return _("%(day)s: public holiday in %(country)s") % {
        "day": day_label(day),
        "country": country_name(country, language),
    }


def _each(one: MarkedDays, since: date, until: date) -> Iterable[date]:
    first, end = max(one.from_on, since), min(one.until_on, until)
    return (first + timedelta(days=n) for n in range((end - first).days))
