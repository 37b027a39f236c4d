"""Who asked for the same and was not chosen hears of it in the same commit, and stays next in line."""

from __future__ import annotations

import pytest

from bookings.queries.rivals import Standing, standings
from bookings.services.composition.parts import PartWish, change_parts
from cooperative.events.models import Event
from sharing.models import SharingTerms
from tests.factories import make_terms

from .stage import ask, do, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def outrun() -> list[str]:
    """The lines told of, in order."""
    rows = Event.objects.filter(verb="booking.outrun").order_by("pk")
    return [one.data["lines"][0]["line"] for one in rows]


def test_the_others_hear_of_it_and_stay_asked() -> None:
    owner, first, second, third = (make_side() for _ in range(4))
    hall = make_thing(owner, answering="owner_chooses")
    chosen = ask(first, line(hall, 10, 2)).lines[0]
    late = ask(second, line(hall, 11, 2)).lines[0]
    apart = ask(third, line(hall, 14, 2)).lines[0]
    do(owner, chosen, "approve")
    assert outrun() == [str(late.uid)]
    assert [fresh(one).state for one in (late, apart)] == ["asked", "asked"]
    event = Event.objects.get(verb="booking.outrun")
    parties = {party.institution_id for party in event.parties.all() if party.institution_id}
    assert parties == {second.house.pk}
    do(owner, chosen, "approve")
    assert len(outrun()) == 1


def test_where_there_is_enough_nobody_is_outrun() -> None:
    owner, first, second, third = (make_side() for _ in range(4))
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=10, answering="owner_chooses")
    one = ask(first, line(chairs, units=4)).lines[0]
    two = ask(second, line(chairs, units=6)).lines[0]
    three = ask(third, line(chairs, units=3)).lines[0]
    do(owner, one, "approve")
    assert outrun() == []
    do(owner, two, "approve")
    assert outrun() == [str(three.uid)]


def test_a_hold_that_gives_way_is_told_too() -> None:
    owner, first, second = (make_side() for _ in range(3))
    hall = make_thing(owner, answering="keep_first")
    held = ask(first, line(hall, 10, 2)).lines[0]
    behind = ask(second, line(hall, 10, 2, second_in_line=True)).lines[0]
    do(owner, behind, "approve")
    assert fresh(held).state == "asked"
    assert outrun() == [str(held.uid)]


def test_who_asked_for_a_part_or_for_the_whole_hears_of_it() -> None:
    owner, first, second, third, fourth = (make_side() for _ in range(5))
    red, blue, floor = (make_thing(owner, name) for name in ("A", "B", "Parter"))
    change_parts(
        by=owner.viewer,
        resource=floor.uid,
        parts=[PartWish(red.uid, 1), PartWish(blue.uid, 1)],
    )
    whole = ask(first, line(floor)).lines[0]
    part = ask(second, line(red)).lines[0]
    other = ask(third, line(blue)).lines[0]
    apart = ask(fourth, line(blue, 16)).lines[0]
    do(owner, part, "approve")
    assert outrun() == [str(whole.uid)]
    do(owner, part, "take_back")
    do(owner, whole, "approve")
    assert outrun() == [str(whole.uid), str(other.uid)]
    assert fresh(apart).state == "asked"


def test_by_which_terms_each_asks() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"horizon_days": 60})
    make_terms(hall, "own", horizon_days=90)
    theirs = ask(guest, line(hall, 10, 2)).lines[0]
    ours = ask(owner, line(hall, 11, 2)).lines[0]
    assert SharingTerms.objects.filter(resource=hall).count() == 2
    lines = [fresh(theirs), fresh(ours)]
    assert standings(lines) == {
        theirs.pk: Standing("cooperative", 0),
        ours.pk: Standing("own", 30),
    }
