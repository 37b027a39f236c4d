"""Proposals as both sides look at them: by side and state, those open for lines, one by its public id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch, Q

from bookings.models import Line, Offer, OfferKind
from bookings.querysets import OfferQuerySet
from bookings.states import OfferState
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models import Resource, ResourceText
from sharing.queries.texts import titles

MOST = 50


def state_now(offer: Offer, now: datetime) -> OfferState:
    """Run out where nobody answered in time, also before the clock has written it down."""
    if offer.state == OfferState.OPEN and offer.expires_at <= now:
        return OfferState.EXPIRED
    return OfferState(offer.state)


def _with_sides(rows: OfferQuerySet) -> OfferQuerySet:
    """What comes along with something that came free is offered, and answered, with that: it is not shown by itself."""
    along = Q(kind=OfferKind.WAITING, line__brought_by__isnull=False)
    return rows.exclude(along).select_related(
        "booking", "booking__borrower", "booking__person", "line", "lender", "offered_for"
    )


def _open(now: datetime) -> Q:
    return Q(state=OfferState.OPEN, expires_at__gt=now)


def offers_of(
    *, viewer: Viewer, houses: Iterable[int], role: str | None = None, state: str | None = None
) -> OfferQuerySet:
    """Proposals about what `houses` borrow or lend (`role`, None = either), in `state` as it is now."""
    mine = list(houses)
    borrowed, lent = Q(booking__borrower__in=mine), Q(lender__in=mine)
    rows = _with_sides(Offer.objects.visible_to(viewer)).filter(booking__isnull=False)
    rows = rows.filter({"borrower": borrowed, "lender": lent}.get(role or "", borrowed | lent))
    if state == OfferState.OPEN:
        return rows.filter(_open(viewer.now))
    if state == OfferState.EXPIRED:
        run_out = Q(state=OfferState.OPEN, expires_at__lte=viewer.now)
        return rows.filter(Q(state=OfferState.EXPIRED) | run_out)
    return rows.filter(state=state) if state else rows


def offer_for(*, viewer: Viewer, uid: UUID) -> Offer:
    """One proposal with its booking, line and sides. Raises `NotFound`."""
    found = _with_sides(Offer.objects.visible_to(viewer)).filter(uid=uid).first()
    if found is None or found.booking is None:
        raise NotFound
    return found


def open_offers(lines: Sequence[Line], *, viewer: Viewer) -> dict[int, list[Offer]]:
    """The open proposals of lines, by line id, in the order of their making. One statement, none for no lines."""
    found: defaultdict[int, list[Offer]] = defaultdict(list)
    if lines:
        rows = _with_sides(Offer.objects.visible_to(viewer)).filter(
            _open(viewer.now), line__in=[line.pk for line in lines]
        )
        for offer in rows.order_by("pk"):
            found[offer.line_id or 0].append(offer)
    return dict(found)


def open_offers_of_booking(booking: int, *, viewer: Viewer) -> list[Offer]:
    """The open proposals of a booking (database id), those of watched dates too. One statement."""
    rows = _with_sides(Offer.objects.visible_to(viewer)).filter(_open(viewer.now), booking=booking)
    return list(rows.order_by("expires_at", "pk"))


def offers_waiting(*, viewer: Viewer, institution: int, keeper: bool) -> list[Offer]:
    """Open proposals that wait for `institution`'s answer, first to run out first. One statement.

    Those to an outside party are answered by the keepers of the house that wrote it in.
    """
    from_lender = Q(offered_for=F("lender"))
    mine = Q(booking__borrower=institution) & from_lender
    if keeper:
        mine |= Q(lender=institution) & (~from_lender | Q(booking__borrower__isnull=True))
    rows = _with_sides(Offer.objects.visible_to(viewer)).filter(mine, _open(viewer.now))
    return list(rows.order_by("expires_at", "pk")[:MOST])


def things_to_propose(line: Line, *, viewer: Viewer) -> list[tuple[UUID, dict[str, str]]]:
    """What the owner of a line may propose instead of its thing, which comes first: public ids, titles by language.

    Two statements.
    """
    rows = (
        Resource.objects.visible_to(viewer)
        .filter(owner=line.lender_id, kind=line.shown.get("kind", ""))
        .filter(Q(state="published") | Q(pk=line.resource_id))
        .order_by("sort_key", "pk")
    )
    texts = ResourceText.objects.visible_to(viewer)
    found = list(rows.prefetch_related(Prefetch("texts", queryset=texts))[:MOST])
    found.sort(key=lambda one: one.pk != line.resource_id)
    return [(one.uid, titles(one.texts.all())) for one in found]
