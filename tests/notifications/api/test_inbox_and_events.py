"""The inbox and the stream over the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cooperative import clock
from notifications.services.relay import relay_all
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import make_institution, make_member, make_resource, make_terms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


@pytest.fixture
def told() -> dict[str, Caller]:
    """A choir asked two houses in one booking, one of them approved, and all of it was told."""
    choir = make_institution("Choir")
    callers = {"choir": Caller(make_token(make_member(choir)))}
    lines = []
    for name in ("canal", "mill"):
        house = make_institution(name)
        callers[name] = Caller(make_token(make_member(house, role="keeper")))
        room = make_resource(house, f"Sala {name}")
        make_terms(room)
        lines.append(
            {
                "resource": str(room.uid),
                "starts_at": "2027-03-12T18:00:00+01:00",
                "ends_at": "2027-03-12T21:00:00+01:00",
            }
        )
    made = callers["choir"].post("bookings/", {"title": "Concert", "lines": lines}).json()
    for caller in (callers["canal"],):
        seen = caller.get(f"bookings/{made['id']}/").json()["lines"][0]["id"]
        assert caller.post(f"booking-lines/{seen}/approve/", {}).status_code == 200
    relay_all(now=clock.now())
    return callers


def follow(caller: Caller, address: str) -> Any:
    return caller.get(address.partition("/api/v1/")[2]).json()


def test_the_inbox_is_read_in_pages_and_marked(told: dict[str, Caller]) -> None:
    keeper = told["canal"]
    page = keeper.get("notifications/").json()
    assert [(one["read"], one["subject_kind"]) for one in page["results"]] == [(False, "booking")]
    assert "Sala canal" in page["results"][0]["text"]
    one = page["results"][0]["id"]
    assert keeper.post(f"notifications/{one}/read/", {}).json()["read"] is True
    assert keeper.post(f"notifications/{one}/read/", {}).status_code == 200
    assert keeper.get("notifications/?unread=true").json()["results"] == []
    assert told["mill"].post("notifications/read/", {}).json() == {"read": 1}
    assert said(told["mill"].post(f"notifications/{one}/read/", {})) == (404, "not_found")


def test_the_stream_says_what_concerns_one_and_nothing_of_others(told: dict[str, Caller]) -> None:
    seen = {name: caller.get("events/").json()["results"] for name, caller in told.items()}
    assert {name: [one["verb"] for one in found] for name, found in seen.items()} == {
        "choir": ["booking.send", "booking.approve"],
        "canal": ["booking.send", "booking.approve"],
        "mill": ["booking.send"],
    }
    assert {role for one in seen["mill"] for role in one["your_roles"]} == {"lender"}
    shown = json.dumps(seen["mill"])
    resources = [one["data"]["lines"][0]["resource"] for one in seen["canal"]]
    assert all(resource not in shown for resource in resources)
    assert "canal" not in shown


def test_the_stream_goes_on_where_it_was_left(told: dict[str, Caller]) -> None:
    caller = told["choir"]
    first = caller.get("events/?limit=1").json()
    second = follow(caller, first["next"])
    assert [len(first["results"]), len(second["results"])] == [1, 1]
    last = follow(caller, second["next"])
    assert last["results"] == []
    assert follow(caller, last["next"])["results"] == []
    again = caller.get("events/?limit=1").json()
    assert again["results"] == first["results"]  # the cursor is signed anew, with its second
    assert follow(caller, again["next"])["results"] == second["results"]
