"""Dates with places, and hours of months, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from sharing.models import Resource
from tests.bookings.stage import Side, ask, line, make_side, make_thing, state_of
from tests.cooperative.api_caller import Caller, make_token, said

pytestmark = pytest.mark.django_db
DAY_OF_IT = "starts_at=2027-03-10T00:00:00%2B01:00&ends_at=2027-03-11T00:00:00%2B01:00"
FIRST = {"starts_at": "2027-03-10T11:00:00+01:00", "ends_at": "2027-03-10T13:00:00+01:00"}
SECOND = {"starts_at": "2027-03-10T15:00:00+01:00", "ends_at": "2027-03-10T17:00:00+01:00"}


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


class House:
    def __init__(self) -> None:
        self.owner, self.guest = make_side("Dom"), make_side("Chór")
        self.workshop = make_thing(
            self.owner, "Warsztat", kind="seated", units=10, terms={"at_once": True}
        )
        self.keeper = Caller(make_token(self.owner.person))
        self.member = Caller(make_token(self.guest.person))

    def add(self, **fields: Any) -> Any:
        return self.keeper.post(f"resources/{self.workshop.uid}/sessions/", {**FIRST, **fields})


@pytest.fixture
def house() -> House:
    return House()


def test_a_date_is_added_shown_and_booked(house: House) -> None:
    made = house.add(title="Glina", units=6)
    assert made.status_code == 201, made.content
    assert made.headers["ETag"] == '"v1"'
    body = made.json()
    assert {name: body[name] for name in ("units", "free_units", "title", "resource", "zone")} == {
        "units": 6,
        "free_units": 6,
        "title": "Glina",
        "resource": str(house.workshop.uid),
        "zone": "Europe/Warsaw",
    }
    house.add(**SECOND)
    new = {"title": "Klasa 4b", "lines": [{"resource": body["resource"], "units": 6, **FIRST}]}
    assert house.member.post("bookings/", new).json()["state"] == "confirmed"
    seen = house.member.get(f"resources/{house.workshop.uid}/availability/?{DAY_OF_IT}").json()
    assert [(one["units"], one["free_units"]) for one in seen["sessions"]] == [(6, 0), (10, 10)]
    assert [one["units"] for one in seen["free"]] == [10]
    assert seen["sessions"][0] == {
        "id": body["id"],
        **FIRST,
        "units": 6,
        "free_units": 0,
        "title": "Glina",
    }


def test_dates_come_in_order_of_time_and_in_pages(house: House) -> None:
    house.add(**SECOND)
    house.add()
    path = f"resources/{house.workshop.uid}/sessions/?limit=1"
    page = house.member.get(path).json()
    assert [one["starts_at"] for one in page["results"]] == [FIRST["starts_at"]]
    rest = house.member.get(page["next"].partition("/api/v1/")[2]).json()
    assert [one["starts_at"] for one in rest["results"]] == [SECOND["starts_at"]]
    assert rest["next"] is None
    none = house.member.get(
        f"resources/{house.workshop.uid}/sessions/?starts_at=2027-03-12T00:00:00%2B01:00"
    )
    assert none.json()["results"] == []


def test_changed_from_the_version_that_was_read(house: House) -> None:
    made = house.add()
    path = f"sessions/{made.json()['id']}/"
    changed = house.keeper.patch(path, {"title": "Glina"}, If_Match='"v1"')
    assert (changed.status_code, changed.json()["title"]) == (200, "Glina")
    assert changed.headers["ETag"] == '"v2"'
    stale = house.keeper.patch(path, {"title": "Wiklina"}, If_Match='"v1"')
    assert said(stale) == (412, "changed_meanwhile")
    assert house.keeper.get(path).json()["title"] == "Glina"
    one = ask(house.guest, line(house.workshop, 10, 2, units=4)).lines[0]
    for body in ({"units": 3}, SECOND):
        refused = house.keeper.patch(path, body)
        assert said(refused) == (409, "would_hit")
        assert refused.json()["lines"] == [str(one.uid)]
    assert house.keeper.patch(path, {"units": 4}).json()["free_units"] == 0


def test_cancelled_knowing_whom_it_hits(house: House) -> None:
    made = house.add().json()
    sent = ask(house.guest, line(house.workshop, 10, 2))
    path = f"sessions/{made['id']}/cancel/"
    assert said(house.keeper.post(path, {})) == (409, "would_hit")
    assert said(house.member.post(path, {"confirmed": True})) == (403, "forbidden")
    done = house.keeper.post(path, {"confirmed": True})
    assert (done.status_code, done.json()["free_units"]) == (200, 0)
    assert done.json()["cancelled_at"]
    again = house.keeper.post(path, {})
    assert again.json() == done.json()
    assert state_of(sent.booking) == "partly_confirmed"
    listed = house.member.get(f"resources/{house.workshop.uid}/sessions/").json()
    assert listed["results"] == []
    back = f"sessions/{made['id']}/restore/"
    assert said(house.member.post(back, {})) == (403, "forbidden")
    restored = house.keeper.post(back, {}).json()
    assert restored == {"restored": [str(sent.lines[0].uid)], "to_settle": []}
    assert house.keeper.post(back, {}).json() == {"restored": [], "to_settle": []}
    assert state_of(sent.booking) == "confirmed"


def test_what_is_wrong_and_what_is_not_for_all(house: House) -> None:
    made = house.add().json()
    assert said(house.add()) == (409, "session_exists")
    backwards = house.add(ends_at=FIRST["starts_at"])
    assert said(backwards)[0] == 400
    assert said(house.add(seats=4)) == (400, "unknown_field")
    hall = make_thing(house.owner, "Sala")
    assert said(house.keeper.post(f"resources/{hall.uid}/sessions/", FIRST)) == (400, "invalid")
    Resource.objects.visible_to(house.owner.viewer).update(state="draft")
    for path in (f"sessions/{made['id']}/", f"resources/{house.workshop.uid}/sessions/"):
        assert house.member.get(path).status_code == 404
    assert house.member.patch(f"sessions/{made['id']}/", {"title": "x"}).status_code == 404
    assert house.member.post(f"sessions/{made['id']}/cancel/", {}).status_code == 404


def test_a_date_is_added_once_for_its_key(house: House) -> None:
    first = house.add()
    path = f"resources/{house.workshop.uid}/sessions/"
    made = house.keeper.post(path, SECOND, Idempotency_Key="a")
    again = house.keeper.post(path, SECOND, Idempotency_Key="a")
    assert again.json() == made.json() != first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


def test_hours_left_of_each_month(house: House) -> None:
    guest: Side = house.guest
    mentor = make_thing(house.owner, "Mentor", kind="metered", units=6, terms={"at_once": True})
    ask(guest, line(mentor, 10, 4))
    window = "starts_at=2027-03-10T00:00:00%2B01:00&ends_at=2027-04-11T00:00:00%2B02:00"
    seen = house.member.get(f"resources/{mentor.uid}/availability/?{window}").json()
    assert seen["months"] == [
        {"month": "2027-03", "minutes": 360, "minutes_left": 120},
        {"month": "2027-04", "minutes": 360, "minutes_left": 360},
    ]
    assert "sessions" not in seen
