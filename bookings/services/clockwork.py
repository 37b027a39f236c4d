"""What time does by itself: holds run out, requests expire, uses finish, loans become overdue, files are closed.

Nothing waits for this: readers and rules compare with the clock. Beat calls it so that states and messages follow.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from bookings.facts.resource import ResourceFacts
from bookings.models import Claim, Line, Watch
from bookings.opening import open_spans
from bookings.queries.cases import run_down, unanswered
from bookings.queries.claims import live_claims
from bookings.queries.facts import facts_by_id
from bookings.querysets import CaseQuerySet, LineQuerySet
from bookings.spans import Span
from bookings.states import LineState, WatchState
from cooperative.access.querysets import SYSTEM

from .answer_times import keep_answer_times
from .cases import lapse_case, tell_unanswered
from .claim_changes import claimed
from .commit import TidyPlan, commit
from .judging.asks import days_around
from .offers import run_out_offers
from .scene import Scene
from .shortages import note_shortages

logger = logging.getLogger(__name__)

BATCH = 100
CLOSE_AFTER = timedelta(days=14)
LOOK_FOR_OPENING = timedelta(days=21)


def run_out(*, now: datetime) -> int:
    """Let the capacities of up to 100 run-out claims be cleared; how many lines went back to asked."""
    ids = set(
        Claim.objects.filter(expires_at__lte=now)
        .order_by("expires_at")
        .values_list("capacity_id", flat=True)[:BATCH]
    )
    return commit(TidyPlan(ids, now), now=now) if ids else 0


def push_overdue(*, now: datetime) -> int:
    """Make the claims of loans that are not back as long as they are out; how many capacities were looked at."""
    ids = set(
        Claim.objects.filter(line__state=LineState.OVERDUE, mode__in=["exclusive", "peak"])
        .order_by("pk")
        .values_list("capacity_id", flat=True)
    )
    for capacity in sorted(ids):
        commit(TidyPlan([capacity], now), now=now)
    return len(ids)


@dataclass
class ClockPlan:
    """Move one line by the clock where its state still is one of `sources`."""

    line: Line
    action: str
    sources: frozenset[LineState]
    target: LineState
    resource: int | None = None

    @property
    def capacities(self) -> Collection[int]:
        return () if self.resource is None else (self.resource,)

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        return claimed(self.line)

    def decide(self, scene: Scene) -> bool:
        line = scene.lines[self.line.pk]
        if line.state not in self.sources:
            return False
        if self.target == LineState.TO_SETTLE:
            scene.hit(line)
        else:
            scene.move(line, self.action, self.target)
        return True


def _go_on(fewer: FewerPlan, *, now: datetime) -> int:
    return _alone(lambda: int(commit(fewer, now=now)), f"fewer units of line {fewer.line.uid}")


@dataclass
class FewerPlan:
    """Let a confirmed line go on without `missing` of its units: they are still out with somebody else."""

    line: Line
    missing: int

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        return claimed(self.line)

    def decide(self, scene: Scene) -> bool:
        line = scene.lines[self.line.pk]
        if line.state != LineState.CONFIRMED or line.units != self.line.units:
            return False
        scene.shrink(line, line.units - self.missing, by=None)
        return True


def tick(*, now: datetime) -> dict[str, int]:
    """One round of everything; how many of each. Each line is a commit of its own, so that one cannot stop others."""
    done = {
        "run_out": _alone(lambda: run_out(now=now), "run_out"),
        "offers": _alone(lambda: run_out_offers(now=now), "run_out_offers"),
        "pushed": _alone(lambda: push_overdue(now=now), "push_overdue"),
    }
    lines = Line.objects.visible_to(SYSTEM)
    done["expire"] = _each(
        lines.filter(
            # What names only a period can still be answered until that is over.
            Q(use_starts_at__lte=now, wanted_minutes__isnull=True)
            | Q(use_ends_at__lte=now)
            | Q(decide_by__lte=now),
            state=LineState.ASKED,
        ),
        "expire",
        LineState.EXPIRED,
        now=now,
    )
    done["answer_times"] = _alone(lambda: keep_answer_times(now=now), "keep_answer_times")
    done["watches"] = (
        Watch.objects.visible_to(SYSTEM)
        .filter(state=WatchState.WAITING, use_starts_at__lte=now)
        .update(state=WatchState.EXPIRED, state_since=now)
    )
    at_start = (
        lines.filter(
            state=LineState.CONFIRMED,
            use_starts_at__lte=now,
            use_ends_at__gt=now,
            claims__capacity__claims__line__state=LineState.OVERDUE,
        )
        .distinct()
        .order_by("-pk")
    )  # the latest gives way first, as under a closure
    done["hit"] = sum(_hit_at_start(line, now=now) for line in at_start[:BATCH])
    done["short"] = _alone(lambda: note_shortages(now=now), "note_shortages")
    done["finish"] = _each(
        lines.filter(state=LineState.CONFIRMED, handover="none", use_ends_at__lte=now),
        "finish",
        LineState.FINISHED,
        now=now,
    )
    out = list(lines.filter(state=LineState.HANDED_OVER, use_ends_at__lte=now)[:BATCH])
    done["overdue"] = sum(
        _move(line, "overdue", LineState.OVERDUE, now=now)
        for line in out
        # Of a rest its keeper has said already that it did not come with the others.
        if line.rest_of_id is not None or _next_opening(line) <= now
    )
    done["close"] = _each(
        lines.filter(
            state__in=[LineState.FINISHED, LineState.RETURNED, LineState.LOST, LineState.NOT_USED],
            state_since__lte=now - CLOSE_AFTER,
        ),
        "close",
        LineState.CLOSED,
        now=now,
    )
    done["unanswered_cases"] = _cases(unanswered(now=now), tell_unanswered, now=now)
    done["lapsed_cases"] = _cases(run_down(now=now), lapse_case, now=now)
    return done


def _cases(rows: CaseQuerySet, step: Callable[..., int], *, now: datetime) -> int:
    return sum(
        _alone(partial(step, case, now=now), f"{step.__name__} of case {case.uid}")
        for case in rows[:BATCH]
    )


def _each(lines: LineQuerySet, action: str, target: LineState, *, now: datetime) -> int:
    return sum(_move(line, action, target, now=now) for line in lines[:BATCH])


def _move(line: Line, action: str, target: LineState, *, now: datetime) -> int:
    plan = ClockPlan(line, action, frozenset({LineState(line.state)}), target)
    return _alone(lambda: int(commit(plan, now=now)), f"{action} of line {line.uid}")


def _alone(step: Callable[[], int], what: str) -> int:
    """Run one step; where it fails, log it and go on: one line that cannot be moved stops no other."""
    try:
        return step()
    except Exception:
        logger.exception("Time could not do its work: %s", what)
        return 0


def _facts(line: Line, around: Span) -> ResourceFacts:
    since, until = days_around([around])
    return facts_by_id([line.resource_id], since=since, until=until)[line.resource_id]


def _next_opening(line: Line) -> datetime:
    """When the desk opens next after the loan's end: until then nobody could take it back."""
    ahead = Span(line.use_ends_at, line.use_ends_at + LOOK_FOR_OPENING)
    spans = open_spans(_facts(line, ahead), ahead)
    later = [span for span in spans if span.start > line.use_ends_at]
    still = next((span for span in spans if span.start <= line.use_ends_at), None)
    if still is not None:  # open when it ended: there is still somebody until closing, or for a day
        return min(still.end, line.use_ends_at + timedelta(days=1))
    return later[0].start if later else line.use_ends_at


def _hit_at_start(line: Line, *, now: datetime) -> int:
    """At its own start a line whose units are still out goes on with those that are there; with none it is hit."""
    capacities = set(Claim.objects.filter(line=line).values_list("capacity_id", flat=True))
    minute = Span(now, now + timedelta(minutes=1))
    rows = live_claims(capacities, Span(line.use_starts_at, minute.end), now=now)
    for capacity in capacities:
        here = [row for row in rows if row.capacity == capacity]
        late = sum(row.units for row in here if row.line_state == LineState.OVERDUE)
        used = sum(
            row.units
            for row in here
            if row.line_state != LineState.OVERDUE and row.span.overlaps(minute)
        )
        missing = late + used - here[0].size
        if late and missing > 0:
            if missing >= line.units:
                return _move(line, "hit", LineState.TO_SETTLE, now=now)
            return _go_on(FewerPlan(line, missing), now=now)
    return 0
