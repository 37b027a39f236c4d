"""Without JavaScript: ask, be refused with reasons and options, take one, answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import DAY, ask, do, line, make_side, make_thing
from tests.journeys.visits import PHONE_FIRST, Hall, fill, pl, press, said, searchable, unfold

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


@PHONE_FIRST
def test_asking_and_answering(hall: Hall, at: At, width: int) -> None:
    at("2027-03-01T10:00+01:00")
    keeper = make_side("Dom Kultury")
    choir = make_side("Chór Cantabile", role="staff")
    first = make_side("Kino Studyjne", role="staff")
    room = make_thing(keeper, "Sala lustrzana")
    searchable(room)
    taken = ask(first, line(room, 17, 2), title="Pokaz").booking
    do(keeper, Line.objects.visible_to(SYSTEM).get(booking=taken), "approve")

    page = hall.enter(choir.person, width=width, java_script_enabled=False)
    page.goto("/catalogue/")
    fill(page, q="sala", date=f"{DAY:%Y-%m-%d}", start="18:00", end="20:00")
    press(page, pl("Search"))
    assert page.locator("#results .card").count() == 0, "it is taken then"
    fill(page, start="20:00", end="22:00")
    press(page, pl("Search"))
    assert page.locator("#results .card h3").all_inner_texts() == ["Sala lustrzana"]
    page.goto(f"/resources/{room.uid}/")
    fill(page, "#ask", date=f"{DAY:%Y-%m-%d}", start="18:00", end="20:00", title="Próba chóru")
    answer = press(page, "do=ask")
    assert answer is not None
    assert answer.status == 409
    refusal = page.locator("#answer .refusal")
    assert pl("It is taken at that time.") in refusal.inner_text()
    assert page.locator("#id_title").input_value() == "Próba chóru"
    assert "Kino Studyjne" not in page.locator("main").inner_text()
    option = refusal.locator(f"form[action*='{room.uid}'] button").first
    with page.expect_navigation():
        option.click()
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]

    desk = hall.enter(keeper.person, width=width, java_script_enabled=False)
    desk.goto("/requests/")
    note = desk.locator("[name$='-note']").first
    unfold(note)
    note.fill("Klucz w portierni.")
    press(desk, pl("Confirm with this"))
    assert said(desk) == [pl("Confirmed. Whoever asked is told now.")]
    page.reload()
    assert page.locator("#thing-1 .chip").inner_text() == "potwierdzone"
    assert "Klucz w portierni." in page.locator("#talk").inner_text()
