"""Writing in over the API, correcting what a booking is about, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookings.models import Booking
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import NOW, Side, line, lines_of, make_side, make_thing, wish
from tests.cooperative.api_caller import Caller, make_token, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at(NOW.isoformat())


def calling(side: Side) -> Caller:
    return Caller(make_token(side.person))


def body(thing: Any, **fields: Any) -> dict[str, Any]:
    (one,) = wish(line(thing)).lines
    times = {"starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat()}
    return {
        "title": "Próba",
        "outside_name": "Szkoła nr 12",
        "outside_phone": "600 100 200",
        "lines": [{"resource": str(thing.uid), **times}],
        **fields,
    }


def test_it_is_confirmed_at_once_and_says_who_entered_it() -> None:
    owner = make_side()
    answer = calling(owner).post("bookings/write-in/", body(make_thing(owner), came_by="email"))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    names = ("state", "borrower", "outside_name", "outside_phone", "entered_by", "came_by")
    assert [told[name] for name in names] == [
        "confirmed",
        None,
        "Szkoła nr 12",
        "600 100 200",
        owner.person.name,
        "email",
    ]
    assert answer.headers["ETag"] == '"v1"'
    undone = calling(owner).post(f"bookings/{told['id']}/undo-write-in/")
    assert (undone.status_code, undone.json()["state"]) == (200, "cancelled")


def test_a_member_is_named_by_its_id_and_may_correct() -> None:
    owner, guest, other = make_side(), make_side("Chór Echo", role="staff"), make_side()
    said_of = {"borrower": str(guest.house.uid), "outside_name": "", "outside_phone": ""}
    told = calling(owner).post("bookings/write-in/", body(make_thing(owner), **said_of)).json()
    assert told["borrower"] == {"id": str(guest.house.uid), "name": "Chór Echo"}
    here = f"bookings/{told['id']}/"
    stale = calling(guest).patch(here, {"title": "Koncert"}, If_Match='"v9"')
    assert said(stale) == (412, "changed_meanwhile")
    found = calling(guest).patch(here, {"title": "Koncert", "expected_people": 30}, If_Match='"v1"')
    assert (found.status_code, found.json()["title"], found.headers["ETag"]) == (
        200,
        "Koncert",
        '"v2"',
    )
    assert said(calling(owner).patch(here, {"title": "x"})) == (403, "forbidden")
    assert said(calling(other).patch(here, {"title": "x"}))[0] == 404
    assert said(calling(guest).patch(here, {"colour": "red"}))[0] == 400
    assert said(calling(guest).patch(here, {"outside_phone": "1"}))[0] == 400


def test_what_repeats_leaves_out_what_is_taken() -> None:
    owner = make_side()
    room = make_thing(owner)
    keeper = calling(owner)
    assert keeper.post("bookings/write-in/", body(room)).status_code == 201
    weekly = body(room)
    weekly["lines"][0]["series"] = {"rule": "FREQ=WEEKLY;COUNT=3"}
    told = keeper.post("bookings/write-in/", weekly).json()
    assert (len(told["lines"]), [one["date"] for one in told["refused"]]) == (2, ["2027-03-10"])
    refused = keeper.post("bookings/write-in/", body(room))
    assert (said(refused), refused.json()["reasons"][0]["code"]) == ((409, "not_possible"), "taken")


def test_who_may_not_and_what_cannot_be() -> None:
    owner, other, staff = make_side(), make_side(), make_side(role="staff")
    room, hidden = make_thing(owner), make_thing(other, state="draft")
    keeper = calling(owner)
    answers = [
        calling(staff).post("bookings/write-in/", body(make_thing(staff))),
        calling(other).post("bookings/write-in/", body(room)),
        keeper.post("bookings/write-in/", body(hidden)),
        keeper.post("bookings/write-in/", body(room, outside_name="")),
        keeper.post("bookings/write-in/", body(room, borrower=str(other.house.uid))),
        keeper.post("bookings/write-in/", body(room, came_by="pigeon")),
        keeper.post("bookings/write-in/", body(room, ask_anyway="x")),
        keeper.post("bookings/write-in/", body(room, outside_email="x")),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 404, 400, 400, 400, 400, 400]
    nobody = body(room, borrower=str(room.uid), outside_name="", outside_phone="")
    assert said(keeper.post("bookings/write-in/", nobody)) == (404, "not_found")
    assert not Booking.objects.visible_to(SYSTEM).exists()


def test_a_key_writes_it_in_once() -> None:
    owner = make_side()
    sent = body(make_thing(owner))
    for _again in range(2):
        answer = calling(owner).post("bookings/write-in/", sent, Idempotency_Key="k")
        assert answer.status_code == 201
    assert len(lines_of(Booking.objects.visible_to(SYSTEM).get())) == 1
