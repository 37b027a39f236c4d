"""Two more days of the field: a wedding by phone over a theatre's run; somebody else fetches, the key is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import ask, do, line, lines_of, make_side, make_thing
from tests.days.hands import KEY, THINK, Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_member, make_person
from tests.journeys.visits import Hall, no_wider, pl, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def one(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get(booking__title=title)


def text_of(page: Page) -> str:
    return page.locator("main").inner_text()


def say(hands: Hands, text: str) -> None:
    """Type into the one line, which has the cursor already."""
    hands.typing = True
    hands.fields += 1
    hands.keys += len(text)
    hands.seconds += THINK + KEY * len(text)
    hands.page.keyboard.type(text)
    expect(hands.page.locator("[name=was]")).to_have_value(text)


def test_a_wedding_by_phone_over_a_run_booked_eight_months_before(
    hall: Hall, at: At, stopwatch: Stopwatch
) -> None:
    at("2027-03-02T10:00+01:00")
    house, theatre = make_side("Dom Kultury Zachodni"), make_side("Teatr Kontury", role="staff")
    theatre.person.phone = "600 100 200"
    theatre.person.save()
    big = make_thing(house, "Sala widowiskowa", terms={"horizon_days": 400})
    make_thing(house, "Sala kameralna")
    run = instant("2027-11-13T14:00+01:00")
    (asked,) = ask(
        theatre, line(big, run, 9), title="Dziady", now=instant("2027-03-01T09:00+01:00")
    ).lines
    do(house, asked, "approve", reason="", now=instant("2027-03-01T10:00+01:00"))

    # Eight months later the restaurant's manager, who takes bookings for the same hall, has a bride on the phone.
    at("2027-10-19T12:00+02:00")
    manager = make_person("Karol z Restauracji", language="pl")
    make_member(house.house, manager, role="keeper")
    page = hall.enter(manager, width=390)
    hands = Hands(page)
    page.goto("/desk/")
    with stopwatch("Two channels: the wedding is refused with who has the hall", hands, most=30):
        hands.go(page.locator("main a[href='/write-in/']"))
        say(hands, "so 13.11 16-23 widowiskowa, wesele, p. Kos 700200300")
        answer = page.locator("#answer")
        expect(answer).to_contain_text("Dziady · Teatr Kontury")
    assert no_wider(page)
    # What the bride can have instead, while she is still on the phone.
    with stopwatch("Two channels: the wedding gets the other hall", hands, most=30):
        hands.go(answer.locator("button[name=option]", has_text="Sala kameralna"))
        hands.go(page.locator("button[value=book]"))
    written = Booking.objects.visible_to(SYSTEM).get(borrower=None)
    (kept,) = lines_of(written)
    assert (written.outside_name, kept.shown["titles"]["pl"]) == ("p. Kos", "Sala kameralna")
    assert kept.use_starts_at == instant("2027-11-13T16:00+01:00")
    assert one("Dziady").state == "confirmed"


def test_somebody_else_fetches_the_key_is_missing_and_the_next_comes_on_sunday(
    hall: Hall, at: At, stopwatch: Stopwatch
) -> None:
    at("2027-03-19T14:00+01:00")
    house = make_side("Dom Kultury Zachodni")
    house.house.day_contact_name, house.house.day_contact_phone = "Marta z magazynu", "600 100 200"
    house.house.save()
    choir, cinema = (
        make_side("Chór Cantabile", role="staff"),
        make_side("Kino Studyjne", role="staff"),
    )
    choir.person.phone = "700 200 300"
    choir.person.save()
    boxes = make_thing(
        house,
        "Kolumny",
        kind="pooled",
        units=2,
        category="equipment",
        handover="simple",
    )
    before = instant("2027-03-10T10:00+01:00")
    for side, title, start, end in (
        (choir, "Potańcówka", "2027-03-20T09:00+01:00", "2027-03-21T10:00+01:00"),
        (cinema, "Pokaz", "2027-03-21T11:00+01:00", "2027-03-21T20:00+01:00"),
    ):
        hours = (instant(end) - instant(start)) / timedelta(hours=1)
        (asked,) = ask(
            side, line(boxes, instant(start), hours, units=2), title=title, now=before
        ).lines
        do(house, asked, "approve", reason="", now=before)
    tell()

    # Saturday 9:10. A driver stands at a locked door: from the choir's page it is one tap to who is there.
    at("2027-03-20T09:10+01:00")
    singer = hall.enter(choir.person, width=390)
    hands = Hands(singer)
    singer.goto("/desk/")
    with stopwatch("Sat 9:10 the door is locked: whom to call, and a word", hands, most=40):
        hands.go("Potańcówka")
        assert "Marta z magazynu" in text_of(singer)
        assert singer.locator("a[href='tel:600100200']").count() >= 1
        hands.type(body="Odbiera nasz kierowca, pan Zenek. Stoi pod drzwiami, klucza nie ma.")
        hands.go(singer.locator("#talk form button.btn").last)
    tell()

    # 9:15. Marta reads it, answers from the notice, and hands out to the driver with a word of who took it.
    at("2027-03-20T09:15+01:00")
    page = hall.enter(house.person, width=390)
    hands = Hands(page)
    page.goto("/desk/")
    with stopwatch("Sat 9:15 it is read and answered", hands, most=40):
        hands.go(page.locator("header a[href='/inbox/']"))
        hands.go(page.locator("ol.inbox button", has_text="Potańcówka").first)
        assert "pan Zenek" in page.locator("#talk").inner_text()
        hands.type(body="Klucz u portiera od podwórza.")
        hands.go(page.locator("#talk form button.btn").last)
    page.goto("/today/")
    with stopwatch("Sat 9:20 handed to the driver, with a word", hands, most=30):
        row = page.locator("li", has_text="Potańcówka")
        hands.unfold(row.locator("[name$=condition]"))
        hands.type(condition="zabrał p. Zenek, kierowca chóru")
        hands.go(row.locator("button[value=hand_over]"))
    assert one("Potańcówka").state == "handed_over"
    singer.goto(f"/bookings/{one('Potańcówka').booking.uid}/")
    assert "p. Zenek" in text_of(singer)

    # Sunday 10:20. They are late, and the cinema comes at eleven: it is not back, and the cinema knows.
    at("2027-03-21T10:20+01:00")
    page.goto("/today/")
    with stopwatch("Sun 10:20 not back, the next comes at eleven", hands, most=15):
        row = page.locator("li.day-back", has_text="Potańcówka")
        hands.go(row.locator("button[value=overdue]"))
    tell()
    film = hall.enter(cinema.person, width=390)
    film.goto(f"/bookings/{one('Pokaz').booking.uid}/")
    assert one("Potańcówka").state == "overdue"
    assert pl("Not all may be there") in text_of(film)
    assert film.locator("a[href='tel:600100200']").count() >= 1
