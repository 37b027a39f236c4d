"""One answer for all dates of a series, in one commit: all of them, or a no with its reasons date by date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from bookings.errors import BookingRefused
from bookings.models import Line
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.reasons import Reason
from bookings.services.actions.plan import LinePlan
from bookings.services.judging.asks import days_around
from bookings.services.months import begin_months
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span, enclosing
from bookings.states import TRANSITIONS
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer

ONE_ANSWER = frozenset({"approve", "decline", "reopen"})
"""What the owner does to one date of a series with one answer is done to all that stand as it does."""


def answered_together(line: Line, action: str, alone: bool | None = None) -> bool:
    """Whether the answer to `line` (read with its `series`) is that to other dates too: as the series has it, unless
    `alone` says otherwise."""
    if action not in ONE_ANSWER or line.series is None:
        return False
    return line.series.one_answer if alone is None else not alone


def one_answer_plan(line: Line, action: str, by: Viewer) -> OneAnswerPlan:
    """The plan for `action` on all dates of the series of `line` that are in its state. Raises `StaleFacts`."""
    booked = list(Line.objects.visible_to(SYSTEM).filter(booking=line.booking_id))
    state = next(one.state for one in booked if one.pk == line.pk)
    together = [one for one in booked if (one.series_id, one.state) == (line.series_id, state)]
    spans = [_use(one) for one in together]
    since, until = days_around([*spans, Span(by.now, by.now + timedelta(days=30))])
    facts = facts_by_id({one.resource_id for one in booked}, since=since, until=until)
    if action == "approve":
        resource = facts[line.resource_id]
        if begin_months(
            demand for one in together for demand in resource.demands(_use(one), one.units)
        ):
            raise StaleFacts
    view = None
    if action != "decline" and line.booking.borrower_id is not None:
        view = institution_viewer(line.booking.borrower_id, now=by.now)
    return OneAnswerPlan(LinePlan(line, action, by, facts, view), tuple(together))


def _use(line: Line) -> Span:
    return Span(line.use_starts_at, line.use_ends_at)


@dataclass
class OneAnswerPlan:
    """Do to all of `lines` what `first` does to one of them. What is said is said once."""

    first: LinePlan
    lines: tuple[Line, ...]

    @property
    def _plans(self) -> list[LinePlan]:
        return [replace(self.first, line=one, note="", reason="") for one in self.lines]

    @property
    def capacities(self) -> Collection[int]:
        return {capacity for plan in self._plans for capacity in plan.capacities}

    @property
    def bookings(self) -> Collection[int]:
        return self.first.bookings

    @property
    def window(self) -> Span:
        return enclosing(plan.window for plan in self._plans)

    def decide(self, scene: Scene) -> Line:
        line = scene.lines[self.first.line.pk]
        if line.state not in TRANSITIONS[self.first.action].sources:
            return self.first.decide(scene)  # a second click, or somebody was quicker
        state, reasons = line.state, list[Reason]()
        for plan in self._plans:
            one = scene.lines[plan.line.pk]
            if one.state != state:
                continue
            try:
                plan.decide(scene)
            except BookingRefused as no:
                reasons += [replace(reason, on=one.series_on) for reason in no.reasons]
        if reasons:
            raise BookingRefused(reasons)
        said = self.first.reason or self.first.note
        kind = "reason" if self.first.reason else "note"
        scene.say(line, line.booking, kind=kind, body=said, action=self.first.action)
        return line
