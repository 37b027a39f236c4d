"""Monday, half past eight: three requests for one Saturday wait for Marta, and the projector of tonight is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from bookings.models import Line
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from cooperative.people.models import Person
from sharing.models import Resource
from tests.bookings.stage import Side, ask, do, line, make_side, make_thing, wish
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_institution, make_member, make_person
from tests.journeys.visits import Hall, no_wider, pl, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
LAST_WEEK = datetime.fromisoformat("2027-03-03T10:00+01:00")
SATURDAY = datetime.fromisoformat("2027-03-13T17:00+01:00")
TONIGHT = datetime.fromisoformat("2027-03-08T18:00+01:00")
WISHES = {
    "Koncert wiosenny": "Chór Cantabile",
    "Próba generalna": "Teatr Kontur",
    "Pokaz filmu": "Kino Studyjne",
}


def one(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get(booking__title=title)


def mail_to(page: Page, person: Person) -> str:
    """The newest mail to somebody, as the mailbox has it."""
    page.goto("/mailbox/")
    mail = page.locator("main details", has_text=person.email).first
    mail.evaluate("node => node.open = true")
    return mail.inner_text()


@pytest.fixture
def house(at: At) -> Side:
    at("2027-03-08T08:30+01:00")
    side = make_side(house=make_institution("Dom Kultury Pod Lipami"))
    side.house.day_contact_name, side.house.day_contact_phone = "Marta", "600 100 200"
    side.house.save()
    return side


@pytest.fixture
def marta(house: Side) -> Person:
    return make_member(house.house, make_person("Marta Opiekunka", language="pl"), role="keeper")


def test_three_requests_for_one_saturday(
    hall: Hall, house: Side, marta: Person, stopwatch: Stopwatch
) -> None:
    big, small = (make_thing(house, title) for title in ("Sala widowiskowa", "Sala kameralna"))
    searchable(big, small)
    askers = {title: make_side(name, role="staff") for title, name in WISHES.items()}
    for hours, (title, side) in enumerate(askers.items()):
        later = timedelta(hours=hours)
        ask(side, line(big, SATURDAY + later, 3), title=title, now=LAST_WEEK + later)
    tell()
    page = hall.enter(marta, width=390)
    page.goto("/desk/")
    assert page.get_by_text(pl("others ask for the same time")).count() == 3
    hands = Hands(page)
    badge = page.locator(".bar a[href='/requests/'] .count")
    with stopwatch("Mon 8:30 three requests for one Saturday answered", hands, most=60):
        hands.go(page.locator("nav a[href='/requests/']:visible").first)
        assert badge.inner_text() == "3"
        hands.click(request(page, "Koncert wiosenny").locator("button[value=approve]:visible"))
        expect(page.locator("#inbox form.answer")).to_have_count(2)
        assert no_wider(page)
        # What the calendar knows already is filled in: promised to somebody else.
        for left, title in ((1, "Próba generalna"), (0, "Pokaz filmu")):
            hands.click(request(page, title).locator("button[value=decline]"))
            expect(page.locator("#inbox form.answer")).to_have_count(left)
    assert hands.clicks == 4
    expect(badge).to_have_count(0)
    assert [one(title).state for title in WISHES] == ["confirmed", "declined", "declined"]
    tell()
    assert mail_to(page, askers["Koncert wiosenny"].person).startswith("Potwierdzone: Sala widow")
    why = pl("We have promised it to somebody else.")
    for title in ("Próba generalna", "Pokaz filmu"):
        mail = mail_to(page, askers[title].person)
        assert mail.startswith("Odmowa: Sala widowiskowa, so 13 marca 2027")
        assert why in mail
        assert pl("See why and what else is free") in mail
        other = hall.enter(askers[title].person, width=390)
        other.goto(f"/bookings/{one(title).booking.uid}/")
        card = other.locator("#thing-1").inner_text()
        assert why in card
        assert "Sala kameralna" in card
        assert no_wider(other)


def request(page: Page, title: str) -> Locator:
    return page.locator("ul.rivals > li", has=page.get_by_role("heading", name=title))


@pytest.fixture
def projector(house: Side) -> Resource:
    """Tonight with the cinema, whose people sleep until ten; tomorrow morning with a school that has no account."""
    thing = make_thing(house, "Projektor", category="equipment", handover="simple")
    cinema = make_side("Kino Studyjne", role="staff")
    cinema.person.phone, cinema.person.quiet_until_minute = "700 200 300", 600
    cinema.person.save()
    sent = ask(cinema, line(thing, TONIGHT, 4), title="Seans", now=LAST_WEEK)
    do(house, sent.lines[0], "approve", reason="", now=LAST_WEEK)
    write_in(
        by=house.at(LAST_WEEK),
        lender=house.house.pk,
        wish=wish(line(thing, TONIGHT + timedelta(hours=16), 2), title="Lekcja"),
        whom=WrittenFor(name="p. Nowak, szkoła", phone="600 700 800"),
    )
    tell()
    return thing


def out_of_order(hands: Hands, errand: str, stopwatch: Stopwatch) -> None:
    """From where one is told of it, over who has it, to whom one calls."""
    page = hands.page
    with stopwatch(errand, hands, most=30):
        hands.go(page.locator("main a[href*='/broken/']").first)
        assert no_wider(page)
        hands.go(page.locator("form .btn-next"))
        assert no_wider(page)
        hands.go(page.locator("form .btn-danger"))
    assert [one(title).state for title in ("Seans", "Lekcja")] == ["to_settle", "to_settle"]
    assert no_wider(page)


def test_the_projector_of_tonight_is_broken(
    hall: Hall, marta: Person, projector: Resource, stopwatch: Stopwatch
) -> None:
    page = hall.enter(marta, width=390)
    page.goto("/today/")
    hands = Hands(page)
    out_of_order(hands, "Mon 8:40 tonight's projector is broken, on the day's page", stopwatch)

    # Whom to call stands there; who has no account comes first, and is told by phone.
    calls = page.locator("main a[href^='tel:']")
    assert [link.get_attribute("href") for link in calls.all()] == [
        "tel:600700800",
        "tel:700200300",
    ]
    boxes = [link.bounding_box() for link in calls.all()]
    assert [box is not None and box["height"] >= 44 for box in boxes] == [True, True]
    with stopwatch("Mon 8:45 the school is told by phone", hands, most=10):
        school = page.locator("main li", has_text="p. Nowak, szkoła")
        hands.go(school.get_by_role("button", name=pl("Told by phone")))
    assert one("Lekcja").told_by == marta
    assert one("Seans").told_at is None

    # At half past eight the cinema's mails still wait for ten o'clock; this one does not.
    tell()
    person = one("Seans").booking.person
    assert person is not None
    mail = mail_to(page, person)
    assert mail.startswith("Do ustalenia: Projektor, pon 8 marca 2027, 18:00–22:00")
    assert "Zadzwoń: Marta, 600 100 200" in mail
    assert pl("It is being repaired.") in mail
    other = hall.enter(person, width=390)
    other.goto(f"/bookings/{one('Seans').booking.uid}/")
    card = other.locator("#thing-1")
    assert pl("It is being repaired.") in card.inner_text()
    assert card.locator("a[href='tel:600100200']").count() == 1
    assert no_wider(other)


def test_the_code_on_its_case_leads_there_too(
    hall: Hall, marta: Person, projector: Resource, stopwatch: Stopwatch
) -> None:
    page = hall.enter(marta, width=390)
    page.goto(f"/scan/{projector.uid}/")
    errand = "Mon 8:40 tonight's projector is broken, by the code on its case"
    out_of_order(Hands(page), errand, stopwatch)
