"""Arithmetic on spans against a slow and obvious world: a set, or a count, of minutes."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.spans import (
    Load,
    Span,
    days_touched,
    joined,
    loads,
    local_day,
    met,
    peak,
    wall,
    without,
)

START = datetime(2027, 3, 27, 20, tzinfo=UTC)
LENGTH = 240
"""Minutes of the small world."""


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def minutes(*spans: Span) -> set[int]:
    """The minutes that the spans cover, each by its number."""
    return {
        minute
        for span in spans
        for minute in range(
            (span.start - START) // timedelta(minutes=1), (span.end - START) // timedelta(minutes=1)
        )
    }


def _span(bounds: tuple[int, int]) -> Span:
    low, high = sorted(bounds)
    return Span(at(low), at(high))


minute = st.integers(0, LENGTH)
spans = st.tuples(minute, minute).filter(lambda b: b[0] != b[1]).map(_span)
several = st.lists(spans, max_size=8)
zones = st.sampled_from(
    ["Europe/Warsaw", "Europe/Kyiv", "Atlantic/Azores", "Australia/Lord_Howe", "America/Santiago"]
).map(ZoneInfo)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def in_order_and_apart(result: list[Span]) -> bool:
    """In order, disjoint."""
    return all(one.end <= other.start for one, other in itertools.pairwise(result))


@given(spans, spans)
def test_two_spans_overlap_when_they_share_a_minute(left: Span, right: Span) -> None:
    shared = minutes(left) & minutes(right)
    meeting = left.meet(right)
    assert left.overlaps(right) == bool(shared)
    assert (set() if meeting is None else minutes(meeting)) == shared
    assert left.contains(right) == (minutes(right) <= minutes(left))


@given(several)
def test_joined_covers_the_same_minutes_with_gaps_between(some: list[Span]) -> None:
    result = joined(some)
    assert minutes(*result) == minutes(*some)
    assert all(one.end < other.start for one, other in itertools.pairwise(result))


@given(several, several)
def test_without_leaves_the_minutes_outside_the_holes(some: list[Span], holes: list[Span]) -> None:
    result = without(joined(some), holes)
    assert minutes(*result) == minutes(*some) - minutes(*holes)
    assert in_order_and_apart(result)


@given(several, several)
def test_met_keeps_the_minutes_in_both(left: list[Span], right: list[Span]) -> None:
    result = met(joined(left), joined(right))
    assert minutes(*result) == minutes(*left) & minutes(*right)
    assert in_order_and_apart(result)


claims = st.lists(st.builds(Load, spans, st.integers(1, 9)), max_size=10)


@given(claims, spans)
def test_loads_and_peak_count_every_minute(taken: list[Load], within: Span) -> None:
    there: Counter[int] = Counter()
    for claim in taken:
        for one in minutes(claim.span):
            there[one] += claim.units
    steps = loads(taken, within)
    assert {m: step.units for step in steps for m in minutes(step.span)} == {
        m: there[m] for m in minutes(within)
    }
    assert sum(len(minutes(step.span)) for step in steps) == len(minutes(within))
    assert all(
        one.span.end == other.span.start and one.units != other.units
        for one, other in itertools.pairwise(steps)
    )
    assert peak(taken, within) == max(there[m] for m in minutes(within))


@given(days, st.integers(0, 1440), zones)
def test_a_wall_minute_is_found_by_walking_the_day(day: date, of_day: int, zone: ZoneInfo) -> None:
    """The first instant at which the local clock shows that minute or, in a gap, has passed it."""
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=of_day)
    instant = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=16)
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    instant = (wanted - offset).replace(tzinfo=UTC) - timedelta(hours=3)
    while instant.astimezone(zone).replace(tzinfo=None) < wanted:
        instant += timedelta(minutes=1)
    assert wall(day, of_day, zone) == instant


@given(days, zones)
def test_local_days_follow_each_other_without_a_gap(day: date, zone: ZoneInfo) -> None:
    today, tomorrow = local_day(day, zone), local_day(day + timedelta(days=1), zone)
    assert today.end == tomorrow.start
    assert timedelta(hours=22) <= today.length <= timedelta(hours=26)
    assert days_touched(today, zone) == [day]


@given(days, st.integers(1, 20_000), st.integers(0, 1439), zones)
def test_days_touched_are_the_days_of_its_minutes(
    day: date, length: int, of_day: int, zone: ZoneInfo
) -> None:
    start = wall(day, of_day, zone)
    span = Span(start, start + timedelta(minutes=length))
    seen = {(start + timedelta(minutes=n)).astimezone(zone).date() for n in range(length)}
    assert days_touched(span, zone) == sorted(seen)


def test_a_span_is_aware_and_never_empty() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(at(5), at(5))
    with pytest.raises(ValueError, match="aware"):
        Span(at(5).replace(tzinfo=None), at(6))


@given(spans, st.integers(0, 90), st.integers(0, 90))
def test_widening_and_shifting(span: Span, before: int, after: int) -> None:
    wider = span.widen(before=timedelta(minutes=before), after=timedelta(minutes=after))
    assert minutes(wider) == minutes(span) | minutes(
        *(_span((low, high)) for low, high in _margins(span, before, after) if low != high)
    )
    assert span.shift(timedelta(minutes=after)).length == span.length


def _margins(span: Span, before: int, after: int) -> list[tuple[int, int]]:
    low = (span.start - START) // timedelta(minutes=1)
    high = (span.end - START) // timedelta(minutes=1)
    return [(low - before, low), (high, high + after)]
