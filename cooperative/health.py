"""`GET /health/`: 200 while all parts are up, else 503 with the name of the part that is not.

Worker and beat leave signs of life in Valkey that run out after 15 seconds. The answer comes within
50 ms: a database that hangs is given up on and asked again by the next probe.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

FRESH_SECONDS = 15
BEAT_EVERY_SECONDS = 5
PATIENCE_SECONDS = 0.03

_client: Redis | None = None
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
_asked: Future[bool] | None = None
_lock = Lock()
_last_sign = 0.0


def sign_of_life(part: str) -> None:
    """Say that `part` (worker or beat) works; called often, sent every few seconds."""
    global _last_sign  # noqa: PLW0603 - one per process
    moment = time.monotonic()
    if _last_sign and moment - _last_sign < BEAT_EVERY_SECONDS:
        return
    try:
        _valkey(patience=1.0).set(_key(part), "1", ex=FRESH_SECONDS)
        _last_sign = moment
    except (RedisError, OSError):
        pass  # its absence is the message


def _key(part: str) -> str:
    return f"podest:alive:{part}"


def _valkey(*, patience: float) -> Redis:
    global _client  # noqa: PLW0603 - one per process
    if _client is None:
        _client = Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=patience, socket_timeout=patience
        )
    return _client


def _ask_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError):
        return False
    else:
        return True
    finally:
        connection.close()


def _database_answers() -> bool:
    """Whether it answers now. One question at a time: a hanging one is not piled upon."""
    global _asked  # noqa: PLW0603 - the question that is under way
    with _lock:
        if _asked is None or _asked.done():
            _asked = _thread.submit(_ask_database)
        asked = _asked
    try:
        return asked.result(PATIENCE_SECONDS)
    except TooLate:
        return False


def missing() -> list[str]:
    """Names of the parts that are not up, in the order in which they depend on each other."""
    parts = [] if _database_answers() else ["database"]
    try:
        beat, worker = _valkey(patience=PATIENCE_SECONDS / 3).mget(_key("beat"), _key("worker"))
    except (RedisError, OSError):
        return [*parts, "valkey"]
    if worker is None:
        parts.append("worker")
    if beat is None:
        parts.append("beat")
    return parts


class HealthMiddleware:
    """Answers before sessions, languages and host checks, none of which a probe has or needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/health/":
            return self.get_response(request)
        parts = missing()
        response = (
            JsonResponse({"status": "down", "part": parts[0], "parts": parts}, status=503)
            if parts
            else JsonResponse({"status": "ok"})
        )
        response.headers["Cache-Control"] = "no-store"
        # The probe is told; a log line for each probe would hide what matters.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response
