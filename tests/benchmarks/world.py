"""A world to measure in: what `manage.py load_scale` makes, in a clone of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count

from bookings.models import Capacity, Claim
from bookings.scale.databases import clone, drop, ensure_template, in_use
from bookings.scale.founding import ASKER
from bookings.scale.shape import Shape
from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.membership.services.tokens import create_api_token
from cooperative.models import Institution, Membership, Person
from sharing.models import Resource

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
CLONE = "podest_scale_bench"
FIRST_FREE = datetime(2032, 1, 1, 8, tzinfo=UTC)
SLOTS_A_DAY = 4


@dataclass(frozen=True)
class World:
    """Who asks, and what there is. `rooms` in id order; `busiest` = a room and a pool with the most claims."""

    asker: Person
    borrower: Institution
    token: str
    rooms: list[Resource]
    busiest: list[Resource]
    claims: int

    def viewer(self, now: datetime = NOW) -> Viewer:
        return viewer_for(person=self.asker, acting_for=self.borrower.pk, now=now)


@contextmanager
def world(*, claims: int, things: int | None = None) -> Iterator[World]:
    """About `claims` claims on `things`; the template stays for the next time, the clone does not."""
    template, _made = ensure_template(Shape(claims, things or claims // 100, NOW))
    clone(template, CLONE)
    try:
        with in_use(CLONE):
            yield _look()
    finally:
        drop(CLONE)


def _look() -> World:
    asker = Person.objects.get(email=ASKER)
    borrower = Membership.objects.select_related("institution").get(person=asker).institution
    viewer = viewer_for(person=asker, acting_for=borrower.pk, now=NOW)
    token = create_api_token(by=viewer, name="bench", institution=borrower.uid)
    rooms = Resource._base_manager.filter(kind="exclusive", wholes=None, parts=None)
    return World(
        asker=asker,
        borrower=borrower,
        token=token.secret,
        rooms=list(rooms.order_by("pk")),
        busiest=[_busiest("exclusive"), _busiest("peak")],
        claims=Claim.objects.count(),
    )


def _busiest(mode: str) -> Resource:
    found = (
        Capacity.objects.filter(mode=mode, span=None, size__gt=0)
        .exclude(resource__answering="keep_first")
        .annotate(busy=Count("claims"))
        .order_by("-busy")
    )
    return Resource._base_manager.get(pk=found[0].resource_id)


def free_slot(number: int) -> tuple[datetime, datetime]:
    """The `number`-th slot of two hours in which nothing is stored and every house is open: years after all of it.

    An hour lies between two of them, for what takes time after a use.
    """
    day, hour = divmod(number, SLOTS_A_DAY)
    start = FIRST_FREE + timedelta(days=day, hours=3 * hour)
    return start, start + timedelta(hours=2)
