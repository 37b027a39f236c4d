"""A cache that fails open: with its server away, the product works on, only slower."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

# How long a process does without a server that did not answer, rather than wait for it each time.
REST_SECONDS = 5.0


def _open(fallback: Callable[..., Any], call: Callable[P, R]) -> Callable[P, R]:
    """Answer with `fallback(*args)` when the server cannot be reached."""

    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        cache = cast(FailOpenCache, args[0])
        if not cache.rests():
            try:
                return call(*args, **kwargs)
            except (RedisError, OSError) as error:
                cache.let_rest(error)
        return cast(R, fallback(*args, **kwargs))

    guarded.__name__ = call.__name__
    return guarded


def _default(self: object, key: object, default: object = None, version: object = None) -> object:
    return default


def _added(*args: object, **kwargs: object) -> bool:
    return True


def _not_there(*args: object, **kwargs: object) -> bool:
    return False


def _empty(*args: object, **kwargs: object) -> dict[str, object]:
    return {}


def _none_failed(*args: object, **kwargs: object) -> list[str]:
    return []


def _nothing(*args: object, **kwargs: object) -> None:
    return None


def _first(*args: object, **kwargs: object) -> int:
    return 1


def _unknown_key(self: object, key: object, *args: object, **kwargs: object) -> int:
    # Counting callers already handle a key that has just run out.
    raise ValueError(f"Key {key!r} not found.")


class FailOpenCache(RedisCache):
    """Django's Redis cache; a lost connection is a miss, not an error.

    `add` says yes while the server is away: locks and throttles let through rather than block.
    After one failure the process does without it for a few seconds, so that a server that hangs
    costs one time-out and not one for each call.
    `clear` removes only keys under this cache's prefix, since the broker may share the server.
    """

    _servers: list[str]
    _rests_until: ClassVar[dict[str, float]] = {}

    def rests(self) -> bool:
        """Whether the server failed a moment ago."""
        return time.monotonic() < self._rests_until.get(str(self._servers), 0.0)

    def let_rest(self, error: Exception) -> None:
        """Do without the server for a while."""
        logger.warning("The cache does not answer (%s); going on without it.", error)
        self._rests_until[str(self._servers)] = time.monotonic() + REST_SECONDS

    get = _open(_default, RedisCache.get)
    set = _open(_nothing, RedisCache.set)
    add = _open(_added, RedisCache.add)
    touch = _open(_not_there, RedisCache.touch)
    delete = _open(_not_there, RedisCache.delete)
    get_many = _open(_empty, RedisCache.get_many)
    set_many = _open(_none_failed, RedisCache.set_many)
    delete_many = _open(_nothing, RedisCache.delete_many)
    has_key = _open(_not_there, RedisCache.has_key)
    incr = _open(_unknown_key, RedisCache.incr)

    def _count(self, key: str, *, timeout: int) -> int:
        """Add one to `key`, which begins at nothing and is gone `timeout` seconds later; the new number.

        One way to the server and back, where `incr` takes two. A server that is away counts no further than one.
        """
        name = self.make_and_validate_key(key)
        steps = self._cache.get_client(name, write=True).pipeline(transaction=False)
        steps.incr(name)
        steps.expire(name, timeout, nx=True)
        number, _set = steps.execute()
        return int(number)

    count = _open(_first, _count)

    def clear(self) -> None:
        """Delete every key of this cache, and none of its neighbours'."""
        try:
            client = self._cache.get_client(None, write=True)
            for key in client.scan_iter(match=f"{self.key_prefix}:*", count=500):
                client.delete(key)
        except (RedisError, OSError) as error:
            self.let_rest(error)
