"""The suite's own tools: clones, the clock, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from cooperative import clock
from cooperative.models import Institution
from tests.databases import Clone


def _add(name: str) -> None:
    Institution.objects.create(name=name, kind="association", city="Gdańsk")


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_an_ordinary_test_is_rolled_back(turn: int) -> None:
    assert Institution.objects.filter(name="Dom Próby").count() == 0
    _add("Dom Próby")


@pytest.mark.committing
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_has_a_database_of_its_own(turn: int) -> None:
    assert Institution.objects.filter(name="Dom Próby").count() == 0
    seen: list[int] = []

    def look() -> None:
        seen.append(Institution.objects.filter(name="Dom Próby").count())
        connection.close()

    _add("Dom Próby")
    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_the_clone_is_what_django_talks_to(committed_db: Clone) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('transaction_isolation')")
        assert cursor.fetchone() == (committed_db.name, "read committed")


def test_the_clock_can_stand_elsewhere(at: Callable[[str], datetime]) -> None:
    wanted = at("2027-05-03T10:00+02:00")
    assert wanted == datetime(2027, 5, 3, 8, 0, tzinfo=UTC)
    assert timedelta(0) <= clock.now() - wanted < timedelta(minutes=1)


def test_an_instant_without_offset_is_refused(at: Callable[[str], datetime]) -> None:
    with pytest.raises(ValueError, match="Say the offset"):
        at("2027-05-03T10:00")
