"""What every test may use: databases that are clones, a clock that stands elsewhere, a browser.

- Ordinary tests (`django_db`) run inside a transaction that is rolled back.
- Tests that commit (`@pytest.mark.committing`, or the fixture `committed_db`) get a clone of the
  migrated template of their own. Flushing is impossible by design: the event log refuses it.
- `@pytest.mark.alone` (races, kills, timings): nothing runs beside it, whatever the worker.
- `at("2027-05-03T10:00+02:00")` moves the clock of all processes of the test.
"""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.template import Context, Template
from django.utils import timezone, translation
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from cooperative import clock
from tests.databases import Clone, Server, own

ROOT = Path(__file__).resolve().parent.parent
TURNS = ROOT / ".local" / "test"
DRAW = vars(Template)["_render"]
PARTS = (
    "django/forms/",
    "components/field",
    "components/label",
    "components/count",
    "components/month",
)

pytest_plugins = ["tests.browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give committing tests their database, refuse flushing ones, run lone ones at the end."""
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        marker = item.get_closest_marker("django_db")
        if (marker and marker.kwargs.get("transaction")) or "transactional_db" in names:
            raise pytest.UsageError(
                f"{item.nodeid}: nothing can be flushed here; use @pytest.mark.committing."
            )
        commits = item.get_closest_marker("committing") is not None or "committed_db" in names
        if commits and (marker or "db" in names):
            raise pytest.UsageError(f"{item.nodeid}: committing or django_db, not both.")
        if commits and "committed_db" not in names:
            names.insert(0, "committed_db")
    items.sort(key=_is_alone)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through all of it for rubbish, again and again, took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class Turn:
    """Who may run: ordinary tests beside each other, one that must be alone with nothing beside it.

    Everybody comes through a gate. Who must be alone stands in it until the others have ended what they do, else
    somebody would always be running. The turn is kept from one lone test to the next.
    """

    def __init__(self) -> None:
        TURNS.mkdir(parents=True, exist_ok=True)
        self._gate, self._lock = (TURNS / "gate.lock").open("w"), (TURNS / "alone.lock").open("w")
        self._alone = False

    def take(self, *, alone: bool) -> None:
        if not (alone and self._alone):
            fcntl.flock(self._gate, fcntl.LOCK_EX)
            fcntl.flock(self._lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            fcntl.flock(self._gate, fcntl.LOCK_UN)
        self._alone = alone

    def give_back(self, *, goes_on_alone: bool) -> None:
        if not (self._alone and goes_on_alone):
            fcntl.flock(self._lock, fcntl.LOCK_UN)
            self._alone = False


TURN = pytest.StashKey[Turn]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TURN] = Turn()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    turn = item.config.stash[TURN]
    turn.take(alone=_is_alone(item))
    try:
        return (yield)
    finally:
        turn.give_back(goes_on_alone=nextitem is not None and _is_alone(nextitem))


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


@pytest.fixture(scope="session")
def database_server() -> Server:
    """The server of the suite, with a migrated template to clone."""
    return Server.of_this_run()


@pytest.fixture(scope="session")
def django_db_setup(database_server: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One clone for all tests of this worker that are rolled back."""
    with django_db_blocker.unblock():
        database_server.ensure_template()
    with database_server.clone(own("")) as clone, clone.in_use():
        yield


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages(django_test_environment: None) -> Iterator[None]:
    """`response.context` has what a page was given, and nothing of its fields, widgets and days.

    Django's test environment keeps a copy of all of them, which took a fifth of the time of a page.
    """
    remembering = vars(Template)["_render"]

    def draw(template: Template, context: Context) -> str:
        is_part = (template.name or "").startswith(PARTS)
        return str((DRAW if is_part else remembering)(template, context))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", draw)
        yield


@pytest.fixture
def committed_db(
    django_db_setup: None,
    database_server: Server,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Clone]:
    """A database of the test's own, gone after it. Threads and child processes see the same one.

    Children need `DJANGO_SETTINGS_MODULE=cooperative.settings_test`; `DATABASE_URL` is set here.
    """
    with (
        database_server.clone(own("own")) as clone,
        clone.in_use(),
        django_db_blocker.unblock(),
    ):
        monkeypatch.setenv("DATABASE_URL", clone.url)
        yield clone
    cache.clear()


@pytest.fixture
def live_server(committed_db: Clone) -> Iterator[LiveServer]:
    """The whole site on a port of its own, in threads of this process; `live_server.url`."""
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _live_server_helper() -> None:
    """Replaces the plugin's, which would flush the database after a test with a live server."""


@pytest.fixture
def at() -> Iterator[Callable[[str], datetime]]:
    """Move the clock: `at("2027-05-03T10:00+02:00")` returns that instant; time goes on from there.

    All processes that share the test's cache follow, a live server and a worker included.
    """

    def move(instant: str) -> datetime:
        wanted = datetime.fromisoformat(instant)
        if wanted.tzinfo is None:
            raise ValueError("Say the offset: 2027-05-03T10:00+02:00.")
        cache.delete(clock.OFFSET_KEY)
        offset: timedelta = wanted - clock.now()
        cache.set(clock.OFFSET_KEY, offset.total_seconds(), timeout=None)
        if cache.get(clock.OFFSET_KEY) is None:
            raise RuntimeError("The clock cannot be moved: no Valkey answers. Use `make test`.")
        return wanted

    yield move
    cache.delete(clock.OFFSET_KEY)


@pytest.fixture(autouse=True)
def awkward_day(request: pytest.FixtureRequest) -> None:
    """In `make proof` the whole suite runs on days that are hard for calendars."""
    if (day := os.environ.get("PODEST_DAY")) and "at" not in request.fixturenames:
        move: Callable[[str], datetime] = request.getfixturevalue("at")
        move(day)


@pytest.fixture(autouse=True)
def unspoken() -> None:
    """No test hears the language or stands in the time zone that a page before it has left behind."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Files that tests store stay in the test's folder."""
    settings.MEDIA_ROOT = str(tmp_path_factory.getbasetemp() / "media")
