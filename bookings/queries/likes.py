"""Things like another: of its category and kind, the most alike and nearest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import acos, cos, radians, sin
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce

from bookings.facts.resource import ResourceFacts
from cooperative.access.viewer import Viewer
from sharing.models import Resource

READ = 300
LOOKED_AT = 60
ACCESS = frozenset({"step-free", "step-free-stay", "wheelchair-toilet", "lift"})
"""Attributes that somebody may depend on: they count before all others."""
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Like:
    """A thing like another (database id): `km` from it, null = unknown; `access`, `shared` = attributes it has too."""

    id: int
    own: bool
    km: float | None
    access: int
    shared: int
    fee: bool
    """Whether its owner takes money for it."""

    @property
    def key(self) -> tuple[bool, int, int, float, bool, int]:
        """Other owners first; then access, attributes, distance, terms."""
        far = EARTH_KM * 4 if self.km is None else self.km
        return (self.own, -self.access, -self.shared, far, self.fee, self.id)


def likes_of(resource: ResourceFacts, *, viewer: Viewer, own_alone: bool = False) -> list[Like]:
    """Published things of the same category and kind that `viewer` may see, the most alike first; with `own_alone`
    those of the same owner. One statement."""
    alike = Resource.objects.visible_to(viewer).filter(
        category__code=resource.category, kind=resource.kind, state="published"
    )
    rows = list(
        (alike.filter(owner=resource.owner) if own_alone else alike)
        .annotate(
            at_latitude=Coalesce("latitude", F("owner__latitude")),
            at_longitude=Coalesce("longitude", F("owner__longitude")),
        )
        .annotate(itself=ExpressionWrapper(Q(pk=resource.id), output_field=BooleanField()))
        .order_by("-itself", "sort_key", "pk")
        .values_list("pk", "owner_id", "attributes", "at_latitude", "at_longitude")[:READ]
    )
    mine = next((row for row in rows if row[0] == resource.id), None)
    place = (mine[3], mine[4]) if mine is not None else (None, None)
    wanted: Mapping[str, Any] = mine[2] if mine is not None else {}
    found = [
        Like(
            id=number,
            own=owner == resource.owner,
            km=_km(place, (latitude, longitude)),
            access=_same(wanted, attributes, access=True),
            shared=_same(wanted, attributes, access=False),
            fee=False,
        )
        for number, owner, attributes, latitude, longitude in rows
        if number != resource.id
    ]
    return sorted(found, key=lambda like: like.key)[:LOOKED_AT]


def _same(wanted: Mapping[str, Any], there: Mapping[str, Any], *, access: bool) -> int:
    """How many of the wanted attributes are so there too; a larger number will do as well."""
    count = 0
    for code, value in wanted.items():
        if (code in ACCESS) != access or code not in there:
            continue
        other = there[code]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        larger = number and isinstance(other, int | float) and other >= value
        count += int(larger or other == value)
    return count


def _km(
    here: tuple[float | None, float | None], there: tuple[float | None, float | None]
) -> float | None:
    """Great circle between two (latitude, longitude) in degrees; None where one is unknown."""
    (a, b), (c, d) = here, there
    if a is None or b is None or c is None or d is None:
        return None
    first, second = radians(a), radians(c)
    cosine = sin(first) * sin(second) + cos(first) * cos(second) * cos(radians(b) - radians(d))
    return EARTH_KM * acos(max(-1.0, min(1.0, cosine)))
