"""What is lost is there for nobody, until its owner finds it or counts fewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Block, Claim, Line
from bookings.queries.availability import free
from bookings.services.blocks import add_block, move_block, remove_block
from bookings.services.resources import change_units
from bookings.spans import Span
from cooperative.errors import Conflict
from cooperative.events.models import Event
from sharing.models import Resource
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
)

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
LATER = DAY + 11 * H
"""When it turns out."""


def chairs_of(owner: Side, units: int = 10) -> Resource:
    return make_thing(owner, kind="pooled", units=units, handover="simple", terms={"at_once": True})


def handed_out(owner: Side, thing: Resource, units: int = 1) -> Line:
    out = ask(make_side(), line(thing, 10, 4, units=units)).lines[0]
    return do(owner, out, "hand_over", now=out.use_starts_at)


def free_after(thing: Resource, days: int) -> int:
    at = LATER + timedelta(days=days)
    return free([thing.pk], Span(at, at + H), now=NOW)[thing.pk].units_during(Span(at, at + H))


def test_a_lost_thing_is_nobodys_until_it_is_found() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    booked = ask(make_side(), line(mixer, DAY + timedelta(days=20))).lines[0]
    out = handed_out(owner, mixer)
    do(owner, out, "lost", now=LATER)
    assert (fresh(out).state, fresh(out).units_back) == ("lost", 0)
    assert fresh(booked).state == "to_settle"
    block = Block.objects.get()
    assert (block.kind, block.units, block.title) == ("lost", 1, "")
    assert (block.starts_at, block.ends_at) == (LATER, LATER + timedelta(days=800))
    assert [free_after(mixer, days) for days in (0, 30, 799, 800)] == [0, 0, 0, 1]
    with pytest.raises(BookingRefused) as refused:
        ask(make_side(), line(mixer, DAY + timedelta(days=30)))
    assert codes(refused.value.reasons) == ["taken"]
    verbs = Event.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["booking.lost", "booking.hit", "block.add"]
    remove_block(by=owner.at(LATER + H), block=block.uid)
    assert free_after(mixer, 30) == 1


def test_only_as_many_are_lost_as_are_missing() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    some = ask(make_side(), line(chairs, DAY + timedelta(days=5), units=8)).lines[0]
    do(owner, handed_out(owner, chairs, 6), "lost", units=4, now=LATER)
    assert (Block.objects.get().units, fresh(some).state) == (2, "confirmed")
    assert [free_after(chairs, days) for days in (0, 30)] == [8, 8]
    do(owner, handed_out(owner, chairs, 2), "lost", units=2, now=LATER)  # all of them turned up
    assert Block.objects.count() == 1


def test_what_is_promised_of_the_rest_gives_way_where_it_no_longer_fits() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    first, second = (
        ask(make_side(), line(chairs, DAY + timedelta(days=5), units=units)).lines[0]
        for units in (4, 5)
    )
    do(owner, handed_out(owner, chairs, 3), "lost", now=LATER)
    assert [fresh(one).state for one in (first, second)] == ["confirmed", "to_settle"]


def test_said_again_it_is_lost_once() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    out = handed_out(owner, chairs, 3)
    for _click in range(2):
        do(owner, out, "lost", now=LATER)
    assert Block.objects.count() == 1
    with pytest.raises(Conflict):
        do(owner, out, "give_back", now=LATER)


def test_own_use_stays_beside_what_is_lost_and_leaves_it_its_time() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    begin = DAY + timedelta(days=5)
    own = add_block(by=owner.viewer, resource=mixer.uid, starts_at=begin, ends_at=begin + 2 * H)
    do(owner, handed_out(owner, mixer), "lost", now=LATER)
    lost = Block.objects.get(kind="lost")
    spans = Claim.objects.filter(block=lost).order_by("span").values_list("span", flat=True)
    assert [(one.lower, one.upper) for one in spans] == [
        (LATER, begin),
        (begin + 2 * H, LATER + timedelta(days=800)),
    ]
    remove_block(by=owner.viewer, block=own.uid)
    [claim] = Claim.objects.filter(block=lost)
    assert (claim.span.lower, claim.span.upper) == (LATER, LATER + timedelta(days=800))


def test_its_owner_may_say_from_when_there_is_one_again() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    do(owner, handed_out(owner, mixer), "lost", now=LATER)
    lost = Block.objects.get()
    for days in (700, 20):
        move_block(
            by=owner.viewer,
            block=lost.uid,
            starts_at=LATER,
            ends_at=LATER + timedelta(days=days),
            title="Zginął w pociągu",
        )
        assert [free_after(mixer, at) for at in (days - 1, days)] == [0, 1]


def test_what_is_given_away_is_not_missed() -> None:
    owner = make_side()
    boards = make_thing(
        owner, kind="giveaway", units=10, handover="simple", terms={"at_once": True}
    )
    do(owner, handed_out(owner, boards, 4), "lost", now=LATER)
    assert not Block.objects.exists()
    assert free_after(boards, 5) == 6


@pytest.mark.parametrize(
    ("units", "left", "free_then"),
    [(9, [1, 3], 5), (8, [3], 5), (6, [1], 5), (5, [], 5), (4, [], 4)],
)
def test_fewer_are_counted_and_the_loss_goes_with_it(
    units: int, left: list[int], free_then: int
) -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    for missing in (2, 3):
        do(owner, handed_out(owner, chairs, missing), "lost", now=LATER)
    assert free_after(chairs, 5) == 5
    change_units(by=owner.at(LATER + H), resource=chairs.uid, units=units)
    assert [block.units for block in Block.objects.order_by("pk")] == left
    assert free_after(chairs, 5) == free_then


def test_fewer_than_are_promised_beside_the_loss_are_refused_as_ever() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    booked = ask(make_side(), line(chairs, DAY + timedelta(days=5), units=6)).lines[0]
    do(owner, handed_out(owner, chairs, 3), "lost", now=LATER)
    with pytest.raises(WouldHit) as told:
        change_units(by=owner.at(LATER + H), resource=chairs.uid, units=5)
    assert [one.pk for one in told.value.lines] == [booked.pk]
    assert (Block.objects.get().units, free_after(chairs, 30)) == (3, 7)
    more: dict[str, Any] = {"resource": chairs.uid, "by": owner.at(LATER + H)}
    change_units(**more, units=12)
    assert (Block.objects.get().units, free_after(chairs, 30)) == (3, 9)
