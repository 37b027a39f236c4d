"""Months of what is metered: so many hours in each, begun when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts.demands import Demand
from bookings.models import Capacity, CapacityMode
from bookings.spans import EARLIEST
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource


def begin_months(demands: Iterable[Demand]) -> bool:
    """Store the months that these demands would need and nobody needed yet; whether there were any.

    Of two at once one stores it. A month without claims does no harm, so it is stored before anything is decided.
    """
    missing = {
        (demand.share.leaf, demand.share.span)
        for demand in demands
        if not demand.share.capacity and demand.share.span is not None
    }
    if not missing:
        return False
    resources = {resource for resource, _month in missing}
    with transaction.atomic():
        # Whoever changes the hours of a month queues at the same capacities: what is stored is what holds then.
        standing = Capacity.objects.filter(resource__in=resources, span=None).order_by("pk")
        list(standing.select_for_update(no_key=True))
        hours = dict(
            Resource.objects.visible_to(SYSTEM).filter(pk__in=resources).values_list("pk", "units")
        )
        Capacity.objects.bulk_create(
            [
                Capacity(
                    resource_id=resource,
                    mode=CapacityMode.TOTAL,
                    size=hours[resource] * 60,
                    size_from=EARLIEST,
                    span=DateTimeTZRange(month.start, month.end, "[)"),
                )
                for resource, month in sorted(missing)
            ],
            ignore_conflicts=True,
        )
    return True
