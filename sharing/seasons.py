"""Weekly hours with validity as people think of them: an ordinary week, and seasons in which another holds.

Rows know only from when until when each holds. Here they become stretches of days that each have one whole week, and
rows again. No database here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

Times = tuple[int, int, int]
"""Weekday (0 = Monday), opens, closes in minutes of the local day."""


class Row(Protocol):
    """A row of weekly hours, as it is stored."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens_minute(self) -> int: ...
    @property
    def closes_minute(self) -> int: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_until(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Season:
    """From `from_on` until `until_on` (exclusive, None = open at that side) `week` holds, in order."""

    from_on: date | None
    until_on: date | None
    week: tuple[Times, ...]

    def holds_on(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day < self.until_on
        )


@dataclass(frozen=True, slots=True)
class Dated:
    """A row to store."""

    times: Times
    valid_from: date | None
    valid_until: date | None


def seasons(rows: Iterable[Row]) -> tuple[Season, ...]:
    """All days there are, in order, without a gap; neighbours differ. The last has no end: it is the ordinary week."""
    held = list(rows)
    edges = {row.valid_from for row in held} | {row.valid_until for row in held}
    bounds = [None, *sorted(edge for edge in edges if edge is not None), None]
    return _joined(
        Season(
            start,
            end,
            tuple(
                sorted(
                    (row.weekday, row.opens_minute, row.closes_minute)
                    for row in held
                    if _covers(row, start, end)
                )
            ),
        )
        for start, end in pairwise(bounds)
    )


def with_ordinary(found: Sequence[Season], week: Iterable[Times]) -> tuple[Season, ...]:
    """`week` wherever the ordinary one held."""
    ordinary = found[-1].week
    new = tuple(sorted(week))
    return _joined(replace(one, week=new) if one.week == ordinary else one for one in found)


def with_season(found: Sequence[Season], season: Season) -> tuple[Season, ...]:
    """`season` in place of whatever held on its days."""
    before = [_cut(one, None, season.from_on) for one in found] if season.from_on else []
    after = [_cut(one, season.until_on, None) for one in found] if season.until_on else []
    return _joined([*filter(None, before), season, *filter(None, after)])


def rows_of(found: Sequence[Season]) -> list[Dated]:
    """The fewest rows that say the same."""
    rows: list[Dated] = []
    for times in sorted({times for one in found for times in one.week}):
        start: date | None = None
        holds = False
        for one in found:
            if times in one.week and not holds:
                start, holds = one.from_on, True
            elif times not in one.week and holds:
                rows.append(Dated(times, start, one.from_on))
                holds = False
        if holds:
            rows.append(Dated(times, start, None))
    return rows


def _covers(row: Row, start: date | None, end: date | None) -> bool:
    starts = row.valid_from is None or (start is not None and row.valid_from <= start)
    ends = row.valid_until is None or (end is not None and end <= row.valid_until)
    return starts and ends


def _cut(one: Season, start: date | None, end: date | None) -> Season | None:
    """What of `one` lies from `start` until `end`."""
    first = max((day for day in (one.from_on, start) if day is not None), default=None)
    last = min((day for day in (one.until_on, end) if day is not None), default=None)
    if first is not None and last is not None and first >= last:
        return None
    return replace(one, from_on=first, until_on=last)


def _joined(found: Iterable[Season]) -> tuple[Season, ...]:
    result: list[Season] = []
    for one in found:
        if result and result[-1].week == one.week:
            result[-1] = replace(result[-1], until_on=one.until_on)
        else:
            result.append(one)
    return tuple(result)
