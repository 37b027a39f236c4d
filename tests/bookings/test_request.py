"""Asking: the three policies, second in line, waivers, holds, and what may not be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bookings.errors import BookingRefused, UnknownResource
from bookings.models import Booking, BookingMessage, Claim, Line
from bookings.services.blocks import add_block
from bookings.services.drafts import add_line
from bookings.services.request.checking import check_booking
from bookings.services.request.sending import request_booking
from bookings.states import LineState
from bookings.wishes import LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden, Invalid
from cooperative.events.models import Event
from sharing.models import DayOff
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    seen_again,
    state_of,
    states,
    wish,
)
from tests.factories import make_terms

pytestmark = pytest.mark.django_db


def refusal(side: Side, *lines: LineWish, now: datetime = NOW, **fields: Any) -> BookingRefused:
    """Ask, be refused; the check said the same, and nothing was stored."""
    before = (Booking._base_manager.count(), Line._base_manager.count(), Claim.objects.count())
    told = check_booking(by=side.at(now), institution=side.house.pk, wish=wish(*lines, **fields))
    with pytest.raises(BookingRefused) as refused:
        ask(side, *lines, now=now, **fields)
    assert (before) == (
        Booking._base_manager.count(),
        Line._base_manager.count(),
        Claim.objects.count(),
    )
    assert not told.possible
    assert codes(told.reasons) == codes(refused.value.reasons)
    assert told.alternatives == tuple(refused.value.alternatives)
    return refused.value


def test_at_once_confirms() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True}, turnover_minutes=30)
    done = ask(guest, line(hall, setup_minutes=60, strike_minutes=15))
    assert (done.booking.state, done.lines[0].state) == ("confirmed", "confirmed")
    [claim] = claims_of(done.lines[0])
    use = (DAY + timedelta(hours=9), DAY + timedelta(hours=12, minutes=15))
    assert (claim.span.lower, claim.span.upper) == (use[0], use[1] + timedelta(minutes=30))
    assert claim.expires_at is None
    stored = fresh(done.lines[0])
    assert (stored.use_starts_at, stored.use_ends_at) == use
    assert (stored.event_starts_at, stored.event_ends_at) == (
        DAY + timedelta(hours=10),
        DAY + timedelta(hours=12),
    )
    assert (stored.zone, stored.local_date, stored.turnover_minutes) == (
        "Europe/Warsaw",
        DAY.date(),
        30,
    )


def test_owner_chooses_claims_nothing_and_lets_rivals_ask() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner)
    first, second = ask(guest, line(hall)), ask(rival, line(hall, 11))
    assert (state_of(first.booking), state_of(second.booking)) == ("open", "open")
    assert not Claim.objects.exists()
    do(owner, second.lines[0], "approve")
    with pytest.raises(BookingRefused) as refused:
        do(owner, first.lines[0], "approve")
    assert codes(refused.value.reasons) == ["taken"]
    assert fresh(first.lines[0]).state == "asked"


def test_keep_first_holds_for_three_working_days_of_the_owner() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    friday = NOW + timedelta(days=4, hours=3)  # 13:00 in Wrocław
    held = ask(guest, line(hall, DAY + timedelta(days=10)), now=friday).lines[0]
    assert held.state == "held"
    assert held.expires_at == friday + timedelta(days=5)  # Monday, Tuesday, Wednesday
    refused = refusal(rival, line(hall, DAY + timedelta(days=10)), now=friday)
    assert codes(refused.reasons) == ["kept_for_another"]
    [second] = [one for one in refused.alternatives if one.kind == "second_in_line"]
    assert second.second_in_line
    behind = ask(
        rival, line(hall, DAY + timedelta(days=10), second_in_line=True), now=friday
    ).lines[0]
    assert (behind.state, claims_of(behind)) == ("asked", [])
    later = friday + timedelta(days=5)
    free_again = ask(make_side(), line(hall, DAY + timedelta(days=10)), now=later)
    assert free_again.lines[0].state == "held"
    assert (fresh(held).state, claims_of(held)) == ("asked", [])


def test_days_off_are_no_working_days_however_far_the_use_is() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, answering="keep_first", hours_source="house")
    DayOff.objects.create(
        institution=owner.house,
        from_on=(NOW + timedelta(days=1)).date(),
        until_on=(NOW + timedelta(days=4)).date(),
    )
    for ahead in (12, 60):
        held = ask(guest, line(hall, NOW + timedelta(days=ahead))).lines[0]
        # Friday, Monday, Tuesday: Tuesday to Thursday the house is closed.
        assert held.expires_at == NOW + timedelta(days=8)


def test_a_hold_never_lasts_beyond_the_start() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    soon = NOW + timedelta(hours=5)
    assert ask(guest, line(hall, soon)).lines[0].expires_at == soon
    at_once = ask(guest, line(hall, NOW, 1)).lines[0]
    assert (at_once.state, claims_of(at_once)) == ("asked", [])


def test_second_in_line_where_nobody_is_first_is_simply_first() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    assert ask(guest, line(hall, second_in_line=True)).lines[0].state == "held"


def test_choosing_the_second_lets_the_first_go_in_the_same_commit() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    first = ask(guest, line(hall)).lines[0]
    second = ask(rival, line(hall, second_in_line=True)).lines[0]
    do(owner, second, "approve")
    assert (fresh(first).state, claims_of(first)) == ("asked", [])
    assert (fresh(second).state, len(claims_of(second))) == ("confirmed", 1)
    assert Event.objects.filter(verb="booking.let_go").count() == 1


def test_only_as_many_firsts_go_as_must() -> None:
    owner, rival = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=10, answering="keep_first")
    firsts = [ask(make_side(), line(chairs, units=4)).lines[0] for _ in range(2)]
    second = ask(rival, line(chairs, units=5, second_in_line=True)).lines[0]
    assert second.state == "asked"
    do(owner, second, "approve")
    assert sorted(fresh(one).state for one in firsts) == ["asked", "held"]


def test_a_giveaway_kept_on_another_day_is_kept_all_the_same() -> None:
    """What is given away is counted over all time: the hold need not lie at the time asked for."""
    owner, guest, rival = make_side(), make_side(), make_side()
    boards = make_thing(owner, kind="giveaway", units=10, answering="keep_first")
    first = ask(guest, line(boards, units=8)).lines[0]
    other_day = DAY + timedelta(days=3)
    refused = refusal(rival, line(boards, other_day, units=5))
    assert codes(refused.reasons) == ["kept_for_another"]
    second = ask(rival, line(boards, other_day, units=5, second_in_line=True)).lines[0]
    do(owner, second, "approve")
    assert (fresh(first).state, fresh(second).state) == ("asked", "confirmed")
    assert codes(refusal(guest, line(boards, DAY + timedelta(days=9), units=6)).reasons) == [
        "not_enough_units"
    ]


def test_all_or_nothing_stores_nothing_and_tells_all_reasons() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    chairs = make_thing(owner, kind="pooled", units=5, terms={"at_once": True})
    piano = make_thing(owner, terms={"at_once": True})
    ask(rival, line(hall))
    refused = refusal(guest, line(hall), line(piano), line(chairs, units=6))
    assert [(one.code, one.line) for one in refused.reasons] == [
        ("taken", 0),
        ("more_than_there_are", 2),
    ]


def test_in_part_where_the_borrower_chose_so() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    piano = make_thing(owner, terms={"at_once": True})
    ask(rival, line(hall))
    done = ask(guest, line(hall), line(piano), all_or_nothing=False)
    assert [one.state for one in done.lines] == ["confirmed"]
    assert [(one.index, codes(one.reasons)) for one in done.refused] == [(0, ["taken"])]
    assert done.booking.state == "confirmed"
    assert codes(refusal(guest, line(hall), all_or_nothing=False).reasons) == ["taken"]


def test_all_at_once_completes_in_the_same_commit() -> None:
    owner, guest = make_side(), make_side()
    things = [make_thing(owner, terms={"at_once": True}) for _ in range(3)]
    done = ask(guest, *(line(thing) for thing in things))
    assert states(done.booking) == ["confirmed"] * 3
    assert done.booking.state == "confirmed"
    assert list(Claim.objects.values_list("expires_at", flat=True)) == [None] * 3


def test_one_that_must_be_asked_keeps_the_others_from_being_confirmed() -> None:
    owner, guest = make_side(), make_side()
    instant = make_thing(owner, terms={"at_once": True})
    chosen = make_thing(owner)
    done = ask(guest, line(instant), line(chosen))
    assert states(done.booking) == ["accepted", "asked"]
    assert done.booking.state == "open"
    do(owner, done.lines[1], "approve")
    assert states(done.booking) == ["confirmed", "confirmed"]
    assert state_of(done.booking) == "confirmed"
    assert list(Claim.objects.values_list("expires_at", flat=True)) == [None] * 2


def test_the_last_yes_completes_and_a_withdrawn_line_does_not_hinder() -> None:
    guest = make_side()
    owners = [make_side() for _ in range(3)]
    things = [make_thing(owner) for owner in owners]
    done = ask(guest, *(line(thing) for thing in things))
    do(owners[0], done.lines[0], "approve")
    do(owners[1], done.lines[1], "approve")
    assert states(done.booking) == ["accepted", "accepted", "asked"]
    do(guest, done.lines[2], "withdraw")
    assert states(done.booking) == ["confirmed", "confirmed", "withdrawn"]
    assert state_of(done.booking) == "partly_confirmed"


def test_a_declined_line_leaves_the_rest_unconfirmed_until_the_borrower_says_so() -> None:
    owner, guest = make_side(), make_side()
    things = [make_thing(owner) for _ in range(2)]
    done = ask(guest, *(line(thing) for thing in things))
    do(owner, done.lines[0], "approve")
    do(owner, done.lines[1], "decline")
    assert states(done.booking) == ["accepted", "declined"]
    do(guest, done.lines[0], "complete")
    assert states(done.booking) == ["confirmed", "declined"]
    assert state_of(done.booking) == "partly_confirmed"


def test_one_to_settle_does_not_keep_the_last_yes_from_completing() -> None:
    """Reopened after the rest was confirmed, and confirmed while another is to be settled and then settled."""
    owner, guest = make_side(), make_side()
    hall, piano = make_thing(owner), make_thing(owner)
    done = ask(guest, line(hall), line(piano))
    do(owner, done.lines[0], "approve")
    do(owner, done.lines[1], "decline")
    do(guest, done.lines[0], "complete")
    do(owner, done.lines[1], "reopen")
    closed = block(owner, hall, 10, 1, hit=())
    assert states(done.booking) == ["to_settle", "asked"]
    do(owner, done.lines[1], "approve")
    assert states(done.booking) == ["to_settle", "accepted"]
    from bookings.services.blocks import remove_block

    remove_block(by=owner.viewer, block=closed.uid)
    do(owner, done.lines[0], "settle")
    do(guest, done.lines[0], "settle")
    assert states(done.booking) == ["confirmed", "confirmed"]
    assert list(Claim.objects.values_list("expires_at", flat=True)) == [None] * 2


def test_lines_of_one_request_count_against_each_other() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=5, terms={"at_once": True})
    refused = refusal(guest, line(chairs, units=3), line(chairs, 11, units=3))
    assert [(one.code, one.line, one.values["units"]) for one in refused.reasons] == [
        ("not_enough_units", 1, 2)
    ]
    assert len(ask(guest, line(chairs, units=3), line(chairs, 12, units=3)).lines) == 2


def test_touching_uses_both_fit_and_turnover_counts_once() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    ask(guest, line(hall, 10)), ask(guest, line(hall, 12)), ask(guest, line(hall, 8))
    studio = make_thing(owner, terms={"at_once": True}, turnover_minutes=30)
    ask(guest, line(studio, 10))
    assert codes(refusal(guest, line(studio, 12)).reasons) == ["taken"]
    assert codes(refusal(guest, line(studio, 8)).reasons) == ["taken"]
    ask(guest, line(studio, 12.5)), ask(guest, line(studio, 7.5))


# --- ask anyway -------------------------------------------------------------------------------------
def test_a_house_rule_may_be_asked_to_be_waived_openly() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"notice_minutes": 14 * 1440, "at_once": True})
    refused = refusal(guest, line(hall))
    assert [(one.code, one.kind, one.waivable) for one in refused.reasons] == [
        ("too_late_to_ask", "rule", True)
    ]
    done = ask(guest, line(hall), ask_anyway="Dyrygentka chora, próba przeniesiona")
    assert (done.lines[0].state, done.lines[0].waived) == ("asked", ["too_late_to_ask"])
    assert not Claim.objects.exists()
    said = BookingMessage.objects.visible_to(SYSTEM).get()
    assert (said.kind, said.body, said.line_id) == (
        "waiver",
        "Dyrygentka chora, próba przeniesiona",
        done.lines[0].pk,
    )
    event = Event.objects.get(verb="booking.send")
    assert event.data["lines"][0]["waived"] == ["too_late_to_ask"]
    do(owner, done.lines[0], "approve")  # the owner's yes is what it waits for, whatever the rule
    assert fresh(done.lines[0]).state == "confirmed"


def test_facts_are_not_waived_nor_where_the_owner_leaves_it_off() -> None:
    owner, guest = make_side(), make_side()
    strict = make_thing(owner, terms={"notice_minutes": 14 * 1440, "ask_anyway": False})
    assert not refusal(guest, line(strict), ask_anyway="proszę").reasons[0].waivable
    taken = make_thing(owner, terms={"notice_minutes": 14 * 1440})
    block(owner, taken, 0, 24)
    assert set(codes(refusal(guest, line(taken), ask_anyway="proszę").reasons)) == {
        "taken",
        "too_late_to_ask",
    }


# --- at most ten holds ------------------------------------------------------------------------------
def test_at_most_ten_things_are_kept_for_an_institution() -> None:
    owner, guest, other = make_side(), make_side(), make_side()
    halls = [make_thing(owner, answering="keep_first") for _ in range(12)]
    first = ask(guest, *(line(hall) for hall in halls[:9]))
    ask(guest, line(halls[9]))
    assert codes(refusal(guest, line(halls[10])).reasons) == ["too_many_holds"]
    assert codes(refusal(guest, line(halls[10]), line(halls[11])).reasons) == [
        "too_many_holds",
        "too_many_holds",
    ]
    assert ask(other, line(halls[10])).lines[0].state == "held"
    do(guest, first.lines[0], "withdraw")
    assert ask(guest, line(halls[11])).lines[0].state == "held"


def test_the_eleventh_hold_of_one_request_is_refused() -> None:
    owner, guest = make_side(), make_side()
    halls = [make_thing(owner, answering="keep_first") for _ in range(11)]
    refused = refusal(guest, *(line(hall) for hall in halls))
    assert [(one.code, one.line) for one in refused.reasons] == [("too_many_holds", 10)]


def test_what_would_not_be_kept_is_not_counted_as_kept() -> None:
    owner, guest, rival = make_side(), make_side(), make_side()
    halls = [make_thing(owner, answering="keep_first") for _ in range(11)]
    ask(rival, line(halls[10]))
    ask(guest, *(line(hall) for hall in halls[:10]))
    behind = ask(guest, line(halls[10], second_in_line=True))
    assert behind.lines[0].state == "asked"


# --- who may ----------------------------------------------------------------------------------------
def test_what_one_may_not_see_is_not_there() -> None:
    owner, guest = make_side(), make_side()
    seen = make_thing(owner)
    hidden = [
        make_thing(owner, state="draft"),
        make_thing(owner, state="suspended"),
        make_thing(owner, state="withdrawn"),
        make_thing(owner, terms={"audience": "own"}),
    ]
    left = make_side()
    of_gone = make_thing(left)
    left.house.state = "suspended"
    left.house.save()
    for uid in [*(thing.uid for thing in (*hidden, of_gone)), uuid4(), UUID(int=0)]:
        for call in (request_booking, check_booking):
            with pytest.raises(UnknownResource) as unknown:
                call(
                    by=guest.viewer,
                    institution=guest.house.pk,
                    wish=wish(line(seen), line(uid, 14)),
                )
            assert (unknown.value.code, unknown.value.status) == ("unknown_resource", 404)
        with pytest.raises(UnknownResource):
            add_line(by=guest.viewer, wish=line(uid))
        with pytest.raises(UnknownResource):
            add_block(
                by=guest.viewer,
                resource=uid,
                starts_at=DAY,
                ends_at=DAY + timedelta(hours=1),
            )
    assert not Booking._base_manager.exists()


def test_seen_but_not_to_be_asked_for() -> None:
    owner, guest = make_side(), make_side()
    shown = make_thing(owner, terms={"may_ask": False})
    assert codes(refusal(guest, line(shown)).reasons) == ["may_not_ask"]
    with pytest.raises(Forbidden):
        block(guest, shown, 0, 1)


def test_one_asks_for_the_house_one_acts_for() -> None:
    owner, guest, other = make_side(), make_side(), make_side()
    hall = make_thing(owner)
    with pytest.raises(Forbidden):
        request_booking(by=guest.viewer, institution=other.house.pk, wish=wish(line(hall)))
    nobody = replace(guest.viewer, acting_for=None)
    with pytest.raises(Forbidden):
        request_booking(by=nobody, institution=guest.house.pk, wish=wish(line(hall)))


def test_who_is_not_active_may_not_ask() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    make_terms(hall, audience="public", may_see=True, may_ask=False)
    guest.house.state = "suspended"
    guest.house.save()
    by = seen_again(guest)
    with pytest.raises(BookingRefused) as refused:
        request_booking(by=by, institution=guest.house.pk, wish=wish(line(hall)))
    assert {"borrower_not_active", "may_not_ask"} == set(codes(refused.value.reasons))


def test_a_house_may_ask_for_its_own_draft() -> None:
    owner = make_side()
    draft = make_thing(owner, state="draft", terms={"audience": "own", "at_once": True})
    assert ask(owner, line(draft)).lines[0].state == "confirmed"


def test_an_owners_yes_is_not_undone_by_terms_that_changed_meanwhile() -> None:
    """Approving judges the right to see, not the asker's terms: these were judged when it was sent."""
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    sent = ask(guest, line(hall)).lines[0]
    hall.terms.update(may_ask=False)
    do(owner, sent, "approve")
    assert fresh(sent).state == "confirmed"


def test_what_may_no_longer_be_seen_is_not_approved() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    sent = ask(guest, line(hall)).lines[0]
    hall.terms.all().delete()
    make_terms(hall, audience="own")
    with pytest.raises(BookingRefused) as refused:
        do(owner, sent, "approve")
    assert codes(refused.value.reasons) == ["may_not_ask"]


def test_bad_input_is_refused_before_anything_is_read() -> None:
    guest = make_side()
    with pytest.raises(Invalid):
        ask(guest, line(uuid4(), units=0))
    with pytest.raises(Invalid):
        check_booking(by=guest.viewer, institution=guest.house.pk, wish=wish())


def test_the_last_minute_of_the_last_year() -> None:
    """The turnover would reach into 2200: the claim ends where time does."""
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True}, turnover_minutes=90)
    end = DAY.replace(year=2199, month=12, day=31, hour=23, minute=30)
    done = ask(guest, line(hall, end - timedelta(hours=2)))
    assert done.lines[0].state == LineState.CONFIRMED
