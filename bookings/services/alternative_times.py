"""Times near the one that was wished for: fitted to the desk's hours, on the same day, on days around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.facts.resource import ResourceFacts
from bookings.opening import fetched_by, returned_from
from bookings.reasons import Reason
from bookings.spans import wall
from bookings.wishes import LineWish

DAYS_AROUND = 14
SAME_DAY_STEP = timedelta(minutes=30)
SAME_DAY_SHIFTS = 12


def times_near(
    wish: LineWish, resource: ResourceFacts, reasons: Sequence[Reason] = ()
) -> list[LineWish]:
    """The wish at other times, nearest first; any time of its own day is nearer than another day. `reasons` tell of
    days farther away from which on it may be asked for."""
    if resource.kind == "seated":
        return _dates_near(wish, resource)
    found: list[tuple[timedelta, LineWish]] = []
    fitted = fit_to_desk(resource, wish)
    if fitted is not None:
        found.append((timedelta(0), fitted))
    for step in range(1, SAME_DAY_SHIFTS + 1):
        for sign in (1, -1):
            shift = SAME_DAY_STEP * step * sign
            moved = _moved(wish, shift)
            same_day = (
                moved.starts_at.astimezone(resource.zone).date()
                == wish.starts_at.astimezone(resource.zone).date()
            )
            if same_day:
                found.append((abs(shift), moved))
    days = [n * sign for n in range(1, DAYS_AROUND + 1) for sign in (1, -1)]
    for reason in reasons:
        earliest = (reason.relax or {}).get("starts_at")
        if earliest:
            first = datetime.fromisoformat(earliest).astimezone(resource.zone).date()
            gap = (first - wish.starts_at.astimezone(resource.zone).date()).days
            days.extend(gap + n for n in range(8) if gap + n > DAYS_AROUND)
    for number in days:
        moved_days = _moved_days(wish, number, resource.zone)
        if moved_days is not None:
            # A day away is farther than any time on the same day.
            found.append((timedelta(days=abs(number)), moved_days))
    found.sort(key=lambda pair: pair[0])
    return [wish for _distance, wish in found]


def _moved(wish: LineWish, by: timedelta) -> LineWish:
    return replace(
        wish,
        starts_at=wish.starts_at + by,
        ends_at=wish.ends_at + by,
        event_starts_at=wish.event_starts_at + by if wish.event_starts_at else None,
        event_ends_at=wish.event_ends_at + by if wish.event_ends_at else None,
    )


def _moved_days(wish: LineWish, days: int, zone: ZoneInfo) -> LineWish | None:
    """The same wall-clock times, `days` later; None where that cannot be."""

    def on_wall(instant: datetime) -> datetime:
        local = instant.astimezone(zone)
        return wall(local.date() + timedelta(days=days), local.hour * 60 + local.minute, zone)

    try:
        moved = replace(
            wish,
            starts_at=on_wall(wish.starts_at),
            ends_at=on_wall(wish.ends_at),
            event_starts_at=on_wall(wish.event_starts_at) if wish.event_starts_at else None,
            event_ends_at=on_wall(wish.event_ends_at) if wish.event_ends_at else None,
        )
        return moved if moved.use.contains(moved.event) else None
    except (ValueError, OverflowError):
        return None


def fit_to_desk(resource: ResourceFacts, wish: LineWish) -> LineWish | None:
    """For things that are fetched: the last hand-out before the event and the first take-back after it.

    None where nothing is handed over, or where the times fit already, or no desk is open within two weeks.
    """
    if resource.handover == "none":
        return None
    event = wish.event
    starts = fetched_by(resource, event.start)
    ends = returned_from(resource, event.end)
    if starts is None or ends is None:
        return None
    if (starts, ends) == (wish.use.start, wish.use.end):
        return None
    return replace(
        wish,
        starts_at=starts,
        ends_at=ends,
        event_starts_at=event.start,
        event_ends_at=event.end,
        setup_minutes=0,
        strike_minutes=0,
    )


def _dates_near(wish: LineWish, resource: ResourceFacts) -> list[LineWish]:
    """The dates that there are, nearest first."""
    spans = [period.span for period in resource.periods if period.span is not None]
    spans.sort(key=lambda span: (abs(span.start - wish.starts_at), span.start))
    return [
        replace(
            wish,
            starts_at=span.start,
            ends_at=span.end,
            event_starts_at=None,
            event_ends_at=None,
            setup_minutes=0,
            strike_minutes=0,
        )
        for span in spans
    ]
