"""What rules judge by, as values read once. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cooperative.access.viewer import Viewer

from .spans import Load, Span, with_turnover


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
class Terms:
    """Sharing terms as the rules read them; field names as in `sharing.SharingTerms`."""

    uid: str
    audience: int
    position: int
    may_see: bool
    may_ask: bool
    at_once: bool
    ask_anyway: bool
    notice_minutes: int | None
    horizon_days: int | None
    shortest_minutes: int | None
    longest_minutes: int | None
    step_minutes: int | None
    agreed: Mapping[str, Any] = field(default_factory=dict)
    """Fees, deposit, conditions: frozen on the line, judged by nobody."""


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
    capacity: int | None
    mode: str
    size: int
    asked_before: tuple[AskedBefore, ...] = ()
    """By the institution that asks now, with the same start; read only where a form asks `once`."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def standing(self) -> int:
        """The id of its standing capacity, where the rules have said that there is one."""
        if self.capacity is None:
            raise LookupError(f"resource {self.uid} has no standing capacity")
        return self.capacity

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


OWN_HOUSE = Terms("", 0, 0, True, True, False, True, None, None, None, None, None)
"""A house may always ask for its own things."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A live claim that is in the way: until when, and whether it is only a hold."""

    load: Load
    hold_until: datetime | None
    cause: str
    line: int | None
    booking: int | None
    block: int | None = None


@dataclass(frozen=True, slots=True)
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
    """Live claims of others on the capacity, in time around `claimed`."""
    open_holds: int = 0
    """Holds that the borrower has already, this request's earlier lines included."""
    seen: bool = True
    """Whether the borrower may see the resource now: what an owner's yes is judged by, instead of the terms."""

    @property
    def claimed(self) -> Span:
        return with_turnover(self.use, self.resource.turnover)

    @property
    def policy(self) -> str:
        """at_once | keep_first | owner_chooses"""
        if self.terms is not None and self.terms.at_once:
            return "at_once"
        return self.resource.answering
