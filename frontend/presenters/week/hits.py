"""Who would give way to the owner's own use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from bookings.errors import is_today
from bookings.models import Line
from bookings.queries.keeping import Causes
from frontend.components import StateChip
from frontend.presenters.lines import booking_title, line_chip, units_label, when, who


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
