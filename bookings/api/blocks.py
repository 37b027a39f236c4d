"""What owners take for themselves: what calls carry, and how it is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.serializers import ListSerializer

from bookings.models import Block, BlockKind, Line
from bookings.services.restoring import TakenBack
from bookings.wishes import MOST_UNITS
from cooperative.api.acting import InstitutionQuery
from cooperative.api.fields import Body, Code, Instant, Several, Text, Uid, Whole

from .bodies import optional_text
from .shown import instant


class BlocksQuery(InstitutionQuery):
    """Which blocks are listed; those to come where nothing is said."""

    starts_at = Instant(required=False, help_text="Only what ends after this; now if left out.")
    ends_at = Instant(required=False, help_text="Only what begins before this.")


class KeepsBody(Body):
    """A booking that goes on with fewer units."""

    line = Uid(help_text="The `id` of the line.")
    units = Whole(min_value=1, max_value=MOST_UNITS, help_text="How many it keeps.")

    class Meta:
        ref_name = "Keeps"


class EditBlockBody(Body):
    """Another time, title or number; what is left out stays."""

    starts_at = Instant(required=False)
    ends_at = Instant(required=False)
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False)
    title = Text(max_length=200, allow_blank=True, required=False)
    hit = Several(
        child=Uid(),
        max_length=500,
        required=False,
        help_text="Lines that give way. Left out: 409 `would_hit` tells who would.",
    )
    shrink: ListSerializer[Any] = ListSerializer(
        child=KeepsBody(),
        max_length=500,
        required=False,
        help_text="Lines that go on with fewer units. With it nobody gives way who is not in `hit`.",
    )

    class Meta:
        ref_name = "EditBlock"


class BlockBody(EditBlockBody):
    """Time that you take for yourself of one of your things."""

    starts_at = Instant()
    ends_at = Instant(help_text="Exclusive; at most 366 days after the start.")
    kind = Code(
        [kind for kind in BlockKind.values if kind != BlockKind.LOST],
        required=False,
        default=BlockKind.OWN_PROGRAMME.value,
    )
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False, help_text="All if left out.")
    title = optional_text(200)
    note = optional_text(5_000)

    class Meta:
        ref_name = "NewBlock"


def chosen(read: dict[str, Any]) -> dict[str, Any]:
    """What was read, with `hit` and `shrink` as the verbs take them."""
    found = dict(read)
    found["hit"] = tuple(read["hit"]) if "hit" in read else None
    keeps = read.get("shrink")
    found["shrink"] = None if keeps is None else {one["line"]: one["units"] for one in keeps}
    return found


def block_shown(block: Block, resource: UUID) -> dict[str, Any]:
    return {
        "id": block.uid,
        "resource": resource,
        "kind": block.kind,
        "starts_at": instant(block.starts_at, block.zone),
        "ends_at": instant(block.ends_at, block.zone),
        "units": block.units,
        "title": block.title,
        "note": block.note,
        "review_on": block.review_on,
    }


def taken_back_shown(done: TakenBack) -> dict[str, Any]:
    def uids(lines: tuple[Line, ...]) -> list[UUID]:
        return [line.uid for line in lines]

    return {"restored": uids(done.restored), "to_settle": uids(done.left)}
