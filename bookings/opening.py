"""When something is open: weekly hours less days off, on the owner's wall clock. No database here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .facts import DaysOff, ResourceFacts, WeeklyRow
from .spans import Span, days_touched, joined, wall


@lru_cache(maxsize=1024)
def opening(
    weekly: tuple[WeeklyRow, ...], days_off: tuple[DaysOff, ...], window: Span, zone: ZoneInfo
) -> tuple[Span, ...]:
    """The open spans inside `window`, in order, UTC. Things of one house share the answer."""
    spans: list[Span] = []
    for day in days_touched(window, zone):
        if any(days.covers(day) for days in days_off):
            continue
        for row in weekly:
            if row.on(day):
                start, end = wall(day, row.opens, zone), wall(day, row.closes, zone)
                part = Span(start, end).meet(window) if start < end else None
                if part is not None:
                    spans.append(part)
    return tuple(joined(spans))


_WHOLE_WEEK = tuple(WeeklyRow(weekday, 0, 1440) for weekday in range(7))


def open_spans(resource: ResourceFacts, window: Span) -> tuple[Span, ...]:
    """When `resource` is open inside `window`. Without any weekly hours it is open on every day not off."""
    if resource.hours_source == "always" or not resource.weekly:
        if not resource.days_off:
            return (window,)
        return opening(_WHOLE_WEEK, resource.days_off, window, resource.zone)
    return opening(resource.weekly, resource.days_off, window, resource.zone)


def is_open_at(resource: ResourceFacts, instant: datetime, *, closing: bool) -> bool:
    """Whether something can be fetched or brought at `instant`; `closing` counts the minute of closing too."""
    minute = timedelta(minutes=1)
    probe = Span(instant - minute, instant) if closing else Span(instant, instant + minute)
    return any(span.contains(probe) for span in open_spans(resource, probe))


def working_day(resource: ResourceFacts, day: date) -> bool:
    """A day on which the owner is at work: open, or Monday to Friday where no hours are kept."""
    if any(days.covers(day) for days in resource.days_off):
        return False
    if resource.hours_source == "always" or not resource.weekly:
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
