"""The proposals of one commit: those that are open under its locks, those it makes, and those it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.facts.demands import Demand
from bookings.models import Claim, Line, Offer, OfferKind, Watch
from bookings.queries.claims import ClaimRow
from bookings.services.parties import parties_of
from bookings.spans import Load, loads
from bookings.states import OfferState, WatchState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.events.services import NewEvent
from cooperative.statements import insert_all

_CHANGED = ("state", "decided_at", "version")

VERBS = {
    OfferState.OPEN: "offer.make",
    OfferState.ACCEPTED: "offer.accept",
    OfferState.DECLINED: "offer.decline",
    OfferState.EXPIRED: "offer.expire",
    OfferState.WITHDRAWN: "offer.withdraw",
}


_WATCHED = {
    OfferState.ACCEPTED: WatchState.TAKEN,
    OfferState.DECLINED: WatchState.LEFT,
    OfferState.EXPIRED: WatchState.EXPIRED,
    OfferState.WITHDRAWN: WatchState.WAITING,
}
"""What becomes of a watched date when its offer ends."""


def beyond(demands: Iterable[Demand], own: Sequence[ClaimRow]) -> list[Demand]:
    """What `demands` take more than is claimed already by `own`, in pieces of equal number: net, as an offer claims."""
    pieces: list[Demand] = []
    for demand in demands:
        mine = [Load(row.span, row.units) for row in own if row.capacity == demand.share.capacity]
        if demand.share.mode == "total":
            more = demand.units - sum(load.units for load in mine)
            if more > 0:
                pieces.append(Demand(demand.share, demand.span, more))
            continue
        pieces.extend(
            Demand(demand.share, step.span, demand.units - step.units)
            for step in loads(mine, demand.span)
            if step.units < demand.units
        )
    return pieces


@dataclass
class OfferBook:
    """`stored` are the open offers of the locked bookings, by database id; run-out ones are ended by `Scene.adopt`."""

    now: datetime
    by: Viewer | None
    stored: dict[int, Offer] = field(default_factory=dict)
    made: list[tuple[Offer, tuple[Demand, ...]]] = field(default_factory=list)
    ended: dict[int, Offer] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)

    def open_of(self, line: Line) -> list[Offer]:
        return [
            offer
            for offer in self.stored.values()
            if offer.line_id == line.pk and offer.state == OfferState.OPEN
        ]

    def together(self, offer: Offer) -> list[Offer]:
        """The open offers that are answered as one: what came free, and what it comes only with."""
        if offer.kind != OfferKind.WAITING or offer.line is None:
            return [offer]
        brings = offer.line.brought_by_id or offer.line.pk
        others = [
            one
            for one in self.stored.values()
            if one is not offer
            and one.kind == OfferKind.WAITING
            and one.state == OfferState.OPEN
            and one.line is not None
            and brings in {one.line.pk, one.line.brought_by_id}
        ]
        return [offer, *others]

    def make(self, offer: Offer, pieces: Iterable[Demand], *, along: str = "") -> None:
        """A new offer that claims `pieces` until it runs out; `along` is the act on its line that it came with."""
        self.made.append((offer, tuple(pieces)))
        self.tell(offer, along=along)

    def end(self, offer: Offer, state: OfferState, *, by_clock: bool = False) -> None:
        """Close an open offer; what it claims is let go of when the scene is written."""
        if offer.state != OfferState.OPEN:
            return
        offer.state = state
        offer.decided_at = self.now
        offer.version += 1
        if offer.pk:
            self.ended[offer.pk] = offer
        self.tell(offer, by_clock=by_clock)

    def write_ended(self) -> None:
        if self.ended:
            Offer.objects.visible_to(SYSTEM).bulk_update(self.ended.values(), _CHANGED)
        for offer in self.ended.values():
            if offer.watch_id is not None:
                Watch.objects.visible_to(SYSTEM).filter(pk=offer.watch_id).update(
                    state=_WATCHED[OfferState(offer.state)], state_since=self.now
                )

    def write_made(self) -> None:
        insert_all([offer for offer, _pieces in self.made])

    def tell(self, offer: Offer, *, by_clock: bool = False, along: str = "") -> None:
        """What came free is told of once, and not again for what it comes with."""
        if offer.kind == OfferKind.WAITING and offer.line is not None and offer.line.brought_by_id:
            return
        booking = offer.booking
        actor = None if by_clock else self.by
        data: dict[str, Any] = {
            "offer": str(offer.uid),
            "kind": offer.kind,
            "until": offer.expires_at.isoformat(),
            "by_lender": offer.offered_for_id == offer.lender_id,
            "lender": offer.shown.get("owner_uid"),
        }
        if along:
            data["along"] = along
        if offer.line is not None:
            data["lines"] = [{"line": str(offer.line.uid), "resource": offer.shown.get("uid")}]
        self.events.append(
            NewEvent(
                verb=VERBS[OfferState(offer.state)],
                subject_kind="booking",
                subject_uid=booking.uid if booking is not None else offer.uid,
                parties=parties_of(booking, [offer.lender_id]),
                data=data,
                actor=actor.person if actor else None,
                acting_for=actor.acting_for if actor else None,
            )
        )


def claim_of(
    demand: Demand,
    *,
    line: Line | None = None,
    offer: Offer | None = None,
    expires_at: datetime | None = None,
) -> Claim:
    """The row by which a line or an offer takes what `demand` says; an offer's runs out with it."""
    return Claim(
        capacity_id=demand.share.capacity,
        mode=demand.share.mode,
        span=DateTimeTZRange(demand.span.start, demand.span.end, "[)"),
        units=demand.units,
        cause="offer" if offer is not None else "line",
        line=line,
        offer=offer,
        expires_at=offer.expires_at if offer is not None else expires_at,
    )
