"""WHEN: wishes (bookings, series), their facts (lines), and what holds time (capacities, claims, blocks).

The rows that hold time are guarded by triggers and an exclusion constraint (migration 0003): what does not fit
cannot be stored, whoever writes."""

from .blocks import Block, BlockKind
from .bookings import Booking, Series
from .capacities import Capacity, CapacityMode, Composition
from .claims import Claim, ClaimCause
from .lines import Line
from .messages import BookingMessage, MessageKind
from .offers import Offer, OfferKind
from .sessions import Seat, SeatedSession
from .watches import Watch

__all__ = [
    "Block",
    "BlockKind",
    "Booking",
    "BookingMessage",
    "Capacity",
    "CapacityMode",
    "Claim",
    "ClaimCause",
    "Composition",
    "Line",
    "MessageKind",
    "Offer",
    "OfferKind",
    "Seat",
    "SeatedSession",
    "Series",
    "Watch",
]
