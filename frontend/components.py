"""What the components of `templates/components/` take.

Everything here is a value that is ready to be shown: labels are already in the reader's language
and in the wall-clock time of the owner, addresses are already reversed. Nothing here asks the
database or the clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import gcd
from typing import Literal

TileKind = Literal["free", "some", "asked", "held", "taken", "closed", "past"]
Tone = Literal["draft", "wait", "kept", "yes", "out", "warn", "no", "past"]
ReasonKind = Literal["fact", "rule"]
ActionKind = Literal["next", "plain", "quiet", "danger"]
NoticeTone = Literal["info", "ok", "warn", "bad"]

MAX_SPAN = 200
"""The widest tile that the style sheet has a class for (`.s-200`)."""

STATE_TONES: dict[str, Tone] = {
    "draft": "draft",
    "asked": "wait",
    "open": "wait",
    "submitted": "wait",
    "applied": "wait",
    "held": "kept",
    "accepted": "kept",
    "partly_confirmed": "kept",
    "confirmed": "yes",
    "active": "yes",
    "published": "yes",
    "handed_over": "out",
    "overdue": "warn",
    "to_settle": "warn",
    "disputed": "warn",
    "lost": "warn",
    "changes_asked": "warn",
    "suspended": "warn",
    "declined": "no",
    "refused": "no",
    "cancelled": "no",
    "finished": "past",
    "returned": "past",
    "closed": "past",
    "not_used": "past",
    "withdrawn": "past",
    "expired": "past",
    "left": "past",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One way in the main navigation; `in_bar` puts it in the bottom bar of a phone (four fit)."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int = 0
    in_bar: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several values that a small form switches between (institution, language, tab)."""

    value: str
    label: str
    current: bool = False
    url: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A link (`get`) or a one-button form (`post`) with its hidden fields."""

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    fields: tuple[tuple[str, str], ...] = ()
    kind: ActionKind = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChip:
    """A state as a shape and a word. `state` is the code in the database, `label` the word."""

    state: str
    label: str

    @property
    def tone(self) -> Tone:
        return STATE_TONES.get(self.state, "past")


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of the top level: its hue and shape follow from the code."""

    code: str
    label: str


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
    category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Many things under one ruler."""

    caption: str
    ticks: tuple[Tick, ...]
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    number: int
    label: str
    tiles: tuple[Tile, ...] = ()
    url: str = ""
    today: bool = False
    outside: bool = False
    chosen: bool = False


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
class ReasonItem:
    """Why not: a stable code, a fact or a house rule, the sentence, and what would help."""

    code: str
    kind: ReasonKind
    message: str
    relax: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionItem:
    """What one can do instead, done by one click on `action`."""

    label: str
    action: Action
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    term: str
    detail: str
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    url: str
    alt: str
    width: int
    height: int
    full_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCard:
    """A found thing. `free` says in words what is free in the days asked for."""

    title: str
    url: str
    owner: str
    category: Category
    place: str = ""
    summary: str = ""
    terms: str = ""
    free: str = ""
    photo: Photo | None = None
    state: StateChip | None = None
    tiles: tuple[Tile, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation; `side` says on which side of the page it stands."""

    author: str
    body: str
    at_iso: str
    at_label: str
    side: Literal["ours", "theirs"] = "theirs"
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryItem:
    """One event of a story, newest last."""

    text: str
    at_iso: str
    at_label: str
    tone: Tone = "past"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """One of several requests for the same time, shown side by side."""

    title: str
    who: str
    url: str
    when: str
    state: StateChip
    facts: tuple[Fact, ...] = ()
    actions: tuple[Action, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """Requests that cannot all be served, and the time they meet in."""

    caption: str
    strip: Strip | None
    requests: tuple[Rival, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    label: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    url: str = ""
    chip: StateChip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows to compare. The first cell of a row names it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits for somebody on the desk, with the action there."""

    title: str
    url: str
    detail: str
    due: str = ""
    urgent: bool = False
    chip: StateChip | None = None
    actions: tuple[Action, ...] = ()


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
