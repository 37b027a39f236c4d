"""What the borrower does to all lines of a booking at once."""

from __future__ import annotations

import pytest

from bookings.services.actions import act_on_booking
from cooperative.errors import Conflict
from tests.bookings.stage import ask, do, fresh, line, make_side, make_thing, states

pytestmark = pytest.mark.django_db


def test_a_part_that_ran_out_meanwhile_can_no_longer_be_completed() -> None:
    one, two, guest = make_side(), make_side(), make_side()
    sent = ask(guest, line(make_thing(one)), line(make_thing(two, "Krzesła")))
    do(one, sent.lines[0], "approve")
    until = fresh(sent.lines[0]).expires_at
    assert until is not None
    with pytest.raises(Conflict):
        act_on_booking(by=guest.at(until), booking=sent.booking.uid, action="complete")


def test_a_part_that_still_holds_is_completed_and_again_does_no_harm() -> None:
    one, two, guest = make_side(), make_side(), make_side()
    sent = ask(guest, line(make_thing(one)), line(make_thing(two, "Krzesła")))
    do(one, sent.lines[0], "approve")
    for _click in range(2):
        act_on_booking(by=guest.viewer, booking=sent.booking.uid, action="complete")
        assert states(sent.booking) == ["confirmed", "withdrawn"]
