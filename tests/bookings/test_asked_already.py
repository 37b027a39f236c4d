"""The same sent again by a form: told, with the request there is, and let through where it is meant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused
from bookings.models import Claim
from bookings.services.request.checking import check_booking
from bookings.services.request.stored import Requested
from bookings.services.write_in import WrittenFor, write_in
from bookings.wishes import LineWish
from tests.bookings import stage
from tests.bookings.stage import (
    Side,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    wish,
)

pytestmark = pytest.mark.django_db
POOL: dict[str, Any] = {"kind": "pooled", "units": 100}


def ask(side: Side, *lines: LineWish, **fields: Any) -> Requested:
    """As a form asks."""
    return stage.ask(side, *lines, **{"once": True, **fields})


def told(side: Side, *lines: LineWish, **fields: Any) -> list[Any]:
    with pytest.raises(BookingRefused) as refused:
        ask(side, *lines, **fields)
    return list(refused.value.reasons)


@pytest.mark.parametrize("answering", ["owner_chooses", "keep_first"])
def test_the_same_again_names_the_request_there_is(answering: str) -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, answering=answering, **POOL)
    first = ask(guest, line(chairs, units=10))
    [reason] = told(guest, line(chairs, units=10))
    assert (reason.code, reason.kind, reason.waivable) == ("asked_already", "rule", True)
    assert reason.values == {"booking": str(first.booking.uid)}
    check = check_booking(
        by=guest.viewer, institution=guest.house.pk, wish=wish(line(chairs, units=10), once=True)
    )
    assert (codes(check.reasons), check.waivable) == (["asked_already"], True)


def test_meant_it_goes_to_the_owner_and_claims_nothing() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, terms={"at_once": True, "ask_anyway": False}, **POOL)
    ask(guest, line(chairs, units=10))
    again = ask(guest, line(chairs, units=10), ask_anyway="Drugie tyle").lines[0]
    assert (again.state, again.waived) == ("asked", ["asked_already"])
    assert Claim.objects.count() == 1
    do(owner, again, "approve")
    assert fresh(again).state == "confirmed"


def test_of_one_at_a_time_it_is_told_beside_the_fact() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    ask(guest, line(hall))
    assert codes(told(guest, line(hall), ask_anyway="proszę")) == ["asked_already", "taken"]
    assert codes(told(rival, line(hall))) == ["taken"]
    kept = make_thing(owner, answering="keep_first")
    ask(guest, line(kept))
    assert codes(told(guest, line(kept))) == ["asked_already", "kept_for_another"]


def test_another_time_thing_number_or_institution_is_another_wish() -> None:
    owner, guest = make_side(), make_side()
    chairs, tables = make_thing(owner, **POOL), make_thing(owner, "Stoły", **POOL)
    ask(guest, line(chairs, 10))
    for other in (line(chairs, 11), line(chairs, 10, 3), line(tables, 10)):
        assert ask(guest, other).lines
    assert ask(make_side(), line(chairs, 10)).lines
    assert ask(guest, line(chairs, 10, units=2)).lines
    # The use counts, set-up and strike included.
    assert codes(told(guest, line(chairs, 10.5, 1, setup_minutes=30, strike_minutes=30))) == [
        "asked_already"
    ]


def test_who_does_not_ask_for_once_may_ask_twice() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, **POOL)
    for _time in range(2):
        assert ask(guest, line(chairs), once=False).lines[0].state == "asked"


def test_twice_in_one_request_is_meant() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, **POOL)
    assert len(ask(guest, line(chairs, units=10), line(chairs, units=5)).lines) == 2


@pytest.mark.parametrize("over", ["decline", "withdraw", "cancel", "take_back"])
def test_what_came_to_nothing_may_be_asked_again(over: str) -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, **POOL)
    first = ask(guest, line(chairs)).lines[0]
    if over in {"cancel", "take_back"}:
        do(owner, first, "approve")
        assert codes(told(guest, line(chairs))) == ["asked_already"]
    do(guest if over in {"withdraw", "cancel"} else owner, first, over)
    assert ask(guest, line(chairs)).lines[0].state == "asked"


def test_a_line_of_many_is_left_out_and_the_rest_goes() -> None:
    owner, guest = make_side(), make_side()
    chairs, tables = make_thing(owner, **POOL), make_thing(owner, "Stoły", **POOL)
    ask(guest, line(chairs))
    assert [reason.line for reason in told(guest, line(tables), line(chairs))] == [1]
    part = ask(guest, line(tables), line(chairs), all_or_nothing=False)
    assert [(one.index, codes(one.reasons)) for one in part.refused] == [(1, ["asked_already"])]


def test_a_keeper_writes_in_as_often_as_the_phone_rings() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, **POOL)
    ask(guest, line(chairs))
    for _call in range(2):
        assert write_in(
            by=owner.viewer,
            lender=owner.house.pk,
            wish=wish(line(chairs)),
            whom=WrittenFor(borrower=guest.house.pk),
        ).pk


def test_what_is_no_longer_kept_is_still_asked() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, answering="keep_first", **POOL)
    held = ask(guest, line(chairs)).lines[0]
    assert held.expires_at is not None
    with pytest.raises(BookingRefused) as refused:
        ask(guest, line(chairs), now=held.expires_at + timedelta(minutes=1))
    assert codes(refused.value.reasons) == ["asked_already"]
