"""A row with what becomes of it, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Line, ScheduleImport, ScheduleRow, ScheduleRowState
from bookings.queries.keeping import Causes, causes
from bookings.recurrence import dates, sentence
from bookings.services.schedules.taking import reading_of
from bookings.sheets.rows import Reading, RowWish, read_row, texts_of
from bookings.spans import Span, enclosing
from cooperative.access.viewer import Viewer
from frontend.components import StateChip
from frontend.forms.fields import clock_of
from frontend.forms.schedules import RowForm
from frontend.presenters.lines import block_title
from frontend.presenters.moments import day_label, span_label
from frontend.presenters.texts import borrower_of

from .problems import problem_words

MOST_CARDS = 100
MOST_DATES = 6
Pairs = Sequence[tuple[str, str]]
TONES = {
    "ready": "confirmed",
    "stored": "confirmed",
    "known": "returned",
    "changed": "asked",
    "clash": "to_settle",
    "wrong": "declined",
    "left_out": "withdrawn",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A row with what becomes of it. `why` are sentences; `form` to correct it, where that helps."""

    uid: str
    number: int
    thing: str
    title: str
    when: str
    whom: str
    chip: StateChip
    why: tuple[str, ...] = ()
    url: str = ""
    booking_url: str = ""
    state: str = ""
    repeats: bool = False
    form: RowForm | None = None


def counts_of(rows: Sequence[ScheduleRow]) -> list[tuple[StateChip, int]]:
    """How many rows are in each state, what is to be decided first."""
    states = [row.state for row in rows]
    order = ("ready", "clash", "changed", "wrong", "stored", "known", "left_out")
    return [(_chip(state), states.count(state)) for state in order if state in states]


def _chip(state: str) -> StateChip:
    return StateChip(state=TONES[state], label=str(ScheduleRowState(state).label))


