"""What a delivery may say, by what its event is about."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.models import Delivery
from notifications.queries.facts import LISTS, Facts, booking_of, case_of

from .bookings import of_booking
from .lists import listed
from .others import of_case, of_enquiry, of_house, of_invitation, of_resource
from .shown import Shown


def shown(delivery: Delivery, facts: Facts, along: Sequence[Delivery] = ()) -> Shown:
    """What may be said of this delivery's event, worded in the active language; and of those of `along`, which say the
    same of other lines of its booking."""
    event = delivery.event
    if event.verb in LISTS:
        return listed(delivery, facts)
    if delivery.party_role == "moderator" and case_of(event) is not None:
        return of_case(event, facts)
    if booking_of(event) is not None:
        return of_booking(delivery, facts, along)
    by_kind = {
        "resource": of_resource,
        "invitation": of_invitation,
        "enquiry": of_enquiry,
    }
    return by_kind.get(event.subject_kind, of_house)(delivery, facts)
