"""Taking a proposal: what it claims becomes its line's, and what came free with it comes along."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.answers import freeze_fee, offered_fee
from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.resource import ResourceFacts
from bookings.models import Line, Offer, OfferKind
from bookings.permissions import answers
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free
from bookings.services.commit import commit
from bookings.services.judging.until import hold_until
from bookings.services.promising import promise
from bookings.services.scene import Scene
from bookings.spans import Span, enclosing, with_turnover
from bookings.states import IS_OUT, REVIVED, LineState, OfferState
from bookings.wishes import LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound

from .along import Along, along, bring, brought, not_free
from .context import (
    Context,
    at_once,
    context_of,
    guarded,
    hull,
    out_again,
    refuse_to_lose,
    said,
    write_on,
)
from .finding import offer_for, still_open, wish_of
from .taking_up import TakeUpPlan, unless_paused

S = LineState


@dataclass
class AcceptPlan:
    """Take an offer: what it claims becomes its line's."""

    offer: Offer
    wish: LineWish
    context: Context
    note: str = ""
    along: Sequence[Offer] = ()
    """Of what comes only with its thing, where it came free: taken with it."""

    @property
    def line(self) -> Line:
        if self.offer.line is None:
            raise NotFound
        return self.offer.line

    @property
    def capacities(self) -> Collection[int]:
        found: set[int] = set()
        for resource, wish in ((self.context.resource, self.wish), *self._along):
            found |= resource.locked_for(resource.demands(wish.use, wish.units))
        return found

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        spans = [hull(self.line, self.wish, self.context)]
        spans += [with_turnover(wish.use, resource.turnover) for resource, wish in self._along]
        return enclosing(spans)

    @property
    def _along(self) -> list[tuple[ResourceFacts, LineWish]]:
        """What came free with it, as it would be taken."""
        return [(self.context.facts[one.resource_id or 0], wish_of(one)) for one in self.along]

    def decide(self, scene: Scene) -> Line:
        line = scene.lines[self.line.pk]
        offer = still_open(scene, self.offer)
        if offer is None:  # a second click
            return line
        if line.state in IS_OUT:
            refuse_to_lose(line, self.wish)
        others = scene.offers.open_of(line)
        freed = [one for one in scene.offers.together(offer) if one is not offer]
        ask = self.context.ask(scene, line, self.wish, instead_of=others)
        if self.offer.kind == OfferKind.WAITING:
            ask = unless_paused(ask)
        moved = [Along(line, self.wish, ask), *along(scene, line, self.wish, self.context)]
        verb: Verb = "extend" if line.state in IS_OUT else "accept"
        fresh = brought(scene, line, self.wish, self.context)
        reasons = [*judge(ask, verb), *not_free([*moved[1:], *fresh], verb)]
        if reasons:
            raise BookingRefused(reasons)
        for other in others:
            state = OfferState.ACCEPTED if other is offer else OfferState.WITHDRAWN
            scene.end_offer(other, state)
        for one in moved:
            self._swap(scene, one.line, one.ask, one.wish)
        bring(scene, line, fresh)
        for free in freed:
            self._take_along(scene, line, free)
        scene.say(line, line.booking, kind="note", body=self.note, action="accept")
        return line

    def _swap(self, scene: Scene, line: Line, ask: Ask, wish: LineWish) -> None:
        before = line.state
        until = line.expires_at
        scene.end_offers_of(line)
        scene.release(line)
        write_on(line, ask, wish)
        line.decided_at = scene.now
        if before in REVIVED:
            if self.offer.kind == OfferKind.WAITING and not at_once(ask):
                self._keep(scene, line, ask)
            else:
                fee = offered_fee(self.offer) if line.pk == self.line.pk else None
                if not line.fee_kind:
                    freeze_fee(line, fee)
                promise(scene, line, ask, "accept", self.context.facts)
            return
        if before == S.TO_SETTLE:
            scene.claim(line, ask.demands, None)
            scene.move(line, "settle", S.CONFIRMED)
            return
        scene.claim(line, ask.demands, until)
        line.expires_at = until
        out_again(scene, line)
        scene.touch(line)

    def _take_along(self, scene: Scene, line: Line, offer: Offer) -> None:
        """What comes only with it becomes what the thing itself became."""
        other = offer.line
        assert other is not None
        wish, facts = wish_of(offer), self.context.facts
        mine = replace(self.context, resource=facts[other.resource_id])
        ask = mine.ask(scene, other, wish, instead_of=[offer])
        if reasons := judge(ask, "accept"):
            raise BookingRefused([companion_not_free(ask.resource, reasons, waivable=False)])
        write_on(other, ask, wish)
        other.decided_at = scene.now
        if line.state == S.HELD:
            self._keep(scene, other, ask, until=line.expires_at)
        else:
            promise(scene, other, ask, "accept", facts)

    @staticmethod
    def _keep(scene: Scene, line: Line, ask: Ask, *, until: datetime | None = None) -> None:
        """What came free is kept for who waited, until its owner answers."""
        until = until or hold_until(ask.resource, ask.use, now=scene.now)
        if until <= scene.now:
            raise Conflict(_("It begins too soon for its owner to answer."))
        scene.claim(line, ask.demands, until)
        line.expires_at = until
        scene.move(line, "accept", S.HELD)


def accept_offer(*, by: Viewer, offer: UUID, note: str = "") -> Line:
    """Take a proposal of the other side. Repeating is harmless.

    Raises `OfferExpired` (too late), `Conflict`, `BookingRefused` (it no longer fits), `Forbidden`, `NotFound`.
    """
    found = offer_for(by, offer)
    if not answers(found, by):
        raise Forbidden
    wish = wish_of(found)
    words = said(note)

    def store() -> Line:
        if found.line_id is None:
            context = context_of(found, wish, by=by, by_owner=True)
            return commit(TakeUpPlan(found, wish, context, words), now=by.now, by=by)
        line = Line.objects.visible_to(SYSTEM).select_related("booking").get(pk=found.line_id)
        context = context_of(line, wish, by=by, by_owner=True)
        plan = AcceptPlan(found, wish, context, words, along_with(found))
        return commit(plan, now=by.now, by=by)

    return guarded(store)


def along_with(offer: Offer) -> Sequence[Offer]:
    """The open offers of what comes only with the thing that came free. One statement, none for other proposals."""
    if offer.kind != OfferKind.WAITING or offer.line_id is None:
        return ()
    found = Offer.objects.visible_to(SYSTEM).filter(
        line__brought_by=offer.line_id, kind=OfferKind.WAITING, state=OfferState.OPEN
    )
    return list(found.order_by("pk"))
