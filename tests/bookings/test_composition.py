"""Wholes and parts: a whole's time is that of its leaves, also when it is put together anew under live promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookings.errors import BookingRefused, UnknownResource, WouldHit
from bookings.models import Capacity, Claim, Offer
from bookings.queries.availability import free
from bookings.queries.timeline import timeline
from bookings.services.blocks import remove_block
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.resources import change_units
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden, Invalid
from sharing.models import Resource, ResourcePart

from .stage import (
    DAY,
    NOW,
    ask,
    audited,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    refused,
    state_of,
    states,
)

pytestmark = pytest.mark.django_db

ALL_DAY = Span(DAY, DAY + timedelta(days=1))


def offer_states() -> list[str]:
    return list(Offer.objects.visible_to(SYSTEM).order_by("pk").values_list("state", flat=True))


class Floor:
    """A house with two halls and a foyer that make its ground floor; six microphones; a kit of four of them."""

    def __init__(self) -> None:
        self.owner, self.asker, self.other = make_side("Dom"), make_side("A"), make_side("B")
        at_once = {"at_once": True}
        self.a = make_thing(self.owner, "Sala A", terms=at_once)
        self.b = make_thing(self.owner, "Sala B", terms=at_once)
        self.foyer = make_thing(self.owner, "Foyer", terms=at_once)
        self.floor = make_thing(self.owner, "Parter", terms=at_once)
        self.microphones = make_thing(
            self.owner, "Mikrofony", kind="pooled", units=6, terms=at_once
        )
        self.mixer = make_thing(self.owner, "Mikser", terms=at_once)
        self.kit = make_thing(self.owner, "Zestaw", terms=at_once)

    def make(self, whole: Resource, *parts: tuple[Resource, int]) -> None:
        wishes = [PartWish(part.uid, units) for part, units in parts]
        change_parts(by=self.owner.viewer, resource=whole.uid, parts=wishes)

    def ground_floor(self) -> None:
        self.make(self.floor, (self.a, 1), (self.b, 1), (self.foyer, 1))


@pytest.fixture
def house() -> Floor:
    return Floor()


def test_a_whole_takes_all_its_leaves_and_gives_them_back(house: Floor) -> None:
    house.ground_floor()
    sent = ask(house.asker, line(house.floor, 10, 2))
    assert states(sent.booking) == ["confirmed"]
    assert len(claims_of(sent.lines[0])) == 3
    for part in (house.a, house.b, house.foyer):
        assert codes(refused(house.other, line(part, 11, 1)).reasons) == ["taken"]
    ask(house.other, line(house.a, 12, 1))
    do(house.asker, sent.lines[0], "cancel")
    assert states(ask(house.other, line(house.b, 11, 1)).booking) == ["confirmed"]


def test_a_part_taken_takes_the_whole_and_says_that_it_is_a_part(house: Floor) -> None:
    house.ground_floor()
    ask(house.asker, line(house.b, 10, 2))
    with pytest.raises(BookingRefused) as no:
        ask(house.other, line(house.floor, 11, 3))
    reason = no.value.reasons[0]
    assert reason.code == "taken"
    assert "part" in str(reason.message).lower() or "część" in str(reason.message).lower()
    assert reason.relax == {"starts_at": (DAY + timedelta(hours=12)).isoformat()}
    # The other hall beside it is free.
    assert states(ask(house.other, line(house.a, 10, 2)).booking) == ["confirmed"]


def test_wholes_of_wholes_to_any_depth_and_one_leaf_by_several_ways(house: Floor) -> None:
    house.ground_floor()
    house.make(house.kit, (house.microphones, 4), (house.mixer, 1))
    event = make_thing(house.owner, "Wszystko", terms={"at_once": True})
    house.make(event, (house.floor, 1), (house.kit, 1), (house.microphones, 1))
    sent = ask(house.asker, line(event, 10, 2))
    units = {one.capacity.resource_id: one.units for one in claims_of(sent.lines[0])}
    assert units[house.microphones.pk] == 5  # four by the kit, one besides
    assert units[house.mixer.pk] == units[house.a.pk] == 1
    assert codes(refused(house.other, line(house.microphones, 10, 1, units=2)).reasons) == [
        "not_enough_units"
    ]
    assert codes(refused(house.other, line(house.kit, 10, 1)).reasons) == ["taken"]
    assert states(ask(house.other, line(house.microphones, 10, 1)).booking) == ["confirmed"]


def test_kits_share_a_pool(house: Floor) -> None:
    house.make(house.kit, (house.microphones, 4), (house.mixer, 1))
    ask(house.asker, line(house.microphones, 10, 2, units=2))
    assert states(ask(house.asker, line(house.kit, 11, 1)).booking) == ["confirmed"]
    house2 = ask(house.asker, line(house.microphones, 14, 2, units=3))
    assert states(house2.booking) == ["confirmed"]
    assert codes(refused(house.other, line(house.kit, 15, 3)).reasons) == ["taken"]


def test_availability_timeline_and_check_say_the_same(house: Floor) -> None:
    house.ground_floor()
    ask(house.asker, line(house.a, 10, 2))
    ask(house.asker, line(house.foyer, 11, 3))
    window = Span(DAY + timedelta(hours=8), DAY + timedelta(hours=16))
    got = free([house.floor.pk], window, now=NOW)[house.floor.pk].free
    hours = [
        ((one.span.start - DAY).total_seconds() / 3600, (one.span.end - DAY).total_seconds() / 3600)
        for one in got
    ]
    assert hours == [(8, 10), (14, 16)]
    tiles = timeline([house.floor.pk], window, viewer=house.asker.viewer)[house.floor.pk]
    assert [tile.kind for tile in tiles] == ["free", "taken", "free"]


def test_a_block_on_a_whole_closes_its_parts_and_one_on_a_part_the_whole(house: Floor) -> None:
    house.ground_floor()
    sent = ask(house.asker, line(house.b, 10, 2))
    with pytest.raises(WouldHit) as hit:
        block(house.owner, house.floor, 9, 9)
    assert [one.pk for one in hit.value.lines] == [sent.lines[0].pk]
    made = block(house.owner, house.floor, 9, 9, hit=())
    assert fresh(sent.lines[0]).state == "to_settle"
    assert Claim.objects.filter(block=made).count() == 3
    assert codes(refused(house.other, line(house.foyer, 12, 1)).reasons) == ["taken"]
    remove_block(by=house.owner.viewer, block=made.uid)
    block(house.owner, house.foyer, 9, 9, kind="closure")
    assert codes(refused(house.other, line(house.floor, 12, 1)).reasons) == ["taken"]


def test_put_together_under_live_bookings(house: Floor) -> None:
    """What is promised of the thing as one is claimed of its parts from now on; its past stays where it was."""
    sent = ask(house.asker, line(house.floor, 10, 2))
    running = ask(house.asker, line(house.floor, NOW, 3))
    later = house.owner.at(NOW + timedelta(hours=1))
    wishes = [PartWish(house.a.uid), PartWish(house.b.uid)]
    change_parts(by=later, resource=house.floor.uid, parts=wishes)
    assert {one.capacity.resource_id for one in claims_of(sent.lines[0])} == {
        house.a.pk,
        house.b.pk,
    }
    spans = {
        (one.capacity.resource_id, one.span.lower, one.span.upper)
        for one in claims_of(running.lines[0])
    }
    cut, end = NOW + timedelta(hours=1), NOW + timedelta(hours=3)
    assert spans == {(house.floor.pk, NOW, cut), (house.a.pk, cut, end), (house.b.pk, cut, end)}
    assert Capacity.objects.get(resource=house.floor).size == 0
    # One part more, one less; and back to a thing of its own.
    wishes = [PartWish(house.a.uid), PartWish(house.foyer.uid)]
    change_parts(by=later, resource=house.floor.uid, parts=wishes)
    assert {one.capacity.resource_id for one in claims_of(sent.lines[0])} == {
        house.a.pk,
        house.foyer.pk,
    }
    change_parts(by=later, resource=house.floor.uid, parts=())
    assert {one.capacity.resource_id for one in claims_of(sent.lines[0])} == {house.floor.pk}
    assert Capacity.objects.get(resource=house.floor).size == 1
    assert not ResourcePart.objects.filter(whole=house.floor).exists()


def test_what_stands_in_the_way_is_listed_and_nothing_changes(house: Floor) -> None:
    house.make(house.floor, (house.a, 1))
    whole = ask(house.asker, line(house.floor, 10, 2))
    ask(house.other, line(house.b, 11, 2))
    with pytest.raises(WouldHit) as hit:
        house.make(house.floor, (house.a, 1), (house.b, 1))
    assert [one.pk for one in hit.value.lines] == [whole.lines[0].pk]
    assert [one.capacity.resource_id for one in claims_of(whole.lines[0])] == [house.a.pk]
    assert ResourcePart.objects.filter(whole=house.floor).count() == 1


def test_deeper_changes_reach_the_wholes_above(house: Floor) -> None:
    house.ground_floor()
    all_of_it = make_thing(house.owner, "Dom", terms={"at_once": True})
    house.make(all_of_it, (house.floor, 1))
    sent = ask(house.asker, line(all_of_it, 10, 2))
    garden = make_thing(house.owner, "Ogród")
    house.make(house.floor, (house.a, 1), (garden, 1))
    assert {one.capacity.resource_id for one in claims_of(sent.lines[0])} == {
        house.a.pk,
        garden.pk,
    }


def test_blocks_follow_the_composition(house: Floor) -> None:
    house.ground_floor()
    block(house.owner, house.floor, 9, 9)
    house.make(house.floor, (house.a, 1))
    assert states(ask(house.asker, line(house.b, 10, 1)).booking) == ["confirmed"]
    assert codes(refused(house.asker, line(house.a, 10, 1)).reasons) == ["taken"]


def test_what_cannot_be_a_part(house: Floor) -> None:
    stranger = make_thing(house.other, "Cudza sala")
    seats = make_thing(house.owner, "Warsztat", kind="seated", units=10)
    pool = make_thing(house.owner, "Krzesła", kind="pooled", units=3)
    house.make(house.floor, (house.a, 1))
    for whole, parts in (
        (house.floor, [(stranger, 1)]),
        (house.floor, [(seats, 1)]),
        (house.floor, [(house.floor, 1)]),
        (house.a, [(house.floor, 1)]),
        (house.floor, [(house.a, 1), (house.a, 1)]),
        (house.floor, [(pool, 4)]),
        (house.floor, [(house.a, 2)]),
        (pool, [(house.a, 1)]),
    ):
        with pytest.raises(Invalid):
            house.make(whole, *parts)
    top = make_thing(house.owner, "Góra")
    with pytest.raises(Invalid):  # the hall once by the floor, once by itself
        house.make(top, (house.floor, 1), (house.a, 1))
    with pytest.raises(Forbidden):
        change_parts(by=house.asker.viewer, resource=house.floor.uid, parts=())
    hidden = make_thing(house.owner, "Szkic", state="draft")
    with pytest.raises(UnknownResource):
        change_parts(by=house.asker.viewer, resource=hidden.uid, parts=())


def test_the_database_keeps_parts_and_sizes_apart(house: Floor) -> None:
    house.ground_floor()
    own = Capacity.objects.get(resource=house.floor)
    for wrong in (
        lambda: Capacity.objects.filter(pk=own.pk).update(size=1),
        lambda: ResourcePart.objects.create(whole=house.a, part=house.foyer),
        lambda: ResourcePart.objects.create(whole=house.floor, part=house.floor),
        lambda: (
            Resource.objects.visible_to(house.owner.viewer)
            .filter(pk=house.a.pk)
            .update(kind="pooled")
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_an_answer_claims_of_all_leaves(house: Floor) -> None:
    """The owner's yes takes the same as an instant one; two wholes over one leaf exclude each other."""
    house.a.answering = house.floor.answering = "owner_chooses"
    house.ground_floor()
    upper = make_thing(house.owner, "Piętro i foyer")
    house.make(upper, (house.foyer, 1))
    asked = ask(house.asker, line(upper, 10, 2))
    assert states(asked.booking) == ["asked"]
    do(house.owner, asked.lines[0], "approve")
    assert state_of(asked.booking) == "confirmed"
    assert codes(refused(house.other, line(house.floor, 11, 2)).reasons) == ["taken"]


