"""One answer for all dates or one per date; this and following called off; watched dates left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import BookingMessage
from bookings.services.actions import act
from bookings.services.series.ending import end_series
from bookings.services.series.watching import leave_watch
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from sharing.models import Resource

from .series_stage import FIRST, ask_series, rows_of, series_of, watches_of, weekly
from .stage import (
    NOW,
    Side,
    ask,
    claims_of,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    only_with,
    state_of,
    states,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
FIVE = datetime(2027, 3, 9, 16, tzinfo=UTC)


@pytest.fixture
def owner() -> Side:
    return make_side("Teatr")


@pytest.fixture
def asker() -> Side:
    return make_side("Chór")


@pytest.fixture
def room(owner: Side) -> Resource:
    """Its owner chooses."""
    return make_thing(owner, "Sala prób")


def told(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_one_yes_confirms_all_dates(room: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(asker, series_of(room, one_answer=True))
    do(owner, sent.lines[2], "approve", reason="", note="Zapraszamy")
    assert states(sent.booking) == ["confirmed"] * 4
    assert state_of(sent.booking) == "confirmed"
    assert all(claims_of(one) for one in lines_of(sent.booking))
    # One event for the commit, and what was said is said once.
    assert told("booking.approve") == 1
    assert [one.body for one in BookingMessage.objects.visible_to(SYSTEM)] == ["Zapraszamy"]
    # A second click changes nothing.
    do(owner, sent.lines[0], "approve")
    assert told("booking.approve") == 1


def test_one_no_declines_all_and_is_taken_back_once(
    room: Resource, owner: Side, asker: Side
) -> None:
    sent = ask_series(asker, series_of(room, one_answer=True))
    do(asker, sent.lines[0], "withdraw")
    do(owner, sent.lines[1], "decline")
    assert states(sent.booking) == ["withdrawn", "declined", "declined", "declined"]
    do(owner, sent.lines[3], "reopen")
    assert states(sent.booking) == ["withdrawn", "asked", "asked", "asked"]


def test_what_no_longer_fits_is_told_date_by_date(room: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(asker, series_of(room, one_answer=True))
    rival = ask(make_side("Inni"), line(room, FIVE + WEEK, 3))
    do(owner, rival.lines[0], "approve")
    with pytest.raises(BookingRefused) as no:
        do(owner, sent.lines[0], "approve")
    assert [(one.code, one.on) for one in no.value.reasons] == [("taken", FIRST + WEEK)]
    assert states(sent.booking) == ["asked"] * 4
    # The owner then answers date by date.
    for number in (0, 2):
        act(by=owner.viewer, line=sent.lines[number].uid, action="approve", alone=True)
    assert states(sent.booking) == ["confirmed", "asked", "confirmed", "asked"]
    # What is left is still one answer.
    do(owner, sent.lines[1], "decline")
    assert states(sent.booking) == ["confirmed", "declined", "confirmed", "declined"]


def test_without_one_answer_each_date_has_its_own(room: Resource, owner: Side, asker: Side) -> None:
    sent = ask_series(
        asker, series_of(room), series_of(room, weekly(starts_minute=600), place=1, one_answer=True)
    )
    do(owner, sent.lines[0], "approve")
    assert states(sent.booking)[:4] == ["confirmed", "asked", "asked", "asked"]
    do(owner, sent.lines[5], "approve")
    assert states(sent.booking) == ["confirmed", "asked", "asked", "asked", *["confirmed"] * 4]


def test_this_and_following_called_off_by_the_borrower(
    room: Resource, owner: Side, asker: Side
) -> None:
    ask_first = ask(make_side("Inni"), line(room, FIVE + 3 * WEEK, 3))
    do(owner, ask_first.lines[0], "approve")
    sent = ask_series(asker, series_of(room, weekly(5)))
    do(owner, sent.lines[1], "approve")
    [row] = rows_of(sent.booking)
    ended = end_series(by=asker.viewer, series=row.uid, since=FIRST + WEEK, reason="Koniec prób")
    assert states(sent.booking) == ["asked", "cancelled", "withdrawn", "withdrawn"]
    assert not claims_of(fresh(sent.lines[1]))
    assert [one.state for one in watches_of(sent.booking)] == ["left"]
    assert (ended.rule, ended.until_on) == ("FREQ=WEEKLY;COUNT=1;BYDAY=TU", FIRST)
    assert (told("booking.cancel"), told("booking.withdraw")) == (1, 1)
    [said] = BookingMessage.objects.visible_to(SYSTEM).filter(author=asker.person)
    assert (said.body, said.action) == ("Koniec prób", "cancel")
    end_series(by=asker.viewer, series=row.uid, since=FIRST + WEEK, reason="Koniec prób")
    assert told("booking.cancel") == 1
    end_series(by=asker.viewer, series=row.uid)
    assert states(sent.booking)[0] == "withdrawn"
    assert state_of(sent.booking) == "cancelled"


def test_this_and_following_called_off_by_the_owner(
    room: Resource, owner: Side, asker: Side
) -> None:
    sent = ask_series(asker, series_of(room))
    do(owner, sent.lines[0], "approve")
    do(owner, sent.lines[3], "approve")
    [row] = rows_of(sent.booking)
    with pytest.raises(Invalid):
        end_series(by=owner.viewer, series=row.uid, since=FIRST + WEEK)
    with pytest.raises(NotFound):
        end_series(by=make_side("Obcy").viewer, series=row.uid, reason="x")
    clerk = make_side(role="staff", house=owner.house)
    with pytest.raises(Forbidden):
        end_series(by=clerk.viewer, series=row.uid, reason="x")
    end_series(by=owner.viewer, series=row.uid, since=FIRST + WEEK, reason="Remont")
    assert states(sent.booking) == ["confirmed", "declined", "declined", "cancelled"]
    with pytest.raises(Conflict):
        end_series(by=owner.viewer, series=row.uid, since=date(2028, 1, 1), reason="Remont")


def test_what_is_over_or_handed_out_stays(owner: Side, asker: Side) -> None:
    chairs = make_thing(owner, "Krzesła", terms={"at_once": True}, handover="simple")
    sent = ask_series(asker, series_of(chairs))
    do(owner, sent.lines[1], "hand_over", now=FIVE + WEEK)
    later = FIVE + WEEK + timedelta(hours=1)
    [row] = rows_of(sent.booking)
    end_series(by=asker.at(later), series=row.uid, since=FIRST)
    assert states(sent.booking) == ["confirmed", "handed_over", "cancelled", "cancelled"]


def test_owners_see_and_end_only_their_own_series(room: Resource, owner: Side, asker: Side) -> None:
    other = make_side("Muzeum")
    hall = make_thing(other, "Hol")
    sent = ask_series(asker, series_of(room), series_of(hall, place=1))
    mine, theirs = rows_of(sent.booking)
    with pytest.raises(NotFound):
        end_series(by=owner.viewer, series=theirs.uid, reason="x")
    end_series(by=owner.viewer, series=mine.uid, reason="x")
    assert states(sent.booking) == ["declined"] * 4 + ["asked"] * 4


def test_a_watched_date_is_left(room: Resource, owner: Side, asker: Side) -> None:
    rival = ask(make_side("Inni"), line(room, FIVE, 3))
    do(owner, rival.lines[0], "approve")
    sent = ask_series(asker, series_of(room))
    [watch] = watches_of(sent.booking)
    with pytest.raises(NotFound):
        leave_watch(by=make_side("Obcy").viewer, watch=watch.uid)
    with pytest.raises(Forbidden):
        leave_watch(by=owner.viewer, watch=watch.uid)
    later = NOW + timedelta(days=1)
    left = leave_watch(by=asker.at(later), watch=watch.uid)
    assert (left.state, left.state_since) == ("left", later)
    assert leave_watch(by=asker.at(later), watch=watch.uid).version == left.version
    watch.refresh_from_db()
    assert watch.state == "left"
    watch.state = "offered"
    watch.save()
    with pytest.raises(Conflict):
        leave_watch(by=asker.at(later), watch=watch.uid)


def test_a_series_with_what_it_brings_is_answered_and_ended_whole(owner: Side, asker: Side) -> None:
    technician = make_thing(owner, "Technik", state="draft")
    hall = make_thing(owner, "Scena")
    only_with(owner, hall, technician)
    sent = ask_series(asker, series_of(hall, weekly(2), one_answer=True))
    do(owner, sent.lines[0], "approve")
    assert states(sent.booking) == ["confirmed"] * 4
    end_series(by=asker.viewer, series=rows_of(sent.booking)[0].uid, since=FIRST + WEEK)
    assert states(sent.booking) == ["confirmed", "cancelled", "confirmed", "cancelled"]


def test_what_comes_free_is_offered_to_who_watches_it(
    room: Resource, owner: Side, asker: Side
) -> None:
    rival = ask(make_side("Inni"), line(room, FIVE, 3))
    do(owner, rival.lines[0], "approve")
    sent = ask_series(asker, series_of(room))
    do(owner, rival.lines[0], "take_back")
    [watch] = watches_of(sent.booking)
    assert watch.state == "offered"


def test_who_calls_the_series_off_is_not_offered_its_own_dates(
    room: Resource, owner: Side, asker: Side
) -> None:
    """The second series watches what the first holds; both are ended by whom they belong to."""
    first = ask_series(asker, series_of(room, one_answer=True))
    do(owner, first.lines[0], "approve")
    sent = ask_series(asker, series_of(room, weekly(5)))
    assert len(watches_of(sent.booking)) == 4
    end_series(by=asker.viewer, series=rows_of(sent.booking)[0].uid)
    end_series(by=asker.viewer, series=rows_of(first.booking)[0].uid)
    assert {one.state for one in watches_of(sent.booking)} == {"left"}
