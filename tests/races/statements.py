"""Raw statements that change what there is and what it is made of, and claims of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg

from cooperative.institutions.models import Institution
from tests.races.conftest import Ground, Place
from tests.races.support import INSERT, Statement

TUESDAY = datetime(2027, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
MARCH = (datetime(2027, 2, 28, 23, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC))
"""A month of an owner in Warsaw."""

PART: LiteralString = (
    "INSERT INTO sharing_resourcepart (whole_id, part_id, units, position) VALUES (%s, %s, %s, 0)"
)
CAPACITY: LiteralString = (
    "INSERT INTO bookings_capacity (resource_id, mode, size, size_from, span, version)"
    " VALUES (%s, %s, %s, '2000-01-01Z', tstzrange(%s, %s), 0)"
)
STANDING: LiteralString = (
    "INSERT INTO bookings_capacity (resource_id, mode, size, size_from, version)"
    " VALUES (%s, %s, %s, '2000-01-01Z', 0)"
)
SIZE: LiteralString = "UPDATE bookings_capacity SET size = %s WHERE id = %s"
SIZE_FROM: LiteralString = "UPDATE bookings_capacity SET size = %s, size_from = %s WHERE id = %s"
KIND: LiteralString = "UPDATE sharing_resource SET kind = %s WHERE id = %s"
UNITS: LiteralString = "UPDATE sharing_resource SET units = %s WHERE id = %s"
OWNER: LiteralString = "UPDATE sharing_resource SET owner_id = %s WHERE id = %s"
NO_PARTS: LiteralString = "DELETE FROM sharing_resourcepart WHERE whole_id = %s"

GIVEN_BACK: LiteralString = """
    DELETE FROM bookings_claim WHERE id = (SELECT min(id) FROM bookings_claim WHERE capacity_id = %s)
"""
GROWN: LiteralString = "UPDATE bookings_claim SET units = units + 1 WHERE capacity_id = %s"
MOVED: LiteralString = "UPDATE bookings_capacity SET span = tstzrange(%s, %s) WHERE id = %s"

CIRCLES: LiteralString = """
    WITH RECURSIVE up (whole, part) AS (
        SELECT whole_id, part_id FROM sharing_resourcepart
        UNION SELECT up.whole, p.part_id FROM up JOIN sharing_resourcepart p ON p.whole_id = up.part
    ) SELECT count(*) FROM up WHERE whole = part
"""
WHOLES_WITH_TIME: LiteralString = """
    SELECT count(*) FROM bookings_capacity c WHERE c.size > 0 AND c.span IS NULL
        AND EXISTS (SELECT FROM sharing_resourcepart p WHERE p.whole_id = c.resource_id)
"""


def part(whole: Place, of: Place, units: int = 1) -> Statement:
    return PART, (whole.resource, of.resource, units)


def taken(place: Place, start: datetime = TUESDAY, hours: float = 2, units: int = 1) -> Statement:
    return INSERT, (place.capacity, start, start + hours * HOUR, units, place.block)


def another_house() -> Institution:
    return Institution.objects.create(
        name="Inny dom", kind="municipal", city="Łódź", state="active"
    )


def run(ground: Ground, *statements: Statement) -> None:
    """One transaction."""
    with (
        psycopg.connect(ground.conninfo, autocommit=True) as connection,
        connection.transaction(),
    ):
        for statement, values in statements:
            connection.execute(statement, values)
