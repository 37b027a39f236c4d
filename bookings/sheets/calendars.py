"""Calendars (ICS): each event a row, its time on the house's wall clock.

Dates of a series that were moved or changed are rows of their own, taken out of their series; those that were called
off are only taken out. What a series says that ours cannot is a problem of its row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar

from .shape import Problem, Sheet, SheetRow, Unreadable, row_of, tidy

MOST_EVENTS = 2_000
UNITS = "X-PODEST-UNITS"
"""How many of a thing: calendars have no word for it, ours carry this one."""
HEADERS = (
    "UID",
    "SUMMARY",
    "LOCATION",
    "DTSTART",
    "DTEND",
    "RRULE",
    "EXDATE",
    "RDATE",
    "ORGANIZER",
    "DESCRIPTION",
    "UNITS",
)
_DAY = timedelta(days=1)
_NO_PROPERTY = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What comes of a property that is none: the library finds out only when it is asked."""


class _Odd(Exception):
    """Something of this event that cannot be taken; the code of its problem."""


def read_ics(data: bytes, zone: ZoneInfo) -> Sheet:
    """The events of one or several calendars, in the order of the file. Raises `Unreadable`."""
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        events = [
            (str(calendar.get("METHOD", "")).upper() == "CANCEL", event)
            for calendar in calendars
            for event in calendar.walk("VEVENT")
        ]
    except Exception as error:  # the library raises whatever the bytes make it
        raise Unreadable(_("This calendar cannot be read. Please export it again.")) from error
    if len(events) > MOST_EVENTS:
        raise Unreadable(
            _("The calendar has more than 2,000 events. Please export a season of it.")
        )
    if not events:
        raise Unreadable(_("There are no events in this calendar."))
    apart = _taken_out(events, zone)
    rows: list[SheetRow] = []
    for off, event in events:
        row = _row(len(rows) + 1, event, off, apart, zone)
        if row is not None:
            rows.append(row)
    return Sheet("ics", HEADERS, tuple(rows))


def _taken_out(events: Iterable[tuple[bool, Any]], zone: ZoneInfo) -> Mapping[str, set[date]]:
    """The dates, by series, that have an event of their own or were called off."""
    found: dict[str, set[date]] = defaultdict(set)
    for _off, event in events:
        with suppress(_Odd, *_NO_PROPERTY):  # it is said at its own row
            if (at := event.get("RECURRENCE-ID")) is not None:
                found[_said(event, "UID")].add(_local(at, zone)[0])
    return found


def _row(
    number: int, event: Any, off: bool, apart: Mapping[str, set[date]], zone: ZoneInfo
) -> SheetRow | None:
    """One event; None for a date of a series that was called off, which is taken out of its series."""
    problems: list[Problem] = []
    uid, at = _said(event, "UID"), event.get("RECURRENCE-ID")
    cancelled = off or _said(event, "STATUS").upper() == "CANCELLED"
    if cancelled and at is not None and not off:
        return None
    if cancelled:
        problems.append({"code": "cancelled"})
    cells = {
        "UID": uid,
        "SUMMARY": _said(event, "SUMMARY"),
        "LOCATION": _said(event, "LOCATION"),
        "DESCRIPTION": _said(event, "DESCRIPTION"),
        "ORGANIZER": _organizer(event),
        "UNITS": _said(event, UNITS),
    }
    try:
        if at is not None:
            cells["UID"] = f"{uid[:180]}/{_local(at, zone)[0].isoformat()}" if uid else ""
            if str(at.params.get("RANGE", "")).upper() == "THISANDFUTURE":
                raise _Odd("this_and_future")
        cells |= _times(event, zone)
        if at is None:
            cells |= _repeats(event, apart.get(uid, set()) if uid else set(), zone)
    except _Odd as odd:
        problems.append({"code": str(odd)})
    except _NO_PROPERTY:
        problems.append({"code": "event_unreadable"})
    if not any(cells.values()):
        cells["SUMMARY"] = "?"
    row = row_of(number, HEADERS, (cells.get(header, "") for header in HEADERS))
    assert row is not None
    return SheetRow(number, row.cells, (*problems, *row.problems))


