"""Controls: what the races look at would be seen, and each net holds alone.

Without any guard raw writers oversell every kind of thing. What is used one at a time is kept by the trigger or by the
constraint alone; everything by the trigger without the engine's lock; and everything by the engine's lock without the
trigger, as long as everybody goes through the engine.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from psycopg import IsolationLevel

from bookings.models import Capacity
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.sessions import add_session
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import DAY, make_side, make_thing
from tests.databases import Clone
from tests.races.conftest import Ground, Place, levels
from tests.races.service import PROCESSES, Answer, Call, Company
from tests.races.stage import call, sound
from tests.races.statements import HOUR, MARCH, TUESDAY
from tests.races.support import LEVELS, OVERLAPS, OVERSOLD, Attempt, Crew, count

pytestmark = [pytest.mark.committing, pytest.mark.alone]

NO_TRIGGER: LiteralString = "DROP TRIGGER claim_guard ON bookings_claim"
NO_CONSTRAINT: LiteralString = "ALTER TABLE bookings_claim DROP CONSTRAINT claim_exclusive"
# What looks first and then writes: there was room a moment ago.
CHECKED: LiteralString = """
    INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, block_id)
    SELECT c.id, c.mode, w.span, w.units, 'block', %s
    FROM bookings_capacity c, (SELECT tstzrange(%s, %s) AS span, %s AS units) AS w WHERE c.id = %s
        AND (SELECT coalesce(sum(k.units), 0) FROM bookings_claim k
            WHERE k.capacity_id = c.id AND (c.mode = 'total' OR k.span && w.span)) + w.units <= c.size
"""
# With the mode that the guard would have written.
BARE: LiteralString = """
    INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, block_id)
    SELECT id, mode, tstzrange(%s, %s), 1, 'block', %s FROM bookings_capacity WHERE id = %s
"""
SOLD_TOO_OFTEN: LiteralString = """
    SELECT DISTINCT a.capacity_id FROM bookings_claim a JOIN bookings_capacity c ON c.id = a.capacity_id
    CROSS JOIN LATERAL (SELECT sum(b.units) AS load FROM bookings_claim b
        WHERE b.capacity_id = a.capacity_id AND (c.mode = 'total' OR b.span @> lower(a.span))) AS there
    WHERE there.load > c.size
