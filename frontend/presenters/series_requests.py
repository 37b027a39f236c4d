"""Requests that repeat, in the inbox of their owner: one card for a series, with a row for each of its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Line
from bookings.queries.keeping import Asked, due_at
from bookings.queries.series import repetition_of
from bookings.recurrence import sentence
from frontend.components import Fact
from frontend.forms.answers import AnswerForm

from .fees import fee_facts, to_be_agreed
from .lines import booking_title, facts_of_wish, thing_title, units_label, when, who
from .moments import due_label
from .requests.cards import URGENT, exception_words, in_way_words, warned_fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedDate:
    """One date that waits; `notes` = what is in its way, or who else asks for that time."""

    uid: str
    when: str
    fits: bool
    notes: tuple[str, ...]
    answer_url: str
    decline_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRequest:
    """All dates of one thing that wait for the same owner. `one_answer`: who asked wants one for all."""

    uid: str
    title: str
    url: str
    thing: str
    who: str
    asker: str
    sentence: str
    units: str
    counts: str
    one_answer: bool
    due: str
    urgent: bool
    facts: tuple[Fact, ...]
    fee_open: bool
    """A yes has to say how much."""
    waiver: str
    waived: str
    dates: tuple[RequestedDate, ...]
    fits: bool
    answer_url: str
    form: AnswerForm
    week_url: str
    next_one: bool
    folded: bool
    error: str


def series_requests(
    asked: Sequence[Asked],
    *,
    now: datetime,
    sent: dict[str, AnswerForm],
    error: str = "",
    lit: bool,
) -> list[SeriesRequest]:
    """One card for each series, the most urgent first; `lit` = the first of them has the next action of the page."""
    found: dict[int, list[Asked]] = {}
    for one in asked:
        if one.line.series_id is not None:
            found.setdefault(one.line.series_id, []).append(one)
    groups = sorted(found.values(), key=lambda group: min(_due(one.line) for one in group))
    return [
        _card(group, asked, now, sent, error, first=lit and number == 0)
        for number, group in enumerate(groups)
    ]


def without_what_is_brought(lines: Sequence[Line]) -> list[Line]:
    """What comes along with a date of a series is answered with it."""
    dated = {line.pk for line in lines if line.series_id is not None}
    return [line for line in lines if line.brought_by_id not in dated]


def _due(line: Line) -> tuple[datetime, int]:
    return due_at(line), line.pk


def _card(
    group: list[Asked],
    asked: Sequence[Asked],
    now: datetime,
    sent: dict[str, AnswerForm],
    error: str,
    *,
    first: bool,
) -> SeriesRequest:
    group.sort(key=lambda one: (one.line.use_starts_at, one.line.pk))
    line, booking = group[0].line, group[0].line.booking
    assert line.series is not None
    uids = {str(one.line.uid) for one in group}
    wrong = next((uid for uid in sent if uid in uids), "")
    form = sent.get(str(line.uid)) or AnswerForm(prefix=str(line.uid)[-8:])
    due = min(_due(one.line) for one in group)[0]
    fitting = sum(one.fits for one in group)
    return SeriesRequest(
        uid=str(line.uid),
        title=booking_title(booking),
        url=reverse("frontend:booking", args=[booking.uid]),
        thing=thing_title(line),
        who=who(booking),
        asker=booking.person.name if booking.person is not None else "",
        sentence=sentence(repetition_of(line.series)),
        units=units_label(line),
        counts=ngettext(
            "%(fit)d of %(count)d date fits", "%(fit)d of %(count)d dates fit", len(group)
        )
        % {"fit": fitting, "count": len(group)},
        one_answer=line.series.one_answer,
        due=due_label(due, line.zone, now=now),
        urgent=due - now < URGENT,
        facts=(*warned_fact(group[0]), *facts_of_wish(line), *fee_facts(line)),
        fee_open=to_be_agreed(line),
        waiver=next((one.why for one in group if one.why), ""),
        waived=exception_words(one.line for one in group),
        dates=tuple(_date(one, asked) for one in group),
        fits=fitting == len(group),
        answer_url=reverse("frontend:request-answer", args=[line.uid]),
        form=form,
        week_url=f"{reverse('frontend:week', args=[line.shown.get('uid')])}?day={line.local_date}",
        next_one=first and fitting == len(group),
        folded=not wrong,
        error=error if wrong else "",
    )


def _date(one: Asked, asked: Sequence[Asked]) -> RequestedDate:
    line = one.line
    firm = [in_way_words(way, line) for way in one.in_way if way.until is None]
    rivals = [
        _("also asked for: %(title)s, %(who)s")
        % {"title": booking_title(other.line.booking), "who": who(other.line.booking)}
        for other in asked
        if other.line.series_id != line.series_id
        and other.line.resource_id == line.resource_id
        and other.claimed.overlaps(one.claimed)
    ]
    back = reverse("frontend:requests")
    decline = reverse("frontend:line-action", args=[line.uid, "decline"])
    return RequestedDate(
        uid=str(line.uid),
        when=when(line),
        fits=one.fits,
        notes=(*(firm if not one.fits else ()), *rivals),
        answer_url=reverse("frontend:request-answer", args=[line.uid]),
        decline_url=f"{decline}?next={back}&alone=1",
    )
