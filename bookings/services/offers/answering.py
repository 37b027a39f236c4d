"""Taking a proposal, declining it, taking it back, and its end when nobody answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.answers import freeze_fee, offered_fee
from bookings.errors import BookingRefused, OfferExpired
from bookings.facts import Ask, ResourceFacts
from bookings.models import Line, Offer, OfferKind
from bookings.permissions import answers, makes
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free
from bookings.services.commit import commit
from bookings.services.judging.answers import Answer
from bookings.services.judging.until import hold_until
from bookings.services.offer_book import VERBS
from bookings.services.promising import promise
from bookings.services.request.lines import fill_line
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
        offer = _still_open(scene, self.offer)
        if offer is None:  # a second click
            return line
        if line.state in IS_OUT:
            refuse_to_lose(line, self.wish)
        others = scene.offers.open_of(line)
        freed = [one for one in scene.offers.together(offer) if one is not offer]
        ask = self.context.ask(scene, line, self.wish, instead_of=others)
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


@dataclass
class TakeUpPlan:
    """Take an offer of a watched date: it becomes one more line of its booking."""

    offer: Offer
    wish: LineWish
    context: Context
    note: str = ""

    @property
    def capacities(self) -> Collection[int]:
        demands = self.context.resource.demands(self.wish.use, self.wish.units)
        return self.context.resource.locked_for(demands)

    @property
    def bookings(self) -> Collection[int]:
        return (self.offer.booking_id or 0,)

    @property
    def window(self) -> Span:
        return with_turnover(self.wish.use, self.context.resource.turnover)

    def decide(self, scene: Scene) -> Line:
        booking = scene.bookings[self.offer.booking_id or 0]
        offer = _still_open(scene, self.offer)
        if offer is None or offer.watch is None:
            return Line.objects.visible_to(SYSTEM).get(
                booking=booking,
                resource=self.offer.resource_id or 0,
                use_starts_at=self.offer.use_starts_at,
            )
        ask = self.context.ask_for(scene, booking, self.wish, instead_of=[offer])
        reasons = judge(ask, "accept")
        if reasons:
            raise BookingRefused(reasons)
        scene.end_offer(offer, OfferState.ACCEPTED)
        line = Line(
            booking=booking,
            position=len(scene.lines_of(booking)),
            resource_id=ask.resource.id,
            series_id=offer.watch.series_id,
            series_on=offer.watch.local_date,
            sent_at=scene.now,
            decided_at=scene.now,
        )
        until = None if at_once(ask) else hold_until(ask.resource, ask.use, now=scene.now)
        state = S.CONFIRMED if until is None else S.HELD
        fill_line(line, Answer(0, self.wish, ask, (), state, until))
        line.expires_at = until
        scene.add_lines([line])
        scene.move(line, "send", state)
        scene.claim(line, ask.demands, until)
        scene.say(line, booking, kind="note", body=self.note, action="accept")
        return line


def accept_offer(*, by: Viewer, offer: UUID, note: str = "") -> Line:
    """Take a proposal of the other side. Repeating is harmless.

    Raises `OfferExpired` (too late), `Conflict`, `BookingRefused` (it no longer fits), `Forbidden`, `NotFound`.
    """
    found = _found(by, offer)
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
            now = _as_stored(self.offer, scene)
            if now.state == self.state:
                return now
            raise _too_late(now)
        along = [one.line for one in scene.offers.together(offer) if one is not offer]
        scene.end_offer(offer, self.state)
        line = offer.line
        if line is not None and offer.booking is not None:
            action = VERBS[self.state].rpartition(".")[2]
            scene.say(line, offer.booking, kind="note", body=self.note, action=action)
            if offer.kind == OfferKind.WAITING and line.state == S.ASKED:
                for one in (line, *along):
                    if one is not None and one.state == S.ASKED:
                        scene.move(one, "withdraw", S.WITHDRAWN)
        return offer


def decline_offer(*, by: Viewer, offer: UUID, note: str = "") -> Offer:
    """Say no to a proposal; the line stays as it is. Who waited for it waits no more. Repeating is harmless."""
    found = _found(by, offer)
    if not answers(found, by):
        raise Forbidden
    return commit(EndPlan(found, OfferState.DECLINED, said(note)), now=by.now, by=by)


def withdraw_offer(*, by: Viewer, offer: UUID, note: str = "") -> Offer:
    """Take back a proposal that one's own side made. Repeating is harmless."""
    found = _found(by, offer)
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


def wish_of(offer: Offer) -> LineWish:
    """What an offer proposes, as it would be asked for."""
    setup, strike = timedelta(minutes=offer.setup_minutes), timedelta(minutes=offer.strike_minutes)
    return LineWish(
        resource=UUID(offer.shown["uid"]),
        starts_at=offer.use_starts_at + setup,
        ends_at=offer.use_ends_at - strike,
        event_starts_at=offer.event_starts_at,
        event_ends_at=offer.event_ends_at,
        units=offer.units,
        setup_minutes=offer.setup_minutes,
        strike_minutes=offer.strike_minutes,
    )


def _found(by: Viewer, offer: UUID) -> Offer:
    found = (
        Offer.objects.visible_to(by)
        .select_related("booking", "line", "line__booking")
        .filter(uid=offer)
        .first()
    )
    if found is None or found.booking is None or _comes_along(found):
        raise NotFound
    return found


def _comes_along(offer: Offer) -> bool:
    """It is answered with what it comes only with."""
    line = offer.line
    return offer.kind == OfferKind.WAITING and line is not None and line.brought_by_id is not None


def _still_open(scene: Scene, offer: Offer) -> Offer | None:
    """The locked offer; None where it was accepted already. Raises where it ended otherwise."""
    locked = scene.offers.stored.get(offer.pk)
    if locked is not None and locked.state == OfferState.OPEN:
        return locked
    now = _as_stored(offer, scene)
    if now.state == OfferState.ACCEPTED:
        return None
    raise _too_late(now)


def _as_stored(offer: Offer, scene: Scene) -> Offer:
    ended = scene.offers.ended.get(offer.pk)
    return ended or Offer.objects.visible_to(SYSTEM).get(pk=offer.pk)


def _too_late(offer: Offer) -> Conflict:
    if offer.state == OfferState.EXPIRED:
        return OfferExpired(_("This proposal has run out."))
    return Conflict(
        _("This proposal is no longer open: it is “%(state)s”.")
        % {"state": OfferState(offer.state).label}
    )
