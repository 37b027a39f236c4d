"""One request with all that its answer needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import BlockKind, Line
from bookings.queries.keeping import Asked, InWay, due_at
from bookings.states import LineState
from frontend.components import Fact, StateChip
from frontend.forms.answers import AnswerForm
from frontend.presenters.cases import warned
from frontend.presenters.fees import fee_facts, to_be_agreed
from frontend.presenters.lines import (
    block_title,
    booking_title,
    facts_of_wish,
    line_chip,
    thing_title,
    units_label,
    when,
    who,
)
from frontend.presenters.moments import due_label, moment_label, span_label

WAIVED = {
    "outside_hours": gettext_lazy("outside your hours"),
    "day_off": gettext_lazy("on your day off"),
    "nobody_at_the_desk": gettext_lazy("fetched or brought back when nobody is there"),
    "too_late_to_ask": gettext_lazy("asked later than you wish"),
    "too_early_to_ask": gettext_lazy("asked earlier than you wish"),
    "too_short": gettext_lazy("shorter than you wish"),
    "too_long": gettext_lazy("longer than you wish"),
    "not_in_steps": gettext_lazy("not in your steps of time"),
    "asked_already": gettext_lazy("asked a second time, on purpose"),
}
URGENT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """One request with all that its answer needs."""

    uid: str
    title: str
    url: str
    thing: str
    who: str
    asker: str
    when: str
    units: str
    chip: StateChip
    due: str
    urgent: bool
    facts: tuple[Fact, ...]
    fee_open: bool
    """A yes has to say how much."""
    waiver: str
    waived: str
    second: bool
    in_way: tuple[str, ...]
    lets_go: tuple[str, ...]
    fits: bool
    may_let_go: bool
    waits_for_rest: bool
    answer_url: str
    form: AnswerForm
    next_one: bool = False
    folded: bool = True
    error: str = ""
    propose_url: str = ""
    times: bool = False
    """No time is named: the owner answers with some."""


def card_of(
    one: Asked, now: datetime, sent: dict[str, AnswerForm], error: str, first: int
) -> RequestCard:
    line, booking = one.line, one.line.booking
    due = due_at(line)
    form = sent.get(str(line.uid)) or AnswerForm(
        prefix=str(line.uid)[-8:], initial={"phrase": _known_reason(one)}
    )
    return RequestCard(
        uid=str(line.uid),
        title=booking_title(booking),
        url=booking_url(line),
        thing=thing_title(line),
        who=who(booking),
        asker=booking.person.name if booking.person is not None else "",
        when=when(line),
        units=units_label(line),
        chip=line_chip(line),
        due=due_label(due, line.zone, now=now),
        urgent=due - now < URGENT,
        facts=(*warned_fact(one), *facts_of_wish(line), *fee_facts(line)),
        fee_open=to_be_agreed(line),
        waiver=one.why,
        waived=exception_words([line]),
        second=line.second_in_line,
        in_way=tuple(in_way_words(way, line) for way in one.in_way if way.until is None),
        lets_go=tuple(in_way_words(way, line) for way in one.in_way if way.until is not None),
        fits=one.fits,
        may_let_go=line.state in {LineState.HELD, LineState.ACCEPTED},
        waits_for_rest=line.state == LineState.ACCEPTED,
        answer_url=reverse("frontend:request-answer", args=[line.uid]),
        form=form,
        next_one=line.pk == first and one.fits,
        folded=one.fits and str(line.uid) not in sent,
        propose_url=reverse("frontend:propose", args=[line.uid]),
        times=line.wanted_minutes is not None,
        error=error if str(line.uid) in sent else "",
    )


def exception_words(lines: Iterable[Line]) -> str:
    """Which rules of the house these ask to give way; "" where none."""
    waived = dict.fromkeys(code for line in lines for code in line.waived)
    if not waived:
        return ""
    rules = ", ".join(str(WAIVED[code]) for code in waived if code in WAIVED)
    return _("Asks for an exception: %(rules)s") % {"rules": rules}


def _known_reason(one: Asked) -> str:
    """Of what cannot be confirmed the reason that stands in the calendar already, a code of `REASONS`, or ""."""
    firm = [way for way in one.in_way if way.until is None]
    if one.fits or not firm:
        return ""
    block = next((way.block for way in firm if way.block is not None), None)
    if block is None:
        return "promised"
    return _BLOCKED.get(BlockKind(block.kind), "")


_BLOCKED = {BlockKind.OWN_PROGRAMME: "own", BlockKind.REPAIR: "repair"}


def warned_fact(one: Asked) -> tuple[Fact, ...]:
    """All that an owner is told of a warning: that there is one, and until when."""
    said = warned(one.warned_until, zone=one.line.zone)
    return (Fact(term=who(one.line.booking), detail=said),) if said else ()


def booking_url(line: Line) -> str:
    return reverse("frontend:booking", args=[line.booking.uid])


def in_way_words(way: InWay, line: Line) -> str:
    """ "Choir rehearsal, Dom Kultury Nadrzecze, Fri 12 March, 18:00–21:00"."""
    if way.block is not None:
        name = block_title(way.block)
    elif way.line is not None:
        name = f"{booking_title(way.line.booking)}, {who(way.line.booking)}"
    else:
        name = _("an offer")
    said = f"{name}: {span_label(way.span.start, way.span.end, line.zone)}"
    if way.until is not None:
        said = _("%(what)s (reserved for now until %(until)s)") % {
            "what": said,
            "until": moment_label(way.until, line.zone),
        }
    return said
