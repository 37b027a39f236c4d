"""Each house rule by itself, on the owner's wall clock; two of them over a clock change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.facts.ask import Ask
from bookings.facts.demands import Share
from bookings.facts.hours import DaysOff, WeeklyRow
from bookings.facts.terms import OWN_HOUSE
from bookings.rules import RULES, hours, judge, parties, terms
from bookings.spans import Span
from tests.bookings.facts_stage import ROOM

pytestmark = pytest.mark.usefixtures("in_english")
WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)
"""Monday before the clocks go forward (28 March); ten o'clock in Wrocław."""


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


def local(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=WARSAW).astimezone(UTC)


def ask(
    start: datetime, end: datetime, *, now: datetime = NOW, room: Any = None, **rule: Any
) -> Ask:
    use = Span(start, end)
    return Ask(room or ROOM, replace(OWN_HOUSE, **rule), use, use, 1, 2, "active", now)


def test_notice_in_days_ends_at_the_same_hour_of_the_wall() -> None:
    """Seven days from Monday 10:00 are the next Monday 10:00, though only 167 hours lie between."""
    week: dict[str, Any] = {"notice_minutes": 7 * 1440}
    early, late = local(3, 29, 9, 59), local(3, 29, 10)
    assert late - NOW == timedelta(hours=167)
    assert terms.enough_notice(ask(late, late + timedelta(hours=1), **week)) is None
    reason = terms.enough_notice(ask(early, early + timedelta(hours=1), **week))
    assert reason is not None
    assert (reason.code, reason.kind, reason.waivable) == ("too_late_to_ask", "rule", True)
    assert reason.relax == {"starts_at": late.isoformat()}
    assert str(reason.message) == (
        "Its owner wants to be asked at least 7 days ahead: for this time by Mon 22 March, 09:59. "
        "If you ask now, it can begin from 10:00."
    )


def test_notice_in_hours_is_real_time() -> None:
    saturday = local(3, 27, 22)
    start = saturday + timedelta(hours=6)
    assert start == local(3, 28, 5)  # seven hours on the wall, six in fact
    rule: dict[str, Any] = {"notice_minutes": 6 * 60, "now": saturday}
    assert terms.enough_notice(ask(start, start + timedelta(hours=1), **rule)) is None
    before = start - timedelta(minutes=1)
    assert terms.enough_notice(ask(before, start, **rule)) is not None


def test_horizon_counts_days_of_the_wall() -> None:
    last = local(4, 1, 23, 55)
    assert terms.within_horizon(ask(last, last + timedelta(hours=1), horizon_days=10)) is None
    after = local(4, 2)
    reason = terms.within_horizon(ask(after, after + timedelta(hours=1), horizon_days=10))
    assert reason is not None
    assert (reason.code, reason.values["latest"]) == ("too_early_to_ask", "2027-04-01")


def test_lengths_in_days_are_days_of_the_wall() -> None:
    """From Saturday noon to Sunday noon is a day, though it has 23 hours; in autumn it has 25."""
    spring = (local(3, 27, 12), local(3, 28, 12))
    autumn = (local(10, 30, 12), local(10, 31, 12))
    for start, end in (spring, autumn):
        for name in ("longest_minutes", "shortest_minutes", "step_minutes"):
            rule: dict[str, Any] = {name: 1440}
            wished = ask(start, end, **rule)
            if "step_minutes" in rule:  # days begin at midnight
                day = start.astimezone(WARSAW).date()
                wished = ask(local(day.month, day.day), local(end.month, end.day), **rule)
            assert judge(wished, "ask") == [], rule
    # Whichever count is kinder to the asker holds: 24 hours, or a day on the wall.
    longer = ask(autumn[0], autumn[1] + timedelta(minutes=5), longest_minutes=1440)
    assert [reason.code for reason in judge(longer, "ask")] == ["too_long"]
    shorter = ask(spring[0], spring[1] - timedelta(minutes=5), shortest_minutes=1440)
    assert [reason.code for reason in judge(shorter, "ask")] == ["too_short"]


def test_a_whole_day_of_the_change_is_in_steps_of_a_day() -> None:
    for start, end in ((local(3, 28), local(3, 29)), (local(10, 31), local(11, 1))):
        assert terms.in_steps(ask(start, end, step_minutes=1440)) is None
        assert terms.long_enough(ask(start, end, shortest_minutes=1440)) is None


@pytest.mark.parametrize(
    ("rule", "minutes", "code"),
    [
        ({"shortest_minutes": 60}, 59, "too_short"),
        ({"shortest_minutes": 60}, 60, None),
        ({"longest_minutes": 90}, 90, None),
        ({"longest_minutes": 90}, 91, "too_long"),
        ({"step_minutes": 30}, 90, None),
        ({"step_minutes": 30}, 100, "not_in_steps"),
        ({"step_minutes": 60}, 90, "not_in_steps"),
    ],
    ids=str,
)
def test_lengths(rule: dict[str, Any], minutes: int, code: str | None) -> None:
    start = local(3, 24, 18)
    told = judge(ask(start, start + timedelta(minutes=minutes), **rule), "ask")
    assert [reason.code for reason in told] == ([code] if code else [])


