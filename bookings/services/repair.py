"""Out of order, and mended again: a repair that begins now, of as many as are broken.

Facts win: what it hits is told before anything is stored. A photo is stored first, so that it need not be sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.models import Block, BlockKind
from bookings.services.blocks import add_block, move_block, own_block, remove_block
from bookings.services.blocks.claiming import block_event
from bookings.spans import LONGEST, wall
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from cooperative.events.services import record
from cooperative.identifiers import new_uid
from sharing.pictures import re_encoded
from sharing.services.photos import remove_unknown, write_picture

from .restoring import TAKEN_BACK_WITHIN, TakenBack

FOLDER = "repairs"
REVIEW_AFTER = timedelta(days=14)


class Until(Enum):
    """How long something is out of order."""

    TODAY = "today"
    WEEK = "week"
    FURTHER = "further"
    """Until further notice: its owner is asked again after two weeks."""


def store_photo(data: bytes) -> str:
    """A picture of what is broken, re-encoded without metadata; its stem. Raises `PhotoRefused`."""
    picture = re_encoded(data)
    uid = new_uid()
    stem = f"{FOLDER}/{uid.hex[-2:]}/{uid}"
    write_picture(stem, picture)
    return stem


def out_of_order(
    *,
    by: Viewer,
    resource: UUID,
    zone: str,
    units: int = 1,
    until: Until = Until.WEEK,
    note: str = "",
    photo: str = "",
    hit: tuple[UUID, ...] | None = None,
    shrink: Mapping[UUID, int] | None = None,
) -> Block:
    """`units` of a thing are out of order from this minute on; `zone` is the thing's, `photo` from `store_photo`.

    Raises as `add_block`.
    """
    start = by.now.replace(second=0, microsecond=0)
    end, review = _end(start, until, zone)
    return add_block(
        by=by,
        resource=resource,
        starts_at=start,
        ends_at=end,
        kind=BlockKind.REPAIR,
        note=note,
        units=units,
        hit=hit,
        shrink=shrink,
        photo=photo,
        review_on=review,
    )


def _end(start: datetime, until: Until, zone: str) -> tuple[datetime, date | None]:
    """Local midnight of the last day; until further notice as long as a repair may be."""
    where = ZoneInfo(zone)
    today = start.astimezone(where).date()
    if until is Until.FURTHER:
        return start + LONGEST, today + REVIEW_AFTER
    days = 1 if until is Until.TODAY else 7
    return wall(today + timedelta(days=days), 0, where), None


def mended(*, by: Viewer, block: UUID) -> TakenBack:
    """It works again from this minute on. Within the hour it was a mistake, and who gave way has it again.

    Raises `NotFound`, `Forbidden`, `Invalid` (it is no repair).
    """
    found, _facts = own_block(by, block)
    if found.kind != BlockKind.REPAIR:
        raise Invalid({"block": _("This is not out of order.")})
    minute = by.now.replace(second=0, microsecond=0)
    if by.now - found.created_at < TAKEN_BACK_WITHIN or minute <= found.starts_at:
        return remove_block(by=by, block=block)
    if found.ends_at > minute:
        move_block(by=by, block=block, starts_at=found.starts_at, ends_at=minute, hit=())
    return TakenBack()


def still_broken(*, by: Viewer, block: UUID) -> Block:
    """Its owner looked, and it still is: to be looked at again after two weeks."""
    found, facts = own_block(by, block)
    found.review_on = by.now.astimezone(facts.zone).date() + REVIEW_AFTER
    found.version += 1
    with transaction.atomic():
        found.save(update_fields=["review_on", "version"])
        record([block_event("block.review", found, facts, by)], now=by.now)
    return found


def remove_orphans(*, now: datetime, older_than: timedelta = timedelta(hours=2)) -> int:
    """Delete pictures that no repair names: of reports that were not finished, or taken back; how many files."""
    known = set(Block.objects.exclude(photo="").values_list("photo", flat=True))
    return remove_unknown(FOLDER, known, now=now, older_than=older_than)
