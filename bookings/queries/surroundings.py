"""Where one looks from: the networks around the institution acted for, nearest first, and its place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cooperative.access.models import Audience
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`networks` = (uid, name), the narrowest first; `place` = WGS 84 (latitude, longitude), None if unknown."""

    networks: tuple[tuple[UUID, str], ...] = ()
    place: tuple[float, float] | None = None


def surroundings(viewer: Viewer) -> Surroundings:
    """Two statements; none for who acts for nobody."""
    if viewer.acting_for is None:
        return Surroundings()
    today = viewer.now.date()
    depths = {
        one.audience: one.depth
        for one in viewer.asking.values()
        if one.kind == "network" and one.holds_on(today)
    }
    audiences = Audience.objects.filter(pk__in=list(depths)).select_related("network")
    nearest = sorted(audiences, key=lambda one: -depths[one.pk])
    house = Institution.objects.only("latitude", "longitude").get(pk=viewer.acting_for)
    place = None
    if house.latitude is not None and house.longitude is not None:
        place = (house.latitude, house.longitude)
    return Surroundings(
        tuple((one.network.uid, one.network.name) for one in nearest if one.network is not None),
        place,
    )
