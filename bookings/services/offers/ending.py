"""A proposal that comes to nothing: declined, taken back, or run out when nobody answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bookings.models import Offer, OfferKind
from bookings.permissions import answers, makes
from bookings.services.commit import commit
from bookings.services.offer_book import VERBS
from bookings.services.scene import Scene
from bookings.spans import Span, with_turnover
from bookings.states import LineState, OfferState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden

from .context import said
from .finding import as_stored, offer_for, too_late


@dataclass
class EndPlan:
    """Decline an offer, or take one's own back."""

    offer: Offer
    state: OfferState
    note: str = ""

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return () if self.offer.booking_id is None else (self.offer.booking_id,)

    @property
    def window(self) -> Span:
        return Span(
            self.offer.use_starts_at,
            self.offer.use_ends_at + timedelta(minutes=self.offer.turnover_minutes),
        )

    def decide(self, scene: Scene) -> Offer:
        offer = scene.offers.stored.get(self.offer.pk)
        if offer is None or offer.state != OfferState.OPEN:
            now = as_stored(self.offer, scene)
            if now.state == self.state:
                return now
            raise too_late(now)
        along = [one.line for one in scene.offers.together(offer) if one is not offer]
        scene.end_offer(offer, self.state)
        line = offer.line
        if line is not None and offer.booking is not None:
            action = VERBS[self.state].rpartition(".")[2]
            scene.say(line, offer.booking, kind="note", body=self.note, action=action)
            if offer.kind == OfferKind.WAITING and line.state == LineState.ASKED:
                for one in (line, *along):
                    if one is not None and one.state == LineState.ASKED:
                        scene.move(one, "withdraw", LineState.WITHDRAWN)
        return offer


def decline_offer(*, by: Viewer, offer: UUID, note: str = "") -> Offer:
    """Say no to a proposal; the line stays as it is. Who waited for it waits no more. Repeating is harmless."""
    found = offer_for(by, offer)
    if not answers(found, by):
        raise Forbidden
    return commit(EndPlan(found, OfferState.DECLINED, said(note)), now=by.now, by=by)


def withdraw_offer(*, by: Viewer, offer: UUID, note: str = "") -> Offer:
    """Take back a proposal that one's own side made. Repeating is harmless."""
    found = offer_for(by, offer)
    if not makes(found, by):
        raise Forbidden
    return commit(EndPlan(found, OfferState.WITHDRAWN, said(note)), now=by.now, by=by)


@dataclass
class RunOutPlan:
    """Nothing to decide: opening the scene ends what ran out."""

    booking: int
    span: Span

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.booking,)

    @property
    def window(self) -> Span:
        return self.span

    def decide(self, scene: Scene) -> int:
        return len(scene.offers.ended)


def run_out_offers(*, now: datetime, most: int = 100) -> int:
    """End the open offers that nobody answered in time; how many."""
    due = list(
        Offer.objects.visible_to(SYSTEM)
        .filter(state=OfferState.OPEN, expires_at__lte=now, booking__isnull=False)
        .order_by("expires_at")[:most]
    )
    return sum(
        commit(RunOutPlan(one.booking_id, _claimed(one)), now=now)
        for one in due
        if one.booking_id is not None
    )


def _claimed(offer: Offer) -> Span:
    return with_turnover(
        Span(offer.use_starts_at, offer.use_ends_at), timedelta(minutes=offer.turnover_minutes)
    )
