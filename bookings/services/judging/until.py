"""Until when a hold and an acceptance last."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings.facts.resource import ResourceFacts
from bookings.opening import after_working_days
from bookings.spans import Span

HOLD_WORKING_DAYS = 3
ACCEPTED_AT_MOST = timedelta(days=14)


def hold_until(resource: ResourceFacts, use: Span, *, now: datetime) -> datetime:
    """A hold runs out after 3 of the owner's working days, never beyond the start."""
    return min(after_working_days(resource, now, HOLD_WORKING_DAYS), use.start)


def accepted_until(
    resource: ResourceFacts, use: Span, *, now: datetime, since: datetime
) -> datetime:
    """An acceptance runs out 3 working days after the latest answer, 14 days after its own, never beyond the start."""
    latest = after_working_days(resource, now, HOLD_WORKING_DAYS)
    return min(latest, since + ACCEPTED_AT_MOST, use.start)
