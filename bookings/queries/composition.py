"""What lies below and above a resource."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, F, Func, QuerySet

from bookings.models import Capacity
from cooperative.access.viewer import Viewer
from sharing.models import Companion, Resource, ResourcePart, ResourceText

_LEAVES = """
SELECT whole.id, leaf.capacity_id, leaf.units FROM unnest(%s::bigint[]) AS whole (id)
CROSS JOIN LATERAL resource_leaves(whole.id) AS leaf
"""


def leaves_of(resources: Collection[int]) -> dict[int, dict[int, int]]:
    """Resource -> standing capacity below it -> units that one of it takes. Database ids; one statement."""
    found: dict[int, dict[int, int]] = {number: {} for number in resources}
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [list(found)])
        for whole, capacity, units in cursor.fetchall():
            found[whole][capacity] = units
    return found


def wholes_of(resource: int) -> set[int]:
    """The resource and everything that it is a part of, at whatever depth. Database ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT resource_id FROM resource_wholes(%s)", [resource])
        return {row[0] for row in cursor.fetchall()}


class _Wholes(Func):
    function = "resource_wholes"
    output_field = BigIntegerField()
    set_returning = True


def things_on(capacities: Iterable[int]) -> QuerySet[Capacity, int]:
    """A subquery of the resources that take of these (database ids): the thing, its parts, what it is a part of, and
    what has a part in common with it."""
    mine = Capacity.objects.filter(pk__in=sorted(capacities))
    return mine.annotate(thing=_Wholes(F("resource"))).values_list("thing", flat=True)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Another resource with a number of it; `kind` = part | whole | only_with | well_with. `titles` by language.

    `seen` = the viewer may look it up; what is only told of has no page for them.
    """

    resource: UUID
    kind: str
    units: int
    titles: dict[str, str]
    original: str
    counted: bool = False
    seen: bool = True


def belongings_of(resource: Resource, *, viewer: Viewer) -> list[Belonging]:
    """What a resource is made of, what it is a part of, and what it comes with, as far as `viewer` may see it.

    What it comes *only* with is told to everybody who sees the resource: it is asked for along with it.
    """
    rows: list[tuple[int, str, int]] = [
        *((one.part_id, "part", one.units) for one in _parts(resource)),
        *(
            (number, "whole", 1)
            for number in ResourcePart.objects.filter(part=resource)
            .order_by("whole")
            .values_list("whole_id", flat=True)
        ),
        *(
            (one.companion_id, one.kind, one.units)
            for one in Companion.objects.filter(resource=resource).order_by("position", "pk")
        ),
    ]
    if not rows:
        return []
    ids = {number for number, _kind, _units in rows}
    told = {number for number, kind, _units in rows if kind in {"only_with", "part"}}
    seen = set(Resource.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    shown = {one.pk: one for one in Resource._base_manager.filter(pk__in=seen | told)}
    titles: dict[int, dict[str, str]] = {}
    original: dict[int, str] = {}
    for text in ResourceText._base_manager.filter(resource__in=list(shown)):
        titles.setdefault(text.resource_id, {})[text.language] = text.title
        if text.is_original:
            original[text.resource_id] = text.language
    return [
        Belonging(
            shown[number].uid,
            kind,
            units,
            titles.get(number, {}),
            original.get(number, "pl"),
            counted=shown[number].kind in {"pooled", "giveaway"},
            seen=number in seen,
        )
        for number, kind, units in rows
        if number in seen or number in told
    ]


def _parts(resource: Resource) -> Sequence[ResourcePart]:
    return list(ResourcePart.objects.filter(whole=resource).order_by("position", "pk"))


def tag_of_parts(resource: int) -> str:
    """The parts as they are now in one short word: a list made from another word is out of date. Database id."""
    rows = ResourcePart.objects.filter(whole=resource).order_by("position", "pk")
    return _tag(rows.values_list("part__uid", "units"))


def tag_of_companions(resource: int) -> str:
    """The same of what it comes with."""
    rows = Companion.objects.filter(resource=resource).order_by("position", "pk")
    return _tag(rows.values_list("companion__uid", "kind", "units"))


def _tag(rows: Iterable[tuple[Any, ...]]) -> str:
    said = "\n".join(" ".join(map(str, row)) for row in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:20]