def _said(event: Any, name: str) -> str:
    found = event.get(name)
    if isinstance(found, list):
        found = found[0] if found else None
    return "" if found is None else tidy(str(found))


def _organizer(event: Any) -> str:
    """By name; an address is one as well."""
    found = event.get("ORGANIZER")
    named = getattr(found, "params", {}).get("CN", "") if found is not None else ""
    said = str(named) or _said(event, "ORGANIZER")
    said = said or _said(event, "CONTACT")
    return tidy(said[7:] if said.lower().startswith("mailto:") else said)


def _local(value: Any, zone: ZoneInfo) -> tuple[date, time | None]:
    """Day and time on the wall clock of `zone`, which is also that of times without one. No time: a whole day."""
    at = value.dt
    if not isinstance(at, datetime):
        if not isinstance(at, date):
            raise _Odd("event_unreadable")
        return at, None
    if at.tzinfo is None:
        named = str(getattr(value, "params", {}).get("TZID", ""))
        if named and named != zone.key:
            raise _Odd("zone_unknown")
        return at.date(), at.time()
    there = at.astimezone(zone)
    return there.date(), there.time()


def _times(event: Any, zone: ZoneInfo) -> dict[str, str]:
    starts = event.get("DTSTART")
    if starts is None:
        raise _Odd("day_missing")
    day, at = _local(starts, zone)
    ends, lasts = event.get("DTEND"), event.get("DURATION")
    if at is None:
        length = lasts.dt if lasts is not None else _DAY
        after = _local(ends, zone)[0] if ends is not None else day + length
        last = max(after - _DAY, day)
        return {"DTSTART": day.isoformat(), "DTEND": f"{last.isoformat()} 24:00"}
    if ends is not None:
        last, until = _local(ends, zone)
        if until is None:
            raise _Odd("event_unreadable")
    elif lasts is not None:
        there = starts.dt + lasts.dt
        there = there.astimezone(zone) if there.tzinfo is not None else there
        last, until = there.date(), there.time()
    else:
        raise _Odd("end_missing")
    return {
        "DTSTART": f"{day.isoformat()} {at:%H:%M}",
        "DTEND": f"{last.isoformat()} {until:%H:%M}",
    }


def _repeats(event: Any, apart: set[date], zone: ZoneInfo) -> dict[str, str]:
    rule = event.get("RRULE")
    if isinstance(rule, list):
        raise _Odd("rule_several")
    starts = event.get("DTSTART")
    also = list(_listed(event, "RDATE", zone, time_of=starts))
    if rule is None and not also:
        return {}
    _same_clock(starts.dt, zone)
    left_out = {day for day, _at in _listed(event, "EXDATE", zone)} | apart
    return {
        "RRULE": rule.to_ical().decode() if rule is not None else "FREQ=DAILY;COUNT=1",
        "EXDATE": _days(left_out),
        "RDATE": _days({day for day, _at in also} - left_out),
    }


def _days(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in sorted(days))


def _listed(
    event: Any, name: str, zone: ZoneInfo, *, time_of: Any = None
) -> Iterator[tuple[date, time | None]]:
    found = event.get(name)
    for several in found if isinstance(found, list) else [found] if found is not None else []:
        for one in several.dts:
            if time_of is None or not isinstance(one.dt, datetime):
                yield _local(one, zone)
                continue
            day, at = _local(one, zone)
            if at != _local(time_of, zone)[1]:
                raise _Odd("also_other_time")
            yield day, at


def _same_clock(starts: date, zone: ZoneInfo) -> None:
    """What repeats stays at its hour on its own wall clock: that has to be the house's, summer and winter."""
    if not isinstance(starts, datetime) or starts.tzinfo is None:
        return
    naive = starts.replace(tzinfo=None)
    for month in (1, 7):
        there = naive.replace(month=month, day=15)
        own = there.replace(tzinfo=starts.tzinfo).utcoffset()
        if own != there.replace(tzinfo=zone).utcoffset():
            raise _Odd("rule_other_zone")
