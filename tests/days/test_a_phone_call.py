"""The school's head phones for March: written in with one thumb at 390 pixels, in Polish, quicker than the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import Side, ask, do, line, lines_of, make_side, make_thing
from tests.days.hands import KEY, THINK, Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_institution, make_member, make_person
from tests.journeys.visits import Hall, pl

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
QUICKER_THAN_THE_PHONE = 20
"""Seconds: what came by phone is written in within them."""


@pytest.fixture
def house(at: At) -> Side:
    at("2027-03-01T08:30+01:00")
    side = make_side(house=make_institution("Dom Kultury Pod Lipami"))
    make_thing(side, "Sala lustrzana")
    make_thing(side, "Sala widowiskowa")
    make_thing(side, "Krzesła", kind="pooled", units=120, category="chairs")
    return side


def say(hands: Hands, text: str) -> None:
    """Type into the line, which has the cursor already, key by key; the form below follows."""
    line_field = hands.page.locator("[name=line]")
    expect(line_field).to_be_focused()
    hands.typing = True
    hands.fields += 1
    hands.keys += len(text)
    hands.seconds += THINK + KEY * len(text)
    hands.page.keyboard.type(text)
    expect(hands.page.locator("[name=was]")).to_have_value(text)


def test_the_schools_head_phones_for_march(hall: Hall, house: Side, stopwatch: Stopwatch) -> None:
    person = make_person("Marta Opiekunka", language="pl")
    make_member(house.house, person, role="keeper")
    page = hall.enter(person, width=390)
    hands = Hands(page)
    page.goto("/desk/")
    errand = "Mon 8:35 the school's head phones for March"
    with stopwatch(errand, hands, most=QUICKER_THAN_THE_PHONE):
        hands.go(page.locator("main a[href='/write-in/']"))
        say(hands, "śr 17.03 10-12 lustrzana, szkoła, p. Nowak 600100200")
        expect(page.locator("#answer .notice-ok")).to_be_visible()
        book = page.locator("button[value=book]")
        box = book.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        hands.go(book)
    assert (hands.clicks, hands.fields) == (2, 1)
    booking = Booking.objects.visible_to(SYSTEM).get()
    (one,) = lines_of(booking)
    assert (booking.title, booking.outside_name, booking.outside_phone) == (
        "szkoła",
        "p. Nowak",
        "600100200",
    )
    assert (booking.entered_by, booking.came_by, one.state) == (person, "phone", "confirmed")
    assert one.use_starts_at == datetime.fromisoformat("2027-03-17T10:00+01:00")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # It was the wrong week: one tap, and once more.
    hands.go(page.locator("form[action$='/undo/'] button"))
    assert lines_of(booking)[0].state == "cancelled"


def test_taken_is_said_with_one_tap_to_another_time(hall: Hall, house: Side) -> None:
    mirror = Resource.objects.visible_to(SYSTEM).get(texts__title="Sala lustrzana")
    choir = make_side("Chór Cantabile", role="staff")
    start = datetime.fromisoformat("2027-03-17T10:00+01:00")
    do(house, ask(choir, line(mirror, start), title="Próba chóru").lines[0], "approve")
    page = hall.enter(house.person, width=390)
    hands = Hands(page)
    page.goto("/write-in/")
    say(hands, "śr 17.03 10-12 lustrzana, szkoła, p. Nowak")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("Próba chóru · Chór Cantabile")
    hands.go(answer.locator("button[name=option]", has_text="Sala widowiskowa"))
    hands.go(page.locator("button[value=book]"))
    written = Booking.objects.visible_to(SYSTEM).get(borrower=None)
    assert lines_of(written)[0].resource_id != mirror.pk


def test_dragged_over_in_the_week_of_all_things(hall: Hall, house: Side) -> None:
    page = hall.enter(house.person)
    hands = Hands(page)
    page.goto("/week/?day=2027-03-01")
    row = page.locator("tr", has_text="Sala lustrzana").locator("[data-pick]")
    box = row.bounding_box()
    assert box is not None
    hour = box["width"] / 7 / 14
    with page.expect_navigation(wait_until="load"):
        y = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + (2 * 14 + 2.5) * hour, y)
        page.mouse.down()
        page.mouse.move(box["x"] + (2 * 14 + 3.5) * hour, y)
        page.mouse.up()
    values = [page.locator(f"[name={name}]").input_value() for name in ("date", "start", "end")]
    assert values == ["2027-03-03", "10:00", "12:00"]
    expect(page.locator("#answer .notice-ok")).to_be_visible()
    hands.type(title="Joga", outside_name="p. Lis")
    hands.go(page.locator("button[value=book]"))
    assert Booking.objects.visible_to(SYSTEM).get().title == "Joga"


def test_tapped_in_the_week_of_all_things(hall: Hall, house: Side) -> None:
    page = hall.enter(house.person, width=390, has_touch=True)
    hands = Hands(page)
    page.goto("/week/?day=2027-03-01")
    row = page.locator("tr", has_text="Sala lustrzana").locator("[data-pick]")
    box = row.bounding_box()
    assert box is not None
    hour = box["width"] / 7 / 14
    with page.expect_navigation(wait_until="load"):
        page.touchscreen.tap(box["x"] + (14 + 2.5) * hour, box["y"] + box["height"] / 2)
    names = ("thing-0", "date", "start", "end")
    room = Resource.objects.visible_to(SYSTEM).get(texts__title="Sala lustrzana")
    values = [page.locator(f"[name={name}]").input_value() for name in names]
    assert values == [str(room.uid), "2027-03-02", "10:00", "11:00"]
    expect(page.locator("#answer .notice-ok")).to_be_visible()
    hands.type(end="11:30", title="Joga", outside_name="p. Lis")
    hands.go(page.locator("button[value=book]"))
    [written] = lines_of(Booking.objects.visible_to(SYSTEM).get())
    assert written.use_ends_at == datetime.fromisoformat("2027-03-02T11:30+01:00")


def test_without_a_script_the_button_reads_and_the_next_books(hall: Hall, house: Side) -> None:
    page = hall.enter(house.person, width=390, java_script_enabled=False)
    page.goto("/write-in/")
    page.fill("[name=line]", "śr 17.03 10-12 lustrzana, joga")
    page.get_by_role("button", name=pl("Fill in the form")).click()
    assert page.locator("[name=start]").input_value() == "10:00"
    page.locator("button[value=book]").click()
    assert Booking.objects.visible_to(SYSTEM).get().title == "joga"
