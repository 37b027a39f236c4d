"""What owners enter for themselves repeats the same way: own programme, closures, bookings written in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, UnknownResource, WouldHit
from bookings.models import Block, Claim, SeatedSession, Series
from bookings.recurrence.wish import SeriesWish
from bookings.services.blocks import add_block
from bookings.services.request.stored import Requested
from bookings.services.series.blocks import (
    Blocked,
    BlockWish,
    add_blocks,
    look_at_blocks,
    remove_blocks,
)
from bookings.services.series.changing import SeriesChange, change_series
from bookings.services.series.ending import end_series
from bookings.services.series.sessions import SessionsWish, add_sessions, look_at_sessions
from bookings.services.sessions import add_session
from bookings.services.write_in import WrittenFor, check_write_in, write_in, write_in_series
from bookings.spans import Span
from bookings.wishes import BookingWish
from cooperative.errors import Forbidden, Invalid
from sharing.models import Resource

from .series_stage import FIRST, ask_series, rows_of, series_of, weekly
from .stage import Side, ask, codes, do, fresh, line, lines_of, make_side, make_thing, states

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FIVE = datetime(2027, 3, 9, 16, tzinfo=UTC)


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def room(owner: Side) -> Resource:
    return make_thing(owner, "Sala prób", terms={"at_once": True})


def blocked(owner: Side, room: Resource, **fields: object) -> Blocked:
    hit = fields.pop("hit", None)
    given = {"repetition": weekly(), "title": "Teatr otwarty", **fields}
    return add_blocks(by=owner.viewer, wish=BlockWish(room.uid, **given), hit=hit)  # type: ignore[arg-type]


def test_own_programme_every_week(owner: Side, room: Resource) -> None:
    made = blocked(owner, room)
    rows = list(Block.objects.order_by("starts_at"))
    assert [one.local_date for one in rows] == [FIRST + n * WEEK for n in range(4)]
    assert [one.starts_at.hour for one in rows] == [16, 16, 16, 15]
    assert {(one.series_id, one.title, one.units) for one in rows} == {
        (made.series.pk, "Teatr otwarty", 1)
    }
    assert Claim.objects.filter(cause="block").count() == 4
    assert (made.refused, made.series.booking_id) == ((), None)
    with pytest.raises(BookingRefused):
        ask(make_side(), line(room, FIVE + WEEK))


def test_the_owner_sees_whom_it_hits_on_all_dates(owner: Side, room: Resource) -> None:
    first = ask(make_side("Chór"), line(room, FIVE)).lines[0]
    third = ask(make_side("Klub"), line(room, FIVE + 2 * WEEK)).lines[0]
    looked = look_at_blocks(by=owner.viewer, wish=BlockWish(room.uid, weekly()))
    assert [[one.pk for one in date.hits] for date in looked.dates] == [
        [first.pk],
        [],
        [third.pk],
        [],
    ]
    with pytest.raises(WouldHit) as would:
        blocked(owner, room)
    assert {one.pk for one in would.value.lines} == {first.pk, third.pk}
    assert not Block.objects.exists()
    assert not Series.objects.exists()
    made = blocked(owner, room, hit=(first.uid, third.uid))
    assert len(made.blocks) == 4
    assert {fresh(one).state for one in (first, third)} == {"to_settle"}


def test_dates_that_are_ones_own_already_are_told(owner: Side, room: Resource) -> None:
    add_block(
        by=owner.viewer,
        resource=room.uid,
        starts_at=FIVE + WEEK,
        ends_at=FIVE + WEEK + timedelta(hours=1),
    )
    looked = look_at_blocks(by=owner.viewer, wish=BlockWish(room.uid, weekly()))
    assert [codes(one.reasons) for one in looked.dates] == [[], ["taken_by_yourself"], [], []]
    made = blocked(owner, room)
    assert [(one.on, codes(one.reasons)) for one in made.refused] == [
        (FIRST + WEEK, ["taken_by_yourself"])
    ]
    assert len(made.blocks) == 3
    with pytest.raises(BookingRefused):
        blocked(owner, room)


def test_nights_that_the_clock_cuts(owner: Side, room: Resource) -> None:
    nights = weekly(
        first_on=FIRST, rule="FREQ=DAILY;COUNT=20", starts_minute=150, length_minutes=60
    )
    made = blocked(owner, room, repetition=nights)
    assert [(one.on, codes(one.reasons)) for one in made.refused] == [
        (datetime(2027, 3, 28, tzinfo=UTC).date(), ["time_does_not_exist"])
    ]
    assert len(made.blocks) == 19


def test_one_or_all_following_are_removed(owner: Side, room: Resource) -> None:
    made = blocked(owner, room)
    assert remove_blocks(by=owner.viewer, block=made.blocks[2].uid) == 2
    assert [one.local_date for one in Block.objects.order_by("starts_at")] == [FIRST, FIRST + WEEK]
    assert Claim.objects.filter(cause="block").count() == 2
    assert remove_blocks(by=owner.viewer, block=made.blocks[2].uid) == 0
    ends_at = FIVE + timedelta(days=1, hours=1)
    alone = add_block(
        by=owner.viewer, resource=room.uid, starts_at=FIVE + timedelta(days=1), ends_at=ends_at
    )
    assert remove_blocks(by=owner.viewer, block=alone.uid) == 1
    assert Block.objects.count() == 2


def test_some_of_a_pool_and_a_time_of_its_own(owner: Side) -> None:
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=50)
    late = Span(FIVE + WEEK + timedelta(hours=3), FIVE + WEEK + timedelta(hours=5))
    made = blocked(owner, chairs, units=20, moved=((FIRST + WEEK, late),))
    assert {one.units for one in made.blocks} == {20}
    assert made.blocks[1].starts_at == late.start
    assert made.series.units == 20
    with pytest.raises(Invalid):
        blocked(owner, chairs, units=60)


def test_who_may_enter_it(owner: Side, room: Resource) -> None:
    with pytest.raises(Forbidden):
        blocked(make_side("Obcy"), room)
    hidden = make_thing(owner, state="draft")
    with pytest.raises(UnknownResource):
        blocked(make_side("Obcy"), hidden)


def written(owner: Side, *series: SeriesWish, **fields: Any) -> Requested:
    wanted = BookingWish(series=series, title="Joga", all_or_nothing=False)
    whom = WrittenFor(**{"name": "Pani Zofia", "phone": "600 100 200", **fields})
    return write_in_series(by=owner.viewer, lender=owner.house.pk, wish=wanted, whom=whom)


def test_what_came_by_phone_repeats(owner: Side, room: Resource) -> None:
    ask(make_side("Chór"), line(room, FIVE + WEEK))
    told = check_write_in(
        by=owner.viewer, lender=owner.house.pk, wish=BookingWish(series=(series_of(room),))
    )
    assert [codes(one.reasons) for one in told.proposed] == [[], ["taken"], [], []]
    made = written(owner, series_of(room))
    assert states(made.booking) == ["confirmed"] * 3
    assert [(one.on, one.watched) for one in made.refused] == [(FIRST + WEEK, False)]
    [row] = rows_of(made.booking)
    assert {one.series_id for one in lines_of(made.booking)} == {row.pk}
    with pytest.raises(BookingRefused):
        write_in(
            by=owner.viewer,
            lender=owner.house.pk,
            whom=WrittenFor(name="Pani Zofia"),
            wish=BookingWish(series=(series_of(room),), title="Joga"),
        )


def test_its_keeper_changes_and_ends_what_was_written_in(owner: Side, room: Resource) -> None:
    made = written(owner, series_of(room))
    [row] = rows_of(made.booking)
    changed = change_series(
        by=owner.viewer,
        series=row.uid,
        since=FIRST + WEEK,
        change=SeriesChange(starts_minute=18 * 60),
    )
    assert len(changed.moved) == 3
    assert states(made.booking) == ["confirmed"] * 4
    end_series(by=owner.viewer, series=changed.begun.uid, reason="Koniec sezonu")
    assert states(made.booking) == ["confirmed", "cancelled", "cancelled", "cancelled"]


def test_only_what_is_ones_own_is_written_in(owner: Side, room: Resource) -> None:
    with pytest.raises(Forbidden):
        written(make_side("Obcy"), series_of(room))
    with pytest.raises(Invalid):
        written(owner, series_of(room), name="")


def test_a_series_gives_way_to_facts_date_by_date(owner: Side, room: Resource) -> None:
    asker = make_side("Chór")
    sent = ask_series(asker, series_of(room))
    add_block(
        by=owner.viewer,
        resource=room.uid,
        starts_at=FIVE + WEEK,
        ends_at=FIVE + WEEK + timedelta(hours=8),
        kind="closure",
        hit=(sent.lines[1].uid,),
    )
    assert states(sent.booking) == ["confirmed", "to_settle", "confirmed", "confirmed"]
    do(asker, sent.lines[1], "cancel")
    assert states(sent.booking) == ["confirmed", "cancelled", "confirmed", "confirmed"]


def test_a_workshop_every_week_is_added_at_once(owner: Side) -> None:
    workshop = make_thing(owner, "Warsztat", kind="seated", units=10, terms={"at_once": True})
    add_session(
        by=owner.viewer,
        resource=workshop.uid,
        starts_at=FIVE + WEEK,
        ends_at=FIVE + WEEK + timedelta(hours=3),
    )
    wanted = SessionsWish(workshop.uid, weekly(), title="Ceramika")
    looked = look_at_sessions(by=owner.viewer, wish=wanted)
    assert [codes(one.reasons) for one in looked.dates] == [[], ["session_exists"], [], []]
    made = add_sessions(by=owner.viewer, wish=wanted)
    assert [(one.on, codes(one.reasons)) for one in made.refused] == [
        (FIRST + WEEK, ["session_exists"])
    ]
    rows = SeatedSession.objects.filter(series=made.series).order_by("starts_at")
    assert [(one.local_date, one.units, one.title) for one in rows] == [
        (FIRST + n * WEEK, 10, "Ceramika") for n in (0, 2, 3)
    ]
    sent = ask(make_side("Chór"), line(workshop, FIVE + 2 * WEEK, 3, units=4))
    assert states(sent.booking) == ["confirmed"]
    with pytest.raises(BookingRefused):
        add_sessions(by=owner.viewer, wish=wanted)
    with pytest.raises(Invalid):
        add_sessions(by=owner.viewer, wish=replace(wanted, units=0))
    with pytest.raises(Forbidden):
        add_sessions(by=make_side("Obcy").viewer, wish=wanted)


def test_only_what_has_seats_has_dates(owner: Side, room: Resource) -> None:
    with pytest.raises(Invalid):
        add_sessions(by=owner.viewer, wish=SessionsWish(room.uid, weekly()))


def test_seats_on_each_date_of_a_series(owner: Side) -> None:
    """Whoever comes every week asks for a place on each date."""
    workshop = make_thing(owner, "Warsztat", kind="seated", units=3, terms={"at_once": True})
    add_sessions(by=owner.viewer, wish=SessionsWish(workshop.uid, weekly(3)))
    sent = ask_series(make_side("Chór"), series_of(workshop, weekly(4), units=2))
    assert states(sent.booking) == ["confirmed"] * 3
    assert [codes(one.reasons) for one in sent.refused] == [["no_session_then"]]
    assert len({one.session_id for one in lines_of(sent.booking)}) == 3
