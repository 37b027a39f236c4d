"""Who may do what with bookings. Services ask here; pages and API show what comes out."""

from __future__ import annotations

from datetime import datetime, timedelta

from cooperative.access.viewer import Viewer

from .models import Booking, Line, Offer, OfferKind
from .states import (
    IS_OUT,
    PROPOSED_BY_ASKER,
    PROPOSED_BY_OWNER,
    TRANSITIONS,
    LineState,
    OfferState,
    Who,
)

UNDONE_WITHIN = timedelta(hours=1)
"""How long a keeper may take back, without a word, what was written in."""


def sides(line: Line, booking: Booking, by: Viewer) -> frozenset[Who]:
    """On which sides of a line `by` stands."""
    found: set[Who] = set()
    if by.system:
        found.add(Who.SYSTEM)
    if by.may("staff", booking.borrower_id):
        found |= {Who.BORROWER, Who.BOTH}
    if by.may("keeper", line.lender_id):
        found |= {Who.KEEPER, Who.BOTH}
    if by.moderator:
        found.add(Who.MODERATOR)
    return frozenset(found)


def may_act(line: Line, booking: Booking, action: str, by: Viewer) -> bool:
    """Whether `by` may take `action` at all, whatever the state of the line."""
    return bool(sides(line, booking, by) & frozenset(TRANSITIONS[action].who))


def allowed_actions(line: Line, booking: Booking, by: Viewer) -> tuple[str, ...]:
    """The actions that `by` may take on the line as it stands, in the table's order: buttons are made from it."""
    mine = sides(line, booking, by)
    return tuple(
        row.action
        for row in TRANSITIONS.values()
        if LineState(line.state) in row.sources
        and row.action != "accept"  # one answers a proposal, not the line
        and mine & frozenset(row.who)
        and _makes_sense(line, booking, row.action)
    )


def _makes_sense(line: Line, booking: Booking, action: str) -> bool:
    """What the state alone does not say."""
    if action in {"hand_over", "give_back", "overdue", "lost"}:
        return line.handover != "none"
    if action == "approve":
        return not line.wanted_minutes
    if action == "complete":
        return booking.all_or_nothing
    return True


def answers(offer: Offer, by: Viewer) -> bool:
    """Whether `by` is on the side that a proposal was made to; for somebody written in their keeper answers."""
    borrower = offer.booking.borrower_id if offer.booking is not None else None
    if offer.offered_for_id == offer.lender_id:
        return by.may("staff", borrower) if borrower else by.may("keeper", offer.lender_id)
    return by.may("keeper", offer.lender_id)


def makes(offer: Offer, by: Viewer) -> bool:
    """Whether `by` is on the side that made it. What came free for who waits was made by nobody."""
    if offer.kind == OfferKind.WAITING:
        return False
    if offer.offered_for_id == offer.lender_id:
        return by.may("keeper", offer.lender_id)
    return by.may("staff", offer.offered_for_id)


def answers_open_to(offer: Offer, by: Viewer) -> tuple[str, ...]:
    """What `by` may do with a proposal as it stands: buttons are made from it."""
    if offer.state != OfferState.OPEN or offer.expires_at <= by.now:
        return ()
    found = ("accept", "decline") if answers(offer, by) else ()
    return (*found, "withdraw") if makes(offer, by) else found


def may_propose(line: Line, by: Viewer) -> bool:
    """Whether `by` may propose something else for a line as it stands: its owner, or who asked for it."""
    if line.use_ends_at <= by.now and line.state not in IS_OUT:
        return False
    if by.may("keeper", line.lender_id) and line.state in PROPOSED_BY_OWNER:
        return True
    return by.may("staff", line.booking.borrower_id) and line.state in PROPOSED_BY_ASKER


def may_name_people(line: Line, booking: Booking, by: Viewer) -> bool:
    """Whether `by` writes who comes on the places of a line: its borrower's staff, and the owner's keepers."""
    return bool(sides(line, booking, by) & {Who.BORROWER, Who.KEEPER})


def not_answered(line: Line, now: datetime) -> bool:
    """Whether an answer was due by `now` and did not come."""
    due = line.answer_due_at
    return (
        line.state in {LineState.ASKED, LineState.HELD}
        and not line.waiting
        and due is not None
        and due <= now
    )


def may_write_in(by: Viewer, lender: int) -> bool:
    return by.may("keeper", lender)


def may_correct(booking: Booking, by: Viewer) -> bool:
    """Who writes what a booking is about: its borrower's staff; for an outside party the keepers who wrote it in."""
    if booking.borrower_id is not None:
        return by.may("staff", booking.borrower_id)
    return booking.entered_for_id is not None and by.may("keeper", booking.entered_for_id)


def may_undo_write_in(booking: Booking, by: Viewer) -> bool:
    """Within the hour, by a keeper of the house that wrote it in."""
    fresh = booking.entered_for_id is not None and by.now - booking.created_at < UNDONE_WITHIN
    return fresh and by.may("keeper", booking.entered_for_id)


def may_ask_for(by: Viewer, institution: int) -> bool:
    return by.may("staff", institution)


def may_keep(by: Viewer, owner: int) -> bool:
    """Own programme, closures, hours and numbers of an owner's things."""
    return by.may("keeper", owner)
