"""Who calls: a bearer token, or the session of the pages."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from cooperative import clock
from cooperative.errors import Sentence
from cooperative.people.models import Person
from cooperative.statements import prepared

_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]{1,200}")

_READ = {"id", "uid", "email", "name", "language", "time_zone"} | {
    "is_active",
    "is_staff",
    "is_superuser",
}
# In the order of the model, as `from_db` wants them.
_PERSON = tuple(one.attname for one in Person._meta.concrete_fields if one.attname in _READ)
# Every call begins with this statement: it is read by hand, so that nothing else is read.
_FIND = f"""
SELECT token.id, token.uid, token.institution_id, token.expires_at, token.revoked_at, token.last_used_on,
    {", ".join(f"person.{name}" for name in _PERSON)}
FROM cooperative_apitoken AS token JOIN cooperative_person AS person ON person.id = token.person_id
WHERE token.token_hash = %s::text
"""  # noqa: S608 - names of columns, from above


@dataclass(frozen=True, slots=True)
class UsedToken:
    """The token of this call. `institution` (database id) binds it to one; None = to none."""

    id: int
    uid: UUID
    institution: int | None


class Refused(exceptions.AuthenticationFailed):
    """401 with a code that says which it was."""

    def __init__(self, code: str, message: Sentence) -> None:
        super().__init__(str(message), code=code)
        self.code = code


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. One statement; a second one for the first call of a day."""

    def authenticate(self, request: Request) -> tuple[Person, UsedToken] | None:
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token.strip()
        if not _TOKEN.fullmatch(token):
            raise Refused("token_malformed", _("This is not a token."))
        now = clock.now()
        with prepared(_FIND, [hashlib.sha256(token.encode()).hexdigest()]) as cursor:
            row = cursor.fetchone()
        if row is None:
            raise Refused("token_unknown", _("This token is not known."))
        used, person = _checked(row, now)
        _mark_used(used, row[5], now)
        _speak(request, person)
        return person, used

    def authenticate_header(self, request: Request) -> str:
        sent = request.META.get("HTTP_AUTHORIZATION", "")
        return 'Bearer realm="podest"' + (', error="invalid_token"' if sent else "")


def caller(request: Request) -> Person:
    """Who calls; every view but the ones that are open to all has somebody."""
    if not isinstance(request.user, Person):
        raise exceptions.NotAuthenticated
    return request.user


class PageSession(SessionAuthentication):
    """The session cookie of the pages, with their CSRF token in `X-CSRFToken`."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(
                str(_("The page is too old. Please load it again.")), code="csrf_failed"
            ) from None


def _checked(row: tuple[Any, ...], now: datetime) -> tuple[UsedToken, Person]:
    number, uid, institution, expires_at, revoked_at, _last_used_on, *about = row
    person = Person.from_db("default", list(_PERSON), about)
    if revoked_at is not None:
        raise Refused("token_revoked", _("This token was revoked."))
    if expires_at is not None and expires_at <= now:
        raise Refused("token_expired", _("This token has run out."))
    if not person.is_active:
        raise Refused("token_revoked", _("This token was revoked."))
    return UsedToken(id=number, uid=uid, institution=institution), person


def _mark_used(token: UsedToken, last: date | None, now: datetime) -> None:
    if last == now.date():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cooperative_apitoken SET last_used_on = %s WHERE id = %s",
            [now.date(), token.id],
        )


def _speak(request: Request, person: Person) -> None:
    """Sentences are in the caller's own language, unless the call names one."""
    if "HTTP_ACCEPT_LANGUAGE" not in request.META:
        translation.activate(person.language)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "cooperative.api.authentication.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of a person, made on the settings page or by `POST /api/v1/tokens/`.",
        }


class PageSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "cooperative.api.authentication.PageSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of the pages. What is not a GET needs `X-CSRFToken`.",
        }
