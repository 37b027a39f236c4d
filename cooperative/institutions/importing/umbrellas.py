"""Who belongs under whose roof: branches of one library, departments of one museum. Pure.

A list has no column for it; names tell. Five signs, the surer first; a house has one umbrella, an umbrella none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .spelling import fold

_WORDS_OF_A_WHOLE = 4
"""A name of fewer words ("Miejski Dom Kultury") may begin the name of quite another house."""
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A row's id and its cleaned names."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Roof:
    """The umbrella of a row: another row (`id`), or one to be made with `name` (`id` is empty)."""

    id: str
    name: str
    why: str


def roofs(rows: Sequence[Named]) -> dict[str, Roof]:
    """By row id; rows of their own are left out."""
    signs = _Signs(rows)
    found = {row.id: roof for row in rows if (roof := signs.roof_of(row)) is not None}
    umbrellas = {roof.id for roof in found.values() if roof.id}
    return {row: roof for row, roof in found.items() if row not in umbrellas}


class _Signs:
    """What tells, looked up once for the whole list."""

    def __init__(self, rows: Sequence[Named]) -> None:
        self._names = Counter(fold(row.name) for row in rows)
        self._by_name = {row.name: row for row in reversed(rows)}
        self._wholes = Counter(whole for row in rows if (whole := _whole(row.name)))
        abbreviated = [row for row in rows if _abbreviation(row.short)]
        self._shorts = Counter(row.short for row in abbreviated)
        self._by_short = {
            row.short: row
            for row in abbreviated
            if self._shorts[row.short] == 1 and _last_word(row.name) != row.short
        }
        self._endings = Counter(_last_word(row.name) for row in rows)

    def roof_of(self, row: Named) -> Roof | None:
        return (
            self._same_name(row)
            or self._begins_with(row)
            or self._part_of(row)
            or self._ends_with(row)
            or self._same_short(row)
        )

    def _same_name(self, row: Named) -> Roof | None:
        if self._names[fold(row.name)] > 1 and row.short:
            return Roof("", row.name, "several rows have this name and differ by the short one")
        return None

    def _begins_with(self, row: Named) -> Roof | None:
        words = row.name.split(" ")
        for length in range(len(words) - 1, _WORDS_OF_A_WHOLE - 1, -1):
            other = self._by_name.get(" ".join(words[:length]))
            if other is not None and other.id != row.id:
                return Roof(other.id, other.name, "its name goes on from this one")
        return None

    def _part_of(self, row: Named) -> Roof | None:
        whole = _whole(row.name)
        if self._wholes[whole] < _SEVERAL:
            return None
        there = self._by_name.get(whole)
        why = "several names begin with this one and a dash"
        return Roof(there.id if there else "", whole, why)

    def _ends_with(self, row: Named) -> Roof | None:
        short = _last_word(row.name)
        other = self._by_short.get(short)
        if other is None or self._endings[short] < _SEVERAL:
            return None
        return Roof(other.id, other.name, f"its name ends with {short}")

    def _same_short(self, row: Named) -> Roof | None:
        if self._shorts[row.short] < _SEVERAL:
            return None
        return Roof("", row.short, "several rows have this abbreviation as short name")


def _whole(name: str) -> str:
    whole, dash, _part = name.partition(" - ")
    return whole if dash else ""


def _last_word(name: str) -> str:
    return name.rpartition(" ")[2]


def _abbreviation(short: str) -> bool:
    return len(short) > 2 and short.isalpha() and short.isupper()
