"""The week of one thing, with what takes each hour written on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from bookings.models import Block, Line
from bookings.queries.keeping import Causes
from bookings.queries.timeline import TimeTile
from bookings.spans import Span, local_day
from bookings.states import FIRM
from frontend.components import DayMark, Mark, Tile, WeekDay, WeekGrid, cut
from frontend.forms.fields import clock_of
from frontend.presenters.lines import block_title, booking_title
from frontend.presenters.moments import long_day, week_label
from frontend.presenters.texts import in_short
from frontend.presenters.timetable import Hours, hours_for, minute_of, monday, word

from .entries import anchor_of

FIELDS = {
    "date_field": "id_date",
    "start_field": "id_start",
    "end_date_field": "",
    "end_field": "id_end",
}


def week_window(day: date, zone: ZoneInfo) -> Span:
    first = monday(day)
    return Span(local_day(first, zone).start, local_day(first + timedelta(days=6), zone).end)


def own_week(
    tiles: Sequence[TimeTile],
    day: date,
    zone: ZoneInfo,
    *,
    now: datetime,
    causes: Causes,
    turn: tuple[str, str],
    marks: Mapping[date, DayMark],
) -> WeekGrid:
    """The week with what blocks each tile written on it; dragging fills the form beside it."""
    days = [monday(day) + timedelta(days=n) for n in range(7)]
    hours = hours_for(tiles, days, zone)
    today = now.astimezone(zone).date()
    return WeekGrid(
        caption=week_label(days[0]),
        hours=hours.ticks,
        first_minute=hours.first,
        last_minute=hours.last,
        step=15,
        days=tuple(
            WeekDay(
                date=one.isoformat(),
                label=long_day(one),
                short=f"{WEEKDAYS_ABBR[one.weekday()]} {one.day}",
                tiles=_day(tiles, one, zone, hours, causes),
                today=one == today,
                mark=marks.get(one),
            )
            for one in days
        ),
        previous_url=turn[0],
        next_url=turn[1],
        **FIELDS,
    )


def _day(
    tiles: Sequence[TimeTile], day: date, zone: ZoneInfo, hours: Hours, causes: Causes
) -> tuple[Tile, ...]:
    whole = local_day(day, zone)
    marks: list[Mark] = []
    for tile in tiles:
        part = tile.span.meet(whole)
        if part is None:
            continue
        names, url = _names(tile, causes)
        counted = _("%(free)s of %(all)s free") % {"free": tile.units, "all": tile.size}
        label = word(tile.kind) if tile.size <= 1 or tile.kind == "closed" else counted
        marks.append(
            Mark(
                start=minute_of(part.start, day, zone) - hours.first,
                end=(minute_of(part.end, day, zone) or 1440) - hours.first,
                kind=tile.kind,
                label=f"{label}: {names}" if names else label,
                text=names if tile.kind not in {"free", "closed"} or names else "",
                url=url,
            )
        )
    marks.sort(key=lambda mark: mark.kind != "free")
    labels = [clock_of(m) for m in range(hours.first, hours.last + 1, 15)]
    return cut(
        marks,
        minutes=hours.last - hours.first,
        unit=15,
        labels=labels,
        base="closed",
        base_label=word("closed"),
    )


def _names(tile: TimeTile, causes: Causes) -> tuple[str, str]:
    found: list[Line | Block] = []
    for cause in tile.causes:
        thing = causes.lines.get(cause.line or 0) or causes.blocks.get(cause.block or 0)
        if thing is not None:
            found.append(thing)
    # What has the time is named before what only asks for it.
    found.sort(key=lambda one: isinstance(one, Line) and one.state not in FIRM)
    names = [
        block_title(one) if isinstance(one, Block) else booking_title(one.booking) for one in found
    ]
    return ", ".join(in_short(names, most=2)), f"#{anchor_of(found[0])}" if found else ""
