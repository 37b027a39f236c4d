"""A real browser for journeys: Chromium of this machine, and no request to anywhere else."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / ".local" / "test" / "screenshots"
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No other host has an address. (Playwright's routes would do it too, but switch the browser's cache off.)"""
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The browser to use: `PODEST_BROWSER`, else what the machine has."""
    named = os.environ.get("PODEST_BROWSER")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def required() -> bool:
    """Whether it is a failure that journeys do not run, as in `.ci/run`."""
    return os.environ.get("PODEST_JOURNEYS") == "required"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of this worker."""
    path = executable()
    if path is None:
        if required():
            pytest.fail("No browser here, and the journeys are required: make browser")
        pytest.skip("no browser here: make browser")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; Django would take our queries for its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        arguments = [NOWHERE_ELSE, *(["--no-sandbox"] if os.getuid() == 0 else [])]
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitors:
    """Opens browser contexts on the live site; remembers what tried to go elsewhere."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.url = url
        self.elsewhere: list[str] = []
        self._browser = chromium
        self._contexts: list[BrowserContext] = []

    def new(self, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """A page of a new visitor (own cookies), Polish, in Warsaw, at `width` pixels."""
        context = self._browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            locale="pl-PL",
            timezone_id="Europe/Warsaw",
            reduced_motion="reduce",
            **options,
        )
        context.on("request", self._only_here)
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    def _only_here(self, request: Request) -> None:
        wanted = urlsplit(request.url)
        if wanted.scheme in {"http", "https"} and wanted.netloc != urlsplit(self.url).netloc:
            self.elsewhere.append(request.url)

    def photograph(self, name: str) -> None:
        """Keep what every open page shows."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=SHOTS / f"{name}-{number}.png", full_page=True)

    def close(self) -> None:
        """End all visits."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def visitors(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest
) -> Iterator[Visitors]:
    """Several people at once: `anna, bartek = visitors.new(), visitors.new(width=390)`."""
    opened = Visitors(browser, live_server.url)
    yield opened
    report = request.node.stash.get(REPORT, None)
    if report is not None and report.failed:
        opened.photograph(re.sub(r"\W+", "-", request.node.nodeid))
    opened.close()
    assert opened.elsewhere == [], "No other host is ever contacted."


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """One visitor at 1280 pixels, in Polish."""
    return visitors.new()


REPORT = pytest.StashKey[pytest.TestReport]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know how the test went, for a screenshot of what went wrong."""
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


def _journeys(config: pytest.Config, outcome: str) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get(outcome, []) if reporter else []
    return sum("journey" in getattr(report, "keywords", {}) for report in reports)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where journeys are required, a run without any is a failed run."""
    if hasattr(session.config, "workerinput") or not required():
        return
    if session.exitstatus == 0 and not _journeys(session.config, "passed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say in the last lines that the journeys did not run, if so."""
    ran = _journeys(config, "passed") + _journeys(config, "failed")
    if ran == 0 and (required() or _journeys(config, "skipped")):
        terminalreporter.section("journeys", "!")
        terminalreporter.line("The journeys did *not run*: no browser was found (make browser).")
