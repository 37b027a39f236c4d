"""What beat calls. Thin: the work is in services."""

from __future__ import annotations

from celery import shared_task

from cooperative import clock

from .services.clockwork import tick


@shared_task(ignore_result=True, name="bookings.tasks.pass_time")
def pass_time() -> None:
    """Every half minute: holds run out, requests expire, uses finish, loans become overdue."""
    tick(now=clock.now())
