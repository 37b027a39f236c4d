"""A season around the demo's day: asked, answered, fetched and brought back, in the order in which it happened.

Everything goes through the verbs that people use, each with the `now` of its moment; what lies after the demo's day
has not happened yet and is left out.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bookings.errors import BookingRefused
from bookings.models import Case, Line
from bookings.services.actions import act
from bookings.services.blocks import add_block
from bookings.services.cases import answer_case, bring_case
from bookings.services.clockwork import tick
from bookings.services.messages import write_message
from bookings.services.request.sending import request_booking
from bookings.services.request.stored import Requested
from bookings.wishes import BookingWish, LineWish
from cooperative.errors import Conflict

from .things import THINGS
from .world import World

OWNERS = {thing.key: thing.owner for thing in THINGS}
Step = Callable[[datetime], object]


@dataclass
class Season:
    """Steps wait in `queue` by their time. `refused` counts what house rules said no to: it is simply not there."""

    world: World
    chance: Random
    queue: list[tuple[datetime, int, Step]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    def at(self, when: datetime, step: Step) -> None:
        """Let `step` happen at `when`, if that is not after the demo's day."""
        when = when.replace(second=0, microsecond=0)
        if when <= self.world.now:
            self._number += 1
            heapq.heappush(self.queue, (when, self._number, step))

    def play(self) -> None:
        """Let everything happen, with the clock ticking once every third day and at the end."""
        ticked = self.world.founded
        while self.queue:
            when, _number, step = heapq.heappop(self.queue)
            while when - ticked > timedelta(days=3):
                ticked += timedelta(days=3)
                tick(now=ticked)
            step(when)
        for _round in range(3):
            tick(now=self.world.now)

    def block(
        self, thing: str, days: int, start: str, end: str, title: str, *, kind: str = "own_programme",
        units: int | None = None, at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Own programme, entered when the house opened its books (or `at`)."""

        def step(now: datetime) -> None:
            first = self.world.time(days, start)
            last = self.world.time(days if end > start else days + 1, end)
            try:
                add_block(
                    by=self.world.viewer(OWNERS[thing], "keeper", now),
                    resource=self.world.things[thing].uid, starts_at=first, ends_at=last, kind=kind,
                    title=title, units=units, hit=(), quiet=True,
                )  # fmt: skip
                self.counted["blocks"] += 1
            except (BookingRefused, Conflict):
                self.counted["refused"] += 1

        self.at(at or self.world.founded + timedelta(days=2), step)

    def ask(
        self,
        at: datetime,
        borrower: str,
        lines: Sequence[LineWish],
        title: str,
        then: Callable[[Requested, datetime], None] | None = None,
        *,
        person: str = "staff",
        **said: Any,
    ) -> None:
        """A request; `then` goes on from its answer."""
        description = {
            "purpose": said.pop("purpose", "Wydarzenie otwarte i bezpłatne dla mieszkańców."),
            "free_entry": True,
            "open_to_public": True,
            "responsible_person": self.world.people[f"{person}.{borrower}"].name,
            "responsible_phone": "+48 600 000 000",
            **said,
        }

        def step(now: datetime) -> None:
            by = self.world.viewer(borrower, person, now)
            for week in range(4):
                # What is taken by then is asked for a week later, as people do.
                later = timedelta(days=7 * week)
                moved = tuple(
                    replace(line, starts_at=line.starts_at + later, ends_at=line.ends_at + later)
                    for line in lines
                )
                try:
                    made = request_booking(
                        by=by,
                        institution=self.world.houses[borrower].pk,
                        wish=BookingWish(moved, title=title, **description),
                        quiet=True,
                    )
                    break
                except BookingRefused:
                    self.counted["refused"] += 1
            else:
                return
            self.counted["bookings"] += 1
            if then is not None:
                then(made, now)

        self.at(at, step)

    def do(self, at: datetime, line: Line, action: str, *, by: str = "", **said: Any) -> None:
        """An action on a line, by the owner's keeper or by somebody of the house `by`."""
        owner = next(key for key, house in self.world.houses.items() if house.pk == line.lender_id)

        def step(now: datetime) -> None:
            viewer = (
                self.world.viewer(by, "staff", now)
                if by
                else self.world.viewer(owner, "keeper", now)
            )
            try:
                act(by=viewer, line=line.uid, action=action, quiet=True, **said)
                self.counted[action] += 1
            except (BookingRefused, Conflict):
                self.counted["refused"] += 1

        self.at(at, step)

    def go_on(self, at: datetime, line: Line, house: str, words: str) -> None:
        """The other side answers what was wrong with a line, and brings it to the moderators."""

        def step(now: datetime) -> None:
            by = self.world.viewer(house, "staff", now)
            case = Case.objects.visible_to(by).filter(line=line).first()
            if case is not None:
                answer_case(by=by, case=case.uid, words=words, quiet=True)
                bring_case(by=by, case=case.uid, quiet=True)
                self.counted["brought"] += 1

        self.at(at, step)

    def say(
        self, at: datetime, made: Requested, house: str, body: str, *, role: str = "keeper"
    ) -> None:
        """A message in the conversation of a booking."""
        uid = made.booking.uid
        self.at(
            at,
            lambda now: write_message(
                by=self.world.viewer(house, role, now), booking=uid, body=body
            ),
        )

    def wish(
        self, thing: str, days: int, start: str, end: str, *, until: int | None = None, **more: Any
    ) -> LineWish:
        """One thing from `start` so many days from today, until `end` of the same day or of the day `until`."""
        zone = self.world.things[thing].time_zone
        return LineWish(
            self.world.things[thing].uid,
            self.world.time(days, start, zone),
            self.world.time(days if until is None else until, end, zone),
            **more,
        )

    def lend(self, made: Requested, line: Line, *, note: str = "") -> None:
        """Say yes a day or two later, then hand out and take back at their times."""
        sent = line.sent_at or self.world.now
        self.do(sent + timedelta(hours=self.chance.randrange(3, 40)), line, "approve", note=note)
        if line.handover == "none":
            return
        self.do(
            line.use_starts_at + timedelta(minutes=10),
            line,
            "hand_over",
            condition="Komplet, bez uwag.",
        )
        back = line.use_ends_at - timedelta(minutes=20)
        self.do(back, line, "give_back", units=line.units, condition="Oddane w porządku.")
