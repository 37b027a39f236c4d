"""Sending: what is no longer so is dropped, order is kept, failures wait or are parked, one Message-ID for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core import mail

from bookings.models import Line
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent, Party, record
from cooperative.membership.models import Invitation
from cooperative.membership.tokens import invitation_token
from notifications.models import Delivery, DeliveryState
from notifications.queries.inbox import mail_refused
from notifications.services.preferences import preferences, set_preference
from notifications.services.send.leasing import LEASE, lease
from notifications.services.send.marking import BACK_OFF, LAST_TRY, try_again
from notifications.services.send.marking import mark as _mark
from notifications.services.send.sending import Sent, send_due
from tests.factories import make_institution, make_member
from tests.notifications.stage import NOON, Sink, Stage, mails, relayed, set_stage, smtp_sink, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as (sink, _):
        yield sink


def confirmed_stage(**fields: object) -> Stage:
    stage = set_stage(**fields)  # type: ignore[arg-type]
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    return stage


def later(days: int) -> datetime:
    return NOON + timedelta(days=days)


def parts(message: object) -> tuple[str, str]:
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((html, kind),) = [(str(part[0]), part[1]) for part in message.alternatives]
    assert kind == "text/html"
    return str(message.body), html


def test_the_mail_says_what_when_and_who_in_text_and_html() -> None:
    stage = confirmed_stage()
    assert tell() == Sent(sent=1)

    (message,) = mail.outbox
    delivery = Delivery.objects.get(channel="email")
    assert message.to == [stage.asker.email]
    assert message.subject == "Confirmed: Sala prób, Fri 12 March 2027, 18:00–21:00"
    assert message.reply_to == ["office@library.example"]
    headers = message.message()
    assert headers["Message-ID"] == f"<{delivery.uid}@127.0.0.1>"
    assert headers["Auto-Submitted"] == "auto-generated"
    text, html = parts(message)
    for body in (text, html):
        assert f"/bookings/{stage.booking.uid}/" in body
        assert "Próba chóru" in body
        assert "Biblioteka" in body
    assert (delivery.state, delivery.sent_at, delivery.attempts) == ("sent", NOON, 1)


def test_the_owner_hears_the_words_and_answers_to_the_asking_house() -> None:
    stage = set_stage()
    stage.happens("send", to="asked", actor=stage.asker)
    tell()
    (message,) = mail.outbox
    assert message.to == [stage.keeper.email]
    assert message.subject == "New request: Sala prób, Fri 12 March 2027, 18:00–21:00"
    assert message.reply_to == ["office@choir.example"]
    assert "/requests/" in parts(message)[0]


def test_what_people_write_is_escaped_in_html_and_whole_in_text() -> None:
    stage = set_stage(title="<b>Chór</b>\nBcc: all@house.example")
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    tell()
    (message,) = mail.outbox
    text, html = parts(message)
    assert "<b>Chór</b>" in text
    assert "<b>Chór</b>" not in html
    assert "&lt;b&gt;Chór&lt;/b&gt;" in html


def test_a_title_with_line_breaks_makes_no_header() -> None:
    stage = set_stage()
    line = stage.line
    line.shown = {"titles": {"pl": "Sala\r\nBcc: all@house.example"}}
    line.save()
    stage.happens("approve", to="confirmed", actor=stage.keeper)
    tell()
    (message,) = mail.outbox
    assert message.subject.startswith("Confirmed: Sala Bcc: all@house.example, Fri")
    assert message.message()["Bcc"] is None


@pytest.mark.parametrize("state", ["cancelled", "declined", "asked"])
def test_approved_and_then_no_longer_so_is_not_told(state: str) -> None:
    confirmed_stage()
    relayed(now=NOON)
    Line.objects.visible_to(SYSTEM).update(state=state)
    assert send_due(clock=lambda: NOON) == Sent(dropped=1)
    assert mail.outbox == []
    assert Delivery.objects.get(channel="email").error == "no longer so"


def test_approved_and_cancelled_at_once_tells_only_the_last() -> None:
    stage = confirmed_stage()
    stage.happens("take_back", to="cancelled", actor=stage.keeper)
    assert tell() == Sent(sent=1, dropped=1)
    assert [message.subject.split(":")[0] for message in mail.outbox] == ["Taken back by the owner"]


def test_who_left_the_house_or_the_role_hears_nothing() -> None:
    stage = set_stage()
    second = make_member(stage.library, role="keeper")
    stage.happens("send", to="asked", actor=stage.asker)
    relayed(now=NOON)
    stage.keeper.memberships.update(ended_at=NOON)
    second.memberships.update(role="staff")
    assert send_due(clock=lambda: NOON) == Sent(dropped=2)
    assert mail.outbox == []


def test_who_was_erased_shut_out_or_cannot_be_reached_hears_nothing() -> None:
    for fields in ({"is_active": False}, {"erased_at": NOON}, {"email": "kim@gone.invalid"}):
        stage = confirmed_stage()
        relayed(now=NOON)
        type(stage.asker).objects.filter(pk=stage.asker.pk).update(**fields)
        assert send_due(clock=lambda: NOON) == Sent(dropped=1)
    assert mail.outbox == []


def test_a_preference_holds_for_mails_that_wait() -> None:
    stage = confirmed_stage()
    relayed(now=NOON)
    viewer = viewer_for(person=stage.asker, acting_for=None, now=NOON)
    set_preference(by=viewer, topic="answers", wanted=False)
    assert send_due(clock=lambda: NOON) == Sent(dropped=1)
    assert {c.topic: c.by_email for c in preferences(by=viewer)} == {
        "requests": True,
        "answers": False,
        "reminders": True,
        "conversation": True,
        "house": True,
    }


def test_what_is_essential_comes_whatever_is_preferred() -> None:
    stage = set_stage()
    viewer = viewer_for(person=stage.asker, acting_for=None, now=NOON)
    set_preference(by=viewer, topic="answers", wanted=False)
    stage.happens("take_back", to="cancelled", actor=stage.keeper)
    assert tell() == Sent(sent=1)


def test_an_invitation_is_mailed_with_its_link_while_it_is_open() -> None:
    house = make_institution("Teatr")
    invitation = Invitation.objects.create(
        institution=house,
        email="nowa@house.example",
        token_hash="x",
        language="en",
        expires_at=NOON + timedelta(days=7),
    )
    event = NewEvent(
        "invitation.send",
        "invitation",
        invitation.uid,
        parties=(Party("institution", institution=house.pk),),
    )
    record([event], now=NOON)
    assert tell() == Sent(sent=1)
    (message,) = mail.outbox
    assert message.to == ["nowa@house.example"]
    assert f"/invitations/{invitation_token(invitation.uid)}/" in parts(message)[0]

    record([event], now=NOON)
    relayed(now=NOON)
    invitation.revoked_at = NOON
    invitation.save()
    assert send_due(clock=lambda: NOON) == Sent(dropped=1)


def test_polish_and_german_readers_get_words_even_where_a_translation_is_missing() -> None:
    for language in ("pl", "de", "uk"):
        confirmed_stage(language=language)
    assert tell() == Sent(sent=3)
    assert all("Sala prób" in message.subject for message in mail.outbox)


def test_a_template_that_breaks_in_one_language_falls_back_to_english(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.utils.translation import trans_real

    confirmed_stage(language="pl")
    wrong = trans_real.translation("pl")
    monkeypatch.setitem(
        wrong._catalog._catalogs[0],  # type: ignore[attr-defined]
        "Confirmed: %(what)s, %(when)s",
        "Potwierdzone: %(co)s",
    )
    assert tell() == Sent(sent=1)
    assert mail.outbox[0].subject.startswith("Confirmed: Sala prób")
    assert "cannot be written in pl" in caplog.text


def test_a_row_nobody_understands_is_dropped_and_the_others_flow() -> None:
    first, second = confirmed_stage(), confirmed_stage()
    relayed(now=NOON)
    Delivery.objects.filter(person=first.asker).update(message="from_the_future")
    assert send_due(clock=lambda: NOON) == Sent(sent=1, dropped=1)
    assert mail.outbox[0].to == [second.asker.email]


def test_a_refusal_for_now_is_tried_again_later_with_the_same_message_id(sink: Sink) -> None:
    confirmed_stage()
    sink.data = ["451 busy"]
    assert tell() == Sent(later=1)
    delivery = Delivery.objects.get(channel="email")
    assert (delivery.state, delivery.due_at) == ("due", NOON + BACK_OFF[0])
    assert send_due(clock=lambda: NOON) == Sent()

    assert send_due(clock=lambda: NOON + BACK_OFF[0]) == Sent(sent=1)
    assert sink.headers("Message-ID") == [f"<{delivery.uid}@127.0.0.1>"]


def test_a_later_mail_waits_for_the_earlier_one_of_the_same_reader(sink: Sink) -> None:
    stage = confirmed_stage()
    other = confirmed_stage()
    relayed(now=NOON)
    stage.happens("settle", to="confirmed", actor=stage.keeper)
    sink.data = ["451 busy"]
    assert tell() == Sent(sent=1, later=1)
    assert [envelope.rcpt_tos for envelope in sink.taken] == [[other.asker.email]]

    assert send_due(clock=lambda: NOON + BACK_OFF[0]) == Sent(sent=2)
    assert [subject.split(":")[0] for subject in sink.headers("Subject")[1:]] == [
        "Confirmed",
        "Settled",
    ]


def test_a_mail_is_parked_after_the_last_try(sink: Sink) -> None:
    confirmed_stage()
    relayed(now=NOON)
    sink.data = ["451 busy"] * LAST_TRY
    tries = 0
    while mails() == [("confirmed", "due")]:
        tries += 1
        send_due(clock=partial(later, tries))
    assert tries == LAST_TRY
    assert mails() == [("confirmed", "parked")]

    parked = Delivery.objects.get(channel="email")
    assert try_again([parked.pk], now=NOON) == 1
    assert send_due(clock=lambda: NOON) == Sent(sent=1)
    assert try_again([parked.pk], now=NOON) == 0


def test_a_refused_address_is_not_written_to_again_until_it_changes(sink: Sink) -> None:
    stage = confirmed_stage()
    sink.rcpt = ["550 no such user"]
    assert tell() == Sent(parked=1)
    assert stage.asker.email not in Delivery.objects.get(channel="email").error
    viewer = viewer_for(person=stage.asker, acting_for=None, now=NOON)
    assert mail_refused(viewer=viewer) is True

    stage.happens("settle", to="confirmed", actor=stage.keeper)
    assert tell() == Sent(dropped=1)
    stage.asker.email = "new@choir.example"
    stage.asker.save()
    stage.happens("settle", to="confirmed", actor=stage.keeper)
    assert tell() == Sent(sent=1)
    assert mail_refused(viewer=viewer) is False


def test_with_the_server_away_one_mail_is_tried_and_all_wait(settings: object) -> None:
    for _ in range(3):
        confirmed_stage()
    relayed(now=NOON)
    with smtp_sink() as (sink, _):
        pass  # gone again: its port answers no more
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    assert send_due(clock=lambda: NOON) == Sent(later=1)
    assert mails() == [("confirmed", "due")] * 3
    assert sink.taken == []


def test_a_line_cut_after_the_data_sends_the_same_mail_again(sink: Sink) -> None:
    confirmed_stage()
    sink.data = ["421 closing"]
    assert tell() == Sent(later=1)
    assert send_due(clock=lambda: NOON + BACK_OFF[0]) == Sent(sent=1)


def test_a_leased_mail_is_left_alone_until_its_lease_runs_out() -> None:
    confirmed_stage()
    relayed(now=NOON)
    leased = lease(now=NOON)
    assert leased is not None
    assert send_due(clock=lambda: NOON + LEASE - timedelta(seconds=1)) == Sent()
    assert send_due(clock=lambda: NOON + LEASE) == Sent(sent=1)
    (message,) = mail.outbox
    assert message.message()["Message-ID"] == f"<{leased.uid}@127.0.0.1>"


def test_a_mail_that_kills_its_workers_is_parked_and_the_others_flow() -> None:
    poison, other = confirmed_stage(), confirmed_stage()
    relayed(now=NOON)
    now = NOON
    for _ in range(LAST_TRY):
        assert lease(now=now).person == poison.asker  # type: ignore[union-attr]
        now += LEASE
    assert send_due(clock=lambda: now) == Sent(sent=1)
    assert mail.outbox[0].to == [other.asker.email]
    assert mails(person=poison.asker) == [("confirmed", "parked")]


def test_who_lost_the_lease_marks_nothing() -> None:
    confirmed_stage()
    relayed(now=NOON)
    slow = lease(now=NOON)
    quick = lease(now=NOON + LEASE)
    assert slow is not None
    assert quick is not None
    _mark(slow, DeliveryState.PARKED)
    assert mails() == [("confirmed", "sending")]


def test_mails_are_sent_through_one_connection(sink: Sink) -> None:
    for _ in range(5):
        confirmed_stage()
    assert tell() == Sent(sent=5)
    assert len({envelope.rcpt_tos[0] for envelope in sink.taken}) == 5


def test_a_mail_that_cannot_be_addressed_waits_and_stops_nobody() -> None:
    wrong, right = confirmed_stage(), confirmed_stage()
    type(wrong.asker).objects.filter(pk=wrong.asker.pk).update(email="not an address\n@x")
    assert tell() == Sent(sent=1, later=1)
    assert mail.outbox[0].to == [right.asker.email]


def test_the_moment_is_asked_for_before_each_mail() -> None:
    for _ in range(3):
        confirmed_stage()
    relayed(now=NOON)
    moments: Iterator[datetime] = (NOON + timedelta(seconds=30 * n) for n in range(99))
    assert send_due(clock=lambda: next(moments)).sent == 1
