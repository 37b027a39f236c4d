"""What beat calls. Thin: the work is in services."""

from __future__ import annotations

from celery import shared_task

from cooperative import clock

from .services.photos import remove_orphans


@shared_task(ignore_result=True, name="sharing.tasks.remove_orphan_photos")
def remove_orphan_photos() -> None:
    """Delete the files of photos that were never stored, or are gone."""
    remove_orphans(now=clock.now())
