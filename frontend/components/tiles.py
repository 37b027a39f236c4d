"""Time as rows of tiles: the strip, the timeline, the month and the week.

Pure arithmetic on whole units; instants have become labels and minutes before they come here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import gcd
from typing import Literal

TileKind = Literal["free", "some", "asked", "held", "taken", "closed", "past"]

MAX_SPAN = 200
"""The widest tile that the style sheet has a class for (`.s-200`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A stretch of time of one kind. `span` counts units of the strip (an hour, a day-part)."""

    kind: TileKind
    label: str
    start_label: str
    end_label: str
    span: int = 1
    text: str = ""
    url: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on the ruler of a strip, as wide as `span` units."""

    label: str
    span: int = 1
    now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A day or a week of one thing. Ticks and tiles add up to the same number of units."""

    label: str
    tiles: tuple[Tile, ...]
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    title: str
    url: str
    tiles: tuple[Tile, ...]
    subtitle: str = ""
    pick_url: str = ""
    """Where dragging over the row leads, to which day and hours are added; "" where nothing is entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Many things under one ruler. Where it can be dragged over: its `days` (ISO) and the minutes that each shows."""

    caption: str
    ticks: tuple[Tick, ...]
    rows: tuple[TimelineRow, ...]
    days: tuple[str, ...] = ()
    first_minute: int = 0
    last_minute: int = 1440


@dataclass(frozen=True, slots=True)
class DayMark:
    """A holiday of a day or of several: public or of schools where the owner is, or `abroad` where the reader is."""

    kind: Literal["public", "school", "abroad"]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    number: int
    label: str
    tiles: tuple[Tile, ...] = ()
    url: str = ""
    today: bool = False
    outside: bool = False
    chosen: bool = False
    mark: DayMark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthGrid:
    """`weekdays` are pairs (short, long); `weeks` are rows of seven days."""

    caption: str
    weekdays: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[MonthDay, ...], ...]
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """`date` is ISO 8601 in the owner's zone; `label` is read aloud, `short` is shown."""

    date: str
    label: str
    short: str
    tiles: tuple[Tile, ...]
    today: bool = False
    mark: DayMark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekGrid:
    """Days by hours. Minutes count from local midnight; `step` is what dragging rounds to.

    `date_field`, `start_field` and `end_field` are the ids of the form's inputs that dragging
    fills; empty means that the grid is only read.
    """

    caption: str
    days: tuple[WeekDay, ...]
    hours: tuple[Tick, ...]
    first_minute: int = 0
    last_minute: int = 1440
    step: int = 15
    date_field: str = ""
    start_field: str = ""
    end_date_field: str = ""
    end_field: str = ""
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that fills `start` to `end` of a window, in whole minutes from its beginning."""

    start: int
    end: int
    kind: TileKind
    label: str
    text: str = ""
    url: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    kind: TileKind
    label: str
    text: str = ""
    url: str = ""
    mine: bool = False


def fold(tiles: Iterable[Tile]) -> tuple[Tile, ...]:
    """Join neighbours that say the same, so that a run of equal tiles is one element."""
    folded: list[Tile] = []
    for tile in tiles:
        last = folded[-1] if folded else None
        same = last is not None and _sameness(last) == _sameness(tile)
        if last is not None and same and last.span + tile.span <= MAX_SPAN:
            folded[-1] = replace(last, end_label=tile.end_label, span=last.span + tile.span)
        else:
            folded.append(tile)
    return tuple(folded)


def cut(
    marks: Sequence[Mark],
    *,
    minutes: int,
    unit: int,
    labels: Sequence[str],
    base: TileKind = "closed",
    base_label: str,
) -> tuple[Tile, ...]:
    """Tiles of a window of `minutes`, in units of `unit` minutes, later marks over earlier ones.

    `labels` are the labels of all unit edges (one more than there are units). A unit that a mark
    only touches is filled by it: a strip never shows as free what is partly not. Marks of kind
    "free" fill only the units that they cover whole, for the same reason.
    """
    count = -(-minutes // unit)
    if len(labels) != count + 1:
        raise ValueError(f"{count} units need {count + 1} labels, got {len(labels)}")
    cells = [_Cell(base, base_label)] * count
    for mark in marks:
        if mark.kind == "free":
            first, last = -(-mark.start // unit), mark.end // unit
        else:
            first, last = mark.start // unit, -(-mark.end // unit)
        cell = _Cell(mark.kind, mark.label, mark.text, mark.url, mark.mine)
        for index in range(max(first, 0), min(last, count)):
            cells[index] = cell
    return fold(
        Tile(
            kind=cell.kind,
            label=cell.label,
            start_label=labels[index],
            end_label=labels[index + 1],
            text=cell.text,
            url=cell.url,
            mine=cell.mine,
        )
        for index, cell in enumerate(cells)
    )


def shrink(tiles: Sequence[Tile]) -> tuple[Tile, ...]:
    """The same picture in the fewest units (96 quarters, all whole hours: 24 units)."""
    divisor = gcd(*(tile.span for tile in tiles)) if tiles else 1
    return tuple(replace(tile, span=tile.span // max(divisor, 1)) for tile in tiles)


def _sameness(tile: Tile) -> tuple[str, str, str, str, bool]:
    return (tile.kind, tile.label, tile.text, tile.url, tile.mine)
