"""Friday, Sunday, Monday: chairs go out without a network, nobody clicks at night, and six of them do not come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Line
from bookings.services.clockwork import tick
from cooperative import clock
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource, WeeklyHours
from tests.bookings.stage import Side, ask, do, line, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, mailed, no_wider, said, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def one(title: str, thing: str = "Krzesła") -> Line:
    rows = Line.objects.visible_to(SYSTEM).filter(booking__title=title, rest_of__isnull=True)
    return next(row for row in rows if row.shown["titles"]["pl"] == thing)


def rest(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).get(booking__title=title, rest_of__isnull=False)


@pytest.fixture
def house() -> Side:
    """A house whose store is open from Monday to Friday, 7:30 to 16."""
    side = make_side("Dom Kultury Zachodni")
    side.house.day_contact_name, side.house.day_contact_phone = "Marta z magazynu", "600 100 200"
    side.house.save()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=side.house, weekday=day, opens_minute=450, closes_minute=960)
        for day in range(5)
    )
    return side


def lent(
    house: Side, thing: Resource, title: str, start: str, end: str, units: int = 1, by: str = ""
) -> None:
    """Asked and agreed the week before."""
    before = instant("2027-03-01T10:00+01:00")
    begin, length = instant(start), instant(end) - instant(start)
    asker = make_side(by or title, role="staff")
    asker.person.phone = "700 200 300"
    asker.person.save()
    wish = line(thing, begin, length / timedelta(hours=1), units=units)
    sent = ask(asker, wish, title=title, now=before)
    do(house, sent.lines[0], "approve", reason="", now=before)


def ready(page: Page) -> None:
    """Wait until the page's worker has kept what it needs to open without a network."""
    page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            const store = await caches.open("podest-today");
            const parts = document.querySelectorAll("link[rel=stylesheet], script[src]").length;
            while ((await store.keys()).length <= parts) await new Promise((go) => setTimeout(go, 50));
        }"""
    )


def test_out_on_friday_and_back_on_monday(
    hall: Hall, at: At, house: Side, stopwatch: Stopwatch
) -> None:
    at("2027-03-12T13:50+01:00")
    chairs = make_thing(
        house, "Krzesła", kind="pooled", units=120, category="chairs", handover="simple"
    )
    boxes = make_thing(
        house, "Kolumny", kind="pooled", units=2, category="equipment", handover="simple"
    )
    room = make_thing(house, "Sala sąsiedzka")
    weekend = ("2027-03-12T13:45+01:00", "2027-03-15T08:00+01:00")
    lent(house, chairs, "Festyn", *weekend, units=120)
    lent(house, boxes, "Potańcówka", *weekend, units=2)
    lent(house, room, "Wieczór gier", "2027-03-14T18:00+01:00", "2027-03-14T22:30+01:00")
    lent(
        house,
        chairs,
        "Koncert",
        "2027-03-15T10:00+01:00",
        "2027-03-15T15:00+01:00",
        units=120,
        by="Chór Cantabile",
    )

    # Friday 13:50. Two borrowers at the door, no signal in the basement.
    page = hall.enter(house.person, width=390)
    hands = Hands(page)
    page.goto("/today/")
    ready(page)
    page.context.set_offline(True)
    with stopwatch("Fri 13:50 chairs and speakers handed out, no network", hands, most=20):
        for title in ("Festyn", "Potańcówka"):
            hands.click(page.locator("li", has_text=title).locator("button[value=hand_over]"))
    expect(page.locator(".kept-word")).to_have_count(2)
    assert one("Festyn").state == one("Potańcówka", "Kolumny").state == "confirmed"
    assert no_wider(page)
    page.reload()  # the phone was put away: the page opens without a network, and what was done is still there
    expect(page.locator(".kept-word")).to_have_count(2)
    seconds = page.evaluate("Date.now()") / 1000
    page.clock.set_system_time(datetime.fromtimestamp(seconds, UTC) + timedelta(minutes=20))
    at("2027-03-12T14:10+01:00")
    page.context.set_offline(False)
    expect(page.locator(".kept-word")).to_have_count(0, timeout=25_000)
    out = one("Festyn")
    assert (out.state, one("Potańcówka", "Kolumny").state) == ("handed_over", "handed_over")
    assert out.handed_over_at is not None
    assert abs(out.handed_over_at - instant("2027-03-12T13:50+01:00")) < timedelta(minutes=2)

    # Sunday 22:30. Volunteers lock the room; nobody clicks anything, and nobody is alarmed.
    at("2027-03-14T22:30+01:00")
    tick(now=clock.now())
    tell()
    states = {
        title: one(title, thing).state
        for title, thing in (("Wieczór gier", "Sala sąsiedzka"), ("Festyn", "Krzesła"))
    }
    assert states == {"Wieczór gier": "finished", "Festyn": "handed_over"}

    # Monday 7:45. 114 of 120 are back; the next borrower comes at ten, and knows by 7:50.
    at("2027-03-15T07:45+01:00")
    page.goto("/today/")
    hands.rest()
    back = page.locator("li", has_text="Festyn")
    with stopwatch("Mon 7:45 114 of 120 are back", hands, most=15):
        hands.type(units="114")
        hands.click(back.locator("button[value=give_back]"))
        page.wait_for_load_state("load")
        expect(page.locator("li.day-rest")).to_have_count(1)
    assert one("Festyn").state == "returned"
    assert (one("Festyn").units_back, rest("Festyn").units) == (114, 6)
    assert "Chór Cantabile" in " ".join(said(page))
    at("2027-03-15T07:50+01:00")
    tell()
    choir = one("Koncert").booking.person
    assert choir is not None
    [subject] = [words for words in mailed(page, choir.email) if "wszystkiego" in words]
    assert "Krzesła" in subject
    other = hall.enter(choir, width=390)
    other.goto(f"/bookings/{one('Koncert').booking.uid}/")
    assert other.get_by_text("600 100 200").count() >= 1
