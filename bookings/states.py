"""The states of lines, bookings and offers, and the one table by which lines move.

Buttons, API actions, permission tests and the diagram in the docs are made from `TRANSITIONS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

UNDONE_WITHIN = timedelta(hours=1)
"""How long a keeper may take back, without a word, what was written in."""


class LineState(TextChoices):
    DRAFT = "draft", _("not sent yet")
    ASKED = "asked", _("asked")
    HELD = "held", _("kept for now")
    ACCEPTED = "accepted", _("agreed, waiting for the rest")
    CONFIRMED = "confirmed", _("confirmed")
    TO_SETTLE = "to_settle", _("to be settled")
    HANDED_OVER = "handed_over", _("handed out")
    OVERDUE = "overdue", _("not back in time")
    RETURNED = "returned", _("given back")
    LOST = "lost", _("lost")
    FINISHED = "finished", _("took place")
    NOT_USED = "not_used", _("not used")
    DISPUTED = "disputed", _("in dispute")
    CLOSED = "closed", _("closed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


class BookingState(TextChoices):
    DRAFT = "draft", _("not sent yet")
    OPEN = "open", _("waiting for an answer")
    PARTLY_CONFIRMED = "partly_confirmed", _("partly confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    CLOSED = "closed", _("closed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")


class OfferState(TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WatchState(TextChoices):
    WAITING = "waiting", _("watched")
    OFFERED = "offered", _("offered")
    TAKEN = "taken", _("taken up")
    LEFT = "left", _("no longer wanted")
    EXPIRED = "expired", _("expired")


class Who(TextChoices):
    """Who moves a line. `BORROWER` = staff of the borrower, `KEEPER` = keepers of the lender, `BOTH` = either side."""

    BORROWER = "borrower"
    KEEPER = "keeper"
    BOTH = "both"
    MODERATOR = "moderator"
    SYSTEM = "system"


S = LineState
UNANSWERED = frozenset({S.ASKED, S.HELD})
"""Sent, and its owner has not answered."""
WAITING = UNANSWERED | {S.ACCEPTED}
"""Not answered to the end: what a withdrawal takes back."""
LIVE = frozenset({S.ASKED, S.HELD, S.ACCEPTED, S.CONFIRMED, S.TO_SETTLE, S.HANDED_OVER, S.OVERDUE})
"""Still to come, or out."""
ASKED_OR_MORE = WAITING | {S.CONFIRMED}
"""On its way to be used: whoever asks for the same again is told."""
CLAIMING = frozenset({S.HELD, S.ACCEPTED, S.CONFIRMED, S.HANDED_OVER, S.OVERDUE})
"""Hold time: these states, and no others, have claims."""
HITTABLE = frozenset({S.HELD, S.ACCEPTED, S.CONFIRMED})
"""Give way to facts. What has been handed out, or has taken place, does not."""
FIRM = frozenset(
    {
        S.CONFIRMED,
        S.HANDED_OVER,
        S.OVERDUE,
        S.FINISHED,
        S.RETURNED,
        S.LOST,
        S.NOT_USED,
        S.DISPUTED,
        S.CLOSED,
    }
)
"""Confirmed or further."""
OVER = frozenset({S.DECLINED, S.EXPIRED, S.CANCELLED, S.WITHDRAWN})
"""Came to nothing."""
REVIVED = frozenset({S.ASKED, S.HELD, S.DECLINED, S.CANCELLED})
"""What taking a proposal brings to life, or answers."""
PRICED = (FIRM - {S.CLOSED}) | {S.ACCEPTED, S.TO_SETTLE}
"""A yes was given: what it costs can still be said, lowered or waived."""
IS_OUT = frozenset({S.HANDED_OVER, S.OVERDUE})
PROPOSED_BY_OWNER = REVIVED | IS_OUT | {S.ACCEPTED, S.CONFIRMED, S.TO_SETTLE}
"""Its owner may propose something else for it; who asked, for the next."""
PROPOSED_BY_ASKER = IS_OUT | WAITING | {S.CONFIRMED, S.TO_SETTLE}
DONE = frozenset({S.FINISHED, S.RETURNED, S.LOST, S.NOT_USED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: `action` moves a line from any of `sources` to one of `targets`."""

    action: str
    sources: frozenset[LineState]
    targets: tuple[LineState, ...]
    who: tuple[Who, ...]
    needs_reason: bool = False
    """The person must say why, in words."""


def _row(
    action: str,
    sources: set[LineState],
    targets: tuple[LineState, ...] | LineState,
    *who: Who,
    needs_reason: bool = False,
) -> Transition:
    reached = targets if isinstance(targets, tuple) else (targets,)
    return Transition(action, frozenset(sources), reached, who, needs_reason)


