"""Dates of something with seats: added, changed, cancelled by its owner, and let take place after all."""

from .cancelling import cancel_session, restore_session
from .keeping import (
    SessionPlan,
    add_session,
    another_then,
    change_session,
    check_seats,
    new_session,
    own_with_places,
)

__all__ = [
    "SessionPlan",
    "add_session",
    "another_then",
    "cancel_session",
    "change_session",
    "check_seats",
    "new_session",
    "own_with_places",
    "restore_session",
]
