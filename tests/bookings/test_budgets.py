"""How many statements the engine needs, whatever the number of things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.queries.availability import free
from bookings.queries.search import Wanted, search
from bookings.queries.timeline import timeline
from bookings.spans import Span
from tests.bookings.series_stage import ask_series, series_of, weekly
from tests.bookings.stage import DAY, ask, block, do, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def statements(what: Callable[[], Any]) -> list[str]:
    """Those of `what`, savepoints left out: at the outermost they are a transaction."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        what()
    return [
        query["sql"]
        for query in seen.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT"))
    ]


@pytest.mark.parametrize("policy", ["at_once", "keep_first", "owner_chooses"])
@pytest.mark.parametrize(("lines", "most"), [(1, 10), (50, 12)])
def test_asking(policy: str, lines: int, most: int) -> None:
    owners, guest = [make_side() for _ in range(3)], make_side()
    fields: dict[str, Any] = {"terms": {"at_once": True}} if policy == "at_once" else {}
    if policy != "at_once":
        fields["answering"] = policy
    things = [
        make_thing(owners[n % 3], kind="pooled", units=60, **fields) for n in range(min(lines, 10))
    ]
    # A hold of its own is one of ten at most; fifty lines of one request hold no more.
    if policy == "keep_first" and lines > 10:
        lines = 10
    wishes = [line(things[n % len(things)], 2 * (n // len(things))) for n in range(lines)]
    told = statements(lambda: ask(guest, *wishes))
    assert len(told) <= most, "\n".join(told)


@pytest.mark.parametrize("policy", ["at_once", "keep_first", "owner_chooses"])
def test_asking_for_fifty_dates(policy: str) -> None:
    """With two of them taken, which are watched; what could be asked for instead is looked for after the commit."""
    owner, guest = make_side(), make_side()
    fields: dict[str, Any] = {"terms": {"at_once": True}} if policy == "at_once" else {}
    if policy != "at_once":
        fields["answering"] = policy
    hall = make_thing(owner, **fields)
    dates = weekly(rule="FREQ=DAILY;COUNT=50", skip_holidays=True)
    told = statements(lambda: ask_series(guest, series_of(hall, dates)))
    assert len(told) <= 12, "\n".join(told)
    other = make_thing(owner, **fields)
    block(owner, other, 17, 1)
    seen = statements(lambda: ask_series(guest, series_of(other, dates)))
    assert sum('INSERT INTO "bookings_watch"' in one for one in seen) == 1
    committed = seen[: next(n for n, one in enumerate(seen) if "cooperative_outbox" in one) + 1]
    assert len(committed) <= 12, "\n".join(committed)


def test_answering() -> None:
    owner, guest = make_side(), make_side()
    one = ask(guest, line(make_thing(owner))).lines[0]
    assert len(statements(lambda: do(owner, one, "approve"))) <= 17


@pytest.mark.parametrize("count", [1, 100])
def test_looking(count: int) -> None:
    owner, guest = make_side(), make_side()
    things = [make_thing(owner, title=f"Sala {n}", terms={"at_once": True}) for n in range(count)]
    for thing in things[::7]:
        ask(guest, line(thing))
    ids = [thing.pk for thing in things]
    window = Span(DAY, DAY.replace(day=17))
    assert len(statements(lambda: free(ids, window, now=guest.viewer.now))) <= 6
    shown = statements(lambda: timeline(ids, window, viewer=guest.viewer))
    assert len(shown) <= 12
    for wanted in (Wanted(), Wanted(window=window), Wanted(words="sala", window=window, units=1)):
        told = statements(lambda wanted=wanted: search(viewer=guest.viewer, wanted=wanted))  # type: ignore[misc]
        assert len(told) <= 10, "\n".join(told)
