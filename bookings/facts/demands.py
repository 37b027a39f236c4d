"""What a use takes of a capacity, and what others have taken of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bookings.spans import Load, Span, peak

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit of a resource takes of a capacity (database id): `units` of its `size`.

    `span` where it is one of many by time: a session, or a month of something metered, whose `units` are minutes.
    `leaf` is the resource that the capacity belongs to. A capacity of 0 is a month that nobody asked for yet.
    """

    capacity: int
    leaf: int
    mode: str
    size: int
    units: int = 1
    span: Span | None = None
    session: int | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What a use takes of one capacity: `units` of `share.size` during `span` (UTC)."""

    share: Share
    span: Span
    units: int

    def room(self, taken: Iterable[Taken]) -> int:
        """How much of the capacity is left beside `taken`; less than nothing where more was promised than there is."""
        loads = [claim.load for claim in taken if claim.capacity == self.share.capacity]
        if self.share.mode == "total":
            return self.share.size - sum(load.units for load in loads)
        return self.share.size - peak(loads, self.span)

    def as_taken(self) -> Taken:
        """As the rules count it for others, once it is claimed."""
        return Taken(self.share.capacity, Load(self.span, self.units), None, "line", None, None)


@dataclass(frozen=True, slots=True)
class Taken:
    """A live claim that is in the way: until when, and whether it is only a hold."""

    capacity: int
    load: Load
    hold_until: datetime | None
    cause: str
    line: int | None
    booking: int | None
    block: int | None = None
    offer: int | None = None
