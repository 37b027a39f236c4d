"""All things of a house under one ruler of seven days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR

from bookings.queries.timeline import TimeTile
from bookings.spans import local_day
from frontend.components import Mark, Tick, Tile, Timeline, TimelineRow, cut
from frontend.forms.fields import clock_of
from frontend.presenters.moments import week_label
from frontend.presenters.timetable import Hours, minute_of, monday, word


# --- all our things ----------------------------------------------------------------------------------
def all_weeks(
    things: Mapping[int, tuple[str, str, str, str]],
    tiles: Mapping[int, Sequence[TimeTile]],
    day: date,
    zone: ZoneInfo,
) -> Timeline:
    """Rows of (title, subtitle, url, where dragging leads) by resource id under one ruler of seven days, 8 to 22 each,
    by the hour."""
    days = [monday(day) + timedelta(days=n) for n in range(7)]
    hours = Hours()
    per_day = (hours.last - hours.first) // 60
    labels = [clock_of(m) for m in range(hours.first, hours.last + 1, 60)]
    rows = []
    for resource, (title, subtitle, url, pick) in things.items():
        row: list[Tile] = []
        for one in days:
            name = f"{WEEKDAYS_ABBR[one.weekday()]} "
            row += cut(
                _plain(tiles.get(resource, ()), one, zone, hours),
                minutes=hours.last - hours.first,
                unit=60,
                labels=[name + label for label in labels],
                base="closed",
                base_label=word("closed"),
            )
        rows.append(
            TimelineRow(title=title, subtitle=subtitle, url=url, tiles=tuple(row), pick_url=pick)
        )
    return Timeline(
        caption=week_label(days[0]),
        ticks=tuple(
            Tick(label=f"{WEEKDAYS_ABBR[one.weekday()]} {one.day}", span=per_day) for one in days
        ),
        rows=tuple(rows),
        days=tuple(one.isoformat() for one in days),
        first_minute=hours.first,
        last_minute=hours.last,
    )


def _plain(tiles: Sequence[TimeTile], day: date, zone: ZoneInfo, hours: Hours) -> list[Mark]:
    whole = local_day(day, zone)
    marks = []
    for tile in tiles:
        part = tile.span.meet(whole)
        if part is not None:
            marks.append(
                Mark(
                    start=minute_of(part.start, day, zone) - hours.first,
                    end=(minute_of(part.end, day, zone) or 1440) - hours.first,
                    kind=tile.kind,
                    label=word(tile.kind),
                )
            )
    marks.sort(key=lambda mark: mark.kind != "free")
    return marks
