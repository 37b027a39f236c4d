"""The grid of actions, states and roles: who stands where, what the table says of each cell, and the three doors.

`foreseen` reads the transition table and nothing else. What handlers want besides is told in `test_grid.py`, as data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import Client

from bookings.errors import BookingRefused
from bookings.models import Line
from bookings.services.actions import act
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, LineState, Who
from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.people.models import Person
from sharing.models import Resource
from tests.bookings.scenery import Way, stand, way_to
from tests.bookings.stage import NOW, fresh
from tests.cooperative.api_caller import Caller, make_token
from tests.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_person,
    make_resource,
    make_terms,
)
from tests.frontend.asking import signed_in

_BORROWS = frozenset({Who.BORROWER, Who.BOTH})
_LENDS = frozenset({Who.KEEPER, Who.BOTH})


@dataclass(frozen=True)
class Role:
    """`houses` = membership in each house; `sides` = where that puts one in the table's last column."""

    houses: tuple[tuple[str, str], ...] = ()
    sides: frozenset[Who] = frozenset()
    cooperative: str = ""


ROLES: dict[str, Role] = {
    "staff of the borrower": Role((("borrower", "staff"),), _BORROWS),
    "keeper of the borrower": Role((("borrower", "keeper"),), _BORROWS),
    "manager of the borrower": Role((("borrower", "manager"),), _BORROWS),
    "staff of the lender": Role((("lender", "staff"),)),
    "keeper of the lender": Role((("lender", "keeper"),), _LENDS),
    "manager of the lender": Role((("lender", "manager"),), _LENDS),
    "somebody of both": Role((("lender", "keeper"), ("borrower", "staff")), _LENDS | _BORROWS),
    "moderator": Role(cooperative="moderator", sides=frozenset({Who.MODERATOR})),
    "administrator": Role(cooperative="administrator", sides=frozenset({Who.MODERATOR})),
    "staff of a third house": Role((("third", "staff"),)),
    "person of no house": Role(),
    "nobody": Role(),
}
NOBODY = "nobody"
ON_DESK = frozenset({LineState.DISPUTED})
"""What moderators see of other people's bookings."""
NOT_SENT = frozenset({LineState.DRAFT})
"""What a lender does not see."""
MUTUAL = frozenset({"settle", "resolve"})
"""One side's yes is written down; the line moves when the other side says so too."""

MOVES, SAME, CONFLICT, FORBIDDEN, ABSENT = "moves", "same", "conflict", "forbidden", "absent"


def is_party(role: str, state: LineState) -> bool:
    """Whether the line is there at all for somebody in that role."""
    stands = ROLES[role]
    houses = {house for house, _role in stands.houses}
    return (
        "borrower" in houses
        or ("lender" in houses and state not in NOT_SENT)
        or (bool(stands.cooperative) and state in ON_DESK)
    )


def foreseen(action: str, state: LineState, role: str) -> str:
    """What comes of it by the table alone."""
    row = TRANSITIONS[action]
    if action not in PERSONAL_ACTIONS or not is_party(role, state):
        return ABSENT
    if not ROLES[role].sides & frozenset(row.who):
        return FORBIDDEN
    if state in row.sources:
        return MOVES
    return SAME if state in row.targets else CONFLICT


def offered(state: LineState, role: str) -> set[str]:
    """The actions on a line for which somebody in that role finds a button."""
    return {action for action in PERSONAL_ACTIONS if foreseen(action, state, role) == MOVES}


@dataclass(frozen=True)
class Answer:
    """What a door said: `said` is one of the five words above (`moves` and `same` sound alike: "done")."""

    said: str
    state: str = ""


