"""One line as the rules judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bookings.spans import Span, with_turnover

from .demands import Demand, Taken
from .resource import ResourceFacts
from .terms import Terms

if TYPE_CHECKING:
    from bookings.periods import Wanted


@dataclass(frozen=True)
class Ask:
    """One line, judged. Spans UTC; `claimed` is the use and the turnover after it."""

    resource: ResourceFacts
    terms: Terms | None
    use: Span
    event: Span
    units: int
    borrower: int | None
    borrower_state: str
    now: datetime
    second_in_line: bool = False
    taken: tuple[Taken, ...] = ()
    """Live claims of others on its capacities, in time around `claimed`."""
    open_holds: int = 0
    """Holds that the borrower has already, this request's earlier lines included."""
    was: Span | None = None
    """When its use is now, where it is to be changed: a start that stays is not judged again."""
    wanted: Wanted | None = None
    """So long is wished for somewhere in its time, which is a period."""
    brought: bool = False
    """It comes along with another thing of its house, and need not be on offer by itself."""
    in_series: bool = False
    """One of many dates: beyond what may be kept for its borrower it is asked for without being kept."""
    paused_until: datetime | None = None
    """Until when the borrower asks for nothing of others; what is past does not count."""
    seen: bool = True
    """Whether the borrower may see the resource now: what an owner's yes is judged by, instead of the terms."""

    @property
    def claimed(self) -> Span:
        if self.resource.kind == "seated":
            return self.use
        return with_turnover(self.use, self.resource.turnover)

    @property
    def starts_anew(self) -> bool:
        return self.was is None or self.was.start != self.use.start

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        return self.resource.demands(self.use, self.units)

    @property
    def locked(self) -> set[int]:
        """The capacities that a commit locks for it: what it takes of, and the whole's own."""
        return self.resource.locked_for(self.demands)

    @property
    def policy(self) -> str:
        """at_once | keep_first | owner_chooses"""
        if self.terms is not None and self.terms.at_once:
            return "at_once"
        return self.resource.answering
