"""What goes out and what comes back is counted, within reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bookings.models import Line
from bookings.services.actions import act
from bookings.services.clockwork import tick
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid
from cooperative.events.models import Event
from sharing.models import Resource
from tests.bookings.stage import (
    Side,
    ask,
    audited,
    claims_of,
    codes,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    refused,
)

pytestmark = pytest.mark.django_db


def test_nothing_is_not_handed_out_and_no_more_comes_back_than_went() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=30, handover="simple", terms={"at_once": True})
    sent = ask(guest, line(chairs, units=29)).lines[0]
    keeper = owner.at(sent.use_starts_at)
    for units in (0, 30, -1):
        with pytest.raises(Invalid):
            act(by=keeper, line=sent.uid, action="hand_over", units=units)
    assert act(by=keeper, line=sent.uid, action="hand_over", units=20).units_out == 20
    with pytest.raises(Invalid):
        act(by=keeper, line=sent.uid, action="give_back", units=21)
    with pytest.raises(Invalid):
        act(by=keeper, line=sent.uid, action="give_back", units=0)
    assert act(by=keeper, line=sent.uid, action="give_back").state == "returned"
    assert (fresh(sent).units_out, fresh(sent).units_back) == (20, 20)


# --- 114 of 120 ------------------------------------------------------------------------------------
H = timedelta(hours=1)


@pytest.fixture
def owner() -> Side:
    return make_side()


@pytest.fixture
def chairs(owner: Side) -> Resource:
    return make_thing(
        owner, "Krzesła", kind="pooled", units=120, handover="simple", terms={"at_once": True}
    )


def lent(owner: Side, chairs: Resource, units: int = 120, hours: float = 4) -> Line:
    """Out from ten o'clock (UTC) of the stage's day."""
    one = ask(make_side("Szkoła"), line(chairs, 10, hours, units=units)).lines[0]
    return do(owner, one, "hand_over", now=one.use_starts_at)


def rest_of(one: Line) -> Line:
    return Line.objects.visible_to(SYSTEM).get(rest_of=one)


def verbs(one: Line) -> list[str]:
    found = Event.objects.filter(subject_uid=one.booking.uid).order_by("pk")
    return [event.verb for event in found]


def test_what_is_not_back_stays_out_by_itself(owner: Side, chairs: Resource) -> None:
    out = lent(owner, chairs)
    due = out.use_ends_at
    do(owner, out, "give_back", units=114, condition="Sześć u nas w aucie", now=due - H)
    rest = rest_of(out)
    # Before it is due the six are simply still out, for their time.
    assert (fresh(out).state, rest.state, rest.units, rest.units_out) == (
        "returned",
        "handed_over",
        6,
        6,
    )
    assert (fresh(out).units_back, fresh(out).booking.state) == (114, "confirmed")
    assert [(claim.span.upper, claim.units) for claim in claims_of(out)] == [(due - H, 114)]
    assert [(claim.span.upper, claim.units) for claim in claims_of(rest)] == [(due, 6)]
    too_many = refused(make_side(), line(chairs, due - H, 1, units=115))
    assert codes(too_many.reasons) == ["not_enough_units"]
    assert ask(make_side(), line(chairs, due - H, 1, units=114)).lines
    audited()
    # Four more come, two are lost: each its own word.
    do(owner, rest, "give_back", units=4, now=due + H)
    last = rest_of(rest)
    assert (fresh(rest).state, last.state, last.units) == ("returned", "overdue", 2)
    do(owner, last, "lost", now=due + 2 * H)
    assert (fresh(last).state, len(lines_of(out.booking))) == (
        "lost",
        3,
    )
    audited()


def test_who_comes_next_hears_at_once_and_again(owner: Side, chairs: Resource) -> None:
    out = lent(owner, chairs)
    due = out.use_ends_at
    soon = ask(make_side("Chór"), line(chairs, due + 2 * H, 2, units=120)).lines[0]
    far = ask(make_side("Teatr"), line(chairs, due + 48 * H, 2, units=120)).lines[0]
    do(owner, out, "give_back", units=114, now=due)
    assert rest_of(out).state == "overdue"
    assert [fresh(one).short_units for one in (soon, far)] == [6, None]
    assert (verbs(soon)[-1], fresh(soon).state) == ("booking.at_risk", "confirmed")
    tick(now=due + H)  # told once
    assert verbs(soon).count("booking.at_risk") == 1
    do(owner, rest_of(out), "give_back", now=due + H)
    assert (fresh(soon).short_units, verbs(soon)[-1]) == (None, "booking.all_there")
    audited()


def test_at_its_start_it_goes_on_with_what_is_there(owner: Side, chairs: Resource) -> None:
    out = lent(owner, chairs)
    due = out.use_ends_at
    soon = ask(make_side("Chór"), line(chairs, due + 2 * H, 2, units=120)).lines[0]
    do(owner, out, "give_back", units=114, now=due)
    tick(now=due + 2 * H)
    assert (fresh(soon).state, fresh(soon).units, verbs(soon)[-1]) == (
        "confirmed",
        114,
        "booking.shrink",
    )
    audited()
    do(owner, soon, "hand_over", now=due + 2 * H)
    # The six turn up: whoever comes then may have them.
    do(owner, rest_of(out), "give_back", now=due + 3 * H)
    assert ask(make_side(), line(chairs, due + 3 * H, 1, units=6)).lines
    audited()


def test_late_back_to_back_it_is_never_refused(owner: Side, chairs: Resource) -> None:
    """The next loan's time has begun by the time somebody counts: a fact is written down all the same."""
    out = lent(owner, chairs)
    due = out.use_ends_at
    ask(make_side("Chór"), line(chairs, due, 4, units=120))
    do(owner, out, "give_back", units=114, now=due + H)
    assert (rest_of(out).state, [one.units for one in claims_of(rest_of(out))]) == ("overdue", [6])
    audited()


