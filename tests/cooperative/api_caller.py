"""Calls the API as a program does: a token, JSON, and nothing of the framework's own test client."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.test import Client

from cooperative.institutions.models import Institution
from cooperative.membership.models import ApiToken
from cooperative.people.models import Person

PROBLEM = "application/problem+json"


def make_token(person: Person, institution: Institution | None = None, **fields: Any) -> str:
    """A token's secret; the row is written by hand."""
    secret = f"secret-{person.pk}-{ApiToken.objects.count()}"
    ApiToken.objects.create(
        person=person,
        institution=institution,
        name="test",
        prefix=secret[:12],
        token_hash=hashlib.sha256(secret.encode()).hexdigest(),
        **fields,
    )
    return secret


class Caller:
    """A program with a token. Sentences come in English unless `language` says otherwise."""

    def __init__(self, token: str | None = None, *, language: str | None = "en") -> None:
        self._client = Client(raise_request_exception=True)
        self._headers: dict[str, str] = {}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        if language is not None:
            self._headers["Accept-Language"] = language

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`body` is JSON unless it is bytes already. Header names have `_` for `-`."""
        sent = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = named.pop("Content-Type", "application/json")
        return self._client.generic(
            method, f"/api/v1/{path}", sent, content_type, headers={**self._headers, **named}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)


def said(response: Any) -> tuple[int, str]:
    """Status and code of a problem; that it is one is checked along the way."""
    assert response.headers["Content-Type"] == PROBLEM, response.content[:500]
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    assert body["type"] == f"urn:podest:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["code"]
