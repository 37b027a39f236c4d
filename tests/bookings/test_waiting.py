"""The waiting list: in order, by timed offers that claim; never two winners, never a lost place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, OfferExpired
from bookings.models import Claim, Line, Offer, Series, Watch
from bookings.services.blocks import remove_block
from bookings.services.clockwork import tick
from bookings.services.offers import accept_offer, decline_offer, withdraw_offer
from bookings.services.request.checking import check_booking
from bookings.services.resources import change_units
from bookings.services.sessions import add_session, change_session
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden
from sharing.models import Resource

from .stage import (
    DAY,
    NOW,
    Side,
    ask,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    open_offers,
    states,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Side:
    return make_side("Dom")


@pytest.fixture
def hall(owner: Side) -> Resource:
    return make_thing(owner, "Sala", terms={"at_once": True})


@pytest.fixture
def chairs(owner: Side) -> Resource:
    return make_thing(owner, "Krzesła", kind="pooled", units=10, terms={"at_once": True})


def wait(side: Side, thing: Resource, start: float = 10, hours: float = 2, **fields: Any) -> Line:
    sent = ask(side, line(thing, start, hours, waiting_list=True, **fields))
    assert states(sent.booking) == ["asked"]
    one = fresh(sent.lines[0])
    assert one.waiting
    return one


def test_what_is_taken_can_be_waited_for(hall: Resource) -> None:
    first, second = make_side("A"), make_side("B")
    ask(first, line(hall, 10, 2))
    told = check_booking(
        by=second.viewer, institution=second.house.pk, wish=wish(line(hall, 10, 2))
    )
    assert "waiting_list" in {one.kind for one in told.alternatives}
    one = wait(second, hall)
    assert not claims_of(one)


def test_free_time_needs_no_list(hall: Resource) -> None:
    sent = ask(make_side("A"), line(hall, 10, 2, waiting_list=True))
    assert states(sent.booking) == ["confirmed"]
    assert not fresh(sent.lines[0]).waiting


def test_house_rules_are_not_waited_for(owner: Side) -> None:
    hall = make_thing(owner, "Sala", terms={"at_once": True, "longest_minutes": 60})
    ask(make_side("A"), line(hall, 10, 1))
    with pytest.raises(BookingRefused) as no:
        ask(make_side("B"), line(hall, 10, 2, waiting_list=True))
    assert set(codes(no.value.reasons)) == {"taken", "too_long"}


def test_who_waited_first_is_offered_first(hall: Resource) -> None:
    holder, first, second, stranger = (make_side(name) for name in "ABCD")
    booked = ask(holder, line(hall, 10, 2))
    one, two = wait(first, hall), wait(second, hall, 11, 2)
    do(holder, booked.lines[0], "cancel")
    (offer,) = open_offers()
    assert (offer.line_id, offer.kind) == (one.pk, "waiting")
    assert Claim.objects.filter(offer=offer).count() == 1
    with pytest.raises(BookingRefused):  # nobody slips in between
        ask(stranger, line(hall, 10, 2))
    decline_offer(by=first.viewer, offer=offer.uid)
    assert fresh(one).state == "withdrawn"
    (offer,) = open_offers()
    assert offer.line_id == two.pk
    accept_offer(by=second.viewer, offer=offer.uid)
    assert fresh(two).state == "confirmed"
    assert not fresh(two).waiting
    assert len(claims_of(two)) == 1
    assert not open_offers()


def test_its_owner_cannot_take_back_what_came_free_for_who_waits(
    hall: Resource, owner: Side
) -> None:
    taken = ask(make_side(), line(hall)).lines[0]
    waits = ask(make_side(), line(hall, waiting_list=True)).lines[0]
    do(owner, taken, "take_back")
    [offer] = Offer.objects.visible_to(SYSTEM)
    with pytest.raises(Forbidden):
        withdraw_offer(by=owner.viewer, offer=offer.uid)
    assert fresh(waits).waiting


def test_an_offer_that_runs_out_goes_to_the_next(hall: Resource) -> None:
    holder, first, second = (make_side(name) for name in "ABC")
    booked = ask(holder, line(hall, 10, 2))
    one, two = wait(first, hall), wait(second, hall)
    do(holder, booked.lines[0], "cancel")
    (offer,) = open_offers()
    late = offer.expires_at
    tick(now=late)
    assert fresh(one).state == "expired"
    (following,) = open_offers()
    assert following.line_id == two.pk
    with pytest.raises(OfferExpired):
        accept_offer(by=first.at(late), offer=offer.uid)
    accept_offer(by=second.at(late), offer=following.uid)
    assert fresh(two).state == "confirmed"


def test_a_newcomer_does_not_pass_who_waits_when_a_hold_runs_out(owner: Side) -> None:
    """Nobody cleared the run-out hold: the newcomer's own commit serves the list first."""
    tool = make_thing(owner, "Drabina", answering="keep_first")
    holder, waiting, stranger = (make_side(name) for name in "ABC")
    held = ask(holder, line(tool, 10, 2))
    one = wait(waiting, tool)
    later = fresh(held.lines[0]).expires_at
    assert later is not None
    with pytest.raises(BookingRefused) as no:
        ask(stranger, line(tool, 10, 2), now=later)
    assert codes(no.value.reasons) == ["kept_for_another"]
    (offer,) = open_offers()
    assert offer.line_id == one.pk
    # Its owner still answers: what came free is kept for who waited.
    accept_offer(by=waiting.at(later), offer=offer.uid)
    assert fresh(one).state == "held"
    do(owner, one, "approve", now=later)
    assert fresh(one).state == "confirmed"


