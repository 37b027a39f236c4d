"""Who may do what with bookings. Services ask here; pages and API show what comes out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cooperative.access.viewer import Viewer
from sharing.models.terms import FeeKind

from .case_steps import STEPS
from .models import Booking, Case, CaseState, Line, Objection, Offer, OfferKind
from .states import (
    IS_OUT,
    PRICED,
    PROPOSED_BY_ASKER,
    PROPOSED_BY_OWNER,
    TRANSITIONS,
    UNANSWERED,
    UNDONE_WITHIN,
    LineState,
    OfferState,
    Who,
)


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
    return line.state in UNANSWERED and not line.waiting and due is not None and due <= now


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


def may_name_fee(line: Line, by: Viewer) -> bool:
    """Whether `by` may say what an agreed line costs, or less than was agreed."""
    settled = line.fee_amount is None and line.fee_kind in {"", FeeKind.FREE}
    return by.may("keeper", line.lender_id) and line.state in PRICED and not settled


def may_ask_for(by: Viewer, institution: int) -> bool:
    return by.may("staff", institution)


def may_keep(by: Viewer, owner: int) -> bool:
    """Own programme, closures, hours and numbers of an owner's things."""
    return by.may("keeper", owner)


def may_say_not_there(line: Line, by: Viewer) -> bool:
    """Who came for it need not wait for its end to say that it is not there."""
    begun = line.state == LineState.CONFIRMED and line.use_starts_at <= by.now
    return begun and by.may("staff", line.booking.borrower_id)


# --- something was wrong ----------------------------------------------------------------------------
def case_sides(case: Case, by: Viewer) -> tuple[int, ...]:
    """The institutions of the two (database ids) that `by` speaks for: keepers of the lender, staff of the borrower.

    The one acted for comes first.
    """
    found = []
    if by.may("keeper", case.lender_id):
        found.append(case.lender_id)
    if case.borrower_id != case.lender_id and by.may("staff", case.borrower_id):
        found.append(case.borrower_id or 0)
    return tuple(sorted(found, key=lambda house: house != by.acting_for))


def other_than(case: Case, side: int) -> int | None:
    """The side across from `side`; None in one's own record: of who was written in, and of one's own house."""
    other = case.borrower_id if side == case.lender_id else case.lender_id
    return None if other == side else other


def may_moderate(case: Case, by: Viewer) -> bool:
    """A moderator reads and decides what was brought, unless an institution of theirs is a side."""
    is_side = bool({case.lender_id, case.borrower_id} & by.institutions)
    return by.moderator and not is_side and case.brought_at is not None


def concerned(case: Case) -> tuple[int, ...]:
    """Who may object to the decision: whom it falls on, and either side where nothing follows."""
    if case.outcome_for_id is not None:
        return (case.outcome_for_id,)
    return tuple(house for house in (case.lender_id, case.borrower_id) if house is not None)


def case_actions(
    case: Case, objections: Collection[Objection], by: Viewer, *, other_moderators: bool
) -> tuple[str, ...]:
    """What `by` may do with a case as it stands: buttons are made from it, and services ask it.

    `objections` are those of the case; `other_moderators`: one who did not decide it could answer them.
    """
    mine = case_sides(case, by)
    them = other_than(case, case.opened_for_id)
    found: list[str] = []
    if them in mine and not case.answered_at:
        found.append("answer")
    if mine and not all(agreed(case, side) for side in mine):
        found.append("settle")
    if mine and them is not None and may_bring(case, by, mine):
        found.append("bring")
    if may_moderate(case, by):
        found.append("decide")
        waits = any(one.answered_at is None for one in objections)
        if waits and (by.person != case.decided_by_id or not other_moderators):
            found.append("answer_objection")
    if case.objection_until is not None and by.now < case.objection_until:
        said = {one.institution_id for one in objections}
        if any(side in concerned(case) and side not in said for side in mine):
            found.append("object")
    return tuple(action for action in found if CaseState(case.state) in STEPS[action])


def may_bring(case: Case, by: Viewer, mine: Collection[int]) -> bool:
    """First it stays between the two: who opened it waits for the answer, or its five days. The other side need not."""
    waits = case.answered_at is None and by.now < case.answer_due_at
    return not waits or any(side != case.opened_for_id for side in mine)


def agreed(case: Case, side: int) -> bool:
    """Whether a side has said "settled between us"."""
    at = case.settled_by_lender_at if side == case.lender_id else case.settled_by_borrower_at
    return at is not None
