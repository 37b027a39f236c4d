"""The pages of the look itself: style page, account pages, pages of errors."""

import re

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure
from pytest_django import Settings

from tests.cooperative.factories import make_person

pytestmark = pytest.mark.django_db


def test_the_style_page_is_for_demo_and_development_only(
    client: Client, settings: Settings
) -> None:
    settings.DEBUG, settings.DEMO = False, False
    assert client.get("/styleguide/").status_code == 404
    settings.DEMO = True
    page = client.get("/styleguide/").content.decode()
    assert page.count('class="btn btn-next') > 0
    assert "Sala prób na parterze" in page


@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"],
)
def test_account_pages_have_our_look(client: Client, path: str) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    assert page.count("<h1>") == 1
    assert 'class="calm-sheet"' in page
    assert page.count("<main") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"login": "nobody@demo.example", "password": "wrong-wrong-wrong"}, "not correct"),
        ({"login": "nobody", "password": ""}, "Enter a valid email address."),
        ({"login": "", "password": ""}, "This field is required."),
    ],
)
def test_a_sign_in_that_fails_is_announced(typed: dict[str, str], sentence: str) -> None:
    answer = Client(headers={"accept-language": "en"}).post("/accounts/login/", typed)
    (alert,) = re.findall(
        r'role="alert" tabindex="-1" data-focus>(.*?)</div>', answer.text, re.DOTALL
    )
    assert "You are not signed in yet" in alert
    assert sentence in alert
    assert answer.text.count('role="alert"') == 1


def test_only_what_went_wrong_is_an_alert() -> None:
    assert 'role="alert"' not in Client().get("/accounts/login/").text
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    made = client.post("/settings/tokens/", {"name": "Sheet"}).text
    assert "Copy it now" in made
    assert 'role="alert"' not in made


@pytest.mark.parametrize(
    ("code", "of"), [(400, 1), (403, 1), (404, 1), (405, 1), (429, 1), (500, 1)]
)
def test_error_pages_stand_without_a_request(code: int, of: int) -> None:
    page = render_to_string(f"{code}.html")
    assert page.count("<h1>") == of
    assert re.search(r'<html lang="\w+">', page)


def test_djangos_own_handlers_show_them() -> None:
    request = RequestFactory().get("/nothing")
    answers: list[tuple[HttpResponse, int]] = [
        (defaults.bad_request(request, Exception()), 400),
        (defaults.server_error(request), 500),
        (csrf_failure(request), 403),
    ]
    for answer, status in answers:
        assert answer.status_code == status
        assert b'class="calm-sheet"' in answer.content


def test_no_inline_style_or_script_reaches_the_browser(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    for path in ("/styleguide/", "/accounts/login/", "/accessibility/"):
        page = client.get(path).content.decode()
        assert re.findall(r"\sstyle=|<style|\son(?:click|load|change|submit)=", page) == []
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
