"""What a thing is made of, changed while it is promised: every claim from now on is made anew, or nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.errors import UnknownResource, WouldHit
from bookings.facts import Demand, ResourceFacts
from bookings.models import Block, Capacity, Composition, Line, Offer
from bookings.permissions import may_keep
from bookings.queries.composition import leaves_of, tag_of_companions, tag_of_parts, wholes_of
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.spans import LATEST, Span
from bookings.states import OfferState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, Sentence, Stale
from cooperative.events.services import NewEvent, Party
from cooperative.transactions import run_again
from sharing.models import Companion, CompanionKind, Resource, ResourcePart, ResourceState

from .commit import DoesNotFit, commit
from .judging.asks import days_around
from .scene import Scene

MOST_PARTS = 50
MOST_COMPANIONS = 20


@dataclass(frozen=True, slots=True)
class PartWish:
    """`units` of a resource (public id)."""

    resource: UUID
    units: int = 1


@dataclass(frozen=True, slots=True)
class CompanionWish:
    """`units` of a resource (public id) that another comes with: only with it, or well with it."""

    resource: UUID
    kind: str
    units: int = 1


@dataclass
class PartsPlan:
    """Make `whole` of `parts` (database id -> units) from now on; none = a thing of its own again."""

    whole: ResourceFacts
    parts: Mapping[int, int]
    actor: Viewer
    affected: frozenset[int]
    """The whole and everything that it is a part of."""
    before: frozenset[int]
    """All capacities that the affected things claim of now, and those that the new parts do."""
    moved: list[Line] = field(default_factory=list)

    @property
    def capacities(self) -> Collection[int]:
        return self.before

    @property
    def bookings(self) -> Collection[int]:
        return set(
            Line.objects.visible_to(SYSTEM)
            .filter(resource__in=self.affected, claims__isnull=False, use_ends_at__gt=self._from)
            .values_list("booking_id", flat=True)
        )

    @property
    def window(self) -> Span:
        return Span(self._from, LATEST - timedelta(minutes=1))

    @property
    def _from(self) -> datetime:
        return self.actor.now.replace(second=0, microsecond=0)

    def decide(self, scene: Scene) -> None:
        self._end_offers(scene)
        claimed = {
            row.line for row in scene.claims if row.line is not None and row.span.end > self._from
        }
        scene.need(
            set(
                Line.objects.visible_to(SYSTEM)
                .filter(pk__in=claimed, resource__in=self.affected)
                .values_list("booking_id", flat=True)
            )
        )
        lines = [
            line
            for line in scene.lines.values()
            if line.pk in claimed and line.resource_id in self.affected
        ]
        until = {line.pk: scene.claimed_until(line) for line in lines}
        expiry = {line.pk: line.expires_at for line in lines}
        for line in lines:
            scene.cut_claims(line, self._from)
        blocks = list(
            Block.objects.filter(resource__in=self.affected, ends_at__gt=self._from).order_by("pk")
        )
        for block in blocks:
            scene.release_block(block)
        scene.clear_away()
        self._store(scene)
        fresh = _facts(self.affected, now=scene.now)
        self._claim_anew(scene, lines, fresh, until, expiry)
        for block in blocks:
            shares = fresh[block.resource_id].shares
            scene.fill(block, [share.capacity for share in shares])
        scene.log(
            NewEvent(
                verb="resource.change_parts",
                subject_kind="resource",
                subject_uid=self.whole.uid,
                parties=(Party("owner", institution=self.whole.owner),),
                data={"parts": len(self.parts), "lines": [str(line.uid) for line in lines]},
                actor=self.actor.person,
                acting_for=self.actor.acting_for,
            )
        )

    def _end_offers(self, scene: Scene) -> None:
        """What is only proposed of it claims other parts than it has from now on; who waited is offered it anew."""
        claiming = {row.offer for row in scene.claims if row.offer is not None}
        offers = Offer.objects.visible_to(SYSTEM).filter(
            pk__in=claiming, resource__in=self.affected
        )
        of_bookings = dict(offers.values_list("pk", "booking_id"))
        scene.need({booking for booking in of_bookings.values() if booking is not None})
        for offer in of_bookings:
            scene.end_offer(scene.offers.stored[offer], OfferState.WITHDRAWN)

    def _store(self, scene: Scene) -> None:
        """Sizes and parts in the order that the triggers want: no part beside a size, no size beside parts."""
        mine = Capacity.objects.filter(resource=self.whole.id, span=None, mode="exclusive")
        if self.parts:
            mine.update(size=0, size_from=self._from)
        ResourcePart.objects.filter(whole=self.whole.id).delete()
        for position, (part, units) in enumerate(self.parts.items()):
            ResourcePart.objects.create(
                whole_id=self.whole.id, part_id=part, units=units, position=position
            )
        if not self.parts:
            mine.update(size=1)
        scene.read_sizes()

    def _claim_anew(
        self,
        scene: Scene,
        lines: Sequence[Line],
        fresh: Mapping[int, ResourceFacts],
        until: Mapping[int, datetime],
        expiry: Mapping[int, datetime | None],
    ) -> None:
        in_way: list[Line] = []
        taken = list(scene.taken(scene.capacities))
        for line in sorted(lines, key=lambda one: one.pk):
            resource = replace(fresh[line.resource_id], turnover_minutes=line.turnover_minutes)
            demands = self._from_now_on(resource, line, until[line.pk])
            if any(one.share.capacity not in scene.capacities for one in demands):
                raise Conflict
            if not demands or any(one.room(taken) < one.units for one in demands):
                in_way.append(line)
                continue
            scene.claim(line, demands, expiry[line.pk])
            taken.extend(one.as_taken() for one in demands)
        if in_way:
            raise WouldHit(in_way, now=scene.now)

    def _from_now_on(
        self, resource: ResourceFacts, line: Line, until: datetime
    ) -> tuple[Demand, ...]:
        use = Span(line.use_starts_at, line.use_ends_at)
        rest = Span(max(use.start, self._from), until)
        return tuple(replace(one, span=rest) for one in resource.demands(use, line.units))


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
            whole = _own(by, resource)
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
    whole = _own(by, resource)
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


def set_companions(
    *, by: Viewer, resource: UUID, companions: Sequence[CompanionWish], seen: str | None = None
) -> None:
    """Say what a thing comes only with (the hall with its technician) and what goes well with it (chairs).

    `seen` is the `tag_of_companions` that this list was made from, None = whatever there is. Raises `Invalid`,
    `Stale`, `Forbidden`, `UnknownResource`.
    """
    main = _own(by, resource)
    if len(companions) > MOST_COMPANIONS:
        raise Invalid({"companions": _("At most 20 fit here.")})
    today = by.now.date()
    found = facts_by_uid(
        {wish.resource for wish in companions}, since=today, until=today + timedelta(days=1)
    )
    errors: dict[str, Sentence | list[Sentence]] = {}
    named: set[UUID] = {resource}
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
    wishes = [(found[wish.resource].id, wish) for wish in companions]
    plan = _CompanionsPlan(main, wishes, by, seen)
    commit(plan, now=by.now, by=by)


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


def _own(by: Viewer, resource: UUID) -> ResourceFacts:
    today = by.now.date()
    facts = facts_by_uid([resource], since=today, until=today + timedelta(days=1)).get(resource)
    if facts is None or not facts.seen_by(by):
        raise UnknownResource
    if not may_keep(by, facts.owner):
        raise Forbidden
    return facts


def _facts(ids: Collection[int], *, now: datetime) -> dict[int, ResourceFacts]:
    since, until = days_around([Span(now, now + timedelta(days=1))])
    return facts_by_id(ids, since=since, until=until)
