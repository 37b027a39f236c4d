"""How a block takes its time: who gives way, what it claims, what is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, WouldHit
from bookings.facts.demands import Share
from bookings.facts.resource import ResourceFacts
from bookings.models import Block, BlockKind, Line
from bookings.queries.claims import LONGEST_CLAIM, ClaimRow, live_claims
from bookings.queries.sessions import capacities_of_dates, queue_for_dates
from bookings.reasons import Reason
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import LATEST, Span
from bookings.states import HITTABLE, OfferState
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid, NotFound
from cooperative.events.services import NewEvent, Party

from .giving_way import choose_hit, gives_way


@dataclass
class BlockPlan:
    """Add `block`, or move it when it has an id.

    `hit` = lines (database ids) that the owner chose to give way, None = ask. `shrink` = as many units as a line
    keeps, by its id; with it the owner has chosen everything, and nobody else gives way unseen.
    """

    block: Block
    resource: ResourceFacts
    actor: Viewer
    hit: Collection[int] | None
    shrink: Mapping[int, int] | None = None
    is_new: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_new = self.block.pk is None

    @property
    def capacities(self) -> Collection[int]:
        shares = [share.capacity for share in blocked(self.resource, self.window)]
        return {*shares, *self.resource.locked_for(())}

    @property
    def bookings(self) -> Collection[int]:
        rows = live_claims(self.capacities, self.window, now=self.actor.now)
        return {row.booking for row in rows if row.booking is not None and gives_way(row)}

    @property
    def window(self) -> Span:
        return Span(self.block.starts_at, self.block.ends_at)

    def decide(self, scene: Scene) -> Block:
        shares = blocked(scene.as_locked(self.resource), self.window)
        if not self.resource.bookable:
            raise BookingRefused(
                [Reason("no_dates_yet", "fact", _("There are no dates to book yet."))]
            )
        if self.resource.kind == "seated":
            self._refuse_dates_unseen(shares)
        if self.is_new:
            self.block.pk = None  # a commit that runs again finds an id given in vain
        else:
            scene.release_block(still_there(self.block))
        could = {row.line for share in shares for row in self._in_way(scene, share)}
        self._shrink(scene, could)
        chosen = self._choose(scene, shares)
        unseen = {line.pk for line in chosen} - set(self.hit or ())
        if unseen and (self.hit is None or self.shrink is not None):
            raise WouldHit(chosen, others=self._others(scene, could, chosen), now=scene.now)
        for line in chosen:
            scene.hit(line, by=self.block)
        capacities = [share.capacity for share in shares]
        if self.is_new:
            scene.add_block(self.block, capacities)
        else:
            scene.change_block(self.block, capacities)
        scene.log(
            block_event(
                "block.add" if self.is_new else "block.move",
                self.block,
                self.resource,
                self.actor,
            )
        )
        return self.block

    def _refuse_dates_unseen(self, shares: Sequence[Share]) -> None:
        """A date that came meanwhile would miss the block, and the block it."""
        queue_for_dates(self.resource.id)
        if capacities_of_dates(self.resource.id, self.window) - {
            share.capacity for share in shares
        }:
            raise StaleFacts

    def _shrink(self, scene: Scene, could: Collection[int | None]) -> None:
        for number, units in (self.shrink or {}).items():
            line = scene.lines.get(number)
            if line is None or number not in could or line.state not in HITTABLE:
                raise Invalid({"shrink": _("This booking is not in the way any more.")})
            if not 1 <= units < line.units:
                raise Invalid({"shrink": _("Say how many are left, fewer than there are now.")})
            scene.shrink(line, units, by=self.block)

    @staticmethod
    def _others(scene: Scene, could: Collection[int | None], chosen: Sequence[Line]) -> list[Line]:
        """Who else is there at that time and could give way instead."""
        return [
            line
            for number, line in scene.lines.items()
            if number in could and line.state in HITTABLE and line not in chosen
        ]

    def _choose(self, scene: Scene, shares: Sequence[Share]) -> list[Line]:
        """The lines that give way on any of its capacities; what gives way on one is gone from the others."""
        chosen: list[int] = []
        for share in shares:
            rows = [row for row in self._in_way(scene, share) if row.line not in chosen]
            scene.need({row.booking for row in rows if row.booking is not None and gives_way(row)})
            taken = choose_hit(
                rows,
                share.span or self.window,
                share.size if share.span is not None else self.block.units * share.units,
                scene.capacities[share.capacity].size,
                prefer=self.hit,
                beside_own=self.block.kind == BlockKind.LOST,
            )
            chosen.extend(row.line for row in taken if row.line is not None)
            for offer in {row.offer for row in taken if row.offer is not None}:
                scene.end_offer(scene.offers.stored[offer], OfferState.WITHDRAWN)
        return [scene.lines[number] for number in chosen]

    def _in_way(self, scene: Scene, share: Share) -> list[ClaimRow]:
        """The claims on this capacity alone: other things of a booking that is hit stay as they are."""
        mine = [row for row in scene.claims if row.capacity == share.capacity]
        if share.mode == "total":  # counted whenever it is
            return [replace(row, span=self.window) for row in mine]
        return [row for row in mine if row.span.overlaps(share.span or self.window)]


def blocked(resource: ResourceFacts, window: Span) -> list[Share]:
    """What a block over `window` takes of: all leaves, or every session that it touches."""
    if resource.kind != "seated":
        return list(resource.shares)
    return [one for one in resource.periods if one.span is not None and one.span.overlaps(window)]


def block_lost(
    scene: Scene, resource: ResourceFacts, *, units: int, by: Viewer, now: datetime
) -> None:
    """What is lost is nobody's to use: a block of it from now on, as long as a claim may be, inside a running commit.

    Its owner removes it when the thing is found. What was promised of it is hit; the owner's own use stays.
    """
    if not resource.shares or resource.kind == "giveaway" or not units:
        return  # what was given away is not missed
    span = lost_span(now)
    block = Block(
        resource_id=resource.id,
        starts_at=span.start,
        ends_at=span.end,
        units=min(units, max(resource.size, 1)),
        kind=BlockKind.LOST,
        zone=resource.zone_name,
        local_date=span.start.astimezone(resource.zone).date(),
        created_by_id=by.person,
        created_at=now,
    )
    BlockPlan(block, resource, by, hit=()).decide(scene)


def lost_span(now: datetime) -> Span:
    """How long what is lost at `now` is taken."""
    start = now.replace(second=0, microsecond=0)
    return Span(start, min(start + LONGEST_CLAIM, LATEST - timedelta(minutes=1)))


def still_there(block: Block) -> Block:
    """As it is stored, read again under the lock: somebody else may have removed it a moment ago."""
    stored = Block.objects.filter(pk=block.pk).first()
    if stored is None:
        raise NotFound
    return stored


def block_event(verb: str, block: Block, resource: ResourceFacts, by: Viewer) -> NewEvent:
    return NewEvent(
        verb=verb,
        subject_kind="block",
        subject_uid=block.uid,
        parties=(Party("owner", institution=resource.owner),),
        data={
            "resource": str(resource.uid),
            "starts_at": block.starts_at.isoformat(),
            "ends_at": block.ends_at.isoformat(),
            "kind": block.kind,
        },
        actor=by.person,
        acting_for=by.acting_for,
    )
