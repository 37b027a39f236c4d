"""Mails about accounts: our own plain words, each with what it is for."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from tests.factories import make_person

pytestmark = pytest.mark.django_db


def letter(path: str, data: dict[str, str]) -> tuple[str, str]:
    """Subject and body of the one mail that a form sends."""
    answer = Client(headers={"accept-language": "en"}).post(path, data)
    assert answer.status_code == 302
    (sent,) = mail.outbox
    return str(sent.subject), str(sent.body)


def test_a_new_address_is_confirmed_by_its_link() -> None:
    subject, body = letter(
        "/accounts/signup/",
        {"name": "Ola Lis", "email": "ola@house.example", "password1": "zielone-krzesla-7"},
    )
    assert subject == "Confirm your e-mail address"
    assert "If it was you, confirm it here:\n\nhttp://testserver/accounts/confirm-email/" in body
    assert "Thank you for using" not in body


def test_a_lost_password_is_set_by_its_link() -> None:
    make_person(email="ola@house.example", language="en")
    subject, body = letter("/accounts/password/reset/", {"email": "ola@house.example"})
    assert subject == "Set a new password"
    assert "If it was you, set it here:\n\nhttp://testserver/accounts/password/reset/key/" in body


def test_who_has_no_account_hears_it_by_mail_alone() -> None:
    subject, body = letter("/accounts/password/reset/", {"email": "nobody@house.example"})
    assert subject == "There is no account with this address"
    assert "nobody@house.example" in body
    assert "/accounts/signup/" in body
