"""Somebody written in who has no account hears by e-mail, where there is an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from bookings.models import Booking
from bookings.services.correcting import correct, undo_write_in
from bookings.services.messages import write_message
from bookings.services.told import told_by_phone
from bookings.services.write_in import WrittenFor, write_in
from cooperative.institutions.models import Institution
from notifications.services.relay import relay_all
from tests.bookings.stage import NOW, Side, do, line, lines_of, make_side, make_thing, wish
from tests.notifications.stage import mails, tell

pytestmark = pytest.mark.django_db
NOWAK = "nowak@choir.example"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def owner() -> Side:
    side = make_side("Dom Kultury")
    Institution.objects.filter(pk=side.house.pk).update(
        contact_email="dom@culture.example", contact_phone="71 300 10 10", languages=["pl"]
    )
    return side


def written(owner: Side, **whom: Any) -> Booking:
    found = WrittenFor(**{"name": "p. Nowak", "phone": "600", "email": NOWAK, **whom})
    lines = wish(line(make_thing(owner, "Sala luster")))
    return write_in(by=owner.viewer, lender=owner.house.pk, wish=lines, whom=found)


def sent_since(count: int) -> list[Any]:
    return [one for one in mail.outbox[count:] if one.to == [NOWAK]]


def test_who_was_written_in_gets_the_yes_words_corrections_and_the_no(owner: Side) -> None:
    booking = written(owner)
    tell(NOW)
    [yes] = sent_since(0)
    assert yes.subject == "Wpisane dla was: Sala luster, śr 10 marca 2027, 11:00–13:00"
    assert yes.reply_to == ["dom@culture.example"]
    assert "71 300 10 10" in yes.body
    assert "/bookings/" not in yes.body + str(yes.alternatives[0])
    write_message(by=owner.at(LATER), booking=booking.uid, body="Klucz na portierni.")
    tell(LATER)
    [words] = sent_since(1)
    assert ("Klucz na portierni." in words.body, words.reply_to) == (True, ["dom@culture.example"])
    correct(by=owner.at(LATER), booking=booking.uid, title="Próba generalna")
    tell(LATER)
    [corrected] = sent_since(2)
    assert "Tytuł: teraz „Próba generalna”, przedtem „Próba”" in corrected.body
    do(owner, lines_of(booking)[0], "take_back", now=LATER, reason="Zalało salę.")
    tell(LATER)
    [no] = sent_since(3)
    assert ("Zalało salę." in no.body, "71 300 10 10" in no.body) == (True, True)
    assert len(mail.outbox) == 4


def test_a_new_address_hears_all_of_it_and_the_old_one_no_more(owner: Side) -> None:
    booking = written(owner, email="nowk@choir.example")
    relay_all(now=NOW)
    correct(by=owner.viewer, booking=booking.uid, outside_email=NOWAK)
    tell(NOW)
    assert [(one.to, one.subject[:15]) for one in mail.outbox] == [([NOWAK], "Wpisane dla was")]
    assert mails(address="nowk@choir.example") == [("written_in", "dropped")]


def test_what_is_undone_before_it_was_told_is_not_told(owner: Side) -> None:
    booking = written(owner)
    relay_all(now=NOW)
    undo_write_in(by=owner.viewer, booking=booking.uid)
    tell(NOW)
    assert (mails(), mail.outbox) == ([("written_in", "dropped"), ("taken_back", "dropped")], [])


def test_who_was_called_gets_no_mail_of_it(owner: Side) -> None:
    booking = written(owner)
    tell(NOW)
    [one] = lines_of(booking)
    do(owner, one, "take_back", now=LATER)
    told_by_phone(by=owner.at(LATER), line=one.uid)
    tell(LATER)
    assert mails() == [("written_in", "sent"), ("taken_back", "dropped")]


def test_without_an_address_nobody_is_mailed(owner: Side) -> None:
    booking = written(owner, email="")
    write_message(by=owner.viewer, booking=booking.uid, body="Halo?")
    tell(NOW)
    assert (mails(), mail.outbox) == ([], [])
