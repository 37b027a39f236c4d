"""Thursday: chairs for a concert, from a store that is closed then: fetch and return proposed, moved, accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from sharing.models import WeeklyHours
from tests.bookings.stage import Side, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, no_wider, pl, said, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def one(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).get(booking__title=title)


def times(line: Line) -> tuple[datetime, datetime]:
    return line.use_starts_at, line.use_ends_at


@pytest.fixture
def house() -> Side:
    """A house whose store is open from Monday to Friday, 8 to 15."""
    side = make_side("Dom Kultury Zachodni")
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=side.house, weekday=day, opens_minute=480, closes_minute=900)
        for day in range(5)
    )
    return side


def test_fetch_and_return_are_proposed_moved_and_accepted(
    hall: Hall, at: At, house: Side, stopwatch: Stopwatch
) -> None:
    at("2027-03-11T10:00+01:00")
    chairs = make_thing(
        house,
        "Krzesła",
        kind="pooled",
        units=120,
        category="chairs",
        handover="simple",
        hours_source="house",
    )
    searchable(chairs)
    choir = make_side("Chór Cantabile", role="staff")
    event = (instant("2027-03-20T18:00+01:00"), instant("2027-03-20T22:00+01:00"))

    # Thursday 10:00. Found by a day alone; the choir says when the concert is, the panel when the store is open.
    page = hall.enter(choir.person, width=390)
    hands = Hands(page)
    page.goto("/catalogue/")
    with stopwatch(
        "Thu concert: chairs asked for, fetched at another hour than proposed", hands, most=60
    ):
        hands.type(q="krzesła", date="2027-03-20")
        with page.expect_response(lambda got: "/catalogue/?" in got.url):
            page.keyboard.press("Enter")
        page.locator("#results .card").first.wait_for()
        hands.go(page.locator("#results .card a").first)
        assert page.locator("#id_date").input_value() == "2027-03-20"
        hands.type(start="18:00", end="22:00", units="80", title="Koncert w sobotę")
        expect(page.locator("#fetching")).to_contain_text(pl("Proposed by opening hours:"))
        proposed = "odbiór pt 19 marca, 13:00–15:00, zwrot pon 22 marca, 08:00–10:00"
        expect(page.locator("#fetching")).to_contain_text(proposed)
        hands.click(page.get_by_role("link", name=pl("Choose other times")))
        hands.type(fetch_time="09:00")
        free = pl("Free: %(when)s", when="pt 19 marca, 09:00 – pon 22 marca, 10:00")
        expect(page.locator("#answer .notice-ok")).to_contain_text(free)
        assert no_wider(page)
        hands.go(page.locator("#ask [value=ask]"))
    asked = one("Koncert w sobotę")
    assert times(asked) == (instant("2027-03-19T09:00+01:00"), instant("2027-03-22T10:00+01:00"))
    assert (asked.event_starts_at, asked.event_ends_at) == event

    # 10:30. The house says yes; then the truck comes on Monday: could they be back by noon? A proposal.
    at("2027-03-11T10:30+01:00")
    keeper = hall.enter(house.person, width=390)
    hands = Hands(keeper)
    keeper.goto("/requests/")
    hands.click(keeper.locator("form.answer button.btn-wide[value=approve]"))
    expect(keeper.locator("#inbox form.answer")).to_have_count(0)
    assert one("Koncert w sobotę").state == "confirmed"
    with stopwatch("Thu concert: the owner moves the return", hands, most=30):
        keeper.goto(f"/bookings/{asked.booking.uid}/")
        hands.go(pl("Propose something else"))
        hands.type(end="12:00")
        hands.go(keeper.locator("form .btn-next"))
    assert said(keeper) == [
        pl(
            "Proposed. It waits for the other side until %(moment)s.",
            moment="wt 16 marca, 10:30",
        )
    ]
    at("2027-03-11T10:40+01:00")
    tell()
    page.goto("/desk/")
    hands = Hands(page)
    with stopwatch("Thu concert: what the owner moved is accepted", hands, most=20):
        hands.go(page.get_by_role("link", name=pl("See and answer")))
        hands.go(page.get_by_role("button", name=pl("Take it")))
    assert times(one("Koncert w sobotę")) == (
        instant("2027-03-19T09:00+01:00"),
        instant("2027-03-22T12:00+01:00"),
    )
    moved = one("Koncert w sobotę")
    assert (moved.event_starts_at, moved.event_ends_at) == event


def test_a_part_of_the_day_in_place_of_hours(
    hall: Hall, at: At, house: Side, stopwatch: Stopwatch
) -> None:
    at("2027-03-11T10:00+01:00")
    room = make_thing(house, "Sala lustrzana", hours_source="house")
    searchable(room)
    choir = make_side("Chór Cantabile", role="staff")
    page = hall.enter(choir.person, width=390)
    hands = Hands(page)
    page.goto("/catalogue/?q=sala&date=2027-03-17")
    with stopwatch("Thu a room for a morning, by a day and a part of it", hands, most=20):
        hands.go(page.locator("#results .card a").first)
        free = page.locator("#answer .notice-ok")
        for part, hours in (
            ("morning", "08:00–13:00"),
            ("afternoon", "13:00–15:00"),  # as long as the house is open
            ("day", "08:00–15:00"),
        ):
            page.locator("#id_part").select_option(part)
            said = pl("Free: %(when)s", when=f"śr 17 marca, {hours}")
            expect(free).to_contain_text(said)
        page.locator("#id_part").select_option("evening")
        expect(page.locator("#answer")).to_contain_text("Tego dnia czynne: 08:00–15:00.")
        page.locator("#id_part").select_option("morning")
        hands.type(title="Próba przed koncertem")
        expect(free).to_contain_text("08:00–13:00")
        hands.go(page.locator("#ask [value=ask]"))
    assert times(one("Próba przed koncertem")) == (
        instant("2027-03-17T08:00+01:00"),
        instant("2027-03-17T13:00+01:00"),
    )
