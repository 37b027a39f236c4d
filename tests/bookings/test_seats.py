"""Who comes: names on the seats of a line, one place given back, and all of it forgotten a month later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.models import Line, Offer, Seat, SeatedSession
from bookings.queries.dates import date_for
from bookings.queries.seats import parties_of, seats_of, tag_of_seats
from bookings.services.request.stored import Requested
from bookings.services.seats import (
    ERASED_AFTER,
    SAID,
    SeatWish,
    drop_seat,
    erase_seats,
    set_seat,
    set_seats,
)
from bookings.services.sessions import add_session, cancel_session
from cooperative.access.querysets import SYSTEM, NoViewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.models import Event
from notifications.models import Delivery
from notifications.services.relay import relay_all
from sharing.models import Resource

from .stage import DAY, NOW, Side, ask, claims_of, do, fresh, line, make_side, make_thing, state_of

pytestmark = pytest.mark.django_db


class Workshop:
    """Ten seats on `DAY` at ten (UTC); a school has four of them."""

    def __init__(self, **terms: Any) -> None:
        self.owner, self.school = make_side("Dom"), make_side("Szkoła")
        self.thing: Resource = make_thing(
            self.owner, "Warsztat", kind="seated", units=10, terms={"at_once": True, **terms}
        )
        self.session: SeatedSession = add_session(
            by=self.owner.viewer,
            resource=self.thing.uid,
            starts_at=DAY + timedelta(hours=10),
            ends_at=DAY + timedelta(hours=12),
        )
        self.sent: Requested = ask(self.school, line(self.thing, 10, 2, units=4))

    @property
    def line(self) -> Line:
        return fresh(self.sent.lines[0])

    @property
    def seats(self) -> list[Seat]:
        return seats_of([self.line], viewer=self.school.viewer)[self.line.pk]

    @property
    def left(self) -> int:
        return date_for(self.owner.viewer, self.session.uid).left

    def name(self, side: Side, position: int, name: str, **more: str) -> Seat:
        return set_seat(by=side.viewer, line=self.line.uid, position=position, name=name, **more)


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


def names(seats: list[Seat]) -> list[str]:
    return [seat.name for seat in seats]


def test_a_line_has_a_seat_for_each_place_from_the_moment_it_is_sent(workshop: Workshop) -> None:
    assert [seat.position for seat in workshop.seats] == [0, 1, 2, 3]
    hall = make_thing(workshop.owner, "Sala", terms={"at_once": True})
    plain = ask(workshop.school, line(hall)).lines[0]
    assert not Seat.objects.visible_to(SYSTEM).filter(line=plain.pk).exists()


def test_both_sides_write_and_read_names_and_nobody_else(workshop: Workshop) -> None:
    workshop.name(workshop.school, 0, "Ola", email="ola@szkola.example", access_needs="wózek")
    workshop.name(workshop.owner, 1, " Jan ", language="uk", food_needs="bez orzechów")
    seats = workshop.seats
    assert names(seats) == ["Ola", "Jan", "", ""]
    assert (seats[0].access_needs, seats[1].food_needs) == ("wózek", "bez orzechów")
    staff = make_side(role="staff", house=workshop.owner.house)
    with pytest.raises(Forbidden):
        workshop.name(staff, 2, "Ewa")
    with pytest.raises(NotFound):
        workshop.name(make_side("Obcy"), 2, "Ewa")
    assert not Seat.objects.visible_to(make_side("Obcy").viewer).exists()
    with pytest.raises(NoViewer):
        list(Seat.objects.all())


def test_a_whole_list_is_saved_from_the_one_that_was_read(workshop: Workshop) -> None:
    tag = tag_of_seats(workshop.seats)
    wishes = [SeatWish(0, "Ola"), SeatWish(2, "Jan")]
    set_seats(by=workshop.school.viewer, line=workshop.line.uid, seats=wishes, seen=tag)
    assert names(workshop.seats) == ["Ola", "", "Jan", ""]
    with pytest.raises(Stale):
        set_seats(by=workshop.school.viewer, line=workshop.line.uid, seats=(), seen=tag)
    now = tag_of_seats(workshop.seats)
    set_seats(
        by=workshop.owner.viewer, line=workshop.line.uid, seats=[SeatWish(1, "Ewa")], seen=now
    )
    assert names(workshop.seats) == ["", "Ewa", "", ""]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (SeatWish(4, "Ola"), "seats.0.position"),
        (SeatWish(0, "x" * 201), "seats.0.name"),
        (SeatWish(0, "a\x00b"), "seats.0.name"),
        (SeatWish(0, "Ola", email="ola"), "seats.0.email"),
        (SeatWish(0, "Ola", language="xx"), "seats.0.language"),
        (SeatWish(0, "Ola", food_needs="x" * 501), "seats.0.food_needs"),
    ],
)
def test_what_cannot_be_meant(workshop: Workshop, wish: SeatWish, field: str) -> None:
    with pytest.raises(Invalid) as no:
        set_seats(by=workshop.school.viewer, line=workshop.line.uid, seats=[wish])
    assert list(no.value.errors) == [field]
    assert names(workshop.seats) == ["", "", "", ""]


def test_nobody_is_named_twice_for_one_place(workshop: Workshop) -> None:
    twice = [SeatWish(0, "Ola"), SeatWish(0, "Ewa")]
    with pytest.raises(Invalid) as no:
        set_seats(by=workshop.school.viewer, line=workshop.line.uid, seats=twice)
    assert list(no.value.errors) == ["seats.1.position"]


def test_nobody_is_named_for_what_has_no_places_or_was_called_off(workshop: Workshop) -> None:
    hall = make_thing(workshop.owner, "Sala", terms={"at_once": True})
    plain = ask(workshop.school, line(hall)).lines[0]
    with pytest.raises(Invalid):
        set_seat(by=workshop.school.viewer, line=plain.uid, position=0, name="Ola")
    do(workshop.school, workshop.line, "cancel")
    with pytest.raises(Conflict):
        workshop.name(workshop.school, 0, "Ola")


def test_one_place_is_given_back_and_the_rest_stays(workshop: Workshop) -> None:
    workshop.name(workshop.school, 1, "Jan")
    dropped = workshop.seats[1]
    assert workshop.left == 6
    for _again in range(2):
        drop_seat(by=workshop.school.viewer, seat=dropped.uid)
        assert (workshop.line.units, workshop.line.state, workshop.left) == (3, "confirmed", 7)
    assert [one.units for one in claims_of(workshop.line)] == [3]
    assert [seat.position for seat in workshop.seats] == [0, 2, 3]
    with pytest.raises(Invalid):
        workshop.name(workshop.school, 1, "Ewa")
    party = parties_of(workshop.session, viewer=workshop.owner.viewer)[0]
    assert (len(party.seats), names(list(party.given_back))) == (3, ["Jan"])
    assert ask(make_side("B"), line(workshop.thing, 10, 2, units=7)).booking.state == "confirmed"


def test_who_waits_for_a_place_is_offered_the_one_given_back(workshop: Workshop) -> None:
    ask(make_side("B"), line(workshop.thing, 10, 2, units=6))
    waiting = ask(make_side("C"), line(workshop.thing, 10, 2, waiting_list=True)).lines[0]
    assert fresh(waiting).state == "asked"
    drop_seat(by=workshop.school.viewer, seat=workshop.seats[0].uid)
    offer = Offer.objects.visible_to(SYSTEM).get(line=waiting.pk)
    assert (offer.state, offer.units, workshop.left) == ("open", 1, 0)


def test_the_other_side_is_told_of_a_place_given_back(workshop: Workshop) -> None:
    relay_all(now=NOW)
    before = Delivery.objects.count()
    drop_seat(by=workshop.school.viewer, seat=workshop.seats[0].uid)
    drop_seat(by=workshop.owner.viewer, seat=workshop.seats[0].uid)
    relay_all(now=NOW)
    told = Delivery.objects.order_by("id").values_list("message", "person")[before:]
    assert list(told) == [
        ("seat_dropped", workshop.owner.person.pk),
        ("seat_dropped", workshop.school.person.pk),
    ]


def test_the_last_place_is_a_booking_to_cancel(workshop: Workshop) -> None:
    for _place in range(3):
        drop_seat(by=workshop.school.viewer, seat=workshop.seats[0].uid)
    with pytest.raises(Conflict) as no:
        drop_seat(by=workshop.school.viewer, seat=workshop.seats[0].uid)
    assert no.value.code == "last_seat"
    assert (workshop.line.units, workshop.left) == (1, 9)


def test_places_are_given_back_while_it_may_still_be_and_by_whom_it_concerns(
    workshop: Workshop,
) -> None:
    seat = workshop.seats[0]
    with pytest.raises(NotFound):
        drop_seat(by=make_side("Obcy").viewer, seat=seat.uid)
    staff = make_side(role="staff", house=workshop.owner.house)
    with pytest.raises(Forbidden):
        drop_seat(by=staff.viewer, seat=seat.uid)
    cancel_session(by=workshop.owner.viewer, session=workshop.session.uid, confirmed=True)
    drop_seat(by=workshop.school.viewer, seat=seat.uid)  # to be settled: fewer to be settled
    assert (workshop.line.units, workshop.line.state) == (3, "to_settle")
    do(workshop.school, workshop.line, "cancel")
    with pytest.raises(Conflict):
        drop_seat(by=workshop.school.viewer, seat=workshop.seats[0].uid)


def test_a_request_that_waits_has_its_places_too(workshop: Workshop) -> None:
    thing = make_thing(workshop.owner, "Wizyta", kind="seated", units=5)
    session = add_session(
        by=workshop.owner.viewer,
        resource=thing.uid,
        starts_at=DAY + timedelta(hours=10),
        ends_at=DAY + timedelta(hours=12),
    )
    asked = ask(workshop.school, line(thing, 10, 2, units=3))
    seats = seats_of(asked.lines, viewer=workshop.school.viewer)[asked.lines[0].pk]
    drop_seat(by=workshop.school.viewer, seat=seats[2].uid)
    do(workshop.owner, asked.lines[0], "approve")
    assert state_of(asked.booking) == "confirmed"
    assert [one.units for one in claims_of(asked.lines[0])] == [2]
    assert len(parties_of(session, viewer=workshop.owner.viewer)[0].seats) == 2
    assert parties_of(session, viewer=workshop.school.viewer) == []


def test_a_line_that_grew_has_more_seats_as_soon_as_somebody_writes(workshop: Workshop) -> None:
    Line.objects.visible_to(SYSTEM).filter(pk=workshop.line.pk).update(units=6)
    assert len(workshop.seats) == 4
    workshop.name(workshop.school, 0, "Ola")
    assert [seat.position for seat in workshop.seats] == [0, 1, 2, 3, 4, 5]


def test_names_and_needs_are_erased_thirty_days_after(workshop: Workshop) -> None:
    workshop.name(workshop.school, 0, "Ola", email="ola@szkola.example", access_needs="wózek")
    workshop.name(workshop.school, 1, "Jan")
    drop_seat(by=workshop.school.viewer, seat=workshop.seats[1].uid)
    end = DAY + timedelta(hours=12)
    assert erase_seats(now=end + ERASED_AFTER - timedelta(minutes=1)) == 0
    later = end + ERASED_AFTER
    assert erase_seats(now=later) == 4
    assert erase_seats(now=later) == 0
    for seat in Seat.objects.visible_to(SYSTEM).filter(line=workshop.line):
        assert seat.erased_at == later
        assert [getattr(seat, name) for name in SAID] == [""] * len(SAID)
    with pytest.raises(Conflict):
        set_seat(by=workshop.school.at(later), line=workshop.line.uid, position=0, name="Ola")


def test_the_log_tells_what_happened_and_names_nobody(workshop: Workshop) -> None:
    workshop.name(workshop.school, 0, "Ola Kowalska", food_needs="bez orzechów")
    drop_seat(by=workshop.school.viewer, seat=workshop.seats[1].uid)
    erase_seats(now=DAY + timedelta(hours=12) + ERASED_AFTER)
    events = Event.objects.filter(subject_uid=workshop.sent.booking.uid).order_by("id")
    assert list(events.values_list("verb", flat=True)) == [
        "booking.send",
        "booking.name_seats",
        "booking.drop_seat",
        "booking.erase_seats",
    ]
    assert not [one for one in events if "Ola" in str(one.data) or "orzech" in str(one.data)]
    workshop_lines = [one.data["lines"][0]["line"] for one in events]
    assert set(workshop_lines) == {str(workshop.line.uid)}
