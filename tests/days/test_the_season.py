"""1 September: 14 weekly classes and 60 bookings come from a spreadsheet, 7 of them clash; a keeper with a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from bookings.models import Booking, Line
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import Side, line, make_side, make_thing, wish
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_institution, make_member, make_person
from tests.journeys.visits import Hall, no_wider, pl, said

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
TEN_MINUTES = 600
HEADER = (
    "Sala",
    "Data",
    "Od",
    "Do",
    "Dzień tygodnia",
    "Co tydzień do",
    "Zajęcia",
    "Dla kogo",
    "Tel",
)
MONDAY = date(2027, 9, 6)
LAST = date(2028, 5, 31)
HALLS = ("Sala lustrzana", "Sala kameralna", "Pracownia")
DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek")


def class_row(number: int) -> tuple[object, ...]:
    """Fourteen classes of 38 weeks: three halls, each day of the week, at 16:00; none touches another."""
    day = number % 5
    return (
        HALLS[number // 5],
        MONDAY + timedelta(days=day),
        "16:00",
        "17:30",
        DAYS[day],
        LAST,
        f"Zajęcia {number + 1}",
        "",
        "",
    )


def booking_row(number: int) -> tuple[object, ...]:
    """Sixty hires at ten in the morning, one a day and hall."""
    day = MONDAY + timedelta(days=number // 3)
    times = ("10.00", "12:00")
    return (
        HALLS[number % 3],
        day,
        *times,
        "",
        "",
        f"Wynajem {number + 1}",
        f"Najemca {number + 1}",
        "600 100 200",
    )


def season(folder: Path) -> Path:
    """One file of 74 rows below a title, as a colleague keeps it; 7 rows will clash."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Grafik na sezon 2027/28"])
    sheet.merge_cells("A1:I1")
    sheet.append([])
    sheet.append(HEADER)
    rows = [*(class_row(n) for n in range(14)), *(booking_row(n) for n in range(60))]
    # Two that their own file has given to others: over a class on Tuesday, and over another hire.
    rows[72] = (
        "Sala lustrzana",
        date(2027, 9, 14),
        "17:00",
        "18:30",
        "",
        "",
        "Wynajem 59",
        "Joga",
        "",
    )
    rows[73] = ("Sala lustrzana", MONDAY, "11:00", "13:00", "", "", "Wynajem 60", "Szachy", "")
    for one in rows:
        sheet.append(list(one))
    path = folder / "grafik.xlsx"
    book.save(path)
    return path


def there_already(house: Side, hall: Resource) -> None:
    """What others have of the mirror hall: three evenings of one class, and four mornings."""
    for at in ("2027-09-07T17:00", "2027-09-14T17:00", "2027-09-21T17:00"):
        book(house, hall, at, "Chór Cantabile")
    for day in (7, 8, 9, 10):
        book(house, hall, f"2027-09-{day:02}T11:00", "Kino Studyjne")


def book(house: Side, hall: Resource, at: str, who: str) -> None:
    one = line(hall, datetime.fromisoformat(f"{at}+02:00"), 2)
    write_in(
        by=house.viewer, lender=house.house.pk, wish=wish(one, title=who), whom=WrittenFor(name=who)
    )


def bring(hands: Hands, path: Path) -> None:
    """From the week to the file, read."""
    page = hands.page
    page.goto("/week/")
    hands.go(pl("Timetable from a spreadsheet"))
    with page.expect_file_chooser() as chooser:
        hands.click(page.locator("#id_file"))
    hands.click(page.locator("h1"))  # the file is chosen among others
    chooser.value.set_files(path)
    hands.go(page.get_by_role("button", name=pl("Read the file")))


def waiting(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#waiting li h3").all_inner_texts()]


def decide(hands: Hands, title: str, words: str) -> None:
    row = hands.page.locator(
        "#waiting li", has=hands.page.get_by_role("heading", name=title, exact=True)
    )
    hands.go(row.get_by_role("button", name=words))


def test_the_season(hall: Hall, at: At, tmp_path: Path, stopwatch: Stopwatch) -> None:
    at("2027-09-01T08:00+02:00")
    house = make_side(house=make_institution("Dom Kultury Pod Lipami"))
    keeper = make_person("Hanna Opiekunka", language="pl")
    make_member(house.house, keeper, role="keeper")
    things = [make_thing(house, title) for title in HALLS]
    there_already(house, things[0])
    before = Booking.objects.visible_to(SYSTEM).count()
    path = season(tmp_path)
    page = hall.enter(keeper, width=390)
    hands = Hands(page)

    errand = "1 Sept: 14 classes, 60 bookings, 7 clashes from a spreadsheet"
    with stopwatch(errand, hands, most=TEN_MINUTES):
        bring(hands, path)
        assert no_wider(page)
        hands.go(page.get_by_role("button", name=pl("Look it over")))
        assert no_wider(page)
        assert page.get_by_role("button", name="Zarezerwuj 67 wierszy").is_visible()
        assert len(waiting(page)) == 7
        hands.go(page.get_by_role("button", name="Zarezerwuj 67 wierszy"))
        expect(page.locator("#messages .notice")).to_have_count(1, timeout=60_000)
        assert Booking.objects.visible_to(SYSTEM).count() == before + 67

        # 3 of 38 dates of a class are the choir's: it goes without them.
        page.goto(page.url)
        assert len(waiting(page)) == 7
        dance = page.locator("#waiting li", has_text="Zajęcia 2").first
        assert "3 z 39 terminów kolidują:" in dance.inner_text()
        assert "Chór Cantabile 17:00–19:00" in dance.inner_text()
        decide(hands, "Zajęcia 2", pl("Without these dates"))
        decide(hands, "Wynajem 60", pl("Leave out"))
        for title in waiting(page)[:4]:
            decide(hands, title, pl("Leave out"))
        [last] = waiting(page)
        hands.unfold(page.locator("#waiting li [name$=-start]"))
        hands.type(start="19:00", end="20:30")
        hands.go(page.get_by_role("button", name=pl("Book it so")))
        assert waiting(page) == []
        assert (last, len(said(page))) == ("Wynajem 59", 1)
        assert Booking.objects.visible_to(SYSTEM).count() == before + 69
    assert (hands.clicks, hands.fields, round(hands.seconds)) == (15, 2, 43)

    # The same file again: nothing is doubled, and what was left out stays so.
    bring(hands, path)
    assert waiting(page) == []
    assert page.get_by_role("button", name=pl("Continue")).count() == 0
    assert Booking.objects.visible_to(SYSTEM).count() == before + 69
    classes = Line.objects.visible_to(SYSTEM).filter(series__isnull=False)
    assert classes.values("series").distinct().count() == 14
