"""What beat calls. Thin: the work is elsewhere."""

from __future__ import annotations

from celery import shared_task

from cooperative import clock
from cooperative.api.idempotency import forget_old_answers


@shared_task(ignore_result=True, name="cooperative.tasks.forget_answers")
def forget_answers() -> None:
    """Delete the answers kept for repeated POSTs once a day has passed."""
    forget_old_answers(now=clock.now())
