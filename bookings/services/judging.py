"""From a wish to an answer, before anything is stored: the same path for sending, checking and writing in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, UnknownResource
from bookings.facts import Ask, ResourceFacts, Taken
from bookings.opening import after_working_days
from bookings.periods import Wanted
from bookings.queries.facts import facts_by_uid, facts_to_ask, states_now
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free, resource_not_offered
from bookings.rules.room import stands_behind, too_many_held
from bookings.spans import Span, enclosing
from bookings.states import LineState
from bookings.wishes import BookingWish, Errors, LineWish
from cooperative.access.viewer import Viewer

WAITED_FOR = frozenset({"taken", "not_enough_units", "not_enough_hours", "kept_for_another"})
"""Reasons that time may take away: one can wait."""
HOLD_WORKING_DAYS = 3
ACCEPTED_AT_MOST = timedelta(days=14)
AROUND = timedelta(days=15)
"""Days off are read this far around a wish, so that alternatives need no second look."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one line: its reasons, or the state it would have and until when that holds."""

    index: int
    wish: LineWish
    ask: Ask
    reasons: tuple[Reason, ...]
    state: LineState | None
    expires_at: datetime | None = None
    waived: tuple[str, ...] = ()
    waiting: bool = False
    """On the waiting list: it is asked, and nothing of it can be had now."""
    left_out: bool = False
    """Not wanted by itself: it comes with another line, which does without it or is refused."""

    @property
    def place(self) -> int:
        """Where it stands among what was asked for."""
        return self.index if self.wish.place is None else self.wish.place

    @property
    def possible(self) -> bool:
        return self.state is not None

    @property
    def claims(self) -> bool:
        return self.state in {LineState.HELD, LineState.ACCEPTED, LineState.CONFIRMED}

    @property
    def counts(self) -> bool:
        """Whether the other lines of its request do without what it takes: also where its owner chooses, as nobody asks
        for more than there is in one request."""
        behind = self.waiting or self.ask.wanted is not None or stands_behind(self.ask)
        return self.claims or (self.state == LineState.ASKED and not behind)


def days_around(spans: Sequence[Span]) -> tuple[date, date]:
    """The days whose closures matter to wishes at `spans`."""
    first = min(span.start for span in spans) - AROUND
    last = max(span.end for span in spans) + AROUND
    return first.date(), last.date()


def load_asks(
    wish: BookingWish, *, by: Viewer, borrower: int | None, borrower_state: str
) -> list[Ask]:
    """One `Ask` for each line, without what is taken yet. Raises `UnknownResource` for what `by` may not see."""
    # Working days are counted from now, whenever the use is.
    deciding = Span(by.now, by.now + ACCEPTED_AT_MOST)
    since, until = days_around([deciding, *(line.use for line in wish.lines)])
    facts = facts_to_ask(
        {line.resource for line in wish.lines},
        since=since,
        until=until,
        borrower=borrower,
        starts={line.use.start for line in wish.lines} if wish.once else (),
    )
    asks = []
    for line in wish.lines:
        resource = facts.get(line.resource)
        if resource is None or not resource.seen_by(by):
            raise UnknownResource
        asks.append(
            ask_for(resource, line, by=by, borrower=borrower, borrower_state=borrower_state)
        )
    return asks


def ask_for(
    resource: ResourceFacts,
    line: LineWish,
    *,
    by: Viewer,
    borrower: int | None,
    borrower_state: str,
) -> Ask:
    use = line.use
    return Ask(
        resource=resource,
        terms=resource.terms_to_ask(by, use.start.astimezone(resource.zone).date()),
        use=use,
        event=line.event,
        units=line.units,
        borrower=borrower,
        borrower_state=borrower_state,
        now=by.now,
        second_in_line=line.second_in_line,
        in_series=line.series is not None,
        wanted=line.wanted,
        paused_until=resource.asker_paused_until,
    )


def as_taken(ask: Ask) -> list[Taken]:
    """What `ask` would claim, as the lines beside it in the same request count it."""
    return [demand.as_taken() for demand in ask.demands]


def capacities_of(asks: Iterable[Ask]) -> set[int]:
    """Everything that the asks could claim of: what a commit locks."""
    return {capacity for ask in asks for capacity in ask.locked}


def hull(asks: Sequence[Ask]) -> Span:
    """From the first to the last instant that the asks would claim."""
    return enclosing(ask.claimed for ask in asks)


