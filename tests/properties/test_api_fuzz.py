"""The API against its own document: whatever a client sends, the answer is one that the document describes.

Sampled here with a fixed seed; `PODEST_FUZZ` says how many examples each operation gets. PODEST_PROOF=1 adds every
boundary of the document: lengths, numbers, missing and unknown fields.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cooperative.api.document import document
from cooperative.wsgi import application
from tests.cooperative.api_caller import make_token
from tests.factories import make_institution, make_member, make_resource, make_terms

EXAMPLES = int(os.environ.get("PODEST_FUZZ", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

PROOF = os.environ.get("PODEST_PROOF") == "1"

api = schemathesis.openapi.from_dict(
    document(), config=SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": PROOF}}})
)
api.app = application


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The transaction of the test outlives each request, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db: None, at: Callable[[str], datetime]) -> str:
    at("2027-03-01T09:00+01:00")
    house = make_institution("House")
    resource = make_resource(house)
    make_terms(resource)
    return make_token(make_member(house, role="manager"))


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_answer_is_one_that_the_document_describes(case: Case[Any], token: str) -> None:
    headers: dict[str, Any] = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(headers=headers, checks=CHECKS)
