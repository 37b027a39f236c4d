"""What every reader gives: headers and rows of texts, within the same limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from cooperative.errors import Invalid, Sentence

MOST_BYTES = 10_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
Problem = Mapping[str, Any]
"""Why a row cannot be taken: a `code` with what its sentence needs. Codes are stable; pages put them into words."""
_DAY = timedelta(days=1)


class Unreadable(Invalid):
    """This file cannot be read; the sentence says what to do about it."""

    code = "file_unreadable"

    def __init__(self, sentence: Sentence) -> None:
        super().__init__({"file": sentence}, sentence)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row, its cells as texts by header. `number` as the program shows it where the file has one sheet."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """`format` as of `ScheduleFormat`. Rows without any text are left out."""

    format: str
    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def text_of(value: object) -> str:
    """A cell as text: days as 2027-09-07, times as 17:00, both as 2027-09-07 17:00, numbers as they are counted."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        # Times without a day are counted from the end of 1899: a whole day of them is midnight at the day's end.
        if value.year < 1901:
            return "24:00" if value.year == 1900 else f"{value:%H:%M}"
        whole = value.time() == time()
        return value.date().isoformat() if whole else f"{value.date().isoformat()} {value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value / timedelta(minutes=1))
        return f"{minutes // 60:02}:{minutes % 60:02}" if timedelta() <= value <= _DAY else ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return tidy(str(value))


def tidy(text: str) -> str:
    """Without what nobody types on purpose, and without space around it."""
    # A little beyond the limit is kept, so that the row can say that it is too long.
    kept = (sign for sign in text[: LONGEST_CELL * 2] if sign >= " " or sign in "\t\n")
    return "".join(sign for sign in kept if not "\ud800" <= sign <= "\udfff").strip()


def named(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """Headers that differ: a merged or missing one is named after the one before it, or after its place."""
    found: list[str] = []
    for column in range(width):
        own = " ".join((cells[column] if column < len(cells) else "").split())[:100]
        base = own or (found[-1] if found else f"#{column + 1}")
        name, number = base, 2
        while name in found:
            name, number = f"{base} ({number})", number + 1
        found.append(name)
    return tuple(found)


def row_of(number: int, headers: Sequence[str], cells: Iterable[str]) -> SheetRow | None:
    """A row under its headers; None where nothing stands in it."""
    texts = {header: text for header, text in zip(headers, cells, strict=False) if text}
    if not texts:
        return None
    long = [header for header, text in texts.items() if len(text) > LONGEST_CELL]
    problems = tuple({"code": "cell_too_long", "column": header} for header in long)
    return SheetRow(
        number, {header: text[:LONGEST_CELL] for header, text in texts.items()}, problems
    )
