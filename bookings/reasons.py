"""Why not, and what instead: values that pages and API show. Codes are stable; sentences are the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from cooperative.errors import Sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a no.

    `kind`: a *fact* (nobody can change it by being kind) or a house *rule* (its owner may waive it, openly).
    `values` are for the asker; `owner_values` go to the owner's eyes alone. `relax` is what would make it go through.
    `line` is the index of the line in the request, `on` the date of a line that repeats (the owner's local day).
    """

    code: str
    kind: Literal["fact", "rule"]
    message: Sentence
    values: Mapping[str, Any] = field(default_factory=dict)
    owner_values: Mapping[str, Any] = field(default_factory=dict)
    relax: Mapping[str, Any] | None = None
    waivable: bool = False
    line: int | None = None
    on: date | None = None

    def at(self, line: int, on: date | None = None) -> Reason:
        return replace(self, line=line, on=on)


AlternativeKind = Literal[
    "other_time", "like_resource", "fewer_units", "split", "second_in_line", "waiting_list"
]


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the things that something is split over, at the time of the whole."""

    resource: UUID
    titles: Mapping[str, str]
    owner: str
    units: int


@dataclass(frozen=True, slots=True)
class Why:
    """What makes an option worth offering, as values; `bookings.why` says it in a sentence.

    `wished` is the start that was asked for. `km` from the thing asked for, `free` units there at that time, `of_house`
    = of the same owner. `missing` units are divided into `parts`. `until` is when a hold that is in the way runs out.
    """

    wished: datetime
    km: float | None = None
    free: int | None = None
    of_house: bool = False
    missing: int = 0
    parts: tuple[int, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something the asker may ask for instead, with one click. Instants aware, UTC. Names no other borrower.

    With `pieces` it is several lines instead of one, `resource` and `units` being the first of them.
    """

    kind: AlternativeKind
    line: int
    resource: UUID
    titles: Mapping[str, str]
    owner: str
    starts_at: datetime
    ends_at: datetime
    event_starts_at: datetime
    event_ends_at: datetime
    units: int
    zone: str
    setup_minutes: int = 0
    strike_minutes: int = 0
    second_in_line: bool = False
    waiting_list: bool = False
    least_units: int | None = None
    place: int | None = None
    """Of the waiting list: which in the queue one would be, 1 = next."""
    on: date | None = None
    why: Why | None = None
    pieces: tuple[Piece, ...] = ()
