"""One line booked through the service, against one bare INSERT into a table with the same exclusion constraint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.services.request.sending import request_booking
from bookings.wishes import BookingWish, LineWish
from sharing.models import Resource

from .timing import each, percentile
from .world import World, free_slot


@dataclass(frozen=True)
class Booked:
    """Medians in seconds; statements counted by Django, without those that open and close transactions."""

    bare: float
    service: float
    statements_one: int
    statements_fifty: int

    @property
    def ratio(self) -> float:
        return self.service / self.bare


def wish(things: Sequence[Resource], number: int, *, lines: int = 1) -> BookingWish:
    """`lines` of these things, in turn, at a time that nobody has."""
    start, end = free_slot(number)
    wanted = [things[(number + n) % len(things)] for n in range(lines)]
    return BookingWish(tuple(LineWish(one.uid, start, end) for one in wanted), title="Próba")


def measure_busiest(world: World, *, count: int = 200) -> list[float]:
    """Median seconds of booking one line of each of the busiest things, by service."""
    viewer, found = world.viewer(), []
    for thing in world.busiest:

        def book(number: int, thing: Resource = thing) -> None:
            wanted = wish([thing], 2_000 + number)
            request_booking(by=viewer, institution=world.borrower.pk, wish=wanted)

        found.append(percentile(each(book, count, warm_up=20), 0.5))
    return found


def measure(world: World, *, count: int = 300, first: int = 0) -> Booked:
    """Book `count` free slots, from the `first` on, in turn by service and by bare INSERT."""
    viewer = world.viewer()

    def book(number: int) -> None:
        request_booking(
            by=viewer, institution=world.borrower.pk, wish=wish(world.rooms, first + number)
        )

    with _bare_table() as raw:

        def insert(number: int) -> None:
            start, end = free_slot(first + number)
            raw.execute(
                "INSERT INTO bare (capacity_id, span) VALUES (%s, tstzrange(%s, %s))",
                [1 + number % 200, start, end],
            )

        bare, service = [], []
        for chunk in range(0, count, 50):
            bare += each(insert, 50, first=chunk)
            service += each(book, 50, first=chunk)
    with CaptureQueriesContext(connection) as one:
        book(count + 1)
    with CaptureQueriesContext(connection) as fifty:
        request_booking(
            by=viewer,
            institution=world.borrower.pk,
            wish=wish(world.rooms, first + count + 2, lines=50),
        )
    return Booked(
        bare=percentile(bare, 0.5),
        service=percentile(service, 0.5),
        statements_one=_count(one),
        statements_fifty=_count(fifty),
    )


def _count(captured: CaptureQueriesContext) -> int:
    plumbing = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not row["sql"].startswith(plumbing) for row in captured.captured_queries)


def _bare_table() -> psycopg.Connection[tuple[object, ...]]:
    """An autocommitting connection to this database, with a table that has nothing but the constraint."""
    parameters = connection.get_connection_params()
    raw = psycopg.connect(
        host=parameters.get("host"),
        port=parameters.get("port"),
        user=parameters.get("user"),
        password=parameters.get("password"),
        dbname=parameters["dbname"],
        autocommit=True,
    )
    raw.execute("DROP TABLE IF EXISTS bare")
    raw.execute(
        "CREATE TABLE bare (id bigserial PRIMARY KEY, capacity_id bigint NOT NULL, span tstzrange NOT NULL,"
        " CONSTRAINT bare_free EXCLUDE USING gist (capacity_id WITH =, span WITH &&))"
    )
    raw.execute(
        "INSERT INTO bare (capacity_id, span) SELECT capacity_id, span FROM bookings_claim"
        " WHERE mode = 'exclusive' ON CONFLICT DO NOTHING"
    )
    return raw
