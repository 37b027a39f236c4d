"""Hours and days off as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sharing.models import DayOff, DayOffKind, WeeklyHours
from sharing.queries.hours import clock_face
from sharing.wishes import HoursWish

from .moments import day_label


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOffRow:
    uid: str
    when: str
    why: str
    holiday: bool


def plain_rows(rows: Sequence[WeeklyHours]) -> list[WeeklyHours]:
    """What holds without a date: what the page edits."""
    return [row for row in rows if row.valid_from is None and row.valid_until is None]


def kept_rows(rows: Sequence[WeeklyHours]) -> list[HoursWish]:
    """What holds for a time only: it is kept as it is."""
    plain = set(map(id, plain_rows(rows)))
    return [
        HoursWish(
            row.weekday,
            clock_face(row.opens_minute),
            clock_face(row.closes_minute),
            row.valid_from,
            row.valid_until,
        )
        for row in rows
        if id(row) not in plain
    ]


def days_off_rows(rows: Sequence[DayOff]) -> tuple[DayOffRow, ...]:
    return tuple(
        DayOffRow(
            uid=str(row.uid),
            when=_when(row),
            why=row.reason or str(DayOffKind(row.kind).label),
            holiday=row.kind == DayOffKind.PUBLIC_HOLIDAY,
        )
        for row in rows
    )


def _when(row: DayOff) -> str:
    last = row.until_on - timedelta(days=1)
    if last == row.from_on:
        return day_label(row.from_on, year=True)
    return f"{day_label(row.from_on)} – {day_label(last, year=True)}"
