"""The time in which requests meet, drawn by the hour or by the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.queries.keeping import Asked
from frontend.components import Mark, Strip, Tick, TileKind, cut
from frontend.presenters.moments import day_label


def strip_of(group: list[Asked]) -> Strip | None:
    """The time in which they meet: what is asked, reserved and taken in it, by the hour or by the day."""
    zone = ZoneInfo(group[0].line.zone)
    start = min(one.line.use_starts_at for one in group).astimezone(zone)
    end = max(one.claimed.end for one in group).astimezone(zone)
    by_hour = end - start <= timedelta(hours=36)
    start = start.replace(minute=0, hour=start.hour if by_hour else 0)
    unit = 60 if by_hour else 1440
    minutes = -(-int((end - start).total_seconds()) // 60)
    count = -(-minutes // unit)
    if count > 120:
        return None
    edges = [start + timedelta(minutes=unit * index) for index in range(count + 1)]
    labels = [f"{edge:%H:%M}" if by_hour else day_label(edge.date()) for edge in edges]
    marks = [
        _mark(one.claimed.start, one.claimed.end, start, "asked", _("asked for")) for one in group
    ]
    for way in {id(way): way for one in group for way in one.in_way}.values():
        kind: TileKind = "taken" if way.until is None else "held"
        word = _("taken") if way.until is None else _("reserved for now")
        marks.append(_mark(way.span.start, way.span.end, start, kind, word))
    tiles = cut(
        [mark for mark in marks if mark.end > 0],
        minutes=count * unit,
        unit=unit,
        labels=labels,
        base="free",
        base_label=_("free"),
    )
    # On a phone more than a dozen numbers run into each other.
    apart = 1 if count <= 12 else 3 if count <= 36 else 12
    ticks = tuple(
        Tick(
            label=f"{edges[index].hour}" if by_hour else f"{edges[index].day}",
            span=min(apart, count - index),
        )
        for index in range(0, count, apart)
    )
    return Strip(label=_("The time in question"), tiles=tiles, ticks=ticks)


def _mark(starts: datetime, ends: datetime, origin: datetime, kind: TileKind, word: str) -> Mark:
    first = int((starts - origin).total_seconds() // 60)
    last = int((ends - origin).total_seconds() // 60)
    return Mark(start=max(first, 0), end=last, kind=kind, label=word)
