"""What time does to a case: after five days it may be brought, after fourteen more without a step it is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bookings.case_steps import ANSWERED, GO_ON_WITHIN, OPEN
from bookings.models import Case
from bookings.services.case_book import case_event, close, store
from bookings.services.claim_changes import claimed
from bookings.services.commit import commit
from bookings.services.scene import Scene
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM


@dataclass
class _ClockPlan:
    case: Case
    lapse: bool

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.case.line.booking_id,)

    @property
    def window(self) -> Span:
        return claimed(self.case.line)

    def decide(self, scene: Scene) -> int:
        line = scene.lines[self.case.line_id]
        case = Case.objects.visible_to(SYSTEM).select_for_update().get(pk=self.case.pk)
        if not self.lapse:
            if case.state != OPEN:
                return 0
            scene.log(case_event("case.unanswered", case, line, by=None))
            return 1
        if case.state not in {OPEN, ANSWERED} or last_step(case) + GO_ON_WITHIN > scene.now:
            return 0
        close(scene, line, case, "lapse")
        store(case)
        return 1


def last_step(case: Case) -> datetime:
    """From when on it is counted whether somebody goes on with it."""
    steps = (case.answered_at, case.settled_by_lender_at, case.settled_by_borrower_at)
    return max([case.answer_due_at, *(at for at in steps if at is not None)])


def tell_unanswered(case: Case, *, now: datetime) -> int:
    """Tell, once, that the five days are over without an answer."""
    return commit(_ClockPlan(case, lapse=False), now=now)


def lapse_case(case: Case, *, now: datetime) -> int:
    """Close a case that nobody goes on with."""
    return commit(_ClockPlan(case, lapse=True), now=now)
