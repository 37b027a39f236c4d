"""Every refusal of the API is `application/problem+json` (RFC 9457), with a stable `code`.

`{type, title, status, detail, code, errors?, reasons?, alternatives?}`. `type` is `urn:podest:problem:<code>`.
`errors` lists what is wrong with which field: `{field, code, message, values?}`; nested fields are dotted
(`lines.0.starts_at`). Where all errors share one code, `code` is that one, else `invalid`.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from cooperative.errors import Busy, DomainError, Invalid, NotFound, Sentence
from cooperative.timeparsing import TimeError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = "1"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `values` says what may be chosen from, or the limit that was passed."""

    field: str
    code: str
    message: Sentence
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "field": self.field,
            "code": self.code,
            "message": str(self.message),
        }
        if self.values:
            said["values"] = dict(self.values)
        return said


class Malformed(Invalid):
    """A body or query that does not fit the schema."""

    def __init__(self, found: Iterable[FieldError]) -> None:
        self.found = tuple(found)
        codes = {error.code for error in self.found}
        super().__init__(
            {error.field: error.message for error in self.found},
            self.found[0].message if len(self.found) == 1 else "",
            code=codes.pop() if len(codes) == 1 else None,
        )


class UnknownPath(NotFound):
    """No such address below `/api/`."""

    code = "unknown_path"
    title = _("There is no such address in this API")


# What speaks for itself by its class; the rest of the domain's errors carry their own code, status and sentence.
Shower = Callable[[DomainError], dict[str, Any]]
_SHOWERS: dict[type[DomainError], Shower] = {}


def shows(kind: type[DomainError]) -> Callable[[Shower], Shower]:
    """Register what an app's own error adds to the problem: `@shows(BookingRefused)`."""

    def register(shower: Shower) -> Shower:
        _SHOWERS[kind] = shower
        return shower

    return register


def problem(
    *, status: int, code: str, title: Sentence, detail: Sentence = "", **more: Any
) -> dict[str, Any]:
    """The members of a problem, in the reader's language."""
    return {
        "type": f"urn:podest:problem:{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
        "code": code,
        **more,
    }


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None (a bug) is for Django to report and for `server_error` to answer."""
    made = _answer(error)
    if made is None:
        return None
    body, headers = made
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: what Django refuses before any view."""
    if not request.path.startswith("/api/"):
        if isinstance(exception, RequestDataTooBig):
            return render(request, "413.html", status=413)
        return defaults.bad_request(request, exception)
    made = _answer(exception)
    body = (
        made[0]
        if made
        else problem(status=400, code="malformed", title=_("The request cannot be read"))
    )
    return JsonResponse(body, status=body["status"], content_type=CONTENT_TYPE)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a mistake of ours, said without its details."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    body = problem(status=500, code="server_error", title=_("Something went wrong on our side"))
    return JsonResponse(body, status=500, content_type=CONTENT_TYPE)


_Made = tuple[dict[str, Any], dict[str, str]]


def _answer(error: Exception) -> _Made | None:
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, (OperationalError, InterfaceError)):
        # The database is away, waited too long for a lock, or has too many guests: it may work in a moment.
        logger.error("The database did not serve a request.", exc_info=error)
        error = Busy()
    elif isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, DomainError):
        return _of_domain(error)
    # The order matters: a request that is too big is suspicious, too.
    for kind, status, code, title in (
        (PermissionDenied, 403, "forbidden", _("You may not do this")),
        (RequestDataTooBig, 413, "too_large", _("This is too much at once")),
        (SuspiciousOperation, 400, "malformed", _("The request cannot be read")),
        (UnreadablePostError, 400, "malformed", _("The request cannot be read")),
    ):
        if isinstance(error, kind):
            return problem(status=status, code=code, title=title), {}
    return None


def _of_domain(error: DomainError) -> _Made:
    more: dict[str, Any] = {}
    if isinstance(error, Malformed):
        more["errors"] = [one.shown() for one in error.found]
    elif isinstance(error, Invalid):
        values = error.values if isinstance(error, TimeError) else {}
        more["errors"] = [
            FieldError(name, error.code, sentence, values).shown()
            for name, sentences in error.errors.items()
            for sentence in sentences
        ]
    for kind in type(error).__mro__:
        if kind in _SHOWERS:
            more.update(_SHOWERS[kind](error))
            break
    headers = {"Retry-After": RETRY_AFTER} if error.status == 503 else {}
    shown = problem(
        status=error.status, code=error.code, title=error.title, detail=error.message, **more
    )
    return shown, headers | getattr(error, "headers", {})


_TITLES: dict[int, tuple[str, Promise]] = {
    400: ("invalid", _("Please correct what is marked")),
    401: ("not_authenticated", _("Please say who you are")),
    403: ("forbidden", _("You may not do this")),
    404: ("not_found", _("There is nothing here for you")),
    405: ("method_not_allowed", _("This address does not know this method")),
    406: ("not_acceptable", _("This cannot be answered in that form")),
    415: ("unsupported_media_type", _("Please send application/json")),
    429: ("throttled", _("Too many calls. Please wait a little.")),
}


def _of_framework(error: exceptions.APIException) -> _Made:
    code, title = _TITLES.get(error.status_code, ("refused", _("This is not possible")))
    headers: dict[str, str] = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    detail: Sentence = ""
    if not isinstance(error, exceptions.ValidationError):
        given = error.get_codes()
        if isinstance(given, str) and given != error.default_code:
            code = given
        # The framework's own sentences repeat what came in; ours are said only where a view chose them.
        if isinstance(error, (exceptions.AuthenticationFailed, exceptions.PermissionDenied)):
            detail = str(error.detail)
    return problem(status=error.status_code, code=code, title=title, detail=detail), headers
