"""The first look of a search drops only what is certainly not free: it never disagrees with the exact answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookings.queries.availability import free
from bookings.queries.search import Wanted, search
from bookings.spans import Span
from sharing.models import Resource, WeeklyHours
from tests.bookings.stage import DAY, Side, ask, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def found(side: Side, window: Span) -> set[int]:
    return {
        one.resource.pk for one in search(viewer=side.viewer, wanted=Wanted(window=window)).results
    }


def open_on(thing: Resource, weekday: int, opens: int, closes: int) -> None:
    WeeklyHours.objects.create(
        institution=thing.owner,
        resource=thing,
        weekday=weekday,
        opens_minute=opens,
        closes_minute=closes,
    )


def test_a_thing_in_a_zone_of_its_own_is_found() -> None:
    """Its owner sits in Wrocław, it stands in Lisbon; nobody's house keeps that zone."""
    owner, guest = make_side(), make_side()
    there = make_thing(owner, time_zone="Europe/Lisbon", hours_source="own")
    open_on(there, 2, 600, 1200)
    window = Span(DAY + timedelta(hours=10), DAY + timedelta(hours=20))  # Lisbon keeps UTC in March
    assert found(guest, window) == {there.pk}
    assert found(guest, Span(DAY + timedelta(hours=9), DAY + timedelta(hours=11))) == set()


def test_the_hour_that_exists_twice_is_open_both_times() -> None:
    """Open from 02:30 on the night the clocks go back: the second 02:10 comes after the first 02:30."""
    owner, guest = make_side(), make_side()
    night = make_thing(owner, hours_source="own")
    open_on(night, 6, 150, 600)
    start = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    window = Span(start, start + timedelta(minutes=30))
    assert free([night.pk], window, now=guest.viewer.now)[night.pk].units_during(window) == 1
    assert found(guest, window) == {night.pk}


def test_what_is_taken_kept_or_only_behind_a_turnover_is_not_found() -> None:
    owner, guest = make_side(), make_side()
    taken = make_thing(owner, terms={"at_once": True})
    kept = make_thing(owner, answering="keep_first")
    cleaned = make_thing(owner, terms={"at_once": True}, turnover_minutes=60)
    for thing in (taken, kept):
        ask(guest, line(thing, 10))
    ask(guest, line(cleaned, 12))
    window = Span(DAY + timedelta(hours=10), DAY + timedelta(hours=12))
    assert found(guest, window) == set()
    assert found(guest, Span(DAY + timedelta(hours=8), DAY + timedelta(hours=10))) == {
        taken.pk,
        kept.pk,
        cleaned.pk,
    }
