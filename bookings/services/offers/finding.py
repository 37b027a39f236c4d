"""The proposal that somebody answers: found, still open or not, and what it proposes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import OfferExpired
from bookings.models import Offer, OfferKind
from bookings.services.scene import Scene
from bookings.states import OfferState
from bookings.wishes import LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound


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


def offer_for(by: Viewer, offer: UUID) -> Offer:
    """The proposal with its line and booking. Raises `NotFound`, also for one that comes along with another."""
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


def still_open(scene: Scene, offer: Offer) -> Offer | None:
    """The locked offer; None where it was accepted already. Raises where it ended otherwise."""
    locked = scene.offers.stored.get(offer.pk)
    if locked is not None and locked.state == OfferState.OPEN:
        return locked
    now = as_stored(offer, scene)
    if now.state == OfferState.ACCEPTED:
        return None
    raise too_late(now)


def as_stored(offer: Offer, scene: Scene) -> Offer:
    """The proposal as it stands by now, this commit included."""
    ended = scene.offers.ended.get(offer.pk)
    return ended or Offer.objects.visible_to(SYSTEM).get(pk=offer.pk)


def too_late(offer: Offer) -> Conflict:
    """Why a proposal that has ended cannot be answered."""
    if offer.state == OfferState.EXPIRED:
        return OfferExpired(_("This proposal has run out."))
    return Conflict(
        _("This proposal is no longer open: it is “%(state)s”.")
        % {"state": OfferState(offer.state).label}
    )
