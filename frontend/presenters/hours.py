"""Hours and days off as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sharing.models import DayOff, DayOffKind
from sharing.queries.holidays import MarkedDays
from sharing.queries.hours import DayHours, WeekRow, clock_face
from sharing.seasons import Season, Times

from .moments import day_label, days_label


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOffRow:
    uid: str
    when: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """Other hours on one day; `off` = a day off lies on that day and keeps it closed all the same, `ours` = set here
    and not by the house that the thing follows."""

    on: str
    when: str
    times: str
    why: str
    off: bool
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayRow:
    """A holiday ahead; `state` says whether the house is closed; with a `uid` it may be opened after all."""

    when: str
    name: str
    state: str
    uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayYear:
    year: int
    rows: tuple[HolidayRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonRow:
    """Days with another week; `from_on` (ISO, empty = always before) names it."""

    from_on: str
    when: str
    week: str
    now: bool


def week_of(season: Season) -> list[WeekRow]:
    """Seven rows, Monday first, as forms take them."""
    return [
        WeekRow(weekday, tuple(_faces(one) for one in season.week if one[0] == weekday))
        for weekday in range(7)
    ]


def week_words(times: Iterable[Times]) -> str:
    """`Mon–Fri 8:00–20:00; Sat 10:00–14:00`; days without hours are left out."""
    by_day = [
        (weekday, tuple(_faces(one) for one in of_day))
        for weekday, of_day in groupby(sorted(times), key=lambda one: one[0])
    ]
    groups: list[tuple[int, int, tuple[tuple[str, str], ...]]] = []
    for weekday, faces in by_day:
        if groups and groups[-1][1:] == (weekday - 1, faces):
            groups[-1] = (groups[-1][0], weekday, faces)
        else:
            groups.append((weekday, weekday, faces))
    said = [f"{_weekdays(first, last)} {times_words(faces)}" for first, last, faces in groups]
    return "; ".join(said) or _("closed")


def _weekdays(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS_ABBR[first])
    return f"{WEEKDAYS_ABBR[first]}–{WEEKDAYS_ABBR[last]}"


def _faces(times: Times) -> tuple[str, str]:
    return clock_face(times[1]), clock_face(times[2])


def times_words(times: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in times)


def season_label(from_on: date | None, until_on: date | None) -> str:
    """ "Thu 1 July – Tue 31 August 2027", "until Wed 30 June 2027", "from Wed 1 September 2027"; else empty."""
    if from_on is not None and until_on is not None:
        return days_label(from_on, until_on, year=True)
    if from_on is not None:
        return _("from %(day)s") % {"day": day_label(from_on, year=True)}
    if until_on is not None:
        last = until_on - timedelta(days=1)
        return _("until %(when)s") % {"when": day_label(last, year=True)}
    return ""


def ordinary_from(found: Sequence[Season], today: date) -> str:
    """From when the ordinary week holds, where it never held until `today`; else empty."""
    begins = [one.from_on for one in found if one.week == found[-1].week]
    first = begins[0]
    return season_label(first, None) if first is not None and first > today else ""


def season_rows(found: Sequence[Season], today: date) -> tuple[SeasonRow, ...]:
    """What differs from the ordinary week and is not over yet."""
    return tuple(
        SeasonRow(
            from_on=one.from_on.isoformat() if one.from_on is not None else "",
            when=season_label(one.from_on, one.until_on),
            week=week_words(one.week),
            now=one.holds_on(today),
        )
        for one in found
        if one.week != found[-1].week and (one.until_on is None or one.until_on > today)
    )


def changed_rows(
    rows: Sequence[DayHours], off: Sequence[DayOff], ours: Sequence[DayHours]
) -> tuple[ChangedRow, ...]:
    return tuple(
        ChangedRow(
            on=row.on.isoformat(),
            when=day_label(row.on, year=True),
            times=times_words(row.times),
            why=row.reason,
            off=_is_off(row.on, off),
            ours=row in ours,
        )
        for row in rows
    )


def holiday_years(marks: Sequence[MarkedDays], off: Sequence[DayOff]) -> tuple[HolidayYear, ...]:
    """The holidays of `marks` and the public holidays among the days off, by the year in which they begin."""
    closed = [row for row in off if row.kind == DayOffKind.PUBLIC_HOLIDAY]
    found = [
        (
            row.from_on,
            HolidayRow(
                when=days_label(row.from_on, row.until_on),
                name=row.reason or str(DayOffKind.PUBLIC_HOLIDAY.label),
                state=_("closed"),
                uid=str(row.uid),
            ),
        )
        for row in closed
    ]
    found += [
        (
            one.from_on,
            HolidayRow(
                when=days_label(one.from_on, one.until_on), name=one.name, state=_state(one, off)
            ),
        )
        for one in marks
        if one.kind == "school" or not _is_off(one.from_on, closed)
    ]
    found.sort(key=lambda row: row[0])
    return tuple(
        HolidayYear(year=year, rows=tuple(row for _day, row in of_year))
        for year, of_year in groupby(found, key=lambda row: row[0].year)
    )


def _state(one: MarkedDays, off: Sequence[DayOff]) -> str:
    if one.kind == "school":
        return _("no school")
    return _("closed") if _is_off(one.from_on, off) else _("not closed")


def _is_off(day: date, off: Sequence[DayOff]) -> bool:
    return any(one.from_on <= day < one.until_on for one in off)


def days_off_rows(rows: Sequence[DayOff]) -> tuple[DayOffRow, ...]:
    return tuple(
        DayOffRow(
            uid=str(row.uid),
            when=days_label(row.from_on, row.until_on, year=True),
            why=row.reason or str(DayOffKind(row.kind).label),
        )
        for row in rows
        if row.kind != DayOffKind.PUBLIC_HOLIDAY
    )
