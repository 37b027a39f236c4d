"""The guard of wholes, parts, sessions and months against raw writers: two that together would make what neither may,
and what one alone is refused. What no trigger can know, the audit finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import LiteralString

import psycopg
import pytest
from psycopg import IsolationLevel, errors, sql

from bookings.queries.audit import audit
from sharing.models import ResourcePart
from tests.races.conftest import Ground, levels
from tests.races.statements import (
    CAPACITY,
    CIRCLES,
    HOUR,
    KIND,
    MARCH,
    MOVED,
    NO_PARTS,
    OWNER,
    PART,
    SIZE,
    SIZE_FROM,
    STANDING,
    TUESDAY,
    UNITS,
    WHOLES_WITH_TIME,
    another_house,
    part,
    run,
    taken,
)
from tests.races.support import (
    CLAIM_LEAVES,
    DEADLOCKS,
    Statement,
    count,
    overtaken,
)

pytestmark = [pytest.mark.committing, pytest.mark.alone]

# --- two at once ----------------------------------------------------------------------------------
Pair = tuple[list[Statement], list[Statement]]


def circle_of_two(ground: Ground) -> Pair:
    a, b = ground.whole(), ground.whole()
    return [part(a, b)], [part(b, a)]


def circle_of_three(ground: Ground) -> Pair:
    a, c = ground.whole(), ground.whole()
    b = ground.whole()
    run(ground, part(a, b))
    return [part(b, c)], [part(c, a)]


def circle_of_four_closed_far_apart(ground: Ground) -> Pair:
    a, b, c, d = (ground.whole() for _ in range(4))
    run(ground, part(a, b), part(c, d))
    return [part(b, c)], [part(d, a)]


def time_for_what_gets_parts(ground: Ground) -> Pair:
    whole, hall = ground.whole(), ground.listed(kind="exclusive")
    return [part(whole, hall)], [(SIZE, (1, whole.capacity))]


def units_for_what_gets_parts(ground: Ground) -> Pair:
    whole, hall = ground.whole(), ground.listed(kind="exclusive")
    return [part(whole, hall)], [(UNITS, (1, whole.resource))]


def another_count_for_what_gets_parts(ground: Ground) -> Pair:
    whole, hall = ground.whole(), ground.listed(kind="exclusive")
    return [part(whole, hall)], [(STANDING, (whole.resource, "peak", 5))]


def _kind_of(which: str, kind: str) -> Callable[[Ground], Pair]:
    def made(ground: Ground) -> Pair:
        whole, hall = ground.whole(), ground.listed(kind="exclusive")
        changed = whole if which == "whole" else hall
        return [part(whole, hall)], [(KIND, (kind, changed.resource))]

    return made


def another_owner_for_what_becomes_a_part(ground: Ground) -> Pair:
    whole, hall = ground.whole(), ground.listed(kind="exclusive")
    return [part(whole, hall)], [(OWNER, (another_house().pk, hall.resource))]


def another_owner_for_what_gets_parts(ground: Ground) -> Pair:
    whole, hall = ground.whole(), ground.listed(kind="exclusive")
    return [part(whole, hall)], [(OWNER, (another_house().pk, whole.resource))]


def the_last_seats_of_a_session(ground: Ground) -> Pair:
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    return [taken(session, units=3)], [taken(session, units=3)]


def the_last_minutes_of_a_month(ground: Ground) -> Pair:
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=180)
    later = TUESDAY + 24 * HOUR
    return [taken(month, units=120)], [taken(month, later, units=120)]


def a_seat_in_a_session_that_is_cancelled(ground: Ground) -> Pair:
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    return [taken(session)], [(SIZE, (0, session.capacity))]


def a_seat_in_a_session_that_is_moved(ground: Ground) -> Pair:
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    return [taken(session)], [(MOVED, (TUESDAY + HOUR, TUESDAY + 3 * HOUR, session.capacity))]


def months_that_overlap(ground: Ground) -> Pair:
    person = ground.listed(kind="metered")
    month = (person.resource, "total", 360)
    return [(CAPACITY, (*month, *MARCH))], [(CAPACITY, (*month, MARCH[0] + HOUR, MARCH[1]))]


def a_whole_and_its_part(ground: Ground) -> Pair:
    hall = ground.listed(kind="exclusive")
    whole = ground.whole(hall)
    use = (TUESDAY, TUESDAY + 2 * HOUR, whole.block, whole.resource)
    return [(CLAIM_LEAVES, use)], [taken(hall)]


PAIRS: dict[str, Callable[[Ground], Pair]] = {
    made.__name__: made
    for made in (
        circle_of_two,
        circle_of_three,
        circle_of_four_closed_far_apart,
        time_for_what_gets_parts,
        units_for_what_gets_parts,
        another_count_for_what_gets_parts,
        another_owner_for_what_becomes_a_part,
        another_owner_for_what_gets_parts,
        the_last_seats_of_a_session,
        the_last_minutes_of_a_month,
        a_seat_in_a_session_that_is_cancelled,
        a_seat_in_a_session_that_is_moved,
        months_that_overlap,
        a_whole_and_its_part,
    )
}
PAIRS |= {
    f"{which}_becomes_{kind}": _kind_of(which, kind)
    for which, kinds in (
        ("whole", ("pooled", "metered", "seated", "giveaway")),
        ("part", ("metered", "seated", "giveaway")),
    )
    for kind in kinds
}
REFUSALS = {"23P01", "23514", "40001"}


@levels
@pytest.mark.parametrize("turned", [False, True], ids=["one first", "the other first"])
def test_of_two_that_exclude_each_other_one_is_refused(
    ground: Ground, level: IsolationLevel, turned: bool
) -> None:
    told = {}
    for name, made in PAIRS.items():
        first, second = made(ground)
        if turned:
            first, second = second, first
        told[name] = sorted(overtaken(ground.conninfo, level, first, second))
    sound = {name: (answers[0] in REFUSALS, answers[1]) for name, answers in told.items()}
    assert sound == dict.fromkeys(PAIRS, (True, "done")), told
    assert count(ground.conninfo, CIRCLES) == 0
    assert count(ground.conninfo, WHOLES_WITH_TIME) == 0
    assert count(ground.conninfo, DEADLOCKS) == 0


# --- one alone ------------------------------------------------------------------------------------
def _owner_of_a_part(ground: Ground) -> list[Statement]:
    hall = ground.listed(kind="exclusive")
    ground.whole(hall)
    return [(OWNER, (another_house().pk, hall.resource))]


def _session_of_a_whole(ground: Ground) -> list[Statement]:
    whole = ground.whole(ground.listed(kind="exclusive"))
    return [(CAPACITY, (whole.resource, "peak", 5, TUESDAY, TUESDAY + 2 * HOUR))]


def _second_count(ground: Ground) -> list[Statement]:
    return [(STANDING, (ground.listed(kind="exclusive").resource, "peak", 5))]


def _one_at_a_time_for_a_time(ground: Ground) -> list[Statement]:
    hall = ground.listed(kind="exclusive")
    return [(CAPACITY, (hall.resource, "exclusive", 1, TUESDAY, TUESDAY + 2 * HOUR))]


def _three_days_for_a_minute(ground: Ground) -> list[Statement]:
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=60)
    return [taken(month, hours=72, units=1)]


def _more_minutes_than_the_span_has(ground: Ground) -> list[Statement]:
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=600)
    return [taken(month, hours=1, units=61)]


def _over_the_end_of_the_month(ground: Ground) -> list[Statement]:
    month = ground.dated(kind="metered", start=MARCH[0], end=MARCH[1], size=600)
    return [taken(month, MARCH[1] - HOUR, units=120)]


def _half_of_a_session(ground: Ground) -> list[Statement]:
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    return [taken(session, hours=1)]


def _session_emptied_from_later_on(ground: Ground) -> list[Statement]:
    session = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    run(ground, taken(session, units=5))
    return [(SIZE_FROM, (0, TUESDAY + 1_000 * HOUR, session.capacity))]


def _session_of_another_thing(ground: Ground) -> list[Statement]:
    other = ground.dated(kind="seated", start=TUESDAY, end=TUESDAY + 2 * HOUR, size=5)
    stored: LiteralString = (
        "INSERT INTO bookings_seatedsession (uid, resource_id, capacity_id, starts_at, ends_at, units, title,"
        " note, zone, local_date, created_at, version)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, 5, '', '', 'UTC', '2027-03-02', %s, 1)"
    )
    hall = ground.listed(kind="exclusive")
    return [
        (stored, (hall.resource, other.capacity, TUESDAY, TUESDAY + 2 * HOUR, TUESDAY)),
    ]


def _part_before_its_resource(ground: Ground) -> list[Statement]:
    """The foreign key is deferred: the part is named first, and turns out to be another house's."""
    whole, like = ground.whole(), ground.listed(kind="exclusive")
    with psycopg.connect(ground.conninfo) as connection:
        rows = connection.execute(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'sharing_resource'"
        ).fetchall()
    given = {"id": "999999", "uid": "gen_random_uuid()", "owner_id": str(another_house().pk)}
    columns = [row[0] for row in rows]
    copied = sql.SQL(
        "INSERT INTO sharing_resource ({}) SELECT {} FROM sharing_resource WHERE id = {}"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(
            sql.SQL(given[name]) if name in given else sql.Identifier(name) for name in columns
        ),
        sql.Literal(like.resource),
    )
    return [(PART, (whole.resource, 999_999, 1)), (copied, ())]


