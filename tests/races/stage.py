"""Calls of the services in few words, and what every race through them has to leave behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sharing.models import Resource
from tests.bookings.stage import NOW, Side, audited
from tests.databases import Clone
from tests.races.service import Answer, Call
from tests.races.support import DEADLOCKS, OVERLAPS, OVERSOLD, count

Use = tuple[Resource, datetime, float, int]
"""A thing from an instant on, for so many hours, so many of it."""


def call(side: Side, verb: str, *uses: Use, now: datetime = NOW, **fields: Any) -> Call:
    wanted = tuple(
        (thing.uid, start, start + timedelta(hours=hours), units)
        for thing, start, hours, units in uses
    )
    return Call(verb, side.person.pk, side.house.pk, now, wanted, **fields)


def sound(db: Clone, answers: list[list[Answer]]) -> list[Answer]:
    """No call failed, no overlap, nothing above its size, no deadlock, no finding; the answers in one list."""
    told = [one for mine in answers for one in mine]
    assert [what for kind, what in told if kind == "failed"] == []
    assert count(db.url, OVERLAPS) == 0
    assert count(db.url, OVERSOLD) == 0
    assert count(db.url, DEADLOCKS) == 0
    audited()
    return told