def bring_along(
    wish: BookingWish, asks: Sequence[Ask], *, by: Viewer
) -> tuple[BookingWish, list[Ask]]:
    """The wish and its asks with what its things come only with, unless that was asked for besides.

    Such a line has the times of the one that brings it, and its terms where it has none of its own for the asker.
    """
    wanted = {one.uid for ask in asks for one in ask.resource.comes_with if ask.wanted is None}
    if not wanted:
        return wish, list(asks)
    since, until = days_around([Span(by.now, by.now + ACCEPTED_AT_MOST), *(a.use for a in asks)])
    facts = facts_by_uid(wanted, since=since, until=until)
    lines, brought = list(wish.lines), list(asks)
    for index, ask in enumerate(asks):
        for companion in ask.resource.comes_with if ask.wanted is None else ():
            resource = facts[companion.uid]
            beside = next(
                (
                    number
                    for number, other in enumerate(asks)
                    if other.resource.id == resource.id
                    and other.use.contains(ask.use)
                    and other.units >= companion.units
                    and lines[number].brought_by is None
                ),
                None,
            )
            if beside is not None:
                lines[beside] = replace(lines[beside], brought_by=index)
                continue
            line = replace(
                wish.lines[index],
                resource=companion.uid,
                units=companion.units,
                second_in_line=False,
                brought_by=index,
                series=None,
                series_on=None,
                place=None,
            )
            bare = ask_for(
                resource, line, by=by, borrower=ask.borrower, borrower_state=ask.borrower_state
            )
            lines.append(line)
            brought.append(replace(bare, terms=bare.terms or ask.terms, brought=True))
    return replace(wish, lines=tuple(lines)), brought


def answer_all(
    wish: BookingWish,
    asks: Sequence[Ask],
    taken: Sequence[Taken],
    *,
    verb: Verb = "ask",
    open_holds: int = 0,
) -> list[Answer]:
    """Judge every line; what an earlier line of the same request would claim counts for the later ones.

    `taken` are the live claims on everything that is asked for. What a line brings is judged with it.
    """
    answers: dict[int, Answer] = {}
    mine: list[Taken] = []
    for index, (line, bare) in enumerate(zip(wish.lines, asks, strict=True)):
        if line.brought_by is not None:
            continue
        ask = _beside(bare, (*taken, *mine), open_holds)
        answer = _answer(index, line, ask, wish, verb)
        together = _with_what_it_brings(answer, wish, asks, (*taken, *mine), verb)
        for one in together:
            answers[one.index] = one
            if one.counts:
                mine.extend(as_taken(one.ask))
            if one.state == LineState.HELD:
                open_holds += 1
    return [answers[index] for index in range(len(wish.lines))]


def _beside(bare: Ask, taken: Sequence[Taken], open_holds: int) -> Ask:
    """With what is in its way in time: of a year of dates each looks at its own day only."""
    during = {
        demand.share.capacity: None if demand.share.mode == "total" else demand.span
        for demand in bare.demands
    }
    return replace(
        bare,
        taken=tuple(
            claim
            for claim in taken
            if claim.capacity in during
            and ((span := during[claim.capacity]) is None or span.overlaps(claim.load.span))
        ),
        open_holds=open_holds,
    )


def _with_what_it_brings(
    answer: Answer, wish: BookingWish, asks: Sequence[Ask], taken: Sequence[Taken], verb: Verb
) -> list[Answer]:
    """An answer, and those of the lines it brings: of the same state, or left out where the owner is to waive them."""
    brought = [index for index, line in enumerate(wish.lines) if line.brought_by == answer.index]
    if not brought:
        return [answer]
    counted = [*taken, *as_taken(answer.ask)]
    others: list[Answer] = []
    missing: list[Reason] = []
    for index in brought:
        ask = _beside(asks[index], counted, 0)
        why = judge(ask, "bring" if verb == "ask" else verb)
        if why:
            terms = answer.ask.terms
            may_ask_anyway = terms is not None and terms.ask_anyway
            reason = companion_not_free(ask.resource, why, waivable=may_ask_anyway)
            missing.append(reason.at(answer.place, answer.wish.series_on))
        others.append(Answer(index, wish.lines[index], ask, (), answer.state, answer.expires_at))
        counted.extend(as_taken(ask))
    waits = answer.waiting or (answer.wish.waiting_list and answer.state is not None and missing)
    if waits and can_wait(missing):
        return [
            replace(one, state=LineState.ASKED, expires_at=None, waiting=True)
            for one in (answer, *others)
        ]
    if answer.state is not None and not missing:
        return [answer, *others]
    left_out = [replace(one, state=None, expires_at=None, left_out=True) for one in others]
    if (
        verb == "write_in" and answer.state is not None
    ):  # whom the keeper writes in, the keeper sees to
        return [answer, *left_out]
    if answer.waiting:  # it would have waited, but what it brings has to be told of as well
        place, on = answer.place, answer.wish.series_on
        own = tuple(reason.at(place, on) for reason in judge(answer.ask, verb))
        answer = replace(answer, reasons=own, waiting=False)
    reasons = (*answer.reasons, *missing)
    codes = (*answer.waived, *(reason.code for reason in missing))
    if wish.ask_anyway.strip() and not answer.reasons and all(one.waivable for one in missing):
        waived = replace(answer, state=LineState.ASKED, expires_at=None, waived=codes)
        return [waived if missing else answer, *left_out]
    return [replace(answer, reasons=reasons, state=None, expires_at=None), *left_out]


