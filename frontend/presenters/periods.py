"""A length in a period, in words."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from bookings.models import Line
from bookings.queries.periods import wanted_of
from frontend.forms.fields import clock_of
from frontend.presenters.moments import days_label


def period_words(line: Line) -> str:
    """`2 h · Mon 8 March – Fri 26 March · Mon–Fri · 16:00–20:00`; "" where the line names its time."""
    wanted = wanted_of(line)
    if wanted is None:
        return ""
    zone = ZoneInfo(line.zone)
    first = line.use_starts_at.astimezone(zone).date()
    after = (line.use_ends_at - timedelta(minutes=1)).astimezone(zone).date() + timedelta(days=1)
    parts = [hours_words(wanted.minutes), days_label(first, after)]
    if wanted.weekdays is not None:
        parts.append(_weekdays_words([day for day in range(7) if wanted.weekdays >> day & 1]))
    if wanted.from_minute is not None or wanted.until_minute is not None:
        first_minute, last = wanted.from_minute or 0, wanted.until_minute or 24 * 60
        parts.append(f"{clock_of(first_minute)}–{clock_of(last)}")
    return " · ".join(parts)


def _weekdays_words(days: list[int]) -> str:
    """`Mon–Fri`, `Mon, Wed`: three or more in a row are said by the first and the last."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        [f"{WEEKDAYS_ABBR[run[0]]}–{WEEKDAYS_ABBR[run[-1]]}"]
        if len(run) > 2
        else [str(WEEKDAYS_ABBR[day]) for day in run]
        for run in runs
    ]
    return ", ".join(word for words in said for word in words)


def hours_words(minutes: int) -> str:
    """`2 h`, `1 h 30 min`, `45 min`."""
    hours, rest = divmod(minutes, 60)
    parts = (_("%(count)s h") % {"count": hours}, _("%(count)s min") % {"count": rest})
    return " ".join(part for part, count in zip(parts, (hours, rest), strict=True) if count)
