"""What touches both a thing and its bookings: its number and its withdrawal. (A closure is a block.)"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import UnknownResource, WouldHit
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, BlockKind, Capacity, CapacityMode, Line
from bookings.permissions import may_keep
from bookings.queries.composition import leaves_of, wholes_of
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.spans import EARLIEST, LATEST, Load, Span, peak
from bookings.states import LIVE
from bookings.wishes import MOST_UNITS
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid
from cooperative.events.services import NewEvent, Party
from sharing.models import Resource, ResourceState
from sharing.services.create_resource import MOST_HOURS

from .commit import commit, with_fresh_facts
from .scene import Scene
from .starting_again import StaleFacts


@dataclass
class UnitsPlan:
    """Give a thing another number of units from now on."""

    resource: ResourceFacts
    units: int
    actor: Viewer

    @property
    def capacities(self) -> Collection[int]:
        return self.resource.capacities

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.actor.now, LATEST - timedelta(minutes=1))

    def decide(self, scene: Scene) -> None:
        if self.resource.kind in {"pooled", "giveaway"}:
            capacity = self.resource.shares[0].capacity
            if self.units < self.resource.units:
                self._refuse_too_few_for_wholes(scene, capacity)
                self._forget_lost(scene, self.resource.units - self.units)
            if self._promised(scene, capacity) > self.units:
                scene.end_offers_on(capacity)
            if self._promised(scene, capacity) > self.units:
                claims = [row for row in scene.claims if row.capacity == capacity]
                raise WouldHit(_lines(row.line for row in claims), now=scene.now)
            scene.clear_away()
            Capacity.objects.filter(pk=capacity).update(size=self.units, size_from=scene.now)
            self._fill(scene, capacity)
        Resource.objects.visible_to(SYSTEM).filter(pk=self.resource.id).update(units=self.units)
        scene.log(_event("resource.change_units", self.resource, self.actor, {"units": self.units}))

    def _refuse_too_few_for_wholes(self, scene: Scene, capacity: int) -> None:
        """What is made of more than there would be could never be had again."""
        taken = leaves_of(wholes_of(self.resource.id) - {self.resource.id})
        for whole, leaves in sorted(taken.items()):
            if leaves.get(capacity, 0) > self.units:
                today = scene.now.date()
                facts = facts_by_id([whole], since=today, until=today + timedelta(days=1))
                told = {"title": facts[whole].title, "count": leaves[capacity]}
                words = _("“%(title)s” takes %(count)s of them. Change what it is made of first.")
                raise Invalid({"units": words % told})

    def _promised(self, scene: Scene, capacity: int) -> int:
        """At most at one time, or of what is given away in all."""
        claims = [row for row in scene.claims if row.capacity == capacity]
        if self.resource.kind == "pooled":
            return peak([Load(row.span, row.units) for row in claims], self.window)
        return sum(row.units for row in claims)

    def _forget_lost(self, scene: Scene, fewer: int) -> None:
        """What is no longer counted is no longer missed: the oldest losses first."""
        for block in Block.objects.filter(
            resource=self.resource.id, kind=BlockKind.LOST, ends_at__gt=scene.now
        ).order_by("pk"):
            gone = min(fewer, block.units)
            fewer -= gone
            if gone == block.units:
                scene.remove_block(block)
            elif gone:
                block.units -= gone
                scene.shrink_block(block)

    def _fill(self, scene: Scene, capacity: int) -> None:
        """Blocks over what is handed out find more, or fewer, beside it."""
        scene.capacities[capacity] = replace(scene.capacities[capacity], size=self.units)
        scene.fill_during(capacity, self.window)
        if self.units > self.resource.units:
            scene.free(capacity, self.window)


@dataclass
class HoursPlan:
    """Give something metered another number of hours in each of `months` (capacities): this one and all begun later."""

    resource: ResourceFacts
    hours: int
    actor: Viewer
    months: frozenset[int]

    @property
    def capacities(self) -> Collection[int]:
        return self.months.union(share.capacity for share in self.resource.shares)

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.actor.now, LATEST - timedelta(minutes=1))

    def decide(self, scene: Scene) -> None:
        if months_from_now(self.resource, self.actor) != self.months:
            raise StaleFacts  # one was begun before its standing capacity was locked
        minutes = self.hours * 60
        promised: dict[int, int] = {}
        for row in scene.claims:
            promised[row.capacity] = promised.get(row.capacity, 0) + row.units
        short = {month for month in self.months if promised.get(month, 0) > minutes}
        if short:
            short_of = _lines(row.line for row in scene.claims if row.capacity in short)
            raise WouldHit(short_of, now=scene.now)
        scene.clear_away()
        Capacity.objects.filter(pk__in=self.months).update(size=minutes, size_from=EARLIEST)
        scene.read_sizes()
        if self.hours > self.resource.units:
            for month in self.months:
                scene.free(month, self.window)
        Resource.objects.visible_to(SYSTEM).filter(pk=self.resource.id).update(units=self.hours)
        scene.log(_event("resource.change_units", self.resource, self.actor, {"units": self.hours}))


def months_from_now(resource: ResourceFacts, by: Viewer) -> frozenset[int]:
    """The months that were begun and are not over, as capacities."""
    months = Capacity.objects.filter(
        resource=resource.id, mode=CapacityMode.TOTAL, span__endswith__gt=by.now
    )
    return frozenset(months.values_list("pk", flat=True))


def change_units(*, by: Viewer, resource: UUID, units: int) -> None:
    """Have more or fewer of a thing; of something metered, other hours in this month and the coming ones.

    Fewer than promised from now on is refused with the list (`WouldHit`). Raises `Invalid`, `Forbidden`,
    `UnknownResource`.
    """

    def change() -> None:
        facts = _own(by, resource)
        if facts.kind not in {"pooled", "giveaway", "seated", "metered"}:
            raise Invalid({"units": _("There is one of it.")})
        if not 1 <= units <= MOST_UNITS or (facts.kind == "metered" and units > MOST_HOURS):
            raise Invalid({"units": _("Give a plausible number.")})
        if units == facts.units:
            return
        plan: UnitsPlan | HoursPlan = UnitsPlan(facts, units, by)
        if facts.kind == "metered":
            plan = HoursPlan(facts, units, by, months_from_now(facts, by))
        commit(plan, now=by.now, by=by)

    with_fresh_facts(change)


@dataclass
class WithdrawPlan:
    """Take a thing out of the catalogue for good."""

    resource: ResourceFacts
    actor: Viewer

    @property
    def capacities(self) -> Collection[int]:
        return self.resource.capacities

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.actor.now, LATEST - timedelta(minutes=1))

    def decide(self, scene: Scene) -> None:
        lines = list(
            Line.objects.visible_to(SYSTEM)
            .filter(resource=self.resource.id, state__in=LIVE)
            .order_by("use_starts_at")
        )
        if lines:
            raise WouldHit(lines, now=scene.now)
        Resource.objects.visible_to(SYSTEM).filter(pk=self.resource.id).update(
            state=ResourceState.WITHDRAWN
        )
        scene.log(_event("resource.withdraw", self.resource, self.actor, {}))


def withdraw_resource(*, by: Viewer, resource: UUID) -> None:
    """Take a thing out for good; its past stays. Refused with the list (`WouldHit`) while anything is promised."""
    facts = _own(by, resource)
    if facts.state == ResourceState.WITHDRAWN:
        return
    if facts.state == ResourceState.SUSPENDED:
        raise Conflict(_("The moderators have suspended it."))
    commit(WithdrawPlan(facts, by), now=by.now, by=by)


def _lines(ids: Iterable[int | None]) -> list[Line]:
    wanted = {number for number in ids if number is not None}
    return list(
        Line.objects.visible_to(SYSTEM).filter(pk__in=wanted).order_by("use_starts_at", "pk")
    )


def _own(by: Viewer, resource: UUID) -> ResourceFacts:
    today = by.now.date()
    facts = facts_by_uid([resource], since=today, until=today + timedelta(days=1)).get(resource)
    if facts is None or not facts.seen_by(by):
        raise UnknownResource
    if not may_keep(by, facts.owner):
        raise Forbidden
    return facts


def _event(verb: str, resource: ResourceFacts, by: Viewer, data: dict[str, int]) -> NewEvent:
    return NewEvent(
        verb=verb,
        subject_kind="resource",
        subject_uid=resource.uid,
        parties=(Party("owner", institution=resource.owner),),
        data=dict(data),
        actor=by.person,
        acting_for=by.acting_for,
    )
