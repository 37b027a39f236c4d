"""Who waits for time that comes free: lines on the waiting list and watched dates of series, first come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.models import Line
from bookings.spans import Span
from cooperative.statements import prepared

# The resources that a capacity is a part of wait with it; two capacities of one whole name it twice. What a thing comes
# only with is waited for with it, by the line that brings it.
_WAITERS = """
WITH wanted AS MATERIALIZED (
    SELECT whole.resource_id, min(freed.since) AS since, max(freed.until) AS until
    FROM unnest(%(capacities)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[])
        AS freed (capacity_id, since, until)
    JOIN bookings_capacity AS capacity ON capacity.id = freed.capacity_id
    CROSS JOIN LATERAL resource_wholes(capacity.resource_id) AS whole
    GROUP BY whole.resource_id
)
, waiter AS (
    SELECT DISTINCT coalesce(line.brought_by_id, line.id) AS id
    FROM wanted JOIN bookings_line AS line ON line.resource_id = wanted.resource_id
    WHERE line.waiting AND line.state = 'asked' AND line.use_starts_at > %(now)s::timestamptz
        AND line.use_starts_at < wanted.until AND line.use_ends_at > wanted.since
)
SELECT line.id, NULL::bigint, line.booking_id, line.resource_id, line.waiting_since AS waits
FROM waiter JOIN bookings_line AS line ON line.id = waiter.id
WHERE line.waiting AND line.state = 'asked'
UNION ALL
SELECT NULL, watch.id, watch.booking_id, watch.resource_id, watch.waiting_since
FROM wanted JOIN bookings_watch AS watch ON watch.resource_id = wanted.resource_id
WHERE watch.state = 'waiting' AND watch.use_starts_at > %(now)s::timestamptz
    AND watch.use_starts_at < wanted.until AND watch.use_ends_at > wanted.since
ORDER BY waits, 1, 2
"""


@dataclass(frozen=True, slots=True)
class Waiter:
    """A line or a watch (database ids) that waits for something of its resource."""

    line: int | None
    watch: int | None
    booking: int
    resource: int


def who_waits(freed: Mapping[int, Span], *, now: datetime) -> list[Waiter]:
    """Whose time touches what came free of these capacities (by id), in order. One statement, none for nothing."""
    if not freed:
        return []
    parameters = {
        "capacities": list(freed),
        "since": [span.start for span in freed.values()],
        "until": [span.end for span in freed.values()],
        "now": now,
    }
    with prepared(_WAITERS, parameters) as cursor:
        return [Waiter(*row[:4]) for row in cursor.fetchall()]


_PLACES = """
SELECT mine.place, 1 + (
    SELECT count(*) FROM bookings_line AS line
    WHERE line.resource_id = mine.resource AND line.waiting AND line.state = 'asked'
        AND line.brought_by_id IS NULL AND line.use_starts_at > %(now)s::timestamptz
        AND line.use_starts_at < mine.until AND line.use_ends_at > mine.since
        AND (line.waiting_since, line.id) < (mine.waits, mine.line)
) + (
    SELECT count(*) FROM bookings_watch AS watch
    WHERE watch.resource_id = mine.resource AND watch.state IN ('waiting', 'offered')
        AND watch.use_starts_at > %(now)s::timestamptz
        AND watch.use_starts_at < mine.until AND watch.use_ends_at > mine.since
        AND watch.waiting_since < mine.waits
)
FROM unnest(
    %(resources)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[],
    %(waits)s::timestamptz[], %(lines)s::bigint[]
) WITH ORDINALITY AS mine (resource, since, until, waits, line, place)
"""
_LAST = 2**62


def places(lines: Sequence[Line], *, now: datetime) -> dict[int, int]:
    """The place in the queue (1 = next) of each line that waits, by line id: a number, and nobody's name. What comes
    along with another line has none of its own.

    One statement, none where nobody waits.
    """
    waiting = [
        one
        for one in lines
        if one.waiting and one.waiting_since is not None and one.brought_by_id is None
    ]
    found = _places(
        [
            (one.resource_id, Span(one.use_starts_at, one.use_ends_at), one.waiting_since, one.pk)
            for one in waiting
        ],
        now=now,
    )
    return {one.pk: place for one, place in zip(waiting, found, strict=True)}


def place_of_the_next(resource: int, use: Span, *, now: datetime) -> int:
    """The place that one more would have who waits for a resource (database id) at that time. One statement."""
    return _places([(resource, use, now, _LAST)], now=now)[0]


def _places(
    wanted: Sequence[tuple[int, Span, datetime | None, int]], *, now: datetime
) -> list[int]:
    if not wanted:
        return []
    parameters = {
        "resources": [resource for resource, _use, _waits, _line in wanted],
        "since": [use.start for _resource, use, _waits, _line in wanted],
        "until": [use.end for _resource, use, _waits, _line in wanted],
        "waits": [waits for _resource, _use, waits, _line in wanted],
        "lines": [line for _resource, _use, _waits, line in wanted],
        "now": now,
    }
    with prepared(_PLACES, parameters) as cursor:
        return [place for _number, place in sorted(cursor.fetchall())]
