"""Months of what is metered: so many hours in each, begun when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts import Demand
from bookings.models import Capacity, CapacityMode
from bookings.spans import EARLIEST


def begin_months(demands: Iterable[Demand]) -> bool:
    """Store the months that these demands would need and nobody needed yet; whether there were any.

    Of two at once one stores it. A month without claims does no harm, so it is stored before anything is decided.
    """
    missing = {
        (demand.share.leaf, demand.share.span): demand.share.size
        for demand in demands
        if not demand.share.capacity and demand.share.span is not None
    }
    Capacity.objects.bulk_create(
        [
            Capacity(
                resource_id=resource,
                mode=CapacityMode.TOTAL,
                size=size,
                size_from=EARLIEST,
                span=DateTimeTZRange(month.start, month.end, "[)"),
            )
            for (resource, month), size in sorted(missing.items())
        ],
        ignore_conflicts=True,
    )
    return bool(missing)
