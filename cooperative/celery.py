"""The Celery application: `celery -A cooperative.celery worker` and `... beat`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.signals import celeryd_init, heartbeat_sent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperative.settings")

app = Celery("podest")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def wait_for_the_broker(conf: Any = None, **kwargs: object) -> None:
    """A worker may wait for its broker; only callers inside a request may not."""
    conf.broker_connection_timeout = 4
    conf.broker_connection_retry_on_startup = True
    conf.broker_transport_options = {"visibility_timeout": 300}


@heartbeat_sent.connect
def say_that_the_worker_lives(**kwargs: object) -> None:
    """Sent by the worker's own loop every two seconds, whatever its tasks do."""
    from cooperative import health  # noqa: PLC0415 - settings are not ready at import

    health.sign_of_life("worker")


class LivingScheduler(Scheduler):
    """Beat without a file: the schedule is code, and every turn is a sign of life.

    Entries with an interval are due an interval after each start, so that long ones might never come;
    what is done once a day is a crontab, and looks for rows that are due rather than trusting that it
    was called.
    """

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Do what is due; returns the seconds until the next turn, at most a few."""
        from cooperative import health  # noqa: PLC0415 - settings are not ready at import

        health.sign_of_life("beat")
        return min(float(super().tick(*args, **kwargs)), float(health.BEAT_EVERY_SECONDS))
