"""What is offered instead can really be had, by whom it is offered to."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.errors import BookingRefused
from bookings.reasons import Alternative
from bookings.services.blocks import add_block
from bookings.services.request.sending import request_booking
from bookings.why import why
from bookings.wishes import LineWish
from sharing.models import DayOff, Resource, WeeklyHours
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    block,
    line,
    make_side,
    make_thing,
    only_with,
    refused,
    states,
    wish,
)

pytestmark = pytest.mark.django_db


def instead(option: Alternative) -> tuple[LineWish, ...]:
    """The option as wishes, as one click would send it."""
    one = LineWish(
        option.resource,
        option.starts_at,
        option.ends_at,
        option.event_starts_at,
        option.event_ends_at,
        option.units,
        option.setup_minutes,
        option.strike_minutes,
        option.second_in_line,
        option.waiting_list,
        option.least_units,
    )
    pieces = [replace(one, resource=piece.resource, units=piece.units) for piece in option.pieces]
    return tuple(pieces) or (one,)


def test_all_kinds_nearest_first_and_none_over_another() -> None:
    owner, other, guest, rival = (make_side() for _ in range(4))
    hall = make_thing(owner, terms={"at_once": True})
    like = make_thing(other, "Sala obok", terms={"at_once": True})
    make_thing(other, "Tylko dla swoich", terms={"audience": "own"})
    make_thing(other, "Bez pytania", terms={"may_ask": False})
    make_thing(other, "Inna", category="equipment", terms={"at_once": True})
    ask(rival, line(hall))
    options = refused(guest, line(hall)).alternatives
    times = [one.starts_at for one in options if one.kind == "other_time"]
    assert times == [DAY + timedelta(hours=hour) for hour in (12, 8, 14)]
    assert [one.resource for one in options if one.kind == "like_resource"] == [like.uid]
    chairs = make_thing(owner, kind="pooled", units=5, terms={"at_once": True})
    ask(rival, line(chairs, units=3))
    assert [
        one.units
        for one in refused(guest, line(chairs, units=4)).alternatives
        if one.kind == "fewer_units"
    ] == [2]


def test_far_options_know_the_days_off_too() -> None:
    """Notice of 40 days: what is offered then is not a day on which the house is closed."""
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"notice_minutes": 40 * 1440, "at_once": True})
    DayOff.objects.create(
        institution=owner.house,
        resource=hall,
        from_on=(NOW + timedelta(days=39)).date(),
        until_on=(NOW + timedelta(days=44)).date(),
    )
    options = refused(guest, line(hall)).alternatives
    assert options
    for option in options:
        assert ask(guest, *instead(option)).lines


def test_an_option_of_one_line_leaves_room_for_the_others() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    ask(rival, line(hall, 10))
    first = line(hall, 12)
    for option in refused(guest, first, line(hall, 10)).alternatives:
        with transaction.atomic():
            done = ask(guest, first, *instead(option))
            assert len(done.lines) == 1 + len(instead(option))
            transaction.set_rollback(True)


class Undone(Exception):
    """Thrown to leave nothing behind."""


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_option_can_be_had(data: st.DataObject) -> None:
    draw = data.draw
    try:
        with transaction.atomic():
            owner, other, guest, rival = (make_side() for _ in range(4))
            pooled = draw(st.booleans())
            fields: dict[str, Any] = {
                "kind": "pooled" if pooled else "exclusive",
                "units": 5 if pooled else 1,
                "answering": draw(st.sampled_from(["keep_first", "owner_chooses"])),
                "handover": draw(st.sampled_from(["none", "simple"])),
                "turnover_minutes": draw(st.sampled_from([0, 30])),
            }
            terms = {
                "at_once": draw(st.booleans()),
                "notice_minutes": draw(st.sampled_from([None, 90, 3 * 1440, 30 * 1440])),
                "horizon_days": draw(st.sampled_from([None, 12, 60])),
                "longest_minutes": draw(st.sampled_from([None, 180, 1440])),
                "step_minutes": draw(st.sampled_from([None, 30, 60])),
            }
            source = draw(st.sampled_from(["always", "own"]))
            things = [
                make_thing(side, terms=terms, hours_source=source, **fields)
                for side in (owner, other)
            ]
            for thing in things:
                for weekday in draw(st.sets(st.integers(0, 6), min_size=2)):
                    WeeklyHours.objects.create(
                        institution=thing.owner,
                        resource=thing,
                        weekday=weekday,
                        opens_minute=9 * 60,
                        closes_minute=draw(st.sampled_from([14 * 60, 20 * 60])),
                    )
                shut = DAY.date() + timedelta(days=draw(st.integers(-5, 30)))
                DayOff.objects.create(
                    institution=thing.owner,
                    resource=thing,
                    from_on=shut,
                    until_on=shut + timedelta(days=4),
                )
                for hour in draw(st.lists(st.integers(-24, 60), max_size=3)):
                    begin = DAY + timedelta(hours=hour)
                    add_block(
                        by=(owner if thing is things[0] else other).viewer,
                        resource=thing.uid,
                        starts_at=begin,
                        ends_at=begin + timedelta(hours=3),
                        units=draw(st.integers(1, 2)) if pooled and hour % 2 else None,
                    ) if not thing.blocks.exists() else None
            asked = line(
                things[0],
                draw(st.integers(6, 20)),
                draw(st.sampled_from([1, 2, 5])),
                units=draw(st.integers(1, 6)) if pooled else 1,
                setup_minutes=draw(st.sampled_from([0, 30])),
            )
            with contextlib.suppress(BookingRefused):
                ask(rival, replace(asked, units=1))
            try:
                ask(guest, asked)
                options: tuple[Alternative, ...] = ()
            except BookingRefused as no:
                options = no.alternatives
            for option in options:
                with transaction.atomic():
                    done = request_booking(
                        by=guest.viewer, institution=guest.house.pk, wish=wish(*instead(option))
                    )
                    assert len(done.lines) == len(instead(option))
                    transaction.set_rollback(True)
            raise Undone
    except Undone:
        pass


# --- why, and several owners together -----------------------------------------------------------------
def placed(side: Side, latitude: float) -> Side:
    """A house so far up the map from the equator, on the meridian of Greenwich."""
    side.house.latitude, side.house.longitude = latitude, 0.0
    side.house.save()
    return side


def chairs(owner: Side, units: int, **fields: Any) -> Resource:
    return make_thing(
        owner, "Krzesła", kind="pooled", units=units, **{"terms": {"at_once": True}, **fields}
    )


def whys(options: Sequence[Alternative], kind: str) -> list[str]:
    with translation.override("en"):
        return [why(one) for one in options if one.kind == kind]


def test_each_says_why_it_is_offered() -> None:
    owner, near, far = placed(make_side(), 51.0), placed(make_side(), 51.02), make_side()
    guest, rival = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    make_thing(far, "Gdzieś", terms={"at_once": True})
    make_thing(near, "Obok", terms={"at_once": True})
    ask(rival, line(hall, 8, 12))
    options = refused(guest, line(hall, 10)).alternatives
    assert whys(options, "other_time")[0] == "the same day, 4 h earlier"
    assert whys(options, "like_resource") == ["2.2 km away", "the same kind, free at your time"]
    pool = chairs(owner, 100)
    ask(rival, line(pool, 10, units=64))
    options = refused(guest, line(pool, 10, units=40)).alternatives
    assert whys(options, "other_time") == [
        "the same day, 2 h later",
        "the same day, 2 h earlier",
        "the same day, 4 h later",
    ]
    assert whys(options, "fewer_units") == ["36 are free all that time"]
    assert len(whys(options, "waiting_list")) == 1


def test_what_is_missing_comes_from_several_owners() -> None:
    owner, second, third, hidden = (make_side() for _ in range(4))
    guest = make_side()
    mine = chairs(owner, 260)
    parts = [chairs(second, 25), chairs(third, 20)]
    chairs(hidden, 500, terms={"audience": "own"})
    [split] = [
        one for one in refused(guest, line(mine, units=300)).alternatives if one.kind == "split"
    ]
    assert [(piece.resource, piece.units) for piece in split.pieces] == [
        (mine.uid, 260),
        (parts[0].uid, 25),
        (parts[1].uid, 15),
    ]
    assert whys([split], "split") == ["40 missing: 25 + 15"]
    sent = ask(guest, *instead(split))
    assert [one.units for one in sent.lines] == [260, 25, 15]


def test_never_from_more_than_four_owners() -> None:
    mine = chairs(make_side(), 10)
    for _n in range(4):
        chairs(make_side(), 5)
    options = refused(make_side(), line(mine, units=30)).alternatives
    assert "split" not in {one.kind for one in options}
    options = refused(make_side(), line(mine, units=25)).alternatives
    [split] = [one for one in options if one.kind == "split"]
    assert [piece.units for piece in split.pieces] == [10, 5, 5, 5]


def test_the_likest_first_access_before_distance() -> None:
    owner, near, far = (
        placed(make_side(), 51.0),
        placed(make_side(), 51.01),
        placed(make_side(), 52),
    )
    guest, rival = make_side(), make_side()
    access: dict[str, Any] = {"attributes": {"step-free": True}, "terms": {"at_once": True}}
    hall = make_thing(owner, **access)
    other = make_thing(near, "Schody", terms={"at_once": True})
    ramp = make_thing(far, "Podjazd", **access)
    own = make_thing(owner, "Druga", **access)
    ask(rival, line(hall))
    likes = [
        one.resource
        for one in refused(guest, line(hall)).alternatives
        if one.kind == "like_resource"
    ]
    assert likes == [ramp.uid, other.uid, own.uid]


def test_of_what_only_comes_along_nothing_is_offered() -> None:
    """Nobody asked for the technician, whom her house lists for itself alone."""
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, "Sala", terms={"at_once": True})
    crew = make_thing(owner, "Technik", state="draft")
    only_with(owner, hall, crew)
    block(owner, crew, 9, 11)
    options = refused(guest, line(hall, 10)).alternatives
    assert {(one.line, one.resource) for one in options} == {(0, hall.uid)}


def test_fewer_are_offered_to_who_waits_for_no_more_than_that() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    pool = chairs(owner, 5, turnover_minutes=5, hours_source="own")
    ask(rival, line(pool, 10, units=2))
    late = line(pool, 10, units=6, waiting_list=True, least_units=4)
    [fewer] = [one for one in refused(guest, late).alternatives if one.kind == "fewer_units"]
    assert (fewer.units, fewer.least_units) == (3, 3)
    assert states(ask(guest, *instead(fewer)).booking) == ["confirmed"]


def test_a_companion_that_is_not_free_then_makes_no_option() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, "Sala", terms={"at_once": True})
    crew = make_thing(owner, "Technik", terms={"at_once": True})
    only_with(owner, hall, crew)
    ask(make_side(), line(crew, 8, 8))
    options = refused(guest, line(hall, 10)).alternatives
    times = [one.starts_at for one in options if one.kind == "other_time"]
    assert times
    for option in options:
        if option.kind == "other_time":
            with transaction.atomic():
                assert ask(guest, *instead(option)).lines
                transaction.set_rollback(True)
