"""Tokens over the API: shown once, bound, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cooperative.api.models import IdempotencyKey
from cooperative.membership.models import ApiToken
from tests.cooperative.api_caller import Caller, make_token, said
from tests.cooperative.factories import make_institution, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


def test_a_token_is_made_shown_once_used_and_taken_back() -> None:
    caller = Caller(make_token(make_person()))
    made = caller.post("tokens/", {"name": "Script", "expires_at": "2027-04-01T00:00:00Z"})
    assert made.status_code == 201
    secret = made.json()["token"]
    other = Caller(secret)
    listed = other.get("tokens/").json()["results"]
    assert [one["name"] for one in listed] == ["Script", "test"]
    assert secret not in other.get("tokens/").content.decode()
    assert other.delete(f"tokens/{made.json()['id']}/").status_code == 204
    assert said(other.get("tokens/")) == (401, "token_revoked")


def test_a_repeated_call_makes_no_second_token_and_keeps_no_secret() -> None:
    caller = Caller(make_token(make_person()))
    first = caller.post("tokens/", {"name": "Script"}, Idempotency_Key="k").json()
    again = caller.post("tokens/", {"name": "Script"}, Idempotency_Key="k").json()
    assert again == {**first, "token": None}
    assert ApiToken.objects.count() == 2
    assert first["token"] not in str(IdempotencyKey.objects.get().answer)


def test_a_bound_token_makes_no_freer_one() -> None:
    one, other = make_institution("One"), make_institution("Other")
    person = make_member(other, make_member(one))
    caller = Caller(make_token(person, one))
    made = caller.post("tokens/", {"name": "Script"}).json()
    assert made["institution"] == {"id": str(one.uid), "name": "One"}
    refused = caller.post("tokens/", {"name": "Script", "institution": str(other.uid)})
    assert said(refused) == (403, "token_bound_elsewhere")


def test_nobody_takes_back_the_token_of_another() -> None:
    mine = Caller(make_token(make_person()))
    make_token(make_person())
    foreign = ApiToken.objects.latest("pk")
    assert said(mine.delete(f"tokens/{foreign.uid}/")) == (404, "not_found")
    assert ApiToken.objects.filter(revoked_at__isnull=True).count() == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a", "expires_at": "2027-02-01T00:00:00Z"},
        {"name": 1},
    ],
)
def test_a_wrong_token_is_400(body: dict[str, object]) -> None:
    assert said(Caller(make_token(make_person())).post("tokens/", body))[0] == 400


def test_the_directory_shows_members_active_houses_and_guests_only_partners() -> None:
    house = make_institution("House")
    make_institution("Applied", state="applied")
    guest = make_institution("Guest", kind="guest")
    member = Caller(make_token(make_member(house)))
    visitor = Caller(make_token(make_member(guest)))

    def names(answer: Any) -> list[str]:
        return [one["name"] for one in answer.json()["results"]]

    assert names(member.get("institutions/")) == ["House", "Guest"]
    assert names(member.get("institutions/?q=hou")) == ["House"]
    assert names(visitor.get("institutions/")) == ["Guest"]
    assert said(visitor.get(f"institutions/{house.uid}/")) == (404, "not_found")
