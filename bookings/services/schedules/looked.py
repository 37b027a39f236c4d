"""A row of a file on its way, and each row with what it wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bookings.facts.ask import Ask
from bookings.models import Booking, ScheduleRow, ScheduleRowState
from bookings.sheets.rows import Reading, RowWish, read_row, texts_of
from bookings.sheets.shape import Problem
from bookings.wishes import LineWish

from .taking import problems_of_file

State = ScheduleRowState
TAKEN_UP = "taken_up"
"""Stands among the corrections of a row that was left out of an earlier file and is wanted after all."""


@dataclass
class Looked:
    """A row on its way: what it wants, the lines that this is, and what becomes of it."""

    row: ScheduleRow
    texts: Mapping[str, str]
    wish: RowWish | None = None
    lines: list[LineWish] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    booking: Booking | None = None
    state: State = State.READY

    @property
    def open(self) -> bool:
        """Still to be judged by what else there is."""
        return self.state in {State.READY, State.CHANGED} and bool(self.lines)


def read_rows(rows: Iterable[ScheduleRow], reading: Reading) -> list[Looked]:
    """Each row with what it wants, as corrected on the page; what cannot be read says why."""
    found = []
    for row in rows:
        told = texts_of(row.cells, reading)
        one = Looked(row, told)
        problems = [] if row.corrections.keys() - {TAKEN_UP} else problems_of_file(row)
        wish = None if problems else read_row({**told, **row.corrections}, reading)
        if isinstance(wish, RowWish):
            one.wish = wish
        else:
            one.problems = problems if wish is None else [wish]
            one.state = State.WRONG
        found.append(one)
    return found
