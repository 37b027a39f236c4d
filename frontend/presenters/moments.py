"""Times in words, on the wall clock of the zone that is given, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.moments import day_label, moment_label, on_the_wall, said, span_label

__all__ = [
    "clock_label",
    "day_label",
    "days_label",
    "due_label",
    "long_day",
    "moment_label",
    "said",
    "span_label",
    "week_label",
]


def days_label(from_on: date, until_on: date, *, year: bool = False) -> str:
    """ "Fri 12 March" or "Fri 12 March – Sun 14 March", with the year at the end; `until_on` is exclusive."""
    last = until_on - timedelta(days=1)
    if last == from_on:
        return day_label(from_on, year=year)
    return f"{day_label(from_on)} – {day_label(last, year=year)}"


def long_day(day: date) -> str:
    """ "Friday, 12 March 2027"."""
    return said(day, "l, j E Y")


def clock_label(instant: datetime, zone: ZoneInfo | str) -> str:
    return f"{on_the_wall(instant, zone):%H:%M}"


def due_label(instant: datetime, zone: ZoneInfo | str, *, now: datetime) -> str:
    """ "until Fri 12 March, 18:00"; today and tomorrow by name."""
    local, today = on_the_wall(instant, zone), on_the_wall(now, zone).date()
    names = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    name = names.get(local.date(), day_label(local.date()))
    return _("until %(when)s") % {"when": f"{name}, {local:%H:%M}"}


def week_label(monday: date) -> str:
    """ "8–14 March 2027", over months "29 March – 4 April 2027"."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{said(monday, 'j')}–{said(sunday, 'j E Y')}"
    if monday.year == sunday.year:
        return f"{said(monday, 'j E')} – {said(sunday, 'j E Y')}"
    return f"{said(monday, 'j E Y')} – {said(sunday, 'j E Y')}"
