"""Dates with seats that repeat: a workshop every week, all of its dates in one commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.resource import ResourceFacts
from bookings.models import SeatedSession, Series
from bookings.queries.places import holidays_for, places_of
from bookings.reasons import Reason
from bookings.recurrence import Dates, Repetition
from bookings.recurrence.reading import NO_DATES
from bookings.recurrence.wish import NOTHING_MOVED, SeriesWish, Unfolded, unfold
from bookings.rules.dates import no_such_time
from bookings.services.commit import commit
from bookings.services.request.stored import RefusedLine
from bookings.services.scene import Scene
from bookings.services.sessions import (
    SessionPlan,
    another_then,
    check_seats,
    new_session,
    own_with_places,
)
from bookings.spans import Span
from bookings.wishes import Errors
from cooperative.access.viewer import Viewer
from cooperative.statements import insert_all

from .blocks import BlockDate, LookedAt
from .rows import series_row


@dataclass(frozen=True, slots=True)
class SessionsWish:
    """A thing with seats again and again; `moved` as in `SeriesWish`, `units` None = as many as its listing says."""

    resource: UUID
    repetition: Repetition
    units: int | None = None
    title: str = ""
    note: str = ""
    moved: tuple[tuple[date, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class AddedDates:
    """What was stored, and the dates that could not be."""

    series: Series
    sessions: tuple[SeatedSession, ...]
    refused: tuple[RefusedLine, ...]


def add_sessions(*, by: Viewer, wish: SessionsWish) -> AddedDates:
    """Add every date; where there is one at that time already it is told.

    Raises `BookingRefused` where not one can be; `Invalid`, `Conflict`, `Forbidden`, `UnknownResource`.
    """
    facts = own_with_places(by, wish.resource)
    units = facts.units if wish.units is None else wish.units
    check_seats(units)
    unfolded = _unfolded(wish, by)
    taken = _taken(facts, unfolded)
    plans: list[tuple[date, SessionPlan]] = []
    refused = [RefusedLine(0, (no_such_time(one, line=0),), on=one.on) for one in unfolded.troubled]
    for line in unfolded.lines:
        on = line.series_on or line.starts_at.date()
        if (line.use.start, line.use.end) in taken:
            refused.append(RefusedLine(0, (_exists(on),), on=on))
            continue
        session = new_session(
            facts,
            by=by,
            starts_at=line.use.start,
            ends_at=line.use.end,
            title=wish.title,
            note=wish.note,
        )
        plans.append((on, SessionPlan(session, units, facts, by)))
    if not plans:
        raise BookingRefused([reason for one in refused for reason in one.reasons])
    plan = SessionsPlan(wish, [one for _on, one in plans], facts, unfolded.dates, by, units)
    try:
        series, sessions = commit(plan, now=by.now, by=by)
    except IntegrityError as error:
        raise another_then(error) from None
    refused.sort(key=lambda one: one.on or date.min)
    return AddedDates(series, tuple(sessions), tuple(refused))


def look_at_sessions(*, by: Viewer, wish: SessionsWish) -> LookedAt:
    """What each date would be; stores nothing. Raises as `add_sessions`."""
    facts = own_with_places(by, wish.resource)
    unfolded = _unfolded(wish, by)
    taken = _taken(facts, unfolded)
    found = [
        BlockDate(
            line.series_on or line.starts_at.date(),
            line.use,
            (),
            (_exists(line.series_on),) if (line.use.start, line.use.end) in taken else (),
        )
        for line in unfolded.lines
    ]
    found += [
        BlockDate(one.on, None, (), (no_such_time(one, line=0),)) for one in unfolded.troubled
    ]
    return LookedAt(tuple(sorted(found, key=lambda one: one.on)), unfolded.dates.left_out)


def _exists(on: date | None) -> Reason:
    words = _("There is a date at that time already.")
    return Reason("session_exists", "fact", words, line=0, on=on)


def _unfolded(wish: SessionsWish, by: Viewer) -> Unfolded:
    place = places_of([wish.resource], by=by)[wish.resource]
    series = SeriesWish(
        resource=wish.resource, repetition=wish.repetition, moved=dict(wish.moved) or NOTHING_MOVED
    )
    unfolded = unfold(series, 0, place.zone, holidays_for(wish.repetition, place))
    errors = Errors()
    stands = bool(unfolded.lines or unfolded.troubled)
    errors.check(stands, "rule", NO_DATES, "no_dates")
    errors.refuse()
    return unfolded


def _taken(facts: ResourceFacts, unfolded: Unfolded) -> set[tuple[datetime, datetime]]:
    """The times at which there is a date already. One statement."""
    starts = [line.use.start for line in unfolded.lines]
    rows = SeatedSession.objects.filter(
        resource=facts.id, cancelled_at__isnull=True, starts_at__in=starts
    )
    return set(rows.values_list("starts_at", "ends_at"))


@dataclass
class SessionsPlan:
    """Store all dates, each as if it were added alone."""

    wish: SessionsWish
    plans: Sequence[SessionPlan]
    resource: ResourceFacts
    dates: Dates
    actor: Viewer
    units: int

    @property
    def capacities(self) -> Collection[int]:
        return ()

    @property
    def bookings(self) -> Collection[int]:
        return ()

    @property
    def window(self) -> Span:
        return Span(self.actor.now, self.actor.now + timedelta(days=1))

    def decide(self, scene: Scene) -> tuple[Series, list[SeatedSession]]:
        row = series_row(
            SeriesWish(
                resource=self.wish.resource, repetition=self.wish.repetition, units=self.units
            ),
            resource=self.resource.id,
            zone=self.resource.zone_name,
            dates=self.dates,
            by=self.actor.person,
            now=scene.now,
        )
        insert_all([row])
        sessions = []
        for plan in self.plans:
            plan.session.series = row
            sessions.append(plan.decide(scene))
        return row, sessions
