"""Whose use begins soon while what it needs is still out: counted from claims, before the clock takes anything away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from bookings.models import Claim
from bookings.spans import Span
from bookings.states import LineState

from .claims import ClaimRow, stored_claims

_MISSING = Q(line__state=LineState.OVERDUE) | Q(
    line__state=LineState.HANDED_OVER, line__rest_of__isnull=False
)
"""Not back in time, or counted and found missing when the others came back."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a line that is not back holds of a capacity. `span` UTC, as stored."""

    line: int
    capacity: int
    span: Span
    units: int


def missing(within: Collection[int] | None = None) -> list[Missing]:
    """All that is not back, by capacity; of the capacities `within` alone where given. One statement."""
    rows = Claim.objects.filter(_MISSING, mode__in=["exclusive", "peak"])
    if within is not None:
        rows = rows.filter(capacity__in=list(within))
    return [
        Missing(line, capacity, Span(span.lower, span.upper), units)
        for line, capacity, span, units in rows.values_list("line", "capacity", "span", "units")
    ]


def shortages(gone: Collection[Missing], *, now: datetime, ahead: timedelta) -> dict[int, int]:
    """By line id, how many units of what confirmed lines claim are missing at their start, within `ahead` of `now`.

    Two at the same start may both lack the same units: who goes without is their owner's word. One statement.
    """
    found: dict[int, int] = {}
    away = {one.line for one in gone}
    by_capacity: defaultdict[int, list[ClaimRow]] = defaultdict(list)
    for row in stored_claims({one.capacity for one in gone}, Span(now, now + ahead)):
        by_capacity[row.capacity].append(row)
    for capacity, rows in by_capacity.items():
        for row in rows:
            if row.line is None or row.line_state != LineState.CONFIRMED:
                continue
            start = row.span.start
            if not now < start <= now + ahead:
                continue
            # What is missing counts once: by what it still claims then, or by not being there.
            late = sum(one.units for one in gone if one.capacity == capacity)
            used = sum(one.units for one in rows if one.line not in away and _at(one, start, now))
            if late + used > row.size:
                short = min(late + used - row.size, row.units)
                found[row.line] = max(found.get(row.line, 0), short)
    return found


def _at(row: ClaimRow, instant: datetime, now: datetime) -> bool:
    holds = row.expires_at is None or row.expires_at > now
    return holds and row.span.start <= instant < row.span.end
