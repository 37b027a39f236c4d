"""The transition table against the one in the design, and a booking's state against a slow statement of the rule."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from bookings.states import (
    CLAIMING,
    FIRM,
    LIVE,
    OVER,
    PERSONAL_ACTIONS,
    TRANSITIONS,
    WAITING,
    BookingState,
    LineState,
    Who,
    booking_state,
)

# The table as it is written in the design, word by word but for "hold runs out" = run_out and the clock = system; and
# three rows more for proposals and mistakes (decision 0028): accept, restore, extend.
DESIGNED = """
send      | draft | asked held accepted confirmed | borrower
write_in  | | confirmed | keeper
approve   | asked held | confirmed accepted | keeper
accept    | asked held declined cancelled | held accepted confirmed | borrower
complete  | accepted | confirmed | system borrower
decline   | asked held accepted | declined | keeper
reopen    | declined | asked | keeper
withdraw  | draft asked held accepted | withdrawn | borrower
let_go    | held accepted | asked | keeper
run_out   | held accepted | asked | system
expire    | asked | expired | system
cancel    | confirmed to_settle | cancelled | borrower
take_back | confirmed to_settle | cancelled | keeper
hit       | held accepted confirmed | to_settle | system
restore   | to_settle | held accepted confirmed | system
settle    | to_settle | confirmed | both
hand_over | confirmed | handed_over | keeper
give_back | handed_over overdue | returned | keeper
overdue   | handed_over | overdue | system keeper
extend    | overdue | handed_over | system
lost      | handed_over overdue | lost | keeper
finish    | confirmed | finished | system
not_used  | confirmed finished | not_used | keeper
complain  | finished returned lost not_used | disputed | both
resolve   | disputed | closed | both moderator
close     | finished returned lost not_used | closed | system
"""


def designed() -> dict[str, tuple[set[str], set[str], set[str]]]:
    table = {}
    for row in DESIGNED.strip().splitlines():
        action, *cells = (cell.strip() for cell in row.split("|"))
        sources, targets, who = (set(cell.split()) for cell in cells)
        table[action] = (sources, targets, who)
    return table


def test_the_table_is_the_designs() -> None:
    built = {
        row.action: (set(row.sources), set(row.targets), set(row.who))
        for row in TRANSITIONS.values()
    }
    assert built == designed()


@pytest.mark.parametrize("state", list(LineState))
def test_what_may_follow_a_state(state: LineState) -> None:
    """The whole grid, state by state: which actions there are, and where they lead."""
    follows = {row.action: set(row.targets) for row in TRANSITIONS.values() if state in row.sources}
    expected = {
        action: targets
        for action, (sources, targets, _who) in designed().items()
        if state in sources
    }
    assert follows == expected


def test_every_state_is_reached_and_left_but_for_the_last_ones() -> None:
    reached = {target for row in TRANSITIONS.values() for target in row.targets}
    left = {source for row in TRANSITIONS.values() for source in row.sources}
    assert set(LineState) - reached == {LineState.DRAFT}
    assert set(LineState) - left == {
        LineState.CLOSED,
        LineState.WITHDRAWN,
        LineState.EXPIRED,
    }


def test_personal_actions_are_those_that_a_person_takes_on_a_line() -> None:
    by_people = {row.action for row in TRANSITIONS.values() if set(row.who) != {Who.SYSTEM}}
    assert set(PERSONAL_ACTIONS) == by_people - {"send", "write_in", "accept"}
    assert len(PERSONAL_ACTIONS) == len(set(PERSONAL_ACTIONS))


def test_reasons_are_asked_for_where_somebody_is_let_down() -> None:
    assert {row.action for row in TRANSITIONS.values() if row.needs_reason} == {
        "decline",
        "take_back",
        "complain",
    }


def test_groups_of_states() -> None:
    assert {"held", "accepted", "confirmed", "handed_over", "overdue"} == CLAIMING
    assert {"asked", "held", "accepted"} == WAITING
    assert CLAIMING | {"asked", "to_settle"} == LIVE
    assert {"declined", "expired", "cancelled", "withdrawn"} == OVER
    assert set(LineState) - FIRM == WAITING | OVER | {"draft", "to_settle"}


def slow_state(lines: Sequence[str]) -> str:
    """The rule of the design, sentence by sentence, with nothing shared with the code."""
    further = [
        "confirmed",
        "handed_over",
        "overdue",
        "finished",
        "returned",
        "lost",
        "not_used",
        "disputed",
        "closed",
    ]
    live = ["asked", "held", "accepted", "confirmed", "to_settle", "handed_over", "overdue"]
    over = ["declined", "expired", "cancelled", "withdrawn"]

    def any_of(*names: str) -> bool:
        return any(line in names for line in lines)

    if not lines or any_of("draft"):
        return "draft"
    if any_of("asked", "held", "accepted"):
        return "partly_confirmed" if any_of(*further) else "open"
    if any_of("to_settle"):
        return "partly_confirmed"
    if any_of(*live) and any_of(*over):
        return "partly_confirmed"
    if any_of(*(name for name in further if name != "closed")):
        return "confirmed"
    if any_of("closed"):
        return "closed"
    for last in ("cancelled", "declined", "expired"):
        if any_of(last):
            return last
    return "withdrawn"


def test_a_bookings_state_over_all_small_combinations() -> None:
    """Every booking of up to four lines; the order of lines does not matter."""
    told_apart = set()
    for size in range(5):
        for lines in itertools.combinations_with_replacement(LineState.values, size):
            assert booking_state(list(lines)) == slow_state(lines), lines
            assert booking_state(list(reversed(lines))) == slow_state(lines), lines
            told_apart.add(slow_state(lines))
    assert told_apart == set(BookingState.values)
