"""What one row wants: its texts by field, read as a thing, a time, a repetition and somebody it is for. No database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.recurrence import Repetition, dates, read_repetition
from bookings.recurrence.wish import SeriesWish
from bookings.wishes import MOST_UNITS, LineWish, validate_line
from cooperative.errors import Invalid
from cooperative.timeparsing import TimeError, parse_day, parse_wall

from .columns import CODES, plain
from .shape import Problem

Names = Mapping[str, str]
"""What the sheet calls things, as `plain` has it: the thing's public id, or nothing for what is not ours."""
_EXCEL_EPOCH = date(1899, 12, 30)
_DAY = timedelta(days=1)
_DAYS = (
    "poniedzialek pon pn monday mon montag mo понеділок пн",
    "wtorek wt tuesday tue tu dienstag di вівторок вт",
    "sroda sr wednesday wed we mittwoch mi середа ср",
    "czwartek czw cz thursday thu th donnerstag do четвер чт",
    "piatek pt pi friday fri fr freitag п'ятниця п’ятниця пятниця пт",
    "sobota sob sb so saturday sat sa samstag субота сб",
    "niedziela niedz nd sunday sun su sonntag неділя нд",
)

_WEEKDAYS = {plain(word): day for day, words in enumerate(_DAYS) for word in words.split()}
_RANGE = re.compile(r"(.+?)\s*(?:-|–|—|\bdo\b|\bto\b|\bbis\b|\bдо\b)\s*(.+)")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::00)?\s*(?:h|uhr|godz\.?)?", re.IGNORECASE)
_FRACTION = re.compile(r"0[.,][0-9]+")
_DAY_AND_TIME = re.compile(r"(\S+?)[T ]+(\S+)")
_SHORT_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{2}|[0-9]{4})\.?")
_SERIAL = re.compile(r"[3-7][0-9]{4}")
# What a year is followed by in Polish and German, and the weekday that many write before a day.
_BESIDE_DAY = re.compile(r"^[^\d]{1,15}[,.\s]\s*|\s*(?:r\.?|roku)$")


class _Wrong(Exception):
    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.problem: Problem = {"code": code, **values}


@dataclass(frozen=True, slots=True)
class RowWish:
    """A row that can be read: either `line` or `series`. `whom` as it is written; empty = the house itself."""

    thing: UUID
    title: str
    line: LineWish | None = None
    series: SeriesWish | None = None
    whom: str = ""
    phone: str = ""
    email: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one file are read. `columns` {field: header}, `fixed` {field: text} where there is no column."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str]
    names: Names
    zone: ZoneInfo
    skip_holidays: bool = False
    skip_school_holidays: bool = False
    holidays: Mapping[date, str] = field(default_factory=dict)


