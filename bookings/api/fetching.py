"""Lines of a request that name only their event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bookings.queries.fetching import fetching_for
from bookings.queries.places import ids_of
from bookings.spans import Span
from cooperative.access.viewer import Viewer


def fill_in_the_desk(lines: Sequence[dict[str, Any]], *, by: Viewer) -> None:
    """Give them times of use, by the hours of their keepers. Raises `UnknownResource`."""
    if not lines:
        return
    ids = ids_of({line["resource"] for line in lines}, by=by)
    in_order = []
    for line in lines:
        line["starts_at"], line["ends_at"] = line["event_starts_at"], line["event_ends_at"]
        if line["starts_at"] < line["ends_at"]:  # anything else is said with the other mistakes
            in_order.append(line)
    events = [
        (ids[line["resource"]], Span(line["starts_at"], line["ends_at"])) for line in in_order
    ]
    for line, desk in zip(in_order, fetching_for(events), strict=True):
        line["starts_at"], line["ends_at"] = desk.use.start, desk.use.end
