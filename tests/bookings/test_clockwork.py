"""What time does by itself; and that nothing waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import Claim, Line
from bookings.queries.availability import free
from bookings.queries.claims import OVERDUE_AT_MOST
from bookings.services.clockwork import tick
from bookings.services.request.checking import check_booking
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    state_of,
    states,
    wish,
)

pytestmark = pytest.mark.django_db

H = timedelta(hours=1)


def lent(owner: Side, guest: Side, thing, start, hours=2.0, *, units=1, overdue=True) -> Line:  # type: ignore[no-untyped-def]
    """A thing that went out and, if `overdue`, did not come back."""
    one = ask(guest, line(thing, start, hours, units=units)).lines[0]
    do(owner, one, "hand_over", now=one.use_starts_at)
    if overdue:
        do(owner, one, "overdue", now=one.use_ends_at)
    return fresh(one)


def test_a_hold_runs_out_without_anybody() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    first = ask(guest, line(hall)).lines[0]
    assert first.expires_at is not None
    before, after = first.expires_at - timedelta(seconds=1), first.expires_at
    window = Span(DAY, DAY + timedelta(days=1))
    whole = [
        (one.span.start, one.span.end) for one in free([hall.pk], window, now=after)[hall.pk].free
    ]
    assert whole == [(window.start, window.end)]
    assert len(free([hall.pk], window, now=before)[hall.pk].free) == 2
    for now, possible in ((before, False), (after, True)):
        told = check_booking(by=rival.at(now), institution=rival.house.pk, wish=wish(line(hall)))
        assert told.possible == possible
    assert fresh(first).state == "held"  # reading writes nothing
    assert tick(now=after)["run_out"] == 1
    assert (fresh(first).state, fresh(first).expires_at, claims_of(first)) == ("asked", None, [])
    assert tick(now=after)["run_out"] == 0


def test_approving_after_the_hold_ran_out_is_judged_afresh() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    first = ask(guest, line(hall)).lines[0]
    assert first.expires_at is not None
    second = ask(rival, line(hall), now=first.expires_at).lines[0]
    assert (fresh(first).state, second.state) == ("asked", "held")
    do(owner, first, "approve", now=first.expires_at + H)
    assert (fresh(first).state, fresh(second).state) == ("confirmed", "asked")


def test_an_acceptance_that_ran_out_is_not_completed_by_the_last_yes() -> None:
    """The accepted line's time may be another's by now: it is asked again, whether or not anybody tidied up."""
    one, two, guest = make_side(), make_side(), make_side()
    hall, piano = make_thing(one), make_thing(two)
    sent = ask(guest, line(hall), line(piano, DAY + timedelta(days=2)))
    do(one, sent.lines[0], "approve")
    accepted = fresh(sent.lines[0])
    assert accepted.expires_at is not None
    do(two, sent.lines[1], "approve", now=accepted.expires_at)
    assert states(sent.booking) == ["asked", "accepted"]
    assert claims_of(accepted) == []


def test_going_ahead_after_all_acceptances_ran_out_is_refused() -> None:
    one, two, guest = make_side(), make_side(), make_side()
    sent = ask(guest, line(make_thing(one)), line(make_thing(two), DAY + timedelta(days=2)))
    do(one, sent.lines[0], "approve")
    until = fresh(sent.lines[0]).expires_at
    assert until is not None
    from cooperative.errors import Conflict

    with pytest.raises(Conflict):
        do(guest, sent.lines[0], "complete", now=until)


def test_an_answer_gives_the_other_acceptances_more_time_but_not_more_than_14_days() -> None:
    owners = [make_side() for _ in range(4)]
    guest = make_side()
    far = DAY + timedelta(days=60)
    sent = ask(guest, *(line(make_thing(owner), far) for owner in owners))
    do(owners[0], sent.lines[0], "approve")
    assert fresh(sent.lines[0]).expires_at == NOW + timedelta(days=3)
    later = NOW + timedelta(days=2)
    do(owners[1], sent.lines[1], "approve", now=later)
    # From Wednesday on: Thursday, Friday, Monday.
    assert fresh(sent.lines[0]).expires_at == later + timedelta(days=5)
    assert {claim.expires_at for claim in claims_of(sent.lines[0])} == {later + timedelta(days=5)}
    for step in range(1, 5):
        now = later + timedelta(days=2 * step)
        do(owners[2], sent.lines[2], "approve", now=now)
        do(owners[2], sent.lines[2], "let_go", now=now)
        expires = fresh(sent.lines[0]).expires_at
        assert expires is not None
        assert expires <= NOW + timedelta(days=14)


def test_a_request_nobody_answered_expires_at_its_start() -> None:
    owner, guest = make_side(), make_side()
    asked = ask(guest, line(make_thing(owner)))
    start = asked.lines[0].use_starts_at
    assert tick(now=start - timedelta(minutes=1))["expire"] == 0
    assert tick(now=start)["expire"] == 1
    assert state_of(asked.booking) == "expired"


def test_a_use_finishes_and_its_file_is_closed_after_14_days() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    done = ask(guest, line(hall))
    end = done.lines[0].use_ends_at
    assert tick(now=end - timedelta(minutes=1))["finish"] == 0
    assert tick(now=end)["finish"] == 1
    assert state_of(done.booking) == "confirmed"
    assert tick(now=end + timedelta(days=14) - timedelta(minutes=1))["close"] == 0
    assert tick(now=end + timedelta(days=14))["close"] == 1
    assert state_of(done.booking) == "closed"
    assert len(claims_of(done.lines[0])) == 1  # the past keeps its claims


def test_a_thing_is_overdue_when_nobody_answered_by_the_next_opening_hour() -> None:
    """Nobody keeps hours here, so there is always somebody: a day later it is late."""
    owner, guest = make_side(), make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    one = lent(owner, guest, mixer, 10, overdue=False)
    assert tick(now=one.use_ends_at + 23 * H)["overdue"] == 0
    assert tick(now=one.use_ends_at + 24 * H)["overdue"] == 1
    assert fresh(one).state == "overdue"


def test_overdue_with_desk_hours() -> None:
    from sharing.models import WeeklyHours

    owner, guest = make_side(), make_side()
    mixer = make_thing(owner, handover="simple", hours_source="own", terms={"at_once": True})
    for weekday in (2, 4):  # Wednesday and Friday, 10 to 18
        WeeklyHours.objects.create(
            institution=owner.house,
            resource=mixer,
            weekday=weekday,
            opens_minute=600,
            closes_minute=1080,
        )
    at_closing = lent(owner, guest, mixer, 9, 8, overdue=False)  # 10:00 to 18:00 in Wrocław
    friday_opening = DAY + timedelta(days=2, hours=9)
    assert tick(now=friday_opening - timedelta(minutes=1))["overdue"] == 0
    assert tick(now=friday_opening)["overdue"] == 1
    assert fresh(at_closing).state == "overdue"


# --- the claim of what is not back ------------------------------------------------------------------
def test_an_overdue_claim_is_pushed_to_seven_days_ahead_again_and_again() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    one = lent(owner, guest, mixer, 10)
    now = one.use_ends_at + H
    [stored] = claims_of(one)
    assert stored.span.upper == one.use_ends_at
    told = check_booking(
        by=rival.at(now), institution=rival.house.pk, wish=wish(line(mixer, now + H))
    )
    assert codes(told.reasons) == ["taken"]  # counted as out before anybody wrote it
    for later in (now, now + timedelta(days=1), now + timedelta(days=3)):
        tick(now=later)
        assert claims_of(one)[0].span.upper == later + OVERDUE_AT_MOST
    do(owner, one, "give_back", now=now + timedelta(days=4))
    [ended] = claims_of(one)
    assert ended.span.upper == now + timedelta(days=4)


def test_an_overdue_claim_stops_at_the_first_instant_that_no_longer_fits() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=10, handover="simple", terms={"at_once": True})
    next_day = DAY + timedelta(days=1, hours=10)
    ask(rival, line(chairs, next_day, 4, units=4))
    ask(rival, line(chairs, next_day + H, 1, units=3))
    one = lent(owner, guest, chairs, 10, units=5)
    tick(now=one.use_ends_at + H)
    assert claims_of(one)[0].span.upper == next_day + H  # 5 + 4 fit, 5 + 4 + 3 do not


def test_back_to_back_it_stays_as_it_is_and_the_next_is_hit_at_its_own_start() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    following = ask(rival, line(mixer, 12))
    one = lent(owner, guest, mixer, 10)
    start = following.lines[0].use_starts_at
    tick(now=start - timedelta(seconds=1))
    assert (fresh(following.lines[0]).state, claims_of(one)[0].span.upper) == ("confirmed", start)
    done = tick(now=start)
    assert done["hit"] == 1
    assert (fresh(following.lines[0]).state, claims_of(following.lines[0])) == ("to_settle", [])
    assert state_of(following.booking) == "partly_confirmed"
    tick(now=start + H)
    assert claims_of(one)[0].span.upper == start + H + OVERDUE_AT_MOST


def test_only_those_whose_units_are_out_are_hit() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=10, handover="simple", terms={"at_once": True})
    small = ask(rival, line(chairs, 12, units=4)).lines[0]
    big = ask(rival, line(chairs, 14, units=8)).lines[0]
    one = lent(owner, guest, chairs, 10, units=6)
    assert tick(now=one.use_ends_at)["hit"] == 0
    assert fresh(small).state == "confirmed"
    assert tick(now=big.use_starts_at)["hit"] == 1
    assert (fresh(big).state, fresh(big).units) == ("confirmed", 4)


def test_two_loans_that_are_both_late_do_not_push_into_each_other() -> None:
    """The first never came back but the second went out all the same; the clock must not stumble over them."""
    owner, guest, rival = make_side(), make_side(), make_side()
    for kind, units, wanted in (("exclusive", 1, 1), ("pooled", 10, 6)):
        thing = make_thing(
            owner, kind=kind, units=units, handover="simple", terms={"at_once": True}
        )
        second = ask(rival, line(thing, 14, units=wanted)).lines[0]
        first = lent(owner, guest, thing, 10, units=wanted)
        do(owner, second, "hand_over", now=second.use_starts_at)
        do(owner, second, "overdue", now=second.use_ends_at)
        now = second.use_ends_at + H
        tick(now=now)
        assert claims_of(first)[0].span.upper == second.use_starts_at
        assert claims_of(second)[0].span.upper == now + OVERDUE_AT_MOST
        for one in (first, second):
            do(owner, one, "give_back", now=now)


def test_what_is_late_for_years_still_has_a_claim_that_can_be_stored() -> None:
    owner, guest = make_side(), make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    one = lent(owner, guest, mixer, 10)
    for days in (1, 700, 799, 900, 2000):
        tick(now=one.use_ends_at + timedelta(days=days))
    assert fresh(one).state == "overdue"
    assert Claim.objects.count() == 1


def test_what_was_given_back_is_free_at_that_minute() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    one = lent(owner, guest, mixer, 10, 8, overdue=False)
    back = DAY + 12 * H + timedelta(seconds=40)
    with pytest.raises(BookingRefused):
        ask(rival, line(mixer, 13), now=NOW)
    do(owner, one, "give_back", now=back, units=1, condition="cała")
    assert ask(rival, line(mixer, DAY + 12 * H + timedelta(minutes=1), 1), now=back).lines
    stored = fresh(one)
    assert (stored.state, stored.units_back, stored.condition_back) == ("returned", 1, "cała")


def test_nothing_of_this_is_done_twice() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    ask(guest, line(hall))
    end = DAY + timedelta(days=1)
    assert sum(tick(now=end).values()) == 1
    assert sum(tick(now=end).values()) == 0
    assert Line.objects.visible_to(SYSTEM).get().version == 2
