"""A method that an address does not know: a page for people, a problem for programs."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.frontend.keeping import text_of

pytestmark = pytest.mark.django_db
READER = Client(headers={"accept-language": "en"})


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("GET", "/acting/", "POST"),
        ("DELETE", "/catalogue/", "GET, HEAD"),
        ("DELETE", "/accounts/login/", "GET, POST, PUT, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_known_is_a_page(method: str, address: str, allowed: str) -> None:
    answer = READER.generic(method, address)
    assert answer.status_code == 405
    assert "This address does not open like that" in text_of(answer)
    assert answer["Allow"] == allowed
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert "script-src" in answer["Content-Security-Policy"]


def test_a_program_is_told_by_a_problem() -> None:
    answer = READER.delete("/api/v1/schema/", headers={"accept": "application/json"})
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method_not_allowed"
