"""This and following at another time, length, day of the week or number: nobody loses a date by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import BookingMessage, Offer, Series
from bookings.queries.series import repetition_of
from bookings.recurrence import dates
from bookings.services.offers import accept_offer
from bookings.services.series.change_plan import ChangedSeries
from bookings.services.series.changing import SeriesChange, change_series
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from sharing.models import Resource

from .series_stage import FIRST, ask_series, rows_of, series_of, watches_of, weekly
from .stage import (
    Side,
    ask,
    claims_of,
    codes,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    state_of,
    states,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FIVE = datetime(2027, 3, 9, 16, tzinfo=UTC)
SECOND = FIRST + WEEK


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def asker() -> Side:
    return make_side("Chór")


@pytest.fixture
def room(owner: Side) -> Resource:
    """Confirmed at once."""
    return make_thing(owner, "Sala prób", terms={"at_once": True})


@pytest.fixture
def hall(owner: Side) -> Resource:
    """Its owner chooses."""
    return make_thing(owner, "Sala")


def change(side: Side, row: Series, since: date = SECOND, **what: int) -> ChangedSeries:
    return change_series(by=side.viewer, series=row.uid, since=since, change=SeriesChange(**what))


def local(booking: object) -> list[tuple[date | None, int]]:
    """Date of the series and hour (UTC) of each line."""
    return [(one.series_on, one.use_starts_at.hour) for one in lines_of(booking)]  # type: ignore[arg-type]


def test_another_hour_ends_the_old_series_and_begins_a_new_one(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room))
    [old] = rows_of(sent.booking)
    done = change(asker, old, starts_minute=18 * 60)
    old, new = rows_of(sent.booking)
    assert new.follows_id == old.pk
    assert (old.rule, old.until_on) == ("FREQ=WEEKLY;COUNT=1;BYDAY=TU", FIRST)
    assert (new.rule, new.first_on, new.starts_minute) == (
        "FREQ=WEEKLY;COUNT=3;BYDAY=TU",
        SECOND,
        1080,
    )
    lines = lines_of(sent.booking)
    assert [one.series_id for one in lines] == [old.pk, new.pk, new.pk, new.pk]
    # 18:00 stays 18:00 over the change of the clock.
    assert local(sent.booking) == [
        (FIRST, 16),
        (SECOND, 17),
        (FIRST + 2 * WEEK, 17),
        (FIRST + 3 * WEEK, 16),
    ]
    assert states(sent.booking) == ["confirmed"] * 4
    assert [claims_of(one)[0].span.lower.hour for one in lines] == [16, 17, 17, 16]
    assert (len(done.moved), done.kept, done.asked, done.added) == (3, [], [], [])
    [told] = Event.objects.filter(verb="booking.change")
    assert len(told.data["lines"]) == 3


def test_what_waits_is_asked_anew_at_its_new_time(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(asker, series_of(hall))
    change(asker, rows_of(sent.booking)[0], length_minutes=240, units=1)
    assert states(sent.booking) == ["asked"] * 4
    lengths = [
        (one.use_ends_at - one.use_starts_at) // timedelta(hours=1)
        for one in lines_of(sent.booking)
    ]
    assert lengths == [3, 4, 4, 4]
    do(owner, sent.lines[2], "approve")
    assert states(sent.booking)[2] == "confirmed"


def test_a_confirmed_date_that_cannot_have_it_keeps_the_old_time(
    room: Resource, asker: Side
) -> None:
    sent = ask_series(asker, series_of(room))
    ask(make_side("Inni"), line(room, FIVE + 2 * WEEK + timedelta(hours=3), 2))
    done = change(asker, rows_of(sent.booking)[0], starts_minute=18 * 60)
    [kept] = done.kept
    third = FIRST + 2 * WEEK
    assert (kept.on, codes(kept.reasons), kept.line.pk) == (third, ["taken"], sent.lines[2].pk)
    assert kept.reasons[0].on == third
    assert [one.use_starts_at.hour for one in lines_of(sent.booking)] == [16, 17, 16, 16]
    stays = fresh(sent.lines[2])
    assert (stays.state, stays.series_id) == ("confirmed", rows_of(sent.booking)[1].pk)
    assert claims_of(stays)[0].span.lower == FIVE + 2 * WEEK


def test_what_is_promised_and_grows_needs_the_owners_yes_again(
    hall: Resource, owner: Side, asker: Side
) -> None:
    sent = ask_series(asker, series_of(hall))
    do(owner, sent.lines[1], "approve")
    do(owner, sent.lines[2], "approve")
    done = change(asker, rows_of(sent.booking)[0], length_minutes=300)
    assert len(done.asked) == 2
    assert [one.pk for one in done.moved] == [sent.lines[3].pk]
    # Until then it is what it was.
    assert fresh(sent.lines[1]).use_ends_at == FIVE + WEEK + timedelta(hours=3)
    assert claims_of(sent.lines[1])[0].span.upper == FIVE + WEEK + timedelta(hours=3)
    [told] = Event.objects.filter(verb="offer.make")
    assert len(told.data["offers"]) == 2
    for offer in Offer.objects.visible_to(SYSTEM):
        accept_offer(by=owner.viewer, offer=offer.uid)
    assert fresh(sent.lines[1]).use_ends_at == FIVE + WEEK + timedelta(hours=5)
    assert states(sent.booking) == ["asked", "confirmed", "confirmed", "asked"]


def test_what_gets_smaller_needs_nobody(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(asker, series_of(hall, one_answer=True))
    do(owner, sent.lines[0], "approve")
    done = change(asker, rows_of(sent.booking)[0], starts_minute=17 * 60 + 30, length_minutes=60)
    assert (len(done.moved), done.asked) == (3, [])
    assert states(sent.booking) == ["confirmed"] * 4
    assert claims_of(sent.lines[1])[0].span.lower == FIVE + WEEK + timedelta(minutes=30)
    assert rows_of(sent.booking)[1].one_answer


def test_another_day_of_the_week(room: Resource, asker: Side) -> None:
    """Wednesdays from the second week on; Wednesday of the third is somebody else's."""
    ask(make_side("Inni"), line(room, FIVE + 2 * WEEK + timedelta(days=1)))
    sent = ask_series(asker, series_of(room))
    done = change(asker, rows_of(sent.booking)[0], days=1)
    new = rows_of(sent.booking)[1]
    assert new.rule == "FREQ=WEEKLY;COUNT=3;BYDAY=WE"
    assert [one.on for one in done.kept] == [date(2027, 3, 24)]
    assert [one.use_starts_at.date() for one in lines_of(sent.booking)] == [
        FIRST,
        date(2027, 3, 17),
        date(2027, 3, 23),
        date(2027, 3, 31),
    ]


