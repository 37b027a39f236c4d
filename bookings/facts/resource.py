"""A thing with all that is needed to judge and to freeze."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from bookings.spans import Span, local_month, with_turnover
from cooperative.access.viewer import Viewer

from .demands import Demand, Share, Taken
from .hours import ChangedDay, DaysOff, WeeklyRow
from .terms import OWN_HOUSE, Terms

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Brought:
    """A resource that comes along: `units` of it with each use."""

    uid: UUID
    units: int


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """What an institution has asked of a resource, in a booking (public id) that is not settled against it."""

    booking: UUID
    use: Span
    units: int


@dataclass(frozen=True)
class ResourceFacts:
    """A resource with all that is needed to judge and to freeze."""

    id: int
    uid: UUID
    owner: int
    owner_uid: UUID
    owner_name: str
    owner_state: str
    kind: str
    units: int
    state: str
    answering: str
    handover: str
    turnover_minutes: int
    hours_source: str
    zone_name: str
    category: str
    titles: Mapping[str, str]
    original: str
    terms: tuple[Terms, ...]
    weekly: tuple[WeeklyRow, ...]
    days_off: tuple[DaysOff, ...]
    standing: int | None
    """Its own capacity; that of a whole is empty, and locked with those of its leaves."""
    shares: tuple[Share, ...]
    """Of its leaves: one of its own, several where it has parts, none where it is booked by sessions or not at all."""
    periods: tuple[Share, ...] = ()
    """Sessions, or months begun, around the days that were read."""
    comes_with: tuple[Brought, ...] = ()
    asked_before: tuple[AskedBefore, ...] = ()
    """By the institution that asks now, with the same start; read only where a form asks `once`."""
    asker_paused_until: datetime | None = None
    """Of the institution that asks now: until when moderators let it ask for nothing of others, if they ever did."""
    needs: tuple[str, ...] = ()
    """Fields of a booking that its owner wants to know before it answers."""
    changed: tuple[ChangedDay, ...] = ()
    """One-off changes of the hours that hold for it, at most one for a day."""
    owner_off: tuple[DaysOff, ...] = ()
    """Its house's days off where it is open always: it can be used then, and nobody is there to answer."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def title(self) -> str:
        """In the language it was written in first."""
        return self.titles.get(self.original, "")

    @property
    def bookable(self) -> bool:
        return bool(self.shares or self.periods)

    @cached_property
    def size(self) -> int:
        """The most units that one use could have, on an empty day."""
        if self.kind == "seated":
            return max((period.size for period in self.periods), default=0)
        return min((share.size // share.units for share in self.shares), default=0)

    def most_units(self, use: Span) -> int:
        """The most units that a use could have if nobody else used anything."""
        if self.kind == "seated":
            return max((one.size for one in self.periods if one.span == use), default=0)
        return self.size

    @property
    def is_whole(self) -> bool:
        return any(share.leaf != self.id for share in self.shares)

    @property
    def capacities(self) -> tuple[int, ...]:
        """All that are known, stored ones only."""
        return tuple(one.capacity for one in (*self.shares, *self.periods) if one.capacity)

    def locked_for(self, demands: Iterable[Demand]) -> set[int]:
        """The capacities to lock for what is to be taken: of a whole its own besides, at which changes of it queue."""
        found = {demand.share.capacity for demand in demands if demand.share.capacity}
        if self.is_whole and self.standing is not None:
            found.add(self.standing)
        return found

    def demands(self, use: Span, units: int) -> tuple[Demand, ...]:
        """What `units` of it take during `use`, the turnover after it included; none where there is no such session.

        Of something metered the person's time, and of each month touched the real minutes of use.
        """
        if self.kind == "seated":
            return tuple(
                Demand(period, use, units) for period in self.periods if period.span == use
            )
        claimed = with_turnover(use, self.turnover)
        found = tuple(Demand(share, claimed, units * share.units) for share in self.shares)
        if self.kind != "metered":
            return found
        return (*found, *(self._minutes(month, use) for month in self.months(use)))

    def months(self, use: Span) -> list[Span]:
        """The owner's calendar months that `use` touches."""
        found = [local_month(use.start.astimezone(self.zone).date(), self.zone)]
        while found[-1].end < use.end:
            following = found[-1].end.astimezone(self.zone).date()
            found.append(local_month(following, self.zone))
        return found

    def month(self, month: Span) -> Share:
        """The hours of one of the owner's calendar months, whether or not anybody asked for it yet."""
        share = next((period for period in self.periods if period.span == month), None)
        return share or Share(0, self.id, "total", self.units * 60, span=month)

    def _minutes(self, month: Span, use: Span) -> Demand:
        part = use.meet(month) or use
        return Demand(self.month(month), part, int(part.length.total_seconds() // 60))

    def units_left(self, use: Span, taken: Iterable[Taken]) -> int:
        """How many units are free during all of `use` beside `taken`."""
        claims = list(taken)
        return min(
            (max(one.room(claims), 0) // one.units for one in self.demands(use, 1)), default=0
        )

    @property
    def turnover(self) -> timedelta:
        return timedelta(minutes=self.turnover_minutes)

    def seen_by(self, viewer: Viewer) -> bool:
        """The same rule as `sharing.querysets.resource_seen_by`, on what is already read."""
        if viewer.system or self.owner in viewer.roles:
            return True
        if self.state != "published" or self.owner_state != "active":
            return False
        return any(terms.may_see and terms.audience in viewer.seeing for terms in self.terms)

    def terms_to_ask(self, viewer: Viewer, day: date) -> Terms | None:
        """The narrowest terms by which the acting institution may ask for a use on `day` (local), or None."""
        best: tuple[tuple[int, int, int], Terms] | None = None
        for terms in self.terms:
            held = viewer.asking.get(terms.audience)
            if not terms.may_ask or held is None or not held.holds_on(day):
                continue
            key = (held.rank, -held.depth, terms.position)
            if best is None or key < best[0]:
                best = (key, terms)
        if best is None and viewer.acting_for == self.owner:
            return OWN_HOUSE
        return best[1] if best else None
