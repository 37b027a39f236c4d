"""Dates of something with seats as plans need them under their locks."""

from __future__ import annotations

from bookings.models import SeatedSession
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource


def queue_for_dates(resource: int) -> None:
    """Wait until nobody else changes the dates of a resource (database id) or lays a block over them.

    A date that is not there yet has no capacity at which its block could wait. Taken after all capacities.
    """
    things = Resource.objects.visible_to(SYSTEM).filter(pk=resource)
    list(things.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def capacities_of_dates(resource: int, window: Span) -> set[int]:
    """Of the dates that touch `window` and take place (capacities)."""
    dates = SeatedSession.objects.filter(
        resource=resource,
        cancelled_at=None,
        starts_at__lt=window.end,
        ends_at__gt=window.start,
    )
    return set(dates.values_list("capacity_id", flat=True))
