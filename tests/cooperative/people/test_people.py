"""People: signing up with one name, mails in their language, what they say of themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import translation

from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid
from cooperative.people.adapter import AccountAdapter
from cooperative.people.models import Person
from cooperative.people.services.people import edit_profile, register_person
from tests.cooperative.factories import make_person

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"

pytestmark = pytest.mark.django_db


def test_signing_up_takes_a_name_and_the_language_of_the_page() -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    answer = client.post(
        "/accounts/signup/",
        {"name": " Ola  Nowak ", "email": "Ola@Dom.example", "password1": PASSWORD},
    )
    assert answer.status_code == 302
    person = Person.objects.get(email__iexact="ola@dom.example")
    assert (person.name, person.language) == ("Ola Nowak", "en")
    assert EmailAddress.objects.filter(user=person, verified=False).count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("name", ["", " ", "\u200b", "a\u202eb"])
def test_a_name_that_cannot_be_read_is_refused_at_its_field(name: str) -> None:
    answer = Client().post(
        "/accounts/signup/", {"name": name, "email": "ola@dom.example", "password1": PASSWORD}
    )
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert Person.objects.count() == 0


def test_an_address_that_is_known_tells_a_stranger_nothing() -> None:
    make_person(email="ola@dom.example")
    answer = Client().post(
        "/accounts/signup/", {"name": "X", "email": "OLA@dom.example", "password1": PASSWORD}
    )
    assert answer.status_code == 302
    assert Person.objects.count() == 1


def test_somebody_registered_may_sign_in_at_once() -> None:
    person = register_person(
        by=SYSTEM, email="staff.m1@demo.example", name="Ola", password=PASSWORD
    )
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    with pytest.raises(Conflict):
        register_person(by=SYSTEM, email="STAFF.m1@demo.example", name="Ola")
    nobody = viewer_for(person=None, acting_for=None, now=NOW)
    with pytest.raises(Forbidden):
        register_person(by=nobody, email="x@demo.example", name="X")


def test_pages_speak_the_persons_language_after_signing_in() -> None:
    person = register_person(by=SYSTEM, email="ola@house.example", name="Ola", password=PASSWORD)
    Person.objects.filter(pk=person.pk).update(language="en")
    client = Client(headers={"Accept-Language": "pl"})
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.cookies["django_language"].value == "en"


def test_what_people_say_of_themselves() -> None:
    person = make_person()
    by = viewer_for(person=person, acting_for=None, now=NOW)
    changed = edit_profile(by=by, name="Ola  Lis", language="uk", time_zone="Europe/Kyiv")
    assert (changed.name, changed.language, changed.time_zone) == ("Ola Lis", "uk", "Europe/Kyiv")
    for fields in (
        {"name": ""},
        {"language": "fr"},
        {"time_zone": "Mars/Base"},
        {"phone": "1" * 99},
    ):
        with pytest.raises(Invalid) as wrong:
            edit_profile(by=by, **fields)
        assert list(wrong.value.errors) == list(fields)
    with pytest.raises(Forbidden):
        edit_profile(by=viewer_for(person=None, acting_for=None, now=NOW), name="X")


def test_mails_speak_the_language_of_their_reader() -> None:
    person = make_person(language="uk")
    spoken: list[str | None] = []

    class Listening(AccountAdapter):
        def render_mail(self, *args: Any, **kwargs: Any) -> Any:
            spoken.append(translation.get_language())
            return super().render_mail(*args, **kwargs)

    request = RequestFactory().get("/")
    with request_context(request), translation.override("de"):
        for context in ({"user": person}, {}):
            Listening(request).send_mail(
                "account/email/unknown_account", person.email.upper(), {"email": "x", **context}
            )
    assert spoken == ["uk", "uk"]
