"""Proposals and the waiting list over the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookings.models import BookingMessage, Line, Offer
from bookings.states import OfferState
from cooperative.access.querysets import SYSTEM
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import make_institution, make_member, make_resource, make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


class World:
    """An owner who chooses who gets the room, chairs had at once, an asker, and a stranger."""

    def __init__(self) -> None:
        self.owner = make_institution("House by the Canal")
        self.asker = make_institution("Choir")
        self.room = make_resource(self.owner, "Sala prób", answering="owner_chooses")
        self.attic = make_resource(self.owner, "Strych", answering="owner_chooses")
        self.chairs = make_resource(self.owner, "Krzesła", kind="pooled", units=10)
        make_terms(self.room)
        make_terms(self.attic)
        make_terms(self.chairs, at_once=True)
        self.keeper = Caller(make_token(make_member(self.owner, role="keeper")))
        self.caller = Caller(make_token(make_member(self.asker)))
        self.rival = Caller(make_token(make_member(make_institution("Band"))))

    def ask(self, by: Caller | None = None, **changes: Any) -> dict[str, Any]:
        """The first line of a new request."""
        answer = (by or self.caller).post("bookings/", self.body(**changes))
        assert answer.status_code == 201, answer.content
        line: dict[str, Any] = answer.json()["lines"][0]
        return line

    def body(self, **changes: Any) -> dict[str, Any]:
        line = {"resource": str(self.room.uid), **span(18, 21)}
        return {"title": "Rehearsal", "lines": [{**line, **changes}]}

    def line(self, uid: str) -> Line:
        return Line.objects.visible_to(SYSTEM).get(uid=uid)


def span(start: int, end: int) -> dict[str, str]:
    return {
        "starts_at": f"2027-03-12T{start:02}:00:00+01:00",
        "ends_at": f"2027-03-12T{end:02}:00:00+01:00",
    }


@pytest.fixture
def world() -> World:
    return World()


def test_the_owner_proposes_another_time_and_the_asker_takes_it(world: World) -> None:
    line = world.ask()
    made = world.keeper.post(
        "offers/", {"line": line["id"], **span(10, 13), "note": "Mornings are quiet"}
    )
    assert made.status_code == 201, made.content
    body = made.json()
    offer = body["offer"]
    assert body["applied"] is False
    assert [one["id"] for one in body["line"]["offers"]] == [offer["id"]]
    assert {name: offer[name] for name in ("kind", "state", "made_by", "note", "actions")} == {
        "kind": "counter",
        "state": "open",
        "made_by": "lender",
        "note": "Mornings are quiet",
        "actions": ["withdraw"],
    }
    listed = world.caller.get("offers/?role=borrower&state=open").json()["results"]
    assert [(one["id"], one["actions"]) for one in listed] == [(offer["id"], ["accept", "decline"])]
    assert world.caller.get("offers/?role=lender").json()["results"] == []
    taken = world.caller.post(f"offers/{offer['id']}/accept/", {"note": "Gladly"})
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    again = world.caller.post(f"offers/{offer['id']}/accept/", {})
    assert (again.status_code, again.json()["state"]) == (200, "accepted")
    shown = world.caller.get(f"bookings/{line['booking']}/").json()["lines"][0]
    assert (shown["state"], shown["use_starts_at"], shown["offers"]) == (
        "confirmed",
        "2027-03-12T10:00:00+01:00",
        [],
    )
    words = BookingMessage.objects.visible_to(SYSTEM).values_list("action", "body")
    assert ("accept", "Gladly") in set(words)


def test_what_nobody_answered_yet_is_changed_at_once(world: World) -> None:
    line = world.ask()
    made = world.caller.post("offers/", {"line": line["id"], **span(15, 17)})
    assert made.status_code == 200, made.content
    assert (made.json()["applied"], made.json()["offer"]) == (True, None)
    assert made.json()["line"]["use_starts_at"] == "2027-03-12T15:00:00+01:00"


def test_more_of_what_is_promised_waits_for_the_owner(world: World) -> None:
    line = world.ask()
    world.keeper.post(f"booking-lines/{line['id']}/approve/", {})
    made = world.caller.post("offers/", {"line": line["id"], **span(18, 22)}).json()
    assert (made["applied"], made["offer"]["kind"], made["offer"]["made_by"]) == (
        False,
        "change",
        "borrower",
    )
    less = world.caller.post("offers/", {"line": line["id"], **span(18, 20)})
    assert (less.status_code, less.json()["applied"]) == (200, True)


def test_a_no_carries_its_proposal_in_the_same_commit(world: World) -> None:
    line = world.ask()
    answer = world.keeper.post(
        f"booking-lines/{line['id']}/decline/",
        {
            "reason": "Taken by our choir",
            "proposal": {"resource": str(world.attic.uid), **span(18, 21)},
        },
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["state"] == "declined"
    (offer,) = body["offers"]
    assert (offer["title"], offer["kind"]) == ("Strych", "counter")
    taken = world.caller.post(f"offers/{offer['id']}/accept/", {})
    assert taken.status_code == 200, taken.content
    stored = world.line(line["id"])
    assert (stored.state, stored.resource_id) == ("confirmed", world.attic.pk)


def test_a_no_whose_proposal_does_not_fit_is_no_no(world: World) -> None:
    other = world.ask(world.rival, resource=str(world.attic.uid))
    world.keeper.post(f"booking-lines/{other['id']}/approve/", {})
    line = world.ask()
    answer = world.keeper.post(
        f"booking-lines/{line['id']}/decline/",
        {"reason": "No", "proposal": {"resource": str(world.attic.uid), **span(18, 21)}},
    )
    assert said(answer) == (409, "not_possible")
    assert [one["code"] for one in answer.json()["reasons"]] == ["taken"]
    assert world.line(line["id"]).state == "asked"
    assert not Offer.objects.visible_to(SYSTEM).exists()


def test_what_is_taken_back_comes_with_a_proposal_too(world: World) -> None:
    line = world.ask()
    world.keeper.post(f"booking-lines/{line['id']}/approve/", {})
    body = {"reason": "The roof leaks", "proposal": span(9, 12)}
    answer = world.keeper.post(f"booking-lines/{line['id']}/take_back/", body)
    assert (answer.json()["state"], len(answer.json()["offers"])) == ("cancelled", 1)
    repeated = world.keeper.post(f"booking-lines/{line['id']}/take_back/", body)
    assert (repeated.status_code, len(repeated.json()["offers"])) == (200, 1)


def test_only_a_no_takes_a_proposal(world: World) -> None:
    line = world.ask()
    answer = world.keeper.post(f"booking-lines/{line['id']}/approve/", {"proposal": span(9, 12)})
    assert said(answer) == (400, "unknown_field")


def test_too_late_is_said_as_such(world: World, at: Callable[[str], datetime]) -> None:
    line = world.ask()
    made = world.keeper.post(
        "offers/",
        {"line": line["id"], **span(10, 13), "expires_at": "2027-03-02T12:00:00+01:00"},
    ).json()
    at("2027-03-02T12:00+01:00")
    uid = made["offer"]["id"]
    assert world.caller.get(f"offers/{uid}/").json()["state"] == "expired"
    assert [one["id"] for one in world.caller.get("offers/?state=expired").json()["results"]] == [
        uid
    ]
    assert world.caller.get("offers/?state=open").json()["results"] == []
    assert said(world.caller.post(f"offers/{uid}/accept/", {})) == (409, "offer_expired")


def test_what_one_may_not_see_is_not_there(world: World) -> None:
    line = world.ask()
    made = world.keeper.post("offers/", {"line": line["id"], **span(10, 13)}).json()["offer"]
    nothing = world.rival.get("offers/0198c1f0-7d3a-7c11-9a50-2f1f0c9f3b01/")
    for answer in (
        world.rival.get(f"offers/{made['id']}/"),
        world.rival.post(f"offers/{made['id']}/accept/", {}),
        world.rival.post(f"offers/{made['id']}/decline/", {}),
        world.rival.post("offers/", {"line": line["id"], **span(10, 13)}),
    ):
        assert answer.status_code == 404
        assert answer.content == nothing.content
    assert world.rival.get("offers/").json()["results"] == []
    stored = Offer.objects.visible_to(SYSTEM).get()
    assert stored.state == OfferState.OPEN


def test_each_side_answers_for_itself(world: World) -> None:
    line = world.ask()
    made = world.keeper.post("offers/", {"line": line["id"], **span(10, 13)}).json()["offer"]
    assert world.keeper.post(f"offers/{made['id']}/accept/", {}).status_code == 403
    assert world.caller.post(f"offers/{made['id']}/withdraw/", {}).status_code == 403
    gone = world.keeper.post(f"offers/{made['id']}/withdraw/", {})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert said(world.caller.post(f"offers/{made['id']}/accept/", {})) == (409, "state_conflict")


def test_unknown_fields_and_missing_ones_are_named(world: World) -> None:
    line = world.ask()
    answer = world.keeper.post("offers/", {"line": line["id"], "ends_at": "soon", "price": 3})
    assert answer.status_code == 400
    found = {(one["field"], one["code"]) for one in answer.json()["errors"]}
    assert {("starts_at", "required"), ("price", "unknown_field")} <= found


def test_the_same_key_makes_one_offer(world: World) -> None:
    line = world.ask()
    body = {"line": line["id"], **span(10, 13)}
    first = world.keeper.post("offers/", body, Idempotency_Key="one")
    second = world.keeper.post("offers/", body, Idempotency_Key="one")
    assert second.headers["Idempotency-Replayed"] == "true"
    assert json.loads(first.content) == json.loads(second.content)
    assert Offer.objects.visible_to(SYSTEM).count() == 1


def test_the_waiting_list_is_offered_ready_to_be_sent(world: World) -> None:
    taken = world.ask(world.rival, resource=str(world.chairs.uid), units=10)
    refused = world.caller.post(
        "bookings/", world.body(resource=str(world.chairs.uid), units=4, least_units=2)
    )
    assert said(refused) == (409, "not_possible")
    option = next(one for one in refused.json()["alternatives"] if one["kind"] == "waiting_list")
    assert (option["waiting_list"], option["least_units"], option["place"]) == (True, 2, 1)
    members = {"resource", "starts_at", "ends_at", "units", "waiting_list", "least_units"}
    waits = world.caller.post(
        "bookings/", {"title": "Talk", "lines": [{name: option[name] for name in members}]}
    )
    assert waits.status_code == 201, waits.content
    line = waits.json()["lines"][0]
    assert (line["state"], line["waiting"], line["least_units"]) == ("asked", True, 2)
    shown = world.caller.get(f"bookings/{line['booking']}/").json()["lines"][0]
    assert shown["place"] == 1
    world.rival.post(f"booking-lines/{taken['id']}/cancel/", {})
    (offer,) = world.caller.get("offers/?role=borrower").json()["results"]
    assert (offer["kind"], offer["units"], offer["actions"]) == (
        "waiting",
        4,
        ["accept", "decline"],
    )
    assert world.keeper.get(f"offers/{offer['id']}/").json()["actions"] == []
    world.caller.post(f"offers/{offer['id']}/accept/", {})
    assert world.line(line["id"]).state == "confirmed"


def test_who_waits_behind_others_reads_their_place_and_no_name(world: World) -> None:
    world.ask(world.rival, resource=str(world.chairs.uid), units=10)
    third = Caller(make_token(make_member(make_institution("Puppets"))))
    for caller in (world.caller, third):
        line = world.ask(caller, resource=str(world.chairs.uid), units=3, waiting_list=True)
    booking = third.get(f"bookings/{line['booking']}/")
    assert booking.json()["lines"][0]["place"] == 2
    assert "Choir" not in booking.content.decode()
