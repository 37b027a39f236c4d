"""Two keepers bring the same file in at the same moment: each row is booked once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from bookings.models import Booking
from bookings.services.schedules.bringing import bring_in
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, audited, make_side, make_thing
from tests.bookings.test_schedules import looked, row, states

pytestmark = [pytest.mark.committing, pytest.mark.alone]
ROWS = 8


def at_once(*verbs: Callable[[], object]) -> None:
    """Begin all of them together, each with a connection of its own."""
    ready = Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> None:
        try:
            ready.wait()
            verb()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        for done in [pool.submit(run, verb) for verb in verbs]:
            done.result()


def bringing(side: Side, schedule: UUID) -> Callable[[], object]:
    return lambda: bring_in(by=side.viewer, schedule=schedule)


@pytest.mark.parametrize("same", [True, False], ids=["one-upload", "two-uploads"])
def test_each_row_is_booked_once(same: bool) -> None:
    owner = make_side()
    other = make_side(house=owner.house)
    make_thing(owner, "Sala lustrzana")
    make_thing(owner, "Krzesła", kind="pooled", units=100)
    rows = [
        row(thing=thing, day=f"{7 + n}.09.2027")
        for n in range(ROWS // 2)
        for thing in ("Sala lustrzana", "Krzesła")
    ]
    first = looked(owner, *rows)
    second = first if same else looked(other, *rows)
    at_once(bringing(owner, first.uid), bringing(other, second.uid))
    assert Booking.objects.visible_to(SYSTEM).count() == ROWS
    for made in (first, second):
        assert set(states(made)) <= {"stored", "known"}
    audited()
