"""Whether somebody may still be told, and still wants to be: asked at the moment of sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bookings.queries.offers import state_now
from bookings.states import OfferState
from notifications.messages import Message
from notifications.models import Channel, Delivery, Preference
from notifications.queries.facts import Facts, booking_of, offer_of
from notifications.queries.subjects.shown import Shown
from notifications.roles import OUTSIDE


def wants(message: Message, channel: str, chosen: Mapping[tuple[str, str], bool]) -> bool:
    """The person's own choice for the topic, else what is usual. The inbox and what is essential always."""
    if channel == Channel.IN_APP or message.essential:
        return True
    return chosen.get((message.topic, channel), True)


def choices(person: int | None) -> dict[tuple[str, str], bool]:
    """(topic, channel) -> wanted, as far as the person (database id) chose. One statement."""
    if person is None:
        return {}
    return {
        (topic, channel): wanted
        for topic, channel, wanted in Preference.objects.filter(person=person).values_list(
            "topic", "channel", "wanted"
        )
    }


def still_true(
    delivery: Delivery, message: Message, *, shown: Shown, facts: Facts, now: datetime
) -> bool:
    """Whether what the mail would say still holds: its lines' states, a reminder's time, an open invitation."""
    if not shown.visible:
        return False
    event = delivery.event
    if delivery.party_role == OUTSIDE and not _still_theirs(delivery, facts):
        return False
    if event.verb == "invitation.send":
        invitation = facts.invitations.get(event.subject_uid)
        return (
            invitation is not None
            and invitation.accepted_at is None
            and invitation.revoked_at is None
            and invitation.expires_at > now
            and invitation.email.lower() == delivery.address
        )
    if message.while_open:
        offer = facts.offers.get(offer_of(event) or event.uid)
        return offer is not None and state_now(offer, now) == OfferState.OPEN
    if message.still is None:
        return True
    times = {str(line.get("line")): line for line in event.data.get("lines", ())}
    for line in shown.lines:
        if line.state not in message.still:
            continue
        agreed = times.get(str(line.uid), {}).get("use_starts_at")
        if agreed is None or datetime.fromisoformat(agreed) == line.use_starts_at:
            return True
    return False


def _still_theirs(delivery: Delivery, facts: Facts) -> bool:
    """Whether the booking is still for who has this address."""
    booking = facts.bookings.get(booking_of(delivery.event) or delivery.event.uid)
    return booking is not None and booking.outside_email.lower() == delivery.address
