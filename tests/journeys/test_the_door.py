"""The way in, in a real browser: it opens, says what is wrong, and contacts nobody else."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser import Visitors

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [1280, 390])
def test_signing_in_with_a_wrong_password_is_told_in_polish(
    visitors: Visitors, live_server: LiveServer, width: int
) -> None:
    page = visitors.new(width=width)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    response = page.goto("/accounts/login/")
    assert response is not None
    assert response.status == 200
    assert page.locator("html").get_attribute("lang") == "pl"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("input[name=login]").fill("nikt@demo.example")
    page.locator("input[name=password]").fill("zle-haslo-zle")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    alert = page.locator("main [role=alert]")
    assert "są niepoprawne" in alert.inner_text()
    assert alert.evaluate("node => node === document.activeElement")
    assert page.locator("input[name=login]").input_value() == "nikt@demo.example"
    assert page.locator("input[name=password]").input_value() == ""
    assert errors == []
