"""A thing withdrawn between the look at it and the locks is promised to nobody."""

from __future__ import annotations

import pytest

from bookings.errors import BookingRefused
from bookings.models import Booking, Claim, Line
from bookings.services.actions import LinePlan
from bookings.services.commit import commit
from bookings.services.judging.asks import load_asks
from bookings.services.request.plan import RequestPlan
from bookings.services.resources import withdraw_resource
from bookings.wishes import BookingWish
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import NOW, ask, codes, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db


def test_a_request_that_would_be_confirmed_at_once_is_refused() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    wish = BookingWish((line(hall),), title="Próba")
    asks = load_asks(wish, by=guest.viewer, borrower=guest.house.pk, borrower_state="active")
    withdraw_resource(by=owner.viewer, resource=hall.uid)
    with pytest.raises(BookingRefused) as refused:
        commit(RequestPlan(wish, asks, guest.house.pk, guest.viewer), now=NOW, by=guest.viewer)
    assert codes(refused.value.reasons) == ["resource_not_offered"]
    assert not Booking.objects.visible_to(SYSTEM).exists()
    assert not Claim.objects.exists()


def test_an_owners_yes_is_refused() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner)
    sent = ask(guest, line(hall)).lines[0]
    asks = load_asks(
        BookingWish((line(hall),), title="x"),
        by=guest.viewer,
        borrower=None,
        borrower_state="active",
    )
    stored = Line.objects.visible_to(SYSTEM).select_related("booking").get(pk=sent.pk)
    Resource.objects.visible_to(SYSTEM).filter(pk=hall.pk).update(state="suspended")
    plan = LinePlan(stored, "approve", owner.viewer, {hall.pk: asks[0].resource}, guest.viewer)
    with pytest.raises(BookingRefused) as refused:
        commit(plan, now=NOW, by=owner.viewer)
    assert codes(refused.value.reasons) == ["resource_not_offered"]
    assert fresh(sent).state == "asked"
