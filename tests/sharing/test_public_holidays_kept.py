"""Public holidays keep themselves up, and never bring back a day that a keeper opened."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cooperative.access.viewer import Viewer
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from sharing.models import DayOff
from sharing.public_holidays import holiday_names, public_holidays
from sharing.services.days_off import (
    add_days_off,
    add_public_holidays,
    keep_public_holidays,
    remove_days_off,
    remove_public_holidays,
    stop_public_holidays,
)

from .factories import keeper_of, make_house

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2028, 1, 15, 9, tzinfo=UTC)


def observing(**fields: Any) -> Institution:
    return make_house(observes_public_holidays=True, **fields)


def years(house: Institution) -> dict[int, int]:
    """How many days each year has."""
    found: dict[int, int] = {}
    for row in DayOff.objects.filter(institution=house, kind="public_holiday"):
        found[row.from_on.year] = found.get(row.from_on.year, 0) + 1
    return found


def open_on(by: Viewer, house: Institution, day: date) -> None:
    remove_days_off(by=by, day_off=DayOff.objects.get(institution=house, from_on=day).uid)


def test_this_year_and_the_next_two_are_added_once() -> None:
    house, not_observing = observing(), make_house()
    assert keep_public_holidays(now=NOW) == 3
    assert years(house) == {2027: 14, 2028: 14, 2029: 14}
    assert years(not_observing) == {}
    assert keep_public_holidays(now=NOW) == 0
    assert keep_public_holidays(now=LATER) == 1
    assert years(house) == {2027: 14, 2028: 14, 2029: 14, 2030: 14}
    told = Event.objects.filter(verb="institution.add_days_off", subject_uid=house.uid)
    assert [event.data for event in told.order_by("id")] == [
        {"year": year} for year in (2027, 2028, 2029, 2030)
    ]


def test_a_day_that_a_keeper_opened_stays_open() -> None:
    house = observing()
    by = keeper_of(house)
    keep_public_holidays(now=NOW)
    open_on(by, house, date(2028, 5, 3))
    for _row in range(14):
        day = DayOff.objects.filter(institution=house, from_on__year=2029).first()
        assert day is not None
        remove_days_off(by=by, day_off=day.uid)
    assert keep_public_holidays(now=LATER) == 1
    assert years(house) == {2027: 14, 2028: 13, 2030: 14}


def test_a_year_that_a_keeper_opened_stays_open_also_before_it_was_added() -> None:
    house = observing()
    by = keeper_of(house)
    assert remove_public_holidays(by=by, institution=house.pk, year=2028) == 0
    keep_public_holidays(now=NOW)
    assert remove_public_holidays(by=by, institution=house.pk, year=2027) == 14
    assert keep_public_holidays(now=NOW) == 0
    assert years(house) == {2029: 14}


def test_years_added_by_hand_count_and_what_the_house_closes_itself_does_not() -> None:
    house = make_house()
    by = keeper_of(house)
    add_public_holidays(by=by, institution=house.pk, year=2028)
    open_on(by, house, date(2028, 1, 6))
    add_days_off(by=by, institution=house.pk, from_on=date(2027, 7, 1), until_on=date(2027, 8, 1))
    assert keep_public_holidays(now=NOW) == 2
    assert years(house) == {2027: 14, 2028: 13, 2029: 14}


def test_stopped_it_adds_no_more_and_keeps_what_is_there() -> None:
    house = observing()
    by = keeper_of(house)
    keep_public_holidays(now=NOW)
    for _again in range(2):
        stop_public_holidays(by=by, institution=house.pk)
    assert Event.objects.filter(verb="institution.stop_public_holidays").count() == 1
    assert keep_public_holidays(now=LATER) == 0
    assert years(house) == {2027: 14, 2028: 14, 2029: 14}


def test_a_house_that_left_and_countries_without_any_are_passed_by() -> None:
    left, kyiv, nowhere = (
        observing(state="left"),
        observing(country="UA", city="Kyiv"),
        observing(country="XX"),
    )
    here = observing()
    assert keep_public_holidays(now=NOW) == 3
    assert [years(house) for house in (left, kyiv, nowhere)] == [{}] * 3
    assert len(years(here)) == 3


def test_the_year_is_the_houses_own() -> None:
    """Nine in the evening of New Year's Eve in Wrocław: it is next year in Tokyo already."""
    eve = datetime(2027, 12, 31, 20, tzinfo=UTC)
    here, tokyo = observing(), observing(country="JP", time_zone="Asia/Tokyo")
    keep_public_holidays(now=eve)
    assert list(years(here)) == [2027, 2028, 2029]
    assert list(years(tokyo)) == [2028, 2029, 2030]


def test_names_are_the_readers_where_the_library_has_them() -> None:
    names = [
        public_holidays("PL", 2027, language=language)[date(2027, 1, 6)]
        for language in ("", "pl", "en", "de", "uk")
    ]
    assert names == [
        "Święto Trzech Króli",
        "Święto Trzech Króli",
        "Epiphany",
        "Heilige Drei Könige",
        "Богоявлення",
    ]
    # Nobody has named Lithuania's in Polish: English rather than what the machine speaks.
    assert public_holidays("LT", 2027, language="pl")[date(2027, 7, 6)] == "Statehood Day"
    assert public_holidays("LT", 2027)[date(2027, 7, 6)].startswith("Valstybės")


def test_ukraine_works_on_its_holidays_and_they_have_names() -> None:
    assert public_holidays("UA", 2027, language="uk") == {}
    named = holiday_names("UA", 2027, language="uk")
    assert named[date(2027, 8, 24)] == "День незалежності України"
    assert holiday_names("PL", 2027) == public_holidays("PL", 2027)
