"""Repeated bookings against a slow and obvious calendar, and against whoever sends nonsense."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bookings.recurrence import (
    MOST_DATES,
    PlainRepetition,
    Repetition,
    dates,
    plain_of,
    read_repetition,
    repetition_of,
    sentence,
    split,
    timed,
)
from bookings.recurrence.rule import Nth, Rule, RuleRefused, canonical, expand, parse
from cooperative.errors import Invalid

days = st.dates(date(2026, 1, 1), date(2032, 12, 31))
near = st.dates(date(2026, 1, 1), date(2028, 12, 31))
weekdays = st.lists(st.integers(0, 6), unique=True, max_size=7).map(sorted).map(tuple)
some_weekdays = weekdays.filter(bool)
ordinals = st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5])
month_days = st.lists(st.integers(-31, 31).filter(bool), unique=True, min_size=1, max_size=4).map(
    lambda all: tuple(sorted(all, key=lambda n: (n < 0, n)))
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any rule that is taken, in whatever of its forms."""
    shape = draw(
        st.sampled_from(["days", "weeks", "dates", "nth", "friday13", "positions", "bare"])
    )
    frequency: Any = {"days": "DAILY", "weeks": "WEEKLY"}.get(shape, "MONTHLY")
    on: dict[str, Any] = {}
    if shape == "weeks":
        on = {"weekdays": draw(weekdays), "week_start": draw(st.integers(0, 6))}
    elif shape == "dates":
        on = {"month_days": draw(month_days)}
    elif shape == "nth":
        several = draw(st.sets(st.builds(Nth, ordinals, st.integers(0, 6)), min_size=1, max_size=3))
        on = {"nth": tuple(sorted(several, key=lambda n: (n.weekday, n.ordinal < 0, n.ordinal)))}
    elif shape == "friday13":
        on = {"weekdays": draw(some_weekdays), "month_days": draw(month_days)}
    elif shape == "positions":
        on = {
            "weekdays": draw(some_weekdays),
            "positions": (draw(st.integers(-9, 9).filter(bool)),),
        }
    interval = draw(st.integers(1, 13))
    if draw(st.booleans()):
        return Rule(frequency, interval, count=draw(st.integers(1, 40)), **on)
    return Rule(frequency, interval, until=draw(days), **on)


@st.composite
def repetitions(draw: st.DrawFn) -> Repetition:
    """Any repetition that is taken, with a few dates left out and put in about its dates."""
    rule, first_on = draw(rules()), draw(near)
    apart = draw(st.dictionaries(near, st.booleans(), max_size=5))
    one_form = taken(rule, first_on)
    if one_form is not None and (by_rule := expand(one_form, first_on=first_on)):
        apart |= draw(st.dictionaries(st.sampled_from(by_rule), st.booleans(), max_size=5))
    try:
        return read_repetition(
            rule=str(rule),
            first_on=first_on,
            starts_minute=draw(st.integers(0, 1439)),
            length_minutes=draw(st.integers(5, 3000)),
            exceptions=[day for day, left_out in apart.items() if left_out],
            additions=[day for day, left_out in apart.items() if not left_out],
            skip_holidays=draw(st.booleans()),
        )
    except Invalid:
        assume(False)
        raise


def taken(rule: Rule, first_on: date) -> Rule | None:
    """Its one form; None for a position among the weekdays that no month reaches."""
    if not rule.positions:
        return canonical(rule, first_on=first_on)
    try:
        return canonical(rule, first_on=first_on)
    except RuleRefused:
        return None


holidays = st.dictionaries(near, st.just("A holiday"), max_size=40)


def obvious(rule: Rule, first_on: date, horizon: date) -> list[date]:
    """Walks day by day and asks of each whether the rule means it."""
    found: list[date] = []
    day = first_on
    while day <= min(rule.until or horizon, horizon) and len(found) < (rule.count or 10_000):
        if _meant(rule, first_on, day):
            found.append(day)
        day += timedelta(days=1)
    return found


