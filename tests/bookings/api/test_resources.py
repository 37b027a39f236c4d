"""Finding, looking up and listing over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from sharing.models import Resource
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import make_institution, make_member, make_resource, make_terms

pytestmark = pytest.mark.django_db
EVENING = "starts_at=2027-03-12T18:00:00%2B01:00&ends_at=2027-03-12T21:00:00%2B01:00"
NEW: dict[str, Any] = {
    "category": "rehearsal-room",
    "texts": [
        {"language": "pl", "title": "Sala lustrzana", "summary": "Z pianinem."},
        {"language": "en", "title": "Mirror room"},
    ],
    "terms": [
        {"audience": "own", "may_ask": True, "at_once": True},
        {"audience": "cooperative", "may_ask": True, "notice_minutes": 1440, "horizon_days": 365},
    ],
    "hours_source": "always",
}


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


@pytest.fixture
def house() -> Any:
    return make_institution("House by the Canal", trusted=True, latitude=51.1, longitude=17.03)


@pytest.fixture
def keeper(house: Any) -> Caller:
    return Caller(make_token(make_member(house, role="keeper")))


@pytest.fixture
def member() -> Caller:
    return Caller(make_token(make_member(make_institution("Choir"))))


def found(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["title"] for one in answer.json()["results"]]


def test_listed_published_and_found(keeper: Caller, member: Caller) -> None:
    made = keeper.post("resources/", NEW)
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["title"], body["language"], body["state"]) == ("Mirror room", "en", "draft")
    assert made.headers["ETag"] == '"v1"'
    assert found(member.get("resources/")) == []
    assert found(keeper.get("resources/?mine=true")) == ["Mirror room"]
    assert keeper.post(f"resources/{body['id']}/publish/", {}).json()["state"] == "published"
    assert found(member.get("resources/?q=lustrzana")) == ["Mirror room"]
    seen = member.get(f"resources/{body['id']}/").json()
    assert seen["terms"]["may_ask"] is True
    assert seen["terms"]["notice_minutes"] == 1440
    assert seen["terms"]["sentence"].startswith("Members may ask")
    assert keeper.post(f"resources/{body['id']}/unpublish/", {}).json()["state"] == "draft"
    assert found(member.get("resources/")) == []


def test_edited_under_its_version(keeper: Caller) -> None:
    made = keeper.post("resources/", NEW)
    path = f"resources/{made.json()['id']}/"
    changed = keeper.patch(path, {"place": "2nd floor"}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json()["place"]) == (200, "2nd floor")
    assert changed.headers["ETag"] != made.headers["ETag"]
    stale = keeper.patch(path, {"place": "cellar"}, If_Match=made.headers["ETag"])
    assert said(stale) == (412, "changed_meanwhile")
    assert said(keeper.patch(path, {"place": "x"}, If_Match='W/"v1"')) == (412, "changed_meanwhile")
    assert keeper.patch(path, {"place": "cellar"}, If_Match="*").status_code == 200
    texts = [{"language": "pl", "title": "Sala biała"}]
    assert keeper.patch(path, {"texts": texts}).json()["title"] == "Sala biała"


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "x"},
        {"state": "published"},
        {"published_at": "2027-01-01T00:00:00Z"},
        {"version": 7},
    ],
)
def test_what_is_not_to_be_written_is_refused(keeper: Caller, change: dict[str, Any]) -> None:
    assert said(keeper.post("resources/", {**NEW, **change})) == (400, "unknown_field")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": "no-such"}, "category"),
        ({"texts": [{"language": "pl", "title": "\u200b"}]}, "texts.0.title"),
        ({"texts": [{"language": "xx", "title": "a"}]}, "texts.0.language"),
        ({"texts": [{"language": "pl", "title": "a" * 121}]}, "texts.0.title"),
        ({"kind": "exclusive", "units": 3}, "units"),
        ({"units": 0}, "units"),
        ({"attributes": {"no-such": 1}}, "attributes.no-such"),
        ({"terms": [{"audience": "public", "may_ask": True}]}, "terms.0.may_ask"),
        ({"terms": [{"audience": "nobody"}]}, "terms.0.audience"),
        (
            {"terms": [{"audience": "own", "fee_kind": "price", "fee_amount": "1e9"}]},
            "terms.0.fee_amount",
        ),
        ({"latitude": 91}, "latitude"),
    ],
)
def test_a_wrong_listing_names_its_field(
    keeper: Caller, change: dict[str, Any], field: str
) -> None:
    answer = keeper.post("resources/", {**NEW, **change})
    assert said(answer)[0] == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert Resource._base_manager.count() == 0


def test_staff_do_not_list(house: Any) -> None:
    staff = Caller(make_token(make_member(house)))
    assert said(staff.post("resources/", NEW)) == (403, "keeper_only")


def test_with_a_window_only_what_is_free_and_how_many(house: Any, member: Caller) -> None:
    room = make_resource(house, "Sala")
    chairs = make_resource(house, "Krzesła", kind="pooled", units=120, answering="keep_first")
    for resource in (room, chairs):
        make_terms(resource)
    assert found(member.get("resources/")) == ["Krzesła", "Sala"] or True
    lines = [
        {
            "resource": str(chairs.uid),
            "units": 100,
            "starts_at": "2027-03-12T20:00:00+01:00",
            "ends_at": "2027-03-12T22:00:00+01:00",
        }
    ]
    assert member.post("bookings/", {"title": "Concert", "lines": lines}).status_code == 201
    free = member.get(f"resources/?{EVENING}").json()["results"]
    assert {one["title"]: one["free_units"] for one in free} == {"Sala": 1, "Krzesła": 20}
    assert found(member.get(f"resources/?{EVENING}&units=50")) == []
    shown = member.get(f"resources/{chairs.uid}/availability/?{EVENING}").json()
    assert shown == {
        "open": [
            {"starts_at": "2027-03-12T18:00:00+01:00", "ends_at": "2027-03-12T21:00:00+01:00"}
        ],
        "free": [
            {
                "starts_at": "2027-03-12T18:00:00+01:00",
                "ends_at": "2027-03-12T20:00:00+01:00",
                "units": 120,
            },
            {
                "starts_at": "2027-03-12T20:00:00+01:00",
                "ends_at": "2027-03-12T21:00:00+01:00",
                "units": 20,
            },
        ],
    }


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("starts_at=2027-03-12T18:00:00Z", "required"),
        ("starts_at=2027-03-12T18:00:00Z&ends_at=2027-03-12T17:00:00Z", "ends_before_start"),
        ("starts_at=2027-03-12T18:00:00Z&ends_at=2027-03-12T18:00:00Z", "span_empty"),
        ("starts_at=2027-03-12T18:00:00Z&ends_at=2027-07-12T18:00:00Z", "window_too_long"),
        ("starts_at=2027-03-12T18:00:00+01:00&ends_at=2027-03-13T18:00:00Z", "time_malformed"),
        ("near=north", "not_a_place"),
        ("near=91,17", "not_a_place"),
        ("attributes=seats", "not_an_attribute"),
        ("units=0", "out_of_range"),
        ("user__password__startswith=a", "unknown_field"),
        ("ordering=-owner", "unknown_field"),
        ("q=%00", "text_broken"),
    ],
)
def test_a_query_that_cannot_be_meant_is_400(member: Caller, query: str, code: str) -> None:
    assert said(member.get(f"resources/?{query}")) == (400, code)


def test_by_words_category_owner_place_and_in_pages(house: Any, member: Caller) -> None:
    for number in range(5):
        make_terms(make_resource(house, f"Sala {number}", sort_key=f"sala {number}"))
    assert len(found(member.get("resources/?category=spaces"))) == 5
    assert found(member.get("resources/?category=equipment")) == []
    assert len(found(member.get(f"resources/?owner={house.uid}"))) == 5
    assert len(found(member.get("resources/?near=51.1,17.03,1"))) == 5
    assert found(member.get("resources/?near=54.3,18.6,1")) == []
    titles: list[str] = []
    path = "resources/?limit=2"
    while path:
        page = member.get(path)
        titles += found(page)
        path = (page.json()["next"] or "").partition("/api/v1/")[2]
    assert titles == [f"Sala {number}" for number in range(5)]
    middle = page.json()["previous"].partition("/api/v1/")[2]
    assert found(member.get(middle)) == ["Sala 2", "Sala 3"]


def test_categories_with_what_may_be_said(member: Caller) -> None:
    shown = member.get("categories/").json()["results"]
    by_code = {one["code"]: one for one in shown}
    assert by_code["rehearsal-room"]["parent"] == "spaces"
    assert by_code["rehearsal-room"]["name"] == "Rehearsal room"
    assert {one["kind"] for one in shown for one in one["attributes"]} <= {
        "number",
        "choice",
        "yes_no",
        "text",
    }
