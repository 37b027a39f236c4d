"""How rules say times and lengths: on the owner's wall clock, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts.ask import Ask
from bookings.moments import day_label, moment_label, span_label
from bookings.spans import Span

HOUR, DAY = 60, 24 * 60


def at(instant: datetime, ask: Ask) -> str:
    """`14:00` on the day that was asked for, else `Fri 12 March, 14:00`."""
    zone = ask.resource.zone
    local = instant.astimezone(zone)
    if local.date() == ask.use.start.astimezone(zone).date():
        return f"{local:%H:%M}"
    return moment_label(instant, zone, now=ask.now)


def day(when: date, ask: Ask) -> str:
    """`Fri 12 March`, with the year where it is another than now."""
    return day_label(when, year=when.year != ask.now.astimezone(ask.resource.zone).year)


def hours(spans: list[Span], ask: Ask) -> str:
    """`9:00–14:00, 16:00–20:00`; a midnight that ends is 24:00."""
    zone = ask.resource.zone
    return ", ".join(
        f"{span.start.astimezone(zone):%H:%M}–{_end(span.end.astimezone(zone))}" for span in spans
    )


def spans(found: list[Span], ask: Ask) -> str:
    return "; ".join(
        span_label(span.start, span.end, ask.resource.zone, now=ask.now) for span in found
    )


def length(minutes: int) -> str:
    """`45 minutes`, `3 hours`, `2 days`, `1 hour 30 minutes`."""
    if minutes % DAY == 0:
        return ngettext("%d day", "%d days", minutes // DAY) % (minutes // DAY)
    whole, rest = divmod(minutes, HOUR)
    said = []
    if whole:
        said.append(ngettext("%d hour", "%d hours", whole) % whole)
    if rest:
        said.append(ngettext("%d minute", "%d minutes", rest) % rest)
    return " ".join(said)


def both(first: str, then: str) -> str:
    """Two sentences, each where there is one."""
    return f"{first} {then}".strip()


def free_then(ask: Ask, starts_at: datetime | None, ends_at: datetime | None) -> str:
    """What of the time asked for is free: until a first moment, from a last one."""
    if starts_at is not None and ends_at is not None:
        words = {"until": at(ends_at, ask), "since": at(starts_at, ask)}
        return _("It is free until %(until)s and from %(since)s.") % words
    if starts_at is not None:
        return _("It is free from %(moment)s.") % {"moment": at(starts_at, ask)}
    if ends_at is not None:
        return _("It is free until %(moment)s.") % {"moment": at(ends_at, ask)}
    return ""


def _end(local: datetime) -> str:
    return "24:00" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"
