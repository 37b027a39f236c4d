"""Half-open spans of time and arithmetic on them. No Django here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` until `end` (exclusive), both aware. Never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs aware instants")
        if self.start >= self.end:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """Real time, also over a clock change."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def meet(self, other: Span) -> Span | None:
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def widen(self, *, before: timedelta = timedelta(0), after: timedelta = timedelta(0)) -> Span:
        return Span(self.start - before, self.end + after)

    def shift(self, by: timedelta) -> Span:
        return Span(self.start + by, self.end + by)


def enclosing(spans: Iterable[Span]) -> Span:
    """From the first start to the last end. Raises `ValueError` for none."""
    found = list(spans)
    return Span(min(one.start for one in found), max(one.end for one in found))


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, with touching and overlapping ones made one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            if span.end > result[-1].end:
                result[-1] = Span(result[-1].start, span.end)
        else:
            result.append(span)
    return result


def without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """What is left of `spans` (in order, disjoint) outside `holes`."""
    gaps = joined(holes)
    result: list[Span] = []
    for span in spans:
        start = span.start
        for gap in gaps:
            if gap.end <= start:
                continue
            if gap.start >= span.end:
                break
            if gap.start > start:
                result.append(Span(start, gap.start))
            start = max(start, gap.end)
        if start < span.end:
            result.append(Span(start, span.end))
    return result


def met(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """What is in both; each in order and disjoint."""
    first, second = list(left), list(right)
    result: list[Span] = []
    i = j = 0
    while i < len(first) and j < len(second):
        both = first[i].meet(second[j])
        if both is not None:
            result.append(both)
        if first[i].end <= second[j].end:
            i += 1
        else:
            j += 1
    return result


def with_turnover(use: Span, turnover: timedelta) -> Span:
    """What a use claims: itself and the turnover after it, as far as time goes."""
    return Span(use.start, max(use.end, min(use.end + turnover, LATEST - timedelta(minutes=1))))


@dataclass(frozen=True, slots=True)
class Load:
    """`units` taken during `span`."""

    span: Span
    units: int


def loads(claims: Iterable[Load], within: Span) -> list[Load]:
    """The sum of `claims` as steps that cover `within` without a gap, neighbours of equal load made one."""
    steps: dict[datetime, int] = {within.start: 0}
    for claim in claims:
        part = claim.span.meet(within)
        if part is not None:
            steps[part.start] = steps.get(part.start, 0) + claim.units
            steps[part.end] = steps.get(part.end, 0) - claim.units
    points = sorted(point for point in steps if point < within.end)
    result: list[Load] = []
    running = 0
    for point, end in zip(points, [*points[1:], within.end], strict=True):
        running += steps[point]
        if result and result[-1].units == running:
            result[-1] = Load(Span(result[-1].span.start, end), running)
        else:
            result.append(Load(Span(point, end), running))
    return result


def room_left(claims: Iterable[Load], within: Span, *, size: int, units: int) -> list[Load]:
    """As many of `units` as fit beside `claims` at each instant of `within`; where none do, nothing."""
    result: list[Load] = []
    for step in loads(claims, within):
        fit = min(units, size - step.units)
        last = result[-1] if result else None
        if last is not None and last.units == fit and last.span.end == step.span.start:
            result[-1] = Load(Span(last.span.start, step.span.end), fit)
        elif fit > 0:
            result.append(Load(step.span, fit))
    return result


def highest(many: Sequence[Sequence[Load]]) -> list[Load]:
    """At each instant the most of several rows of steps; each covers the same time in order without a gap."""
    if len(many) == 1:
        return list(many[0])
    points = sorted({step.span.start for steps in many for step in steps})
    end = many[0][-1].span.end
    where = [0] * len(many)
    result: list[Load] = []
    for point, until in zip(points, [*points[1:], end], strict=True):
        for row, steps in enumerate(many):
            while steps[where[row]].span.end <= point:
                where[row] += 1
        units = max(steps[where[row]].units for row, steps in enumerate(many))
        if result and result[-1].units == units:
            result[-1] = Load(Span(result[-1].span.start, until), units)
        else:
            result.append(Load(Span(point, until), units))
    return result


def looking_ahead(steps: Sequence[Load], within: Span, ahead: timedelta) -> list[Load]:
    """At each instant of `within` the most of `steps` from then until `ahead` later: what a use finds that must leave
    so long a turnover after it. `steps` cover `within` and `ahead` after it, in order without a gap."""
    if not ahead:
        return list(steps)
    starts = [step.span.start for step in steps]
    points = {within.start}
    for step in steps:
        points |= {
            p for p in (step.span.start - ahead, step.span.end) if within.start < p < within.end
        }
    ordered = sorted(points)
    result: list[Load] = []
    for point, end in zip(ordered, [*ordered[1:], within.end], strict=True):
        reached = steps[bisect_right(starts, point) - 1 : bisect_right(starts, point + ahead)]
        units = max(step.units for step in reached)
        if result and result[-1].units == units:
            result[-1] = Load(Span(result[-1].span.start, end), units)
        else:
            result.append(Load(Span(point, end), units))
    return result


def peak(claims: Iterable[Load], within: Span) -> int:
    """The most units taken at any instant of `within`."""
    return max((load.units for load in loads(claims, within)), default=0)


def wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a wall-clock minute of a local day; 1440 is the next day's midnight.

    A time that does not exist (spring gap) becomes the instant the gap ends at; of a time that exists twice, the
    first. For hours and rules only: what people type is parsed in `cooperative.timeparsing`, which asks back.
    """
    naive = datetime.combine(
        day + timedelta(days=minute // 1440), time(minute % 1440 // 60, minute % 60)
    )
    instant = naive.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == naive:
        return instant
    # In a gap: read with the offset after it the wall time lies before the change, with the one before it, after.
    low, high = naive.replace(tzinfo=zone, fold=1).astimezone(UTC), instant
    new_offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        if middle.astimezone(zone).utcoffset() == new_offset:
            high = middle
        else:
            low = middle
    return high


def offset_minutes(instant: datetime, zone: ZoneInfo) -> int:
    """How many minutes the clocks of `zone` are ahead of UTC at `instant`, by what is known of its law today."""
    offset = instant.astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def kept_on_the_wall(instant: datetime, offset: int, zone: ZoneInfo) -> datetime:
    """Where an instant (UTC) moves so that the clock shows what it showed at `offset` minutes ahead of UTC.

    It stays where the clock still shows that then. A time that does not exist any more becomes the end of the gap.
    """
    if offset_minutes(instant, zone) == offset:
        return instant
    shown = instant.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=offset)
    return wall(shown.date(), shown.hour * 60 + shown.minute, zone)


def local_day(day: date, zone: ZoneInfo) -> Span:
    """A local day as an instant span: 23, 24 or 25 hours."""
    return Span(wall(day, 0, zone), wall(day, 1440, zone))


def local_month(day: date, zone: ZoneInfo) -> Span:
    """The calendar month of a local day as an instant span."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Span(wall(first, 0, zone), wall(following, 0, zone))


def days_touched(span: Span, zone: ZoneInfo) -> list[date]:
    """The local days that `span` has a part in."""
    first = span.start.astimezone(zone).date()
    last = (span.end - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
