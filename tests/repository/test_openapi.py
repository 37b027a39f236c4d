"""The OpenAPI document: as committed, complete, and readable without any other host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from bookings.services.schedules.telling import TYPES
from bookings.states import PERSONAL_ACTIONS
from cooperative.api.document import document

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (method, path, operation)
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]

FILES = {kind.partition(";")[0] for kind in TYPES.values()}
"""What a file is answered as, where there is one."""


def test_the_committed_document_is_what_the_code_says() -> None:
    made = OpenApiYamlRenderer().render(document(), renderer_context={}).decode()  # type: ignore[no-untyped-call]
    committed = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    assert committed == made, "run make openapi and look at the difference"


def test_it_is_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.1"
    validate_schema(document())  # type: ignore[no-untyped-call]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = [operation["operationId"] for _method, _path, operation in OPERATIONS]
    assert len(names) == len(set(names))
    assert [name for name in names if not name.replace("_", "").isalpha()] == []
    for _method, _path, operation in OPERATIONS:
        assert operation["summary"], operation["operationId"]
        assert {"token": []} in operation["security"], operation["operationId"]


def test_every_operation_says_how_it_refuses() -> None:
    for method, path, operation in OPERATIONS:
        name, answers = operation["operationId"], operation["responses"]
        expected = {"400", "401", "403", "429", "503"}
        if "{" in path:
            expected.add("404")
        if method == "post":
            expected |= {"409", "413", "415", "422"}
        assert expected <= set(answers), name
        for status, answer in answers.items():
            kinds = set(answer.get("content", {}))
            told = {"application/json"}
            if name.startswith("institutions_schedule_"):
                told = FILES
            elif name == "attachments_retrieve":
                told = {"application/octet-stream"}
            assert kinds <= ({"application/problem+json"} if status >= "400" else told), name


def test_every_post_takes_an_idempotency_key() -> None:
    for method, _path, operation in OPERATIONS:
        names = {one["name"] for one in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post"), operation["operationId"]


def test_every_body_refuses_what_it_does_not_know() -> None:
    schemas = document()["components"]["schemas"]
    bodies = [schema for name, schema in schemas.items() if name.endswith("Request")]
    assert bodies
    assert all(schema["additionalProperties"] is False for schema in bodies)


def test_every_action_that_a_person_takes_has_its_address() -> None:
    paths = set(document()["paths"])
    assert {f"/api/v1/booking-lines/{{id}}/{action}/" for action in PERSONAL_ACTIONS} == {
        path
        for path in paths
        if path.startswith("/api/v1/booking-lines/")
        and not path.endswith(("/seats/", "/alternatives/", "/fee/", "/told/", "/untold/"))
    }


@pytest.mark.django_db
def test_it_is_served_and_its_page_asks_no_other_host() -> None:
    served = Client().get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert served.json()["paths"].keys() == document()["paths"].keys()
    page = Client().get("/api/v1/docs/").content.decode()
    assert "http://" not in page
    assert "https://" not in page
