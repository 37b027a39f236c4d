"""What is free and when: the one entry that search, calendar, alternatives, API and feeds call. Two statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings.facts.demands import Share
from bookings.facts.resource import ResourceFacts
from bookings.opening import is_open_at, open_spans
from bookings.spans import Load, Span, highest, joined, loads, looking_ahead, met

from .claims import ClaimRow, live_claims
from .facts import facts_by_id

LONGEST_WINDOW = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class FreeSpan:
    """`units` could be used during all of `span` (UTC)."""

    span: Span
    units: int


@dataclass(frozen=True, slots=True)
class Availability:
    """`open`: the house's or desk's hours; `free`: where a use fits, its turnover already counted. In order."""

    open: tuple[Span, ...]
    free: tuple[FreeSpan, ...]

    def units_during(self, span: Span) -> int:
        """The units free during all of `span`; 0 where a part of it is not free at all."""
        least: int | None = None
        reached = span.start
        for free in self.free:
            if free.span.end <= reached:
                continue
            if free.span.start > reached:
                break
            least = free.units if least is None else min(least, free.units)
            reached = free.span.end
            if reached >= span.end:
                return least
        return 0


def free(resources: Collection[int], window: Span, *, now: datetime) -> dict[int, Availability]:
    """What is free of each resource (database ids) inside `window`, a span of *use*.

    Run-out holds are left out whether or not anybody cleared them. Not gated: callers pass what the viewer may see.
    """
    facts = facts_of(resources, window)
    claims = claims_of(facts.values(), window, now=now)
    return {
        resource.id: availability(resource, claims.get(resource.id, ()), window)
        for resource in facts.values()
    }


def facts_of(resources: Collection[int], window: Span) -> dict[int, ResourceFacts]:
    """Facts with the days off around `window`. One statement."""
    if not resources:
        return {}
    return facts_by_id(
        resources,
        since=(window.start - timedelta(days=1)).date(),
        until=(window.end + timedelta(days=2)).date(),
    )


def claims_of(
    facts: Collection[ResourceFacts], window: Span, *, now: datetime
) -> dict[int, tuple[ClaimRow, ...]]:
    """Live claims by resource id that matter to uses inside `window`. One statement, two where loans are overdue."""
    by_capacity: dict[int, list[int]] = {}
    for resource in facts:
        for capacity in resource.capacities:
            by_capacity.setdefault(capacity, []).append(resource.id)
    longest = max((resource.turnover for resource in facts), default=timedelta(0))
    found: dict[int, list[ClaimRow]] = {}
    for row in live_claims(list(by_capacity), window.widen(after=longest), now=now):
        for number in by_capacity[row.capacity]:
            found.setdefault(number, []).append(row)
    return {resource: tuple(rows) for resource, rows in found.items()}


def availability(resource: ResourceFacts, claims: Sequence[ClaimRow], window: Span) -> Availability:
    """The same for one resource, from what was read. Pure."""
    if resource.kind == "seated":
        return _sessions(resource, claims, window)
    hours = open_spans(resource, window)
    if resource.size == 0:
        return Availability(hours, ())
    # A use must end a turnover before the next one begins.
    reach = window.widen(after=resource.turnover)
    used = highest([_used(resource, share, claims, reach) for share in resource.shares])
    steps = looking_ahead(used, window, resource.turnover)
    spans = [
        FreeSpan(step.span, resource.size - step.units)
        for step in steps
        if step.units < resource.size
    ]
    if resource.handover == "none":
        spans = [
            FreeSpan(part, free_span.units)
            for free_span in spans
            for part in met([free_span.span], hours)
        ]
    return Availability(hours, tuple(spans))


def _used(
    resource: ResourceFacts, share: Share, claims: Sequence[ClaimRow], reach: Span
) -> list[Load]:
    """How many units of the resource are not to be had because of one of its shares, as steps over `reach`."""
    rows = [row for row in claims if row.capacity == share.capacity]
    if share.mode == "total":
        steps = [Load(reach, sum(row.units for row in rows))]
    else:
        steps = loads([Load(row.span, row.units) for row in rows], reach)
    return [
        Load(
            step.span,
            resource.size - min(max(share.size - step.units, 0) // share.units, resource.size),
        )
        for step in steps
    ]


def _sessions(resource: ResourceFacts, claims: Sequence[ClaimRow], window: Span) -> Availability:
    """Dates with seats: each whole, with the seats that are left; they may overlap each other."""
    found = [
        (period.span, resource.units_left(period.span, [row.taken() for row in claims]))
        for period in resource.periods
        if period.span is not None and window.contains(period.span)
    ]
    dates = joined(span for span, _left in found)
    return Availability(
        tuple(dates), tuple(FreeSpan(span, left) for span, left in sorted(found) if left)
    )


def units_free(resource: ResourceFacts, claims: Sequence[ClaimRow], use: Span) -> int:
    """How many units a use of exactly `use` could have: hours and days off, desk hours and turnover counted."""
    if resource.kind == "seated":
        # Who looks for a time finds the dates that lie in it.
        return max((one.units for one in _sessions(resource, claims, use).free), default=0)
    if resource.handover != "none":
        if not (
            is_open_at(resource, use.start, closing=False)
            and is_open_at(resource, use.end, closing=True)
        ):
            return 0
    elif not any(span.contains(use) for span in open_spans(resource, use)):
        return 0
    return resource.units_left(use, [row.taken() for row in claims])
