"""Other parts under the locks: every claim from now on is made anew, or nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bookings.errors import WouldHit
from bookings.facts.demands import Demand
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, Capacity, Line, Offer
from bookings.queries.facts import facts_by_id
from bookings.services.judging.asks import days_around
from bookings.services.scene import Scene
from bookings.spans import LATEST, Span
from bookings.states import OfferState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict
from cooperative.events.services import NewEvent, Party
from sharing.models import ResourcePart


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


def _facts(ids: Collection[int], *, now: datetime) -> dict[int, ResourceFacts]:
    since, until = days_around([Span(now, now + timedelta(days=1))])
    return facts_by_id(ids, since=since, until=until)
