"""Few mails: whole ordinary bookings by the real engine with their mails counted, gathering, quiet hours, what breaks
today, and who was told by phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from bookings.models import Line
from bookings.services.actions import act
from bookings.services.blocks import add_block
from bookings.services.clockwork import tick
from bookings.services.messages import write_message
from bookings.services.request.sending import request_booking
from bookings.services.told import told_by_phone
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from cooperative.people.services.people import set_quiet_hours
from notifications.models import Delivery
from notifications.quiet import awake_from
from notifications.services.lists import tell_tomorrow, tell_unanswered
from notifications.services.relay import relay_all
from notifications.services.remind import plan_reminders, remind
from notifications.services.send.leasing import lease
from notifications.services.send.sending import send_due
from sharing.models import Resource
from tests.factories import make_institution, make_member, make_person, make_resource, make_terms
from tests.notifications.stage import NOON, mails, set_stage, told

pytestmark = pytest.mark.django_db

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
START = datetime(2027, 3, 12, 9, tzinfo=UTC)
END = datetime(2027, 3, 12, 15, tzinfo=UTC)
STEP = timedelta(minutes=5)


class Town:
    """A choir that borrows, and owners of things that are handed out; the clock goes in steps of five minutes."""

    def __init__(self, owners: int = 1) -> None:
        self.now = MONDAY
        self.choir = make_institution("Chór")
        self.asker = make_member(self.choir, make_person("Asa", language="en"))
        self.owners: list[tuple[Institution, Person]] = []
        for number in range(owners):
            house = make_institution(
                f"Dom {number}", day_contact_name="Marta", day_contact_phone="+48 71 000"
            )
            self.owners.append((house, make_member(house, make_person(language="en"), "keeper")))

    def things(self, count: int) -> list[Resource]:
        made = []
        for number in range(count):
            house = self.owners[number % len(self.owners)][0]
            thing = make_resource(house, f"Rzecz {number}", handover="simple")
            make_terms(thing)
            made.append(thing)
        return made

    def view(self, person: Person, house: Institution) -> Viewer:
        return viewer_for(person=person, acting_for=house.pk, now=self.now)

    def ask(self, things: Sequence[Resource], **fields: Any) -> list[Line]:
        lines = tuple(LineWish(resource=one.uid, starts_at=START, ends_at=END) for one in things)
        wish = BookingWish(lines=lines, title="Seans", **fields)
        by = self.view(self.asker, self.choir)
        return list(request_booking(by=by, institution=self.choir.pk, wish=wish).lines)

    def act(self, line: Line, action: str, **words: Any) -> None:
        house, keeper = next(one for one in self.owners if one[0].pk == line.lender_id)
        act(by=self.view(keeper, house), line=line.uid, action=action, **words)
        self.goes_on(timedelta(minutes=2))

    def goes_on(self, by: timedelta) -> None:
        self.until(self.now + by)

    def until(self, then: datetime) -> None:
        """Time passes as beat has it pass, at least now and at the end."""
        for now in (self.now, then):
            self.now = now
            tick(now=now)
            plan_reminders(now=now)
            remind(now=now)
            tell_unanswered(now=now)
            tell_tomorrow(now=now)
            relay_all(now=now)
            send_due(clock=lambda: self.now)

    def counted(self) -> Counter[str]:
        return Counter(message.to[0] for message in mail.outbox)


@pytest.mark.parametrize(
    ("owners", "things", "together"),
    [
        (1, 1, True),
        (1, 4, True),
        (3, 4, False),
        pytest.param(1, 4, False, marks=pytest.mark.proof),
        pytest.param(3, 4, True, marks=pytest.mark.proof),
    ],
)
def test_an_ordinary_booking_sends_at_most_three_and_two_mails(
    owners: int, things: int, together: bool
) -> None:
    town = Town(owners)
    lines = town.ask(town.things(things), all_or_nothing=together)
    town.goes_on(timedelta(minutes=5))
    for line in lines:
        town.act(line, "approve", note="Key at the porter's.")
    town.goes_on(timedelta(minutes=5))
    town.until(START - timedelta(hours=24))
    town.until(START - timedelta(hours=18))
    town.until(START)
    for line in lines:
        town.act(line, "hand_over")
    town.until(END + timedelta(minutes=1))
    town.goes_on(timedelta(minutes=5))
    for line in lines:
        town.act(line, "give_back")
    town.until(END + timedelta(days=15))

    assert {line.state for line in Line.objects.visible_to(SYSTEM)} == {"closed"}
    counted = town.counted()
    subjects = [f"{one.to[0]}: {one.subject}" for one in mail.outbox]
    print(f"\n{owners} owner(s), {things} line(s), whole={together}:", *subjects, sep="\n  ")
    assert counted.pop(town.asker.email) == 3, subjects
    assert sorted(counted.values()) == [2] * owners, subjects
    assert not Delivery.objects.filter(state__in=["due", "sending", "parked"]).exists()


def test_four_answers_within_minutes_are_one_mail_with_all_their_words() -> None:
    town = Town()
    lines = town.ask(town.things(4), all_or_nothing=False)
    town.goes_on(STEP)
    mail.outbox.clear()
    for number, line in enumerate(lines[:3]):
        town.act(line, "approve", note=f"Note {number}")
    town.act(lines[3], "decline", reason="It is broken.")
    assert mail.outbox == []
    town.goes_on(STEP)
    (sent,) = mail.outbox
    assert sent.subject.startswith("Confirmed: Rzecz 0, Rzecz 1, Rzecz 2, ")
    assert "; Declined: Rzecz 3, " in sent.subject or sent.subject.endswith("…")
    for words in ("Note 0", "Note 1", "Note 2", "It is broken.", "Declined: Rzecz 3"):
        assert words in str(sent.body)
    assert sorted(mails(person=town.asker)) == [("confirmed", "sent")] * 3 + [("declined", "sent")]


def test_what_was_taken_back_meanwhile_is_left_out_of_the_mail() -> None:
    town = Town()
    lines = town.ask(town.things(2), all_or_nothing=False)
    town.goes_on(STEP)
    mail.outbox.clear()
    town.act(lines[0], "approve")
    town.act(lines[1], "approve")
    town.act(lines[0], "take_back", reason="A mistake.")
    town.goes_on(STEP)
    assert sorted(message.subject.split(",")[0] for message in mail.outbox) == [
        "Confirmed: Rzecz 1",
        "Taken back by the owner: Rzecz 0",
    ]


def test_a_gathered_mail_that_was_begun_is_sent_again_as_it_was() -> None:
    town = Town()
    lines = town.ask(town.things(3), all_or_nothing=False)
    town.goes_on(STEP)
    mail.outbox.clear()
    town.act(lines[0], "approve")
    town.act(lines[1], "approve")
    town.now += timedelta(hours=1)
    begun = lease(now=town.now)
    assert begun is not None
    town.act(lines[2], "approve")  # its worker died, and another answer came meanwhile
    town.goes_on(timedelta(minutes=10))
    first, second = mail.outbox
    assert first.message()["Message-ID"] == f"<{begun.uid}@127.0.0.1>"
    assert "Rzecz 2" not in str(first.body)
    assert second.subject.startswith("Confirmed: Rzecz 2, ")


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2027-03-01T19:59+01:00", "2027-03-01T19:59+01:00"),
        ("2027-03-01T20:00+01:00", "2027-03-02T07:00+01:00"),
        ("2027-03-02T06:59+01:00", "2027-03-02T07:00+01:00"),
        ("2027-03-02T07:00+01:00", "2027-03-02T07:00+01:00"),
        # Over both changes of the clock seven stays seven.
        ("2027-03-27T23:30+01:00", "2027-03-28T07:00+02:00"),
        ("2027-10-30T23:30+02:00", "2027-10-31T07:00+01:00"),
    ],
)
def test_ordinary_mails_wait_for_the_morning_of_their_reader(at: str, then: str) -> None:
    found = awake_from(
        datetime.fromisoformat(at), zone="Europe/Warsaw", quiet_from=1200, quiet_until=420
    )
    assert found == datetime.fromisoformat(then)


def test_quiet_hours_within_a_day_or_none() -> None:
    one = datetime(2027, 3, 1, 12, 30, tzinfo=UTC)
    assert awake_from(one, zone="UTC", quiet_from=720, quiet_until=780).hour == 13
    assert awake_from(one, zone="UTC", quiet_from=780, quiet_until=720).day == 1
    assert awake_from(one, zone="UTC", quiet_from=None, quiet_until=None) == one


def test_what_breaks_today_passes_quiet_hours_and_what_waits_and_says_whom_to_call() -> None:
    town = Town()
    (thing,) = town.things(1)
    (line,) = town.ask([thing])
    town.goes_on(STEP)
    town.act(line, "approve")
    town.goes_on(STEP)
    town.until(START - timedelta(hours=13))  # nine in the evening before
    mail.outbox.clear()
    house, keeper = town.owners[0]
    by = town.view(keeper, house)
    write_message(by=by, booking=line.booking.uid, body="We look for another one.")
    add_block(
        by=by,
        resource=thing.uid,
        starts_at=START,
        ends_at=END,
        kind="repair",
        hit=(line.uid,),
    )
    town.goes_on(timedelta(minutes=1))
    (sent,) = mail.outbox
    assert sent.subject.startswith("To be settled: Rzecz 0")
    assert "Call: Marta, +48 71 000" in str(sent.body)
    assert "It is being repaired." in str(sent.body)
    assert mails(person=town.asker)[-2:] == [("message_new", "due"), ("hit", "sent")]
    town.until(START - timedelta(hours=3))  # seven in the morning
    assert [message.subject.split(":")[0] for message in mail.outbox[1:]] == ["New message"]


def test_who_was_told_by_phone_before_the_mail_went_out_gets_none_but_the_inbox() -> None:
    town = Town()
    (thing,) = town.things(1)
    (line,) = town.ask([thing])
    town.goes_on(STEP)
    town.act(line, "approve")
    town.goes_on(STEP)
    mail.outbox.clear()
    house, keeper = town.owners[0]
    add_block(
        by=town.view(keeper, house),
        resource=thing.uid,
        starts_at=START,
        ends_at=END,
        kind="repair",
        hit=(line.uid,),
    )
    relay_all(now=town.now)
    told_by_phone(by=town.view(keeper, house), line=line.uid)
    town.goes_on(STEP)
    assert mail.outbox == []
    assert told(town.asker)[-1] == "hit"
    assert Delivery.objects.filter(message="hit", channel="email").get().error == "told by phone"


def test_what_people_do_out_of_the_ordinary_is_mailed() -> None:
    town = Town()
    lines = town.ask(town.things(2), all_or_nothing=False)
    for line in lines:
        town.act(line, "approve")
    town.goes_on(STEP)
    mail.outbox.clear()
    by = town.view(town.asker, town.choir)
    write_message(by=by, booking=lines[0].booking.uid, body="Is there a screen?")
    town.goes_on(STEP)
    town.act(lines[0], "take_back", reason="The roof leaks.")
    town.goes_on(STEP)
    town.until(START)
    town.act(lines[1], "hand_over")
    town.act(lines[1], "give_back")
    town.act(lines[1], "complain", reason="One cable is missing.")
    town.goes_on(STEP)
    subjects = [message.subject.split(":")[0] for message in mail.outbox]
    ordinary = {"Tomorrow", "Next to hand out and to get back"}
    assert [one for one in subjects if one not in ordinary] == [
        "New message",
        "Taken back by the owner",
        "Something was wrong",
    ]


def test_a_reader_who_is_never_quiet_is_told_at_night() -> None:
    night = NOON + timedelta(hours=12)
    stage = set_stage()
    viewer = viewer_for(person=stage.keeper, acting_for=stage.library.pk, now=NOON)
    set_quiet_hours(by=viewer, from_minute=None, until_minute=None)
    other = make_member(stage.library, role="keeper")
    stage.happens("send", to="asked", actor=stage.asker, now=night)
    relay_all(now=night)
    send_due(clock=lambda: night + STEP)
    assert mails(person=stage.keeper) == [("request_new", "sent")]
    assert mails(person=other) == [("request_new", "due")]
