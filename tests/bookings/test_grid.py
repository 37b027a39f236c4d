"""The full grid of actions, states and roles, made from the transition table, over service, API and page.

Each cell happens in a savepoint of its own, in one world of a worker. What comes of it is foreseen from the table
alone: it moves to one of the targets with one event; it was there already and stays; it is refused by state (409), by
side (403) or as if absent (404), and then nothing has changed. All of it with PODEST_PROOF=1; without it each row,
state and side that moves, by the service and by one of the other two; and by one of the three an even sample of the
rest in which every pair of action, state and role occurs.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from bookings.api.views.lines import ACTIONS as ADDRESSES
from bookings.models import BookingMessage, Case, Line
from bookings.permissions import allowed_actions, may_act, sides
from bookings.services.actions import act
from bookings.services.actions.handlers import HANDLERS
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, LineState, Who, booking_state
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Invalid
from cooperative.events.models import Event, Outbox
from frontend.presenters.actions import EXPLAINED, LABELS
from tests.bookings.grid import (
    ABSENT,
    CONFLICT,
    DOORS,
    FORBIDDEN,
    MOVES,
    MUTUAL,
    NOBODY,
    ROLES,
    SAME,
    Answer,
    World,
    ask_service,
    foreseen,
    is_party,
    mark,
    offered,
    undone,
)
from tests.bookings.scenery import AHEAD, OVER, UNDER_WAY, WAYS, claims_disagree
from tests.bookings.stage import NOW, fresh, lines_of

PROOF = os.environ.get("PODEST_PROOF") == "1"
STATES = tuple(LineState)
ACTIONS = tuple(TRANSITIONS)
ONE_IN = 11
"""One cell in so many is looked at; fewer than there are roles, states or actions."""
PLAIN = ("staff of the borrower", "keeper of the lender", "moderator")
"""One role for each side."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all cells; gone at the end of the module."""
    with django_db_blocker.unblock(), undone():
        with connection.cursor() as cursor:  # a race beside us may have us wait
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield World()


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime], caplog: pytest.LogCaptureFixture) -> None:
    at(NOW.isoformat())
    caplog.set_level(logging.ERROR, "django.request")  # thousands of refusals are meant


