"""With the moderators: reading what was brought, deciding it with a reason, objecting, answering that."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.case_steps import LONGEST_PAUSE_MONTHS, PAUSE_MONTHS, months_later, state_after
from bookings.models import Case, Line, Objection, Outcome, Sanction
from bookings.permissions import case_sides, concerned, may_moderate
from bookings.services.case_book import Verdict, case_event, decide, store
from bookings.services.scene import Scene
from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid
from cooperative.events.services import record
from cooperative.institutions.models import Institution

from .plan import take
from .talking import said


def read_case(*, by: Viewer, case: Case) -> None:
    """Log that a moderator opened a case that was brought; both sides see when. Nothing for the sides' own people."""
    if not may_moderate(case, by):
        return
    with transaction.atomic():
        record([case_event("case.read", case, case.line, by=by)], now=by.now)


def decide_case(
    *,
    by: Viewer,
    case: UUID,
    outcome: str,
    reason: str,
    on: UUID | None = None,
    until: datetime | None = None,
) -> Case:
    """Decide what was brought: `outcome` falls on the side `on` (public id), none where nothing follows.

    A warning lasts four calendar months, a pause `until` (aware; at least a day, at most twelve months, six unless
    given). Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    if outcome not in Outcome:
        raise Invalid({"outcome": _("Choose what you decide.")})
    text = said(reason, "reason")

    def step(scene: Scene, found: Case, line: Line) -> None:
        verdict = _verdict(found, Outcome(outcome), text, on, until, now=scene.now)
        decide(scene, line, found, verdict, by=by)
        scene.say(line, line.booking, kind="reason", body=text, action="resolve")

    def done(found: Case) -> bool:
        return (found.outcome, found.outcome_reason) == (outcome, text)

    return take("decide", by=by, case=case, step=step, done=done)


def _verdict(
    case: Case,
    outcome: Outcome,
    reason: str,
    on: UUID | None,
    until: datetime | None,
    *,
    now: datetime,
) -> Verdict:
    if outcome != Outcome.PAUSE and until is not None:
        raise Invalid({"until": _("Only a pause has an end of its own.")})
    if outcome == Outcome.NOTHING:
        if on is not None:
            raise Invalid({"outcome_for": _("Where nothing follows it falls on nobody.")})
        return Verdict(outcome, reason)
    sides = [house for house in (case.lender_id, case.borrower_id) if house is not None]
    house = Institution.objects.filter(pk__in=sides, uid=on).first() if on is not None else None
    if house is None:
        raise Invalid({"outcome_for": _("Choose one of the two sides.")})
    if outcome != Outcome.PAUSE:
        return Verdict(outcome, reason, house.pk)
    zone = ZoneInfo(house.time_zone)
    end = until or months_later(now, PAUSE_MONTHS, zone)
    longest = months_later(now, LONGEST_PAUSE_MONTHS, zone)
    if not now + timedelta(days=1) <= end <= longest:
        raise Invalid({"until": _("A pause lasts from a day to twelve months.")})
    return Verdict(outcome, reason, house.pk, end)


def object_to(*, by: Viewer, case: UUID, words: str) -> Case:
    """Disagree with a decision, within 14 days, once for each side that it concerns; moderators answer with a reason.

    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    text = said(words)

    def step(scene: Scene, found: Case, line: Line) -> None:
        before = set(Objection.objects.filter(case=found).values_list("institution_id", flat=True))
        side = next(
            side
            for side in case_sides(found, by)
            if side in concerned(found) and side not in before
        )
        made = Objection.objects.create(
            case=found, institution_id=side, person_id=by.person, words=text, made_at=scene.now
        )
        found.state = state_after("object", found.state)
        store(found)
        scene.log(case_event("case.object", found, line, by=by, objection=str(made.uid)))

    def done(found: Case) -> bool:
        mine = Objection.objects.filter(case=found, institution__in=case_sides(found, by))
        return mine.filter(words=text).exists()

    return take("object", by=by, case=case, step=step, done=done)


def answer_objection(*, by: Viewer, case: UUID, upheld: bool, answer: str) -> Case:
    """Answer the oldest open objection; upheld it lifts what the decision brought.

    By another moderator than who decided, where there is one. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`.
    """
    text = said(answer, "answer")

    def step(scene: Scene, found: Case, line: Line) -> None:
        rows = Objection.objects.filter(case=found, answered_at__isnull=True)
        one = rows.order_by("pk")[0]
        one.upheld, one.answer = upheld, text
        one.answered_at, one.answered_by_id = scene.now, by.person
        one.save()
        if upheld:
            Sanction.objects.filter(case=found, lifted_at__isnull=True).update(lifted_at=scene.now)
        found.state = state_after("answer_objection", found.state)
        store(found)
        scene.log(
            case_event(
                "case.answer_objection", found, line, by=by, objection=str(one.uid), upheld=upheld
            )
        )

    def done(found: Case) -> bool:
        return Objection.objects.filter(case=found, upheld=upheld, answer=text).exists()

    return take("answer_objection", by=by, case=case, step=step, done=done)
