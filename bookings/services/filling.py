"""How blocks come to their claims: at each instant as many of a block's units as fit beside all that stays.

What is handed out cannot give way to a closure, and the guard counts it. So a block over it takes the rest, and what
comes back during its time goes to the block in the same commit: it is never free. (Decision 0025.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Claim
from bookings.queries.claims import ClaimRow, live_claims
from bookings.spans import Load, Span, enclosing, loads, room_left
from cooperative.statements import insert_all, prepared


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """A locked capacity."""

    id: int
    resource: int
    mode: str
    size: int
    span: Span | None = None

    @property
    def is_month(self) -> bool:
        """Of something metered: counted in minutes, which a block does not use up."""
        return self.mode == "total" and self.span is not None


# Blocks of the capacity's resource and of everything that it is a part of, with what each takes of the capacity.
_BLOCKS = """
SELECT capacity.id, block.id, block.starts_at, block.ends_at, block.units * coalesce(leaf.units, 1)
FROM bookings_capacity AS capacity
CROSS JOIN LATERAL resource_wholes(capacity.resource_id) AS whole
JOIN bookings_block AS block ON block.resource_id = whole.resource_id
    AND block.starts_at < %(until)s::timestamptz AND block.ends_at > %(since)s::timestamptz
LEFT JOIN LATERAL (
    SELECT units FROM resource_leaves(block.resource_id) AS one WHERE one.capacity_id = capacity.id
) AS leaf ON true
WHERE capacity.id = ANY(%(capacities)s::bigint[]) ORDER BY block.id
"""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a block (database id) would have of a capacity."""

    block: int
    span: Span
    units: int


def fill_blocks(
    during: Mapping[int, Span], capacities: Mapping[int, CapacityRow], *, now: datetime
) -> None:
    """Let every block over the given time of a capacity (by id, locked) claim all that it can have now.

    Reads and writes what is stored: everything else of the commit is written before. A block never loses by it. One
    statement where there are no blocks.
    """
    wanted: dict[int, list[_Wanted]] = {}
    parameters = {
        "capacities": sorted(during),
        "since": min(span.start for span in during.values()),
        "until": max(span.end for span in during.values()),
    }
    with prepared(_BLOCKS, parameters) as cursor:
        for number, block, start, end, units in cursor.fetchall():
            capacity, span = capacities[number], Span(start, end)
            if capacity.mode != "total" and not span.overlaps(during[number]):
                continue
            one = _Wanted(block, span, units)
            if capacity.span is not None:  # a session is closed as a whole
                if not span.overlaps(capacity.span):
                    continue
                one = _Wanted(block, capacity.span, capacity.size)
            wanted.setdefault(number, []).append(one)
    for number in sorted(wanted):
        _fill(capacities[number], wanted[number], now=now)


def _fill(capacity: CapacityRow, blocks: Sequence[_Wanted], *, now: datetime) -> None:
    hull = enclosing(one.span for one in blocks)
    rows = live_claims([capacity.id], hull, now=now)
    beside = [(row.block, _load(capacity, row, hull)) for row in rows]
    for one in blocks:
        has = [load for owner, load in beside if owner == one.block]
        others = [(owner, load) for owner, load in beside if owner != one.block]
        wants = room_left(
            [load for _owner, load in others], one.span, size=capacity.size, units=one.units
        )
        if loads(wants, one.span) == loads(has, one.span):
            continue
        Claim.objects.filter(block=one.block, capacity=capacity.id).delete()
        insert_all(
            [
                Claim(
                    capacity_id=capacity.id,
                    mode=capacity.mode,
                    span=DateTimeTZRange(load.span.start, load.span.end, "[)"),
                    units=load.units,
                    cause="block",
                    block_id=one.block,
                )
                for load in wants
            ]
        )
        beside = [*others, *((one.block, load) for load in wants)]


def _load(capacity: CapacityRow, row: ClaimRow, hull: Span) -> Load:
    """What is used up is so whenever it is."""
    return Load(hull if capacity.mode == "total" else row.span, row.units)
