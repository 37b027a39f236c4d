"""What came free is offered to who waits for it, in the commit that frees it: first come first, all or as few as do.

What comes only with something else is offered with that: each line has an offer that claims its own, and one answer
takes or ends them all.

An offer claims, so nobody else takes the time while it is open. When it is declined or runs out, the commit that
ends it offers the time to the next. Nothing is kept in a worker: a place cannot be lost by one that dies. Who may ask
for nothing of others for now is passed over and keeps its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.models import Line, Offer, OfferKind, Watch
from bookings.queries.cases import paused_until
from bookings.queries.claims import live_claims
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.queries.waiting import Waiter, who_waits
from bookings.rules import judge
from bookings.spans import LATEST, Span
from bookings.states import LineState, WatchState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.statements import insert_all

from .judging.agreed import frozen
from .judging.asks import hull
from .offer_book import claim_of

if TYPE_CHECKING:
    from .scene import Scene

ANSWER_WITHIN = timedelta(hours=24)
SHORTEST_TO_ANSWER = timedelta(minutes=15)


def answer_by(use: Span, *, now: datetime) -> datetime:
    """Until when who waited may answer: a day, and no more than half of the time that is left until the use."""
    half = (use.start - now) / 2
    return (now + min(ANSWER_WITHIN, half)).replace(second=0, microsecond=0)


@dataclass(frozen=True)
class Turn:
    """One who waits, with what would be taken: of the thing itself, and of `along` what comes only with it."""

    wish: Line | Watch
    ask: Ask
    along: tuple[Turn, ...] = ()

    @property
    def asks(self) -> tuple[Ask, ...]:
        return (self.ask, *(one.ask for one in self.along))


@dataclass(frozen=True)
class Queue:
    """Who waits for what a commit frees, in order."""

    turns: tuple[Turn, ...] = ()

    @property
    def asks(self) -> list[Ask]:
        return [ask for turn in self.turns for ask in turn.asks]


def queue_for(scene: Scene) -> Queue:
    """Asked before the commit writes: where it needs more locks it starts again, and nothing was written twice."""
    freed = {
        number: Span(scene.now, LATEST) if scene.capacities[number].mode == "total" else span
        for number, span in scene.freed.items()
    }
    waiters = who_waits(freed, now=scene.now)
    if not waiters:
        return Queue()
    scene.need({waiter.booking for waiter in waiters})
    queue = Queue(tuple(_turns(_wishes(waiters), scene)))
    missing = {number for ask in queue.asks for number in ask.locked} - scene.capacities.keys()
    if missing:
        scene.need_capacities(missing)
    return queue


def serve(queue: Queue, scene: Scene) -> None:
    """Offer what is free now to who waits; called when everything else of the commit is written."""
    if not queue.turns:
        return
    within = hull(queue.asks)
    capacities = {number for one in queue.asks for number in one.locked}
    taken = [row.taken() for row in live_claims(capacities, within, now=scene.now)]
    made: list[tuple[Offer, Ask]] = []
    for turn in queue.turns:
        until = answer_by(turn.ask.use, now=scene.now)
        if not _still_waits(turn.wish, scene) or until - scene.now < SHORTEST_TO_ANSWER:
            continue
        fitting = _all_of(turn, scene, taken)
        for wish, ask in fitting:
            made.append((_offer(wish, ask, until, scene), ask))
            taken.extend(_taken(ask, until))
    _write(scene, made)


def _all_of(turn: Turn, scene: Scene, taken: Sequence[Taken]) -> list[tuple[Line | Watch, Ask]]:
    """What can be offered of a turn: the thing with all that comes only with it, or nothing."""
    found: list[tuple[Line | Watch, Ask]] = []
    counted = list(taken)
    for one in (turn, *turn.along):
        sized = replace(one.ask, resource=scene.as_locked(one.ask.resource))
        ask = _fitting(one.wish, sized, counted)
        if ask is None:
            return []
        found.append((one.wish, ask))
        counted.extend(_taken(ask, None))
    return found


def _taken(ask: Ask, until: datetime | None) -> list[Taken]:
    return [
        Taken(one.share.capacity, one.as_taken().load, until, "offer", None, None)
        for one in ask.demands
    ]


def _still_waits(wish: Line | Watch, scene: Scene) -> bool:
    """What this commit itself did to it counts: it may have answered, or ended the line's turn."""
    if isinstance(wish, Watch):
        ended = any(one.watch_id == wish.pk for one in scene.offers.ended.values())
        return not ended and wish.pk not in scene.series.left
    line = scene.lines.get(wish.pk, wish)
    has_offer = any(
        one.line_id == wish.pk and one.pk not in scene.offers.ended
        for one in scene.offers.stored.values()
    )
    return line.waiting and line.state == LineState.ASKED and not has_offer