def test_a_week_later_makes_room_for_itself(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room))
    done = change(asker, rows_of(sent.booking)[0], since=FIRST, days=7)
    assert len(done.moved) == 4
    back = change(asker, done.begun, since=SECOND, days=-7)
    assert len(back.moved) == 4
    assert [one for one, _hour in local(sent.booking)] == [FIRST + n * WEEK for n in range(4)]


def test_holidays_on_the_new_day_keep_the_old_one(room: Resource, asker: Side) -> None:
    """Easter Monday is left out of the Mondays; the Tuesday that was confirmed stays. 3 May was left out as a Monday
    and becomes a date as a Tuesday."""
    mondays = weekly(2, first_on=date(2027, 3, 23), skip_holidays=True)
    sent = ask_series(asker, series_of(room, mondays))
    done = change(asker, rows_of(sent.booking)[0], since=date(2027, 3, 23), days=-1)
    assert [(one.on, codes(one.reasons)) for one in done.kept] == [
        (date(2027, 3, 29), ["left_out"])
    ]
    spring = weekly(2, first_on=date(2027, 4, 26), skip_holidays=True)
    sent = ask_series(asker, series_of(make_thing(make_side(), terms={"at_once": True}), spring))
    assert len(lines_of(sent.booking)) == 1
    done = change(asker, rows_of(sent.booking)[0], since=date(2027, 4, 26), days=1)
    assert [one.series_on for one in done.added] == [date(2027, 5, 4)]
    assert states(sent.booking) == ["confirmed", "confirmed"]


def test_watched_dates_are_asked_for_at_the_new_time(room: Resource, asker: Side) -> None:
    ask(make_side("Inni"), line(room, FIVE + WEEK, 2))
    ask(make_side("Inni"), line(room, FIVE + 2 * WEEK, 5))
    sent = ask_series(asker, series_of(room))
    assert len(watches_of(sent.booking)) == 2
    done = change(asker, rows_of(sent.booking)[0], starts_minute=19 * 60)
    assert [one.series_on for one in done.added] == [SECOND]
    [no] = done.refused
    assert (no.on, no.watched) == (FIRST + 2 * WEEK, True)
    assert [(one.state, one.use_starts_at.hour) for one in watches_of(sent.booking)] == [
        ("left", 16),
        ("left", 16),
        ("waiting", 18),
    ]
    assert states(sent.booking) == ["confirmed"] * 3


