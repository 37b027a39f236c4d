"""What the lowest app does outside a request."""

from __future__ import annotations

from celery import shared_task

from cooperative import health


@shared_task(ignore_result=True)
def heartbeat() -> None:
    """Say that beat sends and a worker works; `GET /health/` listens."""
    health.beat()
