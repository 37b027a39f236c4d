"""My request: gathering, changing, sending once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import Booking, Claim, Line
from bookings.services.actions import act_on_booking
from bookings.services.drafts import (
    add_line,
    change_units,
    current_request,
    describe,
    remove_line,
    send,
    set_dates,
    wish_of,
)
from bookings.services.request.sending import request_booking
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from tests.bookings.stage import (
    DAY,
    Side,
    claims_of,
    codes,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    state_of,
    states,
)

pytestmark = pytest.mark.django_db


def gathered(guest: Side, *wishes) -> Booking:  # type: ignore[no-untyped-def]
    """A request put together from `wishes`, described, not sent."""
    for wanted in wishes:
        add_line(by=guest.viewer, wish=wanted)
    booking = current_request(by=guest.viewer)
    assert booking is not None
    return describe(by=guest.viewer, booking=booking.uid, title="Próba")


def test_gathering_claims_nothing_and_is_nobody_elses() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    booking = gathered(guest, line(hall), line(hall), line(hall, 14))
    assert states(booking) == ["draft", "draft"]  # the second click found the first one's line
    assert not Claim.objects.exists()
    assert not Event.objects.exists()
    assert not Line.objects.visible_to(owner.viewer).exists()
    assert not Booking.objects.visible_to(owner.viewer).exists()


def test_sent_twice_it_is_one_request() -> None:
    owner, guest = make_side(), make_side()
    hall, chairs = make_thing(owner), make_thing(owner, kind="pooled", units=9)
    booking = gathered(guest, line(hall), line(chairs, units=4))
    first = send(by=guest.viewer, booking=booking.uid)
    again = send(by=guest.viewer, booking=booking.uid)
    assert [one.pk for one in first.lines] == [one.pk for one in again.lines]
    assert states(booking) == ["asked", "asked"]
    assert state_of(booking) == "open"
    assert Event.objects.filter(verb="booking.send").count() == 1
    assert current_request(by=guest.viewer) is None
    assert gathered(guest, line(hall)).pk != booking.pk


def test_refused_it_stays_as_it_was() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall, free = (make_thing(owner, terms={"at_once": True}) for _ in range(2))
    rivals = gathered(rival, line(hall))
    send(by=rival.viewer, booking=rivals.uid)
    booking = gathered(guest, line(hall), line(free))
    with pytest.raises(BookingRefused) as refused:
        send(by=guest.viewer, booking=booking.uid)
    assert codes(refused.value.reasons) == ["taken"]
    assert states(booking) == ["draft", "draft"]
    describe(by=guest.viewer, booking=booking.uid, all_or_nothing=False)
    done = send(by=guest.viewer, booking=booking.uid)
    assert [one.index for one in done.refused] == [0]
    assert states(booking) == ["withdrawn", "confirmed"]


def test_a_line_taken_back_is_not_sent() -> None:
    owner, guest = make_side(), make_side()
    hall, piano = make_thing(owner), make_thing(owner)
    booking = gathered(guest, line(hall), line(piano))
    withdrawn = Line.objects.visible_to(SYSTEM).get(resource=piano)
    do(guest, withdrawn, "withdraw")
    done = send(by=guest.viewer, booking=booking.uid)
    assert [one.resource_id for one in done.lines] == [hall.pk]
    assert states(booking) == ["asked", "withdrawn"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_line_taken_back_while_it_is_sent_is_not_asked_for_anew(number: int) -> None:
    owner, guest = make_side(), make_side()
    things = [make_thing(owner), make_thing(owner)]
    booking = gathered(guest, *(line(thing) for thing in things))
    read = lines_of(booking)
    wish = wish_of(booking, read, uids={thing.pk: thing.uid for thing in things})
    do(guest, read[number], "withdraw")
    with pytest.raises(Conflict):
        request_booking(by=guest.viewer, institution=guest.house.pk, wish=wish, draft=booking.pk)
    assert sorted(states(booking)) == ["draft", "withdrawn"]


def test_a_line_removed() -> None:
    owner, guest, colleague = make_side(), make_side(), make_side()
    hall, piano = make_thing(owner), make_thing(owner)
    booking = gathered(guest, line(hall), line(piano))
    first, second = Line.objects.visible_to(SYSTEM).order_by("pk")
    remove_line(by=colleague.viewer, line=first.uid)
    assert states(booking) == ["draft", "draft"]
    remove_line(by=guest.viewer, line=first.uid)
    remove_line(by=guest.viewer, line=first.uid)
    assert states(booking) == ["draft"]
    remove_line(by=guest.viewer, line=second.uid)
    assert not Booking._base_manager.exists()


def test_what_was_sent_is_not_changed_as_a_draft() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    booking = gathered(guest, line(hall))
    sent = send(by=guest.viewer, booking=booking.uid).lines[0]
    for change in (
        lambda: set_dates(
            by=guest.viewer, booking=booking.uid, starts_at=DAY, ends_at=DAY + timedelta(hours=1)
        ),
        lambda: describe(by=guest.viewer, booking=booking.uid, title="Inna"),
        lambda: change_units(by=guest.viewer, line=sent.uid, units=2),
    ):
        with pytest.raises(NotFound):
            change()
    remove_line(by=guest.viewer, line=sent.uid)
    assert fresh(sent).state == "confirmed"


def test_one_set_of_dates_for_everything() -> None:
    owner, guest = make_side(), make_side()
    hall, piano = (make_thing(owner, terms={"at_once": True}) for _ in range(2))
    booking = gathered(guest, line(hall, setup_minutes=60), line(piano, 15, 1))
    begin, end = DAY + timedelta(days=2, hours=9), DAY + timedelta(days=2, hours=20)
    set_dates(by=guest.viewer, booking=booking.uid, starts_at=begin, ends_at=end)
    done = send(by=guest.viewer, booking=booking.uid)
    assert [(one.use_starts_at, one.event_starts_at, one.use_ends_at) for one in done.lines] == [
        (begin - timedelta(hours=1), begin, end),
        (begin, begin, end),
    ]
    assert all(one.local_date == begin.date() for one in done.lines)
    assert claims_of(done.lines[0])[0].span.lower == begin - timedelta(hours=1)


def test_how_many() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=9)
    booking = gathered(guest, line(chairs))
    one = Line.objects.visible_to(SYSTEM).get()
    assert change_units(by=guest.viewer, line=one.uid, units=7).units == 7
    with pytest.raises(Invalid):
        change_units(by=guest.viewer, line=one.uid, units=0)
    assert send(by=guest.viewer, booking=booking.uid).lines[0].units == 7


def test_bad_input_stays_out() -> None:
    owner, guest, stranger = make_side(), make_side(), make_side()
    hall = make_thing(owner)
    with pytest.raises(Invalid):
        add_line(by=guest.viewer, wish=line(hall, hours=0.01))
    booking = gathered(guest, line(hall))
    with pytest.raises(Invalid):
        describe(by=guest.viewer, booking=booking.uid, purpose="a\x00")
    with pytest.raises(Invalid):
        describe(by=guest.viewer, booking=booking.uid, title="a" * 10_000_000)
    with pytest.raises(Invalid):
        set_dates(by=guest.viewer, booking=booking.uid, starts_at=DAY, ends_at=DAY)
    with pytest.raises(NotFound):
        send(by=stranger.viewer, booking=booking.uid)
    describe(by=guest.viewer, booking=booking.uid, title="", purpose="")
    with pytest.raises(Invalid) as refused:
        send(by=guest.viewer, booking=booking.uid)
    assert set(refused.value.errors) == {"title"}
    from dataclasses import replace

    with pytest.raises(Forbidden):
        add_line(by=replace(guest.viewer, acting_for=None), wish=line(hall))


def test_a_whole_draft_thrown_away() -> None:
    owner, guest = make_side(), make_side()
    booking = gathered(guest, line(make_thing(owner)), line(make_thing(owner)))
    act_on_booking(by=guest.viewer, booking=booking.uid, action="withdraw")
    assert state_of(booking) == "withdrawn"
    with pytest.raises(Conflict):
        send(by=guest.viewer, booking=booking.uid)
