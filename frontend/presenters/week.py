"""A week as its owner sees it: what takes each hour, who, until when, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from bookings.errors import is_today
from bookings.models import Block, BlockKind, Line
from bookings.queries.keeping import Causes
from bookings.queries.timeline import TimeTile
from bookings.spans import Span, local_day
from bookings.states import FIRM, LineState
from frontend.components import (
    Action,
    DayMark,
    Mark,
    StateChip,
    Tick,
    Tile,
    Timeline,
    TimelineRow,
    WeekDay,
    WeekGrid,
    cut,
)
from frontend.forms.fields import clock_of

from .lines import (
    block_title,
    booking_title,
    contact,
    line_chip,
    units_label,
    when,
    who,
    written_words,
)
from .moments import due_label, long_day, span_label, week_label
from .texts import in_short
from .timetable import Hours, hours_for, minute_of, monday, word

FIELDS = {
    "date_field": "id_date",
    "start_field": "id_start",
    "end_date_field": "",
    "end_field": "id_end",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InWeek:
    """Something that takes time this week: what, who, when, until when it is only reserved, what can be done."""

    anchor: str
    title: str
    url: str
    who: str
    when: str
    units: str
    chip: StateChip
    until: str
    actions: tuple[Action, ...]
    order: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRow:
    """A booking in the way of the owner's own use; `keeps` of its `units` stay with it unless the owner says else."""

    uid: str
    title: str
    url: str
    who: str
    when: str
    chip: StateChip
    units: int
    keeps: int
    today: bool


def week_window(day: date, zone: ZoneInfo) -> Span:
    first = monday(day)
    return Span(local_day(first, zone).start, local_day(first + timedelta(days=6), zone).end)


def anchor_of(thing: Line | Block) -> str:
    return f"e-{thing.uid}"


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


def entries(causes: Causes, *, zone: ZoneInfo, now: datetime, here: str) -> list[InWeek]:
    """What is in the week, in order of time."""
    rows = [_of_line(line, now, here) for line in causes.lines.values()]
    rows += [_of_block(block, zone, here) for block in causes.blocks.values()]
    return sorted(rows, key=lambda row: (row.order, row.anchor))


def _of_line(line: Line, now: datetime, here: str) -> InWeek:
    actions: list[Action] = []
    if line.state in {LineState.HELD, LineState.ACCEPTED}:
        actions.append(
            Action(
                label=_("Let it go"),
                url=reverse("frontend:request-answer", args=[line.uid]),
                method="post",
                fields=(("action", "let_go"), ("next", here)),
            )
        )
    if line.state in {LineState.ASKED, LineState.HELD}:
        actions.append(Action(label=_("Answer"), url=f"{reverse('frontend:requests')}#r{line.uid}"))
    people = [who(line.booking), contact(line.booking), written_words(line.booking)]
    return InWeek(
        anchor=anchor_of(line),
        title=booking_title(line.booking),
        url=reverse("frontend:booking", args=[line.booking.uid]),
        who=" · ".join(dict.fromkeys(one for one in people if one)),
        when=when(line),
        units=units_label(line),
        chip=line_chip(line),
        until=due_label(line.expires_at, line.zone, now=now) if line.expires_at else "",
        actions=tuple(actions),
        order=line.use_starts_at,
    )


def _of_block(block: Block, zone: ZoneInfo, here: str) -> InWeek:
    return InWeek(
        anchor=anchor_of(block),
        title=block_title(block),
        url="",
        who="",
        when=span_label(block.starts_at, block.ends_at, zone),
        units="",
        chip=StateChip(state="closed", label=block.get_kind_display()),
        until="",
        actions=_removing(block, here),
        order=block.starts_at,
    )


def _removing(block: Block, here: str) -> tuple[Action, ...]:
    """Giving its time free; of what repeats this date, or it and all that follow."""
    one = Action(
        label=_("It was found") if block.kind == BlockKind.LOST else _("Remove"),
        url=here,
        method="post",
        fields=(("action", "remove"), ("block", str(block.uid))),
    )
    if block.series_id is None:
        return (one,)
    following = Action(
        label=_("Remove this and following"),
        url=here,
        method="post",
        fields=(("action", "remove_following"), ("block", str(block.uid))),
        kind="quiet",
    )
    return (one, following)


def hit_rows(
    lines: Sequence[Line],
    causes: Causes,
    *,
    now: datetime,
    others: Sequence[Line] = (),
    typed: Mapping[str, int] | None = None,
) -> tuple[HitRow, ...]:
    """The list that the owner sees before its own use takes the time: who would give way, then who else is there.

    `causes` has the rows with their bookings; `typed` is how many each keeps, as it was sent.
    """

    def row(line: Line, keeps: int) -> HitRow:
        read = causes.lines.get(line.pk, line)
        return HitRow(
            uid=str(read.uid),
            title=booking_title(read.booking),
            url=reverse("frontend:booking", args=[read.booking.uid]),
            who=who(read.booking),
            when=when(read) + (f" · {units}" if (units := units_label(read)) else ""),
            chip=line_chip(read),
            units=read.units,
            keeps=(typed or {}).get(str(read.uid), keeps),
            today=is_today(read, now),
        )

    return (*(row(line, 0) for line in lines), *(row(line, line.units) for line in others))


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
