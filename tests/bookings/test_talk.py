"""Conversations: words, photos and files; questions before any date; who reads, who hears, and who never does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from bookings.errors import TooMuchWritten
from bookings.models import Attachment, Booking, BookingMessage, Enquiry
from bookings.services import enquiries, messages
from bookings.services.enquiries import answer_question, ask_question
from bookings.services.messages import write_message
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from notifications.queries.inbox import inbox
from notifications.services.relay import relay
from notifications.services.send.sending import send_due
from sharing.models import Resource

from .stage import NOW, Side, ask, do, line, make_side, make_thing, seen_again
from .test_attachments import paper, photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def told(side: Side) -> list[tuple[str, str]]:
    """What the inbox of a side says, oldest first: sentence and words."""
    relay(now=NOW)
    return [(one.text, one.note) for one in reversed(inbox(viewer=side.viewer))]


def mailed() -> list[tuple[list[str], list[str], str]]:
    """To whom, answered to whom, and the mail."""
    relay(now=NOW)
    mail.outbox.clear()
    send_due(clock=lambda: NOW + timedelta(days=1))
    return [(one.to, one.reply_to, str(one.body)) for one in mail.outbox]


def three() -> tuple[Side, Side, Side, Resource]:
    """An owner, who asks, a third house, and the owner's thing."""
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    for side in (owner, asker):
        side.house.contact_email = f"biuro@{side.house.uid}.example"
        side.house.save()
    return owner, asker, make_side("Muzeum"), make_thing(owner, "Mikser")


def test_each_owner_is_told_the_words_and_answers_to_the_asker() -> None:
    owner, asker, _third, thing = three()
    second = make_side("Teatr")
    other = make_thing(second, "Wóz")
    booking = ask(asker, line(thing), line(other), all_or_nothing=False).booking
    mailed()
    write_message(by=asker.viewer, booking=booking.uid, body="", files=[photo(), photo(), paper()])
    both = mailed()
    assert sorted(to[0] for to, _reply, _body in both) == sorted(
        [owner.person.email, second.person.email]
    )
    for _to, reply, body in both:
        assert reply == [asker.house.contact_email]
        assert "[2 zdjęcia, 1 plik]" in body
    assert ["Wóz" in body for to, _r, body in both if to[0] == owner.person.email] == [False]
    write_message(by=second.viewer, booking=booking.uid, body="Przyjedźcie od tyłu.")
    second.house.refresh_from_db()
    [(to, reply, body)] = mailed()
    assert (to, reply) == ([asker.person.email], [])
    assert ("Przyjedźcie od tyłu." in body, "Mikser" in body) == (True, False)
    assert "Przyjedźcie od tyłu." not in str(told(owner))
    assert told(asker)[-1][1] == "Przyjedźcie od tyłu."


def test_nothing_empty_and_no_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, asker, third, thing = three()
    booking = ask(asker, line(thing)).booking
    with pytest.raises(Invalid):
        write_message(by=asker.viewer, booking=booking.uid, body="  ")
    with pytest.raises(NotFound):
        write_message(by=third.viewer, booking=booking.uid, files=[photo()])
    with pytest.raises(Invalid):
        write_message(by=asker.viewer, booking=booking.uid, body="a", files=[paper("a.svg")])
    assert (Attachment.objects.visible_to(SYSTEM).count(), told(owner)[1:]) == (0, [])
    monkeypatch.setattr(messages, "MOST_AN_HOUR", 2)
    for _ in range(2):
        write_message(by=asker.viewer, booking=booking.uid, body="a")
    with pytest.raises(TooMuchWritten):
        write_message(by=asker.viewer, booking=booking.uid, body="a")
    write_message(by=asker.at(NOW + timedelta(hours=2)), booking=booking.uid, body="a")


def test_a_question_and_its_answer() -> None:
    owner, asker, third, thing = three()
    question = ask_question(by=asker.viewer, resource=thing.uid, body="Ile ma wejść?")
    assert question.enquiry is not None
    one = question.enquiry
    [(to, reply, body)] = mailed()
    assert (to, reply) == ([owner.person.email], [asker.house.contact_email])
    assert "Ile ma wejść?" in body
    assert f"/questions/{one.uid}/" in body
    answer_question(by=owner.viewer, enquiry=one.uid, body="Dwanaście.", files=[photo()])
    [(to, reply, body)] = mailed()
    assert (to, reply) == ([asker.person.email], [owner.house.contact_email])
    assert ("Dwanaście." in body, "[1 zdjęcie]" in body) == (True, True)
    ask_question(by=asker.viewer, resource=thing.uid, body="A USB?")
    assert Enquiry.objects.visible_to(SYSTEM).count() == 1
    assert told(third) == []
    assert [one.body for one in BookingMessage.objects.visible_to(third.viewer)] == []
    with pytest.raises(NotFound):
        answer_question(by=third.viewer, enquiry=one.uid, body="A ja?")
    staff = make_side(role="staff", house=owner.house)
    with pytest.raises(Forbidden):
        answer_question(by=staff.viewer, enquiry=one.uid, body="Nie wiem.")


def test_who_may_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    owner, asker, third, thing = three()
    hidden = make_thing(owner, "Skład", terms={"audience": "own"})
    with pytest.raises(NotFound):
        ask_question(by=asker.viewer, resource=hidden.uid, body="Co tam jest?")
    with pytest.raises(Conflict):
        ask_question(by=owner.viewer, resource=thing.uid, body="Co to?")
    third.house.state = "suspended"
    third.house.save()
    with pytest.raises(NotFound):
        ask_question(by=seen_again(third), resource=thing.uid, body="Co to?")
    monkeypatch.setattr(enquiries, "MOST_A_DAY", 0)
    with pytest.raises(TooMuchWritten):
        ask_question(by=asker.viewer, resource=thing.uid, body="Co to?")
    assert Enquiry.objects.visible_to(SYSTEM).count() == 0


def test_a_question_goes_along_with_the_request_that_comes_of_it() -> None:
    owner, asker, third, thing = three()
    other = make_thing(owner, "Sala")
    for one in (thing, other):
        ask_question(by=asker.viewer, resource=one.uid, body="Wolne?")
    ask_question(by=third.viewer, resource=thing.uid, body="A dla nas?")
    asked = Enquiry.objects.visible_to(SYSTEM)

    def gone_along(booking: Booking) -> list[tuple[int, int]]:
        return list(asked.filter(booking=booking).values_list("resource", "asker"))

    first = ask(asker, line(thing))
    assert gone_along(first.booking) == [(thing.pk, asker.house.pk)]
    # With the next one only when the first is over.
    second = ask(asker, line(thing, hours=50))
    assert (len(gone_along(first.booking)), gone_along(second.booking)) == (1, [])
    do(asker, first.lines[0], "withdraw")
    third_try = ask(asker, line(thing, hours=75))
    assert (gone_along(first.booking), len(gone_along(third_try.booking))) == ([], 1)
