"""So many calls a minute for each token (or person): counted in the cache, open while the cache is away."""

from __future__ import annotations

import re
from typing import cast

from django.conf import settings
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cooperative import clock
from cooperative.cache import FailOpenCache

from .authentication import UsedToken

_RATE = re.compile(r"(?P<most>[0-9]+)/(?P<unit>s|m|h|d)[a-z]*")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def parse_rate(rate: str) -> tuple[int, int]:
    """`6000/min` as (calls, seconds). Raises ValueError where it is not written like that."""
    found = _RATE.fullmatch(rate)
    if found is None:
        raise ValueError(f"API_RATE is written as 6000/min, not {rate!r}.")
    return int(found["most"]), _SECONDS[found["unit"]]


class TokenThrottle(BaseThrottle):
    """A fixed window: exact enough, and one counter."""

    _left: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        most, seconds = parse_rate(settings.API_RATE)
        instant = clock.now().timestamp()
        window = int(instant // seconds)
        key = f"api-rate:{_caller(request)}:{window}"
        self._left = (window + 1) * seconds - instant
        return _cache().count(key, timeout=seconds + 1) <= most

    def wait(self) -> float | None:
        return self._left


def _cache() -> FailOpenCache:
    return cast(FailOpenCache, caches[DEFAULT_CACHE_ALIAS])


def _caller(request: Request) -> str:
    if isinstance(request.auth, UsedToken):
        return f"token-{request.auth.id}"
    return f"person-{request.user.pk}" if request.user.is_authenticated else "nobody"
