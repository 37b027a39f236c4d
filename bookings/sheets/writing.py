"""A timetable as a file of the shape that is read: what was written comes back as what is known already."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from icalendar import Calendar, Event, vRecur

from cooperative.spreadsheet import spreadsheet

from .calendars import UNITS
from .columns import CODES, SHOWN, header_in

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HOST = "podest"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a timetable: a booking's line, or its series. Times on the house's wall clock.

    Of what repeats every week `until` is the last date, `weekdays` count from 0 = Monday, `left_out` are the dates in
    between on which it is not. `id` is the public id of the line or series.
    """

    id: str
    thing: str
    starts: datetime
    ends: datetime
    title: str
    units: int = 1
    whom: str = ""
    phone: str = ""
    email: str = ""
    remarks: str = ""
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    left_out: tuple[date, ...] = field(default=())


def table(rows: Iterable[Told], language: str) -> tuple[list[str], list[list[str]]]:
    """Headers in the words of `language`, and the rows as texts; days as 2027-09-07."""
    return [header_in(name, language) for name in SHOWN], [_texts(row, language) for row in rows]


def _texts(row: Told, language: str) -> list[str]:
    named = [str(WEEKDAYS[day]) for day in row.weekdays]
    weekdays = ", ".join(day.lower() if language in {"pl", "uk"} else day for day in named)
    # Midnight that ends a day is 24:00 of that day.
    midnight = row.ends.hour == row.ends.minute == 0
    last = row.ends.date() - _DAY if midnight else row.ends.date()
    end = "24:00" if midnight else f"{row.ends:%H:%M}"
    several = last != row.starts.date()
    told = {
        "id": row.id,
        "thing": row.thing,
        "weekday": weekdays,
        "day": row.starts.date().isoformat(),
        "start": f"{row.starts:%H:%M}",
        "end": f"{last.isoformat()} {end}" if several and row.until else end,
        "end_day": last.isoformat() if several and not row.until else "",
        "until": row.until.isoformat() if row.until else "",
        "except": ", ".join(day.isoformat() for day in row.left_out),
        "title": row.title,
        "whom": row.whom,
        "phone": row.phone,
        "email": row.email,
        "units": str(row.units),
        "remarks": row.remarks,
    }
    return [told[name] for name in SHOWN]


def as_xlsx(rows: Sequence[Told], *, title: str, language: str) -> bytes:
    return spreadsheet(title, *table(rows, language))


def as_csv(rows: Sequence[Told], *, language: str) -> bytes:
    """With `;` and the mark of UTF-8, as spreadsheets of our countries open it. No cell is a formula."""
    written = io.StringIO(newline="")
    header, texts = table(rows, language)
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow(header)
    sheet.writerows(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in texts
    )
    return written.getvalue().encode("utf-8-sig")


def as_ics(rows: Sequence[Told], *, zone: ZoneInfo, now: datetime) -> bytes:
    """Events in the house's zone; what repeats is one event with its rule and the dates left out of it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Podest//timetable//PL")
    calendar.add("version", "2.0")
    for row in rows:
        event = Event()
        event.add("uid", f"{row.id}@{HOST}")
        event.add("dtstamp", now)
        event.add("dtstart", row.starts.replace(tzinfo=zone))
        event.add("dtend", row.ends.replace(tzinfo=zone))
        event.add("summary", row.title)
        event.add("location", row.thing)
        if row.units > 1:
            event.add(UNITS, str(row.units))
        if row.whom:
            event.add("contact", ", ".join(filter(None, (row.whom, row.phone, row.email))))
        if row.remarks:
            event.add("description", row.remarks)
        if row.until is not None:
            last = datetime.combine(row.until, row.starts.time(), tzinfo=zone)
            days = [CODES[day] for day in row.weekdays]
            event.add(
                "rrule", vRecur(freq="WEEKLY", byday=days, until=last.astimezone(ZoneInfo("UTC")))
            )
            for day in row.left_out:
                event.add("exdate", datetime.combine(day, row.starts.time(), tzinfo=zone))
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
