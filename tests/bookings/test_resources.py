"""More or fewer of a thing, and its withdrawal, against what is promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bookings.errors import UnknownResource, WouldHit
from bookings.models import Capacity
from bookings.services.resources import change_units, withdraw_resource
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
