"""A working day of a colleague who needs a room and chairs of other houses, with clicks counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, do, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, no_wider, pl, said, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


def test_a_colleagues_day(hall: Hall, at: At, stopwatch: Stopwatch) -> None:
    at("2027-03-09T09:00+01:00")
    choir = make_side("Chór Cantabile", role="staff")
    house, theatre = make_side("Dom Kultury Pod Lipami"), make_side("Teatr Kontur")
    searchable(
        make_thing(house, "Sala lustrzana"),
        make_thing(theatre, "Krzesła na widownię", kind="pooled", units=120, category="chairs"),
    )
    page = hall.enter(choir.person, width=390)
    hands = Hands(page)

    # 9:00 A room for one evening, found and asked for.
    page.goto("/desk/")
    # Quicker than finding the number of the house.
    with stopwatch("A colleague, 9:00 a room found and asked for", hands, most=45):
        hands.go(page.locator("nav.bar a[href='/catalogue/']"))
        hands.type(q="sala", date="2027-04-17", start="17:00", end="21:00")
        open_found(hands, "Sala", "end=")
        assert page.locator("#answer .notice-ok").is_visible(), "day and hours came along"
        hands.type(title="Próba generalna")
        assert no_wider(page)
        hands.go(page.locator("#ask [value=ask]"))
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    assert (hands.clicks, hands.fields) == (5, 5)

    # 9:10 A room and chairs together, one request to two houses.
    with stopwatch(
        "A colleague, 9:10 a room and chairs of two houses, one request", hands, most=60
    ):
        hands.go(page.locator("nav.bar a[href='/catalogue/']"))
        hands.type(q="sala", date="2027-04-18", start="17:00", end="21:00")
        open_found(hands, "Sala", "end=")
        hands.go(page.locator("#ask [value=add]"))
        hands.go(page.locator("main a[href^='/catalogue/']"))
        hands.type(q="krzesła")
        open_found(hands, "Krzesła")
        assert page.locator("#id_date").input_value() == "2027-04-18", "one set of dates"
        hands.type(units="80")
        hands.go(page.locator("#ask [value=add]"))
        hands.type(title="Koncert majowy")
        hands.go(page.locator("#send-form [value=send]"))
    assert states("Koncert majowy") == ["asked", "asked"]
    assert (hands.clicks, hands.fields) == (11, 7)

    # 12:00 Both houses say yes; the answer is two clicks away.
    at("2027-03-09T12:00+01:00")
    answer([house, theatre])
    tell()
    page.goto("/desk/")
    with stopwatch("A colleague, 12:00 the answer is read", hands, most=10):
        hands.go(page.locator("header a[href='/inbox/']"))
        hands.go(page.locator("ol.inbox button", has_text="Sala lustrzana").first)
    assert page.locator("h1").inner_text() in {"Koncert majowy", "Próba generalna"}
    assert states("Koncert majowy") == ["confirmed", "confirmed"]
    assert hands.clicks == 2

    # 16:00 The rehearsal is off: taken back with two clicks.
    page.goto("/desk/")
    with stopwatch("A colleague, 16:00 one of them is called off", hands, most=15):
        hands.go(page.get_by_role("link", name="Próba generalna"))
        hands.go(page.locator("main a[href*='/cancel/']").first)
        hands.go(page.locator("main .btn-danger"))
    assert states("Próba generalna") == ["cancelled"]
    assert hands.clicks == 3


def open_found(hands: Hands, title: str, along: str = "/resources/") -> None:
    """Enter in the last field; what is found is put in place, and opened with what goes `along` in its address."""
    page = hands.page
    page.keyboard.press("Enter")
    hands.keys += 1
    hands.go(page.locator("#results .card", has_text=title).locator(f"a[href*='{along}']").first)


def answer(houses: list[Side]) -> None:
    now = datetime.fromisoformat("2027-03-09T11:30+01:00")
    for house in houses:
        for one in Line.objects.visible_to(SYSTEM).filter(lender=house.house, state="asked"):
            do(house, one, "approve", reason="", now=now)


def states(title: str) -> list[str]:
    lines = Line.objects.visible_to(SYSTEM).filter(booking__title=title).order_by("position")
    return [line.state for line in lines]
