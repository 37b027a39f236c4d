"""Repeated bookings as a form has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bookings.recurrence import (
    PlainRepetition,
    Repetition,
    plain_of,
    read_repetition,
    repetition_of,
)
from cooperative.errors import Invalid

TUESDAY = date(2027, 2, 2)


def by_rule(rule: str) -> Repetition:
    return read_repetition(rule=rule, first_on=TUESDAY, starts_minute=1020, length_minutes=180)


PLAIN = PlainRepetition(
    every="week", first_on=TUESDAY, starts_minute=1020, length_minutes=180, times=3
)


@pytest.mark.parametrize(
    ("plain", "rule"),
    [
        (PLAIN, "FREQ=WEEKLY;COUNT=3;BYDAY=TU"),
        (
            replace(PLAIN, interval=2, weekdays=frozenset({4, 0})),
            "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=MO,FR",
        ),
        (
            replace(PLAIN, every="day", times=None, until=date(2027, 3, 1)),
            "FREQ=DAILY;UNTIL=20270301",
        ),
        (replace(PLAIN, every="month"), "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=2"),
        (replace(PLAIN, every="month", month_day=-1), "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1"),
        (replace(PLAIN, every="month", nth=2, nth_weekday=1), "FREQ=MONTHLY;COUNT=3;BYDAY=2TU"),
        (replace(PLAIN, every="month", nth=-1, nth_weekday=4), "FREQ=MONTHLY;COUNT=3;BYDAY=-1FR"),
    ],
)
def test_a_form_makes_a_rule(plain: PlainRepetition, rule: str) -> None:
    assert repetition_of(plain) == by_rule(rule)


@pytest.mark.parametrize(
    ("plain", "fields", "code"),
    [
        (replace(PLAIN, interval=0), {"interval"}, "rule_interval"),
        (replace(PLAIN, weekdays=frozenset({7})), {"weekdays"}, "rule_value"),
        (
            replace(PLAIN, every="day", weekdays=frozenset({1})),
            {"weekdays"},
            "rule_parts_mixed",
        ),
        (replace(PLAIN, month_day=1), {"month_day"}, "rule_parts_mixed"),
        (replace(PLAIN, every="month", month_day=0), {"month_day"}, "rule_value"),
        (replace(PLAIN, every="month", month_day=-2), {"month_day"}, "rule_value"),
        (replace(PLAIN, every="month", nth=2), {"nth"}, "rule_parts_mixed"),
        (replace(PLAIN, every="month", nth_weekday=2), {"nth"}, "rule_parts_mixed"),
        (
            replace(PLAIN, every="month", nth=2, nth_weekday=2, month_day=2),
            {"nth"},
            "rule_parts_mixed",
        ),
        (replace(PLAIN, times=None), {"until"}, "rule_without_end"),
        (replace(PLAIN, until=TUESDAY), {"times"}, "rule_count_and_until"),
        (replace(PLAIN, times=0), {"times"}, "rule_count"),
        (replace(PLAIN, times=367), {"times"}, "rule_count"),
        (replace(PLAIN, times=None, until=date(2027, 2, 1)), {"until"}, "no_dates"),
        (replace(PLAIN, times=None, until=date(2047, 2, 1)), {"until"}, "too_many_dates"),
        (replace(PLAIN, times=300, interval=366), {"times"}, "dates_out_of_range"),
        (replace(PLAIN, exceptions=frozenset({TUESDAY}), times=1), {"times"}, "no_dates"),
        (replace(PLAIN, starts_minute=2000, length_minutes=1), None, "invalid"),
    ],
)
def test_a_form_is_refused_at_its_fields(
    plain: PlainRepetition, fields: set[str] | None, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        repetition_of(plain)
    assert caught.value.errors.keys() == (fields or {"starts_minute", "length_minutes"})
    assert caught.value.code == code


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYDAY=TU",
        "FREQ=MONTHLY;COUNT=3;BYDAY=1TU,3TU",
        "FREQ=MONTHLY;COUNT=3;BYDAY=-2TU",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3",
        "FREQ=MONTHLY;COUNT=3;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,SU;WKST=SU",
    ],
)
def test_what_a_form_cannot_show_is_said_to_be_richer(rule: str) -> None:
    assert plain_of(by_rule(rule)) is None
