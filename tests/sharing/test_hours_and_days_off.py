"""Weekly hours and days off as they are edited."""

from __future__ import annotations

from datetime import date

import pytest

from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.events.models import Event
from sharing.models import DayOff
from sharing.public_holidays import public_holidays
from sharing.queries.hours import days_off, week, weekly_rows
from sharing.services.days_off import (
    add_days_off,
    add_public_holidays,
    remove_days_off,
    remove_public_holidays,
)
from sharing.services.set_weekly_hours import set_weekly_hours
from sharing.wishes import HoursWish

from .factories import keeper_of, make_house, make_listing, stored

pytestmark = pytest.mark.django_db


def test_hours_of_a_house_are_replaced_whole() -> None:
    house = make_house()
    by = keeper_of(house)
    set_weekly_hours(by=by, institution=house.pk, hours=[HoursWish(0, "08:00", "16:00")])
    wishes = [
        HoursWish(4, "18:00", "24:00"),
        HoursWish(4, "09:00", "12:30"),
        HoursWish(5, "00:00", "02:00"),
    ]
    set_weekly_hours(by=by, institution=house.pk, hours=wishes)
    rows = {row.weekday: row.times for row in week(weekly_rows(institution=house.pk))}
    assert rows[0] == ()
    assert rows[4] == (("09:00", "12:30"), ("18:00", "24:00"))
    assert rows[5] == (("00:00", "02:00"),)
    assert Event.objects.filter(verb="institution.hours").count() == 2


def test_hours_of_a_resource_make_them_its_own() -> None:
    house = make_house()
    by = keeper_of(house)
    listing = make_listing(by)
    assert stored(listing).hours_source == "house"
    set_weekly_hours(
        by=by, institution=house.pk, resource=listing.uid, hours=[HoursWish(1, "10:00", "11:00")]
    )
    assert stored(listing).hours_source == "own"
    assert weekly_rows(institution=house.pk) == []
    assert len(weekly_rows(institution=house.pk, resource=listing.pk)) == 1
    with pytest.raises(NotFound):
        set_weekly_hours(by=by, institution=make_house().pk, resource=listing.uid, hours=[])


def test_seasons_may_share_an_hour_that_never_meet() -> None:
    house = make_house()
    by = keeper_of(house)
    summer, autumn = date(2027, 7, 1), date(2027, 9, 1)
    apart = [
        HoursWish(0, "08:00", "12:00", valid_until=summer),
        HoursWish(0, "09:00", "14:00", valid_from=summer, valid_until=autumn),
        HoursWish(0, "08:00", "20:00", valid_from=autumn),
    ]
    set_weekly_hours(by=by, institution=house.pk, hours=apart)
    shown = week(weekly_rows(institution=house.pk), on=date(2027, 8, 2))
    assert shown[0].times == (("09:00", "14:00"),)
    with pytest.raises(Invalid) as refused:
        set_weekly_hours(
            by=by, institution=house.pk, hours=[*apart, HoursWish(0, "11:00", "12:00")]
        )
    assert list(refused.value.errors) == ["hours.3.opens"]
    assert len(weekly_rows(institution=house.pk)) == 3


def test_days_off_come_and_go() -> None:
    house = make_house()
    by = keeper_of(house)
    made = add_days_off(
        by=by,
        institution=house.pk,
        from_on=date(2027, 7, 1),
        until_on=date(2027, 9, 1),
        reason=" Przerwa ",
    )
    again = add_days_off(
        by=by, institution=house.pk, from_on=date(2027, 7, 1), until_on=date(2027, 9, 1)
    )
    assert made.pk == again.pk
    assert made.reason == "Przerwa"
    assert days_off(institution=house.pk, since=date(2027, 8, 31)) == [made]
    assert days_off(institution=house.pk, since=date(2027, 9, 1)) == []
    with pytest.raises(Invalid):
        add_days_off(
            by=by, institution=house.pk, from_on=date(2027, 7, 1), until_on=date(2027, 7, 1)
        )
    with pytest.raises(Invalid):
        add_days_off(by=by, institution=house.pk, from_on=date(1, 1, 1), until_on=date(1, 1, 2))
    with pytest.raises(NotFound):
        remove_days_off(by=keeper_of(make_house()), day_off=made.uid)
    remove_days_off(by=by, day_off=made.uid)
    assert DayOff.objects.count() == 0


def test_public_holidays_of_the_country_once() -> None:
    house = make_house(country="PL")
    by = keeper_of(house)
    rows = add_public_holidays(by=by, institution=house.pk, year=2027)
    days = {row.from_on for row in rows}
    assert {date(2027, 1, 1), date(2027, 3, 29), date(2027, 11, 1), date(2027, 12, 24)} <= days
    named = {row.from_on: row.reason for row in rows}
    assert named[date(2027, 1, 6)] == "Święto Trzech Króli"  # whatever the machine speaks
    assert len(add_public_holidays(by=by, institution=house.pk, year=2027)) == len(rows) == 14
    assert remove_public_holidays(by=by, institution=house.pk, year=2027) == 14


def test_ukraine_has_none_and_nowhere_is_unknown() -> None:
    assert public_holidays("UA", 2027) == {}
    assert public_holidays("XX", 2027) == {}
    house = make_house(country="UA", city="Kyiv")
    with pytest.raises(Conflict) as refused:
        add_public_holidays(by=keeper_of(house), institution=house.pk, year=2027)
    assert refused.value.code == "no_public_holidays"
    assert DayOff.objects.count() == 0
