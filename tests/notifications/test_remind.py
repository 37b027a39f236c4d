"""Reminders: rows with a due time, told once, only while they are true and of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event
from notifications.models import Reminder
from notifications.services.remind import plan_reminders, remind
from notifications.services.send.sending import Sent
from tests.factories import make_line, make_resource
from tests.notifications.stage import NOON, Stage, set_stage, tell, told

pytestmark = pytest.mark.django_db

# The line is used on Friday 12 March 2027, 18:00-21:00 in Warsaw (17:00-20:00 UTC).
DAY_BEFORE = datetime(2027, 3, 11, 8, tzinfo=UTC)
END = datetime(2027, 3, 12, 20, tzinfo=UTC)


def change(stage: Stage, **fields: object) -> None:
    Line.objects.visible_to(SYSTEM).filter(booking=stage.booking).update(**fields)


def turn(now: datetime) -> int:
    plan_reminders(now=now)
    return remind(now=now)


def test_the_asker_is_reminded_the_day_before_at_nine_on_the_owners_clock() -> None:
    stage = set_stage(state="confirmed")
    assert turn(DAY_BEFORE - timedelta(minutes=1)) == 0
    assert Reminder.objects.get().due_at == DAY_BEFORE
    assert turn(DAY_BEFORE) == 1
    assert turn(DAY_BEFORE + timedelta(minutes=1)) == 0
    assert tell(DAY_BEFORE) == Sent(sent=1)
    assert told(stage.asker) == ["use_soon"]
    assert told(stage.keeper) == []
    assert mail.outbox[0].subject == "Tomorrow: Sala prób, Fri 12 March 2027, 18:00–21:00"


def test_nine_stays_nine_over_a_clock_change() -> None:
    set_stage(state="confirmed", starts_at=datetime(2027, 3, 28, 10, tzinfo=UTC))
    plan_reminders(now=datetime(2027, 3, 26, tzinfo=UTC))
    assert Reminder.objects.get().due_at == datetime(2027, 3, 27, 8, tzinfo=UTC)
    set_stage(state="confirmed", starts_at=datetime(2027, 3, 29, 10, tzinfo=UTC))
    plan_reminders(now=datetime(2027, 3, 27, tzinfo=UTC))
    assert Reminder.objects.latest("due_at").due_at == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_who_was_confirmed_after_that_hour_is_not_reminded_of_what_they_just_read() -> None:
    set_stage(state="confirmed")
    Line.objects.visible_to(SYSTEM).update(state_since=DAY_BEFORE + timedelta(hours=2))
    assert turn(DAY_BEFORE + timedelta(hours=3)) == 0


@pytest.mark.parametrize("state", ["cancelled", "asked", "to_settle", "declined"])
def test_what_is_no_longer_confirmed_is_not_told(state: str) -> None:
    stage = set_stage(state="confirmed")
    plan_reminders(now=NOON + timedelta(days=9))
    change(stage, state=state)
    assert remind(now=DAY_BEFORE) == 0
    assert Event.objects.count() == 0
    assert Reminder.objects.get().done_at == DAY_BEFORE


def test_what_was_moved_is_told_for_its_new_time_alone() -> None:
    stage = set_stage(state="confirmed")
    plan_reminders(now=NOON + timedelta(days=9))
    new = datetime(2027, 3, 13, 0, 30, tzinfo=UTC)
    change(
        stage,
        use_starts_at=new,
        event_starts_at=new,
        use_ends_at=new + timedelta(hours=2),
        event_ends_at=new + timedelta(hours=2),
    )
    assert turn(DAY_BEFORE) == 0
    assert turn(DAY_BEFORE + timedelta(days=1)) == 1


def test_a_reminder_on_its_way_is_dropped_when_the_line_is_moved_or_cancelled() -> None:
    for fields in ({"state": "cancelled"}, {"use_starts_at": END - timedelta(hours=4)}):
        stage = set_stage(state="confirmed")
        turn(DAY_BEFORE)
        change(stage, **fields)
        assert tell(DAY_BEFORE) == Sent(dropped=1)
    assert mail.outbox == []


def test_late_reminders_are_told_only_while_they_are_of_use() -> None:
    set_stage(state="confirmed")
    plan_reminders(now=DAY_BEFORE - timedelta(hours=1))
    assert remind(now=END - timedelta(hours=3)) == 0  # it has begun
    set_stage(state="confirmed")
    plan_reminders(now=DAY_BEFORE - timedelta(hours=1))
    assert (
        remind(now=DAY_BEFORE + timedelta(hours=20)) == 1
    )  # beat was away, but it is still to come


def test_what_is_out_at_its_end_is_asked_for_once() -> None:
    stage = set_stage(state="handed_over")
    assert turn(END - timedelta(minutes=1)) == 0
    assert turn(END) == 1
    assert turn(END + timedelta(minutes=1)) == 0
    tell(END + timedelta(hours=11))  # its end was in the asker's quiet hours
    assert told(stage.keeper) == ["is_it_back"]
    assert told(stage.asker) == ["bring_back"]
    assert [message.to for message in mail.outbox] == [[stage.asker.email]]


def test_what_is_back_or_long_overdue_is_not_asked_for() -> None:
    stage = set_stage(state="handed_over")
    plan_reminders(now=END - timedelta(hours=1))
    change(stage, state="returned")
    assert remind(now=END) == 0
    set_stage(state="handed_over")
    plan_reminders(now=END - timedelta(hours=1))
    assert remind(now=END + timedelta(days=4)) == 0


def test_all_things_of_a_booking_are_told_in_one_message() -> None:
    stage = set_stage(state="confirmed")
    make_line(stage.booking, make_resource(stage.library, "Pianino"), state="confirmed")
    assert turn(DAY_BEFORE) == 1
    tell(DAY_BEFORE)
    assert mail.outbox[0].subject.startswith("Tomorrow: Sala prób, Pianino, Fri")


def test_an_outside_party_that_was_written_in_has_nobody_to_remind() -> None:
    stage = set_stage(state="confirmed")
    stage.booking.borrower = None
    stage.booking.outside_name = "Pani Zofia"
    stage.booking.save()
    change(stage, borrower=None)
    assert turn(DAY_BEFORE) == 0
