"""The parties of what is written into the log about a booking."""

from __future__ import annotations

from collections.abc import Iterable

from bookings.models import Booking
from cooperative.events.services import Party


def parties_of(booking: Booking | None, lenders: Iterable[int] = ()) -> tuple[Party, ...]:
    """Its owners (`lenders`, database ids), its borrower where that is a member, and who asked."""
    found = [Party("lender", institution=lender) for lender in lenders]
    if booking is not None and booking.borrower_id is not None:
        found.append(Party("borrower", institution=booking.borrower_id))
    if booking is not None and booking.person_id is not None:
        found.append(Party("asker", person=booking.person_id))
    return tuple(found)
