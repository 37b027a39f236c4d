"""What a resource is made of and comes with: what calls carry, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.serializers import ListSerializer

from bookings.queries.composition import Belonging
from bookings.services.composition.companions import MOST_COMPANIONS
from bookings.services.composition.parts import MOST_PARTS
from bookings.wishes import MOST_UNITS
from cooperative.api.fields import Body, Code, Uid, Whole
from sharing.models import CompanionKind

from .shown import title_of


class PartBody(Body):
    """So many of a resource."""

    resource = Uid(help_text="The `id` of a resource of the same owner.")
    units = Whole(min_value=1, max_value=MOST_UNITS, required=False, default=1)

    class Meta:
        ref_name = "NewPart"


class PartsBody(Body):
    """All parts, in order; none = it is a thing of its own."""

    parts: ListSerializer[Any] = ListSerializer(child=PartBody(), max_length=MOST_PARTS)

    class Meta:
        ref_name = "NewParts"


class CompanionBody(PartBody):
    """So many of a resource that another comes with."""

    kind = Code(
        CompanionKind.values,
        help_text="`only_with`: asked for along with it. `well_with`: offered beside it.",
    )

    class Meta:
        ref_name = "NewCompanion"


class CompanionsBody(Body):
    """All that it comes with, in order."""

    companions: ListSerializer[Any] = ListSerializer(
        child=CompanionBody(), max_length=MOST_COMPANIONS
    )

    class Meta:
        ref_name = "NewCompanions"


def _shown(one: Belonging) -> dict[str, Any]:
    return {
        "resource": one.resource,
        "title": title_of(one.titles, one.original),
        "units": one.units,
    }


def parts_shown(belongings: Iterable[Belonging]) -> dict[str, Any]:
    found = list(belongings)
    return {
        "parts": [_shown(one) for one in found if one.kind == "part"],
        "part_of": [_shown(one) for one in found if one.kind == "whole"],
    }


def companions_shown(belongings: Iterable[Belonging]) -> dict[str, Any]:
    return {
        "companions": [
            {**_shown(one), "kind": one.kind}
            for one in belongings
            if one.kind in CompanionKind.values
        ]
    }
