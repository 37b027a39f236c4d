"""A line in each state, set up by the tables alone: no walk through the engine, and claims that agree with the state.

`WAYS` knows every state. Times count from `NOW`; what a state's own actions wait for has come (the hold still holds,
the use began, the loan is due), so that each row of the transition table moves the line as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Booking, Capacity, Case, Claim, Line
from bookings.services.claim_changes import claimed
from bookings.states import CLAIMING, LineState, booking_state
from cooperative.access.querysets import SYSTEM
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from sharing.models import Resource
from tests.bookings.stage import NOW
from tests.factories import LONG_AGO, make_booking, make_line

S = LineState
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOLDS_UNTIL = NOW + DAY
AHEAD, UNDER_WAY, OVER = NOW + 9 * DAY, NOW - HOUR, NOW - 4 * HOUR
LENGTH = 3 * HOUR


@dataclass(frozen=True)
class Way:
    """How a line stands in a state: when it is used, and what else was written on it."""

    starts_at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    waits_for_another: bool = False
    """Another owner's line of the same all-or-nothing booking is still asked."""
    case: str = ""
    """The state of the case that was brought to the moderators."""


_DECIDED: dict[str, Any] = {"decided_at": NOW - 10 * MINUTE}
_OUT: dict[str, Any] = {
    **_DECIDED,
    "units_out": 1,
    "handed_over_at": OVER,
    # Any commit beside an overdue loan pushes its claim on, 7 days ahead of now: this one is there already.
    "turnover_minutes": 8 * DAY // MINUTE,
}
_BACK: dict[str, Any] = {**_OUT, "units_back": 1, "returned_at": OVER + LENGTH}
_HELD: dict[str, Any] = {"expires_at": HOLDS_UNTIL}

WAYS: dict[LineState, Way] = {
    S.DRAFT: Way(AHEAD, {"sent_at": None}),
    S.ASKED: Way(AHEAD, {"decide_by": NOW}),
    S.HELD: Way(AHEAD, _HELD),
    S.ACCEPTED: Way(AHEAD, {**_HELD, **_DECIDED}, waits_for_another=True),
    S.CONFIRMED: Way(UNDER_WAY, _DECIDED),
    S.TO_SETTLE: Way(AHEAD, _DECIDED),
    S.HANDED_OVER: Way(OVER, _OUT),
    S.OVERDUE: Way(OVER, _OUT),
    S.RETURNED: Way(OVER, _BACK),
    S.LOST: Way(OVER, {**_OUT, "units_back": 0}),
    S.FINISHED: Way(OVER, _DECIDED),
    S.NOT_USED: Way(OVER, _DECIDED),
    S.DISPUTED: Way(OVER, _BACK, case="brought"),
    S.CLOSED: Way(OVER, _BACK),
    S.DECLINED: Way(AHEAD, _DECIDED),
    S.WITHDRAWN: Way(AHEAD),
    S.EXPIRED: Way(AHEAD),
    S.CANCELLED: Way(AHEAD, _DECIDED),
}


def way_to(state: LineState) -> Way:
    if state not in WAYS:
        pytest.fail(f"Nobody said how a line comes to stand in “{state.value}”: add it to WAYS.")
    return WAYS[state]


def stand(
    state: LineState,
    thing: Resource,
    borrower: Institution,
    *,
    another: Resource | None = None,
    person: Person | None = None,
    way: Way | None = None,
) -> Line:
    """A line of `borrower` for `thing` in `state`, in a booking of its own, with its claim where it has one.

    `another` is asked for in the same booking where the way needs it.
    """
    way = way or way_to(state)
    sent_at = None if "sent_at" in way.fields else LONG_AGO
    booking = make_booking(borrower, [], person=person, sent_at=sent_at)
    line = _line(booking, thing, state, way)
    if way.waits_for_another:
        assert another is not None
        _line(booking, another, S.ASKED, Way(way.starts_at), position=1)
    lines = Line.objects.visible_to(SYSTEM).filter(booking=booking)
    booking.state = booking_state([one.state for one in lines])
    booking.save(update_fields=["state"])
    if way.case:
        decided = {"outcome": "nothing", "outcome_reason": "Because.", "decided_at": LONG_AGO}
        Case.objects.create(
            line=line,
            lender=line.lender,
            borrower=borrower,
            line_from=S.RETURNED,
            state=way.case,
            kind="other",
            words="It came back broken.",
            opened_at=LONG_AGO,
            opened_for=borrower,
            answer_due_at=LONG_AGO,
            brought_at=LONG_AGO,
            brought_for=borrower,
            **(decided if way.case == "decided" else {}),
        )
    return line


def _line(
    booking: Booking, thing: Resource, state: LineState, way: Way, *, position: int = 0
) -> Line:
    line = make_line(
        booking,
        thing,
        state=state,
        starts_at=way.starts_at,
        hours=LENGTH // HOUR,
        position=position,
        **{"handover": thing.handover, **way.fields},
    )
    if state in CLAIMING:
        capacity, taken = Capacity.objects.get(resource=thing), claimed(line)
        Claim.objects.create(
            capacity=capacity,
            mode=capacity.mode,
            span=DateTimeTZRange(taken.start, taken.end, "[)"),
            units=line.units,
            cause="line",
            line=line,
            expires_at=line.expires_at,
        )
    return line


def claims_disagree(line: Line, now: datetime) -> str:
    """What is wrong between the state of a line and its claims; empty where they agree.

    A state that holds time has one claim. Of one that does not there is none that reaches beyond `now`: what took
    place stays in the book.
    """
    claims = list(Claim.objects.filter(line=line.pk))
    if line.state in CLAIMING:
        return "" if len(claims) == 1 else f"{line.state} with {len(claims)} claims"
    late = [claim.span.upper for claim in claims if claim.span.upper > now]
    return f"{line.state}, but claims until {late[0]}" if late else ""
