"""Checking a request: what would become of it, with nothing stored and nothing locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from bookings.queries.claims import live_claims
from bookings.queries.parties import open_holds
from bookings.reasons import Alternative, Reason
from bookings.recurrence import LeftOut
from bookings.services.alternatives import alternatives_for
from bookings.services.judging.answers import Answer, answer_all
from bookings.services.judging.asks import capacities_of, hull
from bookings.services.judging.refusing import StillToSay, still_to_say
from bookings.services.series.unfolding import UnfoldedWish
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import UNNAMED, BookingWish, validate
from cooperative.access.viewer import Viewer

from .asks import asks_of, holding


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a line would become: spans UTC, the state, and until when that would hold.

    Of a series there is one for each of its dates (`on`, the owner's local day); those that cannot be have `reasons`
    and no state, and no spans where there is no such time.
    """

    index: int
    resource: UUID
    use: Span | None
    event: Span | None
    state: LineState | None
    expires_at: str | None
    policy: str
    on: date | None = None
    reasons: tuple[Reason, ...] = ()
    waiting: bool = False
    """Taken now: it would wait for what comes free."""


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to a question; nothing is stored."""

    possible: bool
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    proposed: tuple[Proposed, ...]
    waivable: bool
    """Only house rules stand in the way, and their owners leave exceptions open to be asked for."""
    left_out: tuple[tuple[int, LeftOut], ...] = ()
    """Dates of series that are not asked for, on purpose or as holidays, each with the index of its line."""
    still_to_say: tuple[StillToSay, ...] = ()
    """What has to be said when it is sent and is not yet: no reason against it."""


def check_booking(*, by: Viewer, institution: int, wish: BookingWish) -> Check:
    """What would become of `wish`, with all reasons and options; stores nothing, locks nothing.

    A title and what owners need to know may still be missing: the answer names it. Raises `Invalid`, `Forbidden`,
    `UnknownResource`.
    """
    named = wish if wish.title.strip() or wish.purpose.strip() else replace(wish, title="?")
    validate(named)
    unfolded, asks = asks_of(by=by, institution=institution, wish=wish)
    answers: list[Answer] = []
    if asks:
        rows = live_claims(capacities_of(asks), hull(asks), now=by.now)
        answers = answer_all(
            unfolded.wish,
            asks,
            [row.taken() for row in rows],
            open_holds=open_holds(institution, now=by.now) if holding(asks) else 0,
        )
    missing = still_to_say(unfolded.wish, asks)
    if named is not wish:
        missing = (StillToSay(None, "title", str(UNNAMED), "required"), *missing)
    found = replace(check_of(unfolded, answers), still_to_say=missing)
    if found.possible:
        return found
    options = alternatives_for(answers, by=by, wish=unfolded.wish)
    return replace(found, alternatives=tuple(options))


def check_of(unfolded: UnfoldedWish, answers: Sequence[Answer]) -> Check:
    """What `answers` say, without alternatives."""
    reasons = (*(one for answer in answers for one in answer.reasons), *unfolded.impossible)
    return Check(
        possible=not reasons,
        reasons=reasons,
        alternatives=(),
        proposed=_proposed(unfolded, answers),
        waivable=bool(reasons) and all(reason.waivable for reason in reasons),
        left_out=tuple(
            (series.place, one)
            for series, dates in zip(unfolded.wish.series, unfolded.dates, strict=True)
            for one in dates.left_out
        ),
    )


def _proposed(unfolded: UnfoldedWish, answers: Sequence[Answer]) -> tuple[Proposed, ...]:
    """What can be, and each date of a series whether it can be or not, in order."""
    found = [
        Proposed(
            answer.place,
            answer.wish.resource,
            answer.ask.use,
            answer.ask.event,
            answer.state,
            answer.expires_at.isoformat() if answer.expires_at else None,
            answer.ask.policy,
            answer.wish.series_on,
            answer.reasons,
            answer.waiting,
        )
        for answer in answers
        if answer.state is not None or answer.wish.series is not None
    ]
    at = {series.place: series.resource for series in unfolded.wish.series}
    found += [
        Proposed(one.line, at[one.line], None, None, None, None, "", one.on, (one,))
        for one in unfolded.impossible
        if one.line is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.index, one.on or date.min)))
