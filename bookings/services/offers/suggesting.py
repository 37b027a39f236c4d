"""What an owner could propose for lines that something hit: another of its things then, or the same at another time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import F, Q

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.models import Line, Offer
from bookings.queries.claims import live_claims
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.rules import hours, judge
from bookings.services.alternative_times import times_near
from bookings.services.judging.asks import days_around
from bookings.spans import Span, enclosing
from bookings.states import LineState, OfferState
from bookings.wishes import LineWish
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models import Resource

from .proposing import Proposed, propose

MOST_LINES = 50
MOST_THINGS = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`wish` is what to propose for `line`, of `resource`."""

    line: Line
    wish: LineWish
    resource: ResourceFacts


def hit_lines(*, by: Viewer, lender: int) -> list[Line]:
    """What is to be settled in a house, the most urgent first. One statement."""
    return list(
        Line.objects.visible_to(by)
        .filter(lender=lender, state=LineState.TO_SETTLE)
        .select_related("booking", "booking__borrower", "booking__person", "resource")
        .order_by("use_starts_at", "pk")[:MOST_LINES]
    )


def fewer_lines(*, by: Viewer, lender: int) -> list[Line]:
    """What goes on with fewer units than were agreed, or soon begins while some are not back, and is not over; the most
    urgent first. One statement."""
    fewer = Q(units__lt=F("hit_units")) | Q(short_units__isnull=False)
    return list(
        Line.objects.visible_to(by)
        .filter(fewer, lender=lender, state=LineState.CONFIRMED, use_ends_at__gt=by.now)
        .select_related("booking", "booking__borrower", "booking__person", "resource")
        .order_by("use_starts_at", "pk")[:MOST_LINES]
    )


def proposed_already(lines: Sequence[Line], *, by: Viewer) -> dict[int, Offer]:
    """The open proposals of lines, by line id. One statement."""
    found = Offer.objects.visible_to(by).filter(
        line__in=[line.pk for line in lines], state=OfferState.OPEN, expires_at__gt=by.now
    )
    return {offer.line_id: offer for offer in found if offer.line_id is not None}


def suggest(lines: Sequence[Line], *, by: Viewer, elsewhere: bool = False) -> dict[int, Suggestion]:
    """The first that fits each line, by its id; lines that nothing fits are left out. Nothing is stored or claimed.

    What is found for one is not found again for the next. With `elsewhere` the lines are rivals: each is looked at by
    itself, and what any of them asks for does not count, be it as a part or as a whole.
    """
    open_ = [line for line in lines if line.use_ends_at > by.now]
    if not open_:
        return {}
    things = _things_of(open_, by=by)
    wishes = {line.pk: list(_wishes(line, things)) for line in open_}
    if elsewhere:
        wishes = {line.pk: _apart(wishes[line.pk], line, open_, things) for line in open_}
    uses = [wish.use for found in wishes.values() for wish, _thing in found]
    if not uses:
        return {}
    around = enclosing(uses)
    longest = max(thing.turnover for thing in things.values()) + timedelta(minutes=1)
    capacities = {number for thing in things.values() for number in thing.capacities}
    taken = [
        row.taken() for row in live_claims(capacities, around.widen(after=longest), now=by.now)
    ]
    views: dict[int, Viewer] = {}
    found: dict[int, Suggestion] = {}
    for line in open_:
        asks = [
            (wish, _ask(line, wish, thing, taken, views, by=by)) for wish, thing in wishes[line.pk]
        ]
        chosen = next(((wish, ask) for wish, ask in asks if _fits(ask)), None)
        if chosen is None and not elsewhere:
            chosen = _fewer(asks[:1])
        if chosen is not None:
            wish, ask = chosen
            found[line.pk] = Suggestion(line, wish, ask.resource)
            if not elsewhere:
                taken.extend(one.as_taken() for one in ask.demands)
    return found


