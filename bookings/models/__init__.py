"""WHEN: wishes (bookings, series), their facts (lines), and what holds time (capacities, claims, blocks).

The rows that hold time are guarded by triggers and an exclusion constraint (migration 0003): what does not fit
cannot be stored, whoever writes."""

from .attachments import Attachment, Moment
from .blocks import Block, BlockKind
from .bookings import Booking, CameBy, Series
from .capacities import Capacity, CapacityMode, Composition
from .cases import Case, CaseKind, CaseState, Objection, Outcome, Sanction, SanctionKind
from .claims import Claim, ClaimCause
from .lines import Line
from .messages import BookingMessage, Enquiry, MessageKind
from .offers import Offer, OfferKind
from .schedules import (
    ScheduleFormat,
    ScheduleImport,
    ScheduleRow,
    ScheduleRowState,
    ScheduleState,
)
from .sessions import Seat, SeatedSession
from .watches import Watch

__all__ = [
    "Attachment",
    "Block",
    "BlockKind",
    "Booking",
    "BookingMessage",
    "CameBy",
    "Capacity",
    "CapacityMode",
    "Case",
    "CaseKind",
    "CaseState",
    "Claim",
    "ClaimCause",
    "Composition",
    "Enquiry",
    "Line",
    "MessageKind",
    "Moment",
    "Objection",
    "Offer",
    "OfferKind",
    "Outcome",
    "Sanction",
    "SanctionKind",
    "ScheduleFormat",
    "ScheduleImport",
    "ScheduleRow",
    "ScheduleRowState",
    "ScheduleState",
    "Seat",
    "SeatedSession",
    "Series",
    "Watch",
]
