"""When mails go out: what is told of one booking waits a little to become one mail, ordinary ones wait for the end of
their reader's quiet hours, and what breaks today passes both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from bookings.models import Line
from bookings.states import UNANSWERED
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event
from cooperative.people.models import Person
from notifications.messages import MESSAGES
from notifications.models import Channel, Delivery
from notifications.queries.facts import booking_of
from notifications.quiet import awake_from

GATHERED = timedelta(minutes=5)
"""So long a mail waits for more of its kind about the same booking."""
GATHERED_AT_MOST = timedelta(hours=1)
"""So long answers wait while others of the same booking are still open."""
TODAY = timedelta(hours=24)
ANSWERS = "answer"

# A mail that is due at once takes along what waits for its reader only to be gathered or for the morning: order is
# kept. What belongs to a mail that waits already goes out with it, when the last of them is due.
_FLUSH = """
UPDATE notifications_delivery SET due_at = %(now)s
WHERE channel = 'email' AND state = 'due' AND attempts = 0 AND due_at > %(now)s AND person_id = ANY(%(people)s)
"""
_GATHER = """
UPDATE notifications_delivery AS mail
SET due_at = LEAST(fresh.due_at, mail.created_at + make_interval(secs => %(most)s))
FROM jsonb_to_recordset(%(fresh)s::jsonb)
    AS fresh(person bigint, address text, about uuid, gathers text, due_at timestamptz)
WHERE mail.channel = 'email' AND mail.state = 'due' AND mail.attempts = 0 AND mail.told_with_id IS NULL
    AND mail.person_id IS NOT DISTINCT FROM fresh.person AND mail.address = fresh.address
    AND mail.about = fresh.about AND mail.gathers = fresh.gathers AND NOT mail.urgent
"""


@dataclass(frozen=True, slots=True)
class _Line:
    starts_at: datetime
    ends_at: datetime


def set_times(rows: Sequence[Delivery], *, now: datetime) -> None:
    """Say when each of these mails, not stored yet, is due, which is urgent, and what it may be gathered with.

    At most three statements.
    """
    mails = [row for row in rows if row.channel == Channel.EMAIL]
    if not mails:
        return
    breaking = [row.event for row in mails if MESSAGES[row.message].breaks]
    lines = _lines_of(breaking)
    gathering = [row for row in mails if MESSAGES[row.message].gathers == ANSWERS]
    still_open = _still_open({uid for row in gathering if (uid := booking_of(row.event))})
    readers = Person.objects.in_bulk({row.person_id for row in mails if row.person_id is not None})
    for row in mails:
        message = MESSAGES[row.message]
        row.about = booking_of(row.event)
        row.gathers = message.gathers if row.about is not None else ""
        row.urgent = message.breaks and _is_today(row.event, lines, now)
        if row.urgent:
            continue
        if row.gathers:
            waits = GATHERED_AT_MOST if row.about in still_open else GATHERED
            row.due_at = now + (waits if row.gathers == ANSWERS else GATHERED)
        reader = readers.get(row.person_id or 0)
        if reader is not None:
            row.due_at = awake(reader, row.due_at)


def awake(reader: Person, at: datetime) -> datetime:
    """When `reader` gets an ordinary mail that is due `at`."""
    return awake_from(
        at,
        zone=reader.time_zone,
        quiet_from=reader.quiet_from_minute,
        quiet_until=reader.quiet_until_minute,
    )


def bring_together(rows: Iterable[Delivery], *, now: datetime) -> None:
    """Have stored mails that wait go out with the fresh ones that they belong to or stand before. Two statements."""
    mails = [row for row in rows if row.channel == Channel.EMAIL and not row.urgent]
    at_once = {row.person_id for row in mails if row.person_id is not None and row.due_at <= now}
    fresh = [
        {
            "person": row.person_id,
            "address": row.address,
            "about": str(row.about),
            "gathers": row.gathers,
            "due_at": row.due_at.isoformat(),
        }
        for row in mails
        if row.gathers
    ]
    with connection.cursor() as cursor:
        if fresh:
            cursor.execute(
                _GATHER, {"fresh": json.dumps(fresh), "most": GATHERED_AT_MOST.total_seconds()}
            )
        if at_once:
            cursor.execute(_FLUSH, {"now": now, "people": list(at_once)})


def _is_today(event: Event, lines: dict[str, _Line], now: datetime) -> bool:
    """Whether any of the uses that it breaks goes on now or begins within a day."""
    found = [lines.get(str(one.get("line"))) for one in event.data.get("lines", ())]
    return any(
        line is not None and line.starts_at <= now + TODAY and line.ends_at > now for line in found
    )


def _lines_of(events: Sequence[Event]) -> dict[str, _Line]:
    named = {str(one["line"]) for event in events for one in event.data.get("lines", ())}
    if not named:
        return {}
    rows = Line.objects.visible_to(SYSTEM).filter(uid__in=named)
    return {
        str(uid): _Line(start, end)
        for uid, start, end in rows.values_list("uid", "use_starts_at", "use_ends_at")
    }


def _still_open(bookings: set[UUID]) -> set[UUID]:
    """Those of which something is not answered yet."""
    if not bookings:
        return set()
    rows = Line.objects.visible_to(SYSTEM).filter(
        booking__uid__in=bookings, state__in=UNANSWERED, waiting=False
    )
    return set(rows.values_list("booking__uid", flat=True))
