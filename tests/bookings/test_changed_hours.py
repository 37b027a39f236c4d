"""What follows from other hours on one day, wherever it is asked: check, search, calendar, working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.facts.hours import ChangedDay
from bookings.opening import working_day
from bookings.queries.availability import facts_of, free, units_free
from bookings.queries.facts import facts_by_id
from bookings.queries.search import Wanted, search
from bookings.services.request.checking import check_booking
from bookings.spans import Span
from cooperative.institutions.models import Institution
from sharing.models import ChangedHours, DayOff, Resource, WeeklyHours
from tests.bookings.stage import DAY, Side, codes, line, make_side, make_thing, wish

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2027, 3, 10)
SUNDAY = date(2027, 3, 14)
ZONE = ZoneInfo("Europe/Warsaw")


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(hours=hour)


def window(day: date, opens: int, closes: int) -> Span:
    return Span(at(day, opens).astimezone(UTC), at(day, closes).astimezone(UTC))


def week(house: Institution, thing: Resource | None, opens: int, closes: int) -> None:
    """Monday to Friday."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            institution=house,
            resource=thing,
            weekday=weekday,
            opens_minute=opens * 60,
            closes_minute=closes * 60,
        )
        for weekday in range(5)
    )


def change(house: Institution, thing: Resource | None, day: date, *times: tuple[int, int]) -> None:
    ChangedHours.objects.bulk_create(
        ChangedHours(
            institution=house,
            resource=thing,
            on=day,
            opens_minute=opens * 60,
            closes_minute=closes * 60,
        )
        for opens, closes in times
    )


def open_hours(thing: Resource, day: date) -> list[tuple[int, int]]:
    """By the clock on the wall."""
    found = free([thing.pk], window(day, 0, 24), now=datetime(2027, 3, 1, tzinfo=UTC))[thing.pk]
    return [
        (span.start.astimezone(ZONE).hour, span.end.astimezone(ZONE).hour or 24)
        for span in found.open
    ]


def agree(guest: Side, thing: Resource, use: Span) -> bool:
    """Whether it can be had then: search, check and the spans that are free say the same."""
    found = search(viewer=guest.viewer, wanted=Wanted(window=use)).results
    shown = thing.pk in {one.resource.pk for one in found}
    units = units_free(facts_of([thing.pk], use)[thing.pk], (), use)
    checked = check_booking(
        by=guest.viewer,
        institution=guest.house.pk,
        wish=wish(line(thing, use.start, (use.end - use.start) / timedelta(hours=1))),
    )
    assert (units == 1) == shown == checked.possible
    return shown


@pytest.mark.parametrize("source", ["house", "own"])
def test_a_changed_day_stands_in_place_of_the_week(source: str) -> None:
    owner, guest = make_side(), make_side()
    thing = make_thing(owner, hours_source=source)
    mine = thing if source == "own" else None
    week(owner.house, mine, 8, 16)
    change(owner.house, mine, WEDNESDAY, (10, 12), (18, 22))
    change(owner.house, mine, SUNDAY, (9, 11))
    assert open_hours(thing, WEDNESDAY) == [(10, 12), (18, 22)]
    assert open_hours(thing, WEDNESDAY + timedelta(days=1)) == [(8, 16)]
    assert agree(guest, thing, window(WEDNESDAY, 18, 22))
    assert not agree(guest, thing, window(WEDNESDAY, 8, 10))
    assert not agree(guest, thing, window(WEDNESDAY, 11, 19))
    # The week has no hours on a Sunday; the change opens it.
    assert open_hours(thing, SUNDAY) == [(9, 11)]
    assert agree(guest, thing, window(SUNDAY, 9, 11))
    assert not agree(guest, thing, window(SUNDAY, 10, 12))


def test_things_are_fetched_and_brought_back_in_changed_hours() -> None:
    owner, guest = make_side(), make_side()
    mixer = make_thing(owner, handover="simple", hours_source="house")
    week(owner.house, None, 8, 16)
    use = Span(window(SUNDAY, 9, 10).start, window(SUNDAY + timedelta(days=1), 8, 9).end)
    checked = check_booking(
        by=guest.viewer, institution=guest.house.pk, wish=wish(line(mixer, use.start, 24))
    )
    assert codes(checked.reasons) == ["nobody_at_the_desk"]
    assert not search(viewer=guest.viewer, wanted=Wanted(window=use)).results
    change(owner.house, None, SUNDAY, (9, 10))
    assert agree(guest, mixer, use)


def test_whose_change_holds() -> None:
    """House: its own rows of that day, else the house's. Own: only its own. Always: none."""
    owner = make_side()
    follows, keeps = (make_thing(owner, hours_source=one) for one in ("house", "own"))
    always = make_thing(owner, hours_source="always")
    week(owner.house, None, 8, 16)
    week(owner.house, keeps, 6, 20)
    change(owner.house, None, WEDNESDAY, (12, 14))
    assert [open_hours(one, WEDNESDAY) for one in (follows, keeps, always)] == [
        [(12, 14)],
        [(6, 20)],
        [(0, 24)],
    ]
    for one in (follows, keeps, always):
        change(owner.house, one, WEDNESDAY, (17, 19))
    assert [open_hours(one, WEDNESDAY) for one in (follows, keeps, always)] == [
        [(17, 19)],
        [(17, 19)],
        [(0, 24)],
    ]
    facts = facts_by_id([follows.pk, always.pk], since=WEDNESDAY, until=SUNDAY)
    assert facts[follows.pk].changed == (ChangedDay(WEDNESDAY, ((1020, 1140),)),)
    assert facts[always.pk].changed == ()
    other = make_side()
    assert open_hours(make_thing(other, hours_source="house"), WEDNESDAY) == [(0, 24)]


@pytest.mark.parametrize("of_thing", [True, False])
def test_a_day_off_wins(of_thing: bool) -> None:
    owner, guest = make_side(), make_side()
    thing = make_thing(owner, hours_source="house")
    week(owner.house, None, 8, 16)
    change(owner.house, thing, WEDNESDAY, (8, 20))
    DayOff.objects.create(
        institution=owner.house,
        resource=thing if of_thing else None,
        from_on=WEDNESDAY,
        until_on=WEDNESDAY + timedelta(days=1),
    )
    assert open_hours(thing, WEDNESDAY) == []
    assert not agree(guest, thing, window(WEDNESDAY, 10, 12))


def test_a_changed_day_is_a_working_day() -> None:
    owner = make_side()
    thing = make_thing(owner, hours_source="house")
    week(owner.house, None, 8, 16)

    def works(day: date) -> bool:
        facts = facts_by_id([thing.pk], since=WEDNESDAY, until=SUNDAY + timedelta(days=1))
        return working_day(facts[thing.pk], day)

    assert works(WEDNESDAY)
    assert not works(SUNDAY)
    change(owner.house, None, SUNDAY, (10, 11))
    assert works(SUNDAY)


def test_where_no_hours_are_kept_only_the_changed_day_has_any() -> None:
    owner, guest = make_side(), make_side()
    thing = make_thing(owner, hours_source="house")
    change(owner.house, None, WEDNESDAY, (10, 12))
    assert open_hours(thing, WEDNESDAY) == [(10, 12)]
    assert open_hours(thing, SUNDAY) == [(0, 24)]
    assert not agree(guest, thing, window(WEDNESDAY, 12, 13))
    assert agree(guest, thing, Span(DAY + timedelta(hours=9), DAY + timedelta(hours=11)))
