"""The fictional cooperative that `load_demo` makes, so that every page has something to show."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cooperative.events.models import Event

PASSWORD = "demo-cooperative"  # noqa: S105 - printed on the sign-in page of every demo
VERB = "demo.load"
SUBJECT = UUID("00000000-0000-7000-8000-00000000de30")
STALE_AFTER = timedelta(days=14)


def loaded_on() -> datetime | None:
    """When the demo was made (UTC); None where this is no demo."""
    found = Event.objects.filter(verb=VERB, subject_uid=SUBJECT).order_by("-id")
    return found.values_list("at", flat=True).first()


def is_stale(*, now: datetime) -> bool:
    """Whether the demo is so old that its "today" lies behind: pages then say so."""
    loaded = loaded_on()
    return loaded is not None and now - loaded > STALE_AFTER
