"""One action on one line, as a plan for `commit`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from bookings.answers import NOTHING, AnswerWith, FeeWish
from bookings.errors import AnsweredAlready, BookingRefused
from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.models import Line
from bookings.queries.periods import wanted_of
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free
from bookings.services.blocks import lost_span
from bookings.services.case_book import refuse_untimely
from bookings.services.claim_changes import claimed
from bookings.services.offers import ProposalPlan
from bookings.services.scene import Scene
from bookings.spans import Span, enclosing
from bookings.states import TRANSITIONS, LineState
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict

from .handlers import HANDLERS, SaidAlready
from .once_more import refuse_what_differs

WITH_WHAT_IT_BROUGHT = frozenset(
    {"approve", "decline", "reopen", "withdraw", "let_go", "cancel", "take_back"}
)
"""What is done to a thing is done to what came along with it; its owner may do without that alone: decline it."""

WITH_A_PROPOSAL = frozenset({"decline", "take_back"})
"""A no, with which its owner may offer something else."""


@dataclass
class LinePlan:
    """Take `action` on one line. `actor` is the viewer; `facts` are those of all resources of the booking."""

    line: Line
    action: str
    actor: Viewer
    facts: Mapping[int, ResourceFacts]
    borrower_view: Viewer | None = None
    note: str = ""
    reason: str = ""
    units: int | None = None
    condition: str = ""
    happened_at: datetime | None = None
    kind: str = ""
    proposal: ProposalPlan | None = None
    answer: AnswerWith = NOTHING
    rivals: set[int] = field(default_factory=set)

    @property
    def resource(self) -> ResourceFacts:
        """As it is now, with the turnover that was agreed."""
        facts = self.facts[self.line.resource_id]
        return replace(facts, turnover_minutes=self.line.turnover_minutes)

    @property
    def capacities(self) -> Collection[int]:
        use = Span(self.line.use_starts_at, self.line.use_ends_at)
        mine = self.resource.locked_for(self.resource.demands(use, self.line.units))
        return mine if self.proposal is None else mine | set(self.proposal.capacities)

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        mine = claimed(self.line) if self.proposal is None else self.proposal.window
        if self.action != "lost":
            return mine
        return enclosing([mine, lost_span(self.actor.now)])

    def decide(self, scene: Scene) -> Line:
        line = scene.lines[self.line.pk]
        row = TRANSITIONS[self.action]
        if self.action == "complain" and line.state not in row.targets:
            refuse_untimely(scene, line, self.kind)
        if line.state not in row.sources:
            if line.state in row.targets:
                refuse_what_differs(self, line)
                return line
            if self.action in {"approve", "decline"} and line.decided_by is not None:
                raise AnsweredAlready(
                    _("Answered already by %(who)s: it is “%(state)s” now.")
                    % {"who": line.decided_by, "state": LineState(line.state).label}
                )
            raise Conflict(
                _("This is no longer possible: it is “%(state)s” now.")
                % {"state": LineState(line.state).label}
            )
        try:
            HANDLERS[self.action](self, scene, line)
        except SaidAlready:
            return line
        if self.action in WITH_WHAT_IT_BROUGHT:
            for other in scene.brought_by(line):
                if other.state in row.sources:
                    self._along(scene, other)
        kind = "reason" if self.reason else "note"
        scene.say(line, line.booking, kind=kind, body=self.reason or self.note, action=self.action)
        if self.proposal is not None:
            made = self.proposal.decide(scene).offer
            if made is not None:
                scene.note_offer(line, made)
        return line

    def _along(self, scene: Scene, other: Line) -> None:
        # What is said of the fee is said of the thing that was asked for.
        plan = replace(self, line=other, answer=replace(self.answer, fee=FeeWish()))
        try:
            HANDLERS[self.action](plan, scene, other)
        except BookingRefused as no:
            raise BookingRefused(
                [companion_not_free(plan.resource, no.reasons, waivable=False)]
            ) from None

    def judge(self, scene: Scene, line: Line, verb: Verb) -> tuple[Ask, list[Reason]]:
        """The line judged afresh under the locks; it never counts against itself."""
        resource = scene.as_locked(self.resource)
        use = Span(line.use_starts_at, line.use_ends_at)
        view = self.borrower_view
        day = use.start.astimezone(resource.zone).date()
        ask = Ask(
            resource=resource,
            terms=resource.terms_to_ask(view, day) if view is not None else None,
            use=use,
            event=Span(line.event_starts_at, line.event_ends_at),
            units=line.units,
            borrower=line.booking.borrower_id,
            borrower_state=view.acting_state if view is not None else "active",
            now=scene.now,
            taken=self._beside(scene, line),
            second_in_line=line.second_in_line,
            wanted=wanted_of(line),
            brought=line.brought_by_id is not None,
            # Somebody written in by the keeper has no audiences.
            seen=view is None or resource.seen_by(view),
        )
        return ask, judge(ask, verb)

    def _beside(self, scene: Scene, line: Line) -> tuple[Taken, ...]:
        """What is taken by others. What is only kept for other lines of its own booking does not give way to it."""
        return tuple(
            replace(one, hold_until=None)
            if one.booking == line.booking_id and one.line is not None
            else one
            for one in scene.taken(self.capacities, apart_from=line.pk)
        )
