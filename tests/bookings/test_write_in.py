"""What came by phone: written in by a keeper, confirmed at once, past or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, UnknownResource
from bookings.models import Booking
from bookings.services.correcting import correct, undo_write_in
from bookings.services.offers import accept_offer, propose
from bookings.services.write_in import WrittenFor, look_at_write_in, write_in
from bookings.wishes import LineWish
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.models import Event
from tests.bookings.stage import (
    DAY,
    NOW,
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
    states,
    wish,
)

pytestmark = pytest.mark.django_db


def written(owner: Side, *lines: LineWish, **fields: Any) -> Booking:
    whom = WrittenFor(**{"name": "Chór Sąsiedzki", **fields})
    return write_in(by=owner.viewer, lender=owner.house.pk, wish=wish(*lines), whom=whom)


def test_written_in_is_confirmed_and_claims() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"notice_minutes": 100 * 1440})
    chairs = make_thing(owner, kind="pooled", units=20)
    booking = written(owner, line(hall), line(chairs, units=15), phone="600 100 200")
    assert (booking.state, states(booking)) == ("confirmed", ["confirmed", "confirmed"])
    assert (booking.borrower_id, booking.outside_name) == (None, "Chór Sąsiedzki")
    told = [len(claims_of(one)) for one in lines_of(booking)]
    assert told == [1, 1]
    with pytest.raises(BookingRefused):
        written(owner, line(hall, 11))
    with pytest.raises(BookingRefused):
        ask(guest, line(chairs, units=6), ask_anyway="")


def test_for_a_member_or_oneself_and_in_the_past() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    booking = written(owner, line(hall, NOW - timedelta(days=3)), name="", borrower=guest.house.pk)
    assert Booking.objects.visible_to(guest.viewer).get().pk == booking.pk
    own = written(owner, line(hall, 14), name="", borrower=owner.house.pk)
    assert own.state == "confirmed"


def test_not_over_what_is_promised_or_kept() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    held = ask(guest, line(hall)).lines[0]
    with pytest.raises(BookingRefused) as refused:
        written(owner, line(hall))
    assert codes(refused.value.reasons) == ["kept_for_another"]
    do(owner, held, "let_go")
    assert written(owner, line(hall)).state == "confirmed"


def test_its_whole_life() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple")
    [one] = lines_of(written(owner, line(mixer)))
    do(owner, one, "hand_over", now=one.use_starts_at)
    do(owner, one, "give_back", now=one.use_ends_at)
    do(owner, one, "complain", now=one.use_ends_at)
    do(owner, one, "resolve", now=one.use_ends_at)
    assert fresh(one).state == "closed"


def test_only_ones_own_and_only_by_keepers() -> None:
    owner, other, staff = make_side(), make_side(), make_side(role="staff")
    theirs, hidden = make_thing(other), make_thing(other, state="draft")
    with pytest.raises(Forbidden):
        written(owner, line(theirs))
    with pytest.raises(UnknownResource):
        written(owner, line(hidden))
    with pytest.raises(Forbidden):
        written(staff, line(make_thing(staff)))
    with pytest.raises(Forbidden):
        write_in(
            by=owner.viewer,
            lender=other.house.pk,
            wish=wish(line(theirs)),
            whom=WrittenFor(name="Ktoś"),
        )


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": ""}, "outside_name"),
        ({"name": "  "}, "outside_name"),
        ({"name": "a" * 201}, "outside_name"),
        ({"name": "a\x00b"}, "outside_name"),
        ({"phone": "\ud83d"}, "outside_phone"),
        ({"phone": "1" * 41}, "outside_phone"),
        ({"email": "a\x00@b.example"}, "outside_email"),
        ({"email": "a" * 300}, "outside_email"),
        ({"email": "not an address"}, "outside_email"),
    ],
    ids=str,
)
def test_bad_input(fields: dict[str, str], where: str) -> None:
    owner = make_side()
    hall = make_thing(owner)
    with pytest.raises(Invalid) as refused:
        written(owner, line(hall), **fields)
    assert set(refused.value.errors) == {where}
    assert not Booking._base_manager.exists()
    assert DAY > NOW


def test_it_keeps_who_entered_it_and_how_it_came() -> None:
    owner = make_side()
    booking = written(owner, line(make_thing(owner)), came_by="letter")
    kept = (booking.entered_by_id, booking.entered_for_id, booking.came_by)
    assert kept == (owner.person.pk, owner.house.pk, "letter")
    with pytest.raises(Invalid) as refused:
        written(owner, line(make_thing(owner)), came_by="pigeon")
    assert set(refused.value.errors) == {"came_by"}


def test_who_has_the_time_and_what_else_is_free() -> None:
    owner, guest = make_side(), make_side()
    hall, small = make_thing(owner, "Sala"), make_thing(owner, "Mała sala")
    make_thing(make_side(), "Cudza sala")
    [taken] = ask(guest, line(hall)).lines
    do(owner, taken, "approve")
    looked = look_at_write_in(by=owner.viewer, lender=owner.house.pk, wish=wish(line(hall)))
    assert (looked.check.possible, set(looked.in_way.lines)) == (False, {taken.pk})
    kinds = [option.kind for option in looked.options]
    assert kinds == ["other_time", "other_time", "other_time", "like_resource"]
    assert looked.options[-1].resource == small.uid
    free = look_at_write_in(by=owner.viewer, lender=owner.house.pk, wish=wish(line(small)))
    assert (free.check.possible, free.options, free.in_way.lines) == (True, (), {})


def test_fewer_are_offered_where_some_are_free() -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=20)
    written(owner, line(chairs, units=15))
    looked = look_at_write_in(
        by=owner.viewer, lender=owner.house.pk, wish=wish(line(chairs, units=10))
    )
    assert [one.units for one in looked.options if one.kind == "fewer_units"] == [5]


def test_it_is_undone_within_the_hour_and_then_no_more() -> None:
    owner, other, staff = make_side(), make_side(), make_side(role="staff")
    hall = make_thing(owner)
    booking = written(owner, line(hall), line(hall, 14))
    colleague = make_side(house=owner.house, role="staff")
    with pytest.raises(NotFound):
        undo_write_in(by=other.viewer, booking=booking.uid)
    with pytest.raises(Forbidden):
        undo_write_in(by=colleague.viewer, booking=booking.uid)
    with pytest.raises(Forbidden):
        undo_write_in(by=owner.at(NOW + timedelta(hours=1)), booking=booking.uid)
    for _again in range(2):
        undo_write_in(by=owner.viewer, booking=booking.uid)
        assert states(booking) == ["cancelled", "cancelled"]
    events = Event.objects.filter(subject_uid=booking.uid).order_by("id")
    assert list(events.values_list("verb", flat=True)) == ["booking.write_in", "booking.take_back"]
    asked = ask(staff, line(hall)).booking
    with pytest.raises(Forbidden):
        undo_write_in(by=owner.viewer, booking=asked.uid)


def test_what_has_gone_out_is_not_undone() -> None:
    owner = make_side()
    booking = written(owner, line(make_thing(owner, handover="simple"), NOW))
    do(owner, lines_of(booking)[0], "hand_over")
    with pytest.raises(Conflict):
        undo_write_in(by=owner.viewer, booking=booking.uid)
    assert states(booking) == ["handed_over"]


def test_the_keeper_corrects_somebody_outside() -> None:
    owner, other = make_side(), make_side()
    booking = written(owner, line(make_thing(owner)), phone="1")
    found = correct(
        by=owner.viewer, booking=booking.uid, version=1, outside_phone=" 2 ", title="Inny tytuł"
    )
    assert (found.outside_phone, found.title, found.outside_name, found.version) == (
        "2",
        "Inny tytuł",
        "Chór Sąsiedzki",
        2,
    )
    event = Event.objects.get(verb="booking.correct")
    assert event.data == {"state": "confirmed", "fields": ["outside_phone", "title"]}
    again = correct(by=owner.viewer, booking=booking.uid, outside_phone="2")
    assert (again.version, Event.objects.filter(verb="booking.correct").count()) == (2, 1)
    with pytest.raises(Stale):
        correct(by=owner.viewer, booking=booking.uid, version=1, title="x")
    with pytest.raises(NotFound):
        correct(by=other.viewer, booking=booking.uid, title="x")


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"outside_name": " "}, "outside_name"),
        ({"outside_email": "x"}, "outside_email"),
        ({"came_by": "pigeon"}, "came_by"),
        ({"title": ""}, "title"),
        ({"remarks": "a\x00"}, "remarks"),
        ({"state": "closed"}, "state"),
    ],
    ids=str,
)
def test_a_correction_is_checked(fields: dict[str, Any], where: str) -> None:
    owner = make_side()
    booking = written(owner, line(make_thing(owner)))
    with pytest.raises(Invalid) as refused:
        correct(by=owner.viewer, booking=booking.uid, **fields)
    assert set(refused.value.errors) == {where}
    assert not Event.objects.filter(verb="booking.correct").exists()


def test_a_named_member_corrects_proposes_and_cancels() -> None:
    owner, guest = make_side(), make_side(role="staff")
    hall = make_thing(owner)
    booking = written(owner, line(hall), name="", borrower=guest.house.pk)
    [one] = lines_of(booking)
    correct(by=guest.viewer, booking=booking.uid, title="Nasza próba", responsible_phone="600")
    with pytest.raises(Forbidden):
        correct(by=owner.viewer, booking=booking.uid, title="x")
    with pytest.raises(Invalid):
        correct(by=guest.viewer, booking=booking.uid, outside_phone="1")
    proposed = propose(by=guest.viewer, line=one.uid, wish=line(hall, 14))
    assert proposed.offer is not None
    accept_offer(by=owner.viewer, offer=proposed.offer.uid)
    assert fresh(one).use_starts_at == DAY + timedelta(hours=14)
    do(guest, one, "cancel")
    assert states(booking) == ["cancelled"]
    with pytest.raises(Conflict):
        correct(by=guest.viewer, booking=booking.uid, title="x")
