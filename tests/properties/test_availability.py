"""Availability against a brute-force world of minutes: hours, changed days, turnover, pools, holds, clock changes."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from bookings.facts.ask import Ask
from bookings.facts.demands import Share
from bookings.facts.hours import ChangedDay, DaysOff, WeeklyRow
from bookings.facts.resource import ResourceFacts
from bookings.facts.terms import OWN_HOUSE
from bookings.queries.availability import availability, units_free
from bookings.queries.claims import ClaimRow, live
from bookings.rules import hours, room
from bookings.spans import Span
from tests.bookings.facts_stage import ROOM

MINUTE = timedelta(minutes=1)
PROOF = os.environ.get("PODEST_PROOF") == "1"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)

# A zone and a day on which its clocks change, or an ordinary one.
CHANGES = [
    ("Europe/Warsaw", date(2027, 3, 28)),
    ("Europe/Warsaw", date(2027, 10, 31)),
    ("Europe/Kyiv", date(2027, 3, 28)),
    ("Atlantic/Azores", date(2027, 10, 31)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("America/Santiago", date(2027, 9, 5)),
    ("Asia/Kathmandu", date(2027, 6, 1)),
]
GRID = 5
"""Minutes; all times of this world are multiples of it, so that one look in five suffices."""


@dataclass(frozen=True)
class World:
    """A resource, its stored claims, and a window of use."""

    resource: ResourceFacts
    claims: tuple[ClaimRow, ...]
    window: Span


def _row(
    number: int, span: Span, units: int, size: int, mode: str, expires: datetime | None
) -> ClaimRow:
    return ClaimRow(
        id=number,
        capacity=7,
        mode=mode,
        span=span,
        units=units,
        cause="line",
        line=number,
        block=None,
        offer=None,
        expires_at=expires,
        line_state="held" if expires else "confirmed",
        booking=number,
        size=size,
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zone, day = draw(st.sampled_from(CHANGES))
    mode = draw(st.sampled_from(["exclusive", "peak", "peak", "total"]))
    size = 1 if mode == "exclusive" else draw(st.integers(1, 6))
    weekly = [
        WeeklyRow(
            weekday,
            opens * 15,
            min(opens * 15 + length * 15, 1440),
            since=draw(st.sampled_from([None, None, day])),
            until=draw(st.sampled_from([None, None, day + timedelta(days=1)])),
        )
        for weekday, opens, length in draw(
            st.lists(
                st.tuples(
                    st.sampled_from([(day + timedelta(days=n)).weekday() for n in (-1, 0, 1)]),
                    st.integers(0, 95),
                    st.integers(1, 96),
                ),
                max_size=5,
            )
        )
    ]
    days_off = [
        DaysOff(day + timedelta(days=n), day + timedelta(days=n + length))
        for n, length in draw(
            st.lists(st.tuples(st.integers(-1, 1), st.integers(1, 2)), max_size=1)
        )
    ]
    changed = [
        ChangedDay(
            day + timedelta(days=n),
            tuple((opens * 15, min(opens * 15 + length * 15, 1440)) for opens, length in times),
        )
        for n, times in draw(
            st.lists(
                st.tuples(
                    st.integers(-1, 1),
                    st.lists(
                        st.tuples(st.integers(0, 95), st.integers(1, 96)), min_size=1, max_size=2
                    ),
                ),
                max_size=2,
                unique_by=lambda one: one[0],
            )
        )
    ]
    resource = replace(
        ROOM,
        zone_name=zone,
        shares=(Share(7, 1, mode, size),),
        units=size,
        kind={"exclusive": "exclusive", "peak": "pooled", "total": "giveaway"}[mode],
        hours_source=draw(st.sampled_from(["own", "own", "always"])),
        handover=draw(st.sampled_from(["none", "none", "simple"])),
        turnover_minutes=draw(st.sampled_from([0, 0, 15, 45, 120])),
        weekly=tuple(weekly),
        days_off=tuple(days_off),
        changed=tuple(changed),
    )
    midnight = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    start = midnight + timedelta(minutes=GRID * draw(st.integers(-24, 200)))
    window = Span(start, start + timedelta(minutes=GRID * draw(st.integers(2, 260))))
    claims: list[ClaimRow] = []
    for begin, length, units, expiry in draw(
        st.lists(
            st.tuples(
                st.integers(-60, 320),
                st.integers(1, 90),
                st.integers(1, size),
                st.sampled_from([None, None, NOW - MINUTE, NOW, NOW + MINUTE]),
            ),
            max_size=7,
        )
    ):
        low = midnight + timedelta(minutes=GRID * begin)
        row = _row(
            len(claims) + 1,
            Span(low, low + timedelta(minutes=GRID * length)),
            units,
            size,
            mode,
            expiry,
        )
        # Run-out claims are still stored: the guard has counted them too.
        if _fits(claims, row, size, mode):
            claims.append(row)
    return World(resource, tuple(claims), window)


def _fits(claims: list[ClaimRow], row: ClaimRow, size: int, mode: str) -> bool:
    if mode == "total":
        return sum(one.units for one in claims) + row.units <= size
    at = row.span.start
    while at < row.span.end:
        if (
            sum(one.units for one in claims if one.span.start <= at < one.span.end) + row.units
            > size
        ):
            return False
        at += timedelta(minutes=GRID)
    return True


# --- the slow world: one question about one minute at a time ------------------------------------------
def open_minute(resource: ResourceFacts, minute: datetime) -> bool:
    """Whether the minute that begins at `minute` lies in opening hours, by the clock on the wall."""
    local = minute.astimezone(resource.zone)
    day = local.date()
    if any(off.since <= day < off.until for off in resource.days_off):
        return False
    if resource.hours_source == "always":
        return True
    for one in resource.changed:
        if one.day == day:
            return any(
                _reached(resource.zone, day, opens, minute)
                and not _reached(resource.zone, day, closes, minute)
                for opens, closes in one.times
            )
    if not resource.weekly:
        return True
    return any(
        row.weekday == day.weekday()
        and (row.since is None or day >= row.since)
        and (row.until is None or day < row.until)
        and _reached(resource.zone, day, row.opens, minute)
        and not _reached(resource.zone, day, row.closes, minute)
        for row in resource.weekly
    )


def _reached(zone: ZoneInfo, day: date, of_day: int, minute: datetime) -> bool:
    """Whether the wall has shown that minute of the day, or passed it, for the first time by now."""
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=of_day)
    probe = minute - timedelta(hours=3)
    while probe <= minute:
        if probe.astimezone(zone).replace(tzinfo=None) >= wanted:
            return True
        probe += timedelta(minutes=GRID)
    return False


def taken_at(world: World, minute: datetime) -> int:
    living = [row for row in world.claims if row.expires_at is None or row.expires_at > NOW]
    if world.resource.kind == "giveaway":
        return sum(row.units for row in living)
    return sum(row.units for row in living if row.span.start <= minute < row.span.end)


def slow_units(world: World, use: Span) -> int:
    """How many units a use of exactly `use` could have: every minute of it asked by itself."""
    resource = world.resource
    minutes = int((use.end - use.start) / MINUTE)
    points = [use.start + n * MINUTE for n in range(0, minutes, GRID)]
    if resource.handover == "none":
        if not all(open_minute(resource, point) for point in points):
            return 0
    elif not (open_minute(resource, use.start) and open_minute(resource, use.end - MINUTE)):
        return 0
    after = [use.end + n * MINUTE for n in range(0, resource.turnover_minutes, GRID)]
    return max(resource.size - max(taken_at(world, point) for point in (*points, *after)), 0)


def judged_units(world: World, use: Span) -> int:
    """The same through the rules that a request is judged by."""
    taken = tuple(row.taken() for row in live(world.claims, now=NOW))
    for units in range(world.resource.size, 0, -1):
        ask = Ask(world.resource, OWN_HOUSE, use, use, units, 1, "active", NOW, taken=taken)
        rules = (
            hours.open_during_use,
            hours.open_to_fetch_and_return,
            room.not_taken,
            room.not_kept_for_another,
        )
        if not any(rule(ask) for rule in rules):
            return units
    return 0


@settings(
    max_examples=2_000 if PROOF else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(worlds(), st.data())
def test_every_answer_about_a_use_is_the_slow_worlds(world: World, data: st.DataObject) -> None:
    rows = live(world.claims, now=NOW)
    shown = availability(world.resource, rows, world.window)
    edges = {world.window.start, world.window.end, world.window.start + GRID * MINUTE}
    for row in world.claims:
        edges |= {row.span.start, row.span.start - world.resource.turnover, row.span.end}
    points = sorted(edge for edge in edges if world.window.start <= edge <= world.window.end)
    for _ in range(4):
        low = data.draw(st.integers(0, len(points) - 2))
        high = data.draw(st.integers(low + 1, len(points) - 1))
        use = Span(points[low], points[high])
        expected = slow_units(world, use)
        note(f"{use} {expected} {shown}")
        assert units_free(world.resource, rows, use) == expected
        assert judged_units(world, use) == expected
        if world.resource.handover == "none":
            assert shown.units_during(use) == expected


@settings(max_examples=1_000 if PROOF else 100, deadline=None)
@given(worlds())
def test_what_is_shown_is_in_order_and_whole(world: World) -> None:
    """Free spans are disjoint, in order, inside window and hours; open spans are the open minutes."""
    shown = availability(world.resource, live(world.claims, now=NOW), world.window)
    count = int((world.window.end - world.window.start) / MINUTE)
    for n in range(0, count, GRID):
        minute = world.window.start + n * MINUTE
        spans = [span for span in shown.open if span.start <= minute < span.end]
        assert len(spans) == int(open_minute(world.resource, minute))
        least = [free for free in shown.free if free.span.start <= minute < free.span.end]
        assert len(least) <= 1
        here = Span(minute, minute + GRID * MINUTE)
        bare = replace(world, resource=replace(world.resource, hours_source="always", days_off=()))
        expected = slow_units(bare, here)
        if world.resource.handover == "none" and not spans:
            expected = 0
        assert (least[0].units if least else 0) == expected
    edges = [free.span for free in shown.free]
    assert all(one.end <= other.start for one, other in pairwise(edges))
    assert all(world.window.contains(span) for span in (*edges, *shown.open))


def test_two_neighbours_within_a_turnover_do_not_add_up() -> None:
    """One of two is back when the other goes out: a use beside them finds the second unit free all along."""
    resource = replace(ROOM, shares=(Share(7, 1, "peak", 2),), units=2, turnover_minutes=30)
    noon = datetime(2027, 6, 1, 12, tzinfo=UTC)
    rows = [
        _row(1, Span(noon - 60 * MINUTE, noon), 1, 2, "peak", None),
        _row(2, Span(noon + 15 * MINUTE, noon + 60 * MINUTE), 1, 2, "peak", None),
    ]
    use = Span(noon - 30 * MINUTE, noon)
    assert units_free(resource, rows, use) == 1
    assert judged_units(World(resource, tuple(rows), use), use) == 1
