"""What a commit is going to write, and how it is written: what is let go of first, claims last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from bookings.models import (
    Block,
    Booking,
    BookingMessage,
    Capacity,
    Claim,
    Line,
)
from bookings.queries.claims import ClaimRow
from bookings.spans import Span
from bookings.states import LineState, booking_state
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.events.services import NewEvent, record
from cooperative.statements import insert_all

from .filling import CapacityRow, fill_blocks
from .offer_book import OfferBook, claim_of
from .seating import make_seats
from .series_book import SeriesBook
from .telling import Move, events_of, merged

# Written for every line that moves; the rest of a line is written once, when it is made.
_LINE_FIELDS = (
    "state",
    "state_since",
    "version",
    "expires_at",
    "decide_by",
    "answer_due_at",
    "decided_at",
    "decided_by",
    "sent_at",
    "units_out",
    "units_back",
    "condition_out",
    "condition_back",
    "handed_over_at",
    "returned_at",
    "fee_kind",
    "fee_amount",
    "fee_currency",
    "fee_unit",
    "fee_ground",
    "decline_code",
    "inner_note",
    "terms",
    "shown",
    "waiver",
    "waived",
    "second_in_line",
    "waiting",
    "waiting_since",
    "least_units",
    "hit_by",
    "hit_session",
    "hit_from",
    "hit_units",
    "hit_at",
    "resource",
    "lender",
    "zone",
    "local_date",
    "starts_offset",
    "ends_offset",
    "series",
    "series_on",
    "session",
    "turnover_minutes",
    "handover",
    "setup_minutes",
    "strike_minutes",
    "use_starts_at",
    "use_ends_at",
    "event_starts_at",
    "event_ends_at",
    "units",
    "wanted_minutes",
    "wanted_weekdays",
    "wanted_from_minute",
    "wanted_until_minute",
)


@dataclass
class Pending:
    """Changes in memory; `write` stores them in one order, so that nothing is counted twice on the way."""

    now: datetime
    by: Viewer | None
    quiet: bool
    capacities: dict[int, CapacityRow]
    claims: list[ClaimRow]
    bookings: dict[int, Booking]
    lines: dict[int, Line]
    offers: OfferBook
    moves: list[Move] = field(default_factory=list)
    freed: dict[int, Span] = field(default_factory=dict)
    """What came free of the locked capacities, by id."""
    series: SeriesBook = field(default_factory=SeriesBook)
    _deleted: set[int] = field(default_factory=set)
    _respanned: dict[int, Span] = field(default_factory=dict)
    _resized: dict[int, int] = field(default_factory=dict)
    _reexpired: dict[int, datetime | None] = field(default_factory=dict)
    _released: set[int] = field(default_factory=set)
    _released_blocks: set[int] = field(default_factory=set)
    _touched: set[int] = field(default_factory=set)
    _new_claims: list[Claim] = field(default_factory=list)
    _new_bookings: list[Booking] = field(default_factory=list)
    _new_lines: dict[int, list[Line]] = field(default_factory=dict)
    _added_lines: list[Line] = field(default_factory=list)
    _new_blocks: list[Block] = field(default_factory=list)
    _changed_blocks: list[Block] = field(default_factory=list)
    _gone_blocks: list[Block] = field(default_factory=list)
    _to_fill: dict[int, Span] = field(default_factory=dict)
    _messages: list[BookingMessage] = field(default_factory=list)
    _events: list[NewEvent] = field(default_factory=list)

    # --- writing --------------------------------------------------------------------------------
    def lines_of(self, booking: Booking) -> list[Line]:
        fresh = self._new_lines.get(id(booking))
        if fresh is not None:
            return fresh
        return [
            line
            for line in (*self.lines.values(), *self._added_lines)
            if line.booking_id == booking.pk
        ]

    def write(self) -> None:
        """Compute the states of bookings and write everything, what was let go of first."""
        moved = {id(move.line): move.line for move in self.moves}
        known = {line.pk: line for line in moved.values() if line.pk}
        known |= {
            number: self.lines[number]
            for number in (*self._reexpired, *self._touched)
            if number in self.lines
        }
        self._delete_claims()
        self.offers.write_ended()
        self.series.write()
        if self._new_blocks:  # before the lines that they hit
            insert_all(self._new_blocks)
        if known:
            Line.objects.visible_to(SYSTEM).bulk_update(known.values(), _LINE_FIELDS)
        self._write_bookings(moved.values())
        make_seats(one.line for one in self.moves if one.action in {"send", "write_in"})
        self.offers.write_made()
        for block in self._changed_blocks:
            block.version += 1
            block.save(
                update_fields=[
                    "starts_at",
                    "ends_at",
                    "local_date",
                    "starts_offset",
                    "ends_offset",
                    "title",
                    "units",
                    "review_on",
                    "version",
                ]
            )
        self._write_claims()
        if self._gone_blocks:  # by query: a commit that runs again still needs their ids
            Block.objects.filter(pk__in=[block.pk for block in self._gone_blocks]).delete()
        if self._to_fill:
            fill_blocks(self._to_fill, self.capacities, now=self.now)
        if self._messages:
            insert_all(self._messages)

    def tell(self) -> None:
        """Log what was done, with the outbox rows from which people are told."""
        told = merged([*events_of(self.moves, by=self.by), *self.offers.events, *self._events])
        record(told, now=self.now, quiet=self.quiet)

    def clear_away(self) -> None:
        """Write now what was let go of, for a plan that has the database count before the end."""
        self._delete_claims()
        self._write_spans()
        self._deleted, self._released, self._released_blocks = set(), set(), set()

    def read_sizes(self) -> None:
        """Sizes and times of the locked capacities afresh, after this commit changed some."""
        rows = Capacity.objects.filter(pk__in=self.capacities).values_list("pk", "size", "span")
        for number, size, stored in rows:
            span = Span(stored.lower, stored.upper) if stored is not None else None
            self.capacities[number] = replace(self.capacities[number], size=size, span=span)

    def begin(self, capacity: Capacity) -> None:
        """A capacity that this commit made: nobody else knows it yet, and blocks may lie over its time."""
        span = Span(capacity.span.lower, capacity.span.upper)
        self.capacities[capacity.pk] = CapacityRow(
            capacity.pk, capacity.resource_id, capacity.mode, capacity.size, span
        )
        self._to_fill[capacity.pk] = span

    def _delete_claims(self) -> None:
        gone = Q()
        if self._deleted:
            gone |= Q(pk__in=self._deleted)
        if self._released:
            gone |= Q(line__in=self._released)
        if self._released_blocks:
            gone |= Q(block__in=self._released_blocks)
        if self.offers.ended:
            gone |= Q(offer__in=self.offers.ended)
        if gone:
            # A raw delete: nothing hangs on a claim, and no signal listens.
            rows = Claim.objects.filter(gone)
            rows._raw_delete(rows.db)

    def _write_bookings(self, moved: Iterable[Line]) -> None:
        touched = {line.booking_id for line in moved if line.booking_id}
        changed = [booking for pk, booking in self.bookings.items() if pk in touched]
        for booking in [*changed, *self._new_bookings]:
            lines = counted(self.lines_of(booking))
            booking.state = booking_state([line.state for line in lines])
        for booking in changed:
            booking.version += 1
        if changed:
            Booking.objects.visible_to(SYSTEM).bulk_update(
                changed, ["state", "version", "sent_at", "all_or_nothing"]
            )
        if self._new_bookings:
            insert_all(self._new_bookings)
        self.series.write()
        fresh = list(self._added_lines)
        for booking in self._new_bookings:
            for line in self._new_lines[id(booking)]:
                line.booking = booking
                fresh.append(line)
        insert_all([line for line in fresh if line.brought_by is None])
        insert_all([line for line in fresh if line.brought_by is not None])

    def _write_spans(self) -> None:
        kept = {row.id for row in self.claims}
        for number, span in self._respanned.items():
            if number in kept:
                Claim.objects.filter(pk=number).update(
                    span=DateTimeTZRange(span.start, span.end, "[)")
                )
        for number, units in self._resized.items():
            if number in kept:
                Claim.objects.filter(pk=number).update(units=units)
        self._respanned, self._resized = {}, {}

    def _write_claims(self) -> None:
        self._write_spans()
        by_expiry: defaultdict[datetime | None, list[int]] = defaultdict(list)
        for line, expires_at in self._reexpired.items():
            by_expiry[expires_at].append(line)
        for expires_at, lines in by_expiry.items():
            Claim.objects.filter(line__in=lines).update(expires_at=expires_at)
        for claim in self._new_claims:
            claim.line_id = claim.line.pk if claim.line is not None else None
        for offer, pieces in self.offers.made:
            self._new_claims.extend(claim_of(piece, offer=offer) for piece in pieces)
        if self._new_claims:
            self._new_claims.sort(key=lambda claim: claim.capacity_id)
            insert_all(self._new_claims)


def counted(lines: Iterable[Line]) -> list[Line]:
    """The lines that a booking's state is told by: all but what came along and its owner does without."""
    return [
        line
        for line in lines
        if not (line.brought_by_id is not None or line.brought_by is not None)
        or line.state != LineState.DECLINED
    ]
