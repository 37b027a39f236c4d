"""Cases over the API: the way from a complaint to an answered objection, and who finds nothing there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings.services.clockwork import tick
from tests.bookings.stage import DAY, ask, audited, line, make_side, make_thing
from tests.cooperative.api_caller import Caller, make_token
from tests.factories import make_moderator

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(hours=13)


class World:
    """Yesterday's hall, its owner, who used it, an owner of something else in the same request, and others."""

    def __init__(self) -> None:
        owner, another = make_side("Dom"), make_side("Teatr")
        guest, third = make_side("Chór", role="staff"), make_side("Kino", role="manager")
        free = {"terms": {"at_once": True}}
        wanted = [line(make_thing(owner, "Sala", **free)), line(make_thing(another, "Hol", **free))]
        self.line = ask(guest, *wanted, all_or_nothing=False).lines[0]
        self.guest_uid = str(guest.house.uid)
        tick(now=AFTER)
        people = {"owner": owner, "another": another, "guest": guest, "third": third}
        self.callers = {name: Caller(make_token(side.person)) for name, side in people.items()}
        for name in ("judge", "second judge"):
            self.callers[name] = Caller(make_token(make_moderator()))

    def post(self, who: str, path: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
        answer = self.callers[who].post(path, body)
        assert answer.status_code == status, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def get(self, who: str, path: str, status: int = 200) -> dict[str, Any]:
        answer = self.callers[who].get(path)
        assert answer.status_code == status, answer.content
        told: dict[str, Any] = answer.json()
        return told

    def complain(self, status: int = 200, **body: Any) -> dict[str, Any]:
        return self.post("owner", f"booking-lines/{self.line.uid}/complain/", body, status)


@pytest.fixture
def world(at: Callable[[str], datetime]) -> World:
    at(AFTER.isoformat())
    return World()


def test_from_a_complaint_to_an_answered_objection(world: World) -> None:
    assert world.complain(400, kind="ugly", reason="Brzydko.")["code"] == "unknown_code"
    assert world.complain(400, kind="dirty")["code"] == "required"
    assert world.complain(kind="dirty", reason="Brudno.")["state"] == "disputed"
    (listed,) = world.get("guest", "cases/?role=borrower&state=open")["results"]
    assert (listed["kind"], listed["words"], listed["actions"]) == (
        "dirty", "Brudno.", ["answer", "settle", "bring"],
    )  # fmt: skip
    assert world.get("guest", "cases/?role=lender")["results"] == []
    case = f"cases/{listed['id']}/"
    hidden = [("another", 404), ("third", 404), ("judge", 404)]
    for who, status in hidden:
        world.get(who, case, status)
        world.post(who, f"{case}settle/", {}, status)
        assert world.get(who, "cases/")["results"] == []
        world.post(who, f"booking-lines/{world.line.uid}/resolve/", {"note": "Tak."}, 404)
    world.get("judge", f"bookings/{world.line.booking.uid}/", 404)
    assert world.post("owner", f"{case}bring/", {}, 409)["code"] == "state_conflict"
    assert world.post("guest", f"{case}answer/", {"word": "?"}, 400)["errors"]
    assert world.post("guest", f"{case}answer/", {"words": "Było brudno."})["state"] == "answered"
    assert world.post("owner", f"{case}bring/", {})["state"] == "brought"

    assert world.get("judge", "cases/?role=moderator")["results"][0]["actions"] == ["decide"]
    seen = world.get("judge", case)
    assert [one["body"] for one in seen["messages"]] == ["Brudno.", "Było brudno."]
    world.get("judge", case)
    assert len(world.get("owner", case)["read_at"]) == 2
    assert world.get("owner", case)["messages"] == []
    world.get("judge", f"bookings/{world.line.booking.uid}/messages/", 404)
    world.post("owner", f"{case}decide/", {"outcome": "nothing", "reason": "Nic."}, 403)
    decision = {"outcome": "warning", "outcome_for": world.guest_uid, "reason": "Sprzątamy."}
    decided = world.post("judge", f"{case}decide/", decision)
    assert (decided["state"], decided["outcome"]) == ("decided", "warning")
    assert [one["ends_at"] for one in decided["sanctions"]] == ["2027-07-11T00:00:00+02:00"]
    world.post("guest", f"{case}object/", {"words": "Było brudno."})
    answer = {"upheld": True, "answer": "Racja."}
    world.post("judge", f"{case}answer_objection/", answer, 409)
    lifted = world.post("second judge", f"{case}answer_objection/", answer)
    assert [one["upheld"] for one in lifted["objections"]] == [True]
    assert lifted["sanctions"][0]["lifted_at"].startswith("2027-03-10T14:00")
    audited()
