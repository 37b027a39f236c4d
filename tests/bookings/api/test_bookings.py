"""Asking, checking, answering and looking up over the API."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking, Claim, Line
from bookings.states import PERSONAL_ACTIONS
from cooperative.access.querysets import SYSTEM
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import (
    make_booking,
    make_institution,
    make_member,
    make_resource,
    make_terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


class World:
    """An owner with a room (kept for the first) and chairs, and somebody who asks."""

    def __init__(self) -> None:
        self.owner = make_institution("House by the Canal")
        self.asker = make_institution("Choir")
        self.keeper_person = make_member(self.owner, role="keeper")
        self.asker_person = make_member(self.asker)
        self.room = make_resource(self.owner, "Sala prób", answering="keep_first")
        self.chairs = make_resource(
            self.owner, "Krzesła", kind="pooled", units=120, answering="keep_first"
        )
        for resource in (self.room, self.chairs):
            make_terms(resource, "own")
            make_terms(resource, "cooperative")
        self.caller = Caller(make_token(self.asker_person))
        self.rival = Caller(make_token(make_member(make_institution("Band"))))
        self.keeper = Caller(make_token(self.keeper_person))

    def body(self, **changes: Any) -> dict[str, Any]:
        line = {
            "resource": str(self.room.uid),
            "starts_at": "2027-03-12T18:00:00+01:00",
            "ends_at": "2027-03-12T21:00:00+01:00",
        }
        return {"title": "Rehearsal", "lines": [{**line, **changes}]}


@pytest.fixture
def world() -> World:
    return World()


def test_a_request_is_stored_and_answers_with_its_lines(world: World) -> None:
    answer = world.caller.post("bookings/", world.body(setup_minutes=60, strike_minutes=30))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    line = body["lines"][0]
    booking = Booking.objects.visible_to(SYSTEM).get()
    assert body["id"] == str(booking.uid)
    assert body["state"] == "open"
    assert body["borrower"] == {"id": str(world.asker.uid), "name": "Choir"}
    assert "refused" not in body
    assert {name: line[name] for name in ("state", "title", "units", "zone", "actions")} == {
        "state": "held",
        "title": "Sala prób",
        "units": 1,
        "zone": "Europe/Warsaw",
        "actions": ["withdraw"],
    }
    assert {name: value for name, value in line.items() if name.endswith("s_at")} == {
        "use_starts_at": "2027-03-12T17:00:00+01:00",
        "use_ends_at": "2027-03-12T21:30:00+01:00",
        "event_starts_at": "2027-03-12T18:00:00+01:00",
        "event_ends_at": "2027-03-12T21:00:00+01:00",
    } | {"expires_at": line["expires_at"]}
    assert answer.headers["ETag"] == '"v1"'
    claim = Claim.objects.get()
    assert claim.span.lower == datetime(2027, 3, 12, 16, tzinfo=UTC)


def test_over_http_a_booking_costs_few_statements(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world.caller.get("categories/")
    with django_assert_max_num_queries(15):
        assert world.caller.post("bookings/", world.body()).status_code == 201


def test_a_clash_is_409_with_reasons_and_alternatives_that_can_be_sent(world: World) -> None:
    assert world.rival.post("bookings/", world.body()).status_code == 201
    line = Line.objects.visible_to(SYSTEM).get()
    world.keeper.post(f"booking-lines/{line.uid}/approve/", {})
    answer = world.caller.post("bookings/", world.body())
    assert said(answer) == (409, "not_possible")
    problem = answer.json()
    assert [
        (reason["code"], reason["kind"], reason["waivable"], reason["line"])
        for reason in problem["reasons"]
    ] == [("taken", "fact", False, 0)]
    assert problem["reasons"][0]["message"] == "It is taken at that time."
    option = problem["alternatives"][0]
    assert option["kind"] == "other_time"
    members = (
        "resource",
        "starts_at",
        "ends_at",
        "event_starts_at",
        "event_ends_at",
        "units",
        "setup_minutes",
        "strike_minutes",
        "second_in_line",
    )
    again = {**world.body(), "lines": [{name: option[name] for name in members}]}
    assert world.caller.post("bookings/", again).status_code == 201


def test_check_says_the_same_and_stores_nothing(world: World) -> None:
    free = world.caller.post("bookings/check/", world.body())
    assert (free.status_code, free.json()["possible"], free.json()["reasons"]) == (200, True, [])
    assert [line["state"] for line in free.json()["proposed"]] == ["held"]
    world.rival.post("bookings/", world.body())
    taken = world.caller.post("bookings/check/", world.body()).json()
    assert (taken["possible"], [reason["code"] for reason in taken["reasons"]]) == (
        False,
        ["kept_for_another"],
    )
    assert "second_in_line" in {option["kind"] for option in taken["alternatives"]}
    assert Booking.objects.visible_to(SYSTEM).count() == 1


def test_what_is_possible_is_stored_and_the_rest_comes_back(world: World) -> None:
    body = world.body()
    body["lines"].append({**body["lines"][0], "resource": str(world.chairs.uid), "units": 500})
    whole = world.caller.post("bookings/", body)
    assert said(whole) == (409, "not_possible")
    part = world.caller.post("bookings/", {**body, "all_or_nothing": False})
    assert part.status_code == 201
    assert [line["resource"] for line in part.json()["lines"]] == [str(world.room.uid)]
    assert [(one["index"], one["reasons"][0]["code"]) for one in part.json()["refused"]] == [
        (1, "more_than_there_are")
    ]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"ends_at": "2027-03-12T18:00:00+01:00"}, "lines.0.ends_at"),
        ({"ends_at": "2027-03-12T17:00:00+01:00"}, "lines.0.ends_at"),
        ({"ends_at": "2027-03-12T18:01:00+01:00"}, "lines.0.ends_at"),
        ({"ends_at": "2029-03-12T18:00:00+01:00"}, "lines.0.ends_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "lines.0.starts_at"),
        ({"starts_at": "2027-03-12T18:00:60+01:00"}, "lines.0.starts_at"),
        ({"starts_at": "2027-03-12T18:00:00"}, "lines.0.starts_at"),
        ({"units": 0}, "lines.0.units"),
        ({"units": -1}, "lines.0.units"),
        ({"units": 9_999_999}, "lines.0.units"),
        ({"event_starts_at": "2027-03-12T16:00:00+01:00"}, "lines.0.event_starts_at"),
        ({"resource": "x"}, "lines.0.resource"),
        ({"series": {}}, "lines.0.series.rule"),
        ({"state": "confirmed"}, "lines.0.state"),
    ],
)
def test_what_cannot_be_meant_is_400_and_names_the_field(
    world: World, change: dict[str, Any], error: str
) -> None:
    answer = world.caller.post("bookings/", world.body(**change))
    assert said(answer)[0] == 400
    assert [one["field"] for one in answer.json()["errors"]] == [error]
    assert not Booking.objects.visible_to(SYSTEM).exists()


def test_the_past_and_more_than_there_are_are_reasons(world: World) -> None:
    past = world.body(starts_at="2027-02-12T18:00:00+01:00", ends_at="2027-02-12T21:00:00+01:00")
    assert "in_the_past" in {
        one["code"] for one in world.caller.post("bookings/", past).json()["reasons"]
    }
    many = world.body(units=2)
    assert {one["code"] for one in world.caller.post("bookings/", many).json()["reasons"]} == {
        "more_than_there_are"
    }


def test_what_one_may_not_see_is_as_if_absent_byte_for_byte(world: World) -> None:
    private = make_resource(world.owner, "Skarbiec", state="draft")
    make_terms(private, "own")
    gone = uuid.UUID("0198c1f0-7d3a-7c11-9a50-2f1f0c9f3b01")
    bodies = []
    for uid in (private.uid, gone):
        answers = [
            world.caller.get(f"resources/{uid}/"),
            world.caller.get(
                f"resources/{uid}/availability/?starts_at=2027-03-12T00:00:00Z&ends_at=2027-03-13T00:00:00Z"
            ),
            world.caller.post("bookings/check/", world.body(resource=str(uid))),
            world.caller.post("bookings/", world.body(resource=str(uid))),
            world.caller.patch(f"resources/{uid}/", {}),
            world.caller.post(f"resources/{uid}/publish/", {}),
        ]
        assert {said(answer) for answer in answers} == {(404, "unknown_resource")}
        bodies.append([answer.content for answer in answers])
    assert bodies[0] == bodies[1]
    assert b"Skarbiec" not in b"".join(bodies[0])
    own = world.keeper.get(f"resources/{private.uid}/")
    assert own.json()["title"] == "Skarbiec"


def test_a_booking_of_others_is_as_if_absent(world: World) -> None:
    other = make_institution("Museum")
    stranger = Caller(make_token(make_member(other, role="manager")))
    made = world.caller.post("bookings/", world.body()).json()
    line = made["lines"][0]["id"]
    nothing = "0198c1f0-7d3a-7c11-9a50-2f1f0c9f3b01"
    for path in ("bookings/{}/", "bookings/{}/messages/"):
        seen, absent = (stranger.get(path.format(uid)) for uid in (made["id"], nothing))
        assert said(seen)[0] == 404
        assert seen.content == absent.content
    for action in PERSONAL_ACTIONS:
        seen, absent = (
            stranger.post(f"booking-lines/{uid}/{action}/", {"reason": "r"})
            for uid in (line, nothing)
        )
        assert said(seen)[0] == 404
        assert seen.content == absent.content
    for action in ("send", "withdraw", "complete", "cancel"):
        seen, absent = (
            stranger.post(f"bookings/{uid}/{action}/", {}) for uid in (made["id"], nothing)
        )
        assert said(seen)[0] == 404
        assert seen.content == absent.content
    assert stranger.get("bookings/").json()["results"] == []


def test_the_keeper_answers_and_repeating_is_harmless(world: World) -> None:
    made = world.caller.post("bookings/", world.body()).json()
    line = made["lines"][0]["id"]
    assert said(world.caller.post(f"booking-lines/{line}/approve/", {})) == (403, "forbidden")
    first = world.keeper.post(f"booking-lines/{line}/approve/", {"note": "Key at the desk"})
    assert (first.status_code, first.json()["state"]) == (200, "confirmed")
    again = world.keeper.post(f"booking-lines/{line}/approve/", {})
    assert (again.status_code, again.json()["state"]) == (200, "confirmed")
    assert world.caller.get(f"bookings/{made['id']}/").json()["state"] == "confirmed"
    refused = world.keeper.post(f"booking-lines/{line}/decline/", {"reason": "Too late"})
    assert said(refused) == (409, "answered_already")
    assert said(world.keeper.post(f"booking-lines/{line}/take_back/", {}))[0] == 400
    taken_back = world.keeper.post(f"booking-lines/{line}/take_back/", {"reason": "Flood"})
    assert taken_back.json()["state"] == "cancelled"
    notes = world.caller.get(f"bookings/{made['id']}/messages/").json()["results"]
    assert [(note["kind"], note["action"], note["body"]) for note in notes] == [
        ("note", "approve", "Key at the desk"),
        ("reason", "take_back", "Flood"),
    ]


def test_messages_go_both_ways(world: World) -> None:
    made = world.caller.post("bookings/", world.body()).json()
    path = f"bookings/{made['id']}/messages/"
    assert world.caller.post(path, {"body": "Is there a piano?"}).status_code == 201
    assert world.keeper.post(path, {"body": "Yes."}).status_code == 201
    for reader in (world.caller, world.keeper):
        found = reader.get(path).json()["results"]
        assert [(one["body"], one["author_for"]["name"]) for one in found] == [
            ("Is there a piano?", "Choir"),
            ("Yes.", "House by the Canal"),
        ]
    assert said(world.caller.post(path, {"body": " "}))[0] == 400


def test_a_whole_booking_is_withdrawn(world: World) -> None:
    made = world.caller.post("bookings/", world.body()).json()
    answer = world.caller.post(f"bookings/{made['id']}/withdraw/", {})
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert world.caller.post(f"bookings/{made['id']}/withdraw/", {}).status_code == 200
    assert said(world.caller.post(f"bookings/{made['id']}/cancel/", {})) == (409, "state_conflict")


def test_lists_by_side_state_and_time_in_pages(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(5):
        make_booking(
            world.asker,
            [world.room],
            person=world.asker_person,
            starts_at=datetime(2027, 3, 10 + day, 17, tzinfo=UTC),
            title=f"Day {day}",
        )
    make_booking(world.owner, [world.room], title="Own")
    titles = _titles
    with django_assert_max_num_queries(7):
        all_mine = world.caller.get("bookings/?role=borrower")
    assert titles(all_mine) == ["Day 4", "Day 3", "Day 2", "Day 1", "Day 0"]
    assert titles(world.caller.get("bookings/?role=lender")) == []
    assert titles(world.keeper.get("bookings/?role=borrower")) == ["Own"]
    assert len(titles(world.keeper.get("bookings/?role=lender"))) == 6
    window = "starts_at=2027-03-11T00:00:00Z&ends_at=2027-03-12T00:00:00Z"
    assert titles(world.caller.get(f"bookings/?{window}")) == ["Day 1"]
    assert titles(world.caller.get("bookings/?state=confirmed")) == []

    first = world.caller.get("bookings/?role=borrower&limit=2").json()
    assert first["previous"] is None

    def follow(address: str) -> Any:
        return world.caller.get(address.partition("/api/v1/")[2])

    second = follow(first["next"])
    third = follow(second.json()["next"])
    assert [titles(second), titles(third)] == [["Day 2", "Day 1"], ["Day 0"]]
    assert third.json()["next"] is None
    back = follow(third.json()["previous"])
    assert titles(back) == ["Day 2", "Day 1"]
    assert titles(follow(back.json()["previous"])) == ["Day 4", "Day 3"]
    forged = first["next"].replace("cursor=", "cursor=x")
    assert said(follow(forged)) == (400, "cursor_unknown")


def test_who_acts_for_several_says_for_which(world: World) -> None:
    other = make_institution("Theatre")
    make_member(other, world.asker_person)
    assert said(world.caller.post("bookings/", world.body())) == (400, "institution_required")
    made = world.caller.post("bookings/", {**world.body(), "institution": str(other.uid)})
    assert made.json()["borrower"]["name"] == "Theatre"
    refused = world.caller.post("bookings/", {**world.body(), "institution": str(world.owner.uid)})
    assert said(refused) == (403, "not_your_institution")


def test_an_idempotent_request_books_once(world: World) -> None:
    first = world.caller.post("bookings/", world.body(), Idempotency_Key="k1")
    again = world.caller.post("bookings/", world.body(), Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    other = world.caller.post("bookings/", world.body(units=2), Idempotency_Key="k1")
    assert said(other) == (422, "idempotency_key_reused")
    assert Booking.objects.visible_to(SYSTEM).count() == 1


def test_an_unknown_action_is_no_address(world: World) -> None:
    made = world.caller.post("bookings/", world.body()).json()
    line = made["lines"][0]["id"]
    for action in ("write_in", "send", "finish", "run_out", "delete"):
        assert said(world.keeper.post(f"booking-lines/{line}/{action}/", {})) == (
            404,
            "unknown_path",
        )


def test_answers_say_nothing_of_numbers_in_the_database(world: World) -> None:
    made = world.caller.post("bookings/", world.body())
    shown = json.dumps(made.json()) + world.caller.get("bookings/").content.decode()
    assert "_id" not in shown
    assert '"pk"' not in shown


def _titles(answer: Any) -> list[str]:
    return [one["title"] for one in answer.json()["results"]]


def test_what_is_lost_is_not_free_afterwards(world: World, at: Callable[[str], datetime]) -> None:
    world.chairs.handover = "simple"
    world.chairs.save()
    line = world.body(resource=str(world.chairs.uid), units=50)
    sent = world.caller.post("bookings/", line).json()["lines"][0]["id"]
    days = "starts_at=2027-03-20T10:00:00%2B01:00&ends_at=2027-03-20T12:00:00%2B01:00"
    for action in ("approve", "hand_over"):
        assert world.keeper.post(f"booking-lines/{sent}/{action}/", {}).status_code == 200
    at("2027-03-12T22:00+01:00")
    answer = world.keeper.post(f"booking-lines/{sent}/lost/", {"units": 45})
    assert (answer.status_code, answer.json()["state"]) == (200, "lost")
    shown = world.caller.get(f"resources/{world.chairs.uid}/availability/?{days}").json()
    assert [one["units"] for one in shown["free"]] == [115]


def test_a_program_may_ask_for_the_same_again(world: World) -> None:
    """What must not be sent twice carries an Idempotency-Key."""
    body = world.body(resource=str(world.chairs.uid), units=10)
    answers = [world.caller.post("bookings/", body) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Booking.objects.visible_to(SYSTEM).count() == 2