class World:
    """A line in each state, and somebody in each role with a viewer, a token and a browser."""

    def __init__(self) -> None:
        self.houses = {
            name: make_institution(name.capitalize()) for name in ("borrower", "lender", "third")
        }
        self.people: dict[str, Person | None] = {
            name: None if name == NOBODY else self._person(role) for name, role in ROLES.items()
        }
        # Who says the other yes where it takes both.
        self.others = {
            Who.BORROWER: self._viewer(make_member(self.houses["borrower"]), "borrower"),
            Who.KEEPER: self._viewer(make_member(self.houses["lender"], role="keeper"), "lender"),
        }
        self.viewers = {name: self._viewer(person) for name, person in self.people.items()}
        self.callers = {
            name: Caller(make_token(person) if person is not None else None)
            for name, person in self.people.items()
        }
        self.browsers = {
            name: signed_in(person) if person is not None else Client()
            for name, person in self.people.items()
        }
        self.lines = {state: self.line(state) for state in LineState}

    def _person(self, role: Role) -> Person:
        person = make_moderator(role.cooperative) if role.cooperative else make_person()
        for house, membership in role.houses:
            make_member(self.houses[house], person, role=membership)
        return person

    def _viewer(self, person: Person | None, house: str = "") -> Viewer:
        acting = self.houses[house].pk if house else None
        return viewer_for(person=person, acting_for=acting, now=NOW)

    def line(
        self, state: LineState, *, way: Way | None = None, thing: Resource | None = None
    ) -> Line:
        """A line of its own in `state`, come there by `way` where it is not the usual one."""
        way = way or way_to(state)
        another = self.thing("third") if way.waits_for_another else None
        thing = thing or self.thing("lender")
        return fresh(stand(state, thing, self.houses["borrower"], another=another, way=way))

    def thing(self, owner: str) -> Resource:
        made = make_resource(self.houses[owner], handover="simple")
        make_terms(made)
        return made


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is looked at, and has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


_MARK = """
SELECT
    (SELECT md5(string_agg(one::text, '|' ORDER BY id)) FROM bookings_line AS one),
    (SELECT md5(string_agg(one::text, '|' ORDER BY id)) FROM bookings_booking AS one),
    (SELECT md5(string_agg(one::text, '|' ORDER BY id)) FROM bookings_claim AS one),
    (SELECT md5(string_agg(one::text, '|' ORDER BY id)) FROM bookings_capacity AS one),
    (SELECT count(*) FROM bookings_block),
    (SELECT count(*) FROM bookings_bookingmessage),
    (SELECT md5(string_agg(one::text, '|' ORDER BY id)) FROM bookings_case AS one),
    (SELECT count(*) FROM cooperative_event),
    (SELECT count(*) FROM cooperative_outbox)
"""


def mark() -> tuple[Any, ...]:
    """All that bookings store, to see whether any of it has changed."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        row = cursor.fetchone()
    assert row is not None
    return tuple(row)


# --- three doors ------------------------------------------------------------------------------------
Door = Callable[[World, str, Line, str], Answer]
REASON = "Because."


def by_service(world: World, role: str, line: Line, action: str) -> Answer:
    return ask_service(world.viewers[role], line, action)


def ask_service(by: Viewer, line: Line, action: str) -> Answer:
    try:
        return Answer("done", act(by=by, line=line.uid, action=action, reason=REASON).state)
    except NotFound:
        return Answer(ABSENT)
    except Forbidden:
        return Answer(FORBIDDEN)
    except (Conflict, BookingRefused):
        return Answer(CONFLICT)


_STATUS = {403: FORBIDDEN, 404: ABSENT, 409: CONFLICT}


def by_api(world: World, role: str, line: Line, action: str) -> Answer:
    answer = world.callers[role].post(f"booking-lines/{line.uid}/{action}/", {"reason": REASON})
    if answer.status_code == 200:
        return Answer("done", answer.json()["state"])
    if role == NOBODY and answer.status_code == 401:
        return Answer(ABSENT)
    return Answer(_STATUS.get(answer.status_code, f"{answer.status_code} {answer.content[:300]}"))


def by_page(world: World, role: str, line: Line, action: str) -> Answer:
    booking = f"/bookings/{line.booking.uid}/"
    answer = world.browsers[role].post(
        f"/lines/{line.uid}/{action}/", {"reason": REASON, "note": REASON, "next": booking}
    )
    if answer.status_code == 302 and answer.headers["Location"] == booking:
        return Answer("done", fresh(line).state)
    if role == NOBODY and answer.headers.get("Location", "").startswith("/accounts/login/"):
        return Answer(ABSENT)
    return Answer(_STATUS.get(answer.status_code, f"{answer.status_code} {answer.headers}"))


DOORS: dict[str, Door] = {"service": by_service, "API": by_api, "page": by_page}
