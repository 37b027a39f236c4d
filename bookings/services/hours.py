"""Hours, seasons and days off changed by their owner: the bookings that would lie outside are told before it is saved.

Nothing that was agreed is undone by it: whoever is to come outside the hours still comes, and the owner has seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from bookings.errors import WouldLieOutside
from bookings.facts.resource import ResourceFacts
from bookings.models import Line
from bookings.opening import fits_hours, is_open_at
from bookings.queries.facts import facts_by_id
from bookings.services.answer_times import move_answer_times
from bookings.spans import Span
from bookings.states import LIVE
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from sharing.services.days_off import keep_public_holidays

T = TypeVar("T")
JUDGED_BY = frozenset({"hours_source", "handover"})
"""Details of a listing on which it depends whether a use lies inside its hours."""


def change_hours(
    change: Callable[[], T],
    *,
    by: Viewer,
    institution: int,
    resource: UUID | None = None,
    confirmed: bool = False,
) -> T:
    """Do `change`, a verb of `sharing` on the hours of this house (database id) or of one thing of it; the times by
    which its answers are due move with it.

    Raises `WouldLieOutside`, and nothing is stored, where bookings that lie inside the hours now would not any more,
    unless they were `confirmed`; and what `change` raises.
    """
    with transaction.atomic():
        done = change() if confirmed else _unless_outside(change, by, institution, resource)
        move_answer_times(institution=institution, now=by.now)
    return done


def close_on_public_holidays(*, now: datetime) -> int:
    """By the clock: add them wherever they are observed; the times by which answers of those houses are due move with
    them. How many years were added."""

    def follow(institution: int) -> None:
        move_answer_times(institution=institution, now=now)

    return keep_public_holidays(now=now, then=follow)


def _unless_outside(
    change: Callable[[], T], by: Viewer, institution: int, resource: UUID | None
) -> T:
    """Do `change`; raises `WouldLieOutside` where something would lie outside the hours by it."""
    lines = _to_come(by, institution, resource)
    outside = _outside(lines, by)
    done = change()
    outside_now = _outside(lines, by) - outside
    left_out = [line for line in lines if line.pk in outside_now]
    if left_out:
        raise WouldLieOutside(left_out, now=by.now)
    return done


def _to_come(by: Viewer, institution: int, resource: UUID | None) -> list[Line]:
    """What is asked for or agreed at a named time, or out. What only waits, or has dates of its own, is left out."""
    lines = Line.objects.visible_to(SYSTEM).filter(
        lender=institution,
        state__in=LIVE,
        use_ends_at__gt=by.now,
        wanted_minutes__isnull=True,
        waiting=False,
    )
    lines = lines.exclude(resource__kind="seated")
    if resource is not None:
        lines = lines.filter(resource__uid=resource)
    return list(lines.order_by("use_starts_at", "pk"))


def _outside(lines: Sequence[Line], by: Viewer) -> set[int]:
    """The lines (database ids) outside the hours as they are stored now. One statement, none for none."""
    if not lines:
        return set()
    day = timedelta(days=1)
    facts = facts_by_id(
        {line.resource_id for line in lines},
        since=min(line.use_starts_at for line in lines).date() - day,
        until=max(line.use_ends_at for line in lines).date() + 2 * day,
    )
    return {line.pk for line in lines if not _inside(line, facts[line.resource_id], by)}


def _inside(line: Line, resource: ResourceFacts, by: Viewer) -> bool:
    """What has begun is judged by what is left of it: of a thing that is out when it is brought back."""
    minute = by.now.replace(second=0, microsecond=0)
    if line.use_starts_at > by.now:
        return fits_hours(resource, Span(line.use_starts_at, line.use_ends_at))
    if resource.handover == "none":
        return fits_hours(resource, Span(minute, line.use_ends_at))
    return is_open_at(resource, line.use_ends_at, closing=True)
