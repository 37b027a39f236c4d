"""More or fewer of a thing, and its withdrawal, against what is promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bookings.errors import BookingRefused, UnknownResource, WouldHit
from bookings.models import Capacity, Offer
from bookings.queries.facts import facts_by_id
from bookings.services.months import begin_months
from bookings.services.resources import change_units, withdraw_resource
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid
from sharing.models import Resource
from tests.bookings.stage import DAY, NOW, ask, claims_of, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def size(thing: Resource) -> tuple[int, int]:
    thing = Resource._base_manager.get(pk=thing.pk)
    return Capacity.objects.get(resource=thing, mode__in=["peak", "total"]).size, thing.units


def test_more_and_fewer_down_to_what_is_promised() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=10, terms={"at_once": True})
    sent = [ask(guest, line(chairs, 10, units=4)), ask(guest, line(chairs, 11, units=3))]
    later = ask(guest, line(chairs, 20, units=5))
    for units in (12, 7):
        change_units(by=owner.viewer, resource=chairs.uid, units=units)
        assert size(chairs) == (units, units)
    with pytest.raises(WouldHit) as told:
        change_units(by=owner.viewer, resource=chairs.uid, units=6)
    assert {one.booking_id for one in told.value.lines} >= {one.booking.pk for one in sent}
    assert size(chairs) == (7, 7)
    after = DAY + timedelta(hours=14)
    change_units(by=owner.at(after), resource=chairs.uid, units=5)  # the past is past
    assert size(chairs) == (5, 5)
    with pytest.raises(WouldHit) as told:
        change_units(by=owner.at(after), resource=chairs.uid, units=4)
    assert [one.booking_id for one in told.value.lines] == [later.booking.pk]


def test_a_hold_that_ran_out_is_no_promise() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=10, answering="keep_first")
    hall = make_thing(owner, answering="keep_first")
    held = ask(guest, line(chairs, units=8), line(hall)).lines[0]
    assert held.expires_at is not None
    with pytest.raises(WouldHit):
        change_units(by=owner.viewer, resource=chairs.uid, units=5)
    change_units(by=owner.at(held.expires_at), resource=chairs.uid, units=5)
    assert size(chairs) == (5, 5)
    assert (fresh(held).state, claims_of(held)) == ("asked", [])


def test_what_is_given_away_counts_for_ever() -> None:
    owner, guest = make_side(), make_side()
    boards = make_thing(owner, kind="giveaway", units=10, terms={"at_once": True})
    ask(guest, line(boards, units=6))
    with pytest.raises(WouldHit):
        change_units(by=owner.at(DAY + timedelta(days=30)), resource=boards.uid, units=5)
    change_units(by=owner.viewer, resource=boards.uid, units=6)
    assert size(boards) == (6, 6)


def test_withdrawn_only_when_nothing_is_promised() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    sent = ask(guest, line(hall)).lines[0]
    with pytest.raises(WouldHit) as told:
        withdraw_resource(by=owner.viewer, resource=hall.uid)
    assert [one.pk for one in told.value.lines] == [sent.pk]
    from tests.bookings.stage import do

    do(owner, sent, "decline")
    withdraw_resource(by=owner.viewer, resource=hall.uid)
    withdraw_resource(by=owner.viewer, resource=hall.uid)
    with pytest.raises(UnknownResource):
        ask(guest, line(hall))


def test_bad_input_and_others_things() -> None:
    owner, guest, staff = make_side(), make_side(), make_side(role="staff")
    chairs, hall = make_thing(owner, kind="pooled", units=10), make_thing(owner)
    for units in (0, -1, 10**9):
        with pytest.raises(Invalid):
            change_units(by=owner.viewer, resource=chairs.uid, units=units)
    with pytest.raises(Invalid):
        change_units(by=owner.viewer, resource=hall.uid, units=2)
    hidden = make_thing(owner, state="draft", kind="pooled", units=3)
    verbs: tuple[Callable[[Viewer, Resource], object], ...] = (
        lambda by, thing: change_units(by=by, resource=thing.uid, units=4),
        lambda by, thing: withdraw_resource(by=by, resource=thing.uid),
    )
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb(guest.viewer, chairs)
        with pytest.raises(UnknownResource):
            verb(guest.viewer, hidden)
        with pytest.raises(Forbidden):
            verb(staff.viewer, make_thing(staff, kind="pooled", units=3))
    assert size(chairs) == (10, 10)
    assert NOW < DAY


# --- hours a month ------------------------------------------------------------------------------------
APRIL = datetime(2027, 4, 14, 10, tzinfo=UTC)


def months(thing: Resource) -> list[int]:
    """The minutes of the months that were begun, in order of time."""
    rows = Capacity.objects.filter(resource=thing, span__isnull=False).order_by("span")
    return list(rows.values_list("size", flat=True))


def test_other_hours_hold_in_this_month_and_the_coming_ones_and_the_past_stays() -> None:
    owner, guest = make_side(), make_side()
    mentor = make_thing(owner, kind="metered", units=6, terms={"at_once": True})
    ask(guest, line(mentor, 10, 4))
    booked = ask(guest, line(mentor, APRIL, 2))
    change_units(by=owner.viewer, resource=mentor.uid, units=8)
    assert months(mentor) == [480, 480]
    with pytest.raises(WouldHit) as told:
        change_units(by=owner.viewer, resource=mentor.uid, units=3)
    assert [one.units for one in told.value.lines] == [1]
    assert months(mentor) == [480, 480]
    change_units(by=owner.at(APRIL), resource=mentor.uid, units=2)  # March has been
    assert months(mentor) == [480, 120]
    with pytest.raises(WouldHit) as told:
        change_units(by=owner.at(APRIL), resource=mentor.uid, units=1)
    assert [one.booking_id for one in told.value.lines] == [booked.booking.pk]
    with pytest.raises(Invalid):
        change_units(by=owner.viewer, resource=mentor.uid, units=745)


def test_who_waits_for_hours_is_offered_those_that_are_added() -> None:
    owner, guest = make_side(), make_side()
    mentor = make_thing(owner, kind="metered", units=4, terms={"at_once": True})
    ask(guest, line(mentor, 10, 3))
    waiting = ask(make_side(), line(mentor, 15, 3, waiting_list=True)).lines[0]
    change_units(by=owner.viewer, resource=mentor.uid, units=5)
    assert not Offer.objects.visible_to(SYSTEM).exists()
    change_units(by=owner.viewer, resource=mentor.uid, units=6)
    assert Offer.objects.visible_to(SYSTEM).get().line_id == waiting.pk


def test_a_month_begun_later_has_the_hours_of_its_day() -> None:
    owner, guest = make_side(), make_side()
    mentor = make_thing(owner, kind="metered", units=6, terms={"at_once": True})
    change_units(by=owner.viewer, resource=mentor.uid, units=3)
    with pytest.raises(BookingRefused):
        ask(guest, line(mentor, 10, 4))
    ask(guest, line(mentor, 10, 3))
    assert months(mentor) == [180]


def test_hours_read_before_they_were_changed_begin_no_month() -> None:
    """Between reading the thing and beginning the month its owner gives fewer hours."""
    owner, guest = make_side(), make_side()
    mentor = make_thing(owner, kind="metered", units=6, terms={"at_once": True})
    before = facts_by_id([mentor.pk], since=DAY.date(), until=DAY.date())[mentor.pk]
    change_units(by=owner.viewer, resource=mentor.uid, units=2)
    begin_months(before.demands(Span(DAY, DAY + timedelta(hours=1)), 1))
    assert months(mentor) == [120]
    assert ask(guest, line(mentor, 10, 2)).booking.state == "confirmed"