TRANSITIONS: dict[str, Transition] = {
    row.action: row
    for row in (
        _row("send", {S.DRAFT}, (S.ASKED, S.HELD, S.ACCEPTED, S.CONFIRMED), Who.BORROWER),
        _row("write_in", set(), S.CONFIRMED, Who.KEEPER),
        _row("approve", {S.ASKED, S.HELD}, (S.CONFIRMED, S.ACCEPTED), Who.KEEPER),
        _row(
            "accept",
            {S.ASKED, S.HELD, S.DECLINED, S.CANCELLED},
            (S.HELD, S.ACCEPTED, S.CONFIRMED),
            Who.BORROWER,
        ),
        _row("complete", {S.ACCEPTED}, S.CONFIRMED, Who.SYSTEM, Who.BORROWER),
        _row("decline", {S.ASKED, S.HELD, S.ACCEPTED}, S.DECLINED, Who.KEEPER, needs_reason=True),
        _row("reopen", {S.DECLINED}, S.ASKED, Who.KEEPER),
        _row("withdraw", {S.DRAFT, S.ASKED, S.HELD, S.ACCEPTED}, S.WITHDRAWN, Who.BORROWER),
        _row("let_go", {S.HELD, S.ACCEPTED}, S.ASKED, Who.KEEPER),
        _row("run_out", {S.HELD, S.ACCEPTED}, S.ASKED, Who.SYSTEM),
        _row("expire", {S.ASKED}, S.EXPIRED, Who.SYSTEM),
        _row("cancel", {S.CONFIRMED, S.TO_SETTLE}, S.CANCELLED, Who.BORROWER),
        _row("take_back", {S.CONFIRMED, S.TO_SETTLE}, S.CANCELLED, Who.KEEPER, needs_reason=True),
        _row("hit", {S.HELD, S.ACCEPTED, S.CONFIRMED}, S.TO_SETTLE, Who.SYSTEM),
        _row("restore", {S.TO_SETTLE}, (S.HELD, S.ACCEPTED, S.CONFIRMED), Who.SYSTEM),
        _row("settle", {S.TO_SETTLE}, S.CONFIRMED, Who.BOTH),
        _row("hand_over", {S.CONFIRMED}, S.HANDED_OVER, Who.KEEPER),
        _row("give_back", {S.HANDED_OVER, S.OVERDUE}, S.RETURNED, Who.KEEPER),
        _row("overdue", {S.HANDED_OVER}, S.OVERDUE, Who.KEEPER, Who.SYSTEM),
        _row("extend", {S.OVERDUE}, S.HANDED_OVER, Who.SYSTEM),
        _row("lost", {S.HANDED_OVER, S.OVERDUE}, S.LOST, Who.KEEPER),
        _row("finish", {S.CONFIRMED}, S.FINISHED, Who.SYSTEM),
        _row("not_used", {S.CONFIRMED, S.FINISHED}, S.NOT_USED, Who.KEEPER),
        _row(
            "complain",
            {S.FINISHED, S.RETURNED, S.LOST, S.NOT_USED},
            S.DISPUTED,
            Who.BOTH,
            needs_reason=True,
        ),
        _row("resolve", {S.DISPUTED}, S.CLOSED, Who.BOTH, Who.MODERATOR),
        _row("close", {S.FINISHED, S.RETURNED, S.LOST, S.NOT_USED}, S.CLOSED, Who.SYSTEM),
    )
}

PERSONAL_ACTIONS = tuple(
    row.action
    for row in TRANSITIONS.values()
    if set(row.who) - {Who.SYSTEM} and row.action not in {"send", "write_in", "accept"}
)
"""Actions on a line that a person takes, as in `POST booking-lines/{id}/{action}/`; an offer is what one accepts."""


def booking_state(lines: list[str]) -> BookingState:
    """The stored state of a booking from the states of its lines. The first row that holds."""
    states = {LineState(state) for state in lines}
    rows = (
        (not states or S.DRAFT in states, BookingState.DRAFT),
        (bool(states & WAITING and states & FIRM), BookingState.PARTLY_CONFIRMED),
        (bool(states & WAITING), BookingState.OPEN),
        (
            S.TO_SETTLE in states or bool(states & LIVE and states & OVER),
            BookingState.PARTLY_CONFIRMED,
        ),
        (bool(states & (FIRM - {S.CLOSED})), BookingState.CONFIRMED),
        (S.CLOSED in states, BookingState.CLOSED),
        (S.CANCELLED in states, BookingState.CANCELLED),
        (S.DECLINED in states, BookingState.DECLINED),
        (S.EXPIRED in states, BookingState.EXPIRED),
    )
    return next((state for holds, state in rows if holds), BookingState.WITHDRAWN)
