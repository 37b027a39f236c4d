"""Searching what is free, and the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.queries.search import Wanted, search
from bookings.queries.timeline import timeline
from bookings.spans import Span

from .timing import each, percentile
from .world import World

AHEAD = datetime(2027, 3, 1, 9, tzinfo=UTC)
"""A month from now, where a tenth of all uses lie within a year."""


@dataclass(frozen=True)
class Searched:
    """Seconds: whole call and in the database alone, 95th percentile; statements of one call."""

    whole: float
    in_database: float
    statements: int
    timeline: float
    timeline_statements: int


def measure(world: World, *, count: int = 40) -> Searched:
    """Windows on different days, with words and a filter; then 200 rooms over 31 days."""
    viewer = world.viewer()
    database: list[float] = []

    def look(number: int) -> None:
        start = AHEAD + timedelta(days=number % 60, hours=number % 8)
        wanted = Wanted(
            words=("sala", "krzesła", "galeria", "scena")[number % 4],
            category="spaces",
            window=Span(start, start + timedelta(hours=1)),
            attributes={},
        )
        with CaptureQueriesContext(connection) as captured:
            search(viewer=viewer, wanted=wanted)
        database.append(sum(float(row["time"]) for row in captured.captured_queries))
        statements.append(len(captured))

    statements: list[int] = []
    whole = each(look, count, warm_up=3)
    month = Span(AHEAD, AHEAD + timedelta(days=31))
    rooms = [room.pk for room in world.rooms[:200]]
    with CaptureQueriesContext(connection) as drawn:
        timeline(rooms, month, viewer=viewer)
    rows = each(lambda _n: timeline(rooms, month, viewer=viewer), 5)
    return Searched(
        whole=percentile(whole, 0.95),
        in_database=percentile(database[3:], 0.95),
        statements=max(statements),
        timeline=percentile(rows, 0.5),
        timeline_statements=len(drawn),
    )
