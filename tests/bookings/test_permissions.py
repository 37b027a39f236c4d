"""What is offered and told besides the table; the grid of actions, states and roles is in `test_grid.py`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.permissions import allowed_actions
from bookings.services.actions import act
from bookings.states import LineState
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from tests.bookings.scenery import stand
from tests.bookings.stage import Side, ask, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Side:
    return make_side("Lender")


def everybody(owner: Side) -> Viewer:
    """Nobody may more than this."""
    return Viewer(now=owner.viewer.now, system=True)


def test_an_action_that_is_none_is_not_found(owner: Side) -> None:
    one = ask(make_side(), line(make_thing(owner))).lines[0]
    for action in ("send", "write_in", "expire", "", "approve "):
        with pytest.raises(NotFound):
            act(by=owner.viewer, line=one.uid, action=action)


@pytest.mark.parametrize("state", LineState)
def test_what_is_not_handed_over_is_never_offered_to_be_handed_over(
    owner: Side, state: LineState
) -> None:
    guest = make_side().house
    told = []
    for handover in ("simple", "none"):
        thing = make_thing(owner, handover=handover)
        one = fresh(stand(state, thing, guest, another=make_thing(owner)))
        told.append(set(allowed_actions(one, one.booking, everybody(owner))))
    assert told[0] - told[1] == told[0] & {"hand_over", "give_back", "overdue", "lost"}


def test_going_ahead_with_a_part_is_offered_where_all_waits_for_all(owner: Side) -> None:
    guest = make_side()
    one = fresh(
        stand(LineState.ACCEPTED, make_thing(owner), guest.house, another=make_thing(owner))
    )
    assert "complete" in allowed_actions(one, one.booking, guest.viewer)
    one.booking.all_or_nothing = False
    assert "complete" not in allowed_actions(one, one.booking, guest.viewer)


def test_what_no_longer_fits_is_refused_with_reasons(owner: Side) -> None:
    one = ask(make_side(), line(make_thing(owner))).lines[0]
    with pytest.raises(BookingRefused) as refused:
        act(by=owner.at(one.use_ends_at + timedelta(minutes=1)), line=one.uid, action="approve")
    assert [reason.code for reason in refused.value.reasons] == ["in_the_past"]
