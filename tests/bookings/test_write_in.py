"""What came by phone: written in by a keeper, confirmed at once, past or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, UnknownResource
from bookings.models import Booking
from bookings.services.write_in import WrittenFor, write_in
from bookings.wishes import LineWish
from cooperative.errors import Forbidden, Invalid
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