def _meant(rule: Rule, first_on: date, day: date) -> bool:
    if rule.frequency == "DAILY":
        return (day - first_on).days % rule.interval == 0
    if rule.frequency == "WEEKLY":
        week = first_on - timedelta(days=(first_on.weekday() - rule.week_start) % 7)
        in_step = (day - week).days // 7 % rule.interval == 0
        return in_step and day.weekday() in (rule.weekdays or (first_on.weekday(),))
    months = (day.year - first_on.year) * 12 + day.month - first_on.month
    if months % rule.interval:
        return False
    month = _month_of(day)
    if rule.positions:
        counted = [one for one in month if one.weekday() in rule.weekdays]
        return any(_at(counted, position) == day for position in rule.positions)
    if rule.nth:
        return any(
            _at([one for one in month if one.weekday() == nth.weekday], nth.ordinal) == day
            for nth in rule.nth
        )
    numbers = rule.month_days or (() if rule.weekdays else (first_on.day,))
    by_number = not numbers or any(_at(month, number) == day for number in numbers)
    return by_number and (not rule.weekdays or day.weekday() in rule.weekdays)


def _month_of(day: date) -> list[date]:
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return [first + timedelta(days=n) for n in range((following - first).days)]


def _at(listed: list[date], number: int) -> date | None:
    place = number - 1 if number > 0 else number
    return listed[place] if -len(listed) <= place < len(listed) else None


@settings(deadline=None)
@given(rules(), near)
def test_a_rule_has_the_dates_that_walking_the_calendar_finds(rule: Rule, first_on: date) -> None:
    one_form = taken(rule, first_on)
    assume(one_form is not None)
    assert one_form is not None
    found = expand(one_form, first_on=first_on)
    horizon = date(2034, 12, 31)
    expected = obvious(rule, first_on, horizon)
    assert [day for day in found if day <= horizon][:MOST_DATES] == expected[:MOST_DATES]


@given(rules(), near)
def test_the_written_rule_is_read_as_the_same_rule(rule: Rule, first_on: date) -> None:
    one_form = taken(rule, first_on)
    assume(one_form is not None)
    assert parse(str(one_form), first_on=first_on) == one_form
    assert parse(str(one_form).lower(), first_on=first_on) == one_form
    assert parse(str(rule), first_on=first_on) == one_form


@settings(deadline=None)
@given(repetitions(), holidays, st.data())
def test_dates_are_in_order_once_and_for_a_reason(
    repetition: Repetition, skipped: dict[date, str], data: st.DataObject
) -> None:
    by_rule = expand(repetition.parts, first_on=repetition.first_on)
    # Holidays that matter: among the dates themselves.
    hit = data.draw(st.sets(st.sampled_from([*by_rule, *repetition.additions]), max_size=5))
    skipped |= dict.fromkeys(hit, "A holiday")
    found = dates(repetition, holidays=skipped)
    stand = [one.local_date for one in found.occurrences]
    left_out = {one.local_date: one.reason for one in found.left_out}
    assert all(one < other for one, other in itertools.pairwise(stand))
    assert repetition.exceptions.isdisjoint(stand)
    assert repetition.additions <= set(stand)
    assert min(stand, default=repetition.first_on) >= min(
        {repetition.first_on} | repetition.additions
    )
    assert set(stand) | left_out.keys() == set(by_rule) | repetition.additions
    assert left_out.keys().isdisjoint(stand)
    assert {day for day, why in left_out.items() if why == "exception"} == (
        repetition.exceptions & set(by_rule)
    )
    assert all(
        repetition.skip_holidays and day in skipped
        for day, why in left_out.items()
        if why == "public_holiday"
    )
    assert set(found.idle) == repetition.exceptions - set(by_rule)


