"""What a commit sees under its locks, and what it is going to write."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts import Demand, ResourceFacts, Taken
from bookings.models import (
    Block,
    Booking,
    BookingMessage,
    Claim,
    ClaimCause,
    Line,
    Offer,
    OfferKind,
    SeatedSession,
)
from bookings.queries.claims import ClaimRow, live
from bookings.queries.composition import leaves_of
from bookings.spans import Load, Span, enclosing, with_turnover
from bookings.states import FIRM, HITTABLE, LineState, OfferState
from cooperative.events.services import NewEvent

from .offer_book import claim_of
from .pending import Pending, counted
from .telling import Move, units_event
from .waiting import queue_for, serve


class StartAgain(Exception):
    """Bookings or capacities outside the locked set turned out to matter: lock them too, from the start."""

    def __init__(self, bookings: Collection[int] = (), capacities: Collection[int] = ()) -> None:
        super().__init__()
        self.bookings = frozenset(bookings)
        self.capacities = frozenset(capacities)


class StaleFacts(Exception):
    """What was read before the locks is no longer so: read it again, from the start."""


KEEPS_OFFERS = frozenset({"run_out", "let_go", "hand_over", "overdue", "hit", "extend"})
"""Moves after which a proposal about a line still makes sense; any other ends it."""


@dataclass
class Scene(Pending):
    """The locked world of one commit. Methods change it in memory; `flush` writes all of it."""

    # --- reading --------------------------------------------------------------------------------
    def adopt(self, rows: Iterable[ClaimRow]) -> None:
        """Take the stored claims in: let run-out ones of locked bookings go, push overdue ones on."""
        stored = list(rows)
        self.claims = live(stored, now=self.now)
        before = {row.id: row for row in stored}
        for row in self.claims:
            if row.span != before[row.id].span:
                self._respanned[row.id] = row.span
        for row in stored:
            if row.expires_at is None or row.expires_at > self.now:
                continue
            if self._knows(row):
                self._deleted.add(row.id)
                self._came_free(row, row.span)
            line = self.lines.get(row.line) if row.line is not None else None
            if line is not None and line.state in {LineState.HELD, LineState.ACCEPTED}:
                line.expires_at = None
                self.move(line, "run_out", LineState.ASKED, by_clock=True)
        for offer in self.offers.stored.values():
            if offer.state == OfferState.OPEN and offer.expires_at <= self.now:
                self._run_out(offer)

    def _knows(self, row: ClaimRow) -> bool:
        """Whether what a claim belongs to is locked."""
        if row.offer is not None:
            return row.offer in self.offers.stored
        return row.line is None or row.line in self.lines

    def _run_out(self, offer: Offer) -> None:
        """Nobody answered. Who waited for it had their turn."""
        self.offers.end(offer, OfferState.EXPIRED, by_clock=True)
        line = self.lines.get(offer.line_id or 0)
        if offer.kind == OfferKind.WAITING and line is not None and line.state == LineState.ASKED:
            self.move(line, "expire", LineState.EXPIRED, by_clock=True, offered=True)

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

    def end_offer(self, offer: Offer, state: OfferState, *, by_clock: bool = False) -> None:
        """Close an open offer, with what came along in it, and let go of what it claims."""
        together = self.offers.together(offer)
        ended = {one.pk for one in together}
        for one in together:
            self.offers.end(one, state, by_clock=by_clock)
        for row in self.claims:
            if row.offer in ended:
                self._came_free(row, row.span)
        self.claims = [row for row in self.claims if row.offer not in ended]

    def end_offers_of(self, line: Line, *, apart_from: Offer | None = None) -> None:
        """What was proposed of a line that is settled otherwise is off the table."""
        for offer in self.offers.open_of(line):
            if offer is not apart_from:
                self.end_offer(offer, OfferState.WITHDRAWN)

    def need(self, bookings: Collection[int]) -> None:
        """Make sure that these bookings are locked; else start again with them."""
        missing = set(bookings) - self.bookings.keys()
        if missing:
            raise StartAgain(missing)

    def need_capacities(self, capacities: Collection[int]) -> None:
        raise StartAgain(capacities=capacities)

    # --- changing -------------------------------------------------------------------------------
    def create(self, booking: Booking, lines: list[Line]) -> None:
        """A new booking with its lines; their states are set by `move`."""
        self._new_bookings.append(booking)
        self._new_lines[id(booking)] = lines

    def add_lines(self, lines: Iterable[Line]) -> None:
        """More lines of bookings that are stored already."""
        self._added_lines.extend(lines)

    def brought_by(self, line: Line) -> list[Line]:
        """The lines whose things come along with this one."""
        return [one for one in self.lines_of(line.booking) if one.brought_by_id == line.pk]

    def move(
        self, line: Line, action: str, target: LineState, *, by_clock: bool = False, **data: Any
    ) -> None:
        """Move a line and log it; its claims are let go of by `release`."""
        if line.waiting:
            data["waiting"] = True
        self.moves.append(Move(line, action, line.state, target, dict(data), by_clock))
        line.state = target
        line.state_since = self.now
        line.version = (line.version or 0) + (1 if line.pk else 0)
        if line.pk and action not in KEEPS_OFFERS:
            self.end_offers_of(line)
        if target != LineState.ASKED:
            line.waiting = False

    def end_offers_on(self, capacity: int) -> None:
        """Take all proposals off the table that claim of a capacity, whose time or number is another from now on."""
        rows = [row for row in self.claims if row.capacity == capacity and row.offer is not None]
        self.need({row.booking for row in rows if row.booking is not None})
        for number in {row.offer for row in rows if row.offer is not None}:
            self.end_offer(self.offers.stored[number], OfferState.WITHDRAWN)

    def note_offer(self, line: Line, offer: Offer) -> None:
        """Say of what was just done to a line that `offer` came along with it."""
        move = next(move for move in reversed(self.moves) if move.line is line)
        move.data["offer"] = str(offer.uid)

    def hit(
        self, line: Line, *, by: Block | None = None, session: SeatedSession | None = None
    ) -> None:
        """Facts win: the line lets go of its time and is to be settled. What it was is kept, so that a mistake can be
        taken back."""
        line.hit_from, line.hit_units = line.state, None
        line.hit_by, line.hit_session, line.hit_at = by, session, self.now
        self.release(line)
        self.move(line, "hit", LineState.TO_SETTLE)

    def shrink(self, line: Line, units: int, *, by: Block | None) -> None:
        """The line goes on with fewer units; what it had is kept, so that a mistake can be taken back."""
        before = line.units
        for row in self.claims_of(line):
            self._came_free(row, row.span)
            self._resize(row, row.units * units // before)
        line.hit_from, line.hit_units = line.state, before
        line.hit_by, line.hit_session, line.hit_at = by, None, self.now
        line.units = units
        if line.least_units is not None and line.least_units > units:
            line.least_units = None
        self.end_offers_of(line)
        self.touch(line)
        self.log(units_event(line, "shrink", before, by=self.by))

    def touch(self, line: Line) -> None:
        """A line that changed without moving is written as well."""
        if line.pk and not any(move.line is line for move in self.moves):
            line.version += 1
            self._touched.add(line.pk)

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

    def as_locked(self, resource: ResourceFacts) -> ResourceFacts:
        """Facts read before the locks, with the sizes that are locked. Raises `StaleFacts` where it is made of other
        parts by now: only what was read then is locked."""
        sizes = {number: row.size for number, row in self.capacities.items()}
        known = [one for one in (*resource.shares, *resource.periods) if one.capacity in sizes]
        if resource.is_whole:
            now = leaves_of([resource.id])[resource.id]
            if now != {one.capacity: one.units for one in resource.shares}:
                raise StaleFacts
        if all(one.size == sizes[one.capacity] for one in known):
            return resource
        if any(one.size and not sizes[one.capacity] for one in resource.shares if one in known):
            raise StaleFacts  # it was made of parts meanwhile
        return replace(
            resource,
            shares=tuple(
                replace(one, size=sizes.get(one.capacity, one.size)) for one in resource.shares
            ),
            periods=tuple(
                replace(one, size=sizes.get(one.capacity, one.size)) for one in resource.periods
            ),
        )

    def _drop(self, claims: set[int]) -> None:
        self._deleted |= claims
        self.claims = [row for row in self.claims if row.id not in claims]

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

    def claimed_until(self, line: Line) -> datetime:
        """When the last of a line's claims ends, overdue ones as long as they are out."""
        return max(row.span.end for row in self.claims if row.line == line.pk)

    def cut_claims(self, line: Line, at: datetime) -> None:
        """As `end_claims`, for a line that goes on with other claims: nothing comes free."""
        for row in [row for row in self.claims if row.line == line.pk]:
            if row.span.start >= at:
                self._drop({row.id})
            elif row.span.end > at:
                self._respan(row, Span(row.span.start, at))

    def lengthen(self, line: Line, *, until: datetime) -> None:
        for row in [row for row in self.claims if row.line == line.pk]:
            if row.span.end < until:
                self._respan(row, Span(row.span.start, until))

    def _respan(self, row: ClaimRow, span: Span) -> None:
        self._respanned[row.id] = span
        self.claims = [replace(one, span=span) if one.id == row.id else one for one in self.claims]

    def _resize(self, row: ClaimRow, units: int) -> None:
        self._resized[row.id] = units
        self.claims = [
            replace(one, units=units) if one.id == row.id else one for one in self.claims
        ]

    def expire_claims_at(self, line: Line, expires_at: datetime | None) -> None:
        """Set when what a line claims runs out; None = it stays."""
        line.expires_at = expires_at
        if line.pk:
            self._reexpired[line.pk] = expires_at
        for claim in self._new_claims:
            if claim.line is line:
                claim.expires_at = expires_at

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

    def fill(self, block: Block, capacities: Iterable[int]) -> None:
        """Let the blocks over the time of `block`, itself among them, take what they can have then."""
        for capacity in capacities:
            self.fill_during(capacity, Span(block.starts_at, block.ends_at))

    def fill_during(self, capacity: int, span: Span) -> None:
        known = self._to_fill.get(capacity, span)
        self._to_fill[capacity] = enclosing([known, span])

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

    def remove_block(self, block: Block) -> None:
        self.release_block(block)
        self._gone_blocks.append(block)

    def say(
        self, line: Line | None, booking: Booking, *, kind: str, body: str, action: str
    ) -> None:
        """A note, reason or waiver that belongs to an action: in the thread of that line's owner."""
        if body:
            self._messages.append(
                BookingMessage(
                    booking=booking,
                    lender_id=line.lender_id if line is not None else None,
                    line=line,
                    author_id=self.by.person if self.by else None,
                    author_for_id=self._speaks_for(booking, line),
                    kind=kind,
                    action=action,
                    body=body,
                    at=self.now,
                )
            )

    def _speaks_for(self, booking: Booking, line: Line | None) -> int | None:
        """The side that the actor is on: the house acted for where it is one of the two, else whichever is theirs."""
        if self.by is None:
            return None
        parties = [booking.borrower_id, line.lender_id if line is not None else None]
        mine = [party for party in parties if party is not None and party in self.by.roles]
        return self.by.acting_for if self.by.acting_for in mine or not mine else mine[0]

    def log(self, event: NewEvent) -> None:
        self._events.append(event)

    # --- writing --------------------------------------------------------------------------------
    def flush(self) -> None:
        """Complete what is complete, write everything, offer what came free to who waits, log it."""
        self._complete()
        queue = queue_for(self)
        self.write()
        serve(queue, self)
        self.tell()

    def _complete(self) -> None:
        """The commit that accepts the last line of an all-or-nothing booking confirms all of them."""
        for booking in [*self.bookings.values(), *self._new_bookings]:
            if not booking.all_or_nothing:
                continue
            states = {line.state for line in counted(self.lines_of(booking))}
            states -= {LineState.WITHDRAWN}
            # A part may be confirmed already: the borrower went ahead with it, and the rest came later.
            if LineState.ACCEPTED in states and states <= {LineState.ACCEPTED, *FIRM}:
                for line in self.lines_of(booking):
                    if line.state == LineState.ACCEPTED:
                        self.expire_claims_at(line, None)
                        self.move(line, "complete", LineState.CONFIRMED, by_clock=True)


def claimed(line: Line) -> Span:
    """The use and the turnover after it."""
    use = Span(line.use_starts_at, line.use_ends_at)
    return with_turnover(use, timedelta(minutes=line.turnover_minutes))


def _taken(claim: Claim) -> Taken:
    span = Span(claim.span.lower, claim.span.upper)
    line = claim.line.pk if claim.line is not None else None
    return Taken(claim.capacity_id, Load(span, claim.units), None, claim.cause, line, None)
