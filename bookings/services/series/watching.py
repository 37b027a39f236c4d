"""Dates that are watched: what the asker does about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.models import Watch
from bookings.services.commit import commit
from bookings.services.scene import Scene
from bookings.spans import Span
from bookings.states import WatchState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound


def leave_watch(*, by: Viewer, watch: UUID) -> Watch:
    """Watch a date no longer. Repeating is harmless. Raises `NotFound`, `Forbidden`, `Conflict` (it is offered)."""
    found = Watch.objects.visible_to(by).select_related("booking").filter(uid=watch).first()
    if found is None:
        raise NotFound
    borrower = found.booking.borrower_id
    if not by.may("staff", borrower) and not (
        borrower is None and by.may("keeper", found.lender_id)
    ):
        raise Forbidden
    return commit(LeavePlan(found), now=by.now, by=by)


@dataclass
class LeavePlan:
    """Nothing is claimed by it; its booking is locked, so that nobody offers it meanwhile."""

    watch: Watch

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.watch.booking_id,)

    @property
    def window(self) -> Span:
        return Span(self.watch.use_starts_at, self.watch.use_ends_at)

    def decide(self, scene: Scene) -> Watch:
        watch = Watch.objects.visible_to(SYSTEM).get(pk=self.watch.pk)
        if watch.state == WatchState.OFFERED:
            raise Conflict(_("It came free and is offered to you: answer the offer."))
        if watch.state == WatchState.WAITING:
            scene.series.end_watches([watch], WatchState.LEFT, now=scene.now)
        elif watch.state != WatchState.LEFT:
            raise Conflict
        watch.booking = scene.bookings[watch.booking_id]
        return watch
