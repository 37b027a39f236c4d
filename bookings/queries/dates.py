"""What is left of dates with places, and of the hours of a month: counted as availability counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bookings.facts.demands import Demand
from bookings.models import SeatedSession
from bookings.spans import Span, enclosing
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models import Resource

from .availability import claims_of, facts_of


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of something with places; `left` = places that nobody has. Of a cancelled one none is to be had."""

    session: SeatedSession
    left: int

    @property
    def span(self) -> Span:
        return Span(self.session.starts_at, self.session.ends_at)

    @property
    def units(self) -> int:
        return self.session.units

    @property
    def taken(self) -> int:
        return 0 if self.session.cancelled_at is not None else self.units - self.left


@dataclass(frozen=True, slots=True)
class MonthLeft:
    """A calendar month of the owner's, by its first day: its minutes, and those that nobody has."""

    month: date
    minutes: int
    left: int


def dates_of(
    resource: int,
    window: Span,
    *,
    now: datetime,
    begun: bool = True,
    cancelled: bool = False,
    latest: bool = False,
    most: int | None = None,
) -> list[Dated]:
    """The dates of a resource (database id) that end inside `window`, in order of time; at most `most` of them.

    With `latest` the last ones first. Without `begun` only those that are still to begin; with `cancelled` those too
    that were. Four statements. Not gated: callers pass what the viewer may see.
    """
    rows = SeatedSession.objects.filter(
        resource=resource, ends_at__gt=window.start, ends_at__lte=window.end
    )
    if not begun:
        rows = rows.filter(starts_at__gt=now)
    if not cancelled:
        rows = rows.filter(cancelled_at=None)
    in_time = ("starts_at", "ends_at", "pk")
    ordered = (
        rows.order_by(*(f"-{name}" for name in in_time)) if latest else rows.order_by(*in_time)
    )
    found = list(ordered[:most])
    return _counted(resource, found, now=now)


def _counted(resource: int, found: Sequence[SeatedSession], *, now: datetime) -> list[Dated]:
    if not found:
        return []
    hull = enclosing(Span(one.starts_at, one.ends_at) for one in found)
    facts = facts_of([resource], hull)[resource]
    taken = [row.taken() for row in claims_of([facts], hull, now=now).get(resource, ())]
    return [
        Dated(
            one,
            facts.units_left(Span(one.starts_at, one.ends_at), taken)
            if one.cancelled_at is None
            else 0,
        )
        for one in found
    ]


def date_for(viewer: Viewer, uid: UUID) -> Dated:
    """One date of something that the viewer may see, cancelled or not. Raises `NotFound`. Four statements."""
    seen = Resource.objects.visible_to(viewer)
    found = (
        SeatedSession.objects.filter(uid=uid, resource__in=seen).select_related("resource").first()
    )
    if found is None:
        raise NotFound
    return _counted(found.resource_id, [found], now=viewer.now)[0]


def stock_of(resource: int, *, now: datetime) -> int:
    """How many are left of something to give away, whenever it is fetched. Two statements. Not gated."""
    moment = Span(now, now + timedelta(minutes=1))
    facts = facts_of([resource], moment)[resource]
    claims = claims_of([facts], moment, now=now).get(resource, ())
    return facts.units_left(moment, [row.taken() for row in claims])


def months_of(resource: int, window: Span, *, now: datetime) -> list[MonthLeft]:
    """What is left of the hours of each calendar month that `window` touches, in order. Two statements. Not gated."""
    facts = facts_of([resource], window)[resource]
    taken = [row.taken() for row in claims_of([facts], window, now=now).get(resource, ())]
    found = []
    for month in facts.months(window):
        share = facts.month(month)
        left = max(Demand(share, month, 0).room(taken), 0)
        found.append(MonthLeft(month.start.astimezone(facts.zone).date(), share.size, left))
    return found
