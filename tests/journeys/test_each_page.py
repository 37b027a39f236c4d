"""Each page once, in the role that sees most: axe finds nothing, nothing goes wrong, nothing lies beside the screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings

from frontend.urls import urlpatterns
from tests.journeys.town import Town, make_town
from tests.journeys.visits import Hall, no_wider, tell

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
Paths = dict[str, Callable[[Town], str]]
PROOF = os.environ.get("PODEST_PROOF") == "1"
PHONE = 390
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WORK: Paths = {
    "desk": lambda town: "/desk/",
    "catalogue": lambda town: "/catalogue/?q=sala",
    "resource": lambda town: f"/resources/{town.room.uid}/?date=2027-03-10&start=18:00&end=20:00",
    "period": lambda town: f"/resources/{town.room.uid}/period/",
    "dated-resource": lambda town: f"/resources/{town.workshop.uid}/",
    "seated-booking": lambda town: f"/bookings/{town.places.uid}/",
    "request": lambda town: "/request/",
    "bookings": lambda town: "/bookings/?side=lender&group=open",
    "booking": lambda town: f"/bookings/{town.confirmed.uid}/",
    "booking-action": lambda town: f"/bookings/{town.asked.uid}/withdraw/",
    "proposals": lambda town: f"/bookings/{town.sometime.uid}/",
    "propose": lambda town: f"/lines/{town.line(town.asked)}/propose/",
    "series-booking": lambda town: f"/bookings/{town.weekly.uid}/",
    "series": lambda town: f"/series/{town.series}/",
    "line-fee": lambda town: f"/lines/{town.line(town.confirmed)}/fee/",
    "line-action": lambda town: f"/lines/{town.line(town.confirmed)}/take_back/",
    "inbox": lambda town: "/inbox/",
    "cases": lambda town: "/cases/",
    "case": lambda town: f"/cases/{town.case}/",
    "not-there": lambda town: f"/lines/{town.line(town.confirmed)}/not-there/",
    "requests": lambda town: "/requests/",
    "line-seats": lambda town: f"/lines/{town.line(town.places)}/seats/",
    "seat-drop": lambda town: f"/seats/{town.seat}/drop/",
    "today": lambda town: "/today/?day=2027-03-10",
    "weeks": lambda town: "/week/?day=2027-03-10",
    "week": lambda town: f"/things/{town.room.uid}/week/?day=2027-03-10",
    "write-in": lambda town: (
        "/write-in/?line=śr 10.03 18-20 sala lustrzana, chór Echo, p. Nowak 600 100 200"
    ),
    "booking-correct": lambda town: f"/bookings/{town.asked.uid}/correct/",
    "questions": lambda town: "/questions/",
    "ask-question": lambda town: f"/resources/{town.theirs}/question/",
    "question": lambda town: f"/questions/{town.question}/",
    "paper": lambda town: f"/bookings/{town.confirmed.uid}/paper/",
    "accessibility": lambda town: "/accessibility/",
    "styleguide": lambda town: "/styleguide/",
}
HOUSE: Paths = {
    "things": lambda town: "/things/",
    "thing-new": lambda town: "/things/new/",
    "thing": lambda town: f"/things/{town.room.uid}/",
    "to-settle": lambda town: "/to-settle/",
    "schedules": lambda town: "/timetable/",
    "schedule-columns": lambda town: f"/timetable/{town.sheet}/columns/",
    "schedule": lambda town: f"/timetable/{town.season}/",
    "broken": lambda town: f"/things/{town.chairs.uid}/broken/",
    "thing-photos": lambda town: f"/things/{town.room.uid}/photos/",
    "thing-keepers": lambda town: f"/things/{town.room.uid}/keepers/",
    "thing-label": lambda town: f"/things/{town.room.uid}/label/",
    "thing-hours": lambda town: f"/things/{town.room.uid}/hours/",
    "thing-parts": lambda town: f"/things/{town.room.uid}/parts/",
    "thing-dates": lambda town: f"/things/{town.workshop.uid}/dates/",
    "thing-date": lambda town: f"/things/{town.workshop.uid}/dates/{town.date.uid}/",
    "house-hours": lambda town: "/hours/",
    "institution": lambda town: f"/institutions/{town.house.house.uid}/",
    "institution-edit": lambda town: f"/institutions/{town.house.house.uid}/edit/",
    "people": lambda town: "/people/",
    "join": lambda town: "/join/",
    "settings": lambda town: "/settings/",
    "tokens": lambda town: "/settings/tokens/",
    "moderation": lambda town: "/moderation/",
    "moderation-listings": lambda town: "/moderation/?tab=listings",
    "moderation-cases": lambda town: "/moderation/?tab=disputes",
    "mailbox": lambda town: "/mailbox/",
    "email": lambda town: "/accounts/email/",
    "password": lambda town: "/accounts/password/change/",
    "logout": lambda town: "/accounts/logout/",
    "absent": lambda town: "/nothing-here/",
}
DOOR: Paths = {
    "start": lambda town: "/",
    "login": lambda town: "/accounts/login/",
    "signup": lambda town: "/accounts/signup/",
    "reset": lambda town: "/accounts/password/reset/",
    "confirm": lambda town: "/accounts/confirm-email/",
    "invitation": lambda town: f"/invitations/{town.token}/",
}
NO_PAGES = {
    "acting", "handover", "inbox-opened", "invited", "mailbox-html", "member",
    "moderation-application", "photo", "request-answer", "requests-approve", "resource-check", "settings-mails",
    "schedule-file", "schedule-row",
    "thing-date-people", "thing-photo", "thing-state", "token", "longer", "offer-answer", "repair", "repair-photo",
    "watch-leave", "write-in-check", "write-in-undo",
    "case-step", "attachment", "attachment-photo", "not-answered", "member-away", "settings-quiet", "scan",
    "today-worker",
}  # fmt: skip
"""Answers to a button, fragments, files: what they show is one of the pages above."""


@pytest.mark.parametrize("paths", [WORK, HOUSE, DOOR], ids=["work", "house", "door"])
def test_each_page(hall: Hall, at: At, paths: Paths) -> None:
    town = make_town()
    at("2027-03-01T10:00+01:00")
    tell()
    page = hall.open() if paths is DOOR else hall.enter(town.maja)
    found: dict[str, list[str]] = {}
    with override_settings(DEMO=True):
        for name, path in paths.items():
            answer = page.goto(path(town))
            assert answer is not None
            assert answer.status == (404 if name == "absent" else 200), name
            assert page.locator("html").get_attribute("lang") == "pl"
            if problems := look(page):
                found[name] = problems
    assert found == {}


def look(page: Page) -> list[str]:
    """What is wrong with the page that is open: by axe, and whether it fits, wide and narrow. Axe looks at what is wide
    with PODEST_PROOF=1."""
    problems = []
    for width, height in ((1280, 900), (PHONE, 844)):
        page.set_viewport_size({"width": width, "height": height})
        problems += [] if no_wider(page) else [f"too wide at {width}"]
        if width == PHONE or PROOF:
            problems += [f"{one} (at {width})" for one in violations(page)]
    tokenless = "form[method=post]:not(:has([name=csrfmiddlewaretoken]))"
    problems += ["a button that is answered 403"] * page.locator(tokenless).count()
    return problems


def violations(page: Page) -> list[str]:
    """What axe has found, with the place of the first of each kind."""
    read = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES})
    rows: list[dict[str, Any]] = read.response["violations"]
    return [f"{row['id']}: {row['nodes'][0]['html'][:200]}" for row in rows]


def test_axe_is_known_to_see(hall: Hall) -> None:
    page = hall.open()
    page.goto("/accounts/login/")
    nameless = "label => { label.control.removeAttribute('placeholder'); label.remove() }"
    page.locator("label[for=id_login]").evaluate(nameless)
    assert [one.split(":")[0] for one in violations(page)] == ["label"]
    page.locator("h1").evaluate("title => title.textContent = 'Wejście'.repeat(60)")
    page.set_viewport_size({"width": 390, "height": 844})
    assert no_wider(page) is False


def test_no_page_is_left_out() -> None:
    names = {str(one.name) for one in urlpatterns}
    seen = {*WORK, *HOUSE, *DOOR}
    assert names - seen - NO_PAGES == set()
    assert NO_PAGES - names == set()
