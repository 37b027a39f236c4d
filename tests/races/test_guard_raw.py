"""The guard against raw writers: 8 processes, any client, any isolation level.

PODEST_PROOF=1 runs 2,000 contended attempts in each race; without it the same races in a shorter form.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest
from psycopg import IsolationLevel

from tests.races.conftest import Ground, Place, levels
from tests.races.support import (
    ATTEMPTS,
    INSERT,
    PROCESSES,
    Attempt,
    Crew,
    assert_sound,
    count,
    needlessly_refused,
)

pytestmark = [pytest.mark.committing, pytest.mark.alone]

MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)


def ask(place: Place, start: datetime, minutes: int, units: int = 1) -> Attempt:
    """An attempt at one claim."""
    end = start + timedelta(minutes=minutes)
    return Attempt(
        [(INSERT, (place.capacity, start, end, units, place.block))],
        (start, end),
        place.capacity,
        units,
    )


def sow(conninfo: str, attempts: list[Attempt]) -> None:
    """Run attempts here, before the race; all must go through."""
    with psycopg.connect(conninfo) as connection:
        for attempt in attempts:
            for statement, values in attempt.statements:
                connection.execute(statement, values)


def stored(conninfo: str, where: Place) -> list[int]:
    """The ids of the claims on a capacity."""
    with psycopg.connect(conninfo) as connection:
        rows = connection.execute(
            "SELECT id FROM bookings_claim WHERE capacity_id = %s ORDER BY id", [where.capacity]
        ).fetchall()
    return [row[0] for row in rows]


@levels
def test_every_slot_has_exactly_one_winner(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    rooms = [ground.listed(kind="exclusive") for _ in range(5)]
    slots = [
        ask(room, MONDAY + timedelta(minutes=60 * n), 60)
        for n in range(ATTEMPTS // PROCESSES // len(rooms))
        for room in rooms
    ]
    work = [slots] * PROCESSES
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    winners = sorted(position for score in scores for position in score.done)
    assert winners == list(range(len(slots)))
    assert count(ground.conninfo, "SELECT count(*) FROM bookings_claim") == len(slots)


@levels
def test_rooms_with_crossing_spans(ground: Ground, crew: Crew, level: IsolationLevel) -> None:
    rooms = [ground.listed(kind="exclusive") for _ in range(3)]
    dice = random.Random(20270301)
    work = [
        [
            ask(
                dice.choice(rooms),
                MONDAY + timedelta(minutes=5 * dice.randrange(600)),
                5 * dice.randrange(1, 36),
            )
            for _ in range(ATTEMPTS // PROCESSES)
        ]
        for _ in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert sum(len(score.refused) for score in scores) > 0
    assert needlessly_refused(ground.conninfo, work, scores) == []


@levels
def test_pools_are_never_oversold_nor_needlessly_refused(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    pools = [ground.listed(kind="pooled", units=10) for _ in range(3)]
    pools.append(ground.listed(kind="giveaway", units=40))
    dice = random.Random(20270302)
    work = [
        [
            ask(
                dice.choice(pools),
                MONDAY + timedelta(minutes=5 * dice.randrange(120)),
                5 * dice.randrange(1, 60),
                dice.randrange(1, 6),
            )
            for _ in range(ATTEMPTS // PROCESSES)
        ]
        for _ in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert sum(len(score.refused) for score in scores) > 0
    assert needlessly_refused(ground.conninfo, work, scores) == []


@levels
def test_claims_move_between_capacities_in_both_orders(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """A move locks both capacities in the order of their ids, whichever way it goes: no deadlock."""
    pools = [ground.listed(kind="pooled", units=12), ground.listed(kind="pooled", units=12)]
    seeds = [
        ask(pool, MONDAY + timedelta(minutes=30 * n), 90, 2) for n in range(10) for pool in pools
    ]
    sow(ground.conninfo, seeds)
    claims = [claim for pool in pools for claim in stored(ground.conninfo, pool)]
    dice = random.Random(20270303)
    work = [
        [
            Attempt(
                [
                    (
                        (
                            "UPDATE bookings_claim SET capacity_id = %s, span = tstzrange("
                            "lower(span) + %s, upper(span) + %s) WHERE id = %s"
                        ),
                        (
                            pools[(mover + turn) % 2].capacity,
                            shift := timedelta(minutes=15 * dice.randrange(-1, 2)),
                            shift,
                            dice.choice(claims),
                        ),
                    )
                ]
            )
            for turn in range(ATTEMPTS // PROCESSES)
        ]
        for mover in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert sum(len(score.done) for score in scores) > 0
    assert sorted(claim for pool in pools for claim in stored(ground.conninfo, pool)) == sorted(
        claims
    )


@levels
def test_a_size_is_lowered_while_claims_come_and_go(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """Two change the sizes, six take and give back; the size is never below what is promised."""
    pools = [ground.listed(kind="pooled", units=10) for _ in range(2)]
    dice = random.Random(20270304)

    def resized() -> Attempt:
        pool = dice.choice(pools)
        return Attempt(
            [
                (
                    "UPDATE bookings_capacity SET size = %s, size_from = %s WHERE id = %s",
                    (dice.randrange(2, 14), MONDAY - timedelta(days=1), pool.capacity),
                )
            ]
        )

    def given_back() -> Attempt:
        pool = dice.choice(pools)
        return Attempt(
            [
                (
                    (
                        "DELETE FROM bookings_claim WHERE id = (SELECT id FROM bookings_claim"
                        " WHERE capacity_id = %s ORDER BY random() LIMIT 1)"
                    ),
                    (pool.capacity,),
                )
            ]
        )

    def taken() -> Attempt:
        start = MONDAY + timedelta(minutes=5 * dice.randrange(60))
        return ask(dice.choice(pools), start, 5 * dice.randrange(1, 40), dice.randrange(1, 4))

    work = [
        [
            resized() if writer < 2 else dice.choice((taken, taken, given_back))()
            for _ in range(ATTEMPTS // PROCESSES)
        ]
        for writer in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert all(score.done for score in scores)


@levels
def test_a_resource_changes_its_units_and_kind_while_claims_come(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """The standing capacity follows the resource or the change is refused; both never part."""
    places = [ground.listed(kind="pooled", units=6) for _ in range(2)]
    dice = random.Random(20270305)

    def changed() -> Attempt:
        kind, units = dice.choice((("exclusive", 1), ("pooled", 3), ("pooled", 8), ("giveaway", 5)))
        return Attempt(
            [
                (
                    "UPDATE sharing_resource SET kind = %s, units = %s WHERE id = %s",
                    (kind, units, dice.choice(places).resource),
                )
            ]
        )

    def taken() -> Attempt:
        place = dice.choice(places)
        start = MONDAY + timedelta(minutes=5 * dice.randrange(40))
        end = start + timedelta(minutes=5 * dice.randrange(1, 20))
        return Attempt(
            [
                (
                    (
                        "INSERT INTO bookings_claim (capacity_id, mode, span, units, cause, block_id)"
                        " SELECT id, mode, tstzrange(%s, %s), 1, 'block', %s FROM bookings_capacity"
                        " WHERE resource_id = %s ORDER BY random() LIMIT 1"
                    ),
                    (start, end, place.block, place.resource),
                )
            ]
        )

    def given_back() -> Attempt:
        return Attempt(
            [
                (
                    (
                        "DELETE FROM bookings_claim USING bookings_capacity c WHERE c.id = capacity_id"
                        " AND c.resource_id = %s"
                    ),
                    (dice.choice(places).resource,),
                )
            ]
        )

    work = [
        [
            dice.choice((changed, given_back) if writer < 3 else (taken,))()
            for _ in range(ATTEMPTS // PROCESSES)
        ]
        for writer in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    parted = count(
        ground.conninfo,
        """
        SELECT count(*) FROM sharing_resource r WHERE r.units <> (
            SELECT coalesce(sum(c.size), 0) FROM bookings_capacity c
            WHERE c.resource_id = r.id AND c.span IS NULL AND c.mode = CASE r.kind
                WHEN 'pooled' THEN 'peak' WHEN 'giveaway' THEN 'total' ELSE r.kind END)
        """,
    )
    assert parted == 0
    both: LiteralString = (
        "SELECT count(*) FROM (SELECT FROM bookings_capacity WHERE size > 0"
        " GROUP BY resource_id HAVING count(*) > 1) AS twice"
    )
    assert count(ground.conninfo, both) == 0