def _absurdly_many(ground: Ground) -> list[Statement]:
    return [part(ground.whole(), ground.listed(kind="pooled", units=6), 1_000_001)]


ALONE: dict[str, tuple[Callable[[Ground], Sequence[Statement]], str]] = {
    "a part given to another house": (_owner_of_a_part, "part_of_another_house"),
    "a session of a whole": (_session_of_a_whole, "whole_has_no_time"),
    "counted in two ways": (_second_count, "capacity_one_counts"),
    "one at a time for a time": (_one_at_a_time_for_a_time, "capacity_exclusive_stands"),
    "three days for one minute": (_three_days_for_a_minute, "claim_fits"),
    "more minutes than the span has": (_more_minutes_than_the_span_has, "claim_fits"),
    "over the end of the month": (_over_the_end_of_the_month, "claim_fits"),
    "half of a session": (_half_of_a_session, "claim_fits"),
    "a session emptied from later on": (
        _session_emptied_from_later_on,
        "capacity_keeps_promises",
    ),
    "a session of another thing": (_session_of_another_thing, "session_agrees"),
    "a part before its resource": (_part_before_its_resource, "part_of_another_house"),
    "absurdly many": (_absurdly_many, "resource_part_units_plausible"),
}


def test_what_one_writer_alone_is_refused(ground: Ground) -> None:
    told = {}
    for name, (made, _constraint) in ALONE.items():
        statements = made(ground)
        with pytest.raises(errors.IntegrityError) as no:
            run(ground, *statements)
        told[name] = no.value.diag.constraint_name
    assert told == {name: constraint for name, (_made, constraint) in ALONE.items()}


