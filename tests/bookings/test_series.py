"""Asking for a thing again and again: each date judged, told and stored; what is taken is watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from bookings.errors import BookingRefused, UnknownResource
from bookings.models import Booking, Series, Watch
from bookings.recurrence import sentence
from bookings.recurrence.wish import SeriesWish
from bookings.services.request.checking import check_booking
from bookings.spans import Span
from bookings.wishes import BookingWish
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Invalid
from sharing.models import Resource, SchoolHoliday
from tests.factories import make_institution

from .series_stage import FIRST, ask_series, rows_of, series_of, watches_of, weekly
from .stage import (
    NOW,
    Side,
    ask,
    codes,
    do,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    states,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FIVE = datetime(2027, 3, 9, 16, tzinfo=UTC)
"""17:00 in Warsaw on `FIRST`."""


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def asker() -> Side:
    return make_side("Chór")


@pytest.fixture
def room(owner: Side) -> Resource:
    return make_thing(owner, "Sala prób", terms={"at_once": True})


def test_each_date_is_a_line_of_the_series(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room, weekly(5)))
    lines = lines_of(sent.booking)
    [row] = rows_of(sent.booking)
    assert states(sent.booking) == ["confirmed"] * 5
    assert {one.series_id for one in lines} == {row.pk}
    assert [one.series_on for one in lines] == [FIRST + n * WEEK for n in range(5)]
    # The clock goes on in the night to 28 March: 17:00 stays 17:00.
    assert [one.use_starts_at.hour for one in lines] == [16, 16, 16, 15, 15]
    assert [(one.starts_offset, one.ends_offset) for one in lines[2:4]] == [(60, 60), (120, 120)]
    assert (row.rule, row.zone, row.first_on, row.until_on) == (
        "FREQ=WEEKLY;COUNT=5;BYDAY=TU",
        "Europe/Warsaw",
        FIRST,
        FIRST + 4 * WEEK,
    )
    assert (row.starts_minute, row.length_minutes, row.units) == (1020, 180, 1)
    assert (row.booking_id, row.resource_id) == (sent.booking.pk, room.pk)
    assert row.created_by_id == asker.person.pk


def test_taken_dates_are_told_and_watched_and_the_rest_is_asked(
    room: Resource, asker: Side
) -> None:
    ask(make_side("Inni"), line(room, FIVE + WEEK + timedelta(hours=1)))
    sent = ask_series(asker, series_of(room))
    assert states(sent.booking) == ["confirmed"] * 3
    [no] = sent.refused
    assert (no.index, no.on, no.watched) == (0, FIRST + WEEK, True)
    assert [(one.code, one.line, one.on) for one in no.reasons] == [("taken", 0, FIRST + WEEK)]
    assert {one.kind for one in no.alternatives} == {"other_time", "waiting_list"}
    assert {one.on for one in no.alternatives} == {FIRST + WEEK}
    [watch] = watches_of(sent.booking)
    assert (watch.state, watch.waiting_since) == ("waiting", NOW)
    assert (watch.use_starts_at, watch.use_ends_at) == (
        FIVE + WEEK,
        FIVE + WEEK + timedelta(hours=3),
    )
    assert (watch.lender_id, watch.borrower_id) == (room.owner_id, asker.house.pk)
    assert (watch.series_id, watch.local_date) == (rows_of(sent.booking)[0].pk, FIRST + WEEK)


def test_nothing_is_watched_where_nobody_wants_it(room: Resource, asker: Side) -> None:
    ask(make_side("Inni"), line(room, FIVE))
    sent = ask_series(asker, series_of(room, watch_skipped=False))
    assert [one.on for one in sent.refused] == [FIRST]
    assert not sent.refused[0].watched
    assert watches_of(sent.booking) == []


def test_what_never_comes_free_is_not_watched(owner: Side, asker: Side) -> None:
    """A house rule is in the way, and nobody gives that up."""
    room = make_thing(owner, terms={"at_once": True, "horizon_days": 10})
    sent = ask_series(asker, series_of(room))
    assert [codes(one.reasons) for one in sent.refused] == [["too_early_to_ask"]] * 3
    assert states(sent.booking) == ["confirmed"]
    assert watches_of(sent.booking) == []


def test_all_or_nothing_is_asked_for_explicitly(room: Resource, asker: Side) -> None:
    ask(make_side("Inni"), line(room, FIVE + WEEK))
    with pytest.raises(BookingRefused) as no:
        ask_series(asker, series_of(room), all_or_nothing=True)
    assert [(one.code, one.on) for one in no.value.reasons] == [("taken", FIRST + WEEK)]
    assert not Series.objects.exists()
    assert not Watch.objects.visible_to(SYSTEM).exists()


def test_nothing_at_all_is_a_refusal(room: Resource, asker: Side) -> None:
    for week in range(4):
        ask(make_side(), line(room, FIVE + week * WEEK - timedelta(hours=week == 3)))
    with pytest.raises(BookingRefused) as no:
        ask_series(asker, series_of(room))
    assert [one.on for one in no.value.reasons] == [FIRST + n * WEEK for n in range(4)]
    assert not Booking.objects.visible_to(SYSTEM).filter(borrower=asker.house).exists()


def test_dates_left_out_put_in_and_moved(room: Resource, asker: Side) -> None:
    """Before it is sent: not on 16 March, on the 17th besides, and on the 23rd from six to seven."""
    third = FIRST + 2 * WEEK
    own = Span(FIVE + 2 * WEEK + timedelta(hours=1), FIVE + 2 * WEEK + timedelta(hours=2))
    repetition = weekly(exceptions={date(2027, 3, 16)}, additions={date(2027, 3, 17)})
    sent = ask_series(asker, series_of(room, repetition, moved={third: own}))
    assert [(one.series_on, one.use_starts_at.hour) for one in lines_of(sent.booking)] == [
        (FIRST, 16),
        (date(2027, 3, 17), 16),
        (third, 17),
        (FIRST + 3 * WEEK, 15),
    ]
    [row] = rows_of(sent.booking)
    assert (row.exceptions, row.additions) == (["2027-03-16"], ["2027-03-17"])


def test_public_holidays_of_the_owners_country(owner: Side, asker: Side) -> None:
    room = make_thing(owner, terms={"at_once": True})
    mondays = weekly(4, first_on=date(2027, 3, 15), skip_holidays=True)
    checked = check_booking(
        by=asker.viewer,
        institution=asker.house.pk,
        wish=BookingWish(series=(series_of(room, mondays),), all_or_nothing=False),
    )
    assert [(one.local_date, one.reason) for _index, one in checked.left_out] == [
        (date(2027, 3, 29), "public_holiday")
    ]
    sent = ask_series(asker, series_of(room, mondays))
    assert date(2027, 3, 29) not in {one.series_on for one in lines_of(sent.booking)}
    assert rows_of(sent.booking)[0].skips_public_holidays
    # In Lithuania 11 March is one, and Easter Monday too.
    abroad = make_side(
        "Vilnius", house=make_institution("Vilnius", country="LT", time_zone="Europe/Vilnius")
    )
    theirs = make_thing(abroad, terms={"at_once": True}, time_zone="Europe/Vilnius")
    thursdays = weekly(2, first_on=date(2027, 3, 11), skip_holidays=True)
    sent = ask_series(asker, series_of(theirs, thursdays))
    assert [one.series_on for one in lines_of(sent.booking)] == [date(2027, 3, 18)]


def test_school_holidays_of_the_owners_region(asker: Side) -> None:
    """The second Tuesday lies in the holidays of Lower Silesia, and nowhere else."""
    SchoolHoliday.objects.create(
        country="PL",
        region="PL-DS",
        name={"pl": "Ferie", "en": "Winter break"},
        from_on=date(2027, 3, 15),
        until_on=date(2027, 3, 20),
    )
    repetition = weekly(2, skip_school_holidays=True)
    kept = []
    for region in ("PL-DS", "PL-MZ"):
        house = make_institution(region, region=region)
        school = make_thing(make_side(house=house), terms={"at_once": True})
        sent = ask_series(asker, series_of(school, repetition))
        kept.append([one.series_on for one in lines_of(sent.booking)])
    assert kept == [[FIRST], [FIRST, FIRST + WEEK]]
    wish = BookingWish(series=(series_of(school, repetition),))
    told = check_booking(by=asker.viewer, institution=asker.house.pk, wish=wish)
    assert told.left_out == ()
    with translation.override("en"):
        assert sentence(repetition).endswith("not in school holidays")


def test_times_that_the_clock_skips_or_shows_twice(room: Resource, asker: Side) -> None:
    nightly = weekly(first_on=date(2027, 3, 27), rule="FREQ=DAILY;COUNT=3", starts_minute=150)
    sent = ask_series(asker, series_of(room, nightly))
    assert [one.series_on for one in lines_of(sent.booking)] == [
        date(2027, 3, 27),
        date(2027, 3, 29),
    ]
    [no] = sent.refused
    [reason] = no.reasons
    assert (no.on, no.watched, reason.code) == (date(2027, 3, 28), False, "time_does_not_exist")
    assert reason.values == {
        "edge": "start",
        "wall": "2027-03-28T02:30",
        "before": "01:59",
        "after": "03:00",
    }
    autumn = weekly(first_on=date(2027, 10, 31), rule="FREQ=DAILY;COUNT=2", starts_minute=150)
    sent = ask_series(asker, series_of(room, autumn))
    [reason] = sent.refused[0].reasons
    assert (reason.code, reason.values["offsets"]) == ("time_twice", ["+02:00", "+01:00"])
    # Chosen, it is a date like the others.
    second = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    chosen = {date(2027, 10, 31): Span(second, second + timedelta(hours=3))}
    other = make_thing(make_side(), terms={"at_once": True})
    sent = ask_series(asker, series_of(other, autumn, moved=chosen))
    assert sent.refused == ()
    assert lines_of(sent.booking)[0].use_starts_at == second


def test_where_no_date_has_its_time(room: Resource, asker: Side) -> None:
    once = weekly(first_on=date(2027, 3, 28), rule="FREQ=DAILY;COUNT=1", starts_minute=150)
    with pytest.raises(BookingRefused) as no:
        ask_series(asker, series_of(room, once))
    assert codes(no.value.reasons) == ["time_does_not_exist"]


def test_nights_over_the_change_last_seven_and_nine_hours(room: Resource, asker: Side) -> None:
    nights = weekly(1, first_on=date(2027, 3, 27), starts_minute=22 * 60, length_minutes=8 * 60)
    autumn = replace(nights, first_on=date(2027, 10, 30), rule="FREQ=WEEKLY;COUNT=1;BYDAY=SA")
    lengths = []
    for repetition in (nights, autumn):
        [one] = lines_of(ask_series(asker, series_of(room, repetition)).booking)
        lengths.append((one.use_ends_at - one.use_starts_at) // timedelta(hours=1))
    assert lengths == [7, 9]


def test_set_up_strike_and_a_shorter_event(room: Resource, asker: Side) -> None:
    wanted = series_of(
        room,
        weekly(2),
        setup_minutes=60,
        strike_minutes=30,
        event_starts_minute=18 * 60,
        event_length_minutes=60,
    )
    [first, _second] = lines_of(ask_series(asker, wanted).booking)
    assert (first.use_starts_at.hour, first.event_starts_at.hour) == (15, 17)
    assert first.use_ends_at - first.use_starts_at == timedelta(hours=4, minutes=30)
    assert first.event_ends_at - first.event_starts_at == timedelta(hours=1)
    with pytest.raises(Invalid) as no:
        ask_series(asker, replace(wanted, event_length_minutes=400))
    assert set(no.value.errors) == {"lines.0.event_starts_at"}


def test_beside_single_things_dates_are_counted_as_one(
    room: Resource, owner: Side, asker: Side
) -> None:
    """What is told names the place in the request, in which a series is one."""
    foyer = make_thing(owner, "Foyer", terms={"at_once": True})
    ask(make_side(), line(room, FIVE))
    ask(make_side(), line(foyer, 10))
    wish = BookingWish(
        lines=(line(foyer, 10), line(foyer, 14)),
        series=(series_of(room, place=1),),
        title="x",
        all_or_nothing=False,
    )
    told = check_booking(by=asker.viewer, institution=asker.house.pk, wish=wish)
    assert [(one.line, one.on) for one in told.reasons] == [(0, None), (1, FIRST)]
    assert [(one.index, one.on, one.state) for one in told.proposed] == [
        (1, FIRST, None),
        *((1, FIRST + n * WEEK, "confirmed") for n in (1, 2, 3)),
        (2, None, "confirmed"),
    ]
    assert codes(told.proposed[0].reasons) == ["taken"]


def test_what_the_hall_comes_only_with_comes_to_each_date(owner: Side, asker: Side) -> None:
    technician = make_thing(owner, "Technik", state="draft")
    hall = make_thing(owner, "Scena", terms={"at_once": True})
    only_with(owner, hall, technician)
    sent = ask_series(asker, series_of(hall, weekly(3)))
    lines = lines_of(sent.booking)
    assert [one.resource_id for one in lines] == [hall.pk] * 3 + [technician.pk] * 3
    assert [one.series_id is None for one in lines] == [False] * 3 + [True] * 3
    with pytest.raises(Invalid):  # 200 halls with 200 technicians are more than a booking holds
        ask_series(asker, series_of(hall, weekly(rule="FREQ=DAILY;COUNT=200")))


def test_beyond_ten_holds_dates_are_asked_for_without_being_kept(owner: Side, asker: Side) -> None:
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=50, answering="keep_first")
    sent = ask_series(asker, series_of(chairs, weekly(12), units=30))
    assert states(sent.booking) == ["held"] * 10 + ["asked"] * 2


def test_limits(room: Resource, asker: Side) -> None:
    year = weekly(rule="FREQ=DAILY;COUNT=366", length_minutes=30)
    sent = ask_series(asker, series_of(room, year))
    assert len(lines_of(sent.booking)) == 366
    with pytest.raises(Invalid) as no:
        ask_series(asker, series_of(room, year, place=0), series_of(room, weekly(1), place=1))
    assert set(no.value.errors) == {"lines"}
    with pytest.raises(Invalid):
        ask_series(asker, *(series_of(room, weekly(1), place=n) for n in range(21)))
    with pytest.raises(Invalid) as no:
        ask_series(asker, series_of(room, units=0))
    assert set(no.value.errors) == {"lines.0.units"}


def test_a_series_of_holidays_alone_has_no_date(room: Resource, asker: Side) -> None:
    christmas = weekly(1, first_on=date(2027, 12, 25), skip_holidays=True)
    with pytest.raises(Invalid) as no:
        ask_series(asker, series_of(room, christmas))
    assert (no.value.code, set(no.value.errors)) == ("no_dates", {"lines.0.series.rule"})


def test_what_one_may_not_see_does_not_exist(owner: Side, asker: Side) -> None:
    hidden = make_thing(owner, terms={"may_see": False, "may_ask": False})
    with pytest.raises(UnknownResource):
        ask_series(asker, series_of(hidden))


def test_options_for_a_few_dates_only(room: Resource, asker: Side) -> None:
    for week in range(8):
        ask(make_side(), line(room, FIVE + week * WEEK, 3))
    sent = ask_series(asker, series_of(room, weekly(9)))
    told = [bool(one.alternatives) for one in sent.refused]
    assert told == [True] * 5 + [False] * 3


def test_dates_of_one_series_that_meet_are_told(room: Resource, asker: Side) -> None:
    """A night that lasts longer than a day: the second is in the way of the third."""
    sent = ask_series(
        asker, series_of(room, weekly(rule="FREQ=DAILY;COUNT=3", length_minutes=1500))
    )
    assert [one.on for one in sent.refused] == [FIRST + timedelta(days=1)]
    assert len(lines_of(sent.booking)) == 2


def test_answered_one_by_one(owner: Side, asker: Side) -> None:
    room = make_thing(owner)
    sent = ask_series(asker, series_of(room))
    do(owner, sent.lines[1], "approve")
    do(owner, sent.lines[2], "decline")
    assert states(sent.booking) == ["asked", "confirmed", "declined", "asked"]


def test_unfolded_wishes_are_what_single_ones_are(room: Resource, asker: Side) -> None:
    """The same engine for one or many: a series of one is refused for the same reasons as a line."""
    ask(make_side(), line(room, FIVE))
    single = check_booking(
        by=asker.viewer, institution=asker.house.pk, wish=BookingWish(lines=(line(room, FIVE, 3),))
    )
    series: SeriesWish = series_of(room, weekly(1))
    repeated = check_booking(
        by=asker.viewer, institution=asker.house.pk, wish=BookingWish(series=(series,))
    )
    assert [replace(one, on=None) for one in repeated.reasons] == list(single.reasons)