class Cards:
    """Makes cards of rows, with what is in their way read once for all of them."""

    def __init__(
        self, schedule: ScheduleImport, rows: Sequence[ScheduleRow], things: Pairs, viewer: Viewer
    ) -> None:
        self.reading: Reading = reading_of(schedule)
        self.titles = dict(things)
        self.things = things
        self.zone = ZoneInfo(schedule.zone)
        self.by_number = {row.number: row for row in rows}
        self.causes = _causes(rows, viewer)

    def of(self, row: ScheduleRow, *, deciding: bool = False) -> Card:
        told = {**texts_of(row.cells, self.reading), **row.corrections}
        wish = read_row(told, self.reading)
        read = wish if isinstance(wish, RowWish) else None
        thing = self.titles.get(str(read.thing), "") if read else ""
        shown = thing or told.get("thing", "")
        card = Card(
            uid=str(row.uid),
            number=row.number,
            thing=shown,
            title=told.get("title") or told.get("whom") or "",
            when=self._when(read, told),
            whom=told.get("whom", "") if told.get("title") else "",
            chip=_chip(row.state),
            url=reverse("frontend:schedule-row", args=[row.uid]),
            booking_url=_booking_url(row),
            state=row.state,
            repeats=bool(read and read.series),
        )
        if not deciding:
            return card
        return replace(
            card, why=tuple(self._why(row, shown, read)), form=self._form(row, read, told)
        )

    def window(self, rows: Sequence[ScheduleRow]) -> Span | None:
        """From the first to the last time that the rows name; None where they name none."""
        found: list[Span] = []
        for row in rows:
            read = read_row(texts_of(row.cells, self.reading), self.reading)
            if not isinstance(read, RowWish):
                continue
            if read.line is not None:
                found.append(read.line.use)
            elif read.series is not None:
                days = [one.local_date for one in dates(read.series.repetition).occurrences]
                begins = datetime.combine(days[0], time.min, tzinfo=self.zone)
                ends = datetime.combine(days[-1], time.max, tzinfo=self.zone)
                found.append(Span(begins, ends))
        return enclosing(found) if found else None

    def span_of(self, line: Line) -> str:
        return span_label(line.use_starts_at, line.use_ends_at, self.zone)

    def _when(self, read: RowWish | None, told: Mapping[str, str]) -> str:
        if read is None:
            said = [told.get(name, "") for name in ("weekday", "day", "start", "end", "until")]
            return " ".join(filter(None, said))
        if read.line is not None:
            return span_label(read.line.starts_at, read.line.ends_at, self.zone)
        assert read.series is not None
        whole = read.series.repetition
        first = _("first on %(day)s") % {"day": day_label(whole.first_on)}
        return f"{sentence(whole)}, {first}"

    def _form(
        self, row: ScheduleRow, read: RowWish | None, told: Mapping[str, str]
    ) -> RowForm | None:
        if row.state == ScheduleRowState.CHANGED:
            return None
        initial: dict[str, Any] = {}
        if read is not None:
            initial["thing_uid"] = str(read.thing)
        if read is not None and read.line is not None:
            starts = read.line.starts_at.astimezone(self.zone)
            ends = read.line.ends_at.astimezone(self.zone)
            initial |= {"day": starts.date().isoformat(), "start": f"{starts:%H:%M}"}
            initial["end"] = "24:00" if f"{ends:%H:%M}" == "00:00" else f"{ends:%H:%M}"
        elif read is not None and read.series is not None:
            whole = read.series.repetition
            end = whole.starts_minute + whole.length_minutes
            initial |= {"day": whole.first_on.isoformat(), "start": _clock(whole.starts_minute)}
            initial["end"] = _clock(end)
        else:
            initial |= {name: told.get(name, "") for name in ("start", "end")}
        weekly = told.get("weekday", "") if read is None or read.series is None else "weekly"
        initial["weekday"] = told.get("weekday", "")
        form = RowForm(things=self.things, initial=initial, prefix=str(row.number))
        if not weekly or told.get("rule"):  # a calendar's rule says its own days
            del form.fields["weekday"]
        return form

    def _why(self, row: ScheduleRow, thing: str, read: RowWish | None) -> list[str]:
        dated = [one for one in row.problems if one.get("on")]
        said: list[str] = []
        of = next((one["of"] for one in row.problems if one["code"] == "dates"), 0)
        if of and dated:
            days = len({one["on"] for one in dated})
            said.append(
                ngettext(
                    "%(days)d of %(of)d dates clashes:", "%(days)d of %(of)d dates clash:", days
                )
                % {"days": days, "of": of}
            )
        told = [one for one in dated or row.problems if one["code"] != "dates"]
        said += [self._sentence(one, thing, read) for one in told[:MOST_DATES]]
        if len(dated) > MOST_DATES:
            more = len(dated) - MOST_DATES
            said.append(
                ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
            )
        return said

    def _sentence(self, problem: Mapping[str, Any], thing: str, read: RowWish | None) -> str:
        """ "Sala lustrzana, Tue 7 September 17:00–18:30: Chór Cantabile 17:00–19:00"."""
        words = problem_words(problem)
        who = [self._who(one) for one in problem.get("by", ())]
        when = ""
        if read is not None and read.line is not None:
            when = span_label(read.line.starts_at, read.line.ends_at, self.zone)
        elif problem.get("on"):
            when = day_label(date.fromisoformat(problem["on"]))
        if not who and not problem.get("on"):
            return words
        head = ", ".join(filter(None, (thing, when)))
        tail = "; ".join(filter(None, who)) or words
        if problem["code"] != "taken" and who:
            tail = f"{words} {tail}"
        return f"{head}: {tail}" if head else tail

    def _who(self, cause: Mapping[str, Any]) -> str:
        """Who has it, from when until when."""
        name, span = "", ""
        if "row" in cause:
            other = self.by_number.get(cause["row"])
            told = texts_of(other.cells, self.reading) if other is not None else {}
            name = _("row %(number)s: %(title)s") % {
                "number": cause["row"],
                "title": told.get("title") or told.get("whom", ""),
            }
        elif (line := self.causes.lines.get(cause.get("line", 0))) is not None:
            name = _line_name(line)
            span = self._span(line.use_starts_at, line.use_ends_at)
        elif (block := self.causes.blocks.get(cause.get("block", 0))) is not None:
            name = block_title(block)
            span = self._span(block.starts_at, block.ends_at)
        if not span and cause.get("from"):
            times = (datetime.fromisoformat(cause[one]) for one in ("from", "until"))
            span = self._span(*times)
        return f"{name} {span}".strip()

    def _span(self, starts: datetime, ends: datetime) -> str:
        first, last = starts.astimezone(self.zone), ends.astimezone(self.zone)
        if (last - first).days >= 1:
            return span_label(starts, ends, self.zone)
        return f"{first:%H:%M}–{last:%H:%M}"


def _clock(minute: int) -> str:
    """On the clock; what ends after midnight, of the next day."""
    return clock_of(minute if minute <= 1440 else minute % 1440)


def _booking_url(row: ScheduleRow) -> str:
    if row.booking is None:
        return ""
    return reverse("frontend:booking", args=[row.booking.uid])


def _line_name(line: Line) -> str:
    who, title = borrower_of(line.booking), line.booking.title
    return who if who == title or not title else f"{who}, {title}" if who else title


def _causes(rows: Sequence[ScheduleRow], viewer: Viewer) -> Causes:
    """Who is in the way of all rows, in two statements."""
    by = [cause for row in rows for one in row.problems for cause in one.get("by", ())]
    return causes(
        {cause["line"] for cause in by if cause.get("line")},
        {cause["block"] for cause in by if cause.get("block")},
        viewer=viewer,
    )
