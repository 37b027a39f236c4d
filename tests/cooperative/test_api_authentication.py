"""Tokens: who calls, for whom they act, how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cooperative.membership.models import ApiToken, Membership
from tests.cooperative.api_caller import Caller, make_token, said
from tests.cooperative.factories import make_institution, make_member, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cooperative.api_sample")]
DAY = datetime(2027, 5, 3, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-05-03T10:00+02:00")


def test_a_token_says_who_calls_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    person = make_member(make_institution())
    caller = Caller(make_token(person, last_used_on=date(2027, 5, 3)))
    caller.get("whoami/")
    with django_assert_num_queries(3):  # the token with its person, their houses, their audiences
        answer = caller.get("whoami/")
    assert answer.json()["person"] == person.pk


def test_its_last_day_of_use_is_written_once_a_day(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    caller = Caller(make_token(make_person()))
    with django_assert_num_queries(4):
        caller.get("whoami/")
    with django_assert_num_queries(3):
        caller.get("whoami/")
    assert ApiToken.objects.get().last_used_on == date(2027, 5, 3)


@pytest.mark.parametrize(
    ("fields", "active", "code"),
    [
        ({"revoked_at": DAY}, True, "token_revoked"),
        ({"expires_at": DAY}, True, "token_expired"),
        ({}, False, "token_revoked"),
    ],
)
def test_a_token_that_no_longer_holds_is_401(
    fields: dict[str, Any], active: bool, code: str
) -> None:
    person = make_person(is_active=active)
    answer = Caller(make_token(person, **fields)).get("whoami/")
    assert said(answer) == (401, code)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="podest", error="invalid_token"'


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("Bearer nothing-like-it", "token_unknown"),
        ("bearer nothing-like-it", "token_unknown"),
        ("Bearer", "token_malformed"),
        ("Bearer a b", "token_malformed"),
        ("Bearer " + "a" * 5_000, "token_malformed"),
        ("Bearer \x00", "token_malformed"),
        ("Bearer ż", "token_malformed"),
        ("Basic YTpi", "not_authenticated"),
        ("", "not_authenticated"),
    ],
)
def test_what_is_no_token_is_401(sent: str, code: str) -> None:
    answer = Client().get("/api/v1/whoami/", headers={"Authorization": sent})
    assert said(answer) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="podest"')


def test_who_belongs_to_one_institution_acts_for_it() -> None:
    house = make_institution()
    person = make_member(house)
    assert Caller(make_token(person)).get("whoami/").json()["acting_for"] == house.pk


def test_who_belongs_to_several_says_for_which() -> None:
    one, other, foreign = (make_institution() for _ in range(3))
    person = make_member(other, make_member(one))
    caller = Caller(make_token(person))
    assert caller.get("whoami/").json()["acting_for"] is None
    assert caller.get(f"whoami/?institution={other.uid}").json()["acting_for"] == other.pk
    not_mine = caller.get(f"whoami/?institution={foreign.uid}")
    nowhere = caller.get("whoami/?institution=00000000-0000-7000-8000-000000000000")
    assert said(not_mine) == (403, "not_your_institution")
    assert not_mine.content == nowhere.content


def test_a_bound_token_acts_for_its_institution_alone() -> None:
    one, other = make_institution(), make_institution()
    person = make_member(other, make_member(one))
    caller = Caller(make_token(person, one))
    assert caller.get("whoami/").json()["acting_for"] == one.pk
    assert caller.get(f"whoami/?institution={one.uid}").json()["acting_for"] == one.pk
    assert said(caller.get(f"whoami/?institution={other.uid}")) == (403, "token_bound_elsewhere")
    Membership.objects.filter(institution=one).update(ended_at=DAY)
    assert said(caller.get("whoami/")) == (403, "not_your_institution")


def test_the_session_of_the_pages_acts_for_what_was_chosen_there() -> None:
    one, other = make_institution(), make_institution()
    person = make_member(other, make_member(one))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["acting_for"] = str(other.uid)
    session.save()
    assert client.get("/api/v1/whoami/").json()["acting_for"] == other.pk


def test_a_session_needs_its_csrf_token_to_write() -> None:
    person = make_person()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/api/v1/grow/", {}, "application/json")
    assert said(answer) == (403, "csrf_failed")


def test_calls_are_counted_for_each_token(settings: Any) -> None:
    settings.API_RATE = "2/min"
    cache.clear()
    person = make_person()
    one, other = Caller(make_token(person)), Caller(make_token(person))
    assert [one.get("whoami/").status_code for _ in range(3)] == [200, 200, 429]
    refused = one.get("whoami/")
    assert said(refused) == (429, "throttled")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert other.get("whoami/").status_code == 200


def test_without_the_cache_nobody_is_held_up(settings: Any) -> None:
    settings.API_RATE = "1/min"
    settings.CLOCK_OFFSET_FROM_CACHE = False
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    caller = Caller(make_token(make_person()))
    assert [caller.get("whoami/").status_code for _ in range(3)] == [200, 200, 200]
