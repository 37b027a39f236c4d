"""A broker that is away is told at once, and never waited for."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from cooperative import environment


@pytest.mark.parametrize("hanging", [False, True])
def test_publishing_gives_up(tmp_path: Path, hanging: bool) -> None:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        if hanging:
            server.bind(os.fspath(path))
            server.listen(8)
        app = Celery("away", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        app.conf.update(broker_url=environment.broker(f"unix://{path}?db=0"))
        with pytest.raises(OperationalError):
            app.send_task("anything")
        app.close()


def test_what_a_crash_must_not_lose() -> None:
    assert settings.CELERY_TASK_ACKS_LATE is True
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST is True
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    visible = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert visible > settings.CELERY_TASK_TIME_LIMIT
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert options["socket_timeout"] <= 0.2
    assert options["socket_connect_timeout"] <= 0.2
    assert options["max_retries"] == 0
