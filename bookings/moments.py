"""Times in words, on the wall clock of the zone that is given, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as date_words
from django.utils.translation import get_language


def day_label(day: date, *, year: bool = False) -> str:
    """ "Fri 12 March", with the year where asked for. Polish and Ukrainian write days of the week small."""
    text = said(day, "D j E Y" if year else "D j E")
    small = (get_language() or "").startswith(("pl", "uk"))
    return text[:1].lower() + text[1:] if small else text


def moment_label(instant: datetime, zone: ZoneInfo | str, *, now: datetime | None = None) -> str:
    """ "Fri 12 March, 18:00"."""
    local = on_the_wall(instant, zone)
    year = now is not None and local.year != on_the_wall(now, zone).year
    return f"{day_label(local.date(), year=year)}, {local:%H:%M}"


def span_label(
    start: datetime, end: datetime, zone: ZoneInfo | str, *, now: datetime | None = None
) -> str:
    """ "Fri 12 March, 18:00–21:00"; over several days both ends are said; a midnight that ends is 24:00."""
    first, last = on_the_wall(start, zone), on_the_wall(end, zone)
    year = now is not None and first.year != on_the_wall(now, zone).year
    ends_on, ends = last.date(), f"{last:%H:%M}"
    if (last.hour, last.minute) == (0, 0) and last > first:
        ends_on, ends = ends_on - timedelta(days=1), "24:00"
    if ends_on == first.date():
        return f"{day_label(first.date(), year=year)}, {first:%H:%M}–{ends}"
    return (
        f"{day_label(first.date(), year=year)}, {first:%H:%M} – "
        f"{day_label(ends_on, year=year or ends_on.year != first.year)}, {ends}"
    )


def said(day: date, pattern: str) -> str:
    """A day by Django's `pattern`, in the reader's language; German writes a dot behind its number."""
    german = (get_language() or "").startswith("de")
    return date_words(day, pattern.replace("j", "j.") if german else pattern)


def on_the_wall(instant: datetime, zone: ZoneInfo | str) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
