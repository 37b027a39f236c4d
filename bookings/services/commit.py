"""The one door to claims. Create, approve, move, series, closures, imports and the clock all go through `commit`.

The order of locks is what keeps it free of deadlocks: in one statement the plan's capacities and those of every live
line of every booking touched, in id order; then these bookings, in id order. What is decided under them is written
all or none. The guard in the database is the net below: it refuses what the rules should have refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from bookings.models import Booking, Line, Offer
from bookings.queries.claims import ClaimRow, claims_around, run_out_claims
from bookings.spans import Span
from bookings.states import LIVE, LineState, OfferState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Busy
from cooperative.statements import prepared
from cooperative.transactions import run_again

from .filling import CapacityRow
from .offer_book import OfferBook
from .scene import Scene
from .starting_again import StaleFacts, StartAgain
from .waiting import anybody_waits

R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")
MOST_STARTS = 10


class DoesNotFit(Exception):
    """The guard refused what the rules let through (a raw writer, a stale claim outside the locked set)."""


class OthersFirst(Exception):
    """What ran out on the plan's capacities is waited for by others: they have it offered before the plan's turn."""


class Plan(Protocol, Generic[R_co]):
    """What a verb wants. Ids are database ids; `window` holds every span that it may claim."""

    @property
    def capacities(self) -> Collection[int]: ...

    @property
    def bookings(self) -> Collection[int]: ...

    @property
    def window(self) -> Span: ...

    def decide(self, scene: Scene) -> R_co:
        """Judge and change the scene; raise a domain error to change nothing."""
        ...


# Ids first, as one array each: joined to the capacities otherwise, they would all be read to find a few.
_LOCK = """
WITH touched AS MATERIALIZED (
    SELECT unnest(%(bookings)s::bigint[]) AS id
    UNION
    SELECT coalesce(line.booking_id, offer.booking_id) FROM bookings_claim AS claim
    LEFT JOIN bookings_line AS line ON line.id = claim.line_id
    LEFT JOIN bookings_offer AS offer ON offer.id = claim.offer_id
    WHERE claim.expires_at <= %(now)s::timestamptz AND claim.capacity_id = ANY(%(capacities)s::bigint[])
        AND coalesce(line.booking_id, offer.booking_id) IS NOT NULL
)
SELECT id, resource_id, mode, size, lower(span), upper(span), ARRAY(SELECT id FROM touched)
FROM bookings_capacity
WHERE id = ANY(ARRAY(
    SELECT unnest(%(capacities)s::bigint[])
    UNION
    SELECT leaf.capacity_id FROM touched
    JOIN bookings_line AS line ON line.booking_id = touched.id AND line.state = ANY(%(live)s::text[])
    CROSS JOIN LATERAL resource_leaves(line.resource_id) AS leaf
    UNION
    SELECT claim.capacity_id FROM touched
    JOIN bookings_line AS line ON line.booking_id = touched.id
    JOIN bookings_claim AS claim ON claim.line_id = line.id))
