"""Who comes, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.bookings.stage import ask, fresh, line, make_side, make_thing
from tests.bookings.test_seats import Workshop
from tests.cooperative.api_caller import Caller, make_token, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T10:00+01:00")


class Calls(Workshop):
    def __init__(self) -> None:
        super().__init__()
        self.member = Caller(make_token(self.school.person))
        self.keeper = Caller(make_token(self.owner.person))
        self.path = f"booking-lines/{self.line.uid}/seats/"

    def put(self, *seats: dict[str, Any], by: Caller | None = None, **headers: str) -> Any:
        return (by or self.member).put(self.path, {"seats": list(seats)}, **headers)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_names_are_written_by_both_sides_from_what_they_read(calls: Calls) -> None:
    empty = calls.member.get(calls.path)
    assert [one["position"] for one in empty.json()["seats"]] == [0, 1, 2, 3]
    ola = {"position": 0, "name": "Ola", "email": "ola@szkola.example", "access_needs": "wózek"}
    written = calls.put(ola, If_Match=empty.headers["ETag"])
    assert written.status_code == 200, written.content
    first = written.json()["seats"][0]
    assert {**first, **ola, "language": "", "food_needs": ""} == first
    stale = calls.put({"position": 0}, by=calls.keeper, If_Match=empty.headers["ETag"])
    assert said(stale) == (412, "changed_meanwhile")
    jan = {"position": 1, "name": "Jan", "language": "uk"}
    later = calls.put(ola, jan, by=calls.keeper, If_Match=written.headers["ETag"])
    assert [one["name"] for one in later.json()["seats"]] == ["Ola", "Jan", "", ""]
    assert calls.member.get(calls.path).json() == later.json()


def test_a_place_is_given_back_once(calls: Calls) -> None:
    seats = calls.member.get(calls.path).json()["seats"]
    path = f"seats/{seats[1]['id']}/drop/"
    first = calls.member.post(path, {})
    assert (first.status_code, first.json()["units"]) == (200, 3)
    assert calls.member.post(path, {}).json()["units"] == 3
    left = calls.member.get(calls.path).json()["seats"]
    assert [one["position"] for one in left] == [0, 2, 3]
    for one in left[1:]:
        calls.keeper.post(f"seats/{one['id']}/drop/", {})
    last = calls.member.post(f"seats/{left[0]['id']}/drop/", {})
    assert said(last) == (409, "last_seat")
    assert fresh(calls.line).units == 1


def test_who_may_not_and_what_is_wrong(calls: Calls) -> None:
    stranger = Caller(make_token(make_side("Obcy").person))
    seat = calls.member.get(calls.path).json()["seats"][0]["id"]
    assert said(stranger.get(calls.path)) == (404, "not_found")
    assert said(calls.put({"position": 0}, by=stranger)) == (404, "not_found")
    assert said(stranger.post(f"seats/{seat}/drop/", {})) == (404, "not_found")
    staff = Caller(make_token(make_side(role="staff", house=calls.owner.house).person))
    assert said(calls.put({"position": 0}, by=staff)) == (403, "forbidden")
    assert said(staff.post(f"seats/{seat}/drop/", {})) == (403, "forbidden")
    assert said(calls.put({"position": 0, "phone": "1"})) == (400, "unknown_field")
    wrong = calls.put({"position": 0, "name": "Ola", "email": "ola"})
    assert [one["field"] for one in wrong.json()["errors"]] == ["seats.0.email"]
    assert said(calls.put({"position": 9, "name": "Ola"})) == (400, "invalid")
    assert said(calls.put({"position": 0, "language": "fr"})) == (400, "unknown_code")


def test_what_has_no_places_has_nobody_on_them(calls: Calls) -> None:
    hall = make_thing(calls.owner, "Sala", terms={"at_once": True})
    plain = ask(calls.school, line(hall)).lines[0]
    path = f"booking-lines/{plain.uid}/seats/"
    assert calls.member.get(path).json() == {"seats": []}
    assert said(calls.member.put(path, {"seats": []})) == (400, "invalid")