@dataclass(frozen=True)
class Cell:
    action: str
    state: LineState
    role: str

    def __str__(self) -> str:
        return f"{self.action} from {self.state.value} by {self.role}"

    @property
    def foreseen(self) -> str:
        return foreseen(self.action, self.state, self.role)

    @property
    def doors(self) -> list[str]:
        """Over which of the doors it is looked at in a short run."""
        number = ACTIONS.index(self.action) + STATES.index(self.state) + [*ROLES].index(self.role)
        service, *others = DOORS
        if self.role in PLAIN and self.foreseen == MOVES:
            return [service, others[number % len(others)]]
        return [] if number % ONE_IN else [[*DOORS][number // ONE_IN % len(DOORS)]]


def cells(state: LineState) -> list[Cell]:
    return [Cell(action, state, role) for action in ACTIONS for role in ROLES]


def chosen(state: LineState, door: str) -> list[Cell]:
    return cells(state) if PROOF else [cell for cell in cells(state) if door in cell.doors]


def test_every_row_and_state_is_known() -> None:
    """Whoever adds a row or a state is told here what else it needs."""
    known: dict[str, Iterable[str]]
    known = {"handlers": HANDLERS, "API": ADDRESSES, "labels": LABELS, "explanations": EXPLAINED}
    missing = {what: set(PERSONAL_ACTIONS) - set(there) for what, there in known.items()}
    assert not any(missing.values()), f"actions of the table that are not there: {missing}"
    assert set(WAYS) == set(LineState), "WAYS in scenery.py says how a line comes to stand in each"


def test_every_pair_is_in_the_sample() -> None:
    sample = [cell for state in STATES for door in DOORS for cell in chosen(state, door)]
    sizes = {"action": len(ACTIONS), "state": len(STATES), "role": len(ROLES)}
    for one, other in combinations(sizes, 2):
        met = {(getattr(cell, one), getattr(cell, other)) for cell in sample}
        assert len(met) == sizes[one] * sizes[other], (one, other)


@pytest.mark.parametrize("state", LineState)
@pytest.mark.parametrize("door", DOORS)
def test_every_cell(world: World, door: str, state: LineState) -> None:
    line = world.lines[state]
    before = mark()
    wrong = []
    for cell in chosen(state, door):
        if cell.foreseen == MOVES:
            with undone():
                said = moves(world, door, line, cell)
        else:
            said = stays(world, door, line, cell, before)
        if said:
            wrong.append(f"{cell}, over {door}: {said}")
    assert not wrong, "\n".join(wrong)


def stays(world: World, door: str, line: Line, cell: Cell, before: tuple[Any, ...]) -> str:
    """What is wrong where nothing may change; empty where nothing is."""
    expected = Answer("done", line.state) if cell.foreseen == SAME else Answer(cell.foreseen)
    answer = DOORS[door](world, cell.role, line, cell.action)
    if answer != expected:
        return f"foreseen {expected}, but {answer}"
    return "" if mark() == before else "something has changed"


def moves(world: World, door: str, line: Line, cell: Cell) -> str:
    """What is wrong where the line is to move once, whatever is said again; empty where nothing is."""
    row = TRANSITIONS[cell.action]
    for other in yeses_before(cell):
        if ask_service(world.others[other], line, cell.action) != Answer("done", line.state):
            return "the first of two yeses was not just written down"
    told, queued = Event.objects.count(), Outbox.objects.count()
    answer = DOORS[door](world, cell.role, line, cell.action)
    moved = fresh(line)
    if answer.said != "done" or moved.state not in row.targets:
        return f"foreseen one of {row.targets}, but {answer}, and it is {moved.state}"
    news = list(Event.objects.order_by("id")[told:])
    mine = [entry for event in news for entry in moves_told(event, moved, cell.action)]
    facts = {
        "the answer has another state": answer.state != moved.state,
        "it was written more than once, or never": moved.version != line.version + 1,
        "it is not told when": abs(moved.state_since - NOW) > timedelta(minutes=10),
        "booking and lines disagree": moved.booking.state
        != booking_state([one.state for one in lines_of(moved.booking)]),
        f"the log says {mine}": mine != [(line.state, moved.state)],
        "the log does not know who": {event.actor_id for event in news}
        != {world.viewers[cell.role].person},
        "not all of it is queued": Outbox.objects.count() - queued != len(news),
    }
    said = [what for what, is_so in facts.items() if is_so]
    said += [claims_disagree(moved, moved.state_since)]
    # Once more: the same answer, and nothing happens.
    before = mark()
    again = DOORS[door](world, cell.role, line, cell.action)
    if again != answer:
        said.append(f"said again: {again}")
    if mark() != before:
        said.append("said again, it changed something")
    return "; ".join(filter(None, said))


def yeses_before(cell: Cell) -> list[Who]:
    """Who has to agree first, so that this yes is the one that moves it."""
    mine = ROLES[cell.role].sides
    if cell.action not in MUTUAL or Who.MODERATOR in mine or {Who.BORROWER, Who.KEEPER} <= mine:
        return []
    return [Who.KEEPER if Who.BORROWER in mine else Who.BORROWER]


def moves_told(event: Event, line: Line, action: str) -> list[tuple[str, str]]:
    """From where to where an event says that the line was moved by this action."""
    if event.verb != f"booking.{action}":
        return []
    told = [entry for entry in event.data["lines"] if entry["line"] == str(line.uid)]
    return [(entry["from"], entry["to"]) for entry in told]


# --- what is offered --------------------------------------------------------------------------------
def test_who_may_at_all(world: World) -> None:
    line = world.lines[LineState.CONFIRMED]
    for name, role in ROLES.items():
        viewer = world.viewers[name]
        assert sides(line, line.booking, viewer) == role.sides, name
        for row in TRANSITIONS.values():
            may = bool(role.sides & frozenset(row.who))
            assert may_act(line, line.booking, row.action, viewer) == may, (row.action, name)


@pytest.mark.parametrize("state", LineState)
def test_what_is_offered_is_what_moves(world: World, state: LineState) -> None:
    """The same in code, over the API and as buttons of the page; a draft has its own page, moderators their desk."""
    line = world.lines[state]
    others = ("somebody of both", "staff of the lender", "staff of a third house", NOBODY)
    roles = ROLES if PROOF else (*PLAIN, *others)
    for name in roles:
        expected = offered(state, name)
        rows = [row for row in TRANSITIONS.values() if state in row.sources]
        rows = [row for row in rows if ROLES[name].sides & frozenset(row.who)]
        told = allowed_actions(line, line.booking, world.viewers[name])
        known = ("send", *PERSONAL_ACTIONS)
        assert list(told) == [row.action for row in rows if row.action in known], name
        assert set(told) - {"send"} == expected, name
        if not ROLES[name].houses:
            continue
        seen = is_party(name, state)
        # Who owns another thing of the booking sees that, and nothing of this line.
        beside = ROLES[name].houses[0][0] == "third" and WAYS[state].waits_for_another
        status = 200 if seen or beside else 404
        answer = world.callers[name].get(f"bookings/{line.booking.uid}/")
        assert answer.status_code == status, name
        lines = answer.json()["lines"] if status == 200 else []
        mine = [set(one["actions"]) for one in lines if one["id"] == str(line.uid)]
        assert mine == ([expected] if seen else []), name
        page = world.browsers[name].get(f"/bookings/{line.booking.uid}/")
        if seen and state == LineState.DRAFT:
            assert page.headers["Location"] == "/request/"
        else:
            assert page.status_code == status, name
            assert buttons(page.content.decode(), line) == expected, name
    desk = world.browsers["moderator"].get("/moderation/?tab=disputes").content.decode()
    brought = Case.objects.visible_to(SYSTEM).filter(line=line).first()
    on_desk = brought is not None and f"/cases/{brought.uid}/" in desk
    assert on_desk == bool(offered(state, "moderator"))


def buttons(page: str, line: Line) -> set[str]:
    return {action for action in ACTIONS if f"/lines/{line.uid}/{action}/" in page}


# --- what the table does not say ----------------------------------------------------------------------
@dataclass(frozen=True)
class Condition:
    """What a handler wants besides state and side, and a line of which it is not so."""

    says: str
    action: str
    state: LineState
    changes: dict[str, Any] = field(default_factory=dict)
    """Of the state's `Way`."""
    written: dict[str, Any] = field(default_factory=dict)
    """Of the line."""
    is_taken: bool = False
    """Somebody else has it at that time."""


S = LineState
MORE = (
    Condition("not before it began", "not_used", S.CONFIRMED, {"starts_at": AHEAD}),
    Condition("not before it is due", "overdue", S.HANDED_OVER, {"starts_at": UNDER_WAY}),
    Condition("something to hand over", "hand_over", S.CONFIRMED, written={"handover": "none"}),
    Condition(
        "within the hour", "reopen", S.DECLINED, written={"decided_at": NOW - timedelta(minutes=61)}
    ),
    Condition("not when it is over", "approve", S.ASKED, {"starts_at": OVER}),
    Condition("not when it is over", "reopen", S.DECLINED, {"starts_at": OVER}),
    Condition("not when it is over", "settle", S.TO_SETTLE, {"starts_at": OVER}),
    Condition("a time, not a period", "approve", S.ASKED, written={"wanted_minutes": 60}),
    Condition("only where it is free", "approve", S.ASKED, is_taken=True),
    Condition("only where it is free", "reopen", S.DECLINED, is_taken=True),
    Condition("only where it is free", "settle", S.TO_SETTLE, is_taken=True),
    Condition(
        "all of it before it begins",
        "approve",
        S.ASKED,
        {"starts_at": UNDER_WAY, "waits_for_another": True},
    ),
)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("more", MORE, ids=lambda more: f"{more.action}: {more.says}")
def test_what_handlers_want_besides(world: World, more: Condition, door: str) -> None:
    way = replace(WAYS[more.state], **more.changes)
    way = replace(way, fields={**way.fields, **more.written})
    role = "staff of the borrower"
    if Who.KEEPER in TRANSITIONS[more.action].who:
        role = "keeper of the lender"
    with undone():
        thing = world.thing("lender")
        if more.is_taken:
            world.line(S.CONFIRMED, way=replace(WAYS[S.CONFIRMED], starts_at=AHEAD), thing=thing)
        line = world.line(more.state, way=way, thing=thing)
        cell = Cell(more.action, more.state, role)
        for other in yeses_before(cell):
            ask_service(world.others[other], line, cell.action)
        before = mark()
        assert DOORS[door](world, role, line, more.action) == Answer(CONFLICT)
        assert mark() == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", PLAIN[:2])
@pytest.mark.parametrize("action", sorted(MUTUAL))
def test_one_yes_of_two_is_written_down_once(
    world: World, action: str, role: str, door: str
) -> None:
    for state in TRANSITIONS[action].sources:
        line = world.lines[state]
        with undone():
            assert DOORS[door](world, role, line, action) == Answer("done", state)
            told = BookingMessage.objects.visible_to(SYSTEM).filter(line=line, action=action)
            assert {one.author_id for one in told} == {world.viewers[role].person}
            assert (fresh(line).state, fresh(line).version) == (state, line.version)
            before = mark()
            assert DOORS[door](world, role, line, action) == Answer("done", state)
            assert mark() == before


def test_without_a_reason_nothing_happens_where_the_table_asks_for_one(world: World) -> None:
    for row in TRANSITIONS.values():
        for state in row.sources if row.needs_reason else ():
            line, before = world.lines[state], mark()
            role = next(name for name in PLAIN if foreseen(row.action, state, name) == MOVES)
            with undone():
                with pytest.raises(Invalid):
                    act(by=world.viewers[role], line=line.uid, action=row.action, reason=" ")
                api = world.callers[role].post(f"booking-lines/{line.uid}/{row.action}/", {})
                page = world.browsers[role].post(f"/lines/{line.uid}/{row.action}/", {})
                assert (api.status_code, page.status_code) == (400, 422)
                assert mark() == before


@pytest.mark.parametrize("door", DOORS)
def test_a_dispute_that_was_closed_stays_on_the_desk_of_moderators(world: World, door: str) -> None:
    """A second click is answered as the first; what else there is to do is not theirs."""
    with undone():
        line = world.line(S.CLOSED, way=replace(WAYS[S.CLOSED], case="decided"))
        before = mark()
        assert DOORS[door](world, "moderator", line, "resolve") == Answer("done", S.CLOSED)
        assert DOORS[door](world, "moderator", line, "complain") == Answer(FORBIDDEN)
        assert DOORS[door](world, "staff of a third house", line, "resolve") == Answer(ABSENT)
        assert mark() == before
