"""What comes only with something else is asked for, answered and given back with it; its owner may do without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import Line
from bookings.periods import Wanted
from bookings.services.blocks import remove_block
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.drafts import add_line, send
from bookings.services.offers import accept_offer, propose
from bookings.services.request.checking import check_booking
from bookings.services.write_in import WrittenFor, write_in
from cooperative.errors import Conflict, Forbidden, Invalid
from sharing.models import Resource

from .stage import (
    DAY,
    NOW,
    Side,
    ask,
    audited,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    state_of,
    states,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def asker() -> Side:
    return make_side("A")


@pytest.fixture
def technician(owner: Side) -> Resource:
    """Nobody else may see her: she is listed for the house alone."""
    return make_thing(owner, "Technik", state="draft")


def make_hall(owner: Side, technician: Resource, **fields: object) -> Resource:
    hall = make_thing(owner, "Duża Scena", **fields)
    only_with(owner, hall, technician)
    return hall


@pytest.fixture
def hall(owner: Side, technician: Resource) -> Resource:
    """Its owner chooses."""
    return make_hall(owner, technician)


@pytest.fixture
def studio(owner: Side, technician: Resource) -> Resource:
    """Confirmed at once."""
    return make_hall(owner, technician, terms={"at_once": True})


def test_the_hall_brings_its_technician(
    studio: Resource, technician: Resource, asker: Side
) -> None:
    sent = ask(asker, line(studio, 10, 2))
    stage, person = lines_of(sent.booking)
    assert (stage.state, person.state) == ("confirmed", "confirmed")
    assert (person.resource_id, person.brought_by_id) == (technician.pk, stage.pk)
    assert claims_of(person)
    # The same person is not in two halls at once.
    with pytest.raises(BookingRefused) as no:
        ask(make_side("B"), line(studio, 12, 1), line(studio, 13, 1), line(studio, 11, 1))
    assert {reason.line for reason in no.value.reasons} == {2}


def test_two_halls_one_technician(
    owner: Side, studio: Resource, technician: Resource, asker: Side
) -> None:
    other = make_hall(owner, technician, terms={"at_once": True})
    ask(asker, line(studio, 10, 2))
    told = check_booking(by=asker.viewer, institution=asker.house.pk, wish=wish(line(other, 11, 2)))
    assert codes(told.reasons) == ["companion_not_free"]
    reason = told.reasons[0]
    assert reason.kind == "rule"
    assert reason.waivable
    assert reason.values == {"companion": str(technician.uid), "reasons": ["taken"]}
    assert "Technik" in str(reason.message)
    # Asked anyway with a word why, the hall alone waits for its owner's yes.
    sent = ask(asker, line(other, 11, 2), ask_anyway="Mamy własnego technika")
    assert states(sent.booking) == ["asked"]
    assert fresh(sent.lines[0]).waived == ["companion_not_free"]
    do(owner, sent.lines[0], "approve")
    assert state_of(sent.booking) == "confirmed"


def test_both_are_answered_at_once(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask(asker, line(hall, 10, 2))
    assert states(sent.booking) == ["asked", "asked"]
    do(owner, sent.lines[0], "approve")
    assert states(sent.booking) == ["confirmed", "confirmed"]
    do(asker, sent.lines[0], "cancel")
    assert states(sent.booking) == ["cancelled", "cancelled"]
    assert not any(claims_of(one) for one in lines_of(sent.booking))
    again = ask(asker, line(hall, 10, 2))
    do(owner, again.lines[0], "decline")
    assert states(again.booking) == ["declined", "declined"]
    do(owner, again.lines[0], "reopen", now=NOW)
    assert states(again.booking) == ["asked", "asked"]
    do(asker, again.lines[0], "withdraw")
    assert states(again.booking) == ["withdrawn", "withdrawn"]


def test_what_came_along_moves_with_it(
    hall: Resource, technician: Resource, owner: Side, asker: Side
) -> None:
    first = ask(asker, line(hall, 10))
    main, crew = lines_of(first.booking)
    block(owner, technician, 14, 1)
    with pytest.raises(BookingRefused) as no:
        propose(by=asker.viewer, line=main.uid, wish=line(hall, 14))
    assert codes(no.value.reasons) == ["companion_not_free"]
    assert propose(by=asker.viewer, line=main.uid, wish=line(hall, 12)).offer is None
    assert fresh(crew).use_starts_at == fresh(main).use_starts_at == DAY + timedelta(hours=12)
    do(owner, main, "approve")
    made = propose(by=owner.viewer, line=main.uid, wish=line(hall, 18)).offer
    assert made is not None
    taken = block(owner, technician, 18, 1)
    with pytest.raises(BookingRefused) as no:
        accept_offer(by=asker.viewer, offer=made.uid)
    assert codes(no.value.reasons) == ["companion_not_free"]
    remove_block(by=owner.viewer, block=taken.uid)
    accept_offer(by=asker.viewer, offer=made.uid)
    assert {one.use_starts_at for one in lines_of(first.booking)} == {DAY + timedelta(hours=18)}
    assert [claim.span.lower for claim in claims_of(crew)] == [DAY + timedelta(hours=18)]
    audited()


def test_what_was_moved_apart_comes_back_to_its_time(owner: Side, asker: Side) -> None:
    crew = make_thing(owner, "Technik", state="draft")
    main, along = lines_of(
        ask(asker, line(make_hall(owner, crew, terms={"at_once": True}), 10)).booking
    )
    made = propose(by=owner.viewer, line=along.uid, wish=line(crew, 6)).offer
    assert made is not None
    accept_offer(by=asker.viewer, offer=made.uid)
    propose(by=asker.viewer, line=main.uid, wish=line(main.resource, 15))
    assert [one.span.lower for one in claims_of(along)] == [DAY + timedelta(hours=15)]
    audited()


def test_it_comes_along_once_a_time_is_named(
    hall: Resource, technician: Resource, owner: Side, asker: Side
) -> None:
    period = replace(line(hall, 0, 240), wanted=Wanted(120))
    [one] = ask(asker, period).lines
    closed = block(owner, technician, 10, 1)
    with pytest.raises(BookingRefused) as no:
        propose(by=owner.viewer, line=one.uid, wish=line(hall, 10))
    assert codes(no.value.reasons) == ["companion_not_free"]
    remove_block(by=owner.viewer, block=closed.uid)
    made = propose(by=owner.viewer, line=one.uid, wish=line(hall, 10)).offer
    assert made is not None
    accept_offer(by=asker.viewer, offer=made.uid)
    main, crew = lines_of(one.booking)
    assert (main.state, crew.state) == ("confirmed", "confirmed")
    assert (crew.resource_id, crew.brought_by_id) == (technician.pk, main.pk)
    assert len(claims_of(crew)) == 1
    [other] = ask(asker, period).lines
    propose(by=asker.viewer, line=other.uid, wish=line(hall, 14))
    assert states(other.booking) == ["asked", "asked"]
    audited()


def test_what_came_along_and_is_out_holds_the_rest_where_it_is(owner: Side, asker: Side) -> None:
    cart = make_thing(owner, "Wózek", handover="simple")
    hall = make_hall(owner, cart, terms={"at_once": True})
    main, along = lines_of(ask(asker, line(hall, 10, 4)).booking)
    do(owner, along, "hand_over", now=DAY + timedelta(hours=10))
    now = DAY + timedelta(hours=11)
    with pytest.raises(Conflict):
        propose(by=asker.at(now), line=main.uid, wish=line(hall, 12, 4))
    assert propose(by=asker.at(now), line=main.uid, wish=line(hall, 10, 5)).offer is None
    assert [one.span.upper for one in claims_of(along)] == [DAY + timedelta(hours=15)]
    audited(now)


def test_a_counter_offer_is_taken_with_what_comes_along(
    hall: Resource, owner: Side, asker: Side
) -> None:
    first = ask(asker, line(hall, 10))
    main, _crew = lines_of(first.booking)
    made = propose(by=owner.viewer, line=main.uid, wish=line(hall, 18)).offer
    do(owner, main, "decline")
    made = propose(by=owner.viewer, line=main.uid, wish=line(hall, 20)).offer
    assert made is not None
    accept_offer(by=asker.viewer, offer=made.uid)
    assert states(first.booking) == ["confirmed", "confirmed"]
    assert {one.use_starts_at for one in lines_of(first.booking)} == {DAY + timedelta(hours=20)}
    audited()


def test_another_hall_is_proposed_with_what_comes_with_it(
    hall: Resource, owner: Side, asker: Side
) -> None:
    other = make_hall(owner, make_thing(owner, "Inżynierka", state="draft"))
    first = ask(asker, line(hall, 10))
    main, crew = lines_of(first.booking)
    with pytest.raises(Invalid):
        propose(by=owner.viewer, line=main.uid, wish=line(other, 10))
    do(owner, main, "decline")
    made = propose(by=owner.viewer, line=main.uid, wish=line(other, 10)).offer
    assert made is not None
    accept_offer(by=asker.viewer, offer=made.uid)
    assert [one.state for one in map(fresh, (main, crew))] == ["confirmed", "declined"]
    [engineer] = [one for one in lines_of(first.booking) if one.pk not in {main.pk, crew.pk}]
    assert (engineer.state, engineer.brought_by_id) == ("confirmed", main.pk)
    assert claims_of(engineer)
    audited()


def test_the_owner_does_without(hall: Resource, owner: Side, asker: Side) -> None:
    """Declined alone, the technician is waived, and the booking is whole without."""
    sent = ask(asker, line(hall, 10, 2))
    stage, person = lines_of(sent.booking)
    do(owner, person, "decline")
    do(owner, stage, "approve")
    assert states(sent.booking) == ["confirmed", "declined"]
    assert state_of(sent.booking) == "confirmed"


def test_a_technician_taken_meanwhile_is_told_when_answering(
    hall: Resource, technician: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    other = make_hall(owner, technician)
    rival = ask(make_side("B"), line(other, 11, 2))
    do(owner, rival.lines[0], "approve")
    with pytest.raises(BookingRefused) as no:
        do(owner, sent.lines[0], "approve")
    assert codes(no.value.reasons) == ["companion_not_free"]
    assert states(sent.booking) == ["asked", "asked"]
    do(owner, lines_of(sent.booking)[1], "decline")
    do(owner, sent.lines[0], "approve")
    assert state_of(sent.booking) == "confirmed"


def test_asked_for_besides_she_is_not_brought_twice(
    owner: Side, asker: Side, technician: Resource, studio: Resource
) -> None:
    technician.state = "published"
    technician.save(update_fields=["state"])
    sent = ask(asker, line(technician, 9, 4), line(studio, 10, 2))
    person, stage = lines_of(sent.booking)
    assert len(lines_of(sent.booking)) == 2
    assert person.brought_by_id == stage.pk
    assert stage.state == "confirmed"


def test_with_other_things_nothing_is_confirmed_alone(
    studio: Resource, owner: Side, asker: Side
) -> None:
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=10, answering="keep_first")
    sent = ask(asker, line(studio, 10, 2), line(chairs, 10, 2, units=5))
    assert states(sent.booking) == ["accepted", "held", "accepted"]
    do(owner, sent.lines[1], "approve")
    assert states(sent.booking) == ["confirmed"] * 3


def test_each_for_itself_a_hall_without_technician_is_left_out(
    studio: Resource, owner: Side, asker: Side
) -> None:
    foyer = make_thing(owner, "Foyer", terms={"at_once": True})
    ask(make_side("B"), line(studio, 10, 2))
    sent = ask(asker, line(studio, 11, 2), line(foyer, 11, 2), all_or_nothing=False)
    assert states(sent.booking) == ["confirmed"]
    assert [one.index for one in sent.refused] == [0]


def test_from_my_request_and_written_in(
    hall: Resource, technician: Resource, owner: Side, asker: Side
) -> None:
    add_line(by=asker.viewer, wish=line(hall, 10, 2))
    draft = Line.objects.visible_to(asker.viewer).get().booking
    draft.title = "Koncert"
    draft.save(update_fields=["title"])
    sent = send(by=asker.viewer, booking=draft.uid)
    assert states(sent.booking) == ["asked", "asked"]
    written = write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        whom=WrittenFor(name="Chór"),
        wish=wish(line(hall, 10, 2)),
    )
    assert states(written) == ["confirmed", "confirmed"]
    # She is taken: whom the keeper writes in, the keeper sees to.
    other = make_hall(owner, technician)
    alone = write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        whom=WrittenFor(name="Chór"),
        wish=wish(line(other, 11, 2)),
    )
    assert states(alone) == ["confirmed"]


def test_what_cannot_come_along(owner: Side, asker: Side, technician: Resource) -> None:
    hall = make_hall(owner, technician)
    foreign = make_thing(asker, "Cudza")
    seats = make_thing(owner, "Warsztat", kind="seated", units=5)
    for wishes in (
        [CompanionWish(foreign.uid, "only_with")],
        [CompanionWish(seats.uid, "well_with")],
        [CompanionWish(hall.uid, "well_with")],
        [CompanionWish(technician.uid, "sometimes")],
        [CompanionWish(technician.uid, "only_with", 2)],
        [CompanionWish(technician.uid, "only_with"), CompanionWish(technician.uid, "well_with")],
    ):
        with pytest.raises(Invalid):
            set_companions(by=owner.viewer, resource=hall.uid, companions=wishes)
    chain = make_thing(owner, "Balkon")
    with pytest.raises(Invalid):  # the hall has a companion of its own
        only_with(owner, chain, hall)
    with pytest.raises(Forbidden):
        set_companions(by=asker.viewer, resource=hall.uid, companions=[])
