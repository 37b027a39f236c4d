"""The ground of a race: the test's own database, and eight writers that only know how to reach it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import Block, Capacity
from bookings.spans import EARLIEST
from cooperative.institutions.models import Institution
from sharing.models import Category, Resource, ResourcePart
from tests.databases import Clone, Server
from tests.races.service import Company
from tests.races.support import LEVELS, Crew

weakest, *between, strictest = LEVELS
levels = pytest.mark.parametrize(
    "level",
    [weakest, *(pytest.param(one, marks=pytest.mark.proof) for one in between), strictest],
    ids=lambda level: level.name.lower(),
)
"""Marks a race that is run at the weakest and the strictest isolation, in `make proof` at each."""


@dataclass(frozen=True)
class Place:
    """Database ids of what a raw claim names."""

    resource: int
    capacity: int
    block: int


@dataclass
class Ground:
    """A database with one institution; things are listed in it as a race needs them."""

    conninfo: str
    owner: Institution
    category: Category

    def listed(self, *, kind: str, units: int = 1) -> Place:
        """A resource of a kind with so many units, its standing capacity, and a block to cause claims."""
        resource = Resource.objects.create(
            owner=self.owner,
            category=self.category,
            kind=kind,
            units=units,
            answering="owner_chooses",
        )
        block = Block.objects.create(
            resource=resource,
            starts_at=datetime(2027, 3, 1, tzinfo=UTC),
            ends_at=datetime(2027, 4, 1, tzinfo=UTC),
            zone="Europe/Warsaw",
            local_date=date(2027, 3, 1),
        )
        capacity = Capacity.objects.get(resource=resource)
        return Place(resource=resource.pk, capacity=capacity.pk, block=block.pk)

    def whole(self, *parts: Place) -> Place:
        """Something that may have parts, or has one of each of `parts`."""
        place = self.listed(kind="exclusive")
        Capacity.objects.filter(pk=place.capacity).update(size=0)
        for part in parts:
            ResourcePart.objects.create(whole_id=place.resource, part_id=part.resource)
        return place

    def dated(self, *, kind: str, start: datetime, end: datetime, size: int) -> Place:
        """A session of something `seated`, or a month of something `metered`, as the place of claims."""
        resource = Resource.objects.create(
            owner=self.owner, category=self.category, kind=kind, units=1, answering="owner_chooses"
        )
        block = Block.objects.create(
            resource=resource,
            starts_at=start,
            ends_at=end,
            zone="Europe/Warsaw",
            local_date=start.date(),
        )
        capacity = Capacity.objects.create(
            resource=resource,
            mode="peak" if kind == "seated" else "total",
            size=size,
            size_from=EARLIEST,
            span=DateTimeTZRange(start, end),
        )
        return Place(resource=resource.pk, capacity=capacity.pk, block=block.pk)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """Eight writers for all races of a module."""
    made = Crew()
    yield made
    made.dismiss()


@pytest.fixture(scope="session")
def company(database_server: Server) -> Iterator[Company]:
    """Eight that go through the services, for all races that want no more."""
    made = Company(database_server.url)
    yield made
    made.dismiss()


@pytest.fixture
def ground(committed_db: Clone) -> Ground:
    """A house that owns nothing yet, in a database of the test's own."""
    owner = Institution.objects.create(
        name="Dom Kultury Na Skarpie", kind="municipal", city="Wrocław", state="active"
    )
    category, _ = Category.objects.get_or_create(
        code="race", defaults={"name": {"pl": "wyścig", "en": "race"}}
    )
    return Ground(committed_db.url, owner, category)
