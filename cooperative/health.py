"""`GET /health/`: 200 while all parts are up, else 503 with the name of the part that is not."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

HEARTBEAT_SECONDS = 15
KEY = "podest:heartbeat"


def beat() -> None:
    """Leave a sign of life that runs out by itself."""
    _valkey().set(KEY, "1", ex=HEARTBEAT_SECONDS)


def _valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.02, socket_timeout=0.02)


class HealthMiddleware:
    """Answers before sessions, languages and host checks, which a probe does not need."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/health/":
            return answer()
        return self.get_response(request)


def answer() -> HttpResponse:
    """State of each part: `{"status": "ok"}` or `{"status": "down", "part": "..."}`."""
    try:
        alive = _valkey().get(KEY)
    except (RedisError, OSError):
        return JsonResponse({"status": "down", "part": "valkey"}, status=503)
    if alive is None:
        return JsonResponse({"status": "down", "part": "worker"}, status=503)
    return JsonResponse({"status": "ok"})
