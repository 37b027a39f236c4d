"""Who may move a line: the whole grid of actions, sides and states, as told and as done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused
from bookings.models import Line
from bookings.permissions import allowed_actions, may_act, sides
from bookings.services.actions import act
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, LineState, Who
from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from sharing.models import Resource
from tests.bookings.stage import NOW, fresh, make_side, make_thing
from tests.factories import (
    make_booking,
    make_institution,
    make_line,
    make_member,
    make_moderator,
)

pytestmark = pytest.mark.django_db

# Who stands where: side of the line -> who they are in the table.
STANDS = {
    "borrower_staff": {"borrower", "both"},
    "borrower_keeper": {"borrower", "both"},
    "lender_staff": set(),
    "lender_keeper": {"keeper", "both"},
    "lender_manager": {"keeper", "both"},
    "both_houses": {"borrower", "keeper", "both"},
    "moderator": {"moderator"},
    "stranger": set(),
    "nobody": set(),
}


@dataclass
class People:
    """The viewers of the grid, and the thing that is lent."""

    thing: Resource
    viewers: dict[str, Viewer]
    borrower: int

    def line(self, state: str, **fields: Any) -> Line:
        made = make_booking(None, [], title="Próba", borrower_id=self.borrower, all_or_nothing=True)
        return make_line(
            made,
            self.thing,
            state=state,
            starts_at=NOW - timedelta(hours=1),
            handover="simple",
            **fields,
        )


@pytest.fixture
def people() -> People:
    lender, borrower = make_side("Lender"), make_side("Borrower", role="staff")
    thing = make_thing(lender, handover="simple")
    two = make_member(lender.house, role="keeper")
    make_member(borrower.house, two, role="staff")

    def at(role: str, side: object) -> Viewer:
        house = side.house  # type: ignore[attr-defined]
        return viewer_for(person=make_member(house, role=role), acting_for=house.pk, now=NOW)

    elsewhere = make_institution("Elsewhere")
    return People(
        thing,
        {
            "borrower_staff": at("staff", borrower),
            "borrower_keeper": at("keeper", borrower),
            "lender_staff": at("staff", lender),
            "lender_keeper": at("keeper", lender),
            "lender_manager": at("manager", lender),
            "both_houses": viewer_for(person=two, acting_for=lender.house.pk, now=NOW),
            "moderator": viewer_for(person=make_moderator(), acting_for=None, now=NOW),
            "stranger": viewer_for(
                person=make_member(elsewhere, role="manager"), acting_for=elsewhere.pk, now=NOW
            ),
            "nobody": viewer_for(person=None, acting_for=None, now=NOW),
        },
        borrower.house.pk,
    )


def test_the_grid_of_what_is_offered(people: People) -> None:
    """Every action, every side, every state: offered exactly where the table says so."""
    for state in LineState:
        line = people.line(state)
        for name, viewer in people.viewers.items():
            expected = tuple(
                row.action
                for row in TRANSITIONS.values()
                if state in row.sources and {str(who) for who in row.who} & STANDS[name]
            )
            assert allowed_actions(line, line.booking, viewer) == expected, (state, name)


def test_the_grid_of_who_may_at_all(people: People) -> None:
    line = people.line("confirmed")
    for name, viewer in people.viewers.items():
        assert sides(line, line.booking, viewer) == {Who(who) for who in STANDS[name]}
        for row in TRANSITIONS.values():
            may = bool({str(who) for who in row.who} & STANDS[name])
            assert may_act(line, line.booking, row.action, viewer) == may, (row.action, name)


@pytest.mark.parametrize("name", sorted(STANDS))
def test_the_grid_of_what_is_done(people: People, name: str) -> None:
    """Asked of the service: unseen is 404, seen but not theirs 403, and nothing moves."""
    viewer = people.viewers[name]
    line = people.line("asked")
    party = name.startswith(("borrower", "lender", "both"))
    for action in PERSONAL_ACTIONS:
        for state in LineState:
            Line._base_manager.filter(pk=line.pk).update(
                state=state, sent_at=None if state == "draft" else NOW
            )
            visible = party and (state != "draft" or not name.startswith("lender"))
            visible |= name == "moderator" and state == "disputed"
            may = {str(who) for who in TRANSITIONS[action].who} & STANDS[name]
            if visible and may:
                continue
            with pytest.raises(Forbidden if visible else NotFound):
                act(by=viewer, line=line.uid, action=action, reason="bo tak")
            assert fresh(line).state == state


# What stands in the way in this scene although state and side are right.
LATER = {("overdue", "handed_over"): Conflict}
ONCE_AGAIN = {  # a repeated action finds the line where it led before
    action: set(TRANSITIONS[action].targets) - set(TRANSITIONS[action].sources)
    for action in PERSONAL_ACTIONS
}


@pytest.mark.parametrize("action", PERSONAL_ACTIONS)
def test_the_grid_of_states(people: People, action: str) -> None:
    """By somebody on both sides: from a source it moves, from a target it stays, from elsewhere it is refused."""
    both = people.viewers["both_houses"]
    if action == "resolve":
        both = replace(both, moderator=True)
    row = TRANSITIONS[action]
    for state in LineState:
        line = people.line(state, decided_at=NOW)
        if state in row.sources and (action, str(state)) in LATER:
            with pytest.raises(LATER[action, str(state)]):
                act(by=both, line=line.uid, action=action, reason="bo tak")
            assert fresh(line).state == state
        elif state in row.sources:
            moved = act(by=both, line=line.uid, action=action, reason="bo tak")
            assert (moved.state, moved.pk) == (row.targets[0], line.pk)
            assert fresh(line).state == row.targets[0]
            assert fresh(line).state_since == NOW
            line.claims.all().delete()
            again = act(by=both, line=line.uid, action=action, reason="bo tak")
            assert again.state == row.targets[0]
            assert fresh(line).version == moved.version
        elif state in ONCE_AGAIN[action]:
            repeated = act(by=both, line=line.uid, action=action, reason="bo tak")
            # Accepted alone is complete: whatever commit touches it confirms it.
            assert repeated.state == ("confirmed" if state == "accepted" else state)
        else:
            with pytest.raises(Conflict):
                act(by=both, line=line.uid, action=action, reason="bo tak")
            assert fresh(line).state == state
        Line._base_manager.filter(pk=line.pk).update(state="closed")
        line.claims.all().delete()


def test_an_unknown_action_is_not_found(people: People) -> None:
    line = people.line("asked")
    for action in ("send", "write_in", "expire", "", "approve "):
        with pytest.raises(NotFound):
            act(by=people.viewers["both_houses"], line=line.uid, action=action)


def test_nothing_is_handed_out_where_there_is_nothing_to_hand_over(people: People) -> None:
    line = people.line("confirmed")
    Line._base_manager.filter(pk=line.pk).update(handover="none")
    line = fresh(line)
    keeper = people.viewers["lender_keeper"]
    assert "hand_over" not in allowed_actions(line, line.booking, keeper)
    with pytest.raises(Conflict):
        act(by=keeper, line=line.uid, action="hand_over")


def test_what_no_longer_fits_is_refused_with_reasons(people: People) -> None:
    line = people.line("asked")
    Line._base_manager.filter(pk=line.pk).update(use_ends_at=NOW, event_ends_at=NOW)
    with pytest.raises(BookingRefused) as refused:
        act(by=people.viewers["lender_keeper"], line=line.uid, action="approve")
    assert [reason.code for reason in refused.value.reasons] == ["in_the_past"]