def _answer(index: int, line: LineWish, ask: Ask, wish: BookingWish, verb: Verb) -> Answer:
    place = index if line.place is None else line.place
    if ask.wanted is not None:
        return _answer_of_a_period(index, line, ask, wish, ask.wanted)
    reasons = tuple(reason.at(place, line.series_on) for reason in judge(ask, verb))
    if reasons:
        if line.waiting_list and can_wait(reasons):
            return Answer(index, line, ask, (), LineState.ASKED, waiting=True)
        if wish.ask_anyway.strip() and all(reason.waivable for reason in reasons):
            codes = tuple(reason.code for reason in reasons)
            return Answer(index, line, ask, (), LineState.ASKED, waived=codes)
        return Answer(index, line, ask, reasons, None)
    state, until = _outcome(ask, wish, verb)
    if until is not None and until <= ask.now:  # it begins at once: nothing can be kept that long
        state, until = LineState.ASKED, None
    return Answer(index, line, ask, (), state, until)


def _answer_of_a_period(
    index: int, line: LineWish, ask: Ask, wish: BookingWish, wanted: Wanted
) -> Answer:
    """It is asked, and claims nothing: its owner answers with times. Judged is only what can be said already."""
    some = Span(ask.use.start, ask.use.start + wanted.length)
    reasons = [*judge(ask, "period"), *judge(replace(ask, use=some, event=some), "length")]
    told = tuple(reason.at(index) for reason in reasons)
    if not told:
        return Answer(index, line, ask, (), LineState.ASKED)
    if wish.ask_anyway.strip() and all(reason.waivable for reason in told):
        codes = tuple(reason.code for reason in told)
        return Answer(index, line, ask, (), LineState.ASKED, waived=codes)
    return Answer(index, line, ask, told, None)


def can_wait(reasons: Sequence[Reason]) -> bool:
    """Whether all that stands in the way may come free, also of what a thing comes only with."""
    return all(_may_come_free(one) for one in reasons)


def _may_come_free(reason: Reason) -> bool:
    if reason.code == "companion_not_free":
        return set(reason.values["reasons"]) <= WAITED_FOR
    return reason.code in WAITED_FOR


def _outcome(ask: Ask, wish: BookingWish, verb: Verb) -> tuple[LineState, datetime | None]:
    """What the owner's policy makes of a line that nothing stands in the way of, and until when that holds."""
    if verb == "write_in":
        return LineState.CONFIRMED, None
    if stands_behind(ask) or ask.policy == "owner_chooses":
        return LineState.ASKED, None
    if ask.policy == "keep_first" and ask.in_series and too_many_held(ask):
        return LineState.ASKED, None
    if ask.policy == "keep_first":
        return LineState.HELD, hold_until(ask.resource, ask.use, now=ask.now)
    if wish.all_or_nothing and wish.asked_for > 1:
        return LineState.ACCEPTED, accepted_until(ask.resource, ask.use, now=ask.now, since=ask.now)
    return LineState.CONFIRMED, None


def hold_until(resource: ResourceFacts, use: Span, *, now: datetime) -> datetime:
    """A hold runs out after 3 of the owner's working days, never beyond the start."""
    return min(after_working_days(resource, now, HOLD_WORKING_DAYS), use.start)


def accepted_until(
    resource: ResourceFacts, use: Span, *, now: datetime, since: datetime
) -> datetime:
    """An acceptance runs out 3 working days after the latest answer, 14 days after its own, never beyond the start."""
    latest = after_working_days(resource, now, HOLD_WORKING_DAYS)
    return min(latest, since + ACCEPTED_AT_MOST, use.start)


def frozen(ask: Ask) -> tuple[dict[str, Any], dict[str, Any]]:
    """(terms, shown): what a line keeps of its terms and of what it shows of its resource."""
    resource = ask.resource
    terms: dict[str, Any] = dict(ask.terms.agreed) if ask.terms is not None else {}
    if ask.terms is not None:
        terms |= {"terms": ask.terms.uid, "policy": ask.policy, "ask_anyway": ask.terms.ask_anyway}
    shown = {
        "uid": str(resource.uid),
        "titles": dict(resource.titles),
        "original": resource.original,
        "owner": resource.owner_name,
        "owner_uid": str(resource.owner_uid),
        "category": resource.category,
        "kind": resource.kind,
    }
    return terms, shown


def refuse_what_is_not_said(wish: BookingWish, asks: Iterable[Ask]) -> None:
    """What owners want to know before they answer has to be said when it is sent. Raises `Invalid`, field by field."""
    errors = Errors()
    for ask in asks:
        for name in () if ask.brought else ask.resource.needs:
            value = getattr(wish, name)
            said = value is not None if not isinstance(value, str) else bool(value.strip())
            words = {"owner": ask.resource.owner_name, "what": ask.resource.title}
            sentence = _("%(owner)s needs to know this for “%(what)s”.") % words
            errors.check(said, name, sentence, "needed_by_owner")
    errors.refuse()


def refuse_what_is_gone(resources: Sequence[ResourceFacts]) -> None:
    """Read under the locks whether things are still offered as they were when the facts were read.

    Facts are read before the locks; a thing withdrawn meanwhile is promised to nobody. Raises `BookingRefused`.
    """
    now = states_now({resource.id for resource in resources})
    gone = [resource for resource in resources if now.get(resource.id) != resource.state]
    if gone:
        raise BookingRefused([resource_not_offered()])
