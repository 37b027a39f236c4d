"""What is corrected in a booking is told to the other side: what was, and what is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import translation

from bookings.models import BookingMessage
from bookings.services.correcting import correct
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from notifications.queries.inbox import inbox
from notifications.services.relay import relay_all
from notifications.services.send.sending import send_due
from tests.bookings.stage import DAY, NOW, ask, do, line, lines_of, make_side, make_thing, wish
from tests.notifications.stage import mails, tell, told

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def test_the_owner_hears_what_a_named_member_corrected() -> None:
    owner, guest = make_side("Biblioteka"), make_side("Chór", role="staff")
    whom = WrittenFor(borrower=guest.house.pk)
    wanted = wish(line(make_thing(owner)), expected_people=20)
    booking = write_in(by=owner.viewer, lender=owner.house.pk, wish=wanted, whom=whom)
    tell(NOW)
    mail.outbox.clear()
    changes: dict[str, Any] = {
        "title": "Koncert",
        "expected_people": 80,
        "responsible_phone": "600 100 200",
    }
    correct(by=guest.at(LATER), booking=booking.uid, **changes)
    tell(LATER)
    [sent] = mail.outbox
    assert sent.to == [owner.person.email]
    assert (told(owner.person), told(guest.person)) == (["corrected"], ["written_in"])
    with translation.override("en"):
        [entry] = inbox(viewer=owner.at(LATER))
        assert entry.note == (
            "Title: now “Koncert”, before “Próba”\n"
            "Number of people: now 80, before 20\n"
            "Phone on the day: now “600 100 200”"
        )
        # Contacts are told for two weeks after the use, and nothing but the booking keeps them.
        [entry] = inbox(viewer=owner.at(DAY + timedelta(days=20)))
        assert entry.note.splitlines()[2] == "Phone on the day: another one"
    [kept] = BookingMessage.objects.visible_to(SYSTEM)
    assert kept.changes == {
        "expected_people": [20, 80],
        "responsible_phone": [],
        "title": ["Próba", "Koncert"],
    }
    assert (kept.kind, kept.author_for_id) == ("correction", guest.house.pk)


def test_what_is_mended_right_after_sending_is_no_second_mail() -> None:
    owner, guest = make_side(), make_side(role="staff")
    asked = ask(guest, line(make_thing(owner))).booking
    relay_all(now=NOW)
    for number, title in enumerate(("Prba", "Próba chóru")):
        minutes = timedelta(minutes=number + 1)
        correct(by=guest.at(NOW + minutes), booking=asked.uid, title=title)
        relay_all(now=NOW + minutes)
    send_due(clock=lambda: NOW + timedelta(minutes=30))
    [sent] = mail.outbox
    assert sent.to == [owner.person.email]
    assert "Próba chóru" in sent.body
    assert set(mails(person=owner.person)) == {("request_new", "sent"), ("corrected", "sent")}


def test_what_is_over_when_the_mail_goes_out_is_not_told_as_corrected() -> None:
    owner, guest = make_side(), make_side(role="staff")
    asked = ask(guest, line(make_thing(owner))).booking
    tell(NOW)
    correct(by=guest.at(LATER), booking=asked.uid, title="Inaczej")
    do(guest, lines_of(asked)[0], "withdraw", now=LATER)
    tell(LATER)
    assert dict(mails(person=owner.person)) == {"request_new": "sent", "corrected": "dropped"}


def test_a_keeper_who_corrects_somebody_outside_is_not_told_of_it() -> None:
    owner = make_side()
    whom = WrittenFor(name="p. Nowak")
    booking = write_in(
        by=owner.viewer, lender=owner.house.pk, wish=wish(line(make_thing(owner))), whom=whom
    )
    correct(by=owner.at(LATER), booking=booking.uid, outside_name="p. Nowakowa")
    tell(LATER)
    assert (told(owner.person), mail.outbox) == ([], [])
