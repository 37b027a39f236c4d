"""Other hours on one day: as they are set and taken back. What follows from them is tested in bookings."""

from __future__ import annotations

from datetime import date

import pytest

from cooperative.errors import Invalid, NotFound
from cooperative.events.models import Event
from sharing.models import ChangedHours
from sharing.services.changed_hours import remove_changed_hours, set_changed_hours
from sharing.wishes import TimesWish

from .factories import keeper_of, make_house, make_listing, stored

pytestmark = pytest.mark.django_db

EVE = date(2027, 12, 24)


def rows() -> list[tuple[int | None, date, int, int, str]]:
    found = ChangedHours.objects.order_by("on", "opens_minute")
    return list(found.values_list("resource_id", "on", "opens_minute", "closes_minute", "reason"))


def test_a_day_of_a_house_is_replaced_whole() -> None:
    house = make_house()
    by = keeper_of(house)
    two = [TimesWish("15:00", "24:00"), TimesWish("00:00", "12:30")]
    set_changed_hours(by=by, institution=house.pk, on=EVE, hours=two, reason=" Wigilia ")
    assert rows() == [(None, EVE, 0, 750, "Wigilia"), (None, EVE, 900, 1440, "Wigilia")]
    set_changed_hours(by=by, institution=house.pk, on=EVE, hours=[TimesWish("09:00", "12:00")])
    assert rows() == [(None, EVE, 540, 720, "")]
    told = Event.objects.filter(verb="institution.set_changed_hours", subject_uid=house.uid)
    assert [event.data for event in told] == [{"on": "2027-12-24"}] * 2


def test_the_same_again_is_the_same_and_told_once() -> None:
    house = make_house()
    by = keeper_of(house)
    first, again = (
        set_changed_hours(
            by=by, institution=house.pk, on=EVE, hours=[TimesWish("09:00", "12:00")], reason="x"
        )
        for _ in range(2)
    )
    assert first == again
    assert Event.objects.filter(verb="institution.set_changed_hours").count() == 1


def test_a_resource_keeps_where_its_hours_come_from() -> None:
    house = make_house()
    by = keeper_of(house)
    listing = make_listing(by)
    set_changed_hours(
        by=by,
        institution=house.pk,
        resource=listing.uid,
        on=EVE,
        hours=[TimesWish("08:00", "09:00")],
    )
    assert rows() == [(listing.pk, EVE, 480, 540, "")]
    assert stored(listing).hours_source == "house"
    event = Event.objects.get(verb="resource.set_changed_hours")
    assert (event.subject_uid, event.data) == (listing.uid, {"on": "2027-12-24"})
    other = make_house()
    for institution in (house, other):
        with pytest.raises(NotFound):
            set_changed_hours(
                by=keeper_of(other),
                institution=institution.pk,
                resource=listing.uid,
                on=EVE,
                hours=[TimesWish("08:00", "10:00")],
            )


@pytest.mark.parametrize(
    ("hours", "wrong"),
    [
        ([], "hours"),
        ([("09:00", "25:00")], "hours.0.closes"),
        ([("9", "10:00")], "hours.0.opens"),
        ([("12:00", "09:00")], "hours.0.closes"),
        ([("09:00", "09:00")], "hours.0.closes"),
        ([("09:00", "12:00"), ("11:59", "13:00")], "hours.1.opens"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    hours: list[tuple[str, str]], wrong: str
) -> None:
    house = make_house()
    by = keeper_of(house)
    set_changed_hours(by=by, institution=house.pk, on=EVE, hours=[TimesWish("10:00", "11:00")])
    with pytest.raises(Invalid) as refused:
        set_changed_hours(
            by=by, institution=house.pk, on=EVE, hours=[TimesWish(*pair) for pair in hours]
        )
    assert list(refused.value.errors) == [wrong]
    assert rows() == [(None, EVE, 600, 660, "")]


def test_days_beyond_reach_and_hidden_signs_are_refused() -> None:
    house = make_house()
    with pytest.raises(Invalid) as refused:
        set_changed_hours(
            by=keeper_of(house),
            institution=house.pk,
            on=date(1999, 12, 31),
            hours=[TimesWish("10:00", "11:00")],
            reason="\u202eevil",
        )
    assert sorted(refused.value.errors) == ["on", "reason"]


def test_hours_that_touch_are_two_rows() -> None:
    house = make_house()
    by = keeper_of(house)
    touching = [TimesWish("08:00", "12:00"), TimesWish("12:00", "16:00")]
    assert len(set_changed_hours(by=by, institution=house.pk, on=EVE, hours=touching)) == 2


def test_taken_back_the_day_is_as_every_week() -> None:
    house = make_house()
    by = keeper_of(house)
    listing = make_listing(by)
    for resource in (None, listing.uid):
        set_changed_hours(
            by=by,
            institution=house.pk,
            resource=resource,
            on=EVE,
            hours=[TimesWish("08:00", "09:00"), TimesWish("10:00", "11:00")],
        )
    remove_changed_hours(by=by, institution=house.pk, on=EVE)
    assert {row[0] for row in rows()} == {listing.pk}
    with pytest.raises(NotFound):
        remove_changed_hours(by=by, institution=house.pk, on=EVE)
    with pytest.raises(NotFound):
        remove_changed_hours(
            by=keeper_of(make_house()), institution=house.pk, resource=listing.uid, on=EVE
        )
    remove_changed_hours(by=by, institution=house.pk, resource=listing.uid, on=EVE)
    assert rows() == []
    assert Event.objects.filter(verb="institution.remove_changed_hours").count() == 1
    assert Event.objects.filter(verb="resource.remove_changed_hours").count() == 1
