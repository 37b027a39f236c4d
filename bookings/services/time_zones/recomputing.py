"""Moving all of it, those together that take of the same things."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bookings.queries.composition import leaves_of
from bookings.queries.facts import facts_by_id
from bookings.services.commit import commit, with_fresh_facts
from bookings.services.judging.asks import days_around

from .finding import Recomputed, find_shifted
from .plan import RecomputePlan, TriedOnlyError


def recompute_time_zones(*, now: datetime, apply: bool = True) -> list[Recomputed]:
    """Move all from `now` on whose zone has another offset by now than when it was agreed; everything that moved.

    Without `apply` it is tried in the same way and taken back.
    """
    rows = find_shifted(now=now)
    done: list[Recomputed] = []
    for group in _touching(rows):
        done.extend(with_fresh_facts(partial(_move, group, now, apply)))
    return sorted(done, key=lambda one: (one.before, one.kind, one.pk))


def _touching(rows: Sequence[Recomputed]) -> list[list[Recomputed]]:
    """Rows of things that take of the same capacities, wholes and their parts, belong together."""
    leaves = leaves_of({row.resource for row in rows}) if rows else {}
    groups: list[tuple[set[int], set[int]]] = []
    for resource, capacities in leaves.items():
        mine, taken = {resource}, set(capacities)
        apart = []
        for others, theirs in groups:
            if theirs & taken:
                mine, taken = mine | others, taken | theirs
            else:
                apart.append((others, theirs))
        groups = [*apart, (mine, taken)]
    return [[row for row in rows if row.resource in mine] for mine, _taken in groups]


def _move(rows: Sequence[Recomputed], now: datetime, apply: bool) -> list[Recomputed]:
    spans = [span for row in rows for span in (row.before, row.after)]
    since, until = days_around(spans)
    facts = facts_by_id({row.resource for row in rows}, since=since, until=until)
    plan = RecomputePlan(rows, facts, now, apply)
    try:
        return commit(plan, now=now)
    except TriedOnlyError as tried:
        return tried.done
