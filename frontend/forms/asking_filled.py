"""The ask form filled with what somebody wishes, as if they had typed it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.wishes import LineWish

from .wall_times import which_of_two


def filled_in(wish: LineWish, *, zone: ZoneInfo, fetched: bool) -> dict[str, str]:
    """The fields of `AskForm` that say the same as `wish`."""
    core_start, core_end = wish.starts_at.astimezone(zone), wish.ends_at.astimezone(zone)
    event = wish.event if fetched else None
    start = event.start.astimezone(zone) if event else core_start
    end = event.end.astimezone(zone) if event else core_end
    end_day, end_time = _ending(start, end)
    values = {
        "date": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "end": end_time,
        "units": str(wish.units),
        "start_offset": which_of_two(start) or which_of_two(core_start),
        "end_offset": which_of_two(end) or which_of_two(core_end),
    }
    if end_day != values["date"]:
        values["end_date"] = end_day
    if fetched:
        if core_start != start:
            values |= {"fetch_date": f"{core_start:%Y-%m-%d}", "fetch_time": f"{core_start:%H:%M}"}
        if core_end != end:
            values |= {"back_date": f"{core_end:%Y-%m-%d}", "back_time": f"{core_end:%H:%M}"}
    else:
        if wish.setup_minutes:
            values["setup"] = str(wish.setup_minutes)
        if wish.strike_minutes:
            values["strike"] = str(wish.strike_minutes)
    if wish.second_in_line:
        values["second_in_line"] = "on"
    if wish.waiting_list:
        values["waiting_list"] = "on"
    return values


def _ending(start: datetime, end: datetime) -> tuple[str, str]:
    """The day and time of an end; the midnight that ends the first day is its 24:00."""
    if (end.hour, end.minute) == (0, 0) and end.date() == start.date() + timedelta(days=1):
        return f"{start:%Y-%m-%d}", "24:00"
    return f"{end:%Y-%m-%d}", f"{end:%H:%M}"
