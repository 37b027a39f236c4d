"""A client that knows nothing but the OpenAPI document lists, checks, books, is refused with options, and approves.

It finds operations by `operationId`, builds addresses and bodies from the document, and holds every answer against
the schema that the document gives for its status.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from tests.cooperative.api_caller import make_token
from tests.factories import make_institution, make_member

pytestmark = pytest.mark.django_db


class DocumentClient:
    """Calls operations by name, as the document describes them."""

    def __init__(self, token: str) -> None:
        self._http = Client()
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        answer = self._http.get("/api/v1/schema/", headers={"Accept": "application/json"})
        assert answer.status_code == 200
        self.document: dict[str, Any] = json.loads(answer.content)
        scheme = self.document["components"]["securitySchemes"]["token"]
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }

    def call(self, name: str, body: Any = None, **values: Any) -> tuple[int, Any]:
        """Status and body of operation `name`; `values` fill its path and query."""
        method, path, operation = self._operations[name]
        parameters = {one["name"]: one["in"] for one in operation.get("parameters", [])}
        assert set(values) <= set(parameters), f"{name} has no {set(values) - set(parameters)}"
        address = re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), path)
        query = {name: value for name, value in values.items() if parameters[name] == "query"}
        content = operation.get("requestBody", {}).get("content", {})
        if body is not None:
            self._fits(body, content["application/json"]["schema"])
        if method == "get":
            answer = self._http.get(address, query, headers=self._headers)
        else:
            sent = json.dumps(body if body is not None else {})
            answer = self._http.generic(
                method.upper(), address, sent, "application/json", headers=self._headers
            )
        described = operation["responses"][str(answer.status_code)]["content"]
        kind = answer.headers["Content-Type"]
        said = json.loads(answer.content)
        self._fits(said, described[kind]["schema"])
        return answer.status_code, said

    def _fits(self, value: Any, schema: dict[str, Any]) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)

    def new_line_from(self, option: dict[str, Any]) -> dict[str, Any]:
        """What of an alternative is a member of a new line, by the document's schemas."""
        members = self.document["components"]["schemas"]["NewLineRequest"]["properties"]
        return {name: value for name, value in option.items() if name in members}


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


def test_the_document_alone_is_enough() -> None:
    owner = make_institution("House by the Canal", trusted=True)
    asker = DocumentClient(make_token(make_member(make_institution("Choir"))))
    keeper = DocumentClient(make_token(make_member(owner, role="keeper")))
    for title in ("Sala prób", "Sala lustrzana"):
        status, listed = keeper.call(
            "resources_create",
            {
                "category": "rehearsal-room",
                "texts": [{"language": "pl", "title": title}],
                "terms": [{"audience": "cooperative", "may_ask": True, "horizon_days": 365}],
                "answering": "keep_first",
                "hours_source": "always",
            },
        )
        assert (status, listed["state"]) == (201, "draft")
        changed = keeper.call("resources_edit", {"place": "1st floor"}, id=listed["id"])[1]
        assert changed["place"] == "1st floor"
        assert keeper.call("resources_publish", {}, id=listed["id"])[1]["state"] == "published"
    evening = {"starts_at": "2027-03-12T18:00:00+01:00", "ends_at": "2027-03-12T21:00:00+01:00"}

    status, categories = asker.call("categories_list")
    assert status == 200
    assert "spaces" in {one["code"] for one in categories["results"]}

    status, page = asker.call("resources_list", category="spaces", q="prób", **evening)
    # Both are rehearsal rooms ("sala prób"); the one of that name comes first.
    assert [one["title"] for one in page["results"]] == ["Sala prób", "Sala lustrzana"]
    room_id = page["results"][0]["id"]
    assert asker.call("resources_retrieve", id=room_id)[1]["terms"]["may_ask"] is True
    status, shown = asker.call("resources_availability", id=room_id, **evening)
    assert shown["free"] == [{**evening, "units": 1}]

    wish = {"title": "Concert", "lines": [{"resource": room_id, **evening}]}
    assert asker.call("bookings_check", wish)[1]["possible"] is True
    status, booking = asker.call("bookings_create", wish)
    assert (status, booking["lines"][0]["state"]) == (201, "held")

    waiting = keeper.call("bookings_list", role="lender", state="open")[1]["results"]
    line = waiting[0]["lines"][0]
    assert "approve" in line["actions"]
    status, answered = keeper.call("booking_lines_approve", {"note": "Welcome"}, id=line["id"])
    assert (status, answered["state"]) == (200, "confirmed")
    assert asker.call("bookings_retrieve", id=booking["id"])[1]["state"] == "confirmed"

    rival = DocumentClient(make_token(make_member(make_institution("Band"))))
    status, refusal = rival.call("bookings_create", wish)
    assert (status, refusal["code"]) == (409, "not_possible")
    assert [reason["code"] for reason in refusal["reasons"]] == ["taken"]
    kinds = {option["kind"] for option in refusal["alternatives"]}
    assert kinds == {"other_time", "like_resource", "waiting_list"}
    for option in refusal["alternatives"]:
        line_instead = rival.new_line_from(option)
        again = {"title": "Concert", "lines": [line_instead]}
        assert rival.call("bookings_check", again)[1]["possible"] is True
    status, instead = rival.call("bookings_create", again)
    assert status == 201

    assert asker.call("bookings_messages_create", {"body": "Thank you"}, id=booking["id"])[0] == 201
    assert len(asker.call("bookings_messages_list", id=booking["id"])[1]["results"]) == 2
    assert rival.call("bookings_withdraw", {}, id=instead["id"])[1]["state"] == "withdrawn"
    assert asker.call("institutions_list", mine="true")[1]["results"][0]["your_role"] == "staff"
    assert asker.call("networks_list")[0] == 200
    assert asker.call("notifications_list")[0] == 200
    assert asker.call("events_list")[0] == 200
    status, token = asker.call("tokens_create", {"name": "second"})
    assert (status, token["token"] is not None) == (201, True)
    assert len(asker.call("tokens_list")[1]["results"]) == 2
