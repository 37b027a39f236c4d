"""One step of a case as a plan for `commit`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from bookings.models import Case, Line, Objection
from bookings.permissions import case_actions, case_sides, may_moderate
from bookings.queries.cases import other_moderators
from bookings.services.claim_changes import claimed
from bookings.services.commit import commit
from bookings.services.scene import Scene
from bookings.spans import Span
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound

Step = Callable[[Scene, Case, Line], None]


@dataclass
class CasePlan:
    """Take `step` with a case, under the lock of its booking, where `by` may take `action` then."""

    case: Case
    action: str
    by: Viewer
    step: Step
    done: Callable[[Case], bool]
    """Whether a case stands as the action leaves it: said again it changes nothing."""

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.case.line.booking_id,)

    @property
    def window(self) -> Span:
        return claimed(self.case.line)

    def decide(self, scene: Scene) -> Case:
        line = scene.lines[self.case.line_id]
        case = Case.objects.visible_to(SYSTEM).select_for_update().get(pk=self.case.pk)
        case.line = line
        objections = list(Objection.objects.filter(case=case))
        others = other_moderators(case, now=scene.now)
        if self.action not in case_actions(case, objections, self.by, other_moderators=others):
            if self.done(case):
                return case
            raise Conflict
        self.step(scene, case, line)
        return case


def take(
    action: str,
    *,
    by: Viewer,
    case: UUID,
    step: Step,
    done: Callable[[Case], bool],
    quiet: bool = False,
) -> Case:
    """Find the case as `by` may read it and take the step. Raises `NotFound`, `Forbidden`, `Conflict`."""
    found = Case.objects.on_desk_of(by).select_related("line").filter(uid=case).first()
    if found is None:
        raise NotFound
    moderates = action in {"decide", "answer_objection"}
    if not (may_moderate(found, by) if moderates else case_sides(found, by)):
        raise Forbidden
    return commit(CasePlan(found, action, by, step, done), now=by.now, by=by, quiet=quiet)
