"""The Celery application: `celery -A cooperative.celery worker` and `... beat`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

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
