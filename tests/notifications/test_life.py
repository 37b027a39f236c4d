"""A whole life of an ordinary booking by the real engine: what each side hears, and how many mails they get."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from bookings.models import Line
from bookings.services.actions import act
from bookings.services.clockwork import tick
from bookings.services.messages import write_message
from bookings.services.request.sending import request_booking
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from notifications.services.lists import tell_tomorrow, tell_unanswered
from notifications.services.remind import plan_reminders, remind
from sharing.models import Resource
from tests.factories import make_institution, make_member, make_person, make_resource, make_terms
from tests.notifications.stage import tell, told

pytestmark = pytest.mark.django_db

START = datetime(2027, 3, 12, 9, tzinfo=UTC)
END = datetime(2027, 3, 12, 15, tzinfo=UTC)
ASKED = datetime(2027, 3, 1, 9, tzinfo=UTC)


class Story:
    """Two houses and a projector that is handed out and comes back."""

    def __init__(self) -> None:
        self.library: Institution = make_institution("Biblioteka")
        self.choir: Institution = make_institution("Chór")
        self.keeper: Person = make_member(
            self.library, make_person("Kim", language="en"), role="keeper"
        )
        self.asker: Person = make_member(self.choir, make_person("Asa", language="en"))
        self.projector: Resource = make_resource(self.library, "Projektor", handover="simple")
        make_terms(self.projector)

    def view(self, person: Person, now: datetime) -> Viewer:
        house = self.library if person == self.keeper else self.choir
        return viewer_for(person=person, acting_for=house.pk, now=now)

    def ask(self, now: datetime = ASKED) -> Line:
        wish = BookingWish(
            lines=(LineWish(resource=self.projector.uid, starts_at=START, ends_at=END),),
            title="Seans",
        )
        request_booking(by=self.view(self.asker, now), institution=self.choir.pk, wish=wish)
        self.tell(now)
        return self.line

    @property
    def line(self) -> Line:
        return Line.objects.visible_to(SYSTEM).select_related("booking").get()

    def act(self, person: Person, action: str, now: datetime, **words: str) -> None:
        act(by=self.view(person, now), line=self.line.uid, action=action, **words)  # type: ignore[arg-type]
        self.tell(now)

    def time_passes(self, now: datetime) -> None:
        tick(now=now)
        plan_reminders(now=now)
        remind(now=now)
        tell_unanswered(now=now)
        tell_tomorrow(now=now)
        self.tell(now)

    def tell(self, now: datetime) -> None:
        tell(now)

    def mails(self) -> Counter[str]:
        return Counter(message.to[0] for message in mail.outbox)


def test_an_ordinary_booking_from_request_to_close() -> None:
    story = Story()
    story.ask()
    story.act(story.keeper, "approve", ASKED + timedelta(hours=1), note="Take the long cable.")
    story.time_passes(START - timedelta(hours=24))
    story.time_passes(START - timedelta(hours=18))
    story.time_passes(START - timedelta(hours=1))
    story.act(story.keeper, "hand_over", START)
    story.time_passes(END + timedelta(minutes=1))
    story.act(story.keeper, "give_back", END + timedelta(minutes=20))
    story.time_passes(END + timedelta(days=15))

    assert story.line.state == "closed"
    assert told(story.keeper) == ["request_new", "tomorrow", "is_it_back"]
    assert told(story.asker) == ["confirmed", "use_soon", "handed_over", "bring_back", "given_back"]
    assert story.mails() == {story.keeper.email: 2, story.asker.email: 3}
    subjects = [message.subject.split(":")[0] for message in mail.outbox]
    assert subjects == [
        "New request",
        "Confirmed",
        "Tomorrow",
        "Next to hand out and to get back",
        "Time to bring back",
    ]
    assert "Take the long cable." in str(mail.outbox[1].body)


def test_a_request_that_is_declined_says_why() -> None:
    story = Story()
    story.ask()
    story.act(story.keeper, "decline", ASKED + timedelta(hours=1), reason="We need it ourselves.")
    assert told(story.asker) == ["declined"]
    assert "We need it ourselves." in str(mail.outbox[-1].body)
    assert story.mails() == {story.keeper.email: 1, story.asker.email: 1}


def test_a_request_that_nobody_answers() -> None:
    story = Story()
    story.ask()
    story.time_passes(START + timedelta(minutes=1))
    assert told(story.asker)[-1] == "expired"
    assert told(story.keeper)[-1] == "expired_owner"
    assert story.mails() == {story.keeper.email: 1, story.asker.email: 1}


def test_cancelling_tells_the_owner_and_ends_all_reminders() -> None:
    story = Story()
    story.ask()
    story.act(story.keeper, "approve", ASKED + timedelta(hours=1))
    story.act(story.asker, "cancel", ASKED + timedelta(hours=2))
    story.time_passes(START - timedelta(hours=24))
    story.time_passes(END + timedelta(hours=1))
    assert told(story.asker) == ["confirmed"]
    assert told(story.keeper) == ["request_new", "cancelled"]
    assert story.mails() == {story.keeper.email: 2, story.asker.email: 1}


def test_a_message_goes_to_the_other_side_with_its_words() -> None:
    story = Story()
    line = story.ask()
    write_message(
        by=story.view(story.asker, ASKED), booking=line.booking.uid, body="Is there a screen?"
    )
    tell(ASKED)
    assert told(story.keeper) == ["request_new", "message_new"]
    assert told(story.asker) == []
    assert mail.outbox[-1].subject == "New message: Seans"
    assert "Is there a screen?" in str(mail.outbox[-1].body)
