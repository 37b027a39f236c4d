"""Parts and companions over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from sharing.models import Resource
from tests.bookings.stage import Side, ask, line, make_side, make_thing
from tests.cooperative.api_caller import Caller, make_token, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


class Floor:
    """A floor, two halls and six microphones of one house; somebody of another."""

    def __init__(self) -> None:
        self.owner, self.guest = make_side("Dom"), make_side("Chór")
        at_once = {"at_once": True}
        self.floor = make_thing(self.owner, "Parter", terms=at_once)
        self.a = make_thing(self.owner, "Sala A", terms=at_once)
        self.b = make_thing(self.owner, "Sala B", terms=at_once)
        self.microphones = make_thing(self.owner, "Mikrofony", kind="pooled", units=6)
        self.keeper, self.member = caller(self.owner), caller(self.guest)

    def parts(self, *parts: tuple[Resource, int], **headers: str) -> Any:
        rows = [{"resource": str(part.uid), "units": units} for part, units in parts]
        return self.keeper.put(f"resources/{self.floor.uid}/parts/", {"parts": rows}, **headers)


def caller(side: Side) -> Caller:
    return Caller(make_token(side.person))


@pytest.fixture
def house() -> Floor:
    return Floor()


def test_parts_are_said_whole_and_shown_from_both_sides(house: Floor) -> None:
    answer = house.parts((house.a, 1), (house.microphones, 4))
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "parts": [
            {"resource": str(house.a.uid), "title": "Sala A", "units": 1},
            {"resource": str(house.microphones.uid), "title": "Mikrofony", "units": 4},
        ],
        "part_of": [],
    }
    seen = house.member.get(f"resources/{house.a.uid}/").json()
    assert [one["title"] for one in seen["part_of"]] == ["Parter"]
    assert house.parts((house.a, 1)).json()["parts"] == answer.json()["parts"][:1]
    whole = house.member.get(f"resources/{house.floor.uid}/").json()
    assert [one["title"] for one in whole["parts"]] == ["Sala A"]


def test_what_is_in_the_way_is_named_and_nothing_changes(house: Floor) -> None:
    house.parts((house.a, 1))
    mine = ask(house.guest, line(house.floor)).lines[0]
    ask(make_side("B"), line(house.b))
    answer = house.parts((house.a, 1), (house.b, 1))
    assert said(answer) == (409, "would_hit")
    assert answer.json()["lines"] == [str(mine.uid)]
    now = house.keeper.get(f"resources/{house.floor.uid}/parts/").json()
    assert [one["title"] for one in now["parts"]] == ["Sala A"]


def test_a_list_made_from_an_older_one_is_refused(house: Floor) -> None:
    tag = house.keeper.get(f"resources/{house.floor.uid}/parts/").headers["ETag"]
    changed = house.parts((house.a, 1), If_Match=tag)
    assert changed.status_code == 200
    assert said(house.parts((house.b, 1), If_Match=tag)) == (412, "changed_meanwhile")
    assert house.parts((house.b, 1), If_Match=changed.headers["ETag"]).status_code == 200
    path = f"resources/{house.floor.uid}/companions/"
    tag = house.keeper.get(path).headers["ETag"]
    rows = [{"resource": str(house.microphones.uid), "kind": "well_with", "units": 2}]
    assert house.keeper.put(path, {"companions": rows}, If_Match=tag).status_code == 200
    stale = house.keeper.put(path, {"companions": []}, If_Match=tag)
    assert said(stale) == (412, "changed_meanwhile")


def test_companions_are_told_to_whoever_sees_the_thing(house: Floor) -> None:
    technician = make_thing(house.owner, "Technik", state="draft")
    path = f"resources/{house.floor.uid}/companions/"
    rows = [
        {"resource": str(technician.uid), "kind": "only_with"},
        {"resource": str(house.microphones.uid), "kind": "well_with", "units": 2},
    ]
    assert house.keeper.put(path, {"companions": rows}).status_code == 200
    seen = house.member.get(path).json()["companions"]
    assert [(one["title"], one["kind"], one["units"]) for one in seen] == [
        ("Technik", "only_with", 1),
        ("Mikrofony", "well_with", 2),
    ]
    assert house.member.get(f"resources/{house.floor.uid}/").json()["companions"] == seen
    Resource.objects.visible_to(house.owner.viewer).filter(pk=house.microphones.pk).update(
        state="draft"
    )
    assert [one["title"] for one in house.member.get(path).json()["companions"]] == ["Technik"]


def test_who_may_not_and_what_is_wrong(house: Floor) -> None:
    path = f"resources/{house.floor.uid}/parts/"
    assert said(house.member.put(path, {"parts": []})) == (403, "forbidden")
    hidden = make_thing(house.owner, "Szkic", state="draft")
    for part in ("parts", "companions"):
        gone = f"resources/{hidden.uid}/{part}/"
        assert said(house.member.get(gone)) == (404, "unknown_resource")
        assert said(house.member.put(gone, {part: []})) == (404, "unknown_resource")
    assert said(house.keeper.put(path, {"parts": [], "units": 1})) == (400, "unknown_field")
    foreign = make_thing(house.guest, "Cudze")
    wrong = house.keeper.put(path, {"parts": [{"resource": str(foreign.uid)}]})
    assert said(wrong) == (400, "invalid")
    assert [one["field"] for one in wrong.json()["errors"]] == ["parts.0.resource"]
    circle = house.keeper.put(path, {"parts": [{"resource": str(house.floor.uid)}]})
    assert said(circle) == (400, "parts_in_a_circle")
