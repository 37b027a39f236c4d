"""Own programme on the week: by dragging, by typing; what is in the way is shown before anything is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from bookings.models import Block, Line
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import ask, do, line, make_side, make_thing
from tests.factories import make_institution, make_member, make_person
from tests.journeys.visits import BOTH_WIDTHS, Hall, choose, fill, mailed, no_wider, pl, press, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
WEDNESDAY_NIGHT = datetime(2027, 3, 10, 17, tzinfo=UTC)
"""18:00 on the wall in Wrocław."""


def taken_by_hand(thing: Resource) -> list[tuple[datetime, datetime]]:
    rows = Block.objects.filter(resource=thing).order_by("pk")
    return [(row.starts_at, row.ends_at) for row in rows]


@BOTH_WIDTHS
def test_own_programme_is_dragged_or_typed(hall: Hall, at: At, width: int) -> None:
    at("2027-03-01T10:00+01:00")
    house = make_institution("Dom Kultury")
    keeper = make_side(house=house)
    room = make_thing(keeper, "Sala lustrzana")
    page = hall.enter(keeper.person, width=width)
    page.goto(f"/things/{room.uid}/week/?day=2027-03-10")
    assert no_wider(page)
    track = page.locator(".track[data-date='2027-03-10']")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    tall = box["height"] > box["width"]
    first, last = (
        int(page.locator(".week").first.get_attribute(f"data-{one}") or 0)
        for one in ("first", "last")
    )

    def point(minute: int) -> tuple[float, float]:
        part = (minute - first) / (last - first)
        if tall:
            return box["x"] + box["width"] / 2, box["y"] + box["height"] * part
        return box["x"] + box["width"] * part, box["y"] + box["height"] / 2

    page.mouse.move(*point(18 * 60 + 4))
    page.mouse.down()
    page.mouse.move(*point(19 * 60), steps=3)
    page.mouse.move(*point(20 * 60 - 4), steps=3)
    page.mouse.up()
    expect(page.locator("#id_start")).to_have_value("18:00")
    expect(page.locator("#id_end")).to_have_value("20:00")
    fill(page, title="Nasza próba")
    press(page, pl("Enter"))
    fill(page, date="2027-03-11", start="9:00", end="24:00", title="Montaż")
    press(page, pl("Enter"))
    assert taken_by_hand(room) == [
        (WEDNESDAY_NIGHT, datetime(2027, 3, 10, 19, tzinfo=UTC)),
        (datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 11, 23, tzinfo=UTC)),
    ]
    entry = page.locator("ul.waiting > li", has_text="Nasza próba")
    with page.expect_navigation():
        entry.get_by_role("button").click()
    assert len(taken_by_hand(room)) == 1


def test_what_is_in_the_way_is_shown_before_it_gives_way(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    keeper = make_side("Dom Kultury")
    choir = make_side("Chór Cantabile", role="staff")
    person = make_person("Inna Opiekunka", language="pl")
    make_member(keeper.house, person, role="keeper")
    room = make_thing(keeper, "Sala lustrzana")
    asked = ask(choir, line(room, WEDNESDAY_NIGHT, 2), title="Próba chóru").booking
    booked = Line.objects.visible_to(SYSTEM).get(booking=asked)
    do(keeper, booked, "approve")
    tell()
    page = hall.enter(person, width=390)
    page.goto(f"/things/{room.uid}/week/?day=2027-03-10")
    choose(page, "kind", "closure")
    fill(page, date="2027-03-10", start="17:00", end="19:00", title="Zalanie")
    press(page, pl("Enter"))
    hits = page.locator("form.entry fieldset", has=page.locator("[name=hit]"))
    assert "Próba chóru" in hits.inner_text()
    assert "Chór Cantabile" in hits.inner_text()
    assert taken_by_hand(room) == [], "nothing is entered yet"
    assert page.locator("[name=title]").input_value() == "Zalanie"
    assert no_wider(page)
    with page.expect_navigation():
        page.locator("form.entry .btn-danger").click()
    booked.refresh_from_db()
    assert booked.state == "to_settle"
    assert len(taken_by_hand(room)) == 1
    before = len(mailed(page, choir.person.email))
    tell()
    assert len(mailed(page, choir.person.email)) == before + 1