def test_steps_begin_on_the_wall() -> None:
    start = local(3, 24, 18, 20)
    told = terms.in_steps(ask(start, start + timedelta(hours=1), step_minutes=30))
    assert told is not None
    assert told.values == {"step_minutes": 30}


OPEN = replace(
    ROOM,
    weekly=(WeeklyRow(2, 600, 840), WeeklyRow(2, 840, 1320), WeeklyRow(3, 0, 120)),
    days_off=(DaysOff(date(2027, 3, 31), date(2027, 4, 1), "remont"),),
)


def test_rooms_are_open_from_set_up_to_strike() -> None:
    inside = ask(local(3, 24, 10), local(3, 24, 22), room=OPEN)  # over the seam of two rows
    assert hours.open_during_use(inside) is None
    late = hours.open_during_use(ask(local(3, 24, 20), local(3, 24, 22, 5), room=OPEN))
    assert late is not None
    assert (late.code, late.waivable) == ("outside_hours", True)
    assert [span["starts_at"] for span in late.values["open"]] == [local(3, 24, 10).isoformat()]
    off = hours.open_during_use(ask(local(3, 31, 12), local(3, 31, 14), room=OPEN))
    assert off is not None
    assert (off.code, off.values, off.owner_values) == (
        "day_off",
        {"day": "2027-03-31", "until": "2027-04-01"},
        {"reason": "remont"},
    )


def test_things_need_somebody_at_both_ends_only() -> None:
    desk = replace(OPEN, handover="simple")
    assert hours.open_to_fetch_and_return(ask(local(3, 24, 10), local(3, 25, 2), room=desk)) is None
    for start, end in (
        (local(3, 24, 9, 55), local(3, 24, 12)),
        (local(3, 24, 22), local(3, 25, 1)),
    ):
        told = hours.open_to_fetch_and_return(ask(start, end, room=desk))
        assert told is not None
        assert "start" in str(told.message)
    told = hours.open_to_fetch_and_return(ask(local(3, 24, 12), local(3, 25, 2, 5), room=desk))
    assert told is not None
    assert (told.code, "end" in str(told.message)) == ("nobody_at_the_desk", True)
    assert hours.open_during_use(ask(local(3, 24, 12), local(3, 26, 2), room=desk)) is None


def test_an_hour_that_does_not_exist_opens_when_the_gap_ends() -> None:
    night = replace(ROOM, weekly=(WeeklyRow(6, 150, 300),))  # Sunday 02:30 to 05:00
    three = local(3, 28, 3)
    assert hours.open_during_use(ask(three, three + timedelta(hours=2), room=night)) is None
    early = ask(three - timedelta(minutes=5), three + timedelta(hours=1), room=night)
    assert hours.open_during_use(early) is not None


def test_the_past_begins_a_minute_ago() -> None:
    end = NOW + timedelta(hours=1)
    assert hours.not_in_the_past(ask(NOW, end)) is None
    assert hours.not_in_the_past(ask(NOW, end, now=NOW + timedelta(seconds=59))) is None
    assert hours.not_in_the_past(ask(NOW, end, now=NOW + timedelta(minutes=1))) is not None
    assert hours.not_over(ask(NOW, end, now=end - timedelta(seconds=1))) is None
    assert hours.not_over(ask(NOW, end, now=end)) is not None


def test_kinds_that_have_no_dates() -> None:
    start = local(3, 24, 18)
    for kind, code in (("open", "needs_no_booking"), ("seated", "no_dates_yet")):
        room = replace(ROOM, kind=kind, shares=())
        told = parties.kind_is_bookable(ask(start, start + timedelta(hours=1), room=room))
        assert told is not None
        assert told.code == code


def test_every_reason_has_a_sentence_and_a_code_of_its_own() -> None:
    """All at once: whatever is wrong is told, each once."""
    none_left = (Share(7, 1, "exclusive", 0),)
    room = replace(OPEN, state="suspended", owner_state="suspended", days_off=(), shares=none_left)
    start = local(3, 21, 3, 7)
    wished = replace(
        ask(
            start,
            start + timedelta(minutes=50),
            room=room,
            notice_minutes=60,
            shortest_minutes=60,
            step_minutes=30,
        ),
        borrower_state="suspended",
    )
    told = [reason.code for reason in judge(wished, "ask")]
    assert told == [
        "resource_not_offered",
        "owner_not_active",
        "borrower_not_active",
        "in_the_past",
        "more_than_there_are",
        "outside_hours",
        "too_late_to_ask",
        "too_short",
        "not_in_steps",
    ]
    assert all(str(reason.message) for reason in judge(wished, "ask"))
    assert {rule for verb in RULES.values() for rule in verb} >= set(RULES["approve"])
