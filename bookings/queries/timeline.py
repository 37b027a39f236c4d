"""Rows of tiles: what the strip shows, from search result to door plan. Three statements whatever their number."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bookings.facts.demands import Share
from bookings.facts.resource import ResourceFacts
from bookings.models import Line
from bookings.opening import open_spans
from bookings.spans import Span, joined
from bookings.states import LineState
from cooperative.access.viewer import Viewer

from .availability import claims_of, facts_of
from .claims import ClaimRow

TileKind = Literal["free", "some", "asked", "held", "taken", "closed"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What lies under a tile; given to its owner, and to a borrower for their own lines. Database ids."""

    line: int | None
    block: int | None


@dataclass(frozen=True, slots=True)
class TimeTile:
    """One state during `span` (UTC). `units` are free; `some` = free in part; `mine` = the viewer's own request."""

    kind: TileKind
    span: Span
    units: int
    size: int
    causes: tuple[Cause, ...] = ()
    mine: bool = False


@dataclass(frozen=True, slots=True)
class _Mark:
    """What lies over some time; `capacity` None = a request, which takes nothing."""

    capacity: int | None
    span: Span
    units: int
    kind: Literal["asked", "held", "taken"]
    cause: Cause
    mine: bool


def timeline(
    resources: Collection[int], window: Span, *, viewer: Viewer
) -> dict[int, list[TimeTile]]:
    """The tiles of each resource (database ids that the viewer may see), covering `window` without a gap.

    Others' requests are no more than *held* and *taken* to a viewer; their causes are told to the owner's people.
    """
    facts = facts_of(resources, window)
    claims = claims_of(facts.values(), window, now=viewer.now)
    asked = _asked(facts.values(), window, viewer)
    return {
        resource.id: tiles(
            resource, claims.get(resource.id, ()), asked.get(resource.id, ()), window, viewer
        )
        for resource in facts.values()
    }


def _asked(facts: Iterable[ResourceFacts], window: Span, viewer: Viewer) -> dict[int, list[_Mark]]:
    found: dict[int, list[_Mark]] = {}
    lines = Line.objects.visible_to(viewer).filter(
        resource__in=[resource.id for resource in facts],
        state__in=[LineState.ASKED, LineState.TO_SETTLE],
        use_starts_at__lt=window.end,
        use_ends_at__gt=window.start,
        wanted_minutes__isnull=True,
    )
    for line in lines.only(
        "id", "resource_id", "units", "use_starts_at", "use_ends_at", "borrower_id"
    ):
        found.setdefault(line.resource_id, []).append(
            _Mark(
                None,
                Span(line.use_starts_at, line.use_ends_at),
                line.units,
                "asked",
                Cause(line.pk, None),
                line.borrower_id in viewer.roles,
            )
        )
    return found


def tiles(
    resource: ResourceFacts,
    claims: Iterable[ClaimRow],
    asked: Iterable[_Mark],
    window: Span,
    viewer: Viewer,
) -> list[TimeTile]:
    """The tiles of one resource, from what was read."""
    told = viewer.system or resource.owner in viewer.roles
    counted = {share.capacity for share in resource.shares}
    if resource.kind == "seated":
        counted = {period.capacity for period in resource.periods}
    marks = [
        _Mark(
            row.capacity,
            window if row.mode == "total" else row.span,
            row.units,
            "held" if row.expires_at is not None else "taken",
            Cause(row.line, row.block),
            False,
        )
        for row in claims
        if row.capacity in counted
    ]
    marks.extend(asked)
    hours = _hours(resource, window)
    points = {window.start, window.end}
    for span in (*hours, *(mark.span for mark in marks)):
        part = span.meet(window)
        if part is not None:
            points |= {part.start, part.end}
    ordered = sorted(points)
    result: list[TimeTile] = []
    coming = sorted(marks, key=lambda mark: mark.span.start, reverse=True)
    opening = list(reversed(hours))
    here: list[_Mark] = []
    for start, end in itertools.pairwise(ordered):
        span = Span(start, end)
        here = [mark for mark in here if mark.span.end > start]
        while coming and coming[-1].span.start < end:
            mark = coming.pop()
            if mark.span.end > start:
                here.append(mark)
        while opening and opening[-1].end <= start:
            opening.pop()
        is_open = bool(opening) and opening[-1].start < end
        tile = _tile(resource, here, span, is_open=is_open, told=told)
        last = result[-1] if result else None
        if last is not None and _alike(last, tile):
            result[-1] = TimeTile(
                last.kind, Span(last.span.start, end), last.units, last.size, last.causes, last.mine
            )
        else:
            result.append(tile)
    return result


def _alike(left: TimeTile, right: TimeTile) -> bool:
    return (left.kind, left.units, left.causes, left.mine) == (
        right.kind,
        right.units,
        right.causes,
        right.mine,
    )


def _hours(resource: ResourceFacts, window: Span) -> Sequence[Span]:
    if resource.kind == "seated":
        return joined(one.span for one in resource.periods if one.span is not None)
    return open_spans(resource, window) if resource.handover == "none" else (window,)


def _tile(
    resource: ResourceFacts, here: list[_Mark], span: Span, *, is_open: bool, told: bool
) -> TimeTile:
    size = firm = left = _size(resource, span)
    causes: tuple[Cause, ...] = ()
    mine = False
    if here:  # of most tiles nothing is taken
        taken = [mark for mark in here if mark.kind == "taken"]
        sure = [mark for mark in here if mark.kind != "asked"]
        firm = _units_left(resource, taken, span)
        left = firm if len(sure) == len(taken) else _units_left(resource, sure, span)
        causes = tuple(mark.cause for mark in here if told or mark.mine)
        mine = any(mark.mine for mark in here)
    kind: TileKind
    if not resource.bookable or size == 0:
        kind = "closed"
    elif firm == 0:
        kind = "taken"
    elif not is_open:
        kind = "closed" if left == size else "taken"
    elif left == 0:
        kind = "held"
    elif any(mark.kind == "asked" for mark in here):
        kind = "asked"
    elif left < size:
        kind = "some"
    else:
        kind = "free"
    return TimeTile(kind, span, left if is_open else 0, size, causes, mine)


def _shares_at(resource: ResourceFacts, span: Span) -> Sequence[Share]:
    if resource.kind != "seated":
        return resource.shares
    return [one for one in resource.periods if one.span is not None and one.span.overlaps(span)]


def _size(resource: ResourceFacts, span: Span) -> int:
    if resource.kind != "seated":
        return resource.size
    return sum(share.size for share in _shares_at(resource, span))


def _units_left(resource: ResourceFacts, marks: Iterable[_Mark], span: Span) -> int:
    """What is left of every share under the marks; of dates that overlap, the seats of all."""
    used: Counter[int] = Counter()
    for mark in marks:
        if mark.capacity is not None:
            used[mark.capacity] += mark.units
    left = [
        max(share.size - used[share.capacity], 0) // share.units
        for share in _shares_at(resource, span)
    ]
    return sum(left) if resource.kind == "seated" else min(left, default=0)