def test_what_was_called_off_stays_so(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room))
    do(asker, sent.lines[2], "cancel")
    done = change(asker, rows_of(sent.booking)[0], starts_minute=18 * 60)
    assert len(done.moved) == 2
    assert done.added == []
    assert states(sent.booking) == ["confirmed", "confirmed", "cancelled", "confirmed"]


def test_what_has_begun_or_is_out_stays(owner: Side, asker: Side) -> None:
    chairs = make_thing(owner, "Krzesła", terms={"at_once": True}, handover="simple")
    sent = ask_series(asker, series_of(chairs))
    do(owner, sent.lines[0], "hand_over", now=FIVE)
    done = change_series(
        by=asker.at(FIVE + timedelta(hours=1)),
        series=rows_of(sent.booking)[0].uid,
        since=FIRST,
        change=SeriesChange(starts_minute=18 * 60),
    )
    assert len(done.moved) == 3
    assert fresh(sent.lines[0]).use_starts_at == FIVE


def test_not_one_date_can_have_it(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room, weekly(2)))
    ask(make_side("Inni"), line(room, FIVE + WEEK + timedelta(hours=4)))
    with pytest.raises(BookingRefused) as no:
        change(asker, rows_of(sent.booking)[0], starts_minute=19 * 60)
    assert [(one.code, one.on) for one in no.value.reasons] == [("taken", SECOND)]
    assert len(rows_of(sent.booking)) == 1


def test_what_it_brings_moves_along(owner: Side, asker: Side) -> None:
    technician = make_thing(owner, "Technik", state="draft")
    stage = make_thing(owner, "Scena", terms={"at_once": True})
    other = make_thing(owner, "Mała scena", terms={"at_once": True})
    for one in (stage, other):
        only_with(owner, one, technician)
    sent = ask_series(asker, series_of(stage, weekly(3)))
    ask(make_side(), line(other, FIVE + 2 * WEEK + timedelta(hours=4), 1))
    done = change(asker, rows_of(sent.booking)[0], starts_minute=19 * 60)
    assert [(one.on, codes(one.reasons)) for one in done.kept] == [
        (FIRST + 2 * WEEK, ["companion_not_free"])
    ]
    hours = [one.use_starts_at.hour for one in lines_of(sent.booking)]
    assert hours == [16, 18, 16, 16, 18, 16]


def test_who_may_and_what_cannot_be_meant(room: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(asker, series_of(room))
    [row] = rows_of(sent.booking)
    with pytest.raises(NotFound):
        change(make_side("Obcy"), row, days=1)
    with pytest.raises(Forbidden):
        change(owner, row, days=1)
    for what in ({}, {"starts_minute": 1440}, {"length_minutes": 2}, {"units": 0}):
        with pytest.raises(Invalid):
            change(asker, row, **what)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        change(asker, row, since=date(2028, 1, 1), days=1)
    monthly = ask_series(
        asker, series_of(room, weekly(rule="FREQ=MONTHLY;COUNT=2", starts_minute=540))
    )
    with pytest.raises(Invalid) as no:
        change(asker, rows_of(monthly.booking)[0], since=FIRST, days=1)
    assert no.value.code == "rule_not_shifted"


def test_a_word_goes_along(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room))
    change_series(
        by=asker.viewer,
        series=rows_of(sent.booking)[0].uid,
        since=SECOND,
        change=SeriesChange(days=1),
        note="Nowy grafik",
    )
    assert [one.body for one in BookingMessage.objects.visible_to(SYSTEM)] == ["Nowy grafik"]


def test_both_series_have_the_dates_they_say(room: Resource, asker: Side) -> None:
    sent = ask_series(asker, series_of(room, weekly(6)))
    change(asker, rows_of(sent.booking)[0], days=2, starts_minute=600)
    for row in rows_of(sent.booking):
        told = [one.local_date for one in dates(repetition_of(row)).occurrences]
        assert told == [one.series_on for one in lines_of(sent.booking) if one.series_id == row.pk]
    assert state_of(sent.booking) == "confirmed"
