"""A date that is cancelled: also who only asked for places hears of it, with why and what else there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import WouldHit
from bookings.models import BookingMessage, Claim, Offer, SeatedSession
from bookings.services.instead import options_instead_of
from bookings.services.offers import propose
from bookings.services.sessions import (
    add_session,
    cancel_session,
    change_session,
    restore_session,
)
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid
from cooperative.events.models import Event
from sharing.models import Resource
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    audited,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    state_of,
)
from tests.cooperative.api_caller import Caller, make_token, said
from tests.frontend.keeping import MONDAY, At, signed_in, text_of

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=50)
WHY = "Prowadząca jest chora"


@pytest.fixture
def owner() -> Side:
    return make_side("Dom")


@pytest.fixture
def workshop(owner: Side) -> Resource:
    """Four seats, at ten and at two o'clock of `DAY`; its owner chooses."""
    thing = make_thing(owner, "Warsztat", kind="seated", units=4)
    for hour in (10, 14):
        start = DAY + timedelta(hours=hour)
        add_session(
            by=owner.viewer,
            resource=thing.uid,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
        )
    return thing


@pytest.fixture
def first(workshop: Resource) -> SeatedSession:
    return SeatedSession.objects.get(starts_at=DAY + timedelta(hours=10))


def test_who_asked_is_declined_with_why_and_offered_the_other_date(
    owner: Side, workshop: Resource, first: SeatedSession
) -> None:
    has, asks, waits = make_side("A"), make_side("B"), make_side("C")
    booked = ask(has, line(workshop, 10, 2, units=4)).lines[0]
    asked = ask(asks, line(workshop, 10, 2, units=2)).lines[0]
    do(owner, booked, "approve")
    waiting = ask(waits, line(workshop, 10, 2, units=1, waiting_list=True)).lines[0]
    other = ask(make_side("D"), line(workshop, 14, 2)).lines[0]
    assert fresh(waiting).waiting
    with pytest.raises(WouldHit) as hit:
        cancel_session(by=owner.viewer, session=first.uid)
    assert {one.pk for one in hit.value.lines} == {booked.pk, asked.pk, waiting.pk}
    with pytest.raises(Invalid):
        cancel_session(by=owner.viewer, session=first.uid, reason="x" * 5_001)
    cancel_session(by=owner.viewer, session=first.uid, confirmed=True, reason=WHY)
    assert [fresh(one).state for one in (booked, asked, waiting, other)] == [
        "to_settle",
        "declined",
        "declined",
        "asked",
    ]
    assert state_of(asked.booking) == "declined"
    words = BookingMessage.objects.visible_to(SYSTEM).filter(action__in=["hit", "decline"])
    assert {(one.line_id, one.kind, one.body) for one in words} == {
        (one.pk, "reason", WHY) for one in (booked, asked, waiting)
    }
    told = Event.objects.filter(verb="booking.decline")
    assert {str(event.subject_uid) for event in told} == {
        str(one.booking.uid) for one in (asked, waiting)
    }
    options = options_instead_of(by=asks.viewer, line=asked.uid)
    assert [(one.kind, one.starts_at) for one in options] == [
        ("other_time", DAY + timedelta(hours=14))
    ]
    with pytest.raises(Conflict):
        do(owner, asked, "approve")
    audited()
    # A mistake: within the hour everybody is where they were.
    back = restore_session(by=owner.at(SOON), session=first.uid)
    assert {one.pk for one in back.restored} == {booked.pk, asked.pk, waiting.pk}
    assert [fresh(one).state for one in (booked, asked, waiting)] == ["confirmed", "asked", "asked"]
    assert [fresh(one).waiting for one in (asked, waiting)] == [False, True]
    assert fresh(asked).decided_at is None
    audited()
    cancel_session(by=owner.at(SOON), session=first.uid, confirmed=True)
    late = restore_session(by=owner.at(SOON + timedelta(hours=2)), session=first.uid)
    assert late.restored == ()
    assert fresh(asked).state == "declined"
    audited()


def test_what_was_proposed_of_it_is_off_the_table(
    owner: Side, workshop: Resource, first: SeatedSession
) -> None:
    asked = ask(make_side("B"), line(workshop, 14, 2)).lines[0]
    made = propose(by=owner.viewer, line=asked.uid, wish=line(workshop, 10, 2)).offer
    assert made is not None
    assert Claim.objects.filter(offer=made.pk).count() == 1
    cancel_session(by=owner.viewer, session=first.uid)
    assert Offer.objects.visible_to(SYSTEM).get(pk=made.pk).state == "withdrawn"
    assert not Claim.objects.filter(offer=made.pk).exists()
    assert fresh(asked).state == "asked"
    audited()


def test_a_date_that_is_asked_for_is_not_moved_away(
    owner: Side, workshop: Resource, first: SeatedSession
) -> None:
    asked = ask(make_side("B"), line(workshop, 10, 2)).lines[0]
    later: dict[str, Any] = {
        "starts_at": DAY + timedelta(hours=11),
        "ends_at": DAY + timedelta(hours=13),
    }
    with pytest.raises(WouldHit) as hit:
        change_session(by=owner.viewer, session=first.uid, **later)
    assert [one.pk for one in hit.value.lines] == [asked.pk]
    do(owner, asked, "decline")
    moved = change_session(by=owner.viewer, session=first.uid, **later)
    assert moved.starts_at == later["starts_at"]


def test_over_the_api_and_on_the_page(
    at: At, owner: Side, workshop: Resource, first: SeatedSession
) -> None:
    at(MONDAY)
    asks = make_side("B")
    asked = ask(asks, line(workshop, 10, 2)).lines[0]
    keeper = Caller(make_token(owner.person))
    path = f"sessions/{first.uid}/cancel/"
    refused = keeper.post(path, {})
    assert said(refused) == (409, "would_hit")
    assert [one["state"] for one in refused.json()["hits"]] == ["asked"]
    client, place = signed_in(owner), f"/things/{workshop.uid}/dates/{first.uid}/"
    shown = client.post(place, {"action": "cancel", "reason": WHY})
    assert shown.status_code == 409
    assert "These have places or ask for some" in text_of(shown)
    assert f'name="reason" value="{WHY}"' in shown.content.decode()
    sure = {"action": "cancel", "reason": WHY, "confirmed": "1"}
    assert client.post(place, sure).status_code == 302
    page = signed_in(asks).get(f"/bookings/{asked.booking.uid}/")
    assert WHY in text_of(page)
    assert "What you can do instead" in text_of(page)
    assert "15:00–17:00" in text_of(page)
    again = keeper.post(path, {"reason": "x"})
    assert again.status_code == 200
    found = keeper.post(f"sessions/{first.uid}/restore/", {}).json()
    assert found == {"restored": [str(asked.uid)], "to_settle": []}
