"""Proves on what is stored that nothing is sold twice and that claims, lines, blocks, wholes and offers agree.

Set-based SQL, read only, one snapshot. The rules are written here a second time on purpose: whoever breaks one in
the services is found by the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from . import blocks, bookings, cases, counting, lines, offers, wholes
from .checks import Finding, parameters

__all__ = ["Finding", "Report", "audit"]

CHECKS = (
    *counting.CHECKS,
    *lines.CHECKS,
    *blocks.CHECKS,
    *bookings.CHECKS,
    *wholes.CHECKS,
    *offers.CHECKS,
    *cases.CHECKS,
)
_STALE = """
SELECT (SELECT count(*) FROM bookings_line WHERE state = ANY(%(holds)s) AND expires_at <= %(now)s),
    (SELECT count(*) FROM bookings_offer WHERE state = %(open)s AND expires_at <= %(now)s)
"""
_SIZES = """
SELECT (SELECT count(*) FROM bookings_claim), (SELECT count(*) FROM bookings_line),
    (SELECT count(*) FROM bookings_booking), (SELECT count(*) FROM bookings_capacity)
"""


@dataclass
class Report:
    """What was found at `now`; `count` may be more than the findings listed. `stale` only waits for the clock."""

    now: datetime
    findings: list[Finding] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    stale: dict[str, int] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not self.count


def audit(*, now: datetime) -> Report:
    """Look at everything that is stored. Claims are compared with promises from a minute after `now` on."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            _look_at_one_moment()
        report = Report(now)
        given = parameters(now)
        for run, name in (
            *((check.run, check.name) for check in CHECKS),
            (bookings.states, "booking_state"),
        ):
            found, count = run(given)
            report.findings += found
            if count:
                report.count[name] += count
        with connection.cursor() as cursor:
            cursor.execute(_STALE, given)
            report.stale = dict(zip(("lines", "offers"), cursor.fetchone(), strict=True))
            cursor.execute(_SIZES)
            names = ("claims", "lines", "bookings", "capacities")
            report.looked_at = dict(zip(names, cursor.fetchone(), strict=True))
    return report


def _look_at_one_moment() -> None:
    """Every check sees the same snapshot, and has time and room to sort."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = '4min'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
