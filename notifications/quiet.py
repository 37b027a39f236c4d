"""When a mail may reach its reader: outside the quiet minutes of their own day. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.spans import wall


def awake_from(
    at: datetime, *, zone: str, quiet_from: int | None, quiet_until: int | None
) -> datetime:
    """`at`, or where that is in the quiet minutes of the reader's local day their end (UTC), over clock changes too.

    Minutes from local midnight; past midnight where `quiet_from` is the later one; None = never quiet.
    """
    if quiet_from is None or quiet_until is None:
        return at
    place = ZoneInfo(zone)
    local = at.astimezone(place)
    minute, today = local.hour * 60 + local.minute, local.date()
    if quiet_from < quiet_until:
        quiet = quiet_from <= minute < quiet_until
    else:
        quiet = minute >= quiet_from or minute < quiet_until
    if not quiet:
        return at
    day = today if minute < quiet_until else today + timedelta(days=1)
    return max(at, wall(day, quiet_until, place))
