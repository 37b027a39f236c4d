"""What a commit claims and lets go of: of lines and of blocks, in memory until it is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts.demands import Demand, Taken
from bookings.models import Block, Claim, ClaimCause, Line
from bookings.queries.claims import ClaimRow
from bookings.queries.composition import leaves_of
from bookings.spans import Load, Span, enclosing, with_turnover
from bookings.states import HITTABLE

from .offer_book import claim_of
from .pending import Pending
from .starting_again import StaleFacts


@dataclass
class ClaimChanges(Pending):
    """The claims of a locked world, changed. What comes free on the way is kept in `freed`, for who waits."""

    # --- reading ---------------------------------------------------------------------------------
    def taken(
        self,
        capacities: Collection[int],
        *,
        apart_from: int | None = None,
        apart_from_offers: Collection[int] = (),
    ) -> tuple[Taken, ...]:
        """Live claims on `capacities`, those of the line `apart_from` and of some offers left out.

        What this commit has claimed by now counts as well, and does not give way.
        """
        stored = (
            row.taken()
            for row in self.claims
            if row.capacity in capacities
            and (apart_from is None or row.line != apart_from)
            and (row.offer is None or row.offer not in apart_from_offers)
        )
        fresh = (
            _taken(claim)
            for claim in self._new_claims
            if claim.capacity_id in capacities
            and (apart_from is None or claim.line is None or claim.line.pk != apart_from)
        )
        return (*stored, *fresh)

    def claims_of(self, line: Line) -> list[ClaimRow]:
        return [row for row in self.claims if row.line == line.pk]

    def claimed_until(self, line: Line) -> datetime:
        """When the last of a line's claims ends, overdue ones as long as they are out."""
        return max(row.span.end for row in self.claims if row.line == line.pk)

    # --- taking and letting go -------------------------------------------------------------------
    def claim(self, line: Line, demands: Iterable[Demand], expires_at: datetime | None) -> None:
        """Take time; the rows are inserted at the end, after everything that was let go."""
        for demand in demands:
            if not demand.share.capacity:  # a month that could not be begun
                raise StaleFacts
            self._new_claims.append(claim_of(demand, line=line, expires_at=expires_at))

    def release(self, line: Line) -> None:
        """Let go of all that a line claims, wherever in time it lies."""
        if line.pk:
            self._released.add(line.pk)
            self._reexpired.pop(line.pk, None)
            for row in self.claims:
                if row.line == line.pk:
                    self._came_free(row, row.span)
            self.claims = [row for row in self.claims if row.line != line.pk]
        self._new_claims = [claim for claim in self._new_claims if claim.line is not line]
        line.expires_at = None

    def expire_claims_at(self, line: Line, expires_at: datetime | None) -> None:
        """Set when what a line claims runs out; None = it stays."""
        line.expires_at = expires_at
        if line.pk:
            self._reexpired[line.pk] = expires_at
        for claim in self._new_claims:
            if claim.line is line:
                claim.expires_at = expires_at

    def end_claims(self, line: Line, at: datetime) -> None:
        """Make the claims of a line end at the minute `at`; what had not begun, and seats of a date, are dropped."""
        minute = at.replace(second=0, microsecond=0)
        for row in [row for row in self.claims if row.line == line.pk and row.mode != "total"]:
            dated = self.capacities[row.capacity].span is not None
            if row.span.start >= minute or (dated and row.span.end > minute):
                self._came_free(row, row.span)
                self._drop({row.id})
            elif row.span.end > minute:
                self._came_free(row, Span(minute, row.span.end))
                self._respan(row, Span(row.span.start, minute))

    def cut_claims(self, line: Line, at: datetime) -> None:
        """As `end_claims`, for a line that goes on with other claims: nothing comes free."""
        for row in [row for row in self.claims if row.line == line.pk]:
            if row.span.start >= at:
                self._drop({row.id})
            elif row.span.end > at:
                self._respan(row, Span(row.span.start, at))

    def part_claims(self, line: Line, rest: Line, missing: int) -> None:
        """Give `missing` of the units that a loan claims to its `rest`, for all of its time; it keeps the others'."""
        for row in [row for row in self.claims if row.line == line.pk and row.mode != "total"]:
            self._resize(row, row.units - missing)
            self._new_claims.append(
                Claim(
                    capacity_id=row.capacity,
                    mode=row.mode,
                    span=DateTimeTZRange(row.span.start, row.span.end, "[)"),
                    units=missing,
                    cause=ClaimCause.LINE,
                    line=rest,
                )
            )

    def _respan(self, row: ClaimRow, span: Span) -> None:
        self._respanned[row.id] = span
        self.claims = [replace(one, span=span) if one.id == row.id else one for one in self.claims]

    def _resize(self, row: ClaimRow, units: int) -> None:
        self._resized[row.id] = units
        self.claims = [
            replace(one, units=units) if one.id == row.id else one for one in self.claims
        ]

    def _drop(self, claims: set[int]) -> None:
        self._deleted |= claims
        self.claims = [row for row in self.claims if row.id not in claims]

    # --- blocks ----------------------------------------------------------------------------------
    def add_block(self, block: Block, capacities: Iterable[int]) -> None:
        """A new block; it takes of `capacities`, when all is written, what there is for it beside what is out."""
        self._new_blocks.append(block)
        self.fill(block, capacities)

    def change_block(self, block: Block, capacities: Iterable[int]) -> None:
        self._changed_blocks.append(block)
        self.fill(block, capacities)

    def shrink_block(self, block: Block) -> None:
        """Its `units` are fewer than they were: claims of more are made anew when all is written."""
        self._released_blocks.add(block.pk)
        mine = {row.capacity for row in self.claims if row.block == block.pk}
        self.claims = [
            replace(row, units=min(row.units, block.units)) if row.block == block.pk else row
            for row in self.claims
        ]
        self.change_block(block, mine)

    def remove_block(self, block: Block) -> None:
        self.release_block(block)
        self._gone_blocks.append(block)

    def release_block(self, block: Block) -> None:
        self._released_blocks.add(block.pk)
        for row in [row for row in self.claims if row.block == block.pk]:
            self._came_free(row, row.span)
        self.claims = [row for row in self.claims if row.block != block.pk]

    def drop_claims_of_block(self, block: int, capacity: int) -> None:
        """A block (database id) has nothing more to take of one of its capacities."""
        self._drop(
            {row.id for row in self.claims if (row.block, row.capacity) == (block, capacity)}
        )

    def fill(self, block: Block, capacities: Iterable[int]) -> None:
        """Let the blocks over the time of `block`, itself among them, take what they can have then."""
        for capacity in capacities:
            self.fill_during(capacity, Span(block.starts_at, block.ends_at))

    def fill_during(self, capacity: int, span: Span) -> None:
        known = self._to_fill.get(capacity, span)
        self._to_fill[capacity] = enclosing([known, span])

    # --- what comes free -------------------------------------------------------------------------
    def free(self, capacity: int, span: Span) -> None:
        """There may be more of a capacity during `span` than there was: who waits for it is looked for at the end."""
        known = self.freed.get(capacity, span)
        self.freed[capacity] = enclosing([known, span])

    def look_again(self, line: Line) -> None:
        """It may be had now though nothing came free: its owner does without what it comes only with."""
        for capacity in leaves_of([line.resource_id])[line.resource_id]:
            self.free(capacity, claimed(line))

    def _came_free(self, row: ClaimRow, span: Span) -> None:
        """Who waits may have it after the blocks: they lie over what was out; what can give way they had hit."""
        self.free(row.capacity, span)
        if row.line_state not in HITTABLE and not self.capacities[row.capacity].is_month:
            self.fill_during(row.capacity, span)


def claimed(line: Line) -> Span:
    """The use and the turnover after it."""
    use = Span(line.use_starts_at, line.use_ends_at)
    return with_turnover(use, timedelta(minutes=line.turnover_minutes))


def _taken(claim: Claim) -> Taken:
    span = Span(claim.span.lower, claim.span.upper)
    line = claim.line.pk if claim.line is not None else None
    return Taken(claim.capacity_id, Load(span, claim.units), None, claim.cause, line, None)
