"""Own programme, closures and repair over the API: the list before anything is stored, and mistakes taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.bookings.stage import Side, ask, fresh, line, make_side, make_thing
from tests.cooperative.api_caller import Caller, make_token

pytestmark = pytest.mark.django_db
DAY = {"starts_at": "2027-03-10T08:00:00+01:00", "ends_at": "2027-03-10T20:00:00+01:00"}


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T10:00+01:00")


@pytest.fixture
def owner() -> Side:
    return make_side("Dom nad Odrą")


def test_who_is_in_the_way_is_told_and_several_can_be_made_smaller(owner: Side) -> None:
    guest = make_side("Chór")
    chairs = make_thing(owner, "Krzesła", kind="pooled", units=160, terms={"at_once": True})
    two = [ask(guest, line(chairs, 9 + n, units=80), title="Próba").lines[0] for n in range(2)]
    keeper, path = Caller(make_token(owner.person)), f"resources/{chairs.uid}/blocks/"
    body: dict[str, Any] = {**DAY, "kind": "repair", "units": 4}
    no = keeper.post(path, body)
    assert (no.status_code, no.json()["code"]) == (409, "would_hit")
    told = no.json()
    assert (told["lines"], told["today"]) == ([str(two[1].uid)], 0)
    assert told["hits"] == [
        {
            "line": str(two[1].uid),
            "booking": str(two[1].booking.uid),
            "title": "Próba",
            "borrower": "Chór",
            "state": "confirmed",
            "units": 80,
            "use_starts_at": "2027-03-10T11:00:00+01:00",
            "use_ends_at": "2027-03-10T13:00:00+01:00",
        }
    ]
    assert [one["line"] for one in told["others"]] == [str(two[0].uid)]
    made = keeper.post(
        path, {**body, "shrink": [{"line": str(one.uid), "units": 78} for one in two]}
    )
    assert made.status_code == 201, made.content
    assert [fresh(one).units for one in two] == [78, 78]
    back = keeper.delete(f"blocks/{made.json()['id']}/")
    assert sorted(back.json()["restored"]) == sorted(str(one.uid) for one in two)
    assert [fresh(one).units for one in two] == [80, 80]
    assert keeper.delete(f"blocks/{made.json()['id']}/").json() == {
        "restored": [],
        "to_settle": [],
    }


def test_they_are_listed_read_and_moved_by_their_owner_alone(owner: Side) -> None:
    hall = make_thing(owner)
    keeper, other = Caller(make_token(owner.person)), Caller(make_token(make_side().person))
    path = f"resources/{hall.uid}/blocks/"
    made = keeper.post(path, {**DAY, "title": "Premiera"}).json()
    assert (made["kind"], made["units"], made["review_on"]) == ("own_programme", 1, None)
    assert keeper.get(path).json()["results"] == [made]
    moved = keeper.patch(f"blocks/{made['id']}/", {"ends_at": "2027-03-10T21:00:00+01:00"})
    assert moved.json()["ends_at"] == "2027-03-10T21:00:00+01:00"
    assert other.get(path).json()["results"] == []
    assert other.get(f"blocks/{made['id']}/").status_code == 404
    assert other.post(path, DAY).status_code == 403
    assert keeper.post(path, {**DAY, "kind": "lost"}).status_code == 400
