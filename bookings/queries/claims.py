"""Live claims of capacities: the one way to read what is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bookings.facts.demands import Taken
from bookings.spans import Load, Span, loads
from cooperative.statements import prepared

OVERDUE_AT_MOST = timedelta(days=7)
"""How far ahead of now a loan that is not back is counted as still out."""


LONGEST_CLAIM = timedelta(days=800)
"""As the database has it: what is late for longer keeps that much."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A stored claim, with the state of its line and the booking of its line or offer. `span` UTC."""

    id: int
    capacity: int
    mode: str
    span: Span
    units: int
    cause: str
    line: int | None
    block: int | None
    offer: int | None
    expires_at: datetime | None
    line_state: str | None
    booking: int | None
    size: int

    def taken(self) -> Taken:
        return Taken(
            self.capacity,
            Load(self.span, self.units),
            self.expires_at,
            self.cause,
            self.line,
            self.booking,
            self.block,
            self.offer,
        )


# Capacity by capacity (OFFSET 0 keeps it so): over many at once the server would look through all claims of the time.
# The halves name the mode, so that each finds its index; total capacities count whatever was ever claimed.
_SELECT = """
SELECT claim.id, claim.capacity_id, claim.mode, lower(claim.span), upper(claim.span), claim.units, claim.cause,
    claim.line_id, claim.block_id, claim.offer_id, claim.expires_at, line.state,
    coalesce(line.booking_id, offer.booking_id), capacity.size
FROM (
    SELECT mine.* FROM unnest(%(capacities)s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
        (SELECT * FROM bookings_claim
        WHERE mode = 'exclusive' AND capacity_id = wanted.id AND span && %(within)s::tstzrange OFFSET 0)
        UNION ALL
        (SELECT * FROM bookings_claim
        WHERE mode <> 'exclusive' AND capacity_id = wanted.id AND span && %(within)s::tstzrange OFFSET 0)
        UNION ALL
        (SELECT * FROM bookings_claim
        WHERE mode = 'total' AND capacity_id = wanted.id AND NOT span && %(within)s::tstzrange OFFSET 0)
    ) AS mine
    UNION ALL
    SELECT late.* FROM bookings_line AS overdue
    JOIN bookings_claim AS late ON late.line_id = overdue.id
    WHERE overdue.state = 'overdue' AND late.capacity_id = ANY(%(capacities)s::bigint[])
        AND NOT late.span && %(within)s::tstzrange AND late.mode <> 'total'
) AS claim
JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
LEFT JOIN bookings_line AS line ON line.id = claim.line_id
LEFT JOIN bookings_offer AS offer ON offer.id = claim.offer_id
"""

_STALE = """
SELECT claim.id, claim.capacity_id, claim.mode, lower(claim.span), upper(claim.span), claim.units, claim.cause,
    claim.line_id, claim.block_id, claim.offer_id, claim.expires_at, line.state,
    coalesce(line.booking_id, offer.booking_id), capacity.size
FROM bookings_claim AS claim
JOIN bookings_capacity AS capacity ON capacity.id = claim.capacity_id
LEFT JOIN bookings_line AS line ON line.id = claim.line_id
LEFT JOIN bookings_offer AS offer ON offer.id = claim.offer_id
WHERE claim.expires_at <= %(now)s::timestamptz AND claim.capacity_id = ANY(%(capacities)s::bigint[])
"""


def stored_claims(capacities: Collection[int], within: Span) -> list[ClaimRow]:
    """Every stored claim that touches `within`, run out or not, and those of overdue loans, wherever they lie."""
    if not capacities:
        return []
    window = f"[{within.start.isoformat()},{within.end.isoformat()})"
    return _rows(_SELECT, {"capacities": list(set(capacities)), "within": window})


def run_out_claims(capacities: Collection[int], *, now: datetime) -> list[ClaimRow]:
    """The stored claims that no longer hold, wherever in time they lie."""
    return _rows(_STALE, {"capacities": list(capacities), "now": now})


def _rows(statement: str, parameters: dict[str, Any]) -> list[ClaimRow]:
    with prepared(statement, parameters) as cursor:
        return [
            ClaimRow(
                id=row[0],
                capacity=row[1],
                mode=row[2],
                span=Span(row[3], row[4]),
                units=row[5],
                cause=row[6],
                line=row[7],
                block=row[8],
                offer=row[9],
                expires_at=row[10],
                line_state=row[11],
                booking=row[12],
                size=row[13],
            )
            for row in cursor.fetchall()
        ]


def live(rows: Iterable[ClaimRow], *, now: datetime) -> list[ClaimRow]:
    """What counts: run-out claims left out, overdue loans made as long as they are out."""
    kept = [row for row in rows if row.expires_at is None or row.expires_at > now]
    late = [row for row in kept if row.line_state == "overdue" and row.mode != "total"]
    if not late:
        return kept
    others = [row for row in kept if row not in late]
    pushed: list[ClaimRow] = []
    late.sort(key=lambda row: (row.span.start, row.id))
    for number, row in enumerate(late):
        # What is late as well and comes after it holds at least what is stored.
        around = (*others, *pushed, *late[number + 1 :])
        same = [other for other in around if other.capacity == row.capacity]
        end = overdue_end(row, same, now=now)
        pushed.append(replace(row, span=Span(row.span.start, end)))
    return [*others, *pushed]


def overdue_end(row: ClaimRow, others: Iterable[ClaimRow], *, now: datetime) -> datetime:
    """How long a loan that is not back holds its units: to the first instant at which they no longer fit.

    At most 7 days ahead of `now`; never shorter than it is stored. Back to back it stays as it is.
    """
    furthest = min(
        (now + OVERDUE_AT_MOST).replace(second=0, microsecond=0), row.span.start + LONGEST_CLAIM
    )
    if furthest <= row.span.end:
        return row.span.end
    ahead = Span(row.span.end, furthest)
    for step in loads([Load(other.span, other.units) for other in others], ahead):
        if step.units + row.units > row.size:
            return step.span.start
    return furthest


def claims_around(capacities: Collection[int], within: Span, *, now: datetime) -> list[ClaimRow]:
    """As `stored_claims`; where a loan is overdue the days ahead too, because its end depends on what follows."""
    rows = stored_claims(capacities, within)
    late = [row for row in rows if row.line_state == "overdue"]
    if not late:
        return rows
    ahead = Span(
        min(within.start, *(row.span.end for row in late)), max(within.end, now + OVERDUE_AT_MOST)
    )
    return stored_claims(capacities, ahead)


def live_claims(capacities: Collection[int], within: Span, *, now: datetime) -> list[ClaimRow]:
    """The live claims on `capacities` around `within`, as every screen and every rule counts them."""
    return live(claims_around(capacities, within, now=now), now=now)
