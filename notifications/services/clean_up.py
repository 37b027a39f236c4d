"""Deleting what has served its time."""

from __future__ import annotations

from datetime import datetime, timedelta

from cooperative.api.models import IdempotencyKey

KEPT = timedelta(hours=24)
"""How long the answer to a POST with an Idempotency-Key is kept."""


def clean_up(*, now: datetime) -> int:
    """Delete the answers kept for repeated POSTs that are older than a day. How many."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    return deleted
