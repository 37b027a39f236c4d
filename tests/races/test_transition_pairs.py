"""Every pair of transitions raced: two people, or one and the clock, move the same line at the same instant.

For each state, each two actions (or twice the same) that the table allows from it, by two threads with a connection
each. What they were told, what the log says and where the line stands must be what one of them after the other would
have brought about. Once; with PODEST_PROOF=1 a hundred times.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bookings.models import Line
from bookings.services.telling import Move, events_of
from bookings.states import TRANSITIONS, LineState, Who, booking_state
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event, EventParty, Outbox
from cooperative.events.services import record
from tests.bookings.scenery import claims_disagree
from tests.bookings.stage import NOW, fresh
from tests.databases import Clone, Server, own
from tests.races.pairs import (
    RUNS_OUT,
    Arena,
    Door,
    End,
    Moved,
    Scenario,
    Told,
    ends,
    pairs_from,
    scenarios,
)
from tests.races.support import DEADLOCKS, OVERLAPS, OVERSOLD, count

pytestmark = pytest.mark.alone

ROUNDS = 100 if os.environ.get("PODEST_PROOF") == "1" else 1
STATES = [state for state in LineState if any(state in row.sources for row in TRANSITIONS.values())]


@pytest.fixture(scope="module")
def db(
    django_db_setup: None, database_server: Server, django_db_blocker: DjangoDbBlocker
) -> Iterator[Clone]:
    """One database for all pairs of the module: each race has a thing of its own."""
    with (
        database_server.clone(own("pairs")) as clone,
        clone.in_use(),
        django_db_blocker.unblock(),
    ):
        yield clone


@pytest.fixture(scope="module")
def arena(db: Clone) -> Iterator[Arena]:
    made = Arena()
    yield made
    made.dismiss()


@pytest.mark.parametrize("state", STATES)
def test_every_pair_ends_as_if_one_came_after_the_other(
    db: Clone, arena: Arena, state: LineState
) -> None:
    wrong = []
    for one, other in pairs_from(state):
        for scenario in scenarios(state, one, other):
            may = ends(scenario, one, other)
            races = (raced(arena, scenario, one, other, may) for _round in range(ROUNDS))
            wrong += [f"{scenario}: {one}, {other}: {said}" for said in races if said]
    arena.hang_up()
    assert not wrong, "\n".join(wrong)
    assert [count(db.url, what) for what in (DEADLOCKS, OVERLAPS, OVERSOLD)] == [0, 0, 0]
    assert Outbox.objects.count() == Event.objects.count()


def test_a_race_without_locks_is_seen(arena: Arena) -> None:
    """The control: who looks, then writes, cancels and takes back the same booking."""
    one, other = Door("cancel", Who.BORROWER), Door("take_back", Who.KEEPER)
    [scenario] = scenarios(LineState.CONFIRMED, one, other)
    may = ends(scenario, one, other)
    seen = 0
    for _round in range(20):
        setting = arena.setting(scenario)
        told = arena.both(
            lambda: carelessly(setting.line, one.action),  # noqa: B023 - over before the next round
            lambda: carelessly(setting.line, other.action),  # noqa: B023
        )
        line = fresh(setting.line)
        seen += End(line.state, moves_told(line)["borrower"], told) not in may
    assert seen


def carelessly(line: Line, action: str) -> Told:
    row = TRANSITIONS[action]
    with transaction.atomic():
        found = fresh(line)
        if found.state not in row.sources:
            return ("done", found.state) if found.state in row.targets else ("conflict", "")
        move = Move(found, action, found.state, row.targets[0])
        found.state = row.targets[0]
        found.save(update_fields=["state"])
        record(events_of([move], by=None), now=NOW)
    return "done", found.state


def raced(arena: Arena, scenario: Scenario, one: Door, other: Door, may: set[End]) -> str:
    """What is wrong after one race; empty where nothing is."""
    setting = arena.setting(scenario)
    told = arena.race(setting, one, other)
    lines = list(
        Line.objects.visible_to(SYSTEM)
        .select_related("booking")
        .filter(booking=setting.line.booking_id)
    )
    [line] = [row for row in lines if row.pk == setting.line.pk]
    moves = {side: moved[setting.moved :] for side, moved in moves_told(line).items()}
    end = End(line.state, moves["borrower"], told)
    said = [f"{end} comes of neither order"] if end not in may else []
    if line.sent_at is not None and moves["lender"] != end.moves:
        said.append("borrower and lender are told different things")
    if line.version != setting.line.version + len(end.moves):
        said.append(f"written {line.version - setting.line.version} times")
    if line.booking.state != booking_state([row.state for row in lines]):
        said.append("booking and lines disagree")
    said.append(claims_disagree(line, RUNS_OUT))
    return "; ".join(filter(None, said))


def moves_told(line: Line) -> dict[str, tuple[Moved, ...]]:
    """Where the log says that a line went, in the events that are told to its borrower and to its lender."""
    found: dict[str, tuple[Moved, ...]] = {"borrower": (), "lender": ()}
    told = EventParty.objects.filter(
        event__subject_uid=line.booking.uid, institution__in=[line.borrower_id, line.lender_id]
    )
    for party in told.select_related("event").order_by("event"):
        for entry in party.event.data["lines"]:
            if entry["line"] == str(line.uid) and "to" in entry:
                verb = party.event.verb.removeprefix("booking.")
                found[party.role] += ((verb, entry["from"], entry["to"]),)
    return found
