"""What a commit sees under its locks, and what it is going to write."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bookings.facts.resource import ResourceFacts
from bookings.models import Block, Booking, BookingMessage, Line, Offer, OfferKind, SeatedSession
from bookings.queries.claims import ClaimRow, live
from bookings.queries.composition import leaves_of
from bookings.states import FIRM, LineState, OfferState
from cooperative.events.services import NewEvent

from .claim_changes import ClaimChanges
from .pending import counted
from .starting_again import StaleFacts, StartAgain
from .telling import Move, units_event
from .waiting import queue_for, serve

KEEPS_OFFERS = frozenset({"run_out", "let_go", "hand_over", "overdue", "hit", "extend"})
"""Moves after which a proposal about a line still makes sense; any other ends it."""


@dataclass
class Scene(ClaimChanges):
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

    def end_offer(self, offer: Offer, state: OfferState) -> None:
        """Close an open offer, with what came along in it, and let go of what it claims."""
        together = self.offers.together(offer)
        ended = {one.pk for one in together}
        for one in together:
            self.offers.end(one, state)
        for row in self.claims:
            if row.offer in ended:
                self._came_free(row, row.span)
        self.claims = [row for row in self.claims if row.offer not in ended]

    def end_offers_of(self, line: Line) -> None:
        """What was proposed of a line that is settled otherwise is off the table."""
        for offer in self.offers.open_of(line):
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
