"""Who reads a mail, where it goes, and in which language."""

from __future__ import annotations

from datetime import datetime

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from notifications.models import Delivery
from notifications.queries.facts import Facts


def address_of(delivery: Delivery) -> str:
    """Where the mail goes now; "" for who was erased, shut out, or has an address that cannot exist (RFC 2606)."""
    person = delivery.person
    address = delivery.address
    if person is not None:
        address = person.email if person.is_active and person.erased_at is None else ""
    return "" if address.lower().endswith(".invalid") else address


def reader_of(delivery: Delivery, now: datetime) -> Viewer:
    """Who reads it: the person as they are now, or for an office copy the institution itself."""
    if delivery.person is not None:
        return viewer_for(person=delivery.person, acting_for=delivery.institution_id, now=now)
    house = delivery.institution_id
    return Viewer(now=now, acting_for=house, roles={house: "keeper"} if house is not None else {})


def language_of(delivery: Delivery, facts: Facts) -> str:
    """The reader's own, the one that the invitation was written in, else the first of the house."""
    if delivery.person is not None:
        return delivery.person.language
    invitation = facts.invitations.get(delivery.event.subject_uid)
    if invitation is not None:
        return invitation.language
    return next(iter(delivery.institution.languages), "pl") if delivery.institution else "pl"
