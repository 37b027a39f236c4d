"""What beat calls. Thin: the work is in services."""

from __future__ import annotations

from celery import shared_task

from cooperative import clock

from .services.clockwork import tick
from .services.seats import erase_seats


@shared_task(ignore_result=True, name="bookings.tasks.pass_time")
def pass_time() -> None:
    """Every half minute: holds run out, requests expire, uses finish, loans become overdue."""
    tick(now=clock.now())


@shared_task(ignore_result=True, name="bookings.tasks.forget_people")
def forget_people() -> None:
    """Every day: names and needs of who came are erased 30 days later."""
    while erase_seats(now=clock.now()):
        pass
