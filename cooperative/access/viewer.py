"""Who is looking: computed once per request, handed to every query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days from `start` until `end` (exclusive); None = open at that side."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def meet(self, other: Days) -> Days | None:
        """The days in both, or None where there is none."""
        start = max((d for d in (self.start, other.start) if d is not None), default=None)
        end = min((d for d in (self.end, other.end) if d is not None), default=None)
        if start is not None and end is not None and start >= end:
            return None
        return Days(start, end)


ALWAYS = Days()


@dataclass(frozen=True, slots=True)
class Entitlement:
    """An audience that holds now or later. `rank` orders narrow before wide: own 0, partnership 1, a network
    2 (longest path from the root first, by `depth`), cooperative 3, public 4."""

    audience: int
    kind: str
    days: tuple[Days, ...]
    rank: int
    depth: int = 0
    owner: int | None = None

    def holds_on(self, day: date) -> bool:
        return any(days.covers(day) for days in self.days)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person (or nobody) who acts for one of their institutions (or none), at `now` (aware, UTC).

    `roles` maps institution id to role code. `seeing` are the audiences of any of the person's institutions,
    `asking` those of the acting one alone, by audience id.
    """

    now: datetime
    person: int | None = None
    acting_for: int | None = None
    acting_state: str = ""
    """The state code of the institution acted for; empty where there is none."""
    roles: Mapping[int, str] = field(default_factory=dict)
    seeing: Mapping[int, Entitlement] = field(default_factory=dict)
    asking: Mapping[int, Entitlement] = field(default_factory=dict)
    moderator: bool = False
    administrator: bool = False
    system: bool = False

    @property
    def institutions(self) -> frozenset[int]:
        return frozenset(self.roles)

    def may(self, role: str, institution: int | None) -> bool:
        """Whether the person has at least `role` (staff < keeper < manager) in that institution."""
        order = ("staff", "keeper", "manager")
        if self.system:
            return True
        mine = self.roles.get(institution) if institution is not None else None
        return mine is not None and order.index(mine) >= order.index(role)

    def audiences_seen(self) -> Iterable[int]:
        return self.seeing.keys()
