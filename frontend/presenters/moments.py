"""Times in words, on the wall clock of the zone that is given, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_words
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def day_label(day: date, *, year: bool = False) -> str:
    """ "Fri 12 March", with the year where asked for. Polish and Ukrainian write days of the week small."""
    text = said(day, "D j E Y" if year else "D j E")
    small = (get_language() or "").startswith(("pl", "uk"))
    return text[:1].lower() + text[1:] if small else text


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
    return f"{_local(instant, zone):%H:%M}"


def moment_label(instant: datetime, zone: ZoneInfo | str, *, now: datetime | None = None) -> str:
    """ "Fri 12 March, 18:00"."""
    local = _local(instant, zone)
    year = now is not None and local.year != _local(now, zone).year
    return f"{day_label(local.date(), year=year)}, {local:%H:%M}"


def span_label(
    start: datetime, end: datetime, zone: ZoneInfo | str, *, now: datetime | None = None
) -> str:
    """ "Fri 12 March, 18:00–21:00"; over several days both ends are said; a midnight that ends is 24:00."""
    first, last = _local(start, zone), _local(end, zone)
    year = now is not None and first.year != _local(now, zone).year
    ends_on, ends = last.date(), f"{last:%H:%M}"
    if (last.hour, last.minute) == (0, 0) and last > first:
        ends_on, ends = ends_on - timedelta(days=1), "24:00"
    if ends_on == first.date():
        return f"{day_label(first.date(), year=year)}, {first:%H:%M}–{ends}"
    return (
        f"{day_label(first.date(), year=year)}, {first:%H:%M} – "
        f"{day_label(ends_on, year=year or ends_on.year != first.year)}, {ends}"
    )


def due_label(instant: datetime, zone: ZoneInfo | str, *, now: datetime) -> str:
    """ "until Fri 12 March, 18:00"; today and tomorrow by name."""
    local, today = _local(instant, zone), _local(now, zone).date()
    names = {today: _("today"), today + timedelta(days=1): _("tomorrow")}
    name = names.get(local.date(), day_label(local.date()))
    return _("until %(when)s") % {"when": f"{name}, {local:%H:%M}"}


def minutes_label(minutes: int) -> str:
    """A minute of the day as people write it: 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def week_label(monday: date) -> str:
    """ "8–14 March 2027", over months "29 March – 4 April 2027"."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{said(monday, 'j')}–{said(sunday, 'j E Y')}"
    if monday.year == sunday.year:
        return f"{said(monday, 'j E')} – {said(sunday, 'j E Y')}"
    return f"{said(monday, 'j E Y')} – {said(sunday, 'j E Y')}"


def said(day: date, pattern: str) -> str:
    """A day by Django's `pattern`, in the reader's language; German writes a dot behind its number."""
    german = (get_language() or "").startswith("de")
    return date_words(day, pattern.replace("j", "j.") if german else pattern)


def _local(instant: datetime, zone: ZoneInfo | str) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
