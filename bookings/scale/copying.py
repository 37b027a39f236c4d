"""Bookings, lines, blocks, claims and their story, by COPY, in the order of time and in small commits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from bookings.models import Block, Booking, Claim, Line
from bookings.states import booking_state
from cooperative.events.models import Event, EventParty, Stream
from cooperative.identifiers import new_uid

from .founding import ZONE, World, month_of, span_of
from .shape import SLOT, Thing, Use
from .tables import Table, go_on_counting

TOGETHER = 0.25
"""The share of requests for several things at once."""
CHUNK = 5_000
"""Uses in one commit: the guard writes a version of a capacity for each claim, and those of one commit pile up."""
RECENTLY = timedelta(days=14)
HELD = 0.1
"""The share of what is kept for who asks first that nobody has answered yet."""

BOOKINGS = Table(
    Booking,
    *("id", "uid", "borrower_id", "state", "all_or_nothing", "created_at", "sent_at"),
    title="Próba chóru",
    event_kind="rehearsal",
)
LINES = Table(
    Line,
    *("id", "booking_id", "position", "resource_id", "lender_id", "borrower_id", "session_id"),
    *("state", "units", "use_starts_at", "use_ends_at", "event_starts_at", "event_ends_at"),
    *("turnover_minutes", "local_date", "terms", "shown", "handover", "sent_at", "decided_at"),
    *("expires_at", "state_since"),
    zone=str(ZONE),
)
BLOCKS = Table(
    Block,
    *("id", "resource_id", "starts_at", "ends_at", "units", "local_date", "created_at"),
    zone=str(ZONE),
    title="Własny program",
)
CLAIMS = Table(
    Claim, "capacity_id", "mode", "span", "units", "cause", "line_id", "block_id", "expires_at"
)
EVENTS = Table(
    Event,
    "id",
    "at",
    "actor_id",
    "acting_for_id",
    "verb",
    "subject_uid",
    "data",
    subject_kind="booking",
)
PARTIES = Table(EventParty, "event_id", "institution_id", "role")
STREAM = Table(Stream, "event_id")
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """Who asked when, and when it was answered; `alone` = for one thing."""

    borrower: int
    asked: datetime
    decided: datetime
    alone: bool


@dataclass
class Batch:
    """Rows of one commit."""

    bookings: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    blocks: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)

    def store(self) -> None:
        with transaction.atomic():
            BOOKINGS.copy(self.bookings)
            LINES.copy(self.lines)
            BLOCKS.copy(self.blocks)
            # In the order of capacities, as the engine writes them.
            CLAIMS.copy(sorted(self.claims, key=lambda row: row[0]))
            EVENTS.copy(self.events)
            PARTIES.copy(self.parties)
            STREAM.copy((row[0],) for row in self.events)


class Scribe:
    """Writes uses down as bookings and blocks."""

    def __init__(self, world: World, dice: Random) -> None:
        self.world, self.dice, self.now = world, dice, world.shape.now
        self.booking = self.line = self.block = self.event = 0
        self.batch = Batch()

    def write(self, uses: Sequence[Use]) -> int:
        """Store all of `uses`; how many claims that were."""
        claims = 0
        for group in self._groups(uses):
            if group[0].block:
                self._block(group[0])
            else:
                self._book(group)
            if len(self.batch.lines) + len(self.batch.blocks) >= CHUNK:
                claims += self._store()
        claims += self._store()
        go_on_counting(Booking, Line, Block, Event)
        return claims

    def _store(self) -> int:
        batch, self.batch = self.batch, Batch()
        batch.store()
        return len(batch.claims)

    def _groups(self, uses: Sequence[Use]) -> Iterator[list[Use]]:
        """Uses that were asked for together: of different things, at about the same time, all over or all to come."""
        group: list[Use] = []
        for use in uses:
            if group and not self._together(group, use):
                yield group
                group = []
            group.append(use)
        if group:
            yield group

    def _together(self, group: list[Use], use: Use) -> bool:
        first = group[0]
        if first.block or use.block or not first.claims or not use.claims:
            return False
        if self._phase(first) != self._phase(use) or self._phase(use) == "now" or len(group) == 4:
            return False
        if any(one.thing == use.thing for one in group):
            return False
        return self.dice.random() < (TOGETHER if len(group) == 1 else 0.5)

    def _span(self, use: Use) -> tuple[datetime, datetime, datetime]:
        """Start and end of a use, and the end of the turnover after it, which is the end of its last slot."""
        start = self.world.shape.at(use.slot)
        until = (
            start + SLOT if use.slots == 1 else self.world.shape.at(use.slot + use.slots - 1) + SLOT
        )
        return start, until - timedelta(minutes=self._thing(use).turnover), until

    def _thing(self, use: Use) -> Thing:
        return self.world.things[use.thing]

    def _phase(self, use: Use) -> str:
        start, _end, until = self._span(use)
        if until <= self.now:
            return "past"
        return "ahead" if start > self.now else "now"

    def _block(self, use: Use) -> None:
        start, _end, until = self._span(use)
        self.block += 1
        resource = self.world.ids[use.thing]
        day = start.astimezone(ZONE).date()
        self.batch.blocks.append((self.block, resource, start, until, use.units, day, self.now))
        for capacity, mode, units, span in self._takes(use, start, until):
            row = (capacity, mode, span, units, "block", None, self.block, None)
            self.batch.claims.append(row)

    def _book(self, group: list[Use]) -> None:
        first = group[0]
        lenders = sorted({self._house(use) for use in group})
        wish = self._wish(group, lenders)
        self.booking += 1
        states = [self._line(use, position, wish) for position, use in enumerate(group)]
        state, uid = booking_state(states), new_uid()
        self.batch.bookings.append(
            (self.booking, uid, wish.borrower, state, not wish.alone, wish.asked, wish.asked)
        )
        told = (("send", wish.asked, wish.borrower), ("approve", wish.decided, lenders[0]))
        for verb, at, by in told[: 2 if first.claims else 1]:
            data = json.dumps({"state": state, "lines": []})
            self.event += 1
            self.batch.events.append((self.event, at, None, by, f"booking.{verb}", uid, data))
            self.batch.parties.append((self.event, wish.borrower, "borrower"))
            self.batch.parties.extend((self.event, house, "lender") for house in lenders)

    def _wish(self, group: list[Use], lenders: list[int]) -> Wish:
        dice = self.dice
        start, _end, _until = self._span(group[0])
        before = timedelta(days=dice.randrange(2, 60), minutes=dice.randrange(1_440))
        asked = min(start, self.now) - before
        decided = min(asked + timedelta(days=1), self.now)
        borrower = dice.choice(lenders)
        while borrower in lenders:
            borrower = dice.choice([*self.world.houses, self.world.borrower])
        return Wish(borrower, asked, decided, alone=len(group) == 1)

    def _house(self, use: Use) -> int:
        return self.world.houses[self._thing(use).house]

    def _line(self, use: Use, position: int, wish: Wish) -> str:
        start, end, until = self._span(use)
        thing, world = self._thing(use), self.world
        state, since = self._state(use, wish)
        expires = min(self.now + timedelta(days=2), start) if state == "held" else None
        answered = use.claims and state != "held"
        session = world.sessions[use.thing, use.slot][1] if thing.kind == "seated" else None
        self.line += 1
        row = (
            *(self.line, self.booking, position, world.ids[use.thing], self._house(use)),
            *(wish.borrower, session, state, use.units, start, end, start, end, thing.turnover),
            *(start.astimezone(ZONE).date(), world.terms[use.thing], world.shown[use.thing]),
            *("simple" if thing.handover else "none", wish.asked),
            *(wish.decided if answered else None, expires, since),
        )
        self.batch.lines.append(row)
        if use.claims:
            # What came back is free from that minute on: there was no turnover left to wait for.
            back = end if thing.handover and self._phase(use) == "past" else until
            for capacity, mode, units, span in self._takes(use, start, back):
                claim = (capacity, mode, span, units, "line", self.line, None, expires)
                self.batch.claims.append(claim)
        return state

    def _state(self, use: Use, wish: Wish) -> tuple[str, datetime]:
        """The state of a line now, and since when it has it."""
        thing, phase = self._thing(use), self._phase(use)
        _start, end, _until = self._span(use)
        if not use.claims:
            if phase == "ahead":
                return self.dice.choice(("asked", "declined", "withdrawn")), wish.decided
            came_to = ("declined", "withdrawn", "expired", "cancelled")
            return self.dice.choice(came_to), wish.decided
        if phase == "past":
            if self.now - end > RECENTLY:
                return "closed", end + RECENTLY
            return ("returned" if thing.handover else "finished"), end
        if phase == "now":
            return ("handed_over" if thing.handover else "confirmed"), wish.decided
        # A house has ten holds at most; the one that measures keeps all of its own.
        kept = thing.keeps_first and wish.alone and wish.borrower != self.world.borrower
        return ("held" if kept and self.dice.random() < HELD else "confirmed"), wish.decided

    def _takes(
        self, use: Use, start: datetime, until: datetime
    ) -> Iterator[tuple[int, str, int, str]]:
        """(Capacity, mode, units, span) of all that a use takes."""
        thing, world = self._thing(use), self.world
        if thing.kind == "seated":
            yield world.sessions[use.thing, use.slot][0], "peak", use.units, span_of(start, until)
            return
        for leaf in thing.parts or (use.thing,):
            yield (
                world.standing[leaf],
                _MODE[world.things[leaf].kind],
                use.units,
                span_of(start, until),
            )
        if thing.kind == "metered":
            end = until - timedelta(minutes=thing.turnover)
            minutes = round((end - start) / timedelta(minutes=1))
            month = world.months[use.thing, month_of(start).start]
            yield month, "total", minutes, span_of(start, end)


_MODE = {"exclusive": "exclusive", "metered": "exclusive", "pooled": "peak", "giveaway": "total"}
