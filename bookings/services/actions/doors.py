"""Where pages and the API come in: one line, or all lines of a booking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bookings.answers import NOTHING, REASONS, AnswerWith, FeeWish
from bookings.errors import BookingRefused
from bookings.models import Booking, CaseKind, Line
from bookings.permissions import may_act
from bookings.queries.composition import leaves_of
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.reasons import Reason
from bookings.services.claim_changes import claimed
from bookings.services.commit import DoesNotFit, commit, with_fresh_facts
from bookings.services.judging.asks import days_around
from bookings.services.months import begin_months
from bookings.services.offers import instead
from bookings.services.scene import Scene
from bookings.services.series.answering import answered_together, one_answer_plan
from bookings.services.shortages import note_shortages
from bookings.spans import Span
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS, UNANSWERED
from bookings.wishes import Errors, LineWish, check_texts, validate_line
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound

from .handlers import HANDLERS
from .plan import WITH_A_PROPOSAL, LinePlan

LONGEST_WORDS = 5_000
COMING_BACK = frozenset({"give_back", "overdue", "lost"})
"""What is said of something that is out: whoever needs it next hears at once."""


def act(
    *,
    by: Viewer,
    line: UUID,
    action: str,
    note: str = "",
    reason: str = "",
    units: int | None = None,
    condition: str = "",
    happened_at: datetime | None = None,
    kind: str = "",
    proposal: LineWish | None = None,
    alone: bool | None = None,
    answer: AnswerWith = NOTHING,
    quiet: bool = False,
) -> Line:
    """Take a personal action on a line and return it.

    The answer to a date of a series is that to all of its dates where it has one answer, or as `alone` says; with a
    proposal it is for this date. `units` counts what went out or came back, at `happened_at` (aware; None = now) where
    it was noted without a network; what is not back stays out as a line of its own. `kind` is what was wrong (a
    `CaseKind`), with complain. `proposal` is what the owner offers instead, in the same commit, with one of
    `WITH_A_PROPOSAL`. `answer` goes with a yes or a no of the owner; a code stands before the own words, or for them.
    Raises `NotFound`, `Forbidden`, `Invalid` (a reason is missing), `Conflict` (state or time), `BookingRefused` (it no
    longer fits).
    """
    if action not in PERSONAL_ACTIONS:
        raise NotFound(code="unknown_action")
    seen = Line.objects.on_desk_of(by)
    found = seen.select_related("booking", "series").filter(uid=line).first()
    if found is None:
        raise NotFound
    if not may_act(found, found.booking, action, by):
        raise Forbidden
    answer = _checked_answer(answer, action, proposing=proposal is not None)
    reason = _in_their_words(answer.code, reason, found)
    _check_words(action, note=note, reason=reason, condition=condition)
    if kind and (action != "complain" or kind not in CaseKind):
        raise Invalid({"kind": _("Choose one of the kinds.")})
    if proposal is not None:
        if action not in WITH_A_PROPOSAL:
            raise Invalid({"proposal": _("Nothing can be proposed along with this.")})
        validate_line(proposal)

    def move() -> Line:
        if answered_together(found, action, alone) and proposal is None:
            together = one_answer_plan(found, action, by)
            first = replace(together.first, note=note.strip(), reason=reason.strip(), answer=answer)
            return commit(replace(together, first=first), now=by.now, by=by, quiet=quiet)
        plan = _plan(found, action, by)
        said = replace(
            plan,
            note=note.strip(),
            reason=reason.strip(),
            units=units,
            condition=condition,
            happened_at=happened_at,
            kind=kind,
            answer=answer,
            proposal=instead(found, proposal, by=by, along=action, fee=answer.fee)
            if proposal is not None
            else None,
        )
        return commit(said, now=by.now, by=by, quiet=quiet)

    try:
        moved = with_fresh_facts(move)
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None
    if action in COMING_BACK:
        own = leaves_of([found.resource_id])[found.resource_id]
        note_shortages(now=by.now, capacities=own, by=by, quiet=quiet)
    return moved


def _checked_answer(answer: AnswerWith, action: str, *, proposing: bool) -> AnswerWith:
    """What goes with an answer, where `action` is one. Raises `Invalid`."""
    if answer == NOTHING:
        return answer
    said = answer.checked()
    wrong = Errors()
    never = _("Nothing of this goes with what you do here.")
    wrong.check(not said.code or action in WITH_A_PROPOSAL, "reason_code", never)
    priced = action == "approve" or proposing
    wrong.check(said.fee == FeeWish() or priced, "fee_amount", never)
    answers = {"approve", *WITH_A_PROPOSAL}
    wrong.check(not said.inner_note or action in answers, "inner_note", never)
    wrong.refuse()
    return said


def _in_their_words(code: str, reason: str, line: Line) -> str:
    """The reason chosen, in the language of whoever asked, and the own words after it."""
    if not code:
        return reason
    person = line.booking.person
    with override(person.language if person is not None else "pl"):
        chosen = str(REASONS[code])
    return " ".join(part for part in (chosen, reason.strip()) if part)


def _check_words(action: str, *, note: str, reason: str, condition: str) -> None:
    if TRANSITIONS[action].needs_reason and not reason.strip():
        said = _("Say why, in a sentence: the other side reads it.")
        raise Invalid({"reason": said}, code="required")
    check_texts(LONGEST_WORDS, note=note, reason=reason, condition=condition)


def _plan(line: Line, action: str, by: Viewer) -> LinePlan:
    resources = set(
        Line.objects.visible_to(SYSTEM)
        .filter(booking=line.booking_id)
        .values_list("resource_id", flat=True)
        if action in {"approve", "reopen"}
        else [line.resource_id]
    )
    since, until = days_around(
        [Span(line.use_starts_at, line.use_ends_at), Span(by.now, by.now + timedelta(days=30))]
    )
    facts = facts_by_id(resources, since=since, until=until)
    if action in {"approve", "settle"}:
        use = Span(line.use_starts_at, line.use_ends_at)
        if begin_months(facts[line.resource_id].demands(use, line.units)):
            facts = facts_by_id(resources, since=since, until=until)
    view: Viewer | None = None
    if action in {"approve", "reopen", "settle"} and line.booking.borrower_id is not None:
        view = institution_viewer(line.booking.borrower_id, now=by.now)
    return LinePlan(line, action, by, facts, view)


BOOKING_ACTIONS = ("withdraw", "complete", "cancel")
"""Besides `send` (see `drafts`): what the borrower does to all lines of a booking that it fits."""


def act_on_booking(
    *,
    by: Viewer,
    booking: UUID,
    action: str,
    note: str = "",
    reason: str = "",
    unanswered_by: UUID | None = None,
) -> Booking:
    """Take a borrower's action on every line of a booking that it applies to, in one commit.

    With `unanswered_by` (uid of an owner) only on what that owner has not answered.
    """
    if action not in BOOKING_ACTIONS:
        raise NotFound(code="unknown_action")
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    if not by.may("staff", found.borrower_id):
        raise Forbidden
    _check_words(action, note=note, reason=reason, condition="")
    lines = list(
        Line.objects.visible_to(by).select_related("booking", "lender").filter(booking=found)
    )
    row = TRANSITIONS[action]
    lender = None
    if unanswered_by is not None:
        lender = next((line.lender_id for line in lines if line.lender.uid == unanswered_by), 0)
        lines = [line for line in lines if line.lender_id == lender]
    fitting = [line for line in lines if line.state in row.sources]
    if not fitting:
        if any(line.state in row.targets for line in lines):
            return found
        raise Conflict
    said = note.strip() or reason.strip()
    plan = WholeBookingPlan(found, fitting, action, by, said, lender)
    return commit(plan, now=by.now, by=by)


@dataclass
class WholeBookingPlan:
    """One borrower's action on many lines of one booking."""

    booking: Booking
    fitting: list[Line]
    action: str
    actor: Viewer
    note: str
    unanswered_by: int | None = None

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return (self.booking.pk,)

    @property
    def window(self) -> Span:
        return Span(
            min(line.use_starts_at for line in self.fitting),
            max(claimed(line).end for line in self.fitting),
        )

    def decide(self, scene: Scene) -> Booking:
        booking = scene.bookings[self.booking.pk]
        row = TRANSITIONS[self.action]
        plan = LinePlan(self.fitting[0], self.action, self.actor, {})
        lines = scene.lines_of(booking)
        sources = row.sources
        if self.unanswered_by is not None:
            lines = [line for line in lines if line.lender_id == self.unanswered_by]
            sources = sources & UNANSWERED
        fitting = [line for line in lines if line.state in sources]
        if not fitting:  # another was quicker, or time was
            if any(line.state in row.targets for line in lines):
                return booking
            raise Conflict
        for line in fitting:
            HANDLERS[self.action](plan, scene, line)
        if self.note:
            scene.say(None, booking, kind="note", body=self.note, action=self.action)
        return booking
