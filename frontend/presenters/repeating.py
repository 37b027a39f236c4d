"""Dates of something that repeats, each with what becomes of it: before it is sent, and as a table with ticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Line
from bookings.reasons import Reason
from bookings.recurrence import LeftOut, Repetition, sentence
from bookings.services.request.checking import Check, Proposed
from bookings.services.series.blocks import LookedAt
from bookings.spans import Span
from frontend.components import Tone
from frontend.presenters.lines import booking_title, who
from frontend.presenters.moments import day_label
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import reason_items

OWN_TIMES_AT_MOST = 60
"""With more dates than these a table of inputs helps nobody; the others are moved one by one afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One date. `day` ISO, `label` and `when` in words on the owner's clock; `own` what was typed as its own time.

    `choices`: the two offsets of an hour that comes twice, with words.
    """

    day: str
    label: str
    when: str
    tone: Tone
    words: str
    more: str = ""
    skipped: bool = False
    fixed: bool = False
    own: tuple[str, str] = ("", "")
    chosen: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesPreview:
    """All dates of a series before it is sent. `free` of `count` can be had; `fixed` rows cannot be ticked."""

    sentence: str
    summary: str
    free: int
    count: int
    rows: tuple[DateRow, ...]
    own_times: bool


def dates_preview(
    check: Check,
    repetition: Repetition,
    *,
    reader: Reader,
    zone: ZoneInfo,
    typed: Mapping[str, str],
) -> DatesPreview:
    """What an asker sees of a series; `typed` is what stands in the form."""
    page = _Page(reader, zone, typed)
    dated = [one for one in check.proposed if one.on is not None]
    rows = [page.row(one.on, one.event, _proposed(one, page), one.reasons) for one in dated]
    free = sum(one.state is not None for one in dated)
    return _preview(rows, [one for _index, one in check.left_out], repetition, free)


def blocks_preview(
    looked: LookedAt,
    repetition: Repetition,
    *,
    reader: Reader,
    zone: ZoneInfo,
    typed: Mapping[str, str],
) -> DatesPreview:
    """What an owner sees of own programme that repeats: whom each date hits."""
    page = _Page(reader, zone, typed)
    rows = [
        page.row(one.on, one.span, _blocked(one.reasons, one.hits, page), one.reasons)
        for one in looked.dates
    ]
    free = sum(not one.reasons for one in looked.dates)
    return _preview(rows, looked.left_out, repetition, free)


def _preview(
    rows: Iterable[DateRow], left_out: Iterable[LeftOut], repetition: Repetition, free: int
) -> DatesPreview:
    standing = list(rows)
    every = sorted([*standing, *map(_left_out, left_out)], key=lambda row: row.day)
    count = len(standing)
    return DatesPreview(
        sentence=sentence(repetition),
        summary=ngettext(
            "%(free)d of %(count)d date can be had", "%(free)d of %(count)d dates can be had", count
        )
        % {"free": free, "count": count},
        free=free,
        count=count,
        rows=tuple(every),
        own_times=len(every) <= OWN_TIMES_AT_MOST and repetition.length_minutes <= 1440,
    )


class _Told(NamedTuple):
    """What is said of a date: how good it is, in a word, and more of it."""

    tone: Tone
    words: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """Who reads, the owner's clock, and what stands in the form."""

    reader: Reader
    zone: ZoneInfo
    typed: Mapping[str, str]

    def row(
        self, on: date | None, span: Span | None, told: _Told, reasons: Sequence[Reason]
    ) -> DateRow:
        assert on is not None
        offsets = [value for reason in reasons for value in reason.values.get("offsets", ())]
        named = (_("the first one, still in summer time"), _("the second one, in winter time"))
        return DateRow(
            day=on.isoformat(),
            label=day_label(on, year=True),
            when=_hours(on, span, self.zone, self.reader) if span is not None else "",
            tone=told.tone,
            words=told.words,
            more=told.more,
            own=(self.typed.get(f"from-{on}", ""), self.typed.get(f"to-{on}", "")),
            chosen=self.typed.get(f"offset-{on}", ""),
            choices=tuple(zip(offsets, named, strict=False)),
        )

    def why(self, reasons: Sequence[Reason]) -> tuple[str, str]:
        """The first reason in words, and what the calendar says about it."""
        [first] = reason_items(reasons[:1], reader=self.reader, zone=self.zone)
        return first.message, first.relax


def _proposed(one: Proposed, page: _Page) -> _Told:
    if one.state is not None:
        return _Told("yes", _("free"))
    waivable = all(reason.waivable for reason in one.reasons)
    return _Told("kept" if waivable else "no", *page.why(one.reasons))


def _blocked(reasons: Sequence[Reason], hits: Sequence[Line], page: _Page) -> _Told:
    if reasons:
        return _Told("no", *page.why(reasons))
    if hits:
        named = "; ".join(f"{booking_title(line.booking)}, {who(line.booking)}" for line in hits)
        return _Told("warn", _("somebody has it: %(who)s") % {"who": named})
    return _Told("yes", _("free"))


def _hours(on: date, span: Span, zone: ZoneInfo, reader: Reader) -> str:
    """`17:00–20:00`, with the day where it is another than that of the date, and the reader's own clock beside it."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    if start.date() != on or end - start > timedelta(days=1):
        return reader.clock.span(span, zone)
    words = f"{start:%H:%M}–{_ends(start, end)}"
    beside = reader.clock.beside(span, zone)
    return f"{words} ({beside})" if beside else words


def _ends(start: datetime, end: datetime) -> str:
    midnight = (end.hour, end.minute) == (0, 0) and end.date() > start.date()
    return "24:00" if midnight else f"{end:%H:%M}"


def _left_out(one: LeftOut) -> DateRow:
    """Ticked by hand, or a holiday: that stays out unless the day is put in besides."""
    by_hand = one.reason == "exception"
    words = _("left out")
    if not by_hand:
        words = one.holiday or _("holiday")
    return DateRow(
        day=one.local_date.isoformat(),
        label=day_label(one.local_date, year=True),
        when="",
        tone="past",
        words=words,
        skipped=by_hand,
        fixed=not by_hand,
    )
