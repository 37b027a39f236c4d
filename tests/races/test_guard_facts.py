"""What has happened is never refused: giving back and keeping longer after a size was lowered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors

from tests.races.conftest import Ground
from tests.races.support import INSERT

pytestmark = pytest.mark.committing

MONDAY = datetime(2027, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def test_after_a_lowering_what_is_out_may_come_back_or_stay_longer(ground: Ground) -> None:
    pool = ground.listed(kind="pooled", units=10)
    with psycopg.connect(ground.conninfo, autocommit=True) as connection:
        for days, units in ((3, 7), (1, 3)):
            values = (pool.capacity, MONDAY, MONDAY + days * DAY, units, pool.block)
            connection.execute(INSERT, values)
        connection.execute(
            "UPDATE bookings_capacity SET size = 8, size_from = %s WHERE id = %s",
            (MONDAY + 2 * DAY, pool.capacity),
        )
        change = "UPDATE bookings_claim SET span = tstzrange(lower(span), %s) WHERE units = 7"
        connection.execute(change, [MONDAY + 4 * DAY])
        connection.execute(change, [MONDAY + 2 * DAY])
        with pytest.raises(errors.ExclusionViolation):
            connection.execute("UPDATE bookings_claim SET units = 8 WHERE units = 7")
        connection.execute("UPDATE bookings_claim SET units = 6 WHERE units = 7")
        # One more may be bought, whatever was out before the lowering; not one fewer.
        more = "UPDATE sharing_resource SET units = %s WHERE id = %s"
        connection.execute(more, (9, pool.resource))
        with pytest.raises(errors.ExclusionViolation):
            connection.execute(more, (5, pool.resource))


def test_a_session_keeps_the_span_that_its_claims_have(ground: Ground) -> None:
    pool = ground.listed(kind="pooled", units=10)
    with psycopg.connect(ground.conninfo, autocommit=True) as connection:
        row = connection.execute(
            "INSERT INTO bookings_capacity (resource_id, mode, size, size_from, span, version)"
            " VALUES (%s, 'peak', 10, '2000-01-01', tstzrange(%s, %s), 0) RETURNING id",
            (pool.resource, MONDAY, MONDAY + DAY),
        ).fetchone()
        assert row is not None
        connection.execute(INSERT, (row[0], MONDAY, MONDAY + DAY, 1, pool.block))
        with pytest.raises(errors.ExclusionViolation):
            connection.execute(
                "UPDATE bookings_capacity SET span = tstzrange(%s, %s) WHERE id = %s",
                (MONDAY, MONDAY + 2 * DAY, row[0]),
            )
