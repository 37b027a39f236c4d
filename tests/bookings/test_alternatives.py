"""What is offered instead can really be had, by whom it is offered to."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.errors import BookingRefused
from bookings.reasons import Alternative
from bookings.services.blocks import add_block
from bookings.services.request import request_booking
from bookings.wishes import LineWish
from sharing.models import DayOff, WeeklyHours
from tests.bookings.stage import DAY, NOW, Side, ask, line, make_side, make_thing, wish

pytestmark = pytest.mark.django_db


def instead(option: Alternative) -> LineWish:
    """The option as a wish, as one click would send it."""
    return LineWish(
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


def refused(side: Side, *lines: LineWish, **fields: Any) -> tuple[Alternative, ...]:
    with pytest.raises(BookingRefused) as no:
        ask(side, *lines, **fields)
    return no.value.alternatives


def test_all_kinds_nearest_first() -> None:
    owner, other, guest, rival = (make_side() for _ in range(4))
    hall = make_thing(owner, terms={"at_once": True})
    like = make_thing(other, "Sala obok", terms={"at_once": True})
    make_thing(other, "Tylko dla swoich", terms={"audience": "own"})
    make_thing(other, "Bez pytania", terms={"may_ask": False})
    make_thing(other, "Inna", category="equipment", terms={"at_once": True})
    ask(rival, line(hall))
    options = refused(guest, line(hall))
    times = [one.starts_at for one in options if one.kind == "other_time"]
    assert times == [DAY + timedelta(hours=hour) for hour in (12, 8, 12.5)]
    assert [one.resource for one in options if one.kind == "like_resource"] == [like.uid]
    chairs = make_thing(owner, kind="pooled", units=5, terms={"at_once": True})
    ask(rival, line(chairs, units=3))
    assert [
        one.units for one in refused(guest, line(chairs, units=4)) if one.kind == "fewer_units"
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
    options = refused(guest, line(hall))
    assert options
    for option in options:
        assert ask(guest, instead(option)).lines


def test_an_option_of_one_line_leaves_room_for_the_others() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    ask(rival, line(hall, 10))
    first = line(hall, 12)
    for option in refused(guest, first, line(hall, 10)):
        with transaction.atomic():
            done = ask(guest, first, instead(option))
            assert len(done.lines) == 2
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
                        by=guest.viewer, institution=guest.house.pk, wish=wish(instead(option))
                    )
                    assert len(done.lines) == 1
                    transaction.set_rollback(True)
            raise Undone
    except Undone:
        pass
