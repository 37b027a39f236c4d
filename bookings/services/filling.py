"""How blocks come to their claims: at each instant as many of a block's units as fit beside all that stays.

What is handed out cannot give way to a closure, and the guard counts it. So a block over it takes the rest, and what
comes back during its time goes to the block in the same commit: it is never free. (Decision 0025.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Block, Claim
from bookings.queries.claims import ClaimRow, live_claims
from bookings.spans import Load, Span, loads, room_left
from cooperative.statements import insert_all


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """A locked capacity."""

    id: int
    resource: int
    mode: str
    size: int


def fill_blocks(
    during: Mapping[int, Span], capacities: Mapping[int, CapacityRow], *, now: datetime
) -> None:
    """Let every block over the given time of a capacity (by id, locked) claim all that it can have now.

    Reads and writes what is stored: everything else of the commit is written before. A block never loses by it. One
    statement where there are no blocks.
    """
    blocks: dict[int, list[Block]] = {}
    for block in Block.objects.filter(
        resource__in=[capacities[number].resource for number in during],
        starts_at__lt=max(span.end for span in during.values()),
        ends_at__gt=min(span.start for span in during.values()),
    ).order_by("pk"):
        blocks.setdefault(block.resource_id, []).append(block)
    for number in sorted(during):
        capacity = capacities[number]
        mine = [
            block
            for block in blocks.get(capacity.resource, ())
            if capacity.mode == "total" or _span(block).overlaps(during[number])
        ]
        if mine:
            _fill(capacity, mine, now=now)


def _fill(capacity: CapacityRow, blocks: Sequence[Block], *, now: datetime) -> None:
    hull = Span(min(block.starts_at for block in blocks), max(block.ends_at for block in blocks))
    rows = live_claims([capacity.id], hull, now=now)
    beside = [(row.block, _load(capacity, row, hull)) for row in rows]
    for block in blocks:
        span = _span(block)
        has = [load for owner, load in beside if owner == block.pk]
        others = [(owner, load) for owner, load in beside if owner != block.pk]
        wants = room_left(
            [load for _owner, load in others], span, size=capacity.size, units=block.units
        )
        if loads(wants, span) == loads(has, span):
            continue
        Claim.objects.filter(block=block).delete()
        insert_all(
            [
                Claim(
                    capacity_id=capacity.id,
                    mode=capacity.mode,
                    span=DateTimeTZRange(load.span.start, load.span.end, "[)"),
                    units=load.units,
                    cause="block",
                    block=block,
                )
                for load in wants
            ]
        )
        beside = [*others, *((block.pk, load) for load in wants)]


def _load(capacity: CapacityRow, row: ClaimRow, hull: Span) -> Load:
    """What is used up is so whenever it is."""
    return Load(hull if capacity.mode == "total" else row.span, row.units)


def _span(block: Block) -> Span:
    return Span(block.starts_at, block.ends_at)
