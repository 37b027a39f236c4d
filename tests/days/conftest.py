"""Every day here may ask for the `hall`, and leaves everything that is stored in agreement."""

from collections.abc import Iterator

import pytest

from tests.bookings.stage import audited
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, hall

__all__ = ["hall"]


@pytest.fixture(autouse=True)
def in_agreement(hall: Hall) -> Iterator[None]:
    yield
    audited()


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()
