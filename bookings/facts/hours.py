"""When something is open: its week, its days off and its changed days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """Open on `weekday` (0 = Monday) from minute to minute of the local day, on days from `since` until `until`."""

    weekday: int
    opens: int
    closes: int
    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        return (
            day.weekday() == self.weekday
            and (self.since is None or self.since <= day)
            and (self.until is None or day < self.until)
        )


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Not open from `since` until `until` (exclusive)."""

    since: date
    until: date
    reason: str = ""

    def covers(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """Open on `day` from minute to minute of each of `times`, in place of what the week says."""

    day: date
    times: tuple[tuple[int, int], ...]
