"""The only place that reads the clock.

Everything else is handed `now`, so that a test, a journey or a job can choose its day. SQL gets it as a parameter.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache

OFFSET_KEY = "clock-offset-seconds"


def now() -> datetime:
    """The present instant, aware, in UTC.

    Where `CLOCK_OFFSET_FROM_CACHE` is set (test settings alone) an offset in seconds is read from the cache, so that
    all processes of a journey share one day.
    """
    instant = datetime.now(UTC)
    if getattr(settings, "CLOCK_OFFSET_FROM_CACHE", False):
        instant += timedelta(seconds=float(cache.get(OFFSET_KEY, 0.0)))
    return instant
