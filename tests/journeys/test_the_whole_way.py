"""One room and 120 chairs, the whole way: listed, published, found, asked, refused with options, approved, told,
handed out, given back, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bookings.models import Line
from bookings.services.clockwork import tick
from cooperative import clock
from cooperative.access.querysets import SYSTEM
from tests.factories import make_institution, make_member, make_moderator, make_person
from tests.journeys.visits import (
    BOTH_WIDTHS,
    Hall,
    choose,
    fill,
    follow,
    mailed,
    no_wider,
    pl,
    press,
    said,
    tell,
    unfold,
)
from tests.sharing.factories import picture

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator, Page

pytestmark = pytest.mark.journey
ROOM, CHAIRS = "Sala prób Kontur", "Krzesła na widownię"


@pytest.mark.proof
@BOTH_WIDTHS
def test_one_room_and_120_chairs(hall: Hall, at: Callable[[str], datetime], width: int) -> None:
    at("2027-03-01T10:00+01:00")
    theatre = make_institution("Teatr Kontur", contact_email="biuro@kontur.example")
    choir = make_institution("Chór Cantabile", contact_email="biuro@cantabile.example")
    circus = make_institution("Cyrk Lokomotywa")
    kaja = make_member(theatre, make_person("Kaja Opiekunka", language="pl"), role="keeper")
    staszek = make_member(choir, make_person("Staszek Pytający", language="pl"))
    ula = make_member(circus, make_person("Ula Spóźniona", language="pl"))
    moderator = make_moderator()

    keeper = hall.enter(kaja, width=width)
    list_thing(keeper, "Sala prób Kontur", "rehearsal-room", 1, photo=True)
    list_thing(keeper, "Krzesła na widownię", "chairs", 120)
    publish_with_changes(hall, keeper, moderator)

    # A colleague elsewhere looks for eighty chairs on Saturday night, and for the room.
    asker = hall.enter(staszek, width=width)
    find_chairs(asker)
    ask(asker, start="18:00", end="22:00", units=80, title="Koncert wiosenny")
    find_room(asker)
    ask(asker, start="18:00", end="22:00", title="Koncert wiosenny")

    # Who comes later is told what stands in the way, and what can be done instead.
    late = hall.enter(ula, width=width)
    refused_then_takes_an_option(late)
    second_in_line(late)
    find_room(late)
    ask(late, start="19:00", end="21:00", title="Popisy cyrkowe")

    tell()
    answer(keeper)
    tell()
    told(asker, "Koncert wiosenny", "potwierdzone", "Klucz w portierni.")
    told(late, "Popisy cyrkowe", "odmowa", "Dołożymy starań innym razem.")
    when = "13 marca 2027"
    assert [(ROOM in one, CHAIRS in one, when in one) for one in mailed(asker, staszek.email)] == [
        (True, False, True),
        (False, True, True),
    ]
    # No to the room; of the chairs, that somebody else has them and one stays next.
    assert [(ROOM in one, CHAIRS in one, when in one) for one in mailed(late, ula.email)] == [
        (True, False, True),
        (False, True, True),
    ]
    asked = pl("New request: %(what)s, %(when)s", what="", when="").split(":")[0]
    assert sum(one.startswith(asked) for one in mailed(keeper, kaja.email)) == 5

    at("2027-03-13T17:30+01:00")
    hand_out(keeper)
    at("2027-03-13T22:30+01:00")
    give_back(keeper)
    tick(now=clock.now())
    assert states("Koncert wiosenny") == ["finished", "returned"]
    at("2027-03-29T10:00+02:00")
    tick(now=clock.now())
    assert states("Koncert wiosenny") == ["closed", "closed"]
    asker.goto("/bookings/?group=over")
    assert asker.get_by_role("link", name="Koncert wiosenny").count() == 2


def list_thing(page: Page, title: str, category: str, units: int, *, photo: bool = False) -> None:
    page.goto("/things/new/")
    fill(page, title=title, category=category, units=units, place="Parter, wejście od podwórza")
    choose(page, "hours_source", "always")
    choose(page, "audience", "cooperative")
    choose(page, "fee_kind", "free")
    if photo:
        page.locator("details:has([name=photos]) > summary").click()
        shot: FilePayload = {"name": "sala.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        page.locator("[name=photos]").set_input_files(shot)
        fill(page, alternative_text="Sala z lustrem")
    assert no_wider(page)
    press(page, "publish=1")
    sent = pl("Sent to the moderators. Colleagues in your house can use it already.")
    assert said(page)[-1] == sent
    assert page.locator("h1").inner_text() == title
    if photo:
        page.goto(page.url + "photos/")
        seen = page.locator("main img")
        assert seen.evaluate("async image => (await image.decode(), image.naturalWidth)") > 0


def publish_with_changes(hall: Hall, keeper: Page, moderator: object) -> None:
    """Changes are asked for with a reason; the keeper reads it, puts it right, and it is published."""
    desk = hall.enter(moderator, width=1280)  # type: ignore[arg-type]
    tick_both(desk)
    choose(desk, "decision", "ask_changes")
    press(desk, pl("Decide"))
    assert desk.locator("main [role=alert]").is_visible(), "without a reason nothing is decided"
    fill(desk, reason="Dopiszcie jedno zdanie opisu.")
    press(desk, pl("Decide"))
    for title in ("Sala prób Kontur", "Krzesła na widownię"):
        keeper.goto("/things/")
        follow(keeper, title)
        assert "Dopiszcie jedno zdanie opisu." in keeper.locator("main").inner_text()
        fill(keeper, summary="Jasna, sucha, blisko windy.")
        press(keeper, pl("Save"))
        press(keeper, "action=publish")
    tick_both(desk)
    choose(desk, "decision", "accept")
    press(desk, pl("Decide"))
    assert desk.locator("input[name=review]").count() == 0


def tick_both(desk: Page) -> None:
    desk.goto("/moderation/?tab=listings")
    waiting = desk.locator("input[name=review]")
    expect(waiting).to_have_count(2)
    for box in waiting.all():
        box.check()


def find_chairs(page: Page) -> None:
    page.goto("/catalogue/")
    fill(page, q="krzesla", date="2027-03-13", start="18:00", end="22:00", units=80)
    with page.expect_response(lambda got: "/catalogue/" in got.url and "units=80" in got.url):
        page.locator("main form [name=units]").press("Enter")
    page.locator("#results .card").first.wait_for()
    assert page.locator("#results .card h3").all_inner_texts() == ["Krzesła na widownię"]
    follow(page, "Krzesła na widownię", within="#results")


def find_room(page: Page) -> None:
    page.goto("/catalogue/?q=sala&date=2027-03-13&start=18:00&end=22:00")
    follow(page, "Sala prób Kontur", within="#results")


def ask(page: Page, *, title: str, **values: object) -> None:
    """The panel says that it is free while one types; then it is asked for."""
    fill(page, "#ask", date="2027-03-13", **values)
    page.locator("#answer .notice-ok").wait_for()
    fill(page, "#ask", title=title)
    assert no_wider(page)
    press(page, "do=ask")
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    assert page.locator("h1").inner_text() == title


def refused_then_takes_an_option(page: Page) -> None:
    page.goto("/catalogue/?q=krzesła")
    follow(page, "Krzesła na widownię", within="#results")
    fill(page, "#ask", title="Popisy cyrkowe", date="2027-03-13", start="19:00", end="21:00")
    fill(page, "#ask", units=60)
    refusal = page.locator("#answer .refusal")
    refusal.wait_for()
    told = pl(
        "It is kept for somebody who asked first, until %(moment)s at the latest. "
        "You can ask as second in line."
    )
    for part in told.split("%(moment)s"):
        assert part.strip() in refusal.inner_text()
    assert "Cantabile" not in page.locator("main").inner_text(), "nobody else's name"
    assert no_wider(page)
    with page.expect_navigation():
        refusal.locator("form:has([name=units][value='40']) button").click()
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]
    assert "40" in page.locator("#thing-1").inner_text()


def second_in_line(page: Page) -> None:
    page.goto("/catalogue/?q=krzesła")
    follow(page, "Krzesła na widownię", within="#results")
    fill(page, "#ask", title="Drugi w kolejce", date="2027-03-13", start="19:00", end="21:00")
    fill(page, "#ask", units=80)
    second = page.locator("#answer .refusal form:has([name=second_in_line]) button")
    with page.expect_navigation():
        second.click()
    assert said(page) == [pl("Sent. You will hear as soon as its owner answers.")]


def answer(page: Page) -> None:
    """Rivals for the room stand side by side: one gets a note, the other a reason."""
    page.goto("/requests/")
    group = page.locator("#inbox > section", has=page.get_by_role("heading", name=ROOM))
    cards = group.locator("ul.rivals > li")
    assert cards.locator("h3").all_inner_texts() == ["Koncert wiosenny", "Popisy cyrkowe"]
    boxes = [card.bounding_box() for card in cards.all()]
    if page.viewport_size == {"width": 1280, "height": 900}:
        assert len({box["y"] for box in boxes if box}) == 1, "side by side"
    assert no_wider(page)
    first = cards.filter(has=page.get_by_role("heading", name="Koncert wiosenny"))
    unfold(first.locator("[name$='-note']"))
    first.locator("[name$='-note']").fill("Klucz w portierni.")
    answered(page, first.get_by_role("button", name=pl("Confirm with this")))
    second = cards.filter(has=page.get_by_role("heading", name="Popisy cyrkowe"))
    unfold(second.locator("[name$=phrase]"))
    second.locator("[name$=phrase]").select_option("promised")
    second.locator("[name$=reason]").fill("Dołożymy starań innym razem.")
    answered(page, second.get_by_role("button", name=pl("Decline"), exact=True))
    assert cards.count() == 0
    chairs = page.locator("#inbox > section", has=page.get_by_role("heading", name=CHAIRS))
    concert = page.get_by_role("heading", name="Koncert wiosenny")
    card = chairs.locator("ul.rivals > li", has=concert)
    answered(page, card.locator("button[value=approve]:visible"))


def answered(page: Page, button: Locator) -> None:
    """Answers go by script: the inbox is put in place anew, without the one that was answered."""
    before = page.locator("#inbox form.answer").count()
    button.click()
    expect(page.locator("#inbox form.answer")).to_have_count(before - 1)


def told(page: Page, title: str, state: str, words: str) -> None:
    """It stands in the inbox, leads to the booking, and there is what the owner wrote."""
    page.goto("/inbox/")
    assert no_wider(page)
    news = page.locator("ol.inbox li", has_text=ROOM)
    with page.expect_navigation():
        news.get_by_role("button").first.click()
    assert page.locator("h1").inner_text() == title
    assert page.locator("#thing-1 .chip").inner_text() == state
    assert words in page.locator("#talk").inner_text()


def hand_out(page: Page) -> None:
    page.goto("/today/")
    row = page.locator("main ol.day > li", has_text=CHAIRS)
    with page.expect_navigation():
        row.locator("button[value=hand_over]").click()
    assert said(page) == [pl("Noted.")]
    assert states("Koncert wiosenny") == ["confirmed", "handed_over"]


def give_back(page: Page) -> None:
    """Two chairs are missing a leg: it is written down where they come in."""
    page.goto("/today/")
    row = page.locator("main ol.day > li.day-back", has_text=CHAIRS)
    unfold(row.locator("[name$=condition]"))
    row.locator("[name$=condition]").fill("Dwa krzesła bez nogi")
    with page.expect_navigation():
        row.locator("button[value=give_back]").click()
    assert said(page) == [pl("Noted.")]


def states(title: str) -> list[str]:
    lines = Line.objects.visible_to(SYSTEM).filter(booking__title=title)
    return sorted(line.state for line in lines)