def texts_of(cells: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """The texts of a row by field, without empty ones."""
    found = {name: cells.get(header, "") for name, header in reading.columns.items()}
    found |= {name: text for name, text in reading.fixed.items() if not found.get(name)}
    return {name: text for name, text in found.items() if text}


def identity(texts: Mapping[str, str]) -> str:
    """What makes a row the same row again: its own id, else a digest of thing, day, time and title."""
    if own := texts.get("id"):
        return " ".join(own.split())[:200]
    kept = ("thing", "day", "weekday", "until", "start", "end", "end_day", "title")
    told = "\x1f".join(plain(texts.get(name, "")) for name in kept)
    return f"row-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def read_row(texts: Mapping[str, str], reading: Reading) -> RowWish | Problem:
    """The wish of a row, or why it cannot be read. `thing_uid` among the texts is a thing chosen on the page."""
    try:
        return _read(texts, reading)
    except _Wrong as wrong:
        return wrong.problem
    except TimeError as error:
        return {"code": error.code, "text": str(next(iter(error.errors.values()), [""])[0])}
    except Invalid as error:
        return {"code": "not_taken", "text": str(next(iter(error.errors.values()), [""])[0])}


def _read(texts: Mapping[str, str], reading: Reading) -> RowWish:
    thing = _thing(texts, reading)
    whom, title = texts.get("whom", ""), texts.get("title", "")
    if not (title or whom):
        raise _Wrong("title_missing")
    row = RowWish(
        thing,
        (title or whom)[:200],
        whom=whom[:200],
        phone=texts.get("phone", "")[:40],
        email=texts.get("email", "")[:254],
        remarks=texts.get("remarks", ""),
    )
    units = _units(texts.get("units", ""))
    times = first, start, last, end = _times(texts)
    repeats = texts.get("rule") or (
        "rule" not in reading.columns and (texts.get("until") or _weekly(texts))
    )
    if repeats:
        whole = _repetition(texts, reading, times)
        return replace(row, series=SeriesWish(thing, whole, units=units, watch_skipped=False))
    line = LineWish(
        thing,
        parse_wall(first.isoformat(), start, zone=reading.zone),
        parse_wall(last.isoformat(), end, zone=reading.zone),
        units=units,
    )
    validate_line(line)
    return replace(row, line=line)


def _thing(texts: Mapping[str, str], reading: Reading) -> UUID:
    if chosen := texts.get("thing_uid"):
        return UUID(chosen)
    name = texts.get("thing", "")
    if not name:
        raise _Wrong("thing_missing")
    found = reading.names.get(plain(name))
    if not found:
        raise _Wrong("thing_unknown" if found is None else "thing_not_ours", name=name)
    return UUID(found)


def _units(text: str) -> int:
    if not text:
        return 1
    found = re.match(r"([0-9]{1,7})(?:[.,]0+)?(?:\s*\D.*)?$", text, re.DOTALL)
    if found is None or not 1 <= int(found[1]) <= MOST_UNITS:
        raise _Wrong("units_unreadable", name=text[:60])
    return int(found[1])


def _times(texts: Mapping[str, str]) -> tuple[date, str, date, str]:
    """First day and time, last day and time, on the wall clock. Without any time these are whole days."""
    day, at = _apart(texts.get("day", ""))
    start_day, start = _apart(texts.get("start", ""))
    last_day, end = _apart(texts.get("end_day", "") if not _weekly(texts) else "")
    end_day, ends = _apart(texts.get("end", ""))
    start, end = start or at, ends or end
    if start and not end and (both := _RANGE.fullmatch(start)):
        start, end = both[1], both[2]
    if not (day or start_day):
        raise _Wrong("day_missing")
    first = read_day(start_day or day)
    last = read_day(end_day or last_day) if end_day or last_day else first
    if not start and not end:
        return first, "00:00", last, "24:00"
    if not end:
        raise _Wrong("end_missing")
    begins, finishes = clock_time(start or "0:00"), clock_time(end)
    if not (end_day or last_day) and finishes < begins and finishes <= "06:00":
        last = first + _DAY
    return first, begins, last, finishes


def _weekly(texts: Mapping[str, str]) -> bool:
    """Whether "until day" is the end of what repeats: a day of the week is named, and no other end."""
    return bool(texts.get("weekday") and texts.get("end_day") and not texts.get("until"))


def _apart(text: str) -> tuple[str, str]:
    """(day, time) of a cell, which may be either or both."""
    text = " ".join(text.split())
    if not text:
        return "", ""
    found = _DAY_AND_TIME.fullmatch(text)
    if found and _is_day(found[1]):
        return found[1], found[2]
    return (text, "") if _is_day(text) else ("", text)


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except (_Wrong, TimeError):
        return False
    return True


def read_day(text: str) -> date:
    """A day as people write it, or as Excel counts it. Raises `TimeError`."""
    text = _BESIDE_DAY.sub("", text.strip())
    if _SERIAL.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(days=int(text))
    if short := _SHORT_DAY.fullmatch(text):
        year = short[3] if len(short[3]) == 4 else f"20{short[3]}"
        text = f"{short[1]}.{short[2]}.{year}"
    return parse_day(text)


def clock_time(text: str) -> str:
    """A time of day as people write it (17, 17:00, 17.30, 24:00), or as a part of the day as Excel counts it."""
    text = text.strip()
    if _FRACTION.fullmatch(text):
        minutes = round(float(text.replace(",", ".")) * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise _Wrong("time_unreadable", name=text[:60])
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise _Wrong("time_unreadable", name=text[:60])
    return f"{hour:02}:{minute:02}"


def _weekday_numbers(text: str) -> list[int]:
    found = []
    for word in re.split(r"[,;/+&]|\s+(?:i|and|und|та|і)\s+", text):
        name = plain(word)
        if not name:
            continue
        if name not in _WEEKDAYS:
            raise _Wrong("weekday_unreadable", name=word[:60])
        found.append(_WEEKDAYS[name])
    return sorted(set(found))


def _days_listed(text: str) -> list[date]:
    return [read_day(one) for one in re.split(r"[,;\n]+", text) if one.strip()]


def _repetition(
    texts: Mapping[str, str], reading: Reading, times: tuple[date, str, date, str]
) -> Repetition:
    """Every week on its weekdays until a day, or the rule of a calendar, which may take its end from a fixed day."""
    first, start, last, end = times
    until = texts.get("until") or (texts.get("end_day", "") if _weekly(texts) else "")
    rule, also = texts.get("rule", ""), frozenset(_days_listed(texts.get("also", "")))
    left_out = frozenset(_days_listed(texts.get("except", "")))
    if not rule:
        weekdays = _weekday_numbers(texts.get("weekday", "")) or [first.weekday()]
        days = ",".join(CODES[day] for day in weekdays)
        rule = f"FREQ=WEEKLY;BYDAY={days};UNTIL={read_day(until):%Y%m%d}"
        while first.weekday() not in weekdays:
            first, last = first + _DAY, last + _DAY
    elif until and "UNTIL=" not in rule.upper() and "COUNT=" not in rule.upper():
        rule = f"{rule};UNTIL={read_day(until):%Y%m%d}"
    begins, finishes = _minutes(start), _minutes(end)
    length = finishes - begins + (last - first).days * 1440
    if length <= 0:
        raise _Wrong("ends_before_start")
    whole = read_repetition(
        rule=rule,
        first_on=first,
        starts_minute=begins,
        length_minutes=length,
        exceptions=left_out - also,
        additions=also,
        skip_holidays=reading.skip_holidays,
        skip_school_holidays=reading.skip_school_holidays,
        holidays=reading.holidays,
        zone=reading.zone,
    )
    # Of a calendar the first day is a date whatever its rule says.
    stands = {one.local_date for one in dates(whole).occurrences}
    if texts.get("rule") and first not in stands | left_out:
        whole = replace(whole, additions=whole.additions | {first})
    return whole


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
