"""Removing a block. Within the hour it was a mistake: who gave way to it has it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from bookings.facts.resource import ResourceFacts
from bookings.models import Block
from bookings.services.commit import commit, with_fresh_facts
from bookings.services.restoring import Struck, TakenBack, restore, struck_by
from bookings.services.scene import Scene
from bookings.spans import Span
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound

from .claiming import block_event, blocked, still_there
from .entering import own_block


@dataclass
class RemovePlan:
    block: Block
    resource: ResourceFacts
    actor: Viewer
    struck: Struck

    @property
    def capacities(self) -> Collection[int]:
        return {
            *(share.capacity for share in blocked(self.resource, self._span)),
            *self.struck.capacities,
        }

    @property
    def bookings(self) -> Collection[int]:
        return self.struck.bookings

    @property
    def window(self) -> Span:
        return self.struck.hull(self._span)

    @property
    def _span(self) -> Span:
        return Span(self.block.starts_at, self.block.ends_at)

    def decide(self, scene: Scene) -> TakenBack:
        still_there(self.block)
        scene.log(block_event("block.remove", self.block, self.resource, self.actor))
        scene.remove_block(self.block)
        return restore(scene, self.struck.lines, self.struck.facts)


def remove_block(*, by: Viewer, block: UUID) -> TakenBack:
    """Give the time free again. Repeating is harmless.

    Within the hour who gave way to it has it again, as far as nobody else got it meanwhile; later the time is just
    free. Raises `Forbidden`.
    """

    def store() -> TakenBack:
        found, facts = own_block(by, block)
        plan = RemovePlan(found, facts, by, struck_by(block=found, now=by.now))
        return commit(plan, now=by.now, by=by)

    try:
        return with_fresh_facts(store)
    except NotFound:
        return TakenBack()
