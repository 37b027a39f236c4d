"""A cache that is away is a miss, never an error; clearing it leaves its neighbours alone."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.cache import cache, caches
from redis import Redis

from cooperative.cache import FailOpenCache


def _cache(path: Path) -> FailOpenCache:
    options = {"socket_connect_timeout": 0.1, "socket_timeout": 0.1}
    return FailOpenCache(f"unix://{path}?db=0", {"OPTIONS": options, "KEY_PREFIX": "t"})


@pytest.fixture(params=["away", "hanging"])
def lost(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FailOpenCache]:
    """A cache whose server is not there, and one whose server never answers."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        if request.param == "hanging":
            server.bind(os.fspath(path))
            server.listen(8)
        yield _cache(path)


@pytest.mark.parametrize(
    ("call", "arguments", "answer"),
    [
        ("get", ("a",), None),
        ("get", ("a", 5), 5),
        ("set", ("a", 1), None),
        ("add", ("a", 1), True),
        ("touch", ("a",), False),
        ("delete", ("a",), False),
        ("get_many", (["a"],), {}),
        ("set_many", ({"a": 1},), []),
        ("delete_many", (["a"],), None),
        ("has_key", ("a",), False),
        ("get_or_set", ("a", 3), 3),
        ("clear", (), None),
    ],
)
def test_a_lost_server_is_a_miss(
    lost: FailOpenCache, call: str, arguments: tuple[Any, ...], answer: object
) -> None:
    assert getattr(lost, call)(*arguments) == answer
    assert lost.rests()


def test_a_lost_server_counts_no_further_than_one(lost: FailOpenCache) -> None:
    assert [lost.count("a", timeout=60) for _time in range(2)] == [1, 1]
    assert lost.rests()


def test_what_is_counted_begins_at_nothing_and_runs_out() -> None:
    counting = cast(FailOpenCache, caches["default"])
    counting.delete("visits")
    assert [counting.count("visits", timeout=60) for _time in range(3)] == [1, 2, 3]
    server = counting._cache.get_client()
    assert 0 < server.ttl(counting.make_key("visits")) <= 60


def test_incrementing_says_that_the_key_is_gone(lost: FailOpenCache) -> None:
    with pytest.raises(ValueError, match="'a' not found"):
        lost.incr("a")


def test_clearing_leaves_neighbours_alone(settings: Any) -> None:
    queue = Redis.from_url(settings.REDIS_URL)
    queue.set("somebody-elses", "1", ex=60)
    cache.set("mine", 1)
    assert cache.get("mine") == 1
    cache.clear()
    assert cache.get("mine") is None
    assert queue.get("somebody-elses") == b"1"
    queue.delete("somebody-elses")
    queue.close()
