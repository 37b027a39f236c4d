"""What every journey needs: coming in as somebody, watching what the browser says, sending what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as configured
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import override_settings
from django.utils import translation

from cooperative import clock
from cooperative.people.models import Person
from notifications.services.remind import plan_reminders, remind
from notifications.services.send.sending import send_due
from sharing.models import Resource
from sharing.services.search_document import refresh
from tests.browser import Visitors
from tests.notifications.stage import relayed

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

PASSWORD = "trzy-podesty-na-dziedzincu"
NO_ERRORS = ("Failed to load resource", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
"""What the console says of an answer of 4xx, which a refusal is, and of a check that is left on its way."""
BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, 390])
PHONE_FIRST = pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.proof)])
"""Long ways, whose pages are looked at in both widths one by one besides."""


@dataclass
class Watched:
    """A page and all that went wrong on it: console errors (the content policy speaks there too), exceptions, 5xx."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("response", self._answered)

    def _said(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(NO_ERRORS):
            self.wrong.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} {response.url}")


class Hall:
    """The site with people in it. `enter` opens a signed-in page; at the end nothing may have gone wrong on any."""

    def __init__(self, visitors: Visitors) -> None:
        self.visitors = visitors
        self.watched: list[Watched] = []

    def open(self, *, width: int = 1280, **options: Any) -> Page:
        """A page of somebody who is not signed in."""
        page = self.visitors.new(width=width, **options)
        self.watched.append(Watched(page))
        return page

    def enter(self, person: Person, *, width: int = 1280, **options: Any) -> Page:
        """A page of `person`, by a session of their own: the form of the door has its own journey."""
        page = self.open(width=width, **options)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = configured.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        page.context.add_cookies(
            [
                {
                    "name": configured.SESSION_COOKIE_NAME,
                    "value": str(session.session_key),
                    "url": self.visitors.url,
                }
            ]
        )
        return page

    @property
    def wrong(self) -> list[str]:
        return [said for one in self.watched for said in one.wrong]


@pytest.fixture
def hall(visitors: Visitors, tmp_path: Path) -> Iterator[Hall]:
    """The site in Polish with a mailbox of its own, empty of people."""
    opened = Hall(visitors)
    here = {
        "EMAIL_BACKEND": "notifications.mailbox.Backend",
        "MAILBOX_DIR": tmp_path / "mail",
        "BASE_URL": visitors.url,
    }
    with override_settings(**here):
        yield opened
    if opened.wrong:
        pytest.fail(f"Nothing goes wrong on a page, whatever is asked of it: {opened.wrong}")


def tell() -> None:
    """What worker and beat do for messages, when the time in which mails are gathered is over."""
    relayed(clock.now())
    send_due(clock=clock.now)


def remind_all() -> None:
    """What beat does for reminders, then `tell`."""
    plan_reminders(now=clock.now())
    remind(now=clock.now())
    tell()


def searchable(*things: Resource) -> None:
    """Let rows that were made by the tables alone be found by words."""
    assert refresh([thing.pk for thing in things]) == len(things)


def pl(message: str, **values: object) -> str:
    """The sentence in Polish, as the catalogue of translations has it now; one that has none fails."""
    with translation.override("pl"):
        found = translation.gettext(message)
    assert found != message, f"No page says this in Polish: {message}"
    return found % values if values else found


def fill(page: Page, within: str = "main", **values: object) -> None:
    """Type into the fields of those names; what is folded away is unfolded first."""
    for name, value in values.items():
        named = f"{within} :is([name={name}], [name$='-{name}']):not([type=hidden])"
        one = page.locator(named).first
        unfold(one)
        if one.evaluate("node => node.tagName") == "SELECT":
            one.select_option(str(value))
        else:
            one.fill(str(value))


def unfold(one: Locator) -> None:
    """Open every fold that hides it, as somebody would who looks for it."""
    for fold in reversed(one.locator("xpath=ancestor::details[not(@open)]").all()):
        fold.locator("> summary").click()


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of a question's answers."""
    page.locator(f"main input[name='{name}'][value='{value}']").check()


def press(page: Page, button: str, *, within: str = "main") -> Response | None:
    """Press a button (`name=value`, or its words) and wait for the page that it brings."""
    name, _, value = button.partition("=")
    place = page.locator(within)
    if value:
        found = place.locator(f"button[name='{name}'][value='{value}']:visible").first
    else:
        found = place.get_by_role("button", name=button, exact=True).first
    with page.expect_navigation(wait_until="load") as brought:
        found.click()
    return brought.value


def follow(page: Page, words: str, *, within: str = "main") -> None:
    """Follow the link that says so."""
    with page.expect_navigation(wait_until="load"):
        page.locator(within).get_by_role("link", name=words).first.click()


def mailed(page: Page, address: str) -> list[str]:
    """The subjects of what went to an address, oldest first, as the mailbox shows them."""
    page.goto("/mailbox/")
    mails = page.locator("main details", has_text=address)
    return mails.locator("summary strong").all_inner_texts()[::-1]


def open_link_in_mail(page: Page, address: str, part: str) -> None:
    """Follow the link with `part` in the newest mail to `address`."""
    page.goto("/mailbox/")
    link = page.locator("main details", has_text=address).locator(f"a[href*='{part}']").first
    unfold(link)
    with page.expect_navigation(wait_until="load"):
        link.click()


def said(page: Page) -> list[str]:
    """What the page says on top of what was done."""
    return [text.strip() for text in page.locator("#messages .notice").all_inner_texts()]


def wrong(page: Page) -> list[str]:
    """The sentences beside fields that must be looked at again."""
    return [text.strip() for text in page.locator("main .field .errorlist li").all_inner_texts()]


def no_wider(page: Page) -> bool:
    """Whether nothing has to be moved sideways."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )
