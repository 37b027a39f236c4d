"""The desk: what waits for me, in order of urgency, with the action there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Line, Offer
from bookings.queries.enquiries import Question
from bookings.queries.keeping import due_at
from bookings.queries.overview import Waiting as WaitingLines
from bookings.spans import Span
from bookings.states import LineState
from frontend.components import Action, Waiting
from frontend.presenters.actions import line_actions
from frontend.presenters.addresses import address
from frontend.presenters.offers import offer_rows
from frontend.presenters.questions import question_rows
from frontend.presenters.reader import Reader
from frontend.presenters.requests.cards import exception_words
from frontend.presenters.texts import booking_title, borrower_of, line_chip, things

SOON = timedelta(hours=24)
MOST_ACTIONS = 2
MOST_ROWS = 8
"""Of a long heap; all of it is behind its link."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heap of the desk; `more_url` leads to all of it."""

    title: str
    rows: tuple[Waiting, ...]
    more_url: str = ""
    more: str = ""


def sections(
    waiting: WaitingLines,
    answered: Sequence[Line],
    proposed: Sequence[Offer],
    questions: Sequence[Question],
    *,
    reader: Reader,
    keeper: bool,
) -> tuple[Section, ...]:
    """Heaps that have something, the most urgent first; the first action of the first row is the next one."""
    told = {line.pk for line in answered}
    coming = [line for line in waiting.coming if line.pk not in told]
    found = [
        Section(_("Proposals to answer"), offer_rows(proposed, reader=reader)),
        Section(
            _("To be settled"),
            _rows(waiting.settling, reader, urgent=True),
            more_url=address("to-settle") if keeper else "",
            more=_("See what you could propose") if keeper else "",
        ),
        Section(_("Out and back today"), _today(waiting.out_and_back, reader)),
        Section(
            _("Waiting for our answer"),
            _to_answer(waiting.to_answer, reader)[:MOST_ROWS],
            more_url=address("requests"),
            more=_("All requests side by side"),
        ),
        Section(
            _("Questions to answer"),
            question_rows(questions, reader=reader)[:MOST_ROWS],
            more_url=address("questions"),
            more=_("All questions"),
        ),
        Section(_("Our requests on their way"), _rows(waiting.mine, reader, due=_hold_until)),
        Section(_("Answered lately"), _rows(answered, reader, actions=False)),
        Section(_("Coming up"), _rows(coming, reader, actions=False)),
    ]
    return _one_next([section for section in found if section.rows])


def shortcuts() -> tuple[Action, ...]:
    """What a keeper opens many times a day: where calls are written in, the week, and today's sheet."""
    return (
        Action(label=_("Write in"), url=address("write-in"), icon="pencil-square"),
        Action(label=_("The week"), url=address("weeks"), icon="calendar-days"),
        Action(label=_("Today"), url=address("today"), icon="clipboard-document-list"),
    )


def _one_next(found: Sequence[Section]) -> tuple[Section, ...]:
    """The neon is for one action: the first in the most urgent row that has any."""
    result, spent = [], False
    for section in found:
        rows = []
        for row in section.rows:
            first = row.actions[0] if row.actions else None
            if first is not None and not spent and first.kind == "plain":
                spent = True
                lit = (replace(first, kind="next"), *row.actions[1:])
                rows.append(replace(row, actions=lit))
            else:
                rows.append(row)
        result.append(replace(section, rows=tuple(rows)))
    return tuple(result)


