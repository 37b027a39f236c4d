"""What a commit does with cases: a complaint opens one, and the line is closed when the case is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bookings.case_steps import (
    ANSWER_WITHIN,
    OBJECT_WITHIN,
    REPORT_WITHIN,
    UNDER_WAY,
    WARNING_MONTHS,
    months_later,
    state_after,
)
from bookings.models import Case, CaseKind, Line, Outcome, Sanction
from bookings.permissions import agreed, case_sides, may_moderate
from bookings.services.parties import parties_of
from bookings.states import DONE, IS_OUT, LineState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid
from cooperative.events.services import NewEvent
from cooperative.institutions.models import Institution

from .scene import Scene


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator decides: on whom it falls (database id of a side), why, and until when a pause lasts."""

    outcome: Outcome
    reason: str
    on: int | None = None
    until: datetime | None = None


def open_case(scene: Scene, line: Line, *, by: Viewer, kind: str, words: str) -> Case:
    """Open the case of a line that is complained of, for the side that `by` is on."""
    case = Case(
        line=line,
        lender_id=line.lender_id,
        borrower_id=line.booking.borrower_id,
        line_from=line.state,
        kind=kind or CaseKind.OTHER,
        words=words,
        opened_at=scene.now,
        opened_by_id=by.person,
        answer_due_at=scene.now + ANSWER_WITHIN,
    )
    case.opened_for_id = next(iter(case_sides(case, by)), line.lender_id)
    case.save(force_insert=True)
    scene.move(line, "complain", LineState.DISPUTED, case=str(case.uid), kind=case.kind)
    return case


def refuse_untimely(scene: Scene, line: Line, kind: str) -> None:
    """Whether it is the time to say it. Raises `Conflict` with a sentence where time is what is in the way.

    What is not there when it is to be used need not be waited out: its use is over, and what it takes stays taken.
    """
    if line.state == LineState.CONFIRMED:
        if line.use_starts_at > scene.now:
            raise Conflict(_("It has not begun yet."))
        if kind != CaseKind.NOT_THERE:
            raise Conflict(
                _("It is still under way: before its end one can only say that it was not there.")
            )
        scene.move(line, "finish", LineState.FINISHED, by_clock=True)
    if line.state in IS_OUT:
        raise Conflict(_("It is still out: say first that it is back, or that it is lost."))
    if line.state == LineState.CLOSED or (line.state in DONE and scene.now > reported_until(line)):
        raise Conflict(_("This can be said until 14 days after."))


def reported_until(line: Line) -> datetime:
    """Until when it may be said that something was wrong with a line that is over."""
    return max(line.use_ends_at, line.state_since) + REPORT_WITHIN


def case_under_way(line: Line) -> Case:
    """The case of a line in dispute, locked to the end of the transaction."""
    rows = Case.objects.visible_to(SYSTEM).filter(line=line, state__in=UNDER_WAY)
    return rows.select_for_update(of=("self",)).get()


def agree(scene: Scene, line: Line, case: Case, *, by: Viewer) -> bool:
    """Write down "settled between us" of the side, or sides, that `by` is on; whether it had not been said before.

    With the last of them the case is settled. In one's own record there is no other.
    """
    sides = {house for house in (case.lender_id, case.borrower_id) if house is not None}
    fresh = [side for side in case_sides(case, by) if not agreed(case, side)]
    if not fresh:
        return False
    for side in fresh:
        if side == case.lender_id:
            case.settled_by_lender_at = scene.now
        if side == case.borrower_id:
            case.settled_by_borrower_at = scene.now
    if all(agreed(case, side) for side in sides):
        close(scene, line, case, "settle")
    else:
        case.state = state_after("agree", case.state)
        words = str(_("Settled from our side."))
        scene.say(line, line.booking, kind="note", body=words, action="resolve")
        scene.log(case_event("case.agree", case, line, by=by))
    store(case)
    return True


def decide(scene: Scene, line: Line, case: Case, verdict: Verdict, *, by: Viewer) -> None:
    """Write the decision down, with what it brings to the side that it falls on, and close the line."""
    case.outcome, case.outcome_reason = verdict.outcome, verdict.reason
    case.outcome_for_id = verdict.on
    case.decided_at, case.decided_by_id = scene.now, by.person
    case.objection_until = scene.now + OBJECT_WITHIN
    until = verdict.until
    if verdict.on is not None and verdict.outcome in {Outcome.WARNING, Outcome.PAUSE}:
        if until is None:
            zone = ZoneInfo(Institution.objects.get(pk=verdict.on).time_zone)
            until = months_later(scene.now, WARNING_MONTHS, zone)
        Sanction.objects.create(
            institution_id=verdict.on,
            case=case,
            kind=verdict.outcome,
            starts_at=scene.now,
            ends_at=until,
            created_by_id=by.person,
        )
    close(scene, line, case, "decide", outcome=verdict.outcome)
    store(case)


def decide_that_nothing_follows(
    scene: Scene, line: Line, case: Case, *, by: Viewer, reason: str
) -> None:
    """The moderators' shortest answer; it has a reason too."""
    if not may_moderate(case, by):
        raise Forbidden
    if not reason:
        raise Invalid({"note": _("Say why, in a sentence: both sides read it.")})
    decide(scene, line, case, Verdict(Outcome.NOTHING, reason), by=by)


def close(scene: Scene, line: Line, case: Case, step: str, **data: Any) -> None:
    """The case is over and so is the line; `step` says how."""
    case.state = state_after(step, case.state)
    case.closed_at = scene.now
    scene.move(
        line,
        "resolve",
        LineState.CLOSED,
        by_clock=step == "lapse",
        case=str(case.uid),
        how=case.state,
        **data,
    )


def store(case: Case) -> None:
    case.version += 1
    case.save()


def case_event(verb: str, case: Case, line: Line, *, by: Viewer | None, **data: Any) -> NewEvent:
    """An event about a case, in the story of its booking; told to its two sides and to who asked."""
    booking = line.booking
    sides = case_sides(case, by) if by is not None else ()
    return NewEvent(
        verb=verb,
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking, [case.lender_id]),
        data={
            "case": str(case.uid),
            "lines": [{"line": str(line.uid), "resource": line.shown.get("uid")}],
            "opened_by_lender": case.opened_for_id == case.lender_id,
            **data,
        },
        actor=by.person if by is not None else None,
        acting_for=sides[0] if sides else None,
    )
