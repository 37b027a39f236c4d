"""The guard of wholes, parts, sessions and months against eight raw writers at once, at any isolation level.

PODEST_PROOF=1 runs 2,000 contended attempts in each race; without it the same races in a shorter form.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from psycopg import IsolationLevel

from bookings.queries.audit import audit
from tests.races.conftest import Ground, Place, levels
from tests.races.statements import (
    CIRCLES,
    GIVEN_BACK,
    GROWN,
    HOUR,
    MARCH,
    MOVED,
    NO_PARTS,
    SIZE,
    TUESDAY,
    WHOLES_WITH_TIME,
    part,
    taken,
)
from tests.races.support import (
    ATTEMPTS,
    CLAIM_LEAVES,
    PROCESSES,
    Attempt,
    Crew,
    assert_sound,
    count,
    needlessly_refused,
)

pytestmark = [pytest.mark.committing, pytest.mark.alone]


def ask(place: Place, start: datetime, minutes: int, units: int) -> Attempt:
    """An attempt at one claim."""
    length = timedelta(minutes=minutes)
    return Attempt(
        [taken(place, start, minutes / 60, units)], (start, start + length), place.capacity, units
    )


@levels
def test_seats_and_minutes_are_never_oversold_nor_needlessly_refused(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    sessions = [
        ground.dated(kind="seated", start=TUESDAY + n * HOUR, end=TUESDAY + (n + 1) * HOUR, size=40)
        for n in range(3)
    ]
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=1_200)
    dice = random.Random(20270307)

    def one() -> Attempt:
        if dice.random() < 0.5:
            number = dice.randrange(3)
            return ask(sessions[number], TUESDAY + number * HOUR, 60, dice.randrange(1, 5))
        minutes = 5 * dice.randrange(1, 25)
        return ask(month, TUESDAY + HOUR * dice.randrange(400), minutes, minutes)

    work = [[one() for _ in range(ATTEMPTS // PROCESSES)] for _ in range(PROCESSES)]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert sum(len(score.refused) for score in scores) > 0
    assert needlessly_refused(ground.conninfo, work, scores) == []


@levels
def test_seats_and_months_change_while_they_are_taken(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """Sizes go up and down, sessions are moved, claims grow and are given back."""
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=10)
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=600)
    scale = {session: 1, month: 60}
    dice = random.Random(7)

    def one() -> Attempt:
        place = dice.choice((session, month))
        what = dice.randrange(10)
        if what < 6 and place is session:
            return Attempt([taken(session, units=dice.randrange(1, 4))])
        if what < 6:
            minutes = 30 * dice.randrange(1, 5)
            start = TUESDAY + 24 * HOUR * dice.randrange(28)
            return Attempt([taken(month, start, minutes / 60, minutes)])
        if what == 6:
            return Attempt([(GIVEN_BACK, (place.capacity,))])
        if what == 7:
            return Attempt([(GROWN, (place.capacity,))])
        if what == 8:
            start = TUESDAY + HOUR * dice.randrange(2)
            return Attempt([(MOVED, (start, start + 2 * HOUR, session.capacity))])
        return Attempt([(SIZE, (dice.randrange(4, 11) * scale[place], place.capacity))])

    work = [[one() for _ in range(ATTEMPTS // PROCESSES)] for _ in range(PROCESSES)]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert all(score.done for score in scores)
    assert audit(now=TUESDAY).count.keys().isdisjoint({"oversold", "claim_out_of_time"})


@levels
def test_eight_writers_of_parts_close_no_circle(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    wholes = [ground.whole() for _ in range(12)]
    dice = random.Random(5)
    answers = frozenset({"23514", "23505"})

    def put_together() -> Attempt:
        one, other = dice.sample(wholes, 2)
        return Attempt([part(one, other)], refusals=answers)

    def taken_apart() -> Attempt:
        return Attempt([(NO_PARTS, (dice.choice(wholes).resource,))])

    work = [
        [
            dice.choices((put_together, taken_apart), (3, 2))[0]()
            for _ in range(ATTEMPTS // PROCESSES)
        ]
        for _ in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert count(ground.conninfo, CIRCLES) == 0
    assert sum(len(score.done) for score in scores) > 0


@levels
def test_wholes_and_their_parts_are_taken_while_parts_change(
    ground: Ground, crew: Crew, level: IsolationLevel
) -> None:
    """Six take wholes and parts of them, two change what belongs to what: each use has all of its leaves or none."""
    halls = [ground.listed(kind="exclusive") for _ in range(4)]
    chairs = ground.listed(kind="pooled", units=10)
    wholes = [ground.whole(*halls[:2], chairs), ground.whole(*halls[1:3]), ground.whole()]
    top = ground.whole(wholes[0], halls[3])
    dice = random.Random(20270306)

    def use() -> Attempt:
        start = TUESDAY + HOUR * dice.randrange(60)
        length = HOUR * dice.randrange(1, 4)
        if dice.random() < 0.5:
            whole = dice.choice([*wholes, top])
            return Attempt([(CLAIM_LEAVES, (start, start + length, whole.block, whole.resource))])
        place = dice.choice([*halls, chairs])
        units = dice.randrange(1, 5) if place is chairs else 1
        return Attempt([taken(place, start, length / HOUR, units)])

    def changed() -> Attempt:
        whole = dice.choice(wholes)
        if dice.random() < 0.5:
            return Attempt([(NO_PARTS, (whole.resource,))])
        return Attempt([part(whole, dice.choice([*halls, chairs]))], refusals=frozenset({"23505"}))

    work = [
        [changed() if writer < 2 else use() for _ in range(ATTEMPTS // PROCESSES)]
        for writer in range(PROCESSES)
    ]
    scores = crew.race(ground.conninfo, level, work)
    assert_sound(ground.conninfo, scores)
    assert count(ground.conninfo, WHOLES_WITH_TIME) == 0
    assert sum(len(score.refused) for score in scores) > 0
    assert all(score.done for score in scores)
