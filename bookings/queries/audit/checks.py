"""What one check of the audit is, and how it is run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bookings.case_steps import UNDER_WAY
from bookings.models import SanctionKind
from bookings.queries.claims import OVERDUE_AT_MOST
from bookings.states import CLAIMING, DONE, FIRM, WAITING, LineState, OfferState

S = LineState
MOST_SHOWN = 200
"""Findings of one kind that are shown; the rest is counted."""
GRACE = timedelta(minutes=1)
"""Time is cut at whole minutes, and somebody may commit while we look: what has just begun is left out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that cannot be so. `uid` is of the `subject`: booking, line, block, offer or resource."""

    check: str
    subject: str
    uid: UUID
    sentence: str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject} {self.uid}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Check:
    """`statement` selects (subject, uid, sentence) of what is wrong, after `tables`, which begin with WITH.

    Its parameters are those of `parameters`.
    """

    name: str
    statement: str
    tables: str = ""

    def run(self, given: Mapping[str, Any]) -> tuple[list[Finding], int]:
        """What it found, the first `MOST_SHOWN` of them, and how many there are."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"{self.tables} SELECT subject, uid, sentence, count(*) OVER ()"  # noqa: S608 - all of it is ours
                f" FROM ({self.statement}) AS found (subject, uid, sentence) LIMIT %(most)s",
                given,
            )
            rows = cursor.fetchall()
        findings = [Finding(self.name, subject, uid, said) for subject, uid, said, _all in rows]
        return findings, rows[0][3] if rows else 0


NEVER = frozenset(S) - CLAIMING - DONE - {S.DISPUTED, S.CLOSED, S.CANCELLED}
"""States of lines that keep no claim at all, not even one of the past."""
EXACT = (CLAIMING - {S.OVERDUE}) | {S.FINISHED}
"""From now on exactly what the use takes; what took place keeps its turnover."""
ENDED = frozenset({S.RETURNED, S.LOST, S.NOT_USED, S.CANCELLED})
"""Ended early: of the time after that nothing is kept."""
USED_UP = frozenset({S.RETURNED, S.LOST})
"""Of what is used up all is kept for good, and of a session the whole of it."""
MOVED = frozenset({S.ASKED, S.TO_SETTLE, S.OVERDUE})
"""States of lines that may hold other time than when something was proposed for them."""
HOLDS = frozenset({S.HELD, S.ACCEPTED})
"""Run out at an instant that is written on the line and on each of its claims."""


def parameters(now: datetime) -> dict[str, Any]:
    """For all checks: `now`, from when on claims are compared with promises, and the groups of states."""
    return {
        "now": now,
        "since": now + GRACE,
        "late": now + OVERDUE_AT_MOST + GRACE,
        "most": MOST_SHOWN,
        "never": sorted(NEVER),
        "exact": sorted(EXACT),
        "late_states": [S.OVERDUE],
        "ended": sorted(ENDED),
        "over": sorted(ENDED | {S.DISPUTED, S.CLOSED}),
        "used_up": sorted(USED_UP),
        "holds": sorted(HOLDS),
        "firm": sorted(FIRM),
        "waiting": sorted(WAITING),
        "open": OfferState.OPEN,
        "moved": sorted(MOVED),
        "disputed": S.DISPUTED,
        "under_way": list(UNDER_WAY),
        "lasting": list(SanctionKind.values),
    }
