"""The demo's mailbox: what was sent, whole; its pages do nothing that a mail wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from notifications import mailbox
from notifications.mailbox import stored_mail, stored_mails


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Any:
    settings.MAILBOX_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "notifications.mailbox.Backend"
    settings.PRODUCTION = False
    return get_connection("notifications.mailbox.Backend")


def message(subject: str = "Zażółć", html: str = "<p>Dzień <b>dobry</b></p>") -> Any:
    mail = EmailMultiAlternatives(subject, "Dzień dobry\n", "a@x.example", ["b@x.example"])
    mail.attach_alternative(html, "text/html")
    return mail


def test_a_mail_is_read_back_as_it_was_sent(box: Any) -> None:
    assert stored_mails() == []
    box.send_messages([message(), message("Second")])
    second, first = stored_mails()
    assert (first.subject, first.to, first.sender) == ("Zażółć", "b@x.example", "a@x.example")
    assert first.text == "Dzień dobry\n"
    assert "<b>dobry</b>" in first.html
    assert second.subject == "Second"
    assert first.message_id.startswith("<")
    assert stored_mail(first.name) == first


def test_only_the_newest_stay(box: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        box.send_messages([message(str(number))])
    assert [mail.subject for mail in stored_mails()] == ["4", "3", "2"]


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "0" * 31, "0" * 32, "G" * 32])
def test_other_files_are_out_of_reach(box: Any, name: str) -> None:
    assert stored_mail(name) is None


@pytest.mark.django_db
def test_the_page_shows_the_text_and_leads_to_the_html_in_a_sandbox(
    box: Any, client: Client
) -> None:
    box.send_messages([message("<script>alert(1)</script>", "<script>alert(2)</script>")])
    page = client.get("/mailbox/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "Dzień dobry" in page
    assert "alert(2)" not in page
    answer = client.get(f"/mailbox/{stored_mails()[0].name}/")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.content == b"<script>alert(2)</script>"


@pytest.mark.django_db
def test_there_is_no_mailbox_where_mail_leaves_the_machine(
    box: Any, client: Client, settings: Any
) -> None:
    box.send_messages([message()])
    name = stored_mails()[0].name
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{name}/").status_code == 404
    settings.EMAIL_BACKEND = "notifications.mailbox.Backend"
    settings.PRODUCTION = True
    assert client.get("/mailbox/").status_code == 404
