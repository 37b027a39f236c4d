"""From a wish to an answer, before anything is stored: the same path for sending, checking and writing in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bookings.errors import BookingRefused, UnknownResource
from bookings.facts import Ask, ResourceFacts, Taken
from bookings.opening import after_working_days
from bookings.queries.facts import facts_to_ask, states_now
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.parties import resource_not_offered
from bookings.rules.room import stands_behind
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import BookingWish, LineWish
from cooperative.access.viewer import Viewer

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

    @property
    def possible(self) -> bool:
        return self.state is not None

    @property
    def claims(self) -> bool:
        return self.state in {LineState.HELD, LineState.ACCEPTED, LineState.CONFIRMED}


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
        borrower=borrower if wish.once else None,
        starts={line.use.start for line in wish.lines},
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
    )


def as_taken(ask: Ask) -> list[Taken]:
    """What `ask` would claim, as the lines beside it in the same request count it."""
    return [demand.as_taken() for demand in ask.demands]


def capacities_of(asks: Iterable[Ask]) -> set[int]:
    """Everything that the asks could claim of: what a commit locks."""
    return {capacity for ask in asks for capacity in ask.locked}


def hull(asks: Sequence[Ask]) -> Span:
    """From the first to the last instant that the asks would claim."""
    return Span(min(a.claimed.start for a in asks), max(a.claimed.end for a in asks))


def answer_all(
    wish: BookingWish,
    asks: Sequence[Ask],
    taken: Sequence[Taken],
    *,
    verb: Verb = "ask",
    open_holds: int = 0,
) -> list[Answer]:
    """Judge every line; what an earlier line of the same request would claim counts for the later ones.

    `taken` are the live claims on everything that is asked for.
    """
    answers: list[Answer] = []
    mine: list[Taken] = []
    for index, (line, bare) in enumerate(zip(wish.lines, asks, strict=True)):
        of_it = {demand.share.capacity for demand in bare.demands}
        ask = replace(
            bare,
            taken=tuple(claim for claim in (*taken, *mine) if claim.capacity in of_it),
            open_holds=open_holds,
        )
        answer = _answer(index, line, ask, wish, verb)
        answers.append(answer)
        if answer.claims:
            mine.extend(as_taken(ask))
        if answer.state == LineState.HELD:
            open_holds += 1
    return answers


def _answer(index: int, line: LineWish, ask: Ask, wish: BookingWish, verb: Verb) -> Answer:
    reasons = tuple(reason.at(index) for reason in judge(ask, verb))
    if reasons:
        if wish.ask_anyway.strip() and all(reason.waivable for reason in reasons):
            codes = tuple(reason.code for reason in reasons)
            return Answer(index, line, ask, (), LineState.ASKED, waived=codes)
        return Answer(index, line, ask, reasons, None)
    state, until = _outcome(ask, wish, verb)
    if until is not None and until <= ask.now:  # it begins at once: nothing can be kept that long
        state, until = LineState.ASKED, None
    return Answer(index, line, ask, (), state, until)


def _outcome(ask: Ask, wish: BookingWish, verb: Verb) -> tuple[LineState, datetime | None]:
    """What the owner's policy makes of a line that nothing stands in the way of, and until when that holds."""
    if verb == "write_in":
        return LineState.CONFIRMED, None
    if stands_behind(ask) or ask.policy == "owner_chooses":
        return LineState.ASKED, None
    if ask.policy == "keep_first":
        return LineState.HELD, hold_until(ask.resource, ask.use, now=ask.now)
    if wish.all_or_nothing and len(wish.lines) > 1:
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


def refuse_what_is_gone(resources: Sequence[ResourceFacts]) -> None:
    """Read under the locks whether things are still offered as they were when the facts were read.

    Facts are read before the locks; a thing withdrawn meanwhile is promised to nobody. Raises `BookingRefused`.
    """
    now = states_now({resource.id for resource in resources})
    gone = [resource for resource in resources if now.get(resource.id) != resource.state]
    if gone:
        raise BookingRefused([resource_not_offered()])
