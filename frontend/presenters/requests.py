"""The requests inbox: what waits for an answer, grouped where not all of it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.models import BlockKind, Line
from bookings.queries.keeping import Asked, InWay
from bookings.queries.rivals import Standing
from bookings.services.offers.suggesting import Suggestion
from bookings.spans import Load, Span, peak
from bookings.states import LineState
from frontend.components import Action, Fact, Mark, StateChip, Strip, Tick, TileKind, Waiting, cut
from frontend.forms.answers import AnswerForm

from .cases import warned
from .fees import fee_facts, to_be_agreed
from .lines import (
    block_title,
    booking_title,
    facts_of_wish,
    line_chip,
    thing_title,
    units_label,
    when,
    who,
)
from .moments import day_label, due_label, moment_label, span_label
from .settling import suggestion_words

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
MOST_COMPARED = 12
"""Rivals for whom something else is looked for: each costs a look at what it may see."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGroup:
    """Requests for the same time of one thing; alone most of the time."""

    caption: str
    note: str
    week_url: str
    strip: Strip | None
    cards: tuple[RequestCard, ...]

    @property
    def several(self) -> bool:
        return len(self.cards) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A refusal that can still be taken back."""

    title: str
    detail: str
    url: str
    undo_url: str
    until: str
    alone: str = "1"


def groups_of(
    asked: Sequence[Asked],
    *,
    now: datetime,
    sent: dict[str, AnswerForm],
    error: str = "",
    standings: Mapping[int, Standing] | None = None,
    elsewhere: Callable[[list[Line]], Mapping[int, Suggestion]] | None = None,
) -> list[RequestGroup]:
    """Groups in order of urgency; `sent` holds a form that came back with something wrong, by line uid.

    `elsewhere` finds what rivals could take instead; it is called once, and only where there are rivals.
    """
    found: list[list[Asked]] = []
    for one in asked:
        meeting = [group for group in found if any(_meet(one, other) for other in group)]
        merged = [other for group in meeting for other in group]
        found = [group for group in found if group not in meeting]
        found.append([*merged, one])
    # Where there is enough for all of them nobody competes.
    found = [
        part
        for group in found
        for part in ([group] if _too_much(group) else [[one] for one in group])
    ]
    # What repeats has a card of its own; where others want one of its dates it stands here as well.
    found = [group for group in found if len(group) > 1 or group[0].line.series_id is None]
    found.sort(key=lambda group: min(_order(one) for one in group))
    first = found[0][0].line.pk if found else 0
    groups = [_group(group, now, sent, error, first) for group in found]
    by_uid = {str(one.line.uid): one.line for one in asked}
    rivals = [by_uid[card.uid] for group in groups if group.several for card in group.cards]
    looked_at = rivals[:MOST_COMPARED] if elsewhere is not None else []
    found_for = elsewhere(looked_at) if elsewhere is not None and looked_at else {}
    instead = {line.pk: found_for.get(line.pk) for line in looked_at}
    return [_compared(group, by_uid, standings or {}, instead) for group in groups]


AUDIENCES = {
    "own": gettext_lazy("our own house"),
    "partnership": gettext_lazy("partner"),
    "network": gettext_lazy("our network"),
    "cooperative": gettext_lazy("member of the cooperative"),
}


def _compared(
    group: RequestGroup,
    lines: Mapping[str, Line],
    standings: Mapping[int, Standing],
    instead: Mapping[int, Suggestion | None],
) -> RequestGroup:
    """Where several ask, what is needed to choose is said of each: in which order, since when, by which rule, and what
    of ours it could take instead."""
    if not group.several:
        return group
    cards = []
    for number, card in enumerate(group.cards, start=1):
        line = lines[card.uid]
        sent = moment_label(line.sent_at, line.zone) if line.sent_at is not None else ""
        facts = [
            Fact(
                term=_("Asked"),
                detail=_("as number %(number)s, %(moment)s") % {"number": number, "moment": sent},
                icon="clock",
            )
        ]
        standing = standings.get(line.pk)
        if standing is not None and standing.audience in AUDIENCES:
            said = str(AUDIENCES[standing.audience])
            if standing.days_ahead:
                ahead = ngettext(
                    "may ask %(days)s day earlier than others by your published terms",
                    "may ask %(days)s days earlier than others by your published terms",
                    standing.days_ahead,
                ) % {"days": standing.days_ahead}
                said = f"{said}: {ahead}"
            facts.append(Fact(term=_("Asks as"), detail=said))
        facts += card.facts
        if line.pk in instead:
            other = instead[line.pk]
            said = suggestion_words(line, other) if other else _("nothing else of ours")
            facts.append(Fact(term=_("Could also have"), detail=said, icon="arrow-path"))
        cards.append(replace(card, facts=tuple(facts)))
    return replace(group, cards=tuple(cards))


def _order(one: Asked) -> tuple[float, int]:
    due = one.line.expires_at or one.line.decide_by or one.line.use_starts_at
    return due.timestamp(), one.line.pk


def _meet(left: Asked, right: Asked) -> bool:
    """The same thing at the same time."""
    same = left.line.resource_id == right.line.resource_id
    if left.line.wanted_minutes or right.line.wanted_minutes:
        return False
    return same and left.claimed.overlaps(right.claimed)


def _too_much(group: Sequence[Asked]) -> bool:
    """All of them together, beside what is firm, are more than there is."""
    loads = [Load(one.claimed, one.line.units) for one in group]
    ways = {(way.span, way.units) for one in group for way in one.in_way if way.until is None}
    loads += [Load(span, units) for span, units in ways]
    whole = Span(min(one.claimed.start for one in group), max(one.claimed.end for one in group))
    return peak(loads, whole) > group[0].size


def _group(
    group: list[Asked], now: datetime, sent: dict[str, AnswerForm], error: str, first: int
) -> RequestGroup:
    group.sort(key=lambda one: (one.line.sent_at or one.line.use_starts_at, one.line.pk))
    line = group[0].line
    title = thing_title(line)
    return RequestGroup(
        caption=title,
        note=_("Not all of these can be served: choose.") if len(group) > 1 else "",
        week_url=f"{reverse('frontend:week', args=[line.shown.get('uid')])}?day={line.local_date}",
        strip=_strip(group) if len(group) > 1 or group[0].in_way else None,
        cards=tuple(_card(one, now, sent, error, first) for one in group),
    )


def _card(
    one: Asked, now: datetime, sent: dict[str, AnswerForm], error: str, first: int
) -> RequestCard:
    line, booking = one.line, one.line.booking
    due = line.expires_at if line.state == LineState.HELD else line.decide_by
    form = sent.get(str(line.uid)) or AnswerForm(
        prefix=str(line.uid)[-8:], initial={"phrase": _known_reason(one)}
    )
    return RequestCard(
        uid=str(line.uid),
        title=booking_title(booking),
        url=_booking_url(line),
        thing=thing_title(line),
        who=who(booking),
        asker=booking.person.name if booking.person is not None else "",
        when=when(line),
        units=units_label(line),
        chip=line_chip(line),
        due=due_label(due, line.zone, now=now) if due is not None else "",
        urgent=due is not None and due - now < URGENT,
        facts=(*warned_fact(one), *facts_of_wish(line), *fee_facts(line)),
        fee_open=to_be_agreed(line),
        waiver=one.why,
        waived=exception_words(line) if line.waived else "",
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


def exception_words(line: Line) -> str:
    """Which rules of the house a request asks to give way."""
    rules = ", ".join(str(WAIVED[code]) for code in line.waived if code in WAIVED)
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


def _booking_url(line: Line) -> str:
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


def _strip(group: list[Asked]) -> Strip | None:
    """The time in which they meet: what is asked, reserved and taken in it, by the hour or by the day."""
    zone = ZoneInfo(group[0].line.zone)
    start = min(one.line.use_starts_at for one in group).astimezone(zone)
    end = max(one.claimed.end for one in group).astimezone(zone)
    by_hour = end - start <= timedelta(hours=36)
    start = start.replace(minute=0, hour=start.hour if by_hour else 0)
    unit = 60 if by_hour else 1440
    minutes = -(-int((end - start).total_seconds()) // 60)
    count = -(-minutes // unit)
    if count > 120:
        return None
    edges = [start + timedelta(minutes=unit * index) for index in range(count + 1)]
    labels = [f"{edge:%H:%M}" if by_hour else day_label(edge.date()) for edge in edges]
    marks = [
        _mark(one.claimed.start, one.claimed.end, start, "asked", _("asked for")) for one in group
    ]
    for way in {id(way): way for one in group for way in one.in_way}.values():
        kind: TileKind = "taken" if way.until is None else "held"
        word = _("taken") if way.until is None else _("reserved for now")
        marks.append(_mark(way.span.start, way.span.end, start, kind, word))
    tiles = cut(
        [mark for mark in marks if mark.end > 0],
        minutes=count * unit,
        unit=unit,
        labels=labels,
        base="free",
        base_label=_("free"),
    )
    # On a phone more than a dozen numbers run into each other.
    apart = 1 if count <= 12 else 3 if count <= 36 else 12
    ticks = tuple(
        Tick(
            label=f"{edges[index].hour}" if by_hour else f"{edges[index].day}",
            span=min(apart, count - index),
        )
        for index in range(0, count, apart)
    )
    return Strip(label=_("The time in question"), tiles=tiles, ticks=ticks)


def _mark(starts: datetime, ends: datetime, origin: datetime, kind: TileKind, word: str) -> Mark:
    first = int((starts - origin).total_seconds() // 60)
    last = int((ends - origin).total_seconds() // 60)
    return Mark(start=max(first, 0), end=last, kind=kind, label=word)


def answered(lines: Sequence[Line]) -> list[Answered]:
    """Refusals of the last hour; the dates of a series that were declined together are one."""
    together: dict[tuple[int | None, datetime | None, int], list[Line]] = {}
    for line in lines:
        key = (line.series_id, line.decided_at, 0 if line.series_id else line.pk)
        together.setdefault(key, []).append(line)
    return [_answered(group[0], len(group)) for group in together.values()]


def _answered(line: Line, count: int) -> Answered:
    dates = ngettext("%(count)d date", "%(count)d dates", count) % {"count": count}
    said = when(line) if count == 1 else dates
    return Answered(
        title=booking_title(line.booking),
        detail=" · ".join([thing_title(line), who(line.booking), said, *_by_whom(line)]),
        url=_booking_url(line),
        undo_url=reverse("frontend:request-answer", args=[line.uid]),
        alone="1" if count == 1 else "0",
        until=moment_label(line.decided_at + timedelta(hours=1), line.zone)
        if line.decided_at
        else "",
    )


def _by_whom(line: Line) -> list[str]:
    """Which colleague answered."""
    who = line.decided_by
    return [_("answered by %(who)s") % {"who": who}] if who is not None else []


def waiting(lines: Sequence[Line]) -> tuple[Waiting, ...]:
    """Rows for what is no longer a question to the house alone: to settle, waiting for the rest."""
    return tuple(
        Waiting(
            title=booking_title(line.booking),
            url=_booking_url(line),
            detail=f"{thing_title(line)} · {who(line.booking)} · {when(line)}",
            chip=line_chip(line),
            due=due_label(line.expires_at, line.zone, now=line.state_since)
            if line.expires_at
            else "",
            actions=tuple(
                Action(
                    label=str(label),
                    url=reverse("frontend:request-answer", args=[line.uid]),
                    method="post",
                    fields=(("action", action),),
                )
                for action, label in _OPEN.get(line.state, {}).items()
            ),
        )
        for line in lines
    )


_OPEN: dict[str, dict[str, object]] = {
    "to_settle": {"settle": gettext_lazy("Agreed from our side")},
    "accepted": {"let_go": gettext_lazy("Let it go")},
}
