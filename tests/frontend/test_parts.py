"""The page of what a thing is made of and what it comes with."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cooperative.access.querysets import SYSTEM
from sharing.models import Companion, Resource, ResourcePart, ResourceText
from tests.bookings.stage import Side, ask, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


class Floor:
    def __init__(self) -> None:
        self.owner = make_side("Dom")
        at_once = {"at_once": True}
        self.floor = make_thing(self.owner, "Parter", terms=at_once)
        self.a = make_thing(self.owner, "Sala A", terms=at_once)
        self.b = make_thing(self.owner, "Sala B", terms=at_once)
        self.microphones = make_thing(self.owner, "Mikrofony", kind="pooled", units=6)
        self.client = signed_in(self.owner)
        self.url = f"/things/{self.floor.uid}/parts/"

    @property
    def parts(self) -> list[tuple[str, int]]:
        rows = ResourcePart.objects.filter(whole=self.floor).order_by("position")
        return [(titled(row.part_id), row.units) for row in rows]


def titled(number: int) -> str:
    return str(ResourceText.objects.visible_to(SYSTEM).get(resource=number).title)


@pytest.fixture
def house(at: At) -> Floor:
    at(MONDAY)
    return Floor()


def save(client: Client, url: str, which: str, *rows: dict[str, Any], **more: str) -> Any:
    """Send a list as its form does: `rows` in place of what it shows."""
    page = client.get(url).context
    data: dict[str, str] = {
        "action": which,
        "seen": page["seen"][which],
        f"{which}-TOTAL_FORMS": str(len(rows)),
        f"{which}-INITIAL_FORMS": str(page[which].initial_form_count()),
        **more,
    }
    for number, row in enumerate(rows):
        data |= {f"{which}-{number}-{name}": str(value) for name, value in row.items()}
    return client.post(url, data)


def part(thing: Resource, units: int = 1, **more: Any) -> dict[str, Any]:
    return {"resource": thing.uid, "units": units, **more}


def test_parts_are_chosen_counted_and_taken_out(house: Floor) -> None:
    chosen = save(
        house.client, house.url, "parts", part(house.a), part(house.microphones, 4), {"units": 1}
    )
    assert chosen.status_code == 302
    assert house.parts == [("Sala A", 1), ("Mikrofony", 4)]
    page = house.client.get(house.url)
    assert [row.title for row in page.context["parts"]][:2] == ["Sala A", "Mikrofony (6)"]
    rows = (part(house.a, DELETE="on"), part(house.microphones, 5), part(house.b))
    assert save(house.client, house.url, "parts", *rows).status_code == 302
    assert house.parts == [("Mikrofony", 5), ("Sala B", 1)]
    inside = house.client.get(f"/things/{house.b.uid}/parts/")
    assert "It is a part of Parter" in text_of(inside)


def test_bookings_in_the_way_are_listed_and_the_list_is_kept(house: Floor) -> None:
    save(house.client, house.url, "parts", part(house.a))
    guest = make_side("Chór")
    ask(guest, line(house.floor), title="Koncert")
    ask(make_side("B"), line(house.b))
    answer = save(house.client, house.url, "parts", part(house.a), part(house.b))
    assert answer.status_code == 409
    assert [(one.title, one.who) for one in answer.context["hits"]] == [("Koncert", "Chór")]
    assert [row.title for row in answer.context["parts"]][:2] == ["Sala A", "Sala B"]
    assert house.parts == [("Sala A", 1)]


def test_what_is_wrong_stands_at_its_row(house: Floor) -> None:
    answer = save(house.client, house.url, "parts", part(house.a), part(house.microphones, 7))
    assert answer.status_code == 422
    assert [dict(row.errors) for row in answer.context["parts"]] == [
        {},
        {"units": ["There are not so many."]},
    ]
    twice = save(house.client, house.url, "parts", part(house.a), part(house.a))
    assert twice.context["parts"].forms[1].non_field_errors() == ["It is named twice."]
    house.client.post(
        f"/things/{house.a.uid}/parts/",
        {
            "action": "parts",
            "parts-TOTAL_FORMS": "1",
            "parts-INITIAL_FORMS": "0",
            "parts-0-resource": str(house.floor.uid),
            "parts-0-units": "1",
        },
    )
    circle = save(house.client, house.url, "parts", part(house.a))
    assert circle.context["parts"].non_form_errors() == ["Nothing can be a part of itself."]
    assert house.parts == []


def test_who_saves_second_is_told_what_stands_there_now(house: Floor) -> None:
    stale = house.client.get(house.url).context["seen"]["parts"]
    save(house.client, house.url, "parts", part(house.a))
    answer = save(house.client, house.url, "parts", part(house.b), seen=stale)
    assert answer.status_code == 409
    assert "Somebody else changed this list meanwhile" in text_of(answer)
    assert answer.context["now"] == ["Sala A"]
    fresh = answer.context["seen"]["parts"]
    assert save(house.client, house.url, "parts", part(house.b), seen=fresh).status_code == 302
    assert house.parts == [("Sala B", 1)]


def test_what_it_comes_with(house: Floor) -> None:
    mentor = make_thing(house.owner, "Realizator", kind="metered", units=20)
    rows = (part(mentor, kind="only_with"), part(house.microphones, 2, kind="well_with"))
    assert save(house.client, house.url, "companions", *rows).status_code == 302
    kept = Companion.objects.filter(resource=house.floor).order_by("position")
    assert [(row.kind, row.units) for row in kept] == [("only_with", 1), ("well_with", 2)]
    wrong = save(house.client, house.url, "companions", part(house.a, kind=""))
    assert "kind" in wrong.context["companions"].forms[0].errors


def test_only_its_own_house_and_only_what_has_parts(house: Floor) -> None:
    stranger = signed_in(make_side())
    assert stranger.get(house.url).status_code == 403
    guide = make_thing(house.owner, "Poradnik", kind="open")
    assert house.client.get(f"/things/{guide.uid}/parts/").status_code == 404
    tabs = house.client.get(f"/things/{guide.uid}/").context["head"].tabs
    assert [tab.value for tab in tabs] == ["thing", "thing-photos"]
    pool = house.client.get(f"/things/{house.microphones.uid}/parts/")
    assert not pool.context["may_have_parts"]


def test_three_parts_take_no_more_statements_than_one(house: Floor) -> None:
    save(house.client, house.url, "parts", part(house.a))
    few = statements(house.client, house.url)
    save(house.client, house.url, "parts", part(house.a), part(house.b), part(house.microphones))
    assert statements(house.client, house.url) == few


def test_staff_may_not(house: Floor) -> None:
    staff: Side = make_side(role="staff", house=house.owner.house)
    assert signed_in(staff).get(house.url).status_code == 403
