"""Sending a request: the verb, and what is said where the guard refused."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.reasons import Reason
from bookings.services.alternatives import alternatives_for
from bookings.services.commit import DoesNotFit, commit, with_fresh_facts
from bookings.services.enquiries import carry_questions
from bookings.services.judging.refusing import refuse_what_is_not_said
from bookings.services.months import begin_months
from bookings.services.starting_again import StaleFacts
from bookings.wishes import BookingWish, validate
from cooperative.access.viewer import Viewer

from .asks import asks_of
from .plan import RequestPlan
from .stored import Requested, refused_lines


def request_booking(
    *,
    by: Viewer,
    institution: int,
    wish: BookingWish,
    draft: int | None = None,
    quiet: bool = False,
) -> Requested:
    """Ask for everything in `wish` on behalf of `institution` (database id).

    Raises `Invalid` (cannot be meant), `Forbidden`, `UnknownResource`, `BookingRefused` with all reasons and
    alternatives. `draft` is the id of a draft booking whose lines these are. What was asked about these things before
    goes along.
    """
    validate(wish)

    made = with_fresh_facts(
        lambda: _send(by=by, institution=institution, wish=wish, draft=draft, quiet=quiet)
    )
    carry_questions(made.booking, made.lines)
    return made


def _send(
    *, by: Viewer, institution: int, wish: BookingWish, draft: int | None, quiet: bool
) -> Requested:
    unfolded, asks = asks_of(by=by, institution=institution, wish=wish)
    if not asks:
        raise BookingRefused(unfolded.impossible)
    refuse_what_is_not_said(unfolded.wish, asks)
    if begin_months(demand for ask in asks if ask.wanted is None for demand in ask.demands):
        raise StaleFacts
    plan = RequestPlan(
        unfolded.wish, asks, institution, by, draft, unfolded.impossible, unfolded.dates
    )
    try:
        booking, lines = commit(plan, now=by.now, by=by, quiet=quiet, in_turn=True)
    except BookingRefused as refused:
        raise BookingRefused(
            refused.reasons, alternatives_for(plan.answers, by=by, wish=plan.wish)
        ) from None
    except DoesNotFit:
        raise BookingRefused(_guard_said_no(plan.asks), ()) from None
    return Requested(booking, tuple(lines), refused_lines(plan, by=by))


def _guard_said_no(asks: Sequence[Ask]) -> list[Reason]:
    return [
        Reason("taken", "fact", _("Somebody was quicker. Please look again."), line=index)
        for index, _ask in enumerate(asks)
    ]
