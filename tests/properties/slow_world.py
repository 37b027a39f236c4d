"""What the slow engine counts with: things, holds, lines and bookings, in cells of half an hour. No database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

CELL = timedelta(minutes=30)
EPOCH = datetime(2027, 3, 8, tzinfo=UTC)
"""A Monday; no clock changes in the three weeks after it."""
DAY = 48
HOUR = 2
END = 30 * DAY

WAITING = {"asked", "held", "accepted"}
HITTABLE = {"held", "accepted", "confirmed"}
CLAIMING = {"held", "accepted", "confirmed", "handed_over", "overdue"}
WAIVABLE = {"too_late_to_ask", "asked_already"}
FIRM = {"confirmed", "handed_over", "overdue", "finished", "returned", "lost", "not_used"} | {
    "disputed",
    "closed",
}

MOVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "approve": (("asked", "held"), ("confirmed", "accepted")),
    "decline": (("asked", "held", "accepted"), ("declined",)),
    "reopen": (("declined",), ("asked",)),
    "withdraw": (("asked", "held", "accepted"), ("withdrawn",)),
    "let_go": (("held", "accepted"), ("asked",)),
    "complete": (("accepted",), ("confirmed",)),
    "cancel": (("confirmed", "to_settle"), ("cancelled",)),
    "take_back": (("confirmed", "to_settle"), ("cancelled",)),
    "settle": (("to_settle",), ("confirmed",)),
    "hand_over": (("confirmed",), ("handed_over",)),
    "give_back": (("handed_over", "overdue"), ("returned",)),
    "overdue": (("handed_over",), ("overdue",)),
    "lost": (("handed_over", "overdue"), ("lost",)),
    "not_used": (("confirmed", "finished"), ("not_used",)),
}
"""From which states what people do leads to which."""


def instant(cell: int) -> datetime:
    return EPOCH + cell * CELL


@dataclass(eq=False)
class Thing:
    name: str
    size: int = 1
    policy: str = "owner_chooses"
    handover: bool = False
    turnover: int = 0
    total: bool = False
    notice: int = 0
    claims: list[Hold] = field(default_factory=list)


@dataclass(eq=False)
class Hold:
    """Time taken: by a line or a block. `until` = runs out. Of a block `got` is what it has, cell by cell."""

    thing: Thing
    start: int
    end: int
    units: int
    line: Slot | None = None
    until: int | None = None
    lost: bool = False
    got: dict[int, int] = field(default_factory=dict)

    def at(self, cell: int) -> int:
        """The units taken then; of what is given away, whenever it is."""
        if self.thing.total:
            return self.units if self.line is not None else self.got.get(self.start, 0)
        if self.line is not None:
            return self.units if self.start <= cell < self.end else 0
        return self.got.get(cell, 0)


@dataclass(eq=False)
class Slot:
    """A line."""

    number: int
    thing: Thing
    start: int
    end: int
    units: int
    second: bool = False
    state: str = "asked"
    decided: int | None = None
    since: int = 0
    claim: Hold | None = None
    ask: Ask | None = None
    hit_by: Hold | None = None
    hit_from: str = ""
    hit_at: int = 0


@dataclass(eq=False)
class Ask:
    """A booking."""

    number: int
    slots: list[Slot]
    whole: bool
    borrower: int | None
    went_ahead: bool = False


class Refused(Exception):
    """With the codes of its reasons, line by line."""

    def __init__(self, *codes: tuple[str, int]) -> None:
        super().__init__(codes)
        self.codes = list(codes)


class Conflict(Exception):
    """State or time."""


class WouldHit(Exception):
    def __init__(self, slots: list[Slot]) -> None:
        super().__init__()
        self.slots = slots


def working_days_on(cell: int, count: int) -> int:
    """`count` working days later at the same time."""
    while count:
        cell += DAY
        if instant(cell).weekday() < 5:
            count -= 1
    return cell


@dataclass
class Wanted:
    thing: Thing
    start: int
    end: int
    units: int = 1
    second: bool = False