def test_part_of_it_where_that_will_do(chairs: Resource) -> None:
    holder, picky, modest = (make_side(name) for name in "ABC")
    booked = ask(holder, line(chairs, 10, 2, units=5))
    other = ask(make_side("D"), line(chairs, 10, 2, units=5))
    all_or_none = wait(picky, chairs, units=8)
    few = wait(modest, chairs, units=8, least_units=4)
    do(holder, booked.lines[0], "cancel")
    (offer,) = open_offers()
    assert (offer.line_id, offer.units) == (few.pk, 5)
    accept_offer(by=modest.viewer, offer=offer.uid)
    assert fresh(few).units == 5
    assert fresh(all_or_none).waiting
    assert states(other.booking) == ["confirmed"]


def test_several_are_served_by_one_freeing(chairs: Resource) -> None:
    holder = make_side("A")
    booked = ask(holder, line(chairs, 10, 2, units=10))
    lines = [wait(make_side(f"W{number}"), chairs, units=4) for number in range(3)]
    do(holder, booked.lines[0], "cancel")
    assert {one.line_id for one in open_offers()} == {lines[0].pk, lines[1].pk}


def test_blocks_removed_and_numbers_raised_serve_the_list(owner: Side, chairs: Resource) -> None:
    made = block(owner, chairs, 0, 24, units=10)
    one = wait(make_side("A"), chairs, units=8)
    two = wait(make_side("B"), chairs, units=8)
    remove_block(by=owner.viewer, block=made.uid)
    assert [offer.line_id for offer in open_offers()] == [one.pk]
    change_units(by=owner.viewer, resource=chairs.uid, units=20)
    assert [offer.line_id for offer in open_offers()] == [one.pk, two.pk]


def test_seats_of_a_date_are_waited_for(owner: Side) -> None:
    workshop = make_thing(owner, "Warsztat", kind="seated", units=2, terms={"at_once": True})
    session = add_session(
        by=owner.viewer,
        resource=workshop.uid,
        starts_at=DAY + timedelta(hours=10),
        ends_at=DAY + timedelta(hours=12),
    )
    full = ask(make_side("A"), line(workshop, 10, 2, units=2))
    one = wait(make_side("B"), workshop)
    change_session(by=owner.viewer, session=session.uid, units=3)
    (offer,) = open_offers()
    assert offer.line_id == one.pk
    assert states(full.booking) == ["confirmed"]


def test_a_watched_date_of_a_series_becomes_a_line(hall: Resource) -> None:
    holder, asker = make_side("A"), make_side("B")
    booked = ask(holder, line(hall, 10, 2))
    mine = ask(asker, line(hall, 14, 2))
    series = Series.objects.create(
        booking=mine.booking,
        resource=hall,
        rule="FREQ=WEEKLY;COUNT=2",
        zone="Europe/Warsaw",
        first_on=DAY.date(),
        starts_minute=660,
        length_minutes=120,
    )
    watch = Watch.objects.visible_to(SYSTEM).create(
        booking=mine.booking,
        series=series,
        resource=hall,
        lender=hall.owner,
        borrower=asker.house,
        use_starts_at=DAY + timedelta(hours=10),
        use_ends_at=DAY + timedelta(hours=12),
        event_starts_at=DAY + timedelta(hours=10),
        event_ends_at=DAY + timedelta(hours=12),
        zone="Europe/Warsaw",
        local_date=DAY.date(),
        waiting_since=NOW,
    )
    do(holder, booked.lines[0], "cancel")
    (offer,) = open_offers()
    assert offer.watch_id == watch.pk
    one = accept_offer(by=asker.viewer, offer=offer.uid)
    assert (one.state, one.series_id, one.booking_id) == ("confirmed", series.pk, mine.booking.pk)
    assert accept_offer(by=asker.viewer, offer=offer.uid).pk == one.pk
    watch = Watch.objects.visible_to(SYSTEM).get(pk=watch.pk)
    assert watch.state == "taken"
    assert len(claims_of(one)) == 1


def test_there_is_no_list_when_it_begins_at_once(hall: Resource) -> None:
    """Ten minutes before the start an offer would help nobody: it is simply free."""
    holder, waiting = make_side("A"), make_side("B")
    booked = ask(holder, line(hall, 10, 2))
    wait(waiting, hall)
    soon = DAY + timedelta(hours=9, minutes=50)
    do(holder, booked.lines[0], "cancel", now=soon)
    assert not open_offers()
    assert states(ask(make_side("C"), line(hall, 10, 2), now=soon).booking) == ["confirmed"]
