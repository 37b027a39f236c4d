"""What both sides hear of proposals, changes and the waiting list, by the real engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from bookings.models import Line, Offer
from bookings.services.actions import act
from bookings.services.clockwork import tick
from bookings.services.offers import accept_offer, decline_offer, propose, withdraw_offer
from bookings.services.request.sending import request_booking
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from notifications.queries.inbox import inbox
from notifications.services.relay import relay_all
from notifications.services.send.sending import send_due
from tests.factories import make_institution, make_member, make_person, make_resource, make_terms
from tests.notifications.stage import mails, tell, told

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = datetime(2027, 3, 12, tzinfo=UTC)


class Houses:
    """A library with a hall it chooses the users of, and chairs had at once; a choir, a band."""

    def __init__(self) -> None:
        self.library = make_institution("Biblioteka")
        self.choir = make_institution("Chór")
        self.band = make_institution("Zespół")
        self.keeper = self._person("Kim", self.library, role="keeper")
        self.asker = self._person("Asa", self.choir)
        self.rival = self._person("Bo", self.band)
        self.hall = make_resource(self.library, "Sala", answering="owner_chooses")
        self.chairs = make_resource(self.library, "Krzesła", kind="pooled", units=10)
        make_terms(self.hall)
        make_terms(self.chairs, at_once=True)
        self.homes = {
            self.keeper.pk: self.library,
            self.asker.pk: self.choir,
            self.rival.pk: self.band,
        }

    @staticmethod
    def _person(name: str, house: Institution, **fields: str) -> Person:
        return make_member(house, make_person(name, language="en"), **fields)

    def view(self, person: Person, now: datetime = NOW) -> Viewer:
        return viewer_for(person=person, acting_for=self.homes[person.pk].pk, now=now)

    def wish(self, start: float, end: float, **fields: Any) -> LineWish:
        times = {
            "starts_at": DAY + timedelta(hours=start),
            "ends_at": DAY + timedelta(hours=end),
        }
        return LineWish(**{"resource": self.hall.uid, **times, **fields})

    def ask(self, person: Person, wish: LineWish) -> Line:
        made = request_booking(
            by=self.view(person),
            institution=self.homes[person.pk].pk,
            wish=BookingWish(lines=(wish,), title="Koncert"),
        )
        return made.lines[0]

    def propose(self, person: Person, line: Line, wish: LineWish) -> Offer:
        made = propose(by=self.view(person), line=line.uid, wish=wish, note="Może tak?")
        assert made.offer is not None
        return made.offer


@pytest.fixture
def houses() -> Houses:
    return Houses()


def quiet() -> None:
    """Send what is due, and look only at what comes after."""
    tell(NOW)
    mail.outbox.clear()


def test_a_proposal_is_mailed_with_its_time_and_leads_to_itself(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    quiet()
    offer = houses.propose(houses.keeper, line, houses.wish(9, 12))
    tell(NOW)
    (sent,) = mail.outbox
    assert sent.to == [houses.asker.email]
    assert sent.subject == "A proposal: Sala, Fri 12 March 2027, 10:00–13:00"
    body = str(sent.body)
    assert "Biblioteka proposes: Sala, Fri 12 March 2027, 10:00–13:00." in body
    assert "You can take it until" in body
    assert "Może tak?" in body
    assert f"/bookings/{line.booking.uid}/#offer-{offer.uid}" in body
    newest = inbox(viewer=houses.view(houses.asker))[0]
    assert newest.path.endswith(f"#offer-{offer.uid}")


def test_a_proposal_that_is_no_longer_open_is_not_mailed(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    quiet()
    offer = houses.propose(houses.keeper, line, houses.wish(9, 12))
    relay_all(now=NOW)
    withdraw_offer(by=houses.view(houses.keeper), offer=offer.uid)
    send_due(clock=lambda: NOW)
    assert mail.outbox == []
    assert mails(person=houses.asker) == [("proposed", "dropped")]


def test_the_answer_to_a_proposal_reaches_its_owner_once(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    offer = houses.propose(houses.keeper, line, houses.wish(9, 12))
    quiet()
    accept_offer(by=houses.view(houses.asker), offer=offer.uid)
    tell(NOW)
    assert told(houses.keeper) == ["request_new", "proposal_taken"]
    assert told(houses.asker) == ["proposed"]
    assert [one.to for one in mail.outbox] == [[houses.keeper.email]]


def test_a_change_is_asked_for_and_agreed(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    act(by=houses.view(houses.keeper), line=line.uid, action="approve")
    quiet()
    offer = houses.propose(houses.asker, line, houses.wish(17, 22))
    tell(NOW)
    (sent,) = mail.outbox
    assert sent.to == [houses.keeper.email]
    assert "Chór asks to change Sala to: Sala, Fri 12 March 2027, 18:00–23:00." in str(sent.body)
    accept_offer(by=houses.view(houses.keeper), offer=offer.uid)
    tell(NOW)
    assert told(houses.asker) == ["confirmed", "change_agreed"]
    assert told(houses.keeper) == ["request_new", "change_asked"]


def test_less_is_changed_at_once_and_told(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    act(by=houses.view(houses.keeper), line=line.uid, action="approve")
    quiet()
    made = propose(by=houses.view(houses.asker), line=line.uid, wish=houses.wish(17, 19))
    assert made.offer is None
    tell(NOW)
    (sent,) = mail.outbox
    assert sent.to == [houses.keeper.email]
    assert "Chór changed the booking: now Sala, Fri 12 March 2027, 18:00–20:00" in str(sent.body)


def test_a_no_with_a_proposal_is_one_mail(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    quiet()
    act(
        by=houses.view(houses.keeper),
        line=line.uid,
        action="decline",
        reason="Mamy próbę",
        proposal=houses.wish(9, 12),
    )
    tell(NOW)
    (sent,) = mail.outbox
    assert (sent.to, told(houses.asker)) == ([houses.asker.email], ["declined_but"])
    body = str(sent.body)
    assert "proposes instead: Sala, Fri 12 March 2027, 10:00–13:00" in body
    assert "Mamy próbę" in body


def test_who_waits_hears_what_came_free_and_until_when(houses: Houses) -> None:
    chairs = {"resource": houses.chairs.uid}
    taken = houses.ask(houses.rival, houses.wish(17, 20, units=10, **chairs))
    waiting = houses.ask(houses.asker, houses.wish(17, 20, units=4, waiting_list=True, **chairs))
    tell(NOW)
    assert told(houses.keeper) == ["booked_at_once", "waits"]
    mail.outbox.clear()
    act(by=houses.view(houses.rival), line=taken.uid, action="cancel")
    tell(NOW)
    offer = Offer.objects.visible_to(SYSTEM).get()
    (sent,) = [one for one in mail.outbox if one.to == [houses.asker.email]]
    assert sent.subject == "Came free: Krzesła ×4, Fri 12 March 2027, 18:00–21:00"
    assert "It is kept for you until Tue 2 March 2027, 10:00" in str(sent.body)
    accept_offer(by=houses.view(houses.asker), offer=offer.uid)
    tell(NOW)
    assert told(houses.keeper)[-1] == "came_free_taken"
    assert Line.objects.visible_to(SYSTEM).get(pk=waiting.pk).state == "confirmed"


def test_who_does_not_answer_in_time_is_told_and_the_next_is_asked(houses: Houses) -> None:
    chairs = {"resource": houses.chairs.uid, "units": 10}
    taken = houses.ask(houses.rival, houses.wish(17, 20, **chairs))
    houses.ask(houses.asker, houses.wish(17, 20, waiting_list=True, **chairs))
    act(by=houses.view(houses.rival), line=taken.uid, action="cancel")
    late = NOW + timedelta(days=1)
    tick(now=late)
    tell(late)
    assert told(houses.asker) == ["came_free", "came_free_missed"]
    assert mails(person=houses.asker) == [("came_free", "dropped")]


def test_what_held_no_answer_is_no_news_by_mail(houses: Houses) -> None:
    line = houses.ask(houses.asker, houses.wish(17, 20))
    offer = houses.propose(houses.keeper, line, houses.wish(9, 12))
    quiet()
    decline_offer(by=houses.view(houses.asker), offer=offer.uid, note="Rano nie możemy")
    tell(NOW)
    assert mail.outbox == []
    assert told(houses.keeper)[-1] == "proposal_declined"
    assert inbox(viewer=houses.view(houses.keeper))[0].note == "Rano nie możemy"
