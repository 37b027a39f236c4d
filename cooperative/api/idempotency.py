"""`Idempotency-Key`: a POST that is sent again has its effect once.

The key is the caller's (a person's) for 24 hours. Its lock, the effect and the stored answer share one transaction:
either all of it happened or nothing did. Only 2xx answers are stored: a refusal is judged again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cooperative import clock
from cooperative.errors import Conflict, DomainError
from cooperative.statements import prepared
from cooperative.transactions import run_again

from .authentication import caller
from .models import IdempotencyKey
from .problems import FieldError, Malformed
from .renderers import Verbatim
from .uploads import fields_and_files, is_multipart

KEPT = timedelta(hours=24)
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("ETag", "Location")

_WAIT = "SELECT pg_advisory_xact_lock(%s::bigint)"
_TAKE = "SELECT pg_try_advisory_xact_lock(%s::bigint)"
_FIND = """
SELECT body_hash, status, answer #>> '{}', headers FROM cooperative_idempotencykey
WHERE person_id = %s::bigint AND key = %s::text AND created_at > %s::timestamptz
"""
_KEEP = """
INSERT INTO cooperative_idempotencykey (person_id, key, body_hash, status, answer, headers, created_at)
VALUES (%s::bigint, %s::text, %s::text, %s::smallint, to_jsonb(%s::text), %s::jsonb, %s::timestamptz)
ON CONFLICT (person_id, key) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status,
    answer = excluded.answer, headers = excluded.headers, created_at = excluded.created_at
"""


class InProgress(Conflict):
    """The first call with this key is still running."""

    code = "idempotency_in_progress"
    title = _("The same call is being worked on. Please wait a moment.")
    headers = {"Retry-After": "1"}


class OtherBody(DomainError):
    """The key was used for something else."""

    code = "idempotency_key_reused"
    status = 422
    title = _("This Idempotency-Key was used for another call")


def once(request: Request, work: Callable[[], Response]) -> Response:
    """The answer of `work`, or the one stored for this call's key. Without a key, simply `work()`."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return work()
    if not _KEY.fullmatch(key):
        sentence = _("A key is 1 to 255 visible ASCII characters.")
        raise Malformed([FieldError("Idempotency-Key", "idempotency_key_malformed", sentence)])
    person = caller(request).pk
    sent = _hash(request)
    now = clock.now()

    def verb() -> Response:
        with transaction.atomic():
            return _kept(person=person, key=key, sent=sent, now=now, work=work)

    return run_again(verb)


def form_once(*, person: int, form: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `work`, or a redirect to where the same `form` led when it was sent before.

    The same for pages: a second click waits for the first and arrives where that did. Only redirects are stored, under
    a key with a space in it, which no caller of the API can send.
    """
    key = f"form {form}"
    now = clock.now()

    def verb() -> HttpResponse:
        with transaction.atomic():
            with prepared(_WAIT, [_lock(person, key)]):
                pass
            with prepared(_FIND, [person, key, now - KEPT]) as cursor:
                found = cursor.fetchone()
            if found is not None:
                return HttpResponseRedirect(json.loads(found[3])["Location"])
            response = work()
            if response.status_code == HttpResponseRedirect.status_code:
                headers = json.dumps({"Location": response.headers["Location"]})
                values = [person, key, form, response.status_code, None, headers, now]
                with prepared(_KEEP, values):
                    pass
            return response

    return run_again(verb)


def forget_old_answers(*, now: datetime) -> int:
    """Delete what is no longer honoured; the number of answers that went."""
    return IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]


def _kept(
    *, person: int, key: str, sent: str, now: datetime, work: Callable[[], Response]
) -> Response:
    # Two statements: what the first holder committed is seen only by one that begins after the lock.
    with prepared(_TAKE, [_lock(person, key)]) as cursor:
        (got,) = cursor.fetchone()
    if not got:
        raise InProgress
    with prepared(_FIND, [person, key, now - KEPT]) as cursor:
        found = cursor.fetchone()
    if found is not None:
        body_hash, status, answer, headers = found
        if body_hash != sent:
            raise OtherBody
        kept = {**json.loads(headers), REPLAYED: "true"}
        return Response(Verbatim(answer) if answer is not None else None, status, headers=kept)
    response = work()
    if 200 <= response.status_code < 300:
        _keep(person=person, key=key, sent=sent, now=now, response=response)
    return response


def _keep(*, person: int, key: str, sent: str, now: datetime, response: Response) -> None:
    # What is shown once (a new token) is not kept; the view says what is left of it.
    shown = getattr(response, "kept_data", response.data)
    text = None if shown is None else JSONRenderer().render(shown).decode()
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    values = [person, key, sent, response.status_code, text, json.dumps(headers), now]
    with prepared(_KEEP, values):
        pass


def _hash(request: Request) -> str:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if is_multipart(request):
        # Its boundary is another one each time, and its files are not all in memory.
        fields, files = fields_and_files(request)
        digest.update(json.dumps(sorted(fields.items())).encode())
        for file in files:
            digest.update(f"\n{file.name} {file.size}\n".encode(errors="surrogatepass"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request._request.body)
    return digest.hexdigest()


def _lock(person: int, key: str) -> int:
    digest = hashlib.sha256(f"idempotency {person} {key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