def test_a_click_without_a_network_has_its_own_time(owner: Side, chairs: Resource) -> None:
    sent = ask(make_side(), line(chairs, 10, 4, units=120)).lines[0]
    at = sent.use_starts_at
    later = owner.at(at + 5 * H)

    def click(action: str, when: datetime) -> Line:
        return act(by=later, line=sent.uid, action=action, happened_at=when)

    for wrong in (at + 6 * H, at - 100 * H):
        with pytest.raises(Invalid) as no:
            click("hand_over", wrong)
        assert set(no.value.errors) == {"happened_at"}
    click("hand_over", at - H / 4)
    with pytest.raises(Invalid):  # not before it went out
        click("give_back", at - H)
    click("give_back", at + 3 * H)
    found = fresh(sent)
    assert (found.handed_over_at, found.returned_at) == (at - H / 4, at + 3 * H)
    assert [claim.span.upper for claim in claims_of(sent)] == [at + 3 * H]
    assert [one.state for one in lines_of(found.booking)] == ["returned"]
    audited()


def test_a_loan_that_came_free_for_who_waited_comes_back_in_parts(
    owner: Side, chairs: Resource
) -> None:
    """Who waited for at least so many may bring back all but a few."""
    first = ask(make_side(), line(chairs, units=60)).lines[0]
    wish = line(chairs, units=100, waiting_list=True, least_units=90)
    waiting = ask(make_side(), wish).lines[0]
    do(owner, first, "take_back")
    do(owner, waiting, "approve")
    at = waiting.use_starts_at
    do(owner, waiting, "hand_over", now=at)
    do(owner, waiting, "give_back", units=95, now=at + H)
    assert (rest_of(waiting).units, rest_of(waiting).least_units) == (5, None)
    audited()


def test_what_is_used_up_leaves_nothing_to_be_brought_back(owner: Side) -> None:
    boards = make_thing(owner, kind="giveaway", units=8, handover="simple", terms={"at_once": True})
    one = ask(make_side(), line(boards, units=6)).lines[0]
    do(owner, one, "hand_over", now=one.use_starts_at)
    do(owner, one, "give_back", units=4, now=one.use_starts_at + H)
    assert [(found.state, found.units_back) for found in lines_of(one.booking)] == [("returned", 4)]
    audited()


def test_a_number_that_differs_from_what_a_colleague_noted_is_not_lost(
    owner: Side, chairs: Resource
) -> None:
    out = lent(owner, chairs, units=100)
    at = out.use_ends_at
    other = make_side(house=owner.house)
    do(owner, out, "give_back", units=90, now=at)
    with pytest.raises(Conflict) as no:
        do(other, out, "give_back", units=80, now=at)
    assert "90" in str(no.value.message)
    # The same again, or without a number, is what was done.
    for units in (90, None):
        assert do(other, out, "give_back", units=units, now=at).units_back == 90
    audited()
