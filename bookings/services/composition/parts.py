"""Saying what a thing is made of: what can be a part is checked before anything is locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.facts.resource import ResourceFacts
from bookings.models import Capacity, Composition
from bookings.queries.composition import leaves_of, tag_of_parts, wholes_of
from bookings.queries.facts import facts_by_uid
from bookings.services.blocks import own_thing
from bookings.services.commit import DoesNotFit, commit
from bookings.spans import Span
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid, Sentence, Stale
from cooperative.transactions import run_again
from sharing.models import ResourceState

from .parts_plan import PartsPlan

MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class PartWish:
    """`units` of a resource (public id)."""

    resource: UUID
    units: int = 1


def change_parts(
    *, by: Viewer, resource: UUID, parts: Sequence[PartWish], seen: str | None = None
) -> None:
    """Say what a thing is made of, at whatever depth; no parts = it is a thing of its own again.

    What is promised of it from now on is claimed of its new leaves in the same commit. `seen` is the `tag_of_parts`
    that this list was made from, None = whatever there is. Raises `WouldHit` with the bookings that do not fit then,
    `Invalid` (another house's, a circle, one thing twice, more than there are), `Stale`, `Forbidden`,
    `UnknownResource`.
    """

    def store() -> None:
        with transaction.atomic():
            whole = own_thing(by, resource, [Span(by.now, by.now + timedelta(days=1))])
            _queue_up(whole.owner)
            if seen is not None and seen != tag_of_parts(whole.id):
                raise Stale
            commit(_plan(by, resource, parts), now=by.now, by=by)

    try:
        run_again(store)
    except DoesNotFit:
        raise Conflict(_("Somebody was quicker. Please look again.")) from None


def _queue_up(house: int) -> None:
    """Writers of one house's parts come one after another, before any locks a capacity: as the trigger has it."""
    Composition.objects.bulk_create([Composition(owner_id=house)], ignore_conflicts=True)
    Composition.objects.select_for_update().get(pk=house)


def _plan(by: Viewer, resource: UUID, parts: Sequence[PartWish]) -> PartsPlan:
    whole = own_thing(by, resource, [Span(by.now, by.now + timedelta(days=1))])
    found = _checked(by, whole, parts)
    if whole.kind != "exclusive":
        raise Invalid({"parts": _("Only what is used one at a time can be made of parts.")})
    wished = {found[wish.resource].id: wish.units for wish in parts}
    affected = frozenset(wholes_of(whole.id))
    _refuse_circles(found, affected)
    leaves = leaves_of([*affected, *wished])
    _refuse_doubles(wished, leaves)
    below = {capacity for found_there in leaves.values() for capacity in found_there}
    own = Capacity.objects.filter(resource__in=affected, span=None).values_list("pk", flat=True)
    return PartsPlan(whole, wished, by, affected, frozenset(below.union(own)))


def _checked(
    by: Viewer, whole: ResourceFacts, parts: Sequence[PartWish]
) -> dict[UUID, ResourceFacts]:
    errors: dict[str, Sentence | list[Sentence]] = {}
    if len(parts) > MOST_PARTS:
        raise Invalid({"parts": _("At most 50 parts fit here.")})
    today = by.now.date()
    found = facts_by_uid(
        {wish.resource for wish in parts}, since=today, until=today + timedelta(days=1)
    )
    seen: set[UUID] = set()
    for index, wish in enumerate(parts):
        part = found.get(wish.resource)
        if part is None or part.owner != whole.owner or not part.seen_by(by):
            errors[f"parts.{index}.resource"] = _("Only what is yours can be a part of it.")
        elif part.kind not in {"exclusive", "pooled"}:
            errors[f"parts.{index}.resource"] = _("A part is a thing, or a number of things.")
        elif part.state in {ResourceState.SUSPENDED, ResourceState.WITHDRAWN}:
            errors[f"parts.{index}.resource"] = _("It is not offered at present.")
        elif wish.resource in seen:
            errors[f"parts.{index}.resource"] = _("It is named twice.")
        elif not 1 <= wish.units <= max(part.size, 1):
            errors[f"parts.{index}.units"] = _("There are not so many.")
        seen.add(wish.resource)
    if errors:
        raise Invalid(errors)
    return found


def _refuse_circles(found: Mapping[UUID, ResourceFacts], affected: Collection[int]) -> None:
    for part in found.values():
        if part.id in affected:
            raise Invalid(
                {"parts": _("Nothing can be a part of itself.")}, code="parts_in_a_circle"
            )


def _refuse_doubles(
    wished: Mapping[int, int],
    leaves: Mapping[int, Mapping[int, int]],
) -> None:
    """One thing reached by two ways is one thing too many; of a number of things the ways are summed."""
    total: dict[int, int] = {}
    sizes = dict(
        Capacity.objects.filter(
            pk__in={capacity for below in leaves.values() for capacity in below}
        ).values_list("pk", "size")
    )
    for part, units in wished.items():
        for capacity, each in leaves.get(part, {}).items():
            total[capacity] = total.get(capacity, 0) + units * each
    if any(units > max(sizes.get(capacity, 0), 1) for capacity, units in total.items()):
        raise Invalid(
            {"parts": _("One of its parts is reached by two ways, and there is too little of it.")},
            code="part_twice",
        )
