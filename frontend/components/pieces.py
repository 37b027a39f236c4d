"""The small pieces that every page has: ways, buttons, states, cards, tables."""

from dataclasses import dataclass
from typing import Literal

from frontend.components.tiles import Tile

Tone = Literal["draft", "wait", "kept", "yes", "out", "warn", "no", "past"]
ActionKind = Literal["next", "plain", "quiet", "danger"]

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
    "waiting": "wait",
    "offered": "kept",
    "taken": "yes",
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
class Fact:
    term: str
    detail: str
    icon: str = ""
    phone: str = ""
    """Stands behind the detail, to be tapped."""


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
class Column:
    label: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    url: str = ""
    number: bool = False
    chip: StateChip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows to compare. The first cell of a row names it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
