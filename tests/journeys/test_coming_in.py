"""Coming in: an account, an institution that is admitted, colleagues by invitation, a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress

from cooperative.membership.models import Membership
from tests.factories import make_institution, make_member, make_moderator, make_person
from tests.journeys.visits import (
    PASSWORD,
    PHONE_FIRST,
    Hall,
    choose,
    fill,
    follow,
    mailed,
    no_wider,
    open_link_in_mail,
    pl,
    press,
    said,
    tell,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]


@PHONE_FIRST
def test_an_institution_applies_is_admitted_and_invites(hall: Hall, at: At, width: int) -> None:
    at("2027-03-01T10:00+01:00")
    nela = hall.open(width=width)
    make_account(nela, "Nela Nowa", "nela@pracownia.example")
    assert nela.locator("h1").inner_text() == pl("How to begin")
    follow(nela, pl("Apply with an institution"))
    fill(nela, name="Pracownia Nowa", kind="association", city="Wrocław", message="Mamy piec.")
    assert no_wider(nela)
    press(nela, pl("Send the application"))
    assert said(nela) == [pl("Sent. The moderators answer, and you are told by e-mail.")]

    desk = hall.enter(make_moderator(), width=width)
    desk.goto("/moderation/")
    press(desk, "action=admit")
    assert desk.locator("main .field[data-bad] textarea").count() == 1, "a reason goes with it"
    fill(desk, reason="Znamy ich z podwórza.")
    assert no_wider(desk)
    press(desk, "action=admit")
    tell()

    assert len(mailed(nela, "nela@pracownia.example")) == 2
    nela.goto("/join/")
    assert "Znamy ich z podwórza." in nela.locator("main").inner_text()
    invite(nela, "olek@pracownia.example", "keeper")
    assert no_wider(nela)
    tell()

    olek = hall.open(width=width)
    open_link_in_mail(olek, "olek@pracownia.example", "/invitations/")
    link = olek.url
    assert "Pracownia Nowa" in olek.locator("h1").inner_text()
    follow(olek, pl("Make an account"), within="body")
    make_account(olek, "Olek Opiekun", "olek@pracownia.example", here=True)
    if "/invitations/" not in olek.url:
        olek.goto(link)
    press(olek, pl("Accept"), within="body")
    assert "/desk/" in olek.url
    assert "Pracownia Nowa" in said(olek)[0]
    assert Membership.objects.get(person__email="olek@pracownia.example").role == "keeper"
    nela.goto("/people/")
    assert "Olek Opiekun" in nela.locator("main").inner_text()

    # The link worked once.
    olek.goto(link)
    assert olek.locator("h1").inner_text() == pl("This invitation does not open")


@pytest.mark.proof
def test_an_invitation_that_is_wrong_taken_back_or_too_old_says_so(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    house = make_institution("Dom Sąsiedzki")
    manager = hall.enter(make_member(house, make_person("Maja", language="pl"), role="manager"))
    for address in ("cofniety@dom.example", "spozniony@dom.example"):
        invite(manager, address, "staff")
    tell()
    visitor = hall.open(width=390)
    sentences = []
    for address in ("cofniety@dom.example", "spozniony@dom.example"):
        open_link_in_mail(visitor, address, "/invitations/")
        assert "Dom Sąsiedzki" in visitor.locator("h1").inner_text()
        if address.startswith("cofniety"):
            manager.goto("/people/")
            row = manager.locator("li", has_text=address)
            with manager.expect_navigation():
                row.locator("button[value=revoke]").click()
        else:
            at("2027-03-16T10:00+01:00")
        answer = visitor.reload()
        assert answer is not None
        assert answer.status in {404, 409}
        sentences.append(problem(visitor))
    visitor.goto("/invitations/tego-nigdy-nie-bylo/")
    sentences.append(problem(visitor))
    assert len(set(sentences)) == 3, "each says what is the matter"


@pytest.mark.proof
def test_an_invitation_to_another_address_is_told_apart(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    house = make_institution("Dom Sąsiedzki")
    manager = hall.enter(make_member(house, make_person("Maja", language="pl"), role="manager"))
    invite(manager, "ktos-inny@dom.example", "staff")
    tell()
    page = hall.enter(make_person("Inna Osoba", language="pl"), width=390)
    open_link_in_mail(page, "ktos-inny@dom.example", "/invitations/")
    assert page.get_by_role("button", name=pl("Accept")).count() == 0
    assert "ktos-inny@dom.example" not in page.locator("body").inner_text()
    link = page.url
    press(page, pl("Sign out and try the other address"), within="body")
    assert page.url == link
    assert page.get_by_role("link", name=pl("I have one: sign in")).count() == 1
    assert Membership.objects.filter(institution=house).count() == 1


def test_a_forgotten_password_is_set_anew(hall: Hall, at: At) -> None:
    at("2027-03-01T10:00+01:00")
    person = make_member(make_institution(), make_person("Zofia", email="zofia@dom.example"))
    person.set_password("dawno-zapomniane-haslo")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    page = hall.open(width=390)
    page.goto("/accounts/login/")
    fill(page, "body", login="zofia@dom.example", password="chyba-to-bylo-to")
    press(page, pl("Sign in"), within="main")
    assert page.get_by_role("alert").is_visible()
    page.goto("/accounts/password/reset/")
    fill(page, "body", email="zofia@dom.example")
    press(page, pl("Send the link"), within="body")
    open_link_in_mail(page, "zofia@dom.example", "/accounts/password/reset/key/")
    fill(page, "body", password1=PASSWORD)
    if page.locator("[name=password2]").count():
        fill(page, "body", password2=PASSWORD)
    press(page, pl("Set the password"), within="body")
    page.goto("/accounts/login/")
    fill(page, "body", login="zofia@dom.example", password=PASSWORD)
    press(page, pl("Sign in"), within="main")
    assert "/desk/" in page.url or page.url.endswith("/")
    assert page.locator("h1").inner_text() == pl("Desk")


@PHONE_FIRST
def test_one_acts_for_one_of_several_institutions(hall: Hall, at: At, width: int) -> None:
    at("2027-03-01T10:00+01:00")
    person = make_person("Dwa Domy", language="pl")
    for name, role in (("Dom Pierwszy", "staff"), ("Dom Drugi", "manager")):
        make_member(make_institution(name), person, role=role)
    page = hall.enter(person, width=width)
    page.goto("/people/")
    seen = []
    for name in ("Dom Drugi", "Dom Pierwszy"):
        choice = page.locator("button[name=institution]", has_text=name)
        menus = page.locator("header details.menu:visible", has=choice)
        menus.first.locator("> summary").click()
        with page.expect_navigation():
            menus.first.locator(choice).click()
        heads = page.locator("main .page-head").inner_text()
        seen.append((name in heads, page.locator("main [name=email]").count()))
    assert seen == [(True, 1), (True, 0)], "a manager of the second, a colleague in the first"


def make_account(page: Page, name: str, address: str, *, here: bool = False) -> None:
    """Sign up with the form, open the link in the mail, say that the address is mine."""
    if not here:
        page.goto("/accounts/signup/")
    fill(page, "body", name=name, email=address, password1=PASSWORD)
    press(page, pl("Make an account"), within="main")
    assert page.locator("h1").inner_text() == pl("Look into your mail")
    open_link_in_mail(page, address, "/accounts/confirm-email/")
    press(page, pl("Yes, it is mine"), within="body")


def invite(page: Page, address: str, role: str) -> None:
    page.goto("/people/")
    fill(page, email=address)
    choose(page, "role", role)
    press(page, pl("Invite"))
    assert address in said(page)[0]


def problem(page: Page) -> str:
    assert page.locator("h1").inner_text() == pl("This invitation does not open")
    return page.locator(".lead").inner_text()
