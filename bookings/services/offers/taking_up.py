"""Taking a proposal for a date that was watched: it becomes one more line of its booking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from bookings.answers import freeze_fee, terms_fee
from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.models import Line, Offer
from bookings.queries.cases import asking_paused_until
from bookings.rules import judge
from bookings.services.judging.answers import Answer
from bookings.services.judging.until import hold_until
from bookings.services.request.lines import fill_line
from bookings.services.scene import Scene
from bookings.spans import Span, with_turnover
from bookings.states import LineState, OfferState
from bookings.wishes import LineWish
from cooperative.access.querysets import SYSTEM

from .context import Context, at_once
from .finding import still_open


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
        offer = still_open(scene, self.offer)
        if offer is None or offer.watch is None:
            return Line.objects.visible_to(SYSTEM).get(
                booking=booking,
                resource=self.offer.resource_id or 0,
                use_starts_at=self.offer.use_starts_at,
            )
        ask = self.context.ask_for(scene, booking, self.wish, instead_of=[offer])
        ask = unless_paused(ask)
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
        state = LineState.CONFIRMED if until is None else LineState.HELD
        fill_line(line, Answer(0, self.wish, ask, (), state, until))
        line.expires_at = until
        if until is None:
            freeze_fee(line, terms_fee(line))
        scene.add_lines([line])
        scene.move(line, "send", state)
        scene.claim(line, ask.demands, until)
        scene.say(line, booking, kind="note", body=self.note, action="accept")
        return line


def unless_paused(ask: Ask) -> Ask:
    """What came free was offered by nobody: taking it is asking for it."""
    return replace(ask, paused_until=asking_paused_until(ask.borrower, now=ask.now))
