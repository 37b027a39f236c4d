"""The people of an institution, invitations, and coming in by one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client

from cooperative.membership.models import Invitation, Membership
from cooperative.membership.tokens import invitation_token
from cooperative.people.models import Person
from tests.bookings.stage import Side, make_side
from tests.cooperative.factories import make_member, make_person
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze", role="manager")


def invited(manager: Side, email: str = "nowa@dom.example", role: str = "keeper") -> Invitation:
    data = {"email": email, "role": role, "language": "pl"}
    assert signed_in(manager).post("/people/", data).status_code == 302
    return Invitation.objects.get(email=email)


def link(row: Invitation) -> str:
    return f"/invitations/{invitation_token(row.uid)}/"


def guest(email: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    person = make_person("Nowa Osoba", email=email)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_inviting_renewing_and_taking_back(manager: Side) -> None:
    row = invited(manager)
    client = signed_in(manager)
    assert "nowa@dom.example" in text_of(client.get("/people/"))
    client.post(f"/people/invitations/{row.uid}/", {"action": "again"})
    client.post(f"/people/invitations/{row.uid}/", {"action": "revoke"})
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert "nowa@dom.example" not in text_of(client.get("/people/"))


@pytest.mark.parametrize("email", ["", "nie-adres", "a\x00@b.example"])
def test_a_wrong_address_is_said_at_its_field(manager: Side, email: str) -> None:
    answer = signed_in(manager).post(
        "/people/", {"email": email, "role": "staff", "language": "pl"}
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]


def test_who_is_there_already_is_not_invited(manager: Side) -> None:
    data = {"email": manager.person.email, "role": "staff", "language": "pl"}
    answer = signed_in(manager).post("/people/", data)
    assert "This person belongs to the institution already." in text_of(answer)


def test_roles_change_and_the_last_manager_stays(manager: Side) -> None:
    make_member(manager.house, role="staff")
    client = signed_in(manager)
    other = Membership.objects.get(institution=manager.house, role="staff")
    client.post(f"/people/{other.uid}/", {"action": "role", "role": "keeper"})
    other.refresh_from_db()
    assert other.role == "keeper"
    mine = Membership.objects.get(person=manager.person)
    answer = client.post(f"/people/{mine.uid}/", {"action": "end"}, follow=True)
    assert "Nobody else manages this institution." in text_of(answer)
    client.post(f"/people/{other.uid}/", {"action": "end"})
    other.refresh_from_db()
    assert other.ended_at is not None


def test_colleagues_read_it_without_buttons_and_change_nothing(manager: Side) -> None:
    staff = make_side(role="staff", house=manager.house)
    client = signed_in(staff)
    assert client.get("/people/").context["form"] is None
    data = {"email": "x@y.example", "role": "manager", "language": "pl"}
    assert client.post("/people/", data).status_code == 403
    mine = Membership.objects.get(person=manager.person)
    assert client.post(f"/people/{mine.uid}/", {"role": "staff"}).status_code == 403
    assert not Invitation.objects.exists()


def test_whoever_was_invited_accepts_and_acts_for_the_house(manager: Side) -> None:
    row = invited(manager)
    client = guest("nowa@dom.example")
    assert "Dom Kultury Nadrzecze" in text_of(client.get(link(row)))
    answer = client.post(link(row), follow=True)
    assert "You act for Dom Kultury Nadrzecze now." in text_of(answer)
    assert Membership.objects.get(person__email="nowa@dom.example").role == "keeper"
    assert client.post(link(row)).status_code == 302


def test_without_an_account_one_is_led_to_make_one_and_back(manager: Side) -> None:
    row = invited(manager)
    body = Client().get(link(row)).content.decode()
    assert f"/accounts/signup/?next={link(row)}" in body


def test_another_account_is_told_so_and_not_let_in(manager: Side) -> None:
    row = invited(manager)
    client = guest("inna@dom.example")
    shown = client.get(link(row))
    assert "The invitation is for another address." in text_of(shown)
    assert "You are signed in as inna@dom.example." in text_of(shown)
    assert "Sign out and try the other address" in text_of(shown)
    assert "Accept" not in text_of(shown), "it would only be refused"
    answer = client.post(link(row))
    assert answer.status_code == 403
    assert "sent to another e-mail address" in text_of(answer)
    assert not Membership.objects.filter(person__email="inna@dom.example").exists()


def test_the_other_address_is_hinted_at_and_not_given_away(manager: Side) -> None:
    row = invited(manager, "nowa.osoba@dom.example")
    shown = text_of(guest("inna@dom.example").get(link(row)))
    assert "For n…@dom.example, valid until" in shown
    assert "nowa.osoba" not in shown
    assert "For nowa.osoba@dom.example, valid until" in text_of(
        guest("nowa.osoba@dom.example").get(link(row))
    )


def test_a_second_address_that_was_verified_may_accept(manager: Side) -> None:
    row = invited(manager, "druga@dom.example")
    client = guest("pierwsza@dom.example")
    person = Person.objects.get(email="pierwsza@dom.example")
    second = EmailAddress.objects.create(user=person, email="Druga@dom.example", verified=False)
    assert "Accept" not in text_of(client.get(link(row)))
    second.verified = True
    second.save()
    assert "Accept" in text_of(client.get(link(row)))
    assert client.post(link(row)).status_code == 302


def test_wrong_used_revoked_and_expired_links_each_say_so(manager: Side, at: At) -> None:
    visitor = Client(headers={"accept-language": "en"})
    answer = visitor.get("/invitations/zly-link/")
    assert answer.status_code == 404
    assert "leads to no invitation" in text_of(answer)
    used, revoked, late = (invited(manager, f"{name}@dom.example") for name in ("a", "b", "c"))
    guest("a@dom.example").post(link(used))
    assert "was used already" in text_of(visitor.get(link(used)))
    signed_in(manager).post(f"/people/invitations/{revoked.uid}/", {"action": "revoke"})
    assert "was taken back" in text_of(visitor.get(link(revoked)))
    assert (late.expires_at - manager.viewer.now) // timedelta(days=1) >= 13
    at("2027-03-16T10:00+01:00")
    answer = visitor.get(link(late))
    assert answer.status_code == 409
    assert "has expired" in text_of(answer)


def test_three_people_take_no_more_statements_than_one(manager: Side) -> None:
    client = signed_in(manager)
    invited(manager, "a@dom.example")
    few = statements(client, "/people/")
    for name in ("b", "c"):
        invited(manager, f"{name}@dom.example")
        make_member(manager.house)
    assert statements(client, "/people/") == few


def test_signing_up_by_an_invitation_leads_back_to_it(
    manager: Side, mailoutbox: list[EmailMessage]
) -> None:
    row = invited(manager)
    client = Client(headers={"accept-language": "en"})
    data = {
        "name": "Nowa Osoba",
        "email": row.email,
        "password1": "rzeka-most-lampa-7",
        "next": link(row),
    }
    client.post(f"/accounts/signup/?next={link(row)}", data)
    letter = next(mail for mail in mailoutbox if row.email in mail.to)
    confirm = re.search(r"/accounts/confirm-email/[^/\s]+/", str(letter.body))
    assert confirm is not None
    answer = client.post(confirm.group())
    assert answer.status_code == 302
    answer = client.get(answer["Location"], follow=True)
    assert answer.request["PATH_INFO"] == link(row)
    assert Membership.objects.count() == 1
