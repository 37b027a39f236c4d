"""Dates of a series that are none: the owner's clock skips their time, or shows it twice."""

from __future__ import annotations

from bookings.reasons import Reason
from bookings.recurrence.wish import TroubledDate


def no_such_time(date: TroubledDate, *, line: int) -> Reason:
    """`wall` is the time meant (no offset); `offsets` those to choose from, `before` and `after` the nearest times."""
    trouble = date.clock
    if trouble is None:
        return Reason(date.code, "fact", date.message, line=line, on=date.on)
    values: dict[str, object] = {"edge": trouble.edge, "wall": f"{trouble.wall:%Y-%m-%dT%H:%M}"}
    if trouble.reason == "twice":
        values["offsets"] = list(trouble.offsets)
    else:
        values |= {"before": trouble.exists_before, "after": trouble.exists_after}
    return Reason(date.code, "fact", date.message, values=values, line=line, on=date.on)
