"""What was put together and thrown away again is nobody's business but the asker's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookings.models import Booking, Line
from bookings.services.actions import act_on_booking
from bookings.services.drafts import add_line, current_request
from bookings.services.messages import write_message
from bookings.wishes import LineWish
from cooperative.access.queries import viewer_for
from cooperative.errors import Conflict
from cooperative.models import EventParty
from tests.factories import make_institution, make_member, make_resource, make_terms

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 5, 9, 0, tzinfo=UTC)


def test_nobody_is_written_to_before_it_was_sent() -> None:
    owner, choir = make_institution("Dom Kultury"), make_institution("Chór")
    room = make_resource(owner)
    make_terms(room)
    asker = viewer_for(person=make_member(choir), acting_for=choir.pk, now=NOW)
    start = NOW + timedelta(days=7)
    line = add_line(by=asker, wish=LineWish(room.uid, start, start + timedelta(hours=2)))
    with pytest.raises(Conflict):
        write_message(by=asker, booking=line.booking.uid, body="Czy sala jest ciepła?")
    assert not EventParty.objects.filter(institution=owner).exists()


def test_a_request_withdrawn_before_it_was_sent_is_not_seen_nor_told_to_the_owner() -> None:
    owner, choir = make_institution("Dom Kultury"), make_institution("Chór")
    keeper, singer = make_member(owner, role="keeper"), make_member(choir)
    room = make_resource(owner)
    make_terms(room)
    asker = viewer_for(person=singer, acting_for=choir.pk, now=NOW)
    owners = viewer_for(person=keeper, acting_for=owner.pk, now=NOW)
    start = NOW + timedelta(days=7)
    add_line(by=asker, wish=LineWish(room.uid, start, start + timedelta(hours=2)))
    draft = current_request(by=asker)
    assert draft is not None

    act_on_booking(by=asker, booking=draft.uid, action="withdraw")

    assert Line.objects.visible_to(asker).get().state == "withdrawn"
    assert not Line.objects.visible_to(owners).exists()
    assert not Booking.objects.visible_to(owners).exists()
    assert not EventParty.objects.filter(institution=owner).exists()
    assert EventParty.objects.filter(institution=choir, role="borrower").count() == 1
