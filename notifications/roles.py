"""In which role of an event somebody is told of it, and whether they still have it."""

from __future__ import annotations

from cooperative.access.viewer import Viewer
from notifications.models import Delivery

OUTSIDE = "outside"
"""Somebody without an account, for whom the booking was written in."""
BORROWING = frozenset({"borrower", OUTSIDE})
"""The side that uses what is lent."""
ROLE_NEEDED = {"lender": "keeper", "borrower": "staff", "manager": "manager"}


def may_hear(delivery: Delivery, *, viewer: Viewer) -> bool:
    """Whether the recipient still has the role in which they were to be told."""
    role = delivery.party_role
    if role in ROLE_NEEDED:
        return viewer.may(ROLE_NEEDED[role], delivery.institution_id)
    if role == "moderator":
        return viewer.moderator
    if role == "office":
        house = delivery.institution
        return house is not None and house.office_email.lower() == delivery.address
    # Addresses are asked about when a mail goes out: whether they are still the ones that are meant.
    return role in {"person", "invited", OUTSIDE}
