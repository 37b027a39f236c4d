"""What cannot be read is refused with a problem that says what and why, never with a page or a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cooperative.api_caller import Caller, make_token, said
from tests.cooperative.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cooperative.api_sample")]

GOOD: dict[str, Any] = {"lines": [{"starts_at": "2027-05-01T18:00:00+02:00"}]}


@pytest.fixture
def caller() -> Caller:
    return Caller(make_token(make_person()))


def errors(caller: Caller, body: Any) -> list[tuple[str, str]]:
    answer = caller.post("echo/", body)
    assert answer.status_code == 400
    said(answer)
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


def test_a_good_body_is_read_with_its_defaults(caller: Caller) -> None:
    answer = caller.post("echo/", {**GOOD, "open_to_public": None, "title": " a "})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "title": "a",
            "lines": "[{'starts_at': datetime.datetime(2027, 5, 1, 16, 0, tzinfo=datetime.timezone.utc),"
            " 'units': 1}]",
            "open_to_public": "None",
        },
    )
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": "confirmed"}, ("state", "unknown_field")),
        ({"lines": [{**GOOD["lines"][0], "owner": 1}]}, ("lines.0.owner", "unknown_field")),
        ({"lines": [{}]}, ("lines.0.starts_at", "required")),
        ({"lines": []}, ("lines", "too_few")),
        ({"lines": GOOD["lines"] * 4}, ("lines", "too_many")),
        ({"lines": {}}, ("lines", "not_a_list")),
        ({"lines": [7]}, ("lines.0", "not_an_object")),
        ({"lines": None}, ("lines", "null")),
        ({"lines": [{**GOOD["lines"][0], "units": 0}]}, ("lines.0.units", "out_of_range")),
        ({"lines": [{**GOOD["lines"][0], "units": 101}]}, ("lines.0.units", "out_of_range")),
        ({"lines": [{**GOOD["lines"][0], "units": "2"}]}, ("lines.0.units", "not_a_number")),
        ({"lines": [{**GOOD["lines"][0], "units": 1.5}]}, ("lines.0.units", "not_a_number")),
        ({"lines": [{**GOOD["lines"][0], "units": True}]}, ("lines.0.units", "not_a_number")),
        (
            {"lines": [{"starts_at": "2027-05-01T18:00"}]},
            ("lines.0.starts_at", "time_offset_missing"),
        ),
        (
            {"lines": [{"starts_at": "0001-01-01T00:00:00Z"}]},
            ("lines.0.starts_at", "time_out_of_range"),
        ),
        ({"title": "x" * 11}, ("title", "text_too_long")),
        ({"title": 7}, ("title", "not_a_text")),
        ({"title": " "}, ("title", "required")),
        ({"resource": "7"}, ("resource", "not_an_id")),
        ({"resource": 7}, ("resource", "not_an_id")),
        ({"open_to_public": "yes"}, ("open_to_public", "not_yes_or_no")),
        ({"kind": "three"}, ("kind", "unknown_code")),
        ({"kind": []}, ("kind", "unknown_code")),
        ({"words": ["a", 1]}, ("words.1", "not_a_text")),
    ],
)
def test_each_wrong_field_is_named_with_its_code(
    caller: Caller, change: dict[str, Any], error: tuple[str, str]
) -> None:
    assert errors(caller, {**GOOD, **change}) == [error]


def test_all_errors_come_at_once(caller: Caller) -> None:
    answer = caller.post("echo/", {"lines": [{"units": 0}], "kind": "three"})
    assert said(answer) == (400, "invalid")
    assert answer.json() == {
        "type": "urn:podest:problem:invalid",
        "title": "Please correct what is marked",
        "status": 400,
        "detail": "Please correct what is marked",
        "code": "invalid",
        "errors": [
            {"field": "lines.0.starts_at", "code": "required", "message": "Please fill this in."},
            {
                "field": "lines.0.units",
                "code": "out_of_range",
                "message": "This number is too small or too large.",
                "values": {"least": 1, "most": 100},
            },
            {
                "field": "kind",
                "code": "unknown_code",
                "message": "This is none of the codes.",
                "values": {"codes": ["one", "two"]},
            },
        ],
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "not_an_object"),
        (b"null", 400, "not_an_object"),
        (b"\xff\xfe", 400, "malformed"),
        (b"\xef\xbb\xbf{}", 400, "malformed"),
        (b'{"title": "\xc0\x80"}', 400, "malformed"),
        (b'{"title": "\\u0000"}', 400, "malformed"),
        (b'{"title": "\x00"}', 400, "malformed"),
        (b'{"\\u0000": 1}', 400, "malformed"),
        (b'{"title": "\\ud800"}', 400, "malformed"),
        (b'{"title": NaN}', 400, "malformed"),
        (b'{"title": -Infinity}', 400, "malformed"),
        (b'{"title": 1e400}', 400, "malformed"),
        (b'{"title": 99999999999999999999999}', 400, "malformed"),
        (b'{"title": ' + b"9" * 5_000 + b"}", 400, "malformed"),
        (b'{"title": "a", "title": "b"}', 400, "malformed"),
        (b'{"title": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "malformed"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "malformed"),
        (b'{"lines": [' + b"1," * 99_999 + b"1]}", 413, "too_large"),
        (b'{"title": "' + b"x" * 10_000_000 + b'"}', 413, "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_nobody_means_is_refused(
    caller: Caller, body: bytes, status: int, code: str
) -> None:
    assert said(caller.post("echo/", body)) == (status, code)


def test_another_content_type_is_415(caller: Caller) -> None:
    answer = caller.post("echo/", b"a=b", Content_Type="application/x-www-form-urlencoded")
    assert said(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nowhere/", 404, "unknown_path"),
        ("GET", "institutions", 404, "unknown_path"),
        ("POST", "nowhere/", 404, "unknown_path"),
        ("GET", "institutions/7/", 404, "unknown_path"),
        ("GET", "institutions/%00/", 404, "unknown_path"),
        ("GET", "institutions/00000000-0000-7000-8000-000000000000/", 404, "not_found"),
        ("DELETE", "institutions/", 405, "method_not_allowed"),
        ("OPTIONS", "institutions/", 405, "method_not_allowed"),
        ("TRACE", "institutions/", 405, "method_not_allowed"),
        ("GET", "institutions/?page=2", 400, "unknown_field"),
        ("GET", "institutions/?q=%00", 400, "text_broken"),
        ("GET", "institutions/?q=a&q=b", 400, "given_twice"),
        ("GET", "institutions/?limit=0", 400, "out_of_range"),
        ("GET", "institutions/?limit=201", 400, "out_of_range"),
        ("GET", "institutions/?limit=99999999999999999999", 400, "out_of_range"),
        ("GET", "institutions/?limit=%EF%BC%91", 400, "out_of_range"),
        ("GET", "institutions/?cursor=abc", 400, "cursor_unknown"),
        ("GET", "institutions/?cursor=" + "a" * 9_000, 400, "cursor_unknown"),
        ("GET", "institutions/?institution=7", 400, "not_an_id"),
    ],
)
def test_addresses_and_queries(
    caller: Caller, method: str, path: str, status: int, code: str
) -> None:
    assert said(caller.call(method, path)) == (status, code)


def test_a_database_that_does_not_answer_is_503_with_retry_after(caller: Caller) -> None:
    answer = caller.get("broken/")
    assert said(answer) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"


def test_a_forged_host_is_a_problem_too(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["podest.example"]
    answer = Client().get("/api/v1/institutions/", headers={"Host": "evil.example"})
    assert said(answer) == (400, "malformed")


def test_sentences_are_in_the_callers_language() -> None:
    secret = make_token(make_person(language="pl"))
    titles = {
        language: Caller(secret, language=language).get("nowhere/").headers["Content-Language"]
        for language in ("de", "uk")
    }
    assert titles == {"de": "de", "uk": "uk"}
    # Without a word of the call, the person's own language holds.
    english = make_token(make_person(language="en"))
    assert Caller(english, language=None).get("institutions/").headers["Content-Language"] == "en"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(
    body=st.binary(max_size=200)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {
            "lines": json_values
            | st.lists(st.dictionaries(st.sampled_from(["starts_at", "units"]), json_values))
        },
        optional={
            "title": json_values,
            "kind": json_values,
            "words": json_values,
            "resource": json_values,
        },
    ).map(lambda value: json.dumps(value).encode())
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_the_answer_is_200_or_a_problem(caller: Caller, body: bytes) -> None:
    answer = caller.post("echo/", body)
    if answer.status_code != 200:
        assert said(answer)[0] in {400, 413}


def test_too_much_text_on_a_page_is_said_in_its_look(client: Client) -> None:
    typed = {"login": "x" * 10_000_000, "password": "x"}
    answer = client.post("/accounts/login/", typed, headers={"accept-language": "en"})
    assert answer.status_code == 413
    assert "<h1>This is too much at once</h1>" in answer.content.decode()