@settings(deadline=None)
@given(repetitions(), near, holidays)
def test_both_sides_of_a_split_have_the_dates_of_the_whole(
    whole: Repetition, on: date, skipped: dict[date, str]
) -> None:
    first, second = split(whole, on)
    before, after = (
        [one.local_date for one in dates(side, holidays=skipped).occurrences] if side else []
        for side in (first, second)
    )
    assert before + after == [one.local_date for one in dates(whole, holidays=skipped).occurrences]
    assert all(day < on for day in before)
    assert all(day >= on for day in after)
    counts = [side.parts.count for side in (first, second) if side is not None]
    if whole.parts.count and all(counts) and not whole.additions and not whole.exceptions:
        assert sum(count or 0 for count in counts) == whole.parts.count


@settings(deadline=None)
@given(repetitions(), near)
def test_what_is_split_can_be_written_read_and_split_again(whole: Repetition, on: date) -> None:
    for side in split(whole, on):
        if side is not None:
            assert str(side.parts) == side.rule
            assert split(side, on) in {(side, None), (None, side)}


plains = st.builds(
    PlainRepetition,
    every=st.just("day"),
    first_on=near,
    starts_minute=st.integers(0, 1439),
    length_minutes=st.integers(5, 3000),
    interval=st.integers(1, 20),
    times=st.integers(1, 40),
    skip_holidays=st.booleans(),
)


@given(
    plains,
    st.sampled_from(["day", "week", "month", "nth"]),
    some_weekdays.map(frozenset),
    st.sampled_from([-1, *range(1, 29)]),
    st.sampled_from([-1, 1, 2, 3, 4]),
    st.none() | st.integers(0, 400),
    st.frozensets(days, max_size=3),
)
def test_a_form_comes_back_as_it_was_filled_in(
    plain: PlainRepetition,
    every: str,
    on: frozenset[int],
    month_day: int,
    nth: int,
    until: int | None,
    added: frozenset[date],
) -> None:
    filled = replace(plain, additions=added)
    if every == "week":
        filled = replace(filled, every="week", weekdays=on)
    elif every == "month":
        filled = replace(filled, every="month", month_day=month_day)
    elif every == "nth":
        filled = replace(filled, every="month", nth=nth, nth_weekday=min(on))
    if until is not None:
        filled = replace(filled, times=None, until=filled.first_on + timedelta(days=until))
    if until is None:
        assert plain_of(repetition_of(filled)) == filled
        return
    # The first date may lie beyond the last day.
    try:
        repetition = repetition_of(filled)
    except Invalid:
        assume(False)
    assert plain_of(repetition) == filled


@settings(deadline=None)
@given(repetitions())
def test_every_repetition_has_a_sentence_and_a_form_where_it_fits(repetition: Repetition) -> None:
    words = sentence(repetition)
    assert "%" not in words
    assert ",," not in words
    plain = plain_of(repetition)
    assert plain is None or repetition_of(plain) == repetition


ZONES = [
    "Europe/Warsaw",
    "Europe/Kyiv",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "America/Santiago",
]


@given(near, st.integers(0, 1439), st.integers(5, 20_000), st.sampled_from(ZONES).map(ZoneInfo))
def test_the_wall_clock_is_kept_or_its_trouble_told(
    on: date, starts: int, length: int, zone: ZoneInfo
) -> None:
    once = Repetition("FREQ=DAILY;COUNT=1", on, starts, length)
    wall = [datetime.combine(on, datetime.min.time()) + timedelta(minutes=starts)]
    wall.append(wall[0] + timedelta(minutes=length))
    there = [
        {
            instant
            for fold in (0, 1)
            if (instant := one.replace(tzinfo=zone, fold=fold).astimezone(UTC))
            .astimezone(zone)
            .replace(tzinfo=None)
            == one
        }
        for one in wall
    ]
    found = timed(once, on, zone)
    reasons = {one.edge: one.reason for one in found.troubles}
    known = {0: "does_not_exist", 2: "twice"}
    assert reasons == {
        edge: known[len(instants)]
        for edge, instants in zip(("start", "end"), there, strict=True)
        if len(instants) != 1
    }
    if not reasons:
        assert found.span is not None
        assert [{found.span.start}, {found.span.end}] == there
    else:
        assert found.span is None
    for trouble in found.troubles:
        chosen = [timed(once, on, zone, offset=one).span for one in trouble.offsets]
        if set(reasons.values()) == {"twice"} and len(there[0] | there[1]) < 4:
            assert all(span is not None for span in chosen)


