"""What comes only with something else is waited for, offered, taken and given up with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused
from bookings.models import Claim, Line
from bookings.queries.waiting import places
from bookings.services.clockwork import tick
from bookings.services.offers import accept_offer, decline_offer
from bookings.services.request.checking import check_booking
from cooperative.access.querysets import SYSTEM
from cooperative.errors import NotFound
from cooperative.events.models import Event
from sharing.models import Resource
from tests.bookings.stage import (
    NOW,
    Side,
    ask,
    audited,
    block,
    claims_of,
    codes,
    do,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    open_offers,
    state_of,
    states,
    wish,
)
from tests.cooperative.api_caller import Caller, make_token, said
from tests.frontend.keeping import MONDAY, At, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def crew(owner: Side) -> Resource:
    return make_thing(owner, "Technik", state="draft")


def with_crew(owner: Side, crew: Resource, title: str, **fields: Any) -> Resource:
    hall = make_thing(owner, title, **{"terms": {"at_once": True}, **fields})
    only_with(owner, hall, crew)
    return hall


@pytest.fixture
def hall(owner: Side, crew: Resource) -> Resource:
    return with_crew(owner, crew, "Duża Scena")


def wait(side: Side, thing: Resource, start: float = 10, **fields: Any) -> list[Line]:
    """The hall's line and its technician's."""
    sent = ask(side, line(thing, start, 2, waiting_list=True, **fields))
    rows = lines_of(sent.booking)
    assert [(one.state, one.waiting) for one in rows] == [("asked", True)] * 2
    assert not any(claims_of(one) for one in rows)
    return rows


def test_a_hall_with_its_technician_is_waited_for_and_taken(
    owner: Side, hall: Resource, crew: Resource
) -> None:
    holder, first, second = make_side("A"), make_side("B"), make_side("C")
    booked = ask(holder, line(hall, 10, 2))
    body = wish(line(hall, 10, 2))
    told = check_booking(by=first.viewer, institution=first.house.pk, wish=body)
    assert "waiting_list" in {one.kind for one in told.alternatives}
    mine, theirs = wait(first, hall), wait(second, hall, 11)
    assert places([*mine, *theirs], now=NOW) == {mine[0].pk: 1, theirs[0].pk: 2}
    do(holder, booked.lines[0], "cancel")
    offers = open_offers()
    assert [one.line_id for one in offers] == [one.pk for one in mine]
    assert [Claim.objects.filter(offer=one).count() for one in offers] == [1, 1]
    assert Event.objects.filter(verb="offer.make").count() == 1
    audited()
    # Nobody else gets the technician meanwhile, and what comes along is not answered by itself.
    other = with_crew(owner, crew, "Mała Scena")
    with pytest.raises(BookingRefused) as no:
        ask(make_side("D"), line(other, 10, 2))
    assert codes(no.value.reasons) == ["companion_not_free"]
    with pytest.raises(NotFound):
        accept_offer(by=first.viewer, offer=offers[1].uid)
    accept_offer(by=first.viewer, offer=offers[0].uid)
    accept_offer(by=first.viewer, offer=offers[0].uid)
    assert states(mine[0].booking) == ["confirmed", "confirmed"]
    assert state_of(mine[0].booking) == "confirmed"
    assert [len(claims_of(one)) for one in mine] == [1, 1]
    assert states(theirs[0].booking) == ["asked", "asked"]
    audited()


def test_declined_or_not_answered_it_goes_to_the_next_whole(hall: Resource) -> None:
    holder, first, second, third = (make_side(name) for name in "ABCD")
    booked = ask(holder, line(hall, 10, 2))
    waiting = [wait(side, hall) for side in (first, second, third)]
    do(holder, booked.lines[0], "cancel")
    decline_offer(by=first.viewer, offer=open_offers()[0].uid)
    assert states(waiting[0][0].booking) == ["withdrawn", "withdrawn"]
    assert [one.line_id for one in open_offers()] == [one.pk for one in waiting[1]]
    audited()
    later = NOW + timedelta(days=2)
    tick(now=later)
    assert states(waiting[1][0].booking) == ["expired", "expired"]
    last = open_offers()
    assert [one.line_id for one in last] == [one.pk for one in waiting[2]]
    audited(later)
    accept_offer(by=third.at(later), offer=last[0].uid)
    assert states(waiting[2][0].booking) == ["confirmed", "confirmed"]
    audited(later)


def test_the_hall_alone_is_not_offered_and_the_technician_frees_it(
    owner: Side, hall: Resource, crew: Resource
) -> None:
    other = with_crew(owner, crew, "Mała Scena")
    has_hall, has_crew, waits = make_side("A"), make_side("B"), make_side("C")
    # The hall is free, the technician is not: that is waited for as well.
    elsewhere = ask(has_crew, line(other, 9, 2))
    mine = wait(waits, hall)
    do(has_crew, elsewhere.lines[0], "cancel")
    assert [one.line_id for one in open_offers()] == [one.pk for one in mine]
    # A closure in the technician's way ends both proposals.
    block(owner, crew, 9, hit=())
    assert open_offers() == []
    assert states(mine[0].booking) == ["asked", "asked"]
    audited()
    # The owner may do without her: then the hall alone is offered.
    ask(has_hall, line(hall, 10, 1), ask_anyway="Sami")
    do(owner, mine[1], "decline")
    (offer,) = open_offers()
    assert offer.line_id == mine[0].pk
    accept_offer(by=waits.viewer, offer=offer.uid)
    assert states(mine[0].booking) == ["confirmed", "declined"]
    audited()


def test_what_its_owner_answers_is_kept_for_both_until_then(owner: Side, crew: Resource) -> None:
    hall = with_crew(owner, crew, "Duża Scena", terms={}, answering="keep_first")
    holder, waits = make_side("A"), make_side("B")
    booked = ask(holder, line(hall, 10, 2))
    do(owner, booked.lines[0], "approve")
    mine = wait(waits, hall)
    do(holder, booked.lines[0], "cancel")
    accept_offer(by=waits.viewer, offer=open_offers()[0].uid)
    assert states(mine[0].booking) == ["held", "held"]
    until = {one.expires_at for one in lines_of(mine[0].booking)}
    assert len(until) == 1
    do(owner, mine[0], "approve")
    assert states(mine[0].booking) == ["confirmed", "confirmed"]
    audited()


def test_rules_are_not_waited_for_and_withdrawn_together(
    owner: Side, hall: Resource, crew: Resource
) -> None:
    holder, waits = make_side("A"), make_side("B")
    ask(holder, line(hall, 10, 2))
    mine = wait(waits, hall)
    do(waits, mine[0], "withdraw")
    assert states(mine[0].booking) == ["withdrawn", "withdrawn"]
    Resource.objects.visible_to(SYSTEM).filter(pk=crew.pk).update(state="suspended")
    with pytest.raises(BookingRefused) as no:
        ask(waits, line(hall, 10, 2, waiting_list=True))
    assert codes(no.value.reasons) == ["taken", "companion_not_free"]


def test_both_sides_see_one_proposal(at: At, hall: Resource) -> None:
    at(MONDAY)
    holder, waits = make_side("A"), make_side("B")
    booked = ask(holder, line(hall, 10, 2))
    caller, client = Caller(make_token(waits.person)), signed_in(waits)
    panel = client.post(
        f"/resources/{hall.uid}/check/", {"date": "2027-03-10", "start": "11:00", "end": "13:00"}
    )
    assert "Wait for it, in case it comes free" in text_of(panel)
    mine = wait(waits, hall)
    do(holder, booked.lines[0], "cancel")
    listed = caller.get("offers/?state=open").json()["results"]
    assert [one["line"] for one in listed] == [str(mine[0].uid)]
    page = client.get(f"/bookings/{mine[0].booking.uid}/")
    assert text_of(page).count("It came free for you") == 1
    assert said(caller.get(f"offers/{open_offers()[1].uid}/")) == (404, "not_found")
    assert caller.post(f"offers/{listed[0]['id']}/accept/", {}).json()["state"] == "accepted"
    shown = caller.get(f"bookings/{mine[0].booking.uid}/").json()["lines"]
    assert [(one["state"], one["offers"]) for one in shown] == [("confirmed", [])] * 2
