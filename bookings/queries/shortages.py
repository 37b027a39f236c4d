"""Whose use begins soon while what it needs is still out: counted from claims, before the clock takes anything away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bookings.models import Claim
from bookings.spans import Span
from bookings.states import LineState

from .claims import ClaimRow, stored_claims


def capacities_late(within: Collection[int] | None = None) -> set[int]:
    """Capacities of which something is not back in time; of `within` alone where given."""
    rows = Claim.objects.filter(line__state=LineState.OVERDUE, mode__in=["exclusive", "peak"])
    if within is not None:
        rows = rows.filter(capacity__in=list(within))
    return set(rows.values_list("capacity_id", flat=True))


def shortages(capacities: Collection[int], *, now: datetime, ahead: timedelta) -> dict[int, int]:
    """By line id, how many units of what confirmed lines claim are missing at their start, within `ahead` of `now`.

    Two at the same start may both lack the same units: who goes without is their owner's word.
    """
    found: dict[int, int] = {}
    by_capacity: defaultdict[int, list[ClaimRow]] = defaultdict(list)
    for row in stored_claims(capacities, Span(now, now + ahead)):
        by_capacity[row.capacity].append(row)
    for rows in by_capacity.values():
        late = sum(row.units for row in rows if row.line_state == LineState.OVERDUE)
        for row in rows:
            if row.line is None or row.line_state != LineState.CONFIRMED:
                continue
            if not now < row.span.start <= now + ahead:
                continue
            over = late + _used_at(row.span.start, rows, now) - row.size
            if late and over > 0:
                found[row.line] = max(found.get(row.line, 0), min(over, row.units))
    return found


def _used_at(instant: datetime, rows: Iterable[ClaimRow], now: datetime) -> int:
    return sum(
        row.units
        for row in rows
        if row.line_state != LineState.OVERDUE
        and row.span.start <= instant < row.span.end
        and (row.expires_at is None or row.expires_at > now)
    )
