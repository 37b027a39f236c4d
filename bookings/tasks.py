"""What beat calls. Thin: the work is in services."""

from __future__ import annotations

import logging

from celery import shared_task

from bookings.services.time_zones.recomputing import recompute_time_zones
from cooperative import clock

from .queries.audit import audit
from .services.attachments import remove_orphan_files
from .services.clockwork import tick
from .services.hours import close_on_public_holidays
from .services.repair import remove_orphans
from .services.seats import erase_seats

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True, name="bookings.tasks.pass_time")
def pass_time() -> None:
    """Every half minute: holds run out, requests expire, uses finish, loans become overdue."""
    tick(now=clock.now())


@shared_task(ignore_result=True, name="bookings.tasks.prove", time_limit=280, soft_time_limit=270)
def prove() -> None:
    """Every night: what is stored agrees. Each finding is an error in the log, by uid and without names."""
    report = audit(now=clock.now())
    for finding in report.findings:
        logger.error("Audit: %s", finding)
    if not report.sound:
        logger.error("Audit: %s findings in all: %s", report.count.total(), dict(report.count))


@shared_task(ignore_result=True, name="bookings.tasks.forget_people")
def forget_people() -> None:
    """Every day: names and needs of who came are erased 30 days later."""
    while erase_seats(now=clock.now()):
        pass


@shared_task(ignore_result=True, name="bookings.tasks.keep_public_holidays")
def keep_public_holidays() -> None:
    """Houses that observe public holidays are closed on those of the coming two years."""
    close_on_public_holidays(now=clock.now())


@shared_task(ignore_result=True, name="bookings.tasks.keep_the_wall_clock")
def keep_the_wall_clock() -> None:
    """Every night: what a change of time-zone law moves, when a new list of zones was installed."""
    recompute_time_zones(now=clock.now())


@shared_task(ignore_result=True, name="bookings.tasks.remove_orphan_photos")
def remove_orphan_photos() -> None:
    """Pictures of what was broken that no repair names, and files that no message, hand-over or case names."""
    remove_orphans(now=clock.now())
    remove_orphan_files(now=clock.now())