def _wishes(waiters: Sequence[Waiter]) -> list[Line | Watch]:
    """The rows in the order of the waiters."""
    lines = (
        Line.objects.visible_to(SYSTEM)
        .select_related("booking")
        .in_bulk([one.line for one in waiters if one.line is not None])
    )
    watches = (
        Watch.objects.visible_to(SYSTEM)
        .select_related("booking")
        .in_bulk([one.watch for one in waiters if one.watch is not None])
    )
    return [lines[one.line] if one.line is not None else watches[one.watch or 0] for one in waiters]


def _turns(wishes: Sequence[Line | Watch], scene: Scene) -> list[Turn]:
    along = {wish: _along(wish, scene) for wish in wishes}
    every = [*wishes, *(line for lines in along.values() for line in lines)]
    since = min(wish.use_starts_at for wish in every).date() - timedelta(days=1)
    until = max(wish.use_ends_at for wish in every).date() + timedelta(days=2)
    facts = facts_by_id({wish.resource_id for wish in every}, since=since, until=until)
    views: dict[int, Viewer] = {}
    houses = {wish.borrower_id for wish in every if wish.borrower_id is not None}
    paused = paused_until(houses, now=scene.now)
    asks = {
        wish: replace(
            _ask(wish, facts[wish.resource_id], views, scene),
            paused_until=paused.get(wish.borrower_id or 0),
        )
        for wish in every
    }
    return [
        Turn(wish, asks[wish], tuple(Turn(line, asks[line]) for line in along[wish]))
        for wish in wishes
    ]


def _along(wish: Line | Watch, scene: Scene) -> list[Line]:
    """What comes only with it; without what its owner does without by now."""
    if isinstance(wish, Watch):
        return []
    return [
        line
        for line in scene.brought_by(scene.lines.get(wish.pk, wish))
        if line.state == LineState.ASKED
    ]


def _ask(
    wish: Line | Watch, resource: ResourceFacts, views: dict[int, Viewer], scene: Scene
) -> Ask:
    view: Viewer | None = None
    if wish.borrower_id is not None:
        if wish.borrower_id not in views:
            views[wish.borrower_id] = institution_viewer(wish.borrower_id, now=scene.now)
        view = views[wish.borrower_id]
    use = Span(wish.use_starts_at, wish.use_ends_at)
    day = use.start.astimezone(resource.zone).date()
    return Ask(
        resource=resource,
        terms=resource.terms_to_ask(view, day) if view is not None else None,
        use=use,
        event=Span(wish.event_starts_at, wish.event_ends_at),
        units=wish.units,
        borrower=wish.borrower_id,
        borrower_state=view.acting_state if view is not None else "active",
        now=scene.now,
        seen=view is None or resource.seen_by(view),
        brought=isinstance(wish, Line) and wish.brought_by_id is not None,
    )


def _fitting(wish: Line | Watch, bare: Ask, taken: Sequence[Taken]) -> Ask | None:
    """The ask with as many units as fit now: all, or as few as will do; None where that is too few."""
    if any(not one.share.capacity for one in bare.demands):
        return None  # a month that nobody could begin
    left = bare.resource.units_left(bare.use, taken)
    least = wish.least_units or wish.units
    if left < least:
        return None
    ask = replace(bare, units=min(left, wish.units), taken=tuple(taken))
    return None if judge(ask, "accept") else ask


def _offer(wish: Line | Watch, ask: Ask, until: datetime, scene: Scene) -> Offer:
    terms, shown = frozen(ask)
    line = wish if isinstance(wish, Line) else None
    return Offer(
        booking=wish.booking,
        line=line,
        watch=wish if isinstance(wish, Watch) else None,
        resource_id=ask.resource.id,
        lender_id=ask.resource.owner,
        kind=OfferKind.WAITING,
        units=ask.units,
        use_starts_at=ask.use.start,
        use_ends_at=ask.use.end,
        event_starts_at=ask.event.start,
        event_ends_at=ask.event.end,
        setup_minutes=wish.setup_minutes,
        strike_minutes=wish.strike_minutes,
        turnover_minutes=ask.resource.turnover_minutes,
        zone=ask.resource.zone_name,
        local_date=ask.event.start.astimezone(ask.resource.zone).date(),
        session_id=next((one.share.session for one in ask.demands), None),
        terms=terms,
        shown=shown,
        offered_for_id=ask.resource.owner,
        created_at=scene.now,
        expires_at=until,
    )


def _write(scene: Scene, made: Sequence[tuple[Offer, Ask]]) -> None:
    if not made:
        return
    insert_all([offer for offer, _ask in made])
    claims = [claim_of(demand, offer=offer) for offer, ask in made for demand in ask.demands]
    claims.sort(key=lambda claim: claim.capacity_id)
    insert_all(claims)
    watches: list[int] = []
    for offer, _taken in made:
        scene.offers.tell(offer, by_clock=True)
        if offer.watch_id is not None:
            watches.append(offer.watch_id)
    if watches:
        Watch.objects.visible_to(SYSTEM).filter(pk__in=watches).update(
            state=WatchState.OFFERED, state_since=scene.now
        )


def anybody_waits(freed: Mapping[int, Span], *, now: datetime) -> bool:
    return bool(who_waits(freed, now=now))
