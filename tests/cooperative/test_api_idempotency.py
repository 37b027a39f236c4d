"""A POST with an Idempotency-Key has its effect once (C34, C35)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from cooperative import clock
from cooperative.api.idempotency import forget_old_answers
from cooperative.api.models import IdempotencyKey
from cooperative.events.models import Event
from tests.cooperative.api_caller import Caller, make_token, said
from tests.cooperative.factories import make_person

pytestmark = pytest.mark.urls("tests.cooperative.api_sample")


def effects() -> int:
    return Event.objects.filter(verb="sample.grow").count()


@pytest.mark.django_db
def test_the_same_call_again_answers_the_same_and_does_nothing_more() -> None:
    caller = Caller(make_token(make_person()))
    first = caller.post("grow/", {"a": 1}, Idempotency_Key="k-1")
    again = caller.post("grow/", {"a": 1}, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"] == '"v1"'
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert effects() == 1


@pytest.mark.django_db
def test_without_a_key_and_with_another_key_it_happens_again() -> None:
    caller = Caller(make_token(make_person()))
    for headers in ({}, {}, {"Idempotency_Key": "a"}, {"Idempotency_Key": "b"}):
        assert caller.post("grow/", {}, **headers).status_code == 201
    assert effects() == 4


@pytest.mark.django_db
def test_a_key_belongs_to_the_person_whatever_their_token() -> None:
    person = make_person()
    one, same = Caller(make_token(person)), Caller(make_token(person))
    other = Caller(make_token(make_person()))
    answers = [who.post("grow/", {}, Idempotency_Key="k").content for who in (one, same, other)]
    assert answers[0] == answers[1] != answers[2]
    assert effects() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "body"), [("grow/", {"a": 2}), ("grow/?x=1", {"a": 1}), ("echo/", {})]
)
def test_another_call_with_a_used_key_is_422(path: str, body: dict[str, int]) -> None:
    caller = Caller(make_token(make_person()))
    caller.post("grow/", {"a": 1}, Idempotency_Key="k")
    assert said(caller.post(path, body, Idempotency_Key="k")) == (422, "idempotency_key_reused")
    assert effects() == 1


@pytest.mark.django_db
def test_a_refusal_is_not_kept_but_judged_again() -> None:
    caller = Caller(make_token(make_person()))
    refused = caller.post("grow/", {"refuse": True}, Idempotency_Key="k")
    assert said(refused) == (409, "state_conflict")
    assert IdempotencyKey.objects.count() == 0
    assert caller.post("grow/", {}, Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "ż", "a" * 256])
def test_a_key_that_is_none_is_400(key: str) -> None:
    answer = Caller(make_token(make_person())).post("grow/", {}, Idempotency_Key=key)
    assert said(answer) == (400, "idempotency_key_malformed")


@pytest.mark.django_db
def test_after_24_hours_a_key_is_free_again(at: Callable[[str], datetime]) -> None:
    at("2027-05-03T10:00Z")
    caller = Caller(make_token(make_person()))
    first = caller.post("grow/", {}, Idempotency_Key="k")
    at("2027-05-04T09:59Z")
    assert caller.post("grow/", {}, Idempotency_Key="k").content == first.content
    at("2027-05-04T10:01Z")
    assert forget_old_answers(now=clock.now()) == 1
    assert caller.post("grow/", {"other": 1}, Idempotency_Key="k").content != first.content
    assert effects() == 2


@pytest.mark.django_db
def test_an_old_answer_that_was_not_yet_deleted_is_not_given(at: Callable[[str], datetime]) -> None:
    at("2027-05-03T10:00Z")
    caller = Caller(make_token(make_person()))
    caller.post("grow/", {}, Idempotency_Key="k")
    at("2027-05-04T10:01Z")
    answer = caller.post("grow/", {"other": 1}, Idempotency_Key="k")
    assert answer.status_code == 201
    assert caller.post("grow/", {"other": 1}, Idempotency_Key="k").content == answer.content
    assert effects() == 2


@pytest.mark.committing
def test_while_the_first_runs_the_second_is_told_to_wait() -> None:
    person = make_person()
    caller = Caller(make_token(person))
    started, go_on = threading.Event(), threading.Event()
    answers = []

    def first() -> None:
        from cooperative.api import idempotency

        def work() -> int:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(%s)", [idempotency._lock(person.pk, "k")]
                )
            started.set()
            go_on.wait(10)
            return 1

        with transaction.atomic():
            work()
        connection.close()

    runner = threading.Thread(target=first)
    runner.start()
    assert started.wait(10)
    refused = caller.post("grow/", {}, Idempotency_Key="k")
    go_on.set()
    runner.join()
    assert said(refused) == (409, "idempotency_in_progress")
    assert refused.headers["Retry-After"] == "1"
    assert effects() == 0
    answers.append(caller.post("grow/", {}, Idempotency_Key="k").status_code)
    assert answers == [201]


@pytest.mark.committing
def test_eight_at_once_have_one_effect_and_no_other_answer() -> None:
    secret = make_token(make_person(), last_used_on=clock.now().date())
    begin = threading.Barrier(8)
    answers: list[tuple[int, bytes]] = []

    def call() -> None:
        begin.wait(10)
        for _round in range(3):
            answer = Caller(secret).post("grow/", {"a": 1}, Idempotency_Key="k")
            answers.append((answer.status_code, answer.content))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert effects() == 1
    assert len({content for status, content in answers if status == 201}) == 1
    assert {status for status, _ in answers} <= {201, 409}


@pytest.mark.committing
def test_a_serialization_failure_runs_the_whole_call_again_and_ends_as_busy() -> None:
    caller = Caller(make_token(make_person()))
    assert caller.post("grow/", {"fail": 4}, Idempotency_Key="a").status_code == 201
    assert effects() == 1
    refused = caller.post("grow/", {"fail": 5}, Idempotency_Key="b")
    assert said(refused) == (503, "busy")
    assert refused.headers["Retry-After"] == "1"
    assert effects() == 1