ORDER BY id FOR NO KEY UPDATE
"""


_OPEN_OFFERS = Offer._base_manager.filter(booking=OuterRef("pk"), state=OfferState.OPEN)


def commit(
    plan: Plan[T],
    *,
    now: datetime,
    by: Viewer | None = None,
    quiet: bool = False,
    in_turn: bool = False,
) -> T:
    """Carry out `plan`, all or nothing, and return what it decided.

    `by` is logged as the actor (None = the clock). `in_turn`: what ran out on the plan's capacities is first offered to
    who waits for it. Raises what `decide` raises, `DoesNotFit` from the guard, `Busy`
    when others hold the locks for too long.
    """
    touched: set[int] = set(plan.bookings)
    besides: set[int] = set()

    def once() -> T:
        for _start in range(MOST_STARTS):
            try:
                with transaction.atomic():
                    scene = _open(plan, touched, besides, now=now, by=by, quiet=quiet)
                    if in_turn and anybody_waits(scene.freed, now=now):
                        raise OthersFirst
                    result = plan.decide(scene)
                    scene.flush()
                    return result
            except StartAgain as again:
                touched.update(again.bookings)
                besides.update(again.capacities)
            except OthersFirst:
                commit(TidyPlan(plan.capacities, now), now=now, quiet=quiet)
            except IntegrityError as error:
                name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
                if name in {"claim_fits", "claim_exclusive"}:
                    raise DoesNotFit from error
                raise
        raise Busy

    return run_again(once)


def with_fresh_facts(verb: Callable[[], T]) -> T:
    """Run `verb`, which reads facts and then commits; again where they were stale by then. Raises `Busy`."""
    for _start in range(MOST_STARTS):
        try:
            return verb()
        except StaleFacts:
            continue
    raise Busy


@dataclass
class TidyPlan:
    """Nothing to insert: the commit itself clears away what ran out on these capacities, and pushes on loans."""

    ids: Collection[int]
    now: datetime

    @property
    def capacities(self) -> Collection[int]:
        return self.ids

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.now, self.now + timedelta(minutes=1))

    def decide(self, scene: Scene) -> int:
        return len(scene.moves)


def _open(
    plan: Plan[T],
    touched: set[int],
    besides: Collection[int],
    *,
    now: datetime,
    by: Viewer | None,
    quiet: bool,
) -> Scene:
    """Steps 1 to 3: find, lock, read again, and clear away what ran out. Adds to `touched` what ran out."""
    wanted: dict[str, object] = {
        "capacities": [*plan.capacities, *besides],
        "bookings": list(touched),
        "live": list(LIVE),
        "now": now,
    }
    asked_for = set(touched)
    capacities: dict[int, CapacityRow] = {}
    with prepared(_LOCK, wanted) as cursor:
        for number, resource, mode, size, start, end, found in cursor.fetchall():
            span = Span(start, end) if start is not None else None
            capacities[number] = CapacityRow(number, resource, mode, size, span)
            touched |= set(found)
    ran_out = touched - asked_for
    bookings: dict[int, Booking] = {}
    lines: dict[int, Line] = {}
    offers = OfferBook(now, by)
    if touched:
        bookings = {
            booking.pk: booking
            for booking in Booking.objects.visible_to(SYSTEM)
            .filter(pk__in=touched)
            .annotate(has_offers=Exists(_OPEN_OFFERS))
            .order_by("pk")
            .select_for_update(no_key=True)
        }
        for line in (
            Line.objects.visible_to(SYSTEM).filter(booking__in=touched).order_by("position", "pk")
        ):
            line.booking = bookings[line.booking_id]
            lines[line.pk] = line
        if any(getattr(booking, "has_offers", False) for booking in bookings.values()):
            offers.stored = {
                offer.pk: offer
                for offer in Offer.objects.visible_to(SYSTEM)
                .filter(booking__in=touched, state=OfferState.OPEN)
                .order_by("pk")
            }
            for offer in offers.stored.values():
                offer.booking = bookings[offer.booking_id or 0]
                offer.line = lines.get(offer.line_id or 0)
    # A line or offer of a booking touched for another reason may have run out as well, on a capacity of its own.
    stale = any(
        line.state in {LineState.HELD, LineState.ACCEPTED}
        and line.expires_at is not None
        and line.expires_at <= now
        for line in lines.values()
    ) or any(offer.expires_at <= now for offer in offers.stored.values())
    rows = _claims(capacities, plan, touched, now=now, ran_out=bool(ran_out) or stale)
    scene = Scene(
        now=now,
        by=by,
        quiet=quiet,
        capacities=capacities,
        claims=[],
        bookings=bookings,
        lines=lines,
        offers=offers,
    )
    scene.adopt(rows)
    return scene


def _claims(
    capacities: Collection[int],
    plan: Plan[T],
    touched: Collection[int],
    *,
    now: datetime,
    ran_out: bool,
) -> list[ClaimRow]:
    """The stored claims under the locks; starts again where a run-out one belongs to a booking not locked."""
    rows = claims_around(capacities, plan.window, now=now)
    if ran_out:
        known = {row.id for row in rows}
        rows += [row for row in run_out_claims(capacities, now=now) if row.id not in known]
    missing = {
        row.booking
        for row in rows
        if row.expires_at is not None
        and row.expires_at <= now
        and row.booking is not None
        and row.capacity in set(plan.capacities)
        and row.booking not in touched
    }
    if missing:
        raise StartAgain([booking for booking in missing if booking is not None])
    return rows
