"""Tuesday: forty chairs in nine days where the house asks for fourteen, and a yes that comes within the fourteen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from bookings.models import BookingMessage, Line
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, mailed, no_wider, pl, said, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
FOURTEEN_DAYS = 14 * 1440
WORD = "Koncert przeniesiono do nas, pomożecie?"


def only() -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get()


@pytest.fixture
def theatre(at: At) -> Side:
    """It lends chairs to whoever asks fourteen days ahead, and may be asked for an exception."""
    at("2027-03-09T10:00+01:00")
    side = make_side("Teatr Kontur")
    terms = {"notice_minutes": FOURTEEN_DAYS, "ask_anyway": True}
    chairs = make_thing(side, "Krzesła", kind="pooled", units=120, category="chairs", terms=terms)
    searchable(chairs)
    return side


@pytest.fixture
def choir() -> Side:
    return make_side("Chór Cantabile", role="staff")


def find(hands: Hands, day: str) -> None:
    """From the desk to the chairs, with the day and the hours."""
    page = hands.page
    hands.go(page.locator("nav.bar a[href='/catalogue/']"))
    hands.type(q="krzesła", date=day, start="17:00", end="21:00")
    page.keyboard.press("Enter")
    hands.keys += 1
    hands.go(page.locator("#results .card a[href*='end=']").first)


def story(page: Page) -> str:
    page.goto(f"/bookings/{only().booking.uid}/")
    assert no_wider(page)
    return page.locator("aside").inner_text()


def test_forty_chairs_in_nine_days(
    hall: Hall, theatre: Side, choir: Side, stopwatch: Stopwatch
) -> None:
    page = hall.enter(choir.person, width=390)
    page.goto("/desk/")
    hands = Hands(page)
    with stopwatch("Tue 10:00 forty chairs in nine days, asked for anyway", hands, most=60):
        find(hands, "2027-03-18")
        # The rule is said with the last moment there was, and what would do; and that it can be asked past.
        answer = page.locator("#answer")
        expect(answer).to_contain_text("co najmniej: 14 dni")
        assert no_wider(page)
        hands.type(units="40", title="Koncert wiosenny")
        hands.type(ask_anyway=WORD)
        hands.go(page.locator("button[value=anyway]"))
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    assert (only().state, only().units, only().waived) == ("asked", 40, ["too_late_to_ask"])
    tell()

    # The theatre reads what it is asked to do before it can say yes: on the desk, and with the request.
    exception = pl("Asks for an exception: %(rules)s", rules=pl("asked later than you wish"))
    keeper = hall.enter(theatre.person, width=390)
    keeper.goto("/desk/")
    assert exception in keeper.locator("ul.waiting").inner_text()
    hands = Hands(keeper)
    with stopwatch("Tue 10:30 the exception is made", hands, most=15):
        hands.go(keeper.locator("nav a[href='/requests/']:visible").first)
        card = keeper.locator("#inbox .notice-warn")
        assert exception in card.inner_text()
        assert WORD in card.inner_text()
        hands.click(keeper.locator("#inbox button[value=approve]:visible"))
        expect(keeper.locator("#inbox form.answer")).to_have_count(0)
    assert only().state == "confirmed"
    for one in (page, keeper):
        assert pl("with an exception to house rules asked for") in story(one)
        assert WORD in one.locator("#talk").inner_text()
    [word] = BookingMessage.objects.visible_to(SYSTEM).filter(booking=only().booking)
    assert (word.kind, word.body) == ("waiver", WORD)


def test_asked_sixteen_days_ahead_and_approved_twelve_days_ahead(
    hall: Hall, at: At, theatre: Side, choir: Side, stopwatch: Stopwatch
) -> None:
    page = hall.enter(choir.person, width=390)
    page.goto("/desk/")
    hands = Hands(page)
    with stopwatch("Tue 11:00 chairs asked for sixteen days ahead", hands, most=45):
        find(hands, "2027-03-25")
        hands.type(units="40", title="Koncert wiosenny")
        hands.go(page.locator("#ask button[value=ask]"))
    assert (only().state, only().waived) == ("asked", [])
    tell()
    at("2027-03-13T09:00+01:00")
    keeper = hall.enter(theatre.person, width=390)
    keeper.goto("/desk/")
    hands = Hands(keeper)
    with stopwatch("Sat 9:00 approved twelve days ahead", hands, most=10):
        hands.go(keeper.locator("ul.waiting > li").get_by_role("button", name=pl("Confirm")))
    assert only().state == "confirmed"
    assert keeper.locator(".notice-bad, .notice-warn").count() == 0
    tell()
    assert mailed(page, choir.person.email)[-1].startswith("Potwierdzone: Krzesła ×40")
    assert pl("with an exception to house rules asked for") not in story(page)
