"""`GET /health/` names the part that is not up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from redis import Redis

from cooperative import health
from cooperative.celery import LivingScheduler, app, say_that_the_worker_lives

PARTS = ("worker", "beat")


@pytest.fixture(autouse=True)
def own_signs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Signs of life under names of this test's own, since the server is shared."""
    prefix = f"{settings.CACHES['default']['KEY_PREFIX']}:alive"
    monkeypatch.setattr(health, "_key", lambda part: f"{prefix}:{part}")
    monkeypatch.setattr(health, "_client", None)
    monkeypatch.setattr(health, "_last_sign", 0.0)
    client = Redis.from_url(settings.REDIS_URL)
    client.delete(*(f"{prefix}:{part}" for part in PARTS))
    yield client
    client.delete(*(f"{prefix}:{part}" for part in PARTS))
    client.close()


def _alive(client: Redis, *parts: str) -> None:
    for part in parts:
        client.set(health._key(part), "1", ex=health.FRESH_SECONDS)


@pytest.mark.committing
@pytest.mark.parametrize(
    ("alive", "status", "answer"),
    [
        (("worker", "beat"), 200, {"status": "ok"}),
        (("beat",), 503, {"status": "down", "part": "worker", "parts": ["worker"]}),
        (("worker",), 503, {"status": "down", "part": "beat", "parts": ["beat"]}),
        ((), 503, {"status": "down", "part": "worker", "parts": ["worker", "beat"]}),
    ],
)
def test_each_part_is_listened_to(
    own_signs: Redis,
    monkeypatch: pytest.MonkeyPatch,
    alive: tuple[str, ...],
    status: int,
    answer: dict[str, Any],
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 10)  # of a machine that does other things too
    _alive(own_signs, *alive)
    response = Client(headers={"host": "anything.example"}).get("/health/")
    assert (response.status_code, response.json()) == (status, answer)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.cookies == {}


@pytest.mark.committing
def test_a_database_that_is_away_is_named(
    own_signs: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connections

    monkeypatch.setattr(health, "PATIENCE_SECONDS", 10)
    _alive(own_signs, *PARTS)
    with pytest.MonkeyPatch.context() as away:  # undone before the test's database goes
        away.setitem(connections.settings["default"], "NAME", "no_such_database")
        assert health.missing() == ["database"]


@pytest.mark.committing
def test_a_valkey_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 10)
    monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/nowhere?db=0")
    assert health.missing() == ["valkey"]


def test_signs_of_life_run_out(own_signs: Redis) -> None:
    say_that_the_worker_lives()
    assert 0 < own_signs.ttl(health._key("worker")) <= health.FRESH_SECONDS


def test_every_turn_of_beat_is_a_sign_of_life(own_signs: Redis) -> None:
    scheduler = LivingScheduler(app=app, schedule={}, lazy=True)
    assert scheduler.tick() <= health.BEAT_EVERY_SECONDS
    assert own_signs.get(health._key("beat")) == b"1"


def test_the_schedule_names_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    schedule = settings.CELERY_BEAT_SCHEDULE
    assert [e["task"] for e in schedule.values() if e["task"] not in app.tasks] == []
    assert all("expires" in entry.get("options", {}) for entry in schedule.values())
