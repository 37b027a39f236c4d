"""Every request knows who looks, lazily."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cooperative.access.middleware import ViewerMiddleware
from cooperative.access.standing import SESSION_KEY
from tests.cooperative.factories import make_institution, make_member

pytestmark = pytest.mark.django_db


def looked_at(user: Any, session: dict[str, str] | None = None) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    request.session = session or {}  # type: ignore[assignment]  # a plain dict reads the same
    ViewerMiddleware(lambda _: HttpResponse())(request)
    return request


def test_a_request_that_asks_nothing_costs_nothing() -> None:
    with CaptureQueriesContext(connection) as caught:
        looked_at(AnonymousUser())
    assert len(caught) == 0


def test_the_switch_and_the_viewer_cost_two_statements_together() -> None:
    person = make_member(make_institution())
    make_member(make_institution(), person)
    request = looked_at(person)
    with CaptureQueriesContext(connection) as caught:
        names = [house.title for house in request.institutions]
        acting = request.institution.id
        assert request.viewer.acting_for == acting
        assert request.viewer.institutions
    assert (len(names), len(caught)) == (2, 2)


def test_the_first_house_is_acted_for_until_another_is_chosen() -> None:
    first, second = make_institution(), make_institution()
    person = make_member(first)
    make_member(second, person, started_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert looked_at(person).institution.uid == first.uid
    chosen = looked_at(person, {SESSION_KEY: str(second.uid)})
    assert chosen.institution.uid == second.uid
    assert chosen.viewer.acting_for == second.pk


def test_a_choice_that_is_not_theirs_is_passed_over() -> None:
    house, foreign = make_institution(), make_institution()
    request = looked_at(make_member(house), {SESSION_KEY: str(foreign.uid)})
    assert request.viewer.acting_for == house.pk


def test_nobody_has_no_house() -> None:
    request = looked_at(AnonymousUser())
    assert not request.institution
    assert not request.institutions
    assert request.viewer.person is None
    assert isinstance(request, HttpRequest)
