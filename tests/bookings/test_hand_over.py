"""What goes out and what comes back is counted, within reason."""

from __future__ import annotations

import pytest

from bookings.services.actions import act
from cooperative.errors import Invalid
from tests.bookings.stage import ask, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def test_nothing_is_not_handed_out_and_no_more_comes_back_than_went() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=30, handover="simple", terms={"at_once": True})
    sent = ask(guest, line(chairs, units=29)).lines[0]
    keeper = owner.at(sent.use_starts_at)
    for units in (0, 30, -1):
        with pytest.raises(Invalid):
            act(by=keeper, line=sent.uid, action="hand_over", units=units)
    assert act(by=keeper, line=sent.uid, action="hand_over", units=20).units_out == 20
    with pytest.raises(Invalid):
        act(by=keeper, line=sent.uid, action="give_back", units=21)
    assert act(by=keeper, line=sent.uid, action="give_back", units=0).state == "returned"
    assert (fresh(sent).units_out, fresh(sent).units_back) == (20, 0)