"""
PROOF = os.environ.get("PODEST_PROOF") == "1"
ROUNDS = 40
"""Rounds of a race at most, until everything that can be oversold was."""


def without(conninfo: str, *guards: LiteralString) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for guard in guards:
            connection.execute(guard)


def sold_too_often(conninfo: str) -> set[int]:
    with psycopg.connect(conninfo) as connection:
        return {row[0] for row in connection.execute(SOLD_TOO_OFTEN)}


@pytest.mark.parametrize("level", LEVELS[:2], ids=lambda level: level.name.lower())
def test_without_the_guard_raw_writers_oversell_every_kind(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """The negative control. At SERIALIZABLE the server itself would see to it."""
    without(ground.conninfo, NO_TRIGGER, NO_CONSTRAINT)
    room, pool = ground.listed(kind="exclusive"), ground.listed(kind="pooled", units=2)
    leaf = ground.listed(kind="exclusive")
    ground.whole(leaf)
    wanted = {place.capacity for place in (room, pool, leaf)}
    gifts: set[int] = set()
    for number in range(ROUNDS):
        start = TUESDAY + 3 * number * HOUR
        session = ground.dated(kind="seated", start=start, end=start + HOUR, size=2)
        month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=60)
        # What is given away is full for good once it is full, sold too often or not.
        given = ground.listed(kind="giveaway", units=2)
        gifts.add(given.capacity)
        slots = [
            Attempt([(CHECKED, (place.block, start, start + HOUR, units, place.capacity))])
            for place, units in ((room, 1), (pool, 1), (given, 1), (leaf, 1), (session, 1))
        ]
        slots.append(Attempt([(CHECKED, (month.block, start, start + HOUR, 60, month.capacity))]))
        crew.race(ground.conninfo, level, [slots] * PROCESSES)
        seen = sold_too_often(ground.conninfo)
        modes = set(Capacity.objects.filter(pk__in=seen, span__isnull=False).values_list("mode"))
        if wanted <= seen and gifts & seen and modes == {("peak",), ("total",)}:
            break
    assert (wanted - seen, modes) == (set(), {("peak",), ("total",)})
    assert gifts & seen
    assert count(ground.conninfo, OVERLAPS) > 0
    assert count(ground.conninfo, OVERSOLD) > 0


@pytest.mark.parametrize("guard", [NO_TRIGGER, NO_CONSTRAINT], ids=["no trigger", "no constraint"])
@levels
def test_what_is_used_one_at_a_time_is_kept_by_either_net_alone(
    ground: Ground, crew: Crew, level: IsolationLevel, guard: LiteralString
) -> None:
    without(ground.conninfo, guard)
    rooms = [ground.listed(kind="exclusive") for _ in range(2)]

    def ask(place: Place, number: int) -> Attempt:
        # The constraint alone makes rivals wait for each other in circles, which the server ends.
        start = TUESDAY + HOUR / 2 * number
        return Attempt(
            [(BARE, (start, start + HOUR, place.block, place.capacity))],
            refusals=frozenset({"23P01", "40P01"} if guard == NO_TRIGGER else {"23P01"}),
        )

    slots = [ask(room, number) for number in range(12) for room in rooms]
    scores = crew.race(ground.conninfo, level, [slots] * PROCESSES)
    assert [failure for score in scores for failure in score.failed] == []
    assert count(ground.conninfo, OVERLAPS) == 0
    assert count(ground.conninfo, "SELECT count(*) FROM bookings_claim") > 0


class Shop:
    """A thing of each kind, and as many slots as there are; of each slot some rivals can have their wish, not all."""

    SLOTS = 6 if PROOF else 3

    def __init__(self) -> None:
        self.owner = make_side()
        at_once = {"at_once": True}
        self.pool = make_thing(self.owner, kind="pooled", units=5, terms=at_once)
        self.gift = make_thing(self.owner, kind="giveaway", units=3 * self.SLOTS, terms=at_once)
        self.seats = make_thing(self.owner, kind="seated", units=5, terms=at_once)
        self.mentor = make_thing(self.owner, kind="metered", units=1, terms=at_once)
        self.part = make_thing(self.owner, kind="pooled", units=4, terms=at_once)
        self.kit = make_thing(self.owner, terms=at_once)
        wishes = [PartWish(self.part.uid, 3)]
        change_parts(by=self.owner.viewer, resource=self.kit.uid, parts=wishes)
        Resource.objects.visible_to(SYSTEM).filter(pk=self.mentor.pk).update(units=3)
        for number in range(self.SLOTS):
            add_session(
                by=self.owner.viewer,
                resource=self.seats.uid,
                starts_at=self.at(number),
                ends_at=self.at(number) + HOUR,
            )

    @staticmethod
    def at(number: int) -> datetime:
        return DAY + timedelta(hours=2 * number)

    def rivals(self, client: int) -> list[Call]:
        """What one client asks for: everything, in an order of its own."""
        side = make_side()
        found: list[Call] = []
        for number in range(self.SLOTS):
            slot = (number + client) % self.SLOTS
            for thing, units in (
                (self.pool, 3),
                (self.gift, 2),
                (self.seats, 3),
                (self.mentor, 1),
                (self.part if client % 2 else self.kit, 2 if client % 2 else 1),
            ):
                found.append(call(side, "request", (thing, self.at(slot), 1, units)))
        return found


def kept(db: Clone, answers: list[list[Answer]]) -> None:
    """It is sound; some calls were done, some refused."""
    told = sound(db, answers)
    assert {kind for kind, _what in told} == {"done", "refused"}
    assert ("done", "confirmed") in told


def test_without_the_engines_lock_the_guard_alone_keeps_every_kind(
    committed_db: Clone, company: Company
) -> None:
    shop = Shop()
    calls = [shop.rivals(client) for client in range(PROCESSES)]
    answers = company.race(committed_db.url, calls, locking=False)
    kept(committed_db, answers)


def test_without_the_trigger_the_engines_lock_keeps_every_kind_and_raw_writers_do_not(
    committed_db: Clone, company: Company, ground: Ground, crew: Crew
) -> None:
    without(committed_db.url, NO_TRIGGER)
    shop = Shop()
    calls = [shop.rivals(client) for client in range(PROCESSES)]
    answers = company.race(committed_db.url, calls)
    kept(committed_db, answers)
    pool = ground.listed(kind="pooled", units=2)
    for number in range(ROUNDS):
        start = TUESDAY + 3 * number * HOUR
        slot = Attempt([(CHECKED, (pool.block, start, start + HOUR, 1, pool.capacity))])
        crew.race(ground.conninfo, IsolationLevel.READ_COMMITTED, [[slot]] * PROCESSES)
        if count(committed_db.url, OVERSOLD):
            break
    assert count(committed_db.url, OVERSOLD) > 0
