"""Putting times and lists into words, in the active language. Pure but for translation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

_DAY = "D j E Y"
_HOUR = "H:i"


def span_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """`Fri 12 March 2027, 18:00–21:00`: aware instants, on the wall clock of `zone`."""
    local = ZoneInfo(zone)
    start, end = starts_at.astimezone(local), ends_at.astimezone(local)
    first = f"{_day(start)}, {date_format(start, _HOUR)}"
    if start.date() == end.date():
        return f"{first}–{date_format(end, _HOUR)}"
    return f"{first} – {_day(end)}, {date_format(end, _HOUR)}"


def _day(local: datetime) -> str:
    """`Fri 12 March 2027`. Polish and Ukrainian write days of the week small, German a dot after the number."""
    language = (get_language() or "")[:2]
    text = date_format(local, _DAY.replace("j", "j.") if language == "de" else _DAY)
    return text[:1].lower() + text[1:] if language in ("pl", "uk") else text


def moment_words(at: datetime, zone: str) -> str:
    """`Fri 12 March 2027, 18:00` on the wall clock of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_day(local)}, {date_format(local, _HOUR)}"


def spans_words(spans: Sequence[tuple[datetime, datetime, str]]) -> str:
    """The span that all share, or from the first start to the last end."""
    if not spans:
        return ""
    first = min(spans)
    last = max(spans, key=lambda span: span[1])
    return span_words(first[0], last[1], first[2])


def things_words(titles: Sequence[str]) -> str:
    """`Sala prób`, `Sala prób, krzesła`, or with more than three: the first two `and 5 more`."""
    if len(titles) <= 3:
        return ", ".join(titles)
    left = len(titles) - 2
    more = ngettext("and %(number)s more", "and %(number)s more", left) % {"number": left}
    return f"{', '.join(titles[:2])} {more}"


def title_in(titles: Mapping[str, str]) -> str:
    """The title in the active language, else Polish, English, or whatever there is."""
    language = (get_language() or "pl")[:2]
    for code in (language, "pl", "en"):
        if titles.get(code):
            return titles[code]
    return next(iter(titles.values()), "") or _("something shared")


def one_line(text: str, longest: int = 150) -> str:
    """Without line breaks or runs of spaces, cut at `longest`: fit for the subject of a mail."""
    joined = " ".join(text.split())
    return joined if len(joined) <= longest else f"{joined[: longest - 1].rstrip()}…"
