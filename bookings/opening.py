"""When something is open, on the owner's wall clock: a day off is closed, a changed day open as it says, any other
day as the week says. No database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookings.facts.hours import ChangedDay, DaysOff, WeeklyRow
from bookings.facts.resource import ResourceFacts

from .spans import Span, days_touched, joined, wall

LOOKED_AT = timedelta(days=14)
"""How far is looked for an opening: days off are read that far around a wish."""
AT_THE_DESK = timedelta(hours=2)
"""So long somebody may come before the desk closes, or after it opens."""


@lru_cache(maxsize=1024)
def opening(
    weekly: tuple[WeeklyRow, ...],
    days_off: tuple[DaysOff, ...],
    window: Span,
    zone: ZoneInfo,
    changed: tuple[ChangedDay, ...] = (),
) -> tuple[Span, ...]:
    """The open spans inside `window`, in order, UTC. Things of one house share the answer."""
    spans: list[Span] = []
    special = {one.day: one.times for one in changed}
    for day in days_touched(window, zone):
        if any(days.covers(day) for days in days_off):
            continue
        times = special.get(day)
        if times is None:
            times = tuple((row.opens, row.closes) for row in weekly if row.on(day))
        for opens, closes in times:
            start, end = wall(day, opens, zone), wall(day, closes, zone)
            part = Span(start, end).meet(window) if start < end else None
            if part is not None:
                spans.append(part)
    return tuple(joined(spans))


_WHOLE_WEEK = tuple(WeeklyRow(weekday, 0, 1440) for weekday in range(7))


def open_spans(resource: ResourceFacts, window: Span) -> tuple[Span, ...]:
    """When `resource` is open inside `window`. Without any weekly hours it is open on every day not off or changed."""
    always = resource.hours_source == "always"
    changed = () if always else resource.changed
    if always or not resource.weekly:
        if not resource.days_off and not changed:
            return (window,)
        return opening(_WHOLE_WEEK, resource.days_off, window, resource.zone, changed)
    return opening(resource.weekly, resource.days_off, window, resource.zone, changed)


def fits_hours(resource: ResourceFacts, use: Span) -> bool:
    """Whether it is open as a use needs it: rooms and people all the time, things when they are fetched and brought
    back. What has dates takes place when they are."""
    if resource.kind == "seated":
        return True
    if resource.handover == "none":
        return any(span.contains(use) for span in open_spans(resource, use))
    fetched = is_open_at(resource, use.start, closing=False)
    return fetched and is_open_at(resource, use.end, closing=True)


def is_open_at(resource: ResourceFacts, instant: datetime, *, closing: bool) -> bool:
    """Whether something can be fetched or brought at `instant`; `closing` counts the minute of closing too."""
    minute = timedelta(minutes=1)
    probe = Span(instant - minute, instant) if closing else Span(instant, instant + minute)
    return any(span.contains(probe) for span in open_spans(resource, probe))


@dataclass(frozen=True, slots=True)
class Fetching:
    """When something is fetched for an event and brought back after it. `use` is from the first minute of fetching to
    the last of bringing back; `fetch` and `back` are the hours of the desk, where the event's own end is outside them.
    """

    use: Span
    fetch: Span | None = None
    back: Span | None = None


def fetching(resource: ResourceFacts, event: Span) -> Fetching:
    """What its keeper's hours make of an event: the last time before it to fetch, the first after it to bring back."""
    fetch, back = _desk_before(resource, event.start), _desk_after(resource, event.end)
    starts = event.start if fetch is None else fetch.start
    ends = event.end if back is None else back.end
    return Fetching(Span(starts, ends), fetch, back)


def _desk_before(resource: ResourceFacts, instant: datetime) -> Span | None:
    """The last hours to fetch it before `instant`; None where the desk is open then, or was not for two weeks."""
    spans = open_spans(resource, Span(instant - LOOKED_AT, instant + timedelta(minutes=1)))
    if not spans or spans[-1].end > instant:
        return None
    last = spans[-1]
    return Span(max(last.start, last.end - AT_THE_DESK), last.end)


def _desk_after(resource: ResourceFacts, instant: datetime) -> Span | None:
    """The first hours to bring it back after `instant`; None where the desk is open then, or is not for two weeks."""
    spans = open_spans(resource, Span(instant - timedelta(minutes=1), instant + LOOKED_AT))
    if not spans or spans[0].start < instant:
        return None
    first = spans[0]
    return Span(first.start, min(first.end, first.start + AT_THE_DESK))


def fetched_by(resource: ResourceFacts, instant: datetime) -> datetime | None:
    """The last time until `instant` to fetch it; None where no desk was open for two weeks.

    Handing out at the very minute of closing helps nobody: then some time before, or at opening.
    """
    desk = _desk_before(resource, instant)
    if desk is not None:
        return desk.start
    return instant if is_open_at(resource, instant, closing=False) else None


def returned_from(resource: ResourceFacts, instant: datetime) -> datetime | None:
    """The first time from `instant` on to bring it back, with some time at the desk where it is closed then."""
    desk = _desk_after(resource, instant)
    if desk is not None:
        return desk.end
    return instant if is_open_at(resource, instant, closing=True) else None


def is_off(resource: ResourceFacts, instant: datetime) -> bool:
    """Whether that is a day off on the owner's calendar: a holiday, not only a day of the week without hours."""
    return _off(resource, instant.astimezone(resource.zone).date())


def _off(resource: ResourceFacts, day: date) -> bool:
    return any(days.covers(day) for days in (*resource.days_off, *resource.owner_off))


def working_day(resource: ResourceFacts, day: date) -> bool:
    """A day on which the owner is at work: open, or Monday to Friday where no hours are kept."""
    if _off(resource, day):
        return False
    if resource.hours_source == "always":
        return day.weekday() < 5
    if any(one.day == day for one in resource.changed):
        return True
    if not resource.weekly:
        return day.weekday() < 5
    return any(row.on(day) for row in resource.weekly)


def after_working_days(resource: ResourceFacts, since: datetime, count: int) -> datetime:
    """`since` and `count` of the owner's working days, at the same wall time (at most 60 days on)."""
    local = since.astimezone(resource.zone)
    day, left = local.date(), count
    for _step in range(60):
        day += timedelta(days=1)
        if working_day(resource, day):
            left -= 1
            if left == 0:
                break
    return wall(day, local.hour * 60 + local.minute, resource.zone)
