"""What is out of order in a house, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Block

from .listing import title_of
from .moments import day_label, moment_label
from .texts import pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRow:
    """`asks`: its owner is asked whether it still is so."""

    title: str
    url: str
    units: str
    until: str
    note: str
    photo: str
    action_url: str
    next: str
    asks: bool


def repair_rows(blocks: Iterable[Block], *, now: datetime, here: str) -> tuple[RepairRow, ...]:
    """`here` is where one comes back to."""
    return tuple(_row(block, now, here) for block in blocks)


def _row(block: Block, now: datetime, here: str) -> RepairRow:
    thing, zone = block.resource, ZoneInfo(block.zone)
    last = block.ends_at - timedelta(minutes=1)
    if block.review_on is not None:
        until = _("until further notice, asked again on %(day)s") % {
            "day": day_label(block.review_on)
        }
    elif last.astimezone(zone).date() == now.astimezone(zone).date():
        until = _("until the end of today")
    else:
        until = _("until %(moment)s") % {"moment": moment_label(block.ends_at, block.zone)}
    return RepairRow(
        title=title_of(thing),
        url=reverse("frontend:broken", args=[thing.uid]),
        units=f"{pieces(block.units)}" if thing.units > 1 else "",
        until=until,
        note=block.note,
        photo=reverse("frontend:repair-photo", args=[block.uid, 320]) if block.photo else "",
        action_url=reverse("frontend:repair", args=[block.uid]),
        next=here,
        asks=block.review_on is not None and block.review_on <= now.astimezone(zone).date(),
    )
