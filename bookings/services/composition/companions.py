"""What a thing comes only with, and what goes well with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.facts.resource import ResourceFacts
from bookings.queries.composition import tag_of_companions
from bookings.queries.facts import facts_by_uid
from bookings.services.blocks import own_thing
from bookings.services.commit import commit
from bookings.services.scene import Scene
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid, Sentence, Stale
from cooperative.events.services import NewEvent, Party
from sharing.models import Companion, CompanionKind, Resource

MOST_COMPANIONS = 20


@dataclass(frozen=True, slots=True)
class CompanionWish:
    """`units` of a resource (public id) that another comes with: only with it, or well with it."""

    resource: UUID
    kind: str
    units: int = 1


def set_companions(
    *, by: Viewer, resource: UUID, companions: Sequence[CompanionWish], seen: str | None = None
) -> None:
    """Say what a thing comes only with (the hall with its technician) and what goes well with it (chairs).

    `seen` is the `tag_of_companions` that this list was made from, None = whatever there is. Raises `Invalid`,
    `Stale`, `Forbidden`, `UnknownResource`.
    """
    main = own_thing(by, resource, [Span(by.now, by.now + timedelta(days=1))])
    found = _checked(by, main, companions)
    wishes = [(found[wish.resource].id, wish) for wish in companions]
    plan = _CompanionsPlan(main, wishes, by, seen)
    commit(plan, now=by.now, by=by)


def _checked(
    by: Viewer, main: ResourceFacts, companions: Sequence[CompanionWish]
) -> dict[UUID, ResourceFacts]:
    """The things that are named, by public id."""
    if len(companions) > MOST_COMPANIONS:
        raise Invalid({"companions": _("At most 20 fit here.")})
    today = by.now.date()
    found = facts_by_uid(
        {wish.resource for wish in companions}, since=today, until=today + timedelta(days=1)
    )
    errors: dict[str, Sentence | list[Sentence]] = {}
    named: set[UUID] = {main.uid}
    for index, wish in enumerate(companions):
        other = found.get(wish.resource)
        if other is None or other.owner != main.owner or not other.seen_by(by):
            errors[f"companions.{index}.resource"] = _("Only what is yours can come with it.")
        elif wish.resource in named:
            errors[f"companions.{index}.resource"] = _("It is named twice.")
        elif wish.kind not in CompanionKind.values:
            errors[f"companions.{index}.kind"] = _("Please choose one of the values on the list.")
        elif other.kind in {"seated", "open"}:
            errors[f"companions.{index}.resource"] = _("This cannot be booked beside another.")
        elif wish.kind == CompanionKind.ONLY_WITH and other.comes_with:
            errors[f"companions.{index}.resource"] = _("It comes only with something else itself.")
        elif not 1 <= wish.units <= max(other.size, 1):
            errors[f"companions.{index}.units"] = _("There are not so many.")
        named.add(wish.resource)
    if errors:
        raise Invalid(errors)
    return found


@dataclass
class _CompanionsPlan:
    main: ResourceFacts
    wishes: Sequence[tuple[int, CompanionWish]]
    actor: Viewer
    seen: str | None = None

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.actor.now, self.actor.now + timedelta(minutes=1))

    def decide(self, scene: Scene) -> None:
        Resource.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=self.main.id)
        if self.seen is not None and self.seen != tag_of_companions(self.main.id):
            raise Stale
        Companion.objects.filter(resource=self.main.id).delete()
        Companion.objects.bulk_create(
            Companion(
                resource_id=self.main.id,
                companion_id=number,
                kind=wish.kind,
                units=wish.units,
                position=position,
            )
            for position, (number, wish) in enumerate(self.wishes)
        )
        scene.log(
            NewEvent(
                verb="resource.set_companions",
                subject_kind="resource",
                subject_uid=self.main.uid,
                parties=(Party("owner", institution=self.main.owner),),
                data={"companions": [str(wish.resource) for _id, wish in self.wishes]},
                actor=self.actor.person,
                acting_for=self.actor.acting_for,
            )
        )
