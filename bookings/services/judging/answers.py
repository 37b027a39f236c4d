"""Judging asks one beside the other: the reasons of each, or the state that it would have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.periods import Wanted
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free
from bookings.rules.room import stands_behind, too_many_held
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import BookingWish, LineWish

from .asks import as_taken
from .until import accepted_until, hold_until

WAITED_FOR = frozenset({"taken", "not_enough_units", "not_enough_hours", "kept_for_another"})
"""Reasons that time may take away: one can wait."""


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
    if not any(line.brought_by == answer.index for line in wish.lines):
        return [answer]
    others, missing = _brought_along(answer, wish, asks, taken, verb)
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


def _brought_along(
    answer: Answer, wish: BookingWish, asks: Sequence[Ask], taken: Sequence[Taken], verb: Verb
) -> tuple[list[Answer], list[Reason]]:
    """The lines that one brings, in the state that it has itself, and why some of them cannot come."""
    counted = [*taken, *as_taken(answer.ask)]
    others: list[Answer] = []
    missing: list[Reason] = []
    for index, line in enumerate(wish.lines):
        if line.brought_by != answer.index:
            continue
        ask = _beside(asks[index], counted, 0)
        why = judge(ask, "bring" if verb == "ask" else verb)
        if why:
            terms = answer.ask.terms
            may_ask_anyway = terms is not None and terms.ask_anyway
            reason = companion_not_free(ask.resource, why, waivable=may_ask_anyway)
            missing.append(reason.at(answer.place, answer.wish.series_on))
        others.append(Answer(index, line, ask, (), answer.state, answer.expires_at))
        counted.extend(as_taken(ask))
    return others, missing


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
