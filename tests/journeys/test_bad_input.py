"""What is typed wrong stays in the form, with a sentence beside it; nothing is stored and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource, ResourcePhoto
from tests.bookings.stage import make_side, make_thing
from tests.journeys.visits import Hall, choose, fill, no_wider, pl, press, said, unfold, wrong
from tests.sharing.factories import picture

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]

NIGHT = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "units": 5}
CASES = (
    ({**NIGHT, "start": "20:00", "end": "18:00"}, "Koniec jest przed początkiem."),
    ({**NIGHT, "start": "20:00"}, "Początek i koniec są takie same: długość wynosi zero."),
    ({**NIGHT, "date": "2027-02-10"}, "Ten czas już minął."),
    (
        {**NIGHT, "date": "2027-03-28", "start": "2:30", "end": "6:00"},
        "Tej nocy zegar przeskakuje tę godzinę; ona nie istnieje.",
    ),
    ({**NIGHT, "start": "25:61"}, "Dzień ma godziny od 00:00 do 24:00."),
    ({**NIGHT, "date": "0001-01-01"}, "Czas od 2000 do 2199 roku."),
    ({**NIGHT, "units": 0}, "Upewnij się, że ta wartość jest większa lub równa 1."),
    ({**NIGHT, "units": 121}, "Jest tylko 120."),
)


def sent() -> int:
    return Booking.objects.visible_to(SYSTEM).count()


def test_times_and_numbers_that_cannot_be_asked_for(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    choir = make_side("Chór Cantabile", role="staff")
    chairs = make_thing(
        make_side("Teatr Kontur"), "Krzesła", kind="pooled", units=120, terms={"ask_anyway": False}
    )
    page = hall.enter(choir.person, width=390)
    for values, sentence in CASES:
        page.goto(f"/resources/{chairs.uid}/")
        fill(page, "#ask", title="Koncert", **values)
        # The panel's button goes while it says no; Enter in a field sends what is typed all the same.
        with page.expect_navigation() as brought:
            page.locator("#id_title").press("Enter")
        assert brought.value.status in {409, 422}, values
        assert sentence in page.locator("#ask").inner_text().splitlines()
        for name, value in {**values, "title": "Koncert"}.items():
            assert page.locator(f"#ask-form [name={name}]").input_value() == str(value), values
        assert no_wider(page)
    assert sent() == 0


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.proof)])
def test_an_end_after_midnight_leads_to_the_last_day(hall: Hall, at: At, script: bool) -> None:
    at("2027-03-01T10:00+01:00")
    room = make_thing(make_side("Teatr Kontur"), "Sala prób")
    person = make_side("Chór Cantabile", role="staff").person
    page = hall.enter(person, width=390, java_script_enabled=script)
    page.goto(f"/resources/{room.uid}/")
    fill(page, "#ask", title="Noc", date="2027-03-10", start="22:00", end="02:00")
    if not script:
        press(page, "do=ask", within="#ask")
    page.locator("#answer .notice-warn").wait_for()
    named = page.locator("label[for=id_end_date]").inner_text(timeout=2_000).split("(")[0].strip()
    sentence = pl("For an end on the next day, fill in “%(field)s”.", field=named)
    assert sentence in page.locator("#answer").inner_text()
    if not script:
        assert sentence in wrong(page)
    # What it speaks of is there to be filled in, without a look for it.
    page.locator("#id_end_date").fill("2027-03-11", timeout=2_000)
    press(page, "do=ask", within="#ask")
    assert sent() == 1


@pytest.mark.parametrize(
    "before", ["", pytest.param("Ustawione wcześniej", marks=pytest.mark.proof)]
)
def test_an_option_takes_along_what_was_typed_a_moment_ago(hall: Hall, at: At, before: str) -> None:
    at("2027-03-01T10:00+01:00")
    chairs = make_thing(make_side("Teatr Kontur"), "Krzesła", kind="pooled", units=120)
    page = hall.enter(make_side("Chór Cantabile", role="staff").person)
    page.goto(f"/resources/{chairs.uid}/")
    fill(page, "#ask", title=before, **NIGHT | {"units": 121})
    option = page.locator("#answer .refusal form:has([name=units][value='120']) button")
    option.wait_for()
    unfold(page.locator("#id_purpose"))
    with page.expect_navigation():
        # Typed and chosen in one go: no answer of the panel comes between.
        option.evaluate(
            """button => {
                document.getElementById("id_title").value = "Popisy";
                document.getElementById("id_purpose").value = "Pokaz na rynku.";
                button.click();
            }"""
        )
    if before:
        booking = Booking.objects.visible_to(SYSTEM).get()
        assert (booking.title, booking.purpose) == ("Popisy", "Pokaz na rynku.")
    else:
        # The button said that it fills the form, and no more.
        assert sent() == 0
        assert page.locator("#id_units").input_value() == "120"
        assert page.locator("#id_title").input_value() == "Popisy"
        assert page.locator("#id_purpose").input_value() == "Pokaz na rynku."


@pytest.mark.proof
def test_an_hour_that_exists_twice_is_asked_back(hall: Hall, at: At) -> None:
    at("2027-10-01T10:00+02:00")
    choir = make_side("Chór Cantabile", role="staff")
    room = make_thing(make_side("Teatr Kontur"), "Sala prób")
    page = hall.enter(choir.person, width=390)
    page.goto(f"/resources/{room.uid}/")
    fill(page, "#ask", title="Noc teatrów", date="2027-10-31", start="2:30", end="6:00")
    answers = page.locator("#answer [name=start_offset][type=radio]")
    answers.first.wait_for()
    assert [one.get_attribute("value") for one in answers.all()] == ["+02:00", "+01:00"]
    answers.nth(1).check()
    page.locator("#answer .notice-ok").wait_for()
    press(page, "do=ask")
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    (one,) = Line.objects.visible_to(SYSTEM)
    assert one.use_starts_at == datetime.fromisoformat("2027-10-31T02:30+01:00")


def test_a_second_click_sends_nothing_twice(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    choir = make_side("Chór Cantabile", role="staff")
    room = make_thing(make_side("Teatr Kontur"), "Sala prób")
    page = hall.enter(choir.person)
    page.goto(f"/resources/{room.uid}/")
    fill(page, "#ask", title="Próba", date="2027-03-10", start="18:00", end="20:00")
    page.locator("#answer .notice-ok").wait_for()
    with page.expect_navigation():
        page.locator("#ask [value=ask]").dblclick()
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    assert sent() == 1


@pytest.mark.proof
def test_pictures_that_are_none_and_texts_without_end(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    keeper = make_side("Teatr Kontur")
    room = make_thing(keeper, "Sala prób")
    page = hall.enter(keeper.person)
    page.goto(f"/things/{room.uid}/photos/")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name, content in (("plan.png", svg), ("pusty.jpg", b""), ("dobry.jpg", picture()[:900])):
        image: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
        page.locator("[name=photos]").set_input_files(image)
        with page.expect_navigation():
            page.locator("aside form button").click()
        assert name in page.locator("main").inner_text(), "which of them, and why not"
    assert ResourcePhoto.objects.visible_to(SYSTEM).count() == 0

    page.goto("/things/new/")
    fill(page, title="Długi opis", category="rehearsal-room")
    choose(page, "hours_source", "always")
    paste(page, "a" * 1_000_000)
    assert page.locator("[name=body]").evaluate("node => node.value.length") == 1_000_000
    assert page.locator("main [role=alert]").is_visible()
    # More than a form ever takes: the server stops reading, and says that something was wrong.
    status, answer = page.evaluate(
        """async () => {
            const form = new FormData(document.querySelector("form.listing"));
            form.set("body", "a".repeat(10_000_000));
            const got = await fetch("", {method: "POST", body: form});
            return [got.status, await got.text()];
        }"""
    )
    assert status == 413
    assert pl("This is too much at once") in answer
    assert Resource.objects.visible_to(SYSTEM).count() == 1


def paste(page: Page, text: str) -> None:
    """As a program would: the field itself takes no more than it may."""
    write = "(node, text) => { node.removeAttribute('maxlength'); node.value = text; }"
    page.locator("[name=body]").evaluate(write, text)
    with page.expect_navigation():
        page.locator("form.listing .actions button").last.click()