nearly = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY"])},
    optional={
        "INTERVAL": st.sampled_from(["1", "2", "12", "36", "366", "0", "-1", "1e9", "9" * 30]),
        "COUNT": st.sampled_from(["1", "3", "366", "367", "1000000000", "٣", ""]),
        "UNTIL": st.sampled_from(
            ["20270629", "21991230", "99991231", "99991231T235959Z", "00010101T000000Z", "20270230"]
        ),
        "BYDAY": st.sampled_from(["MO", "5MO", "-5FR", "MO,TU", "MO,2TU", "SU,SU", "0MO", ","]),
        "BYMONTHDAY": st.sampled_from(["31", "-31", "30", "29", "0", "1,2,3", "32", "+1"]),
        "BYSETPOS": st.sampled_from(["1", "5", "-5", "6", "31", "-31", "366"]),
        "WKST": st.sampled_from(["SU", "MO", "", "1"]),
    },
).map(lambda given: ";".join(f"{name}={value}" for name, value in given.items()))
hostile = st.one_of(
    st.tuples(nearly, st.sampled_from([";", "=", ";FREQ=DAILY", " ", "\x00", ";X=1"])).map("".join),
    st.text(max_size=600),
    st.text("FREQ=DAILYMONTHCUBSP;,+-0123456789", max_size=80),
    st.none() | st.integers() | st.lists(st.integers()) | st.binary(),
)
CODES = {
    *("rule_malformed", "rule_too_long", "rule_without_frequency", "rule_frequency"),
    *("rule_part_unknown", "rule_part_not_taken", "rule_part_twice", "rule_interval", "rule_count"),
    *("rule_until", "rule_count_and_until", "rule_without_end", "rule_value", "rule_value_twice"),
    *("rule_parts_mixed", "no_dates", "too_many_dates", "dates_out_of_range"),
}
MOST_CALLS = 200_000
"""The dearest there is, a day sought in one month of each year until the year 9999, takes a third of it."""


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls: its cost on any machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def read_or_refuse(text: object, first_on: date) -> None:
    refused: Invalid | None = None
    try:
        found = read_repetition(
            rule=text,
            first_on=first_on,
            starts_minute=0,
            length_minutes=60,
            zone=ZoneInfo(ZONES[0]),
        )
    except Invalid as error:
        refused = error
    if refused is None:
        assert 1 <= len(dates(found).occurrences) <= MOST_DATES
        assert sentence(found)
    else:
        assert refused.code in CODES
        assert [str(one) for one in refused.errors["rule"] if str(one)]


anywhere = st.dates(date(2000, 1, 2), date(2199, 12, 30))


@settings(deadline=None)
@given(nearly, anywhere)
def test_what_is_nearly_a_rule_is_read_or_refused_with_little_work(
    text: str, first_on: date
) -> None:
    assert calls(lambda: read_or_refuse(text, first_on)) < MOST_CALLS


@settings(deadline=None)
@given(hostile, anywhere)
def test_nonsense_is_refused_with_little_work(text: object, first_on: date) -> None:
    assert calls(lambda: read_or_refuse(text, first_on)) < MOST_CALLS


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;UNTIL=21991230",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;UNTIL=21991230",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31,-31,30,-30;COUNT=366",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=TU;BYMONTHDAY=30,31;COUNT=366",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=366",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=5MO;COUNT=366",
        "FREQ=MONTHLY;INTERVAL=12;BYDAY=MO;BYSETPOS=5;COUNT=366",
        "FREQ=WEEKLY;INTERVAL=366;COUNT=366",
        "FREQ=MONTHLY;" * 60,
    ],
)
def test_the_dearest_rules_cost_little(text: str) -> None:
    assert calls(lambda: read_or_refuse(text, date(2000, 2, 1))) < MOST_CALLS
