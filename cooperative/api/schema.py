"""How the OpenAPI document is made: from the views, with the problems, headers and limits that hold for all."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from .fields import Body
from .pages import LARGEST_PAGE, PAGE
from .problems import CONTENT_TYPE

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "Your own name for this call, kept for 24 hours. Sent again with the same body it answers the same and does "
        "nothing more (`Idempotency-Replayed: true`); with another body 422; while the first still runs 409 with "
        "`Retry-After`."
    ),
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` you read. If somebody changed the thing meanwhile, nothing is done and 412 is answered.",
)
CURSOR = OpenApiParameter(
    "cursor",
    str,
    OpenApiParameter.QUERY,
    description="Comes with `next` and `previous`; follow those addresses rather than making one.",
)
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    OpenApiParameter.QUERY,
    description="How many results a page has.",
)


class FieldErrorDoc(serializers.Serializer[Any]):
    """What is wrong with one field."""

    field = serializers.CharField(help_text="Dotted where nested: `lines.0.starts_at`.")
    code = serializers.CharField(help_text="Stable.")
    message = serializers.CharField(help_text="A sentence in the reader's language.")
    values = serializers.DictField(required=False, help_text="What may be chosen from, or a limit.")

    class Meta:
        ref_name = "FieldError"


class ProblemDoc(serializers.Serializer[Any]):
    """A refusal, as RFC 9457 has it. `code` is stable; `title` and `detail` are in the reader's language."""

    type = serializers.CharField(help_text="`urn:podest:problem:<code>`")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = FieldErrorDoc(many=True, required=False)  # type: ignore[assignment]  # a field, not DRF's errors

    class Meta:
        ref_name = "Problem"


MEANINGS = {
    400: "What was sent cannot be understood; `errors` says what is wrong with which field.",
    401: "No token, or one that is unknown, revoked or has run out.",
    403: "You may see it but not do this, or not for this institution.",
    404: "Not there, or not for you: the same answer.",
    409: "State or time does not allow it, or the same call still runs.",
    412: "Somebody else changed it meanwhile.",
    413: "The body is too large.",
    415: "The body is not `application/json`.",
    422: "This Idempotency-Key was used for another call.",
    429: "Too many calls; `Retry-After` says when to go on.",
    503: "Too much at once; the same call may go through after `Retry-After` seconds.",
}


class ApiSchema(AutoSchema):
    """Adds to each operation what holds for all of its kind, so that no view repeats it."""

    @property
    def _problems(self) -> tuple[int, ...]:
        also: tuple[int, ...] = getattr(self.view, "also_answers", ())
        found = {400, 401, 403, 429, 503, *also}
        if "{" in self.path:
            found.add(404)
        if self.method != "GET":
            found |= {413, 415}
        if self.method in {"POST", "PUT"} or (self.method != "GET" and self._refuses):
            found.add(409)
        if self.method == "POST":
            found.add(422)
        if self._matches:
            found.add(412)
        return tuple(sorted(found))

    @property
    def _refuses(self) -> bool:
        """Whether a no of its own is described, which PATCH and DELETE give as well."""
        return 409 in getattr(self.view, "problem_docs", {})

    @property
    def _matches(self) -> bool:
        return self.method in getattr(self.view, "matches", ())

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = []
        if self.method == "GET":
            query = getattr(self.view, "query_class", None)
            if query is not None:
                found.append(query)
            if getattr(self.view, "pages_through", False):
                found += [CURSOR, LIMIT]
        if self.method == "DELETE" and (query := getattr(self.view, "delete_query_class", None)):
            found.append(query)
        if self.method == "POST":
            found.append(IDEMPOTENCY_KEY)
        if self._matches:
            found.append(IF_MATCH)
        return found

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._problems:
            kinds = getattr(self.view, "problem_docs", {})
            said = OpenApiResponse(kinds.get(status, ProblemDoc), description=MEANINGS[status])
            made = self._get_response_for_code(said, str(status), (CONTENT_TYPE,), direction)  # type: ignore[no-untyped-call]
            found.setdefault(str(status), made)
        return dict(sorted(found.items()))

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        made: dict[str, Any] = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if direction == "request" and isinstance(serializer, Body | FormDoc):
            made["additionalProperties"] = False
        return made


class FormDoc(serializers.Serializer[Any]):
    """What a form with files carries; as of a `Body`, unknown fields are refused."""


def page_of(
    name: str, item: type[serializers.Serializer[Any]]
) -> type[serializers.Serializer[Any]]:
    """The schema of a page of `item`."""
    members = {
        "next": serializers.URLField(
            allow_null=True, help_text="The following page, null at the end."
        ),
        "previous": serializers.URLField(
            allow_null=True, help_text="The page before, null at the start."
        ),
        "results": item(many=True),
        "Meta": type("Meta", (), {"ref_name": name}),
    }
    return type(f"{name}Doc", (serializers.Serializer,), members)


def example(name: str, value: Any, **kwargs: Any) -> OpenApiExample:
    """An example of a body, request unless said otherwise."""
    return OpenApiExample(name, value=value, **{"request_only": True, **kwargs})


__all__ = ["ApiSchema", "OpenApiTypes", "ProblemDoc", "example", "page_of"]
