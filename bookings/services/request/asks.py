"""What a request asks, line by line: series unfolded, what comes along beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from bookings.facts.ask import Ask
from bookings.permissions import may_ask_for
from bookings.services.judging.asks import bring_along, load_asks
from bookings.services.series.unfolding import UnfoldedWish, unfold_series
from bookings.wishes import BookingWish, Errors, check_number
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden


def holding(asks: Sequence[Ask]) -> bool:
    """Whether something may be kept for who asks, so that their holds have to be counted."""
    return any(ask.policy == "keep_first" for ask in asks)


def asks_of(*, by: Viewer, institution: int, wish: BookingWish) -> tuple[UnfoldedWish, list[Ask]]:
    """The wish with a line for each date and for what comes along, and an `Ask` for each of its lines."""
    if by.acting_for != institution or not may_ask_for(by, institution):
        raise Forbidden(_("You do not act for this institution."))
    unfolded = unfold_series(wish, by=by)
    if not unfolded.wish.lines:
        return unfolded, []
    asks = load_asks(unfolded.wish, by=by, borrower=institution, borrower_state=by.acting_state)
    whole, asks = bring_along(unfolded.wish, asks, by=by)
    errors = Errors()
    check_number(len(whole.lines), errors)
    errors.refuse()
    return replace(unfolded, wish=whole), asks
