"""Reminders: rows with a due time, made from the lines themselves, told through the event log when still true."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bookings.models import Line
from bookings.services.parties import parties_of
from bookings.states import LineState
from cooperative.access.querysets import SYSTEM
from cooperative.events.services import NewEvent, record
from notifications.models import Reminder

KINDS = ("use", "take_back")
NINE = time(9)
LOOK_AHEAD = timedelta(days=3)
STILL_USEFUL = timedelta(days=3)
"""After so long a question for a thing that is out is no reminder any more: by then it is overdue."""

# The day before use at nine on the owner's clock, for who knew of it by then; and the end of a loan that is out.
# A line that moved gets a row for its new time; the old row finds no line at its time any more and is passed over.
_PLAN = """
INSERT INTO notifications_reminder (line_id, subject_kind, kind, due_at)
SELECT id, '', 'use', due_at FROM (
    SELECT id, state_since,
        (((use_starts_at AT TIME ZONE zone)::date - 1) + time '09:00') AT TIME ZONE zone AS due_at
    FROM bookings_line
    WHERE state = 'confirmed' AND use_ends_at > %(now)s
        AND use_starts_at > %(now)s AND use_starts_at <= %(ahead)s
) AS coming WHERE state_since <= due_at
UNION ALL
SELECT id, '', 'take_back', use_ends_at FROM bookings_line
WHERE state = 'handed_over' AND use_ends_at > %(past)s AND use_ends_at <= %(ahead)s
ON CONFLICT DO NOTHING
"""


def plan_reminders(*, now: datetime) -> int:
    """Make the rows for what is due within three days, whatever changed since the last time. One statement.

    Returns how many were new.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, {"now": now, "ahead": now + LOOK_AHEAD, "past": now - STILL_USEFUL})
        return int(cursor.rowcount)


def remind(*, now: datetime, limit: int = 200) -> int:
    """Write an event for each reminder that is due and still true, one for all lines of a booking. How many events.

    Two processes at once tell it once: rows are locked, and marked in the transaction of the event.
    """
    with transaction.atomic():
        due = list(
            Reminder.objects.filter(done_at__isnull=True, due_at__lte=now, kind__in=KINDS)
            .select_for_update(skip_locked=True)
            .order_by("due_at", "id")[:limit]
        )
        if not due:
            return 0
        about = [row.line_id for row in due if row.line_id is not None]
        lines = {
            line.pk: line
            for line in Line.objects.visible_to(SYSTEM)
            .filter(pk__in=about)
            .select_related("booking", "lender", "resource")
        }
        told: defaultdict[tuple[int, str, int], list[Line]] = defaultdict(list)
        for row in due:
            line = lines.get(row.line_id or 0)
            if line is not None and _holds(row, line, now):
                # The asker hears once of all that begins tomorrow, each owner of what is theirs.
                owner = line.lender_id if row.kind == "take_back" else 0
                told[line.booking_id, row.kind, owner].append(line)
        record([_event(kind, found) for (_, kind, _), found in told.items()], now=now)
        Reminder.objects.filter(pk__in=[row.pk for row in due]).update(done_at=now)
    return len(told)


def use_due_at(line: Line) -> datetime:
    """When its asker is reminded of it: the day before at nine, on the owner's clock. As in `_PLAN`."""
    zone = ZoneInfo(line.zone)
    day = line.use_starts_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, NINE, zone)


def _holds(row: Reminder, line: Line, now: datetime) -> bool:
    if row.kind == "use":
        return (
            line.state == LineState.CONFIRMED
            and now < line.use_starts_at
            and row.due_at == use_due_at(line)
            and line.booking.borrower_id is not None
        )
    return (
        line.state == LineState.HANDED_OVER
        and line.use_ends_at == row.due_at
        and now - row.due_at < STILL_USEFUL
    )


def _event(kind: str, lines: list[Line]) -> NewEvent:
    booking = lines[0].booking
    lenders = [lines[0].lender_id] if kind == "take_back" else []
    data: dict[str, Any] = {"lines": [_line_data(line) for line in lines]}
    if lenders:
        data["lender"] = str(lines[0].lender.uid)
    subject: UUID = booking.uid
    return NewEvent(
        f"reminder.{kind}", "booking", subject, parties=parties_of(booking, lenders), data=data
    )


def _line_data(line: Line) -> dict[str, str]:
    return {
        "line": str(line.uid),
        "resource": str(line.resource.uid),
        "use_starts_at": line.use_starts_at.isoformat(),
    }
