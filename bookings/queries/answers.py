"""How soon an owner usually answers, and when it is closed: read by who asks, before they send."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection

from bookings.facts.hours import DaysOff
from bookings.facts.resource import ResourceFacts

LOOKED_BACK = timedelta(days=365)
LEAST_ANSWERS = 5
ANSWER_WORKING_DAYS = 3
# What was answered by a person: a whole request of one owner at once counts as one answer.
_USUAL = """
SELECT lender_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY took) FROM (
    SELECT lender_id, booking_id, max(decided_at - sent_at) AS took FROM bookings_line
    WHERE lender_id = ANY(%(lenders)s) AND decided_by_id IS NOT NULL AND decided_at > %(since)s
        AND sent_at IS NOT NULL AND decided_at >= sent_at AND brought_by_id IS NULL
    GROUP BY lender_id, booking_id
) AS answers GROUP BY lender_id HAVING count(*) >= %(least)s
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What may be expected of an owner. `usual_days` = in how many days half of its answers came in the last year
    (None = too few to say: then it is `working_days`). Closed from `closed_from` until `closed_until` (exclusive,
    local days), where that is now or before an answer is due."""

    usual_days: int | None = None
    working_days: int = ANSWER_WORKING_DAYS
    closed_from: date | None = None
    closed_until: date | None = None


def usual_days(lenders: Collection[int], *, now: datetime) -> dict[int, int]:
    """Owner (database id) -> days within which it usually answers, at least 1. One statement, none for none."""
    if not lenders:
        return {}
    wanted: dict[str, Any] = {
        "lenders": list(lenders),
        "since": now - LOOKED_BACK,
        "least": LEAST_ANSWERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, wanted)
        return {
            lender: max(1, ceil(took / timedelta(days=1))) for lender, took in cursor.fetchall()
        }


def answers_with(
    resource: ResourceFacts, usual: dict[int, int], *, now: datetime, due: datetime
) -> Answers:
    """Of a thing's owner, with its days of `usual_days`; `due` is when an answer to what is sent now would be."""
    today = now.astimezone(resource.zone).date()
    last = due.astimezone(resource.zone).date()
    off = closed((*resource.days_off, *resource.owner_off), today, last)
    return Answers(
        usual_days=usual.get(resource.owner),
        closed_from=off.since if off is not None else None,
        closed_until=off.until if off is not None else None,
    )


def closed(days_off: Iterable[DaysOff], today: date, last: date) -> DaysOff | None:
    """The days off that hold today, or else the first that begin until `last` and are more than one day; what follows
    without a gap is one. Pure."""
    runs: list[DaysOff] = []
    for one in sorted(days_off, key=lambda row: (row.since, row.until)):
        if runs and one.since <= runs[-1].until:
            runs[-1] = DaysOff(runs[-1].since, max(runs[-1].until, one.until), runs[-1].reason)
        else:
            runs.append(one)
    for run in runs:
        long = run.until - run.since > timedelta(days=1)
        if run.covers(today) or (long and today < run.since <= last):
            return run
    return None
