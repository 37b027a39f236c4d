"""Until when a request should be answered: three of its owner's working days, moved when those change; and what who
asked says when it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.facts.resource import ResourceFacts
from bookings.models import Booking, Line
from bookings.opening import after_working_days, is_off
from bookings.queries.answers import (
    ANSWER_WORKING_DAYS,
    Answers,
    answers_with,
    usual_days,
)
from bookings.queries.facts import facts_by_id
from bookings.services.judging.asks import AROUND, days_around
from bookings.services.judging.until import ACCEPTED_AT_MOST
from bookings.services.parties import parties_of
from bookings.spans import Span
from bookings.states import UNANSWERED
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.events.services import NewEvent, record

BATCH = 100


def answer_due(resource: ResourceFacts, ends_at: datetime, *, since: datetime) -> datetime:
    """When an answer is due: 3 of the owner's working days after `since`; where that is too late for a use (or a
    period) that `ends_at` then begins (or is over), in the middle of the time that is left; where that is a holiday
    and there is time after it, on the first working day."""
    due = after_working_days(resource, since, ANSWER_WORKING_DAYS)
    if due < ends_at:
        return due
    middle = since + max(ends_at - since, timedelta()) / 2
    if is_off(resource, middle):
        # On holiday nobody answers: on the first day after it, where there is time.
        first = after_working_days(resource, since, 1)
        return first if first < ends_at else middle
    return middle


def latest_answer(line: Line) -> datetime:
    """After this an answer helps nobody: the use begins, or the period that was named is over."""
    return line.use_ends_at if line.wanted_minutes else line.use_starts_at


def keep_answer_times(*, now: datetime) -> int:
    """Give a time to what asks for an answer and has none: what came free for who waited, what was there before.

    By the clock; how many lines. Two statements, one where there is nothing to do.
    """
    rows = Line.objects.visible_to(SYSTEM).filter(
        state__in=UNANSWERED, waiting=False, answer_due_at__isnull=True, sent_at__isnull=False
    )
    lines = list(rows.order_by("pk")[:BATCH])
    return _set(lines, since=dict.fromkeys((line.pk for line in lines), now), now=now)


def move_answer_times(*, institution: int, now: datetime) -> int:
    """Count again for what waits for this owner's (database id) answer: its working days changed. How many moved."""
    rows = Line.objects.visible_to(SYSTEM).filter(
        lender=institution, state__in=UNANSWERED, answer_due_at__gt=now
    )
    lines = list(rows.order_by("pk"))
    since = {line.pk: line.keeps_waiting_at or line.sent_at or now for line in lines}
    return _set(lines, since=since, now=now)


def _set(lines: Sequence[Line], *, since: dict[int, datetime], now: datetime) -> int:
    if not lines:
        return 0
    facts = working_facts(lines, now=now)
    moved = []
    for line in lines:
        due = answer_due(facts[line.resource_id], latest_answer(line), since=since[line.pk])
        if due != line.answer_due_at:
            line.answer_due_at = due
            moved.append(line)
    if moved:
        Line.objects.visible_to(SYSTEM).bulk_update(moved, ["answer_due_at"])
    return len(moved)


def working_facts(lines: Iterable[Line], *, now: datetime) -> dict[int, ResourceFacts]:
    """Facts of the lines' things, by id, with the days off of some weeks around now. One statement."""
    since, until = days_around([Span(now - AROUND, now + 2 * ACCEPTED_AT_MOST)])
    return facts_by_id({line.resource_id for line in lines}, since=since, until=until)


def expected_answers(resources: Collection[int], *, now: datetime) -> dict[int, Answers]:
    """By resource (database id), how soon an answer to what is sent now may be expected. Two statements."""
    if not resources:
        return {}
    since, until = days_around([Span(now, now + 2 * ACCEPTED_AT_MOST)])
    facts = facts_by_id(resources, since=since, until=until)
    usual = usual_days({one.owner for one in facts.values()}, now=now)
    return {
        key: answers_with(
            one, usual, now=now, due=after_working_days(one, now, ANSWER_WORKING_DAYS)
        )
        for key, one in facts.items()
    }


def keep_waiting(*, by: Viewer, booking: UUID, lender: UUID | None = None) -> Booking:
    """Whoever asked waits on, though no answer came: they are asked again in three working days, and so is the owner.

    For all that is not answered in time, of one owner where `lender` is named. Again is harmless. Raises `NotFound`,
    `Forbidden`, `Conflict` where nothing is waited for.
    """
    with transaction.atomic():
        found = (
            Booking.objects.visible_to(by)
            .select_for_update(no_key=True)
            .filter(uid=booking)
            .first()
        )
        if found is None:
            raise NotFound
        if not by.may("staff", found.borrower_id):
            raise Forbidden
        rows = Line.objects.visible_to(SYSTEM).filter(
            booking=found, state__in=UNANSWERED, answer_due_at__isnull=False
        )
        if lender is not None:
            rows = rows.filter(lender__uid=lender)
        lines = list(rows.select_related("lender").order_by("position", "pk"))
        if not lines:
            raise Conflict(_("It is answered: there is nothing to wait for."))
        late = [line for line in lines if line.answer_due_at and line.answer_due_at <= by.now]
        if not late:
            return found
        facts = working_facts(late, now=by.now)
        for line in late:
            line.keeps_waiting_at = by.now
            line.answer_due_at = answer_due(
                facts[line.resource_id], latest_answer(line), since=by.now
            )
        Line.objects.visible_to(SYSTEM).bulk_update(late, ["keeps_waiting_at", "answer_due_at"])
        record(_told(found, late, by), now=by.now)
    return found


def _told(booking: Booking, lines: Sequence[Line], by: Viewer) -> list[NewEvent]:
    """One event for each owner."""
    events = []
    for lender in dict.fromkeys(line.lender_id for line in lines):
        theirs = [line for line in lines if line.lender_id == lender]
        events.append(
            NewEvent(
                "booking.keep_waiting",
                "booking",
                booking.uid,
                parties=parties_of(booking, [lender]),
                data={
                    "lines": [
                        {
                            "line": str(line.uid),
                            "answer_due_at": line.answer_due_at.isoformat()
                            if line.answer_due_at
                            else None,
                        }
                        for line in theirs
                    ]
                },
                actor=by.person,
                acting_for=by.acting_for,
            )
        )
    return events
