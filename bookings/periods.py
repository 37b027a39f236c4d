"""A length wished for somewhere in a period, on certain days and hours of the owner's wall clock. No database here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .opening import open_spans
from .spans import Span, days_touched, loads, met, wall, without

if TYPE_CHECKING:
    from bookings.facts.ask import Ask

LONGEST_PERIOD = timedelta(days=92)
EVERY_DAY = 0b1111111


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many `minutes`, on `weekdays` (bit 0 = Monday, None = any) between two minutes of the owner's day (None = its
    beginning, its end). The period is the time of use of the line."""

    minutes: int
    weekdays: int | None = None
    from_minute: int | None = None
    until_minute: int | None = None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def any_time(self) -> bool:
        """Nothing is said of days and hours: nights count as well."""
        return self.weekdays in {None, EVERY_DAY} and not self.from_minute and self.until is None

    @property
    def until(self) -> int | None:
        return None if self.until_minute in {None, 24 * 60} else self.until_minute


def windows(ask: Ask, wanted: Wanted) -> Iterator[Span]:
    """The parts of the period that are still to come and fit its days and hours, in order, UTC."""
    period = Span(max(ask.use.start, ask.now), ask.use.end) if ask.use.end > ask.now else None
    if period is None:
        return
    if wanted.any_time:
        yield period
        return
    zone = ask.resource.zone
    for day in days_touched(period, zone):
        if not (wanted.weekdays or EVERY_DAY) >> day.weekday() & 1:
            continue
        start = wall(day, wanted.from_minute or 0, zone)
        end = wall(day, wanted.until or 24 * 60, zone)
        part = Span(start, end).meet(period) if start < end else None
        if part is not None:
            yield part


def stretches(ask: Ask, wanted: Wanted) -> list[Span]:
    """When it is open and as many as are asked for are free, as long as each lasts: times of use, in order, UTC."""
    resource = ask.resource
    found = met(windows(ask, wanted), open_spans(resource, ask.use))
    reach = ask.use.widen(after=resource.turnover)
    for demand in ask.demands:
        if demand.share.mode == "total":
            continue
        taken = [one.load for one in ask.taken if one.capacity == demand.share.capacity]
        full = [
            Span(step.span.start - resource.turnover, step.span.end)
            for step in loads(taken, reach)
            if step.units + demand.units > demand.share.size
        ]
        found = without(found, full)
    return found


def long_enough(spans: list[Span], wanted: Wanted) -> list[Span]:
    return [span for span in spans if span.length >= wanted.length]


def suggestions(spans: list[Span], wanted: Wanted, *, most: int) -> list[Span]:
    """Times of the length wished for at the beginning of free stretches, on different days first; at full quarters."""
    days: set[datetime] = set()
    first: list[Span] = []
    later: list[Span] = []
    for span in spans:
        start = span.start.replace(second=0, microsecond=0)
        if start < span.start:
            start += timedelta(minutes=1)
        start += timedelta(minutes=-start.minute % 15)
        if start + wanted.length > span.end:
            continue
        day = start.replace(hour=0, minute=0)
        (later if day in days else first).append(Span(start, start + wanted.length))
        days.add(day)
    return sorted([*first, *later][:most], key=lambda span: span.start)
