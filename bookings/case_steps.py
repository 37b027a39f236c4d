"""The states of cases, and the one table by which a case moves; how long each part of it lasts.

Pure. Who may take which step stands in `permissions`; buttons and API actions are made from both.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.spans import wall

REPORT_WITHIN = timedelta(days=14)
"""After the use, or since it came back."""
ANSWER_WITHIN = timedelta(days=5)
GO_ON_WITHIN = timedelta(days=14)
"""Where nobody goes on for so long, the case is over."""
OBJECT_WITHIN = timedelta(days=14)
WARNING_MONTHS = 4
PAUSE_MONTHS, LONGEST_PAUSE_MONTHS = 6, 12

OPEN, ANSWERED, BROUGHT = "open", "answered", "brought"
UNDER_WAY = (OPEN, ANSWERED, BROUGHT)
"""While a case is in one of these its line is in dispute, and otherwise not."""


STEPS: dict[str, dict[str, str]] = {
    "answer": {OPEN: ANSWERED, BROUGHT: BROUGHT},
    "agree": {state: state for state in UNDER_WAY},
    "settle": dict.fromkeys(UNDER_WAY, "settled"),
    "bring": {OPEN: BROUGHT, ANSWERED: BROUGHT},
    "decide": {BROUGHT: "decided"},
    "lapse": {OPEN: "lapsed", ANSWERED: "lapsed"},
    "object": {"decided": "decided"},
    "answer_objection": {"decided": "decided"},
}
"""By step: from which state to which. `agree` is one side's yes to "settled between us", with the second it settles."""


def state_after(action: str, state: str) -> str:
    """Where a case is after a step. Raises `ValueError` where the table has no such step."""
    targets = STEPS[action]
    if state not in targets:
        raise ValueError(f"{action} from {state}")
    return targets[state]


def months_later(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The end of the local day that many calendar months after `at`, in UTC: the last day counts whole."""
    day = at.astimezone(zone).date()
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    last = date(year, month, min(day.day, monthrange(year, month)[1]))
    return wall(last + timedelta(days=1), 0, zone)
