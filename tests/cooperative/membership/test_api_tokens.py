"""API tokens and the command that prints one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.membership.models import ApiToken
from cooperative.membership.queries import tokens_of
from cooperative.membership.services.tokens import create_api_token, revoke_api_token
from cooperative.membership.tokens import token_hash
from cooperative.people.models import Person
from tests.cooperative.factories import make_institution, make_member, make_moderator, make_person

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def view(person: Person) -> Viewer:
    return viewer_for(person=person, acting_for=None, now=NOW)


def test_a_token_is_shown_once_and_kept_as_a_hash() -> None:
    house = make_institution()
    person = make_member(house)
    made = create_api_token(by=view(person), name="calendar", institution=house.uid)
    stored = ApiToken.objects.get()
    assert stored.token_hash == token_hash(made.secret)
    assert made.secret.startswith(stored.prefix)
    assert len(made.secret) == len("podest_") + 43
    assert (stored.person, stored.institution, stored.name) == (person, house, "calendar")
    assert list(tokens_of(view(person))) == [stored]


def test_taken_back_by_its_person_or_an_administrator() -> None:
    person = make_person()
    one = create_api_token(by=view(person), name="one").token
    two = create_api_token(by=view(person), name="two").token
    with pytest.raises(NotFound):
        revoke_api_token(by=view(make_person()), token=one.uid)
    revoke_api_token(by=view(person), token=one.uid)
    revoke_api_token(by=view(person), token=one.uid)
    revoke_api_token(by=view(make_moderator("administrator")), token=two.uid)
    assert set(ApiToken.objects.values_list("revoked_at", flat=True)) == {NOW}
    assert list(tokens_of(view(person))) == []


def test_what_is_refused() -> None:
    person = make_person()
    with pytest.raises(Forbidden):
        create_api_token(by=viewer_for(person=None, acting_for=None, now=NOW), name="x")
    with pytest.raises(Invalid):
        create_api_token(by=view(person), name=" ")
    with pytest.raises(Invalid):
        create_api_token(by=view(person), name="x", expires_at=NOW)
    with pytest.raises(NotFound):
        create_api_token(by=view(person), name="x", institution=make_institution().uid)
    ApiToken.objects.bulk_create(
        ApiToken(person=person, name="n", prefix="p", token_hash=f"{n}", created_at=NOW)
        for n in range(50)
    )
    with pytest.raises(Conflict):
        create_api_token(by=view(person), name="x", expires_at=NOW + timedelta(days=1))


def run(*args: str) -> str:
    out = StringIO()
    call_command("create_token", *args, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_alone() -> None:
    house = make_institution()
    person = make_member(house, make_person(email="Keeper@House.example"))
    printed = run("keeper@house.example", "--institution", str(house.uid))
    assert printed.endswith("\n")
    stored = ApiToken.objects.get(token_hash=token_hash(printed.strip()))
    assert (stored.person, stored.institution) == (person, house)
    assert run("keeper@house.example") != printed


def test_the_command_says_what_is_wrong_in_one_sentence() -> None:
    person = make_person(email="one@house.example")
    for args, sentence in (
        (["nobody@house.example"], "Nobody signs in with nobody@house.example."),
        ([person.email, "--institution", "7"], "--institution takes an id such as"),
        (
            [person.email, "--institution", str(make_institution().uid)],
            "one@house.example does not belong to an institution with this id.",
        ),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(*args)
    assert ApiToken.objects.count() == 0