def test_what_is_only_proposed_of_it_is_off_and_who_waits_has_it_anew() -> None:
    floor = Floor()
    floor.make(floor.kit, (floor.microphones, 4), (floor.mixer, 1))
    taken = ask(floor.other, line(floor.kit, 10)).lines[0]
    ask(floor.asker, line(floor.kit, 10, waiting_list=True))
    do(floor.other, taken, "cancel")
    floor.make(floor.kit, (floor.microphones, 2))
    assert offer_states() == ["withdrawn", "open"]
    assert [(one.cause, one.units) for one in Claim.objects.all()] == [("offer", 2)]
    audited()


def test_nobody_asks_for_more_than_there_is_in_one_request() -> None:
    """Four of the six in the kit and three besides: also where the owner chooses, and holds nothing for anybody."""
    owner, asker = make_side(), make_side()
    microphones = make_thing(owner, kind="pooled", units=6)
    kit = make_thing(owner, "Zestaw")
    change_parts(by=owner.viewer, resource=kit.uid, parts=[PartWish(microphones.uid, 4)])
    with pytest.raises(BookingRefused) as no:
        ask(asker, line(kit), line(microphones, units=3))
    assert [(one.code, one.line, one.relax) for one in no.value.reasons] == [
        ("not_enough_units", 1, {"units": 2})
    ]
    both = ask(asker, line(kit), line(microphones, units=2)).lines
    change_units(by=owner.viewer, resource=microphones.uid, units=5)
    do(owner, both[0], "approve")
    with pytest.raises(BookingRefused):  # what was agreed of the same booking does not give way
        do(owner, both[1], "approve")
    assert states(both[0].booking) == ["accepted", "asked"]
    audited()


def test_there_are_never_fewer_than_a_whole_takes(house: Floor) -> None:
    """However deep: the kit takes four, the stage takes the kit and one more."""
    house.make(house.kit, (house.microphones, 4), (house.mixer, 1))
    house.make(house.floor, (house.kit, 1), (house.microphones, 1))
    for units in (3, 4):
        with pytest.raises(Invalid) as no:
            change_units(by=house.owner.viewer, resource=house.microphones.uid, units=units)
        assert set(no.value.errors) == {"units"}
    change_units(by=house.owner.viewer, resource=house.microphones.uid, units=5)
    assert states(ask(house.asker, line(house.floor)).booking) == ["confirmed"]
    audited()