# --- what no trigger can know ---------------------------------------------------------------------
def test_the_audit_finds_a_whole_that_keeps_its_time_for_later(ground: Ground) -> None:
    """Size 0 from a day on that never comes: what was promised stays, and its part is promised again."""
    whole, hall = ground.listed(kind="exclusive"), ground.listed(kind="exclusive")
    run(
        ground,
        taken(whole),
        (SIZE_FROM, (0, datetime(2190, 1, 1, tzinfo=UTC), whole.capacity)),
        part(whole, hall),
        taken(hall),
    )
    assert "whole_has_time" in audit(now=TUESDAY - HOUR).count


def test_the_audit_finds_a_whole_that_is_sold_again_without_its_parts(ground: Ground) -> None:
    """What was promised of the whole stays on its leaf while the whole becomes a thing of its own."""
    hall = ground.listed(kind="exclusive")
    whole = ground.whole(hall)
    use = (TUESDAY, TUESDAY + 2 * HOUR, whole.block, whole.resource)
    run(ground, (CLAIM_LEAVES, use))
    run(ground, (NO_PARTS, (whole.resource,)), (SIZE, (1, whole.capacity)), taken(whole))
    found = audit(now=TUESDAY - HOUR)
    assert "block_claims" in found.count
    assert ResourcePart.objects.count() == 0


def test_a_leaf_reached_by_very_many_ways_is_counted_without_end_or_overflow(
    ground: Ground,
) -> None:
    """Ten storeys of two, each with a million of the storey below: the walk ends, and the number is a number."""
    chairs = ground.listed(kind="pooled", units=6)
    storeys = [[ground.whole() for _ in range(2)] for _ in range(10)]
    for above, below in zip(storeys, [*storeys[1:], [chairs]], strict=True):
        run(ground, *(part(whole, one, 1_000_000) for whole in above for one in below))
    with psycopg.connect(ground.conninfo) as connection:
        rows = connection.execute(
            "SELECT capacity_id, units FROM resource_leaves(%s)", [storeys[0][0].resource]
        ).fetchall()
    assert rows == [(chairs.capacity, 2_147_483_647)]
