"""The engine's tiles as strips, weeks, months and timelines, cut on the owner's wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.queries.timeline import TimeTile
from bookings.spans import Span, local_day
from frontend.components import (
    DayMark,
    Mark,
    MonthDay,
    MonthGrid,
    Strip,
    Tick,
    Tile,
    TileKind,
    WeekDay,
    WeekGrid,
    cut,
)
from frontend.forms.fields import clock_of
from frontend.presenters.moments import week_label
from frontend.presenters.when import day_of, month_of

DAY_START, DAY_END = 8 * 60, 22 * 60
PARTS = ((8 * 60, 12 * 60), (12 * 60, 17 * 60), (17 * 60, 22 * 60))
"""Morning, afternoon, evening: what a day of the month shows."""
NOTHING: Mapping[date, DayMark] = MappingProxyType({})


def word(kind: TileKind) -> str:
    """What a tile says of its time."""
    return {
        "free": pgettext("time", "free"),
        "some": pgettext("time", "partly free"),
        "asked": pgettext("time", "asked for"),
        "held": pgettext("time", "reserved for now"),
        "taken": pgettext("time", "taken"),
        "closed": pgettext("time", "closed"),
        "past": pgettext("time", "past"),
    }[kind]


def minute_of(instant: datetime, day: date, zone: ZoneInfo) -> int:
    """Wall-clock minutes from the midnight that begins `day`."""
    local = instant.astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute


@dataclass(frozen=True, slots=True)
class Hours:
    """The part of a day that is drawn, in whole hours from local midnight."""

    first: int = DAY_START
    last: int = DAY_END

    @property
    def ticks(self) -> tuple[Tick, ...]:
        return tuple(Tick(label=str(h)) for h in range(self.first // 60, self.last // 60))


def hours_for(tiles: Iterable[TimeTile], days: Sequence[date], zone: ZoneInfo) -> Hours:
    """8 to 22, and further where something begins or ends outside that in `days`."""
    first, last = DAY_START, DAY_END
    spans = [tile.span for tile in tiles if tile.kind != "closed"]
    for day in days:
        whole = local_day(day, zone)
        for span in spans:
            part = span.meet(whole)
            if part is None or part == whole:
                continue
            start, end = minute_of(part.start, day, zone), minute_of(part.end, day, zone)
            if start > 0:
                first = min(first, start // 60 * 60)
            if end < 1440:
                last = max(last, -(-end // 60) * 60)
    return Hours(first, last)


def day_tiles(
    tiles: Iterable[TimeTile],
    day: date,
    zone: ZoneInfo,
    *,
    hours: Hours,
    unit: int,
    now: datetime,
    counted: bool = False,
) -> tuple[Tile, ...]:
    """The tiles of one local day; `counted` writes how many units are free on them."""
    whole = local_day(day, zone)
    marks: list[Mark] = []
    for tile in tiles:
        part = tile.span.meet(whole)
        if part is not None:
            marks.append(_mark(tile, part, day, zone, hours, counted=counted))
    # What is free must not be drawn over by its neighbours; a later mark wins, so the free ones come first.
    marks.sort(key=lambda mark: mark.kind != "free")
    gone = minute_of(now, day, zone) - hours.first
    if gone > 0 and day <= now.astimezone(zone).date():
        marks.append(Mark(start=0, end=gone, kind="past", label=word("past")))
    labels = [clock_of(m) for m in range(hours.first, hours.last + 1, unit)]
    return cut(
        marks,
        minutes=hours.last - hours.first,
        unit=unit,
        labels=labels,
        base="closed",
        base_label=word("closed"),
    )


def _mark(
    tile: TimeTile, part: Span, day: date, zone: ZoneInfo, hours: Hours, *, counted: bool
) -> Mark:
    label, text = word(tile.kind), ""
    if tile.size > 1 and tile.kind in {"some", "asked"}:
        label = ngettext("%(free)s of %(all)s free", "%(free)s of %(all)s free", tile.units) % {
            "free": tile.units,
            "all": tile.size,
        }
        text = str(tile.units) if counted else ""
    if tile.mine:
        label = _("your request")
    return Mark(
        start=minute_of(part.start, day, zone) - hours.first,
        end=(minute_of(part.end, day, zone) or 1440) - hours.first,
        kind=tile.kind,
        label=label,
        text=text,
        mine=tile.mine,
    )


def day_strip(
    tiles: Sequence[TimeTile], day: date, zone: ZoneInfo, *, now: datetime, unit: int = 30
) -> Strip:
    """One day under a ruler of hours."""
    hours = hours_for(tiles, [day], zone)
    per_hour = 60 // unit
    return Strip(
        label=day_of(day),
        tiles=day_tiles(tiles, day, zone, hours=hours, unit=unit, now=now),
        ticks=tuple(Tick(label=tick.label, span=per_hour) for tick in hours.ticks),
    )


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_grid(
    tiles: Sequence[TimeTile],
    day: date,
    zone: ZoneInfo,
    *,
    now: datetime,
    fields: Mapping[str, str] | None = None,
    turn: tuple[str, str] = ("", ""),
    marks: Mapping[date, DayMark] = NOTHING,
) -> WeekGrid:
    """The week of `day`. `fields` are the ids of inputs that dragging fills; `turn` the addresses either side; `marks`
    the holidays by day."""
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
                label=day_of(one),
                short=f"{WEEKDAYS_ABBR[one.weekday()]} {one.day}",
                tiles=day_tiles(tiles, one, zone, hours=hours, unit=30, now=now, counted=True),
                today=one == today,
                mark=marks.get(one),
            )
            for one in days
        ),
        previous_url=turn[0],
        next_url=turn[1],
        **(fields or {}),
    )


def month_days(day: date) -> list[date]:
    """The days that the page of a month shows: whole weeks around it."""
    first = monday(day.replace(day=1))
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    weeks = -(-(following - first).days // 7)
    return [first + timedelta(days=n) for n in range(weeks * 7)]


def month_grid(
    tiles: Sequence[TimeTile],
    day: date,
    zone: ZoneInfo,
    *,
    now: datetime,
    urls: Mapping[date, str],
    turn: tuple[str, str] = ("", ""),
    marks: Mapping[date, DayMark] = NOTHING,
) -> MonthGrid:
    """The month of `day`; each day in three parts, `urls` are where its days lead, `marks` the holidays by day."""
    today = now.astimezone(zone).date()
    cells = [
        MonthDay(
            number=one.day,
            label=date_format(one, "j E Y"),
            url=urls.get(one, "") if one.month == day.month else "",
            today=one == today,
            outside=one.month != day.month,
            chosen=one == day,
            mark=marks.get(one) if one.month == day.month else None,
            tiles=_parts(tiles, one, zone, now) if one.month == day.month else (),
        )
        for one in month_days(day)
    ]
    return MonthGrid(
        caption=month_of(day),
        weekdays=tuple((str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in range(7)),
        weeks=tuple(tuple(cells[n : n + 7]) for n in range(0, len(cells), 7)),
        previous_url=turn[0],
        next_url=turn[1],
    )


def _parts(tiles: Sequence[TimeTile], day: date, zone: ZoneInfo, now: datetime) -> tuple[Tile, ...]:
    midnight = local_day(day, zone)
    here = [tile for tile in tiles if tile.span.overlaps(midnight)]
    names = (_("morning"), _("afternoon"), _("evening"))
    result = []
    for (start, end), name in zip(PARTS, names, strict=True):
        kinds: set[TileKind] = {
            tile.kind
            for tile in here
            if minute_of(tile.span.start, day, zone) < end
            and minute_of(tile.span.end, day, zone) > start
        }
        over = minute_of(now, day, zone) >= end
        kind: TileKind = "past" if over else _summed(kinds)
        result.append(Tile(kind=kind, label=word(kind), start_label=name, end_label=name))
    return tuple(result)


def _summed(kinds: Set[TileKind]) -> TileKind:
    """One kind for a stretch of several: never more free than it is."""
    open_kinds = kinds - {"closed"}
    if not open_kinds:
        return "closed"
    if len(open_kinds) == 1:
        return next(iter(open_kinds))
    if "asked" in open_kinds and open_kinds <= {"free", "some", "asked"}:
        return "asked"
    return "some" if open_kinds & {"free", "some", "asked"} else "taken"
