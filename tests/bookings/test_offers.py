"""Proposals: made by either side, claimed net of what is held, swapped in one commit, never two winners."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bookings.errors import BookingRefused, OfferExpired, UnknownResource
from bookings.models import Claim, Offer
from bookings.services.actions import act
from bookings.services.clockwork import tick
from bookings.services.offers import (
    Proposed,
    accept_offer,
    decline_offer,
    propose,
    withdraw_offer,
)
from bookings.services.sessions import add_session
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
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
    state_of,
    states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Side:
    return make_side("Dom")


@pytest.fixture
def asker() -> Side:
    return make_side("A")


@pytest.fixture
def other() -> Side:
    return make_side("B")


@pytest.fixture
def hall(owner: Side) -> Resource:
    """Its owner chooses."""
    return make_thing(owner, "Sala")


@pytest.fixture
def chairs(owner: Side) -> Resource:
    return make_thing(owner, "Krzesła", kind="pooled", units=10, answering="keep_first")


def offered(made: Proposed) -> Offer:
    assert made.offer is not None
    return made.offer


def stored(offer: Offer) -> Offer:
    return Offer.objects.visible_to(SYSTEM).get(pk=offer.pk)


def spans(offer: Offer) -> list[tuple[float, float, int]]:
    """What an offer claims: hours of `DAY`, units."""
    rows = Claim.objects.filter(offer=offer).order_by("span")
    hours = [
        (
            (one.span.lower - DAY).total_seconds() / 3600,
            (one.span.upper - DAY).total_seconds() / 3600,
        )
        for one in rows
    ]
    return [(start, end, one.units) for (start, end), one in zip(hours, rows, strict=True)]


# --- the owner proposes --------------------------------------------------------------------------------
def test_another_time_is_kept_until_it_is_answered(
    hall: Resource, owner: Side, asker: Side, other: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    made = propose(
        by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2), note="Rano mamy próbę"
    )
    offer = offered(made)
    assert offer.kind == "counter"
    assert spans(offer) == [(14, 16, 1)]
    with pytest.raises(BookingRefused) as no:
        ask(other, line(hall, 15, 2))
    assert codes(no.value.reasons) == ["kept_for_another"]
    line_now = accept_offer(by=asker.viewer, offer=offer.uid)
    assert (line_now.state, line_now.use_starts_at) == ("confirmed", DAY + timedelta(hours=14))
    assert state_of(sent.booking) == "confirmed"
    assert len(claims_of(line_now)) == 1
    assert spans(offer) == []
    assert stored(offer).state == "accepted"
    again = accept_offer(by=asker.viewer, offer=offer.uid)
    assert again.state == "confirmed"
    assert Event.objects.filter(verb="offer.accept").count() == 1


def test_declined_it_leaves_the_request_as_it_was(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask(asker, line(hall, 10, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    decline_offer(by=asker.viewer, offer=offer.uid, note="Tylko rano")
    decline_offer(by=asker.viewer, offer=offer.uid)
    assert spans(offer) == []
    assert states(sent.booking) == ["asked"]
    with pytest.raises(Conflict):
        accept_offer(by=asker.viewer, offer=offer.uid)


def test_it_runs_out_by_the_clock_and_by_reading(
    hall: Resource, owner: Side, asker: Side, other: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    until = NOW + timedelta(hours=5)
    offer = offered(
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2), expires_at=until)
    )
    # Nobody cleared it: a request of that time is heard all the same, and its commit ends the offer.
    assert states(ask(other, line(hall, 14, 2), now=until).booking) == ["asked"]
    with pytest.raises(OfferExpired):
        accept_offer(by=asker.at(until), offer=offer.uid)
    second = offered(
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 17, 2), expires_at=until)
    )
    tick(now=until)
    assert stored(second).state == "expired"
    assert spans(second) == []
    assert states(sent.booking) == ["asked"]


def test_another_thing_of_the_same_owner(hall: Resource, owner: Side, asker: Side) -> None:
    studio = make_thing(owner, "Studio")
    sent = ask(asker, line(hall, 10, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(studio, 10, 2)))
    accept_offer(by=asker.viewer, offer=offer.uid)
    now = fresh(sent.lines[0])
    assert (now.resource_id, now.shown["uid"]) == (studio.pk, str(studio.uid))
    foreign = make_thing(make_side("C"), "Cudza")
    with pytest.raises(Invalid):
        propose(by=owner.viewer, line=now.uid, wish=line(foreign, 10, 2))
    hidden = make_thing(make_side("D"), "Szkic", state="draft")
    with pytest.raises(UnknownResource):
        propose(by=owner.viewer, line=now.uid, wish=line(hidden, 10, 2))


def test_an_owner_cannot_propose_what_is_taken(hall: Resource, owner: Side, asker: Side) -> None:
    first = ask(asker, line(hall, 14, 2))
    do(owner, first.lines[0], "approve")
    sent = ask(asker, line(hall, 10, 2))
    with pytest.raises(BookingRefused) as no:
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 15, 2))
    assert codes(no.value.reasons) == ["taken"]


def test_a_new_proposal_replaces_the_old_and_an_answer_ends_it(
    hall: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    first = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    second = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 15, 2)))
    assert stored(first).state == "withdrawn"
    assert spans(second) == [(15, 17, 1)]
    do(owner, sent.lines[0], "approve")
    assert stored(second).state == "withdrawn"
    assert Claim.objects.filter(offer__isnull=False).count() == 0


def test_a_no_with_another_proposal_can_be_taken_up(
    hall: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    do(owner, sent.lines[0], "decline")
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    accept_offer(by=asker.viewer, offer=offer.uid)
    assert state_of(sent.booking) == "confirmed"


def test_in_an_incomplete_booking_it_is_accepted_not_confirmed(
    hall: Resource, chairs: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2), line(chairs, 10, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 12, 2)))
    accept_offer(by=asker.viewer, offer=offer.uid)
    assert states(sent.booking) == ["accepted", "held"]
    do(owner, sent.lines[1], "approve")
    assert states(sent.booking) == ["confirmed", "confirmed"]


# --- who asked wants a change --------------------------------------------------------------------------
def test_less_needs_nobody(chairs: Resource, owner: Side, asker: Side) -> None:
    sent = ask(asker, line(chairs, 10, 4, units=6))
    do(owner, sent.lines[0], "approve")
    made = propose(by=asker.viewer, line=sent.lines[0].uid, wish=line(chairs, 11, 2, units=4))
    assert made.offer is None
    assert [(one.units, one.span.lower) for one in claims_of(made.line)] == [
        (4, DAY + timedelta(hours=11))
    ]
    assert fresh(made.line).units == 4
    assert Event.objects.filter(verb="booking.change").count() == 1


def test_another_time_is_not_less(owner: Side, asker: Side) -> None:
    """A time without a date claims no place; what is given away is used up whenever it is fetched."""
    shop = make_thing(owner, kind="seated", units=4, terms={"at_once": True})
    for start in (10, 14):
        add_session(
            by=owner.viewer,
            resource=shop.uid,
            starts_at=DAY + timedelta(hours=start),
            ends_at=DAY + timedelta(hours=start + 2),
        )
    [one] = ask(asker, line(shop, 10, units=2)).lines
    with pytest.raises(BookingRefused) as no:
        propose(by=asker.viewer, line=one.uid, wish=line(shop, 12, units=2))
    assert codes(no.value.reasons) == ["no_session_then"]
    seeds = make_thing(owner, kind="giveaway", units=9)
    [two] = ask(asker, line(seeds, 10, units=5)).lines
    do(owner, two, "approve")
    assert offered(propose(by=asker.viewer, line=two.uid, wish=line(seeds, 16, units=5)))
    assert fresh(two).use_starts_at == DAY + timedelta(hours=10)


def test_what_was_proposed_of_a_line_that_changed_is_off(
    chairs: Resource, owner: Side, asker: Side
) -> None:
    """It was counted net of what the line held then."""
    [one] = ask(asker, line(chairs, 10, units=4)).lines
    made = offered(propose(by=owner.viewer, line=one.uid, wish=line(chairs, 10, units=6)))
    assert spans(made) == [(10, 12, 2)]
    propose(by=asker.viewer, line=one.uid, wish=line(chairs, 14, units=4))
    assert (stored(made).state, spans(made)) == ("withdrawn", [])
    audited()


def test_more_waits_for_the_owner_and_claims_the_difference(
    chairs: Resource, owner: Side, asker: Side, other: Side
) -> None:
    sent = ask(asker, line(chairs, 10, 2, units=4))
    do(owner, sent.lines[0], "approve")
    offer = offered(
        propose(by=asker.viewer, line=sent.lines[0].uid, wish=line(chairs, 10, 4, units=7))
    )
    assert spans(offer) == [(10, 12, 3), (12, 14, 7)]
    assert [one.units for one in claims_of(sent.lines[0])] == [4]
    with pytest.raises(BookingRefused):
        ask(other, line(chairs, 10, 1, units=4))
    with pytest.raises(Forbidden):
        accept_offer(by=asker.viewer, offer=offer.uid)
    accept_offer(by=owner.viewer, offer=offer.uid)
    now = fresh(sent.lines[0])
    assert (now.state, now.units) == ("confirmed", 7)
    assert [one.units for one in claims_of(now)] == [7]


def test_a_move_that_does_not_fit_leaves_the_old_place(
    chairs: Resource, owner: Side, asker: Side, other: Side
) -> None:
    sent = ask(asker, line(chairs, 10, 2, units=4))
    do(owner, sent.lines[0], "approve")
    ask(other, line(chairs, 14, 2, units=8))
    with pytest.raises(BookingRefused) as no:
        propose(by=asker.viewer, line=sent.lines[0].uid, wish=line(chairs, 14, 2, units=4))
    assert codes(no.value.reasons) == ["kept_for_another"]
    assert [one.units for one in claims_of(sent.lines[0])] == [4]


def test_what_nobody_answered_yet_is_changed_at_once(
    hall: Resource, chairs: Resource, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2), line(chairs, 10, 2, units=3), all_or_nothing=False)
    for one, thing in zip(lines_of(sent.booking), (hall, chairs), strict=True):
        assert propose(by=asker.viewer, line=one.uid, wish=line(thing, 12, 3)).offer is None
    assert states(sent.booking) == ["asked", "held"]
    assert [one.use_starts_at for one in lines_of(sent.booking)] == [DAY + timedelta(hours=12)] * 2
    assert claims_of(lines_of(sent.booking)[1])[0].units == 1


def test_at_once_where_that_was_agreed(owner: Side, asker: Side) -> None:
    room = make_thing(owner, "Studio", terms={"at_once": True})
    sent = ask(asker, line(room, 10, 2))
    assert propose(by=asker.viewer, line=sent.lines[0].uid, wish=line(room, 11, 3)).offer is None
    assert fresh(sent.lines[0]).use_starts_at == DAY + timedelta(hours=11)


def test_longer_please_is_refused_by_facts_alone(owner: Side, asker: Side, other: Side) -> None:
    tool = make_thing(
        owner,
        "Drabina",
        handover="simple",
        answering="keep_first",
        terms={"longest_minutes": 120, "notice_minutes": 1440},
    )
    sent = ask(asker, line(tool, 10, 2))
    do(owner, sent.lines[0], "approve")
    out = DAY + timedelta(hours=10)
    do(owner, sent.lines[0], "hand_over", now=out)
    next_one = ask(other, line(tool, 15, 2))
    do(owner, next_one.lines[0], "approve")
    with pytest.raises(BookingRefused) as no:
        propose(by=asker.at(out), line=sent.lines[0].uid, wish=line(tool, 10, 6))
    assert codes(no.value.reasons) == ["taken"]
    # Longer than the house lends it, and asked on the same day: its owner may say yes.
    offer = offered(propose(by=asker.at(out), line=sent.lines[0].uid, wish=line(tool, 10, 5)))
    accept_offer(by=owner.at(out), offer=offer.uid)
    assert fresh(sent.lines[0]).use_ends_at == DAY + timedelta(hours=15)
    assert fresh(sent.lines[0]).state == "handed_over"
    assert states(next_one.booking) == ["confirmed"]


def test_of_what_is_out_only_the_return_can_be_changed(owner: Side, asker: Side) -> None:
    """However its claim is changed on paper, all of it is out since it was fetched."""
    chairs = make_thing(owner, kind="pooled", units=10, handover="simple", terms={"at_once": True})
    [one] = ask(asker, line(chairs, 10, 10, units=10)).lines
    before = offered(propose(by=owner.viewer, line=one.uid, wish=line(chairs, 14, 6, units=10)))
    do(owner, one, "hand_over", now=DAY + timedelta(hours=10))
    now = DAY + timedelta(hours=11)
    for fewer in (line(chairs, 10, 10, units=4), line(chairs, 15, 5, units=10)):
        for side in (asker, owner):
            with pytest.raises(Conflict):
                propose(by=side.at(now), line=one.uid, wish=fewer)
    with pytest.raises(Conflict):
        accept_offer(by=asker.at(now), offer=before.uid)
    with pytest.raises(BookingRefused):  # it was not back then
        propose(by=asker.at(now), line=one.uid, wish=line(chairs, 10, 0.5, units=10))
    propose(by=asker.at(now), line=one.uid, wish=line(chairs, 10, 5, units=10))
    assert [(one.span.upper - DAY, one.units) for one in claims_of(one)] == [
        (timedelta(hours=15), 10)
    ]
    audited(now)


def test_overdue_and_prolonged_at_once_it_is_out_again(owner: Side, asker: Side) -> None:
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    [one] = ask(asker, line(mixer, 10, 4)).lines
    do(owner, one, "hand_over", now=DAY + timedelta(hours=10))
    do(owner, one, "overdue", now=DAY + timedelta(hours=15))
    now = DAY + timedelta(hours=16)
    assert propose(by=asker.at(now), line=one.uid, wish=line(mixer, 10, 10)).offer is None
    assert fresh(one).state == "handed_over"


def test_who_asked_keeps_what_is_added_no_longer_than_a_request_does(
    chairs: Resource, owner: Side, asker: Side
) -> None:
    far = DAY + timedelta(days=100)
    [one] = ask(asker, line(chairs, far, units=2)).lines
    do(owner, one, "approve")
    more = line(chairs, far, units=10)
    made = offered(propose(by=asker.viewer, line=one.uid, wish=more, expires_at=far))
    assert made.expires_at == NOW + timedelta(days=3)


def test_who_waited_and_now_asks_for_a_free_time_waits_no_more(
    hall: Resource, owner: Side, asker: Side
) -> None:
    do(owner, ask(make_side(), line(hall)).lines[0], "approve")
    [one] = ask(asker, line(hall, waiting_list=True)).lines
    assert propose(by=asker.viewer, line=one.uid, wish=line(hall, 14)).offer is None
    assert (fresh(one).state, fresh(one).waiting) == ("asked", False)


def test_what_may_not_be_seen_is_as_if_absent(hall: Resource, owner: Side, asker: Side) -> None:
    hidden = make_thing(owner, "Tylko dla nas", state="draft")
    [one] = ask(asker, line(hall)).lines
    for unseen in (hidden.uid, uuid4()):
        with pytest.raises(UnknownResource):
            propose(by=asker.viewer, line=one.uid, wish=line(unseen))


def test_overdue_and_prolonged_it_is_out_again(owner: Side, asker: Side) -> None:
    tool = make_thing(owner, "Drabina", handover="simple", answering="keep_first")
    sent = ask(asker, line(tool, 10, 2))
    do(owner, sent.lines[0], "approve")
    do(owner, sent.lines[0], "hand_over", now=DAY + timedelta(hours=10))
    late = DAY + timedelta(hours=13)
    do(owner, sent.lines[0], "overdue", now=late)
    offer = offered(propose(by=asker.at(late), line=sent.lines[0].uid, wish=line(tool, 10, 6)))
    accept_offer(by=owner.at(late), offer=offer.uid)
    assert fresh(sent.lines[0]).state == "handed_over"
    assert claims_of(sent.lines[0])[0].span.upper == DAY + timedelta(hours=16)


# --- facts, sides, times ------------------------------------------------------------------------------
def test_what_is_to_settle_is_settled_by_a_proposal(
    hall: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(hall, 10, 2))
    do(owner, sent.lines[0], "approve")
    block(owner, hall, 9, 4, kind="repair", hit=())
    assert states(sent.booking) == ["to_settle"]
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    accept_offer(by=asker.viewer, offer=offer.uid)
    assert states(sent.booking) == ["confirmed"]
    assert len(claims_of(sent.lines[0])) == 1


def test_a_closure_ends_what_was_only_proposed(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask(asker, line(hall, 10, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    block(owner, hall, 13, 7, kind="closure")
    assert stored(offer).state == "withdrawn"
    assert states(sent.booking) == ["asked"]


def test_approving_another_ends_a_proposal_over_its_time(
    hall: Resource, owner: Side, asker: Side, other: Side
) -> None:
    """The owner may prefer who asked second; what was only proposed to the first is let go of."""
    sent = ask(asker, line(hall, 10, 2))
    rival = ask(other, line(hall, 14, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    do(owner, rival.lines[0], "approve")
    assert stored(offer).state == "withdrawn"
    assert states(rival.booking) == ["confirmed"]


def test_who_may(hall: Resource, owner: Side, asker: Side, other: Side) -> None:
    sent = ask(asker, line(hall, 10, 2))
    with pytest.raises(NotFound):
        propose(by=other.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2))
    offer = offered(propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2)))
    for deed in (accept_offer, decline_offer, withdraw_offer):
        with pytest.raises(NotFound):
            deed(by=other.viewer, offer=offer.uid)
    with pytest.raises(Forbidden):
        decline_offer(by=owner.viewer, offer=offer.uid)
    with pytest.raises(Forbidden):
        withdraw_offer(by=asker.viewer, offer=offer.uid)
    withdraw_offer(by=owner.viewer, offer=offer.uid)
    withdraw_offer(by=owner.viewer, offer=offer.uid)
    with pytest.raises(Conflict):
        accept_offer(by=asker.viewer, offer=offer.uid)


def test_bad_proposals(hall: Resource, owner: Side, asker: Side) -> None:
    sent = ask(asker, line(hall, 10, 2))
    with pytest.raises(Invalid):
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2), expires_at=NOW)
    with pytest.raises(Invalid):
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 0))
    with pytest.raises(Invalid):
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2), note="\x00")
    act(by=asker.viewer, line=sent.lines[0].uid, action="withdraw")
    with pytest.raises(Conflict):
        propose(by=owner.viewer, line=sent.lines[0].uid, wish=line(hall, 14, 2))