def _apart(
    wishes: Sequence[tuple[LineWish, ResourceFacts]],
    line: Line,
    rivals: Sequence[Line],
    things: Mapping[int, ResourceFacts],
) -> list[tuple[LineWish, ResourceFacts]]:
    """Those that have no time of what the rivals of `line` ask for."""
    wanted = set(things[line.resource_id].capacities)
    contested = [
        Span(one.use_starts_at, one.use_ends_at)
        for one in rivals
        if one.resource_id == line.resource_id
    ]
    return [
        (wish, thing)
        for wish, thing in wishes
        if not wanted & set(thing.capacities)
        or not any(wish.use.overlaps(span) for span in contested)
    ]


def _fewer(asks: Sequence[tuple[LineWish, Ask]]) -> tuple[LineWish, Ask] | None:
    """As many of the same as are left at the same time, where that is some."""
    for wish, ask in asks:
        left = ask.resource.units_left(ask.use, ask.taken)
        if 0 < left < ask.units and _fits(fewer := replace(ask, units=left)):
            return replace(wish, units=left), fewer
    return None


def propose_first(*, by: Viewer, line: Line) -> Proposed:
    """Propose what fits first. Raises `NotFound` where nothing does, and as `propose`."""
    found = suggest([line], by=by).get(line.pk)
    if found is None:
        raise NotFound
    return propose(by=by, line=line.uid, wish=found.wish)


def _things_of(lines: Sequence[Line], *, by: Viewer) -> dict[int, ResourceFacts]:
    """The things that were hit, and others of their houses of the same categories. Two statements."""
    rows = Resource.objects.visible_to(by).filter(
        owner__in={line.lender_id for line in lines},
        category__in={line.resource.category_id for line in lines},
        state="published",
    )
    ids = set(rows.order_by("sort_key", "pk").values_list("pk", flat=True)[:MOST_THINGS])
    spans = [Span(line.use_starts_at, line.use_ends_at) for line in lines]
    since, until = days_around(spans)
    return facts_by_id(ids | {line.resource_id for line in lines}, since=since, until=until)


def _wishes(line: Line, things: dict[int, ResourceFacts]) -> list[tuple[LineWish, ResourceFacts]]:
    """The same time first, of the other things; then the nearest times of the same thing."""
    mine = things[line.resource_id]
    wish = _wish_of(line, mine)
    others = [
        (replace(wish, resource=thing.uid), thing)
        for thing in things.values()
        if thing.id != mine.id
        and (thing.owner, thing.category, thing.kind) == (mine.owner, mine.category, mine.kind)
    ]
    return [(wish, mine), *others, *((near, mine) for near in times_near(wish, mine))]


def _wish_of(line: Line, resource: ResourceFacts) -> LineWish:
    setup, strike = timedelta(minutes=line.setup_minutes), timedelta(minutes=line.strike_minutes)
    return LineWish(
        resource=resource.uid,
        starts_at=line.use_starts_at + setup,
        ends_at=line.use_ends_at - strike,
        event_starts_at=line.event_starts_at,
        event_ends_at=line.event_ends_at,
        units=line.units,
        setup_minutes=line.setup_minutes,
        strike_minutes=line.strike_minutes,
    )


def _ask(
    line: Line,
    wish: LineWish,
    thing: ResourceFacts,
    taken: Sequence[Taken],
    views: dict[int, Viewer],
    *,
    by: Viewer,
) -> Ask:
    borrower = line.booking.borrower_id
    if borrower is not None and borrower not in views:
        views[borrower] = institution_viewer(borrower, now=by.now)
    view = views.get(borrower) if borrower is not None else None
    bare = Ask(
        resource=thing,
        terms=None,
        use=wish.use,
        event=wish.event,
        units=wish.units,
        borrower=borrower,
        borrower_state=view.acting_state if view is not None else "active",
        now=by.now,
        seen=view is None or thing.seen_by(view),
    )
    mine = {one.share.capacity for one in bare.demands}
    return replace(bare, taken=tuple(one for one in taken if one.capacity in mine))


def _fits(ask: Ask) -> bool:
    """An owner may propose outside its hours, but is not advised to."""
    advised = (hours.not_in_the_past, hours.open_during_use, hours.open_to_fetch_and_return)
    if not ask.demands or judge(ask, "accept"):
        return False
    return all(rule(ask) is None for rule in advised)
