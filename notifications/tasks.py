"""What Celery does for messages. Beat only nudges: everything is rows, found by the next turn if one was lost."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from cooperative import clock
from notifications.services import lists as listing
from notifications.services import relay as relaying
from notifications.services import remind as reminding
from notifications.services.send import sending

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True, name="notifications.tasks.relay")
def relay() -> None:
    """Empty the outbox; mails that this makes due are sent at once."""
    if relaying.relay_all(now=clock.now()).mails:
        nudge()


@shared_task(ignore_result=True, name="notifications.tasks.send_due")
def send_due() -> None:
    """Send what is due: new, waiting for another try, or left by a worker that died."""
    sending.send_due(clock=clock.now)


@shared_task(ignore_result=True, name="notifications.tasks.remind")
def remind() -> None:
    """Make the rows of reminders and tell those that are due, and what houses hear as lists."""
    reminding.plan_reminders(now=clock.now())
    reminding.remind(now=clock.now())
    listing.tell_unanswered(now=clock.now())
    listing.tell_tomorrow(now=clock.now())


def nudge() -> None:
    """Have mails sent now rather than at the next sweep; with the broker away the sweep finds them."""
    try:
        send_due.delay()
    except (OperationalError, OSError):
        logger.warning("The broker does not answer; the next sweep sends what is due.")
