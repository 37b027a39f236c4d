"""A stage for the engine: houses with their people's viewers, things, and wishes in few words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Max

from bookings.errors import BookingRefused
from bookings.models import Block, Booking, Case, Claim, Line, Offer
from bookings.queries.audit import audit
from bookings.services.actions import act
from bookings.services.blocks import add_block
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.request.sending import request_booking
from bookings.services.request.stored import Requested
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from sharing.models import Resource
from tests.factories import make_institution, make_member, make_resource, make_terms

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
"""A Monday, ten o'clock in Wrocław."""
DAY = datetime(2027, 3, 10, tzinfo=UTC)
"""The Wednesday of the following week, when most is asked for."""


@dataclass(frozen=True)
class Side:
    """A house and one of its people, as they look at `NOW`."""

    house: Institution
    person: Person
    viewer: Viewer

    def at(self, now: datetime) -> Viewer:
        return replace(self.viewer, now=now)


def make_side(name: str = "", *, role: str = "keeper", house: Institution | None = None) -> Side:
    """A house (a new one unless given) with a person in `role`."""
    at_home = house or make_institution(name)
    person = make_member(at_home, role=role)
    return Side(at_home, person, viewer_for(person=person, acting_for=at_home.pk, now=NOW))


def seen_again(side: Side, now: datetime = NOW) -> Viewer:
    """The same person looked up afresh: after partnerships, terms or states changed."""
    return viewer_for(person=side.person, acting_for=side.house.pk, now=now)


def make_thing(owner: Side, title: str = "Sala", *, terms: Any = None, **fields: Any) -> Resource:
    """A resource of `owner` that every member may ask for, on `terms`."""
    thing = make_resource(owner.house, title, **fields)
    make_terms(thing, **(terms or {}))
    return thing


def only_with(owner: Side, thing: Resource, companion: Resource) -> None:
    """From now on `thing` comes only with `companion`."""
    companions = [CompanionWish(companion.uid, "only_with")]
    set_companions(by=owner.viewer, resource=thing.uid, companions=companions)


def block(
    owner: Side, thing: Resource, start: float = 10, hours: float = 2, **fields: Any
) -> Block:
    """Block `thing` from an hour (UTC) of `DAY`; for own programme, unless said otherwise."""
    begin = DAY + timedelta(hours=start)
    end = begin + timedelta(hours=hours)
    return add_block(by=owner.viewer, resource=thing.uid, starts_at=begin, ends_at=end, **fields)


def line(
    thing: Resource | UUID,
    start: datetime | float = 10,
    hours: float = 2,
    *,
    units: int = 1,
    **fields: Any,
) -> LineWish:
    """A wish for `thing`; `start` is an instant or an hour (UTC) of `DAY`."""
    begin = start if isinstance(start, datetime) else DAY + timedelta(hours=start)
    return LineWish(
        resource=thing if isinstance(thing, UUID) else thing.uid,
        starts_at=begin,
        ends_at=begin + timedelta(hours=hours),
        units=units,
        **fields,
    )


def wish(*lines: LineWish, **fields: Any) -> BookingWish:
    return BookingWish(lines=lines, **{"title": "Próba", **fields})


def ask(side: Side, *lines: LineWish, now: datetime = NOW, **fields: Any) -> Requested:
    """Send a request for `side`."""
    return request_booking(by=side.at(now), institution=side.house.pk, wish=wish(*lines, **fields))


def refused(side: Side, *lines: LineWish, **fields: Any) -> BookingRefused:
    """Send a request for `side` that must be refused."""
    with pytest.raises(BookingRefused) as no:
        ask(side, *lines, **fields)
    return no.value


def do(side: Side, one: Line, action: str, *, now: datetime = NOW, **fields: Any) -> Line:
    """Take an action on a line, with a reason where none is given."""
    return act(by=side.at(now), line=one.uid, action=action, **{"reason": "bo tak", **fields})


def open_case(*, by: Viewer, line: UUID, kind: str, words: str) -> Case:
    """Complain of a line; the case that this opens, or that it has."""
    done = act(by=by, line=line, action="complain", kind=kind, reason=words)
    return Case.objects.visible_to(by).get(line=done, closed_at__isnull=True)


def fresh(one: Line) -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get(pk=one.pk)


def lines_of(booking: Booking) -> list[Line]:
    rows = Line.objects.visible_to(SYSTEM).filter(booking=booking)
    return list(rows.order_by("position", "pk"))


def states(booking: Booking) -> list[str]:
    """The states of a booking's lines, in order."""
    return [one.state for one in lines_of(booking)]


def state_of(booking: Booking) -> str:
    return Booking.objects.visible_to(SYSTEM).get(pk=booking.pk).state


def claims_of(one: Line) -> list[Claim]:
    return list(Claim.objects.filter(line=one.pk))


def open_offers() -> list[Offer]:
    """What is proposed to anybody, the oldest first."""
    rows = Offer.objects.visible_to(SYSTEM).filter(state="open")
    return list(rows.select_related("line").order_by("pk"))


def codes(reasons: Sequence[Any]) -> list[str]:
    """The codes of reasons, in order."""
    return [reason.code for reason in reasons]


def audited(now: datetime | None = None) -> None:
    """Assert that the audit finds nothing at `now`, or else at the moment when the last event was logged."""
    last = now or Event.objects.aggregate(last=Max("at"))["last"] or NOW
    assert [str(finding) for finding in audit(now=last).findings] == []