def _by_booking(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines of one booking and owner are one row."""
    heaps: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        heaps.setdefault((line.booking_id, line.lender_id), []).append(line)
    return list(heaps.values())


def _rows(
    lines: Iterable[Line],
    reader: Reader,
    *,
    urgent: bool = False,
    actions: bool = True,
    due: object = None,
) -> tuple[Waiting, ...]:
    return tuple(
        _row(heap, reader, urgent=urgent, actions=actions, due=due) for heap in _by_booking(lines)
    )


def _to_answer(lines: Sequence[Line], reader: Reader) -> tuple[Waiting, ...]:
    """What waits for the house, with what must be known before a yes of one tap."""
    heaps = _by_booking(sorted(lines, key=due_at))
    found = []
    for heap in heaps:
        row = _row(heap, reader, urgent=False, actions=True, due=_answer_by)
        rivals = any(_wanted_too(line, lines) for line in heap)
        others = _("others ask for the same time") if rivals else ""
        known = (row.detail, exception_words(heap), others)
        found.append(replace(row, detail=" · ".join(one for one in known if one)))
    return tuple(found)


def _wanted_too(line: Line, lines: Iterable[Line]) -> bool:
    """Whether somebody else waits for the same single thing at a time that meets it."""
    if line.resource.units > 1 or line.wanted_minutes:
        return False
    use = Span(line.use_starts_at, line.use_ends_at)
    return any(
        other.resource_id == line.resource_id
        and other.booking_id != line.booking_id
        and not other.wanted_minutes
        and use.overlaps(Span(other.use_starts_at, other.use_ends_at))
        for other in lines
    )


def _row(heap: list[Line], reader: Reader, *, urgent: bool, actions: bool, due: object) -> Waiting:
    first = heap[0]
    said = due(first, reader) if callable(due) else ("", None)
    words, instant = said
    soon = isinstance(instant, datetime) and instant - reader.viewer.now < SOON
    zone = ZoneInfo(first.zone)
    span = Span(min(line.use_starts_at for line in heap), max(line.use_ends_at for line in heap))
    title = booking_title(first.booking, heap, reader.language)
    named = things(heap, reader.language)
    parts = (named if named != title else "", _other(first, reader), reader.clock.span(span, zone))
    return Waiting(
        title=title,
        url=reverse("frontend:booking", args=[first.booking.uid]),
        detail=" · ".join(part for part in parts if part),
        due=words,
        urgent=urgent or soon,
        chip=line_chip(first, reader, until=not words),
        actions=_actions(heap, reader) if actions else (),
    )


def _other(line: Line, reader: Reader) -> str:
    if line.lender_id in reader.viewer.institutions and line.lender_id == reader.acting:
        return borrower_of(line.booking)
    return str(line.lender)


def _actions(heap: list[Line], reader: Reader) -> tuple[Action, ...]:
    """The two weightiest for one thing; several things are answered on their page."""
    line = heap[0]
    if len(heap) > 1:
        url = reverse("frontend:booking", args=[line.booking.uid])
        return (Action(label=_("Look at it"), url=url),)
    back = reverse("frontend:desk")
    found = line_actions(line, line.booking, reader.viewer, back=back, quick=True)
    return tuple(action for action in found if action.kind == "plain")[:MOST_ACTIONS]


def _answer_by(line: Line, reader: Reader) -> tuple[str, datetime | None]:
    until = due_at(line)
    return _("Answer by %(moment)s") % {"moment": reader.clock.moment(until)}, until


def _hold_until(line: Line, reader: Reader) -> tuple[str, datetime | None]:
    """The chip says until when; here it only makes a row urgent."""
    return "", line.expires_at


def _today(lines: Iterable[Line], reader: Reader) -> tuple[Waiting, ...]:
    """In order of the hour at which something goes out or comes back."""
    rows = []
    for line in lines:
        out = line.state == LineState.CONFIRMED
        at = line.use_starts_at if out else line.use_ends_at
        late = not out and at < reader.viewer.now
        rows.append((at, line, out, late))
    rows.sort(key=lambda row: row[0])
    found = []
    for at, line, out, late in rows:
        row = _row([line], reader, urgent=late, actions=True, due=None)
        word = _today_word(line, out=out)
        found.append(replace(row, due=f"{word}: {reader.clock.moment(at, ZoneInfo(line.zone))}"))
    return tuple(found)


def _today_word(line: Line, *, out: bool) -> str:
    if line.handover == "none":
        return pgettext("today", "Begins")
    return pgettext("today", "Out") if out else pgettext("today", "Back")
