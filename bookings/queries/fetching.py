"""When things are fetched for an event and brought back after it, from their keepers' hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bookings.opening import LOOKED_AT, Fetching, fetching, open_spans
from bookings.spans import Span, enclosing, local_day

from .facts import facts_by_id

_DAY = timedelta(days=1)


def fetching_for(events: Sequence[tuple[int, Span]]) -> list[Fetching]:
    """For each resource (database id) and its event (UTC), in order; what is not handed over is used when the event is.

    One statement. Not gated: callers pass what the viewer may see.
    """
    if not events:
        return []
    hull = enclosing(event for _resource, event in events)
    around = hull.widen(before=LOOKED_AT + _DAY, after=LOOKED_AT + _DAY)
    facts = facts_by_id(
        {resource for resource, _event in events},
        since=around.start.date(),
        until=around.end.date(),
    )
    return [
        Fetching(event) if facts[resource].handover == "none" else fetching(facts[resource], event)
        for resource, event in events
    ]


def open_minutes(resource: int, day: date) -> tuple[int, int] | None:
    """From the first to the last minute (exclusive) of its owner's local day that it is open; None where it is not.

    One statement. Not gated.
    """
    facts = facts_by_id([resource], since=day, until=day + _DAY)[resource]
    whole = local_day(day, facts.zone)
    spans = open_spans(facts, whole)
    if not spans:
        return None
    first, last = spans[0].start.astimezone(facts.zone), spans[-1].end.astimezone(facts.zone)
    ends = 24 * 60 if spans[-1].end >= whole.end else last.hour * 60 + last.minute
    return first.hour * 60 + first.minute, ends
