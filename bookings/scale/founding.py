"""The houses of a world of a size, their people, and what they lend."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from bookings.models import Capacity, SeatedSession
from bookings.spans import EARLIEST, Span, local_month
from cooperative.access.models import Audience
from cooperative.identifiers import new_uid
from cooperative.institutions.models import Institution
from cooperative.membership.models import Membership
from cooperative.people.models import Person
from sharing.models import Category, Resource, ResourcePart, ResourceText, SharingTerms, WeeklyHours
from sharing.services.search_document import refresh

from .shape import MONTHLY_HOURS, SLOT, Shape, Thing, Use
from .tables import Table

ZONE = ZoneInfo("Europe/Warsaw")
ASKER = "asker@scale.example"
"""Somebody who may ask for everything, for a house that owns nothing."""
WORDS = ("sala prób", "krzesła", "rzutnik", "scena", "pracownia", "galeria", "głośniki", "podest")
BATCH = 2_000


@dataclass
class World:
    """What was stored, by the numbers of the shape: `standing` capacities by thing, `sessions` (capacity, session) by
    thing and slot, `months` (capacities) by thing and beginning."""

    shape: Shape
    things: Sequence[Thing]
    borrower: int = 0
    asker: int = 0
    houses: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    uids: list[UUID] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)
    sessions: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    months: dict[tuple[int, datetime], int] = field(default_factory=dict)


def found(shape: Shape, things: Sequence[Thing], uses: Sequence[Use]) -> World:
    """Store everything but the bookings."""
    world = World(shape, things)
    _houses(world)
    _things(world)
    _parts(world)
    _sessions(world, uses)
    _months(world, uses)
    return world


def _houses(world: World) -> None:
    shape = world.shape
    names = [f"Dom Kultury nr {number}" for number in range(shape.houses)]
    stored = Institution.objects.bulk_create(
        Institution(
            name=name, kind="municipal", state="active", city="Wrocław", created_at=shape.now
        )
        for name in [*names, "Fundacja Ruchome Mosty"]
    )
    Audience.objects.bulk_create(Audience(kind="own", institution=house) for house in stored)
    world.houses = [house.pk for house in stored[:-1]]
    world.borrower = stored[-1].pk
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution_id=house, weekday=weekday, opens_minute=480, closes_minute=1_320)
        for house in world.houses
        for weekday in range(7)
    )
    asker = Person.objects.create_user(email=ASKER, name="Zofia Wypożyczająca")
    world.asker = asker.pk
    Membership.objects.create(
        person=asker, institution_id=world.borrower, role="staff", started_at=shape.day_one
    )


def _things(world: World) -> None:
    category = Category.objects.get(code="spaces")
    everybody = Audience.objects.get(kind="cooperative")
    now = world.shape.now
    world.uids = [new_uid() for _ in world.things]
    titles = [f"{WORDS[one.number % len(WORDS)]} {one.number}" for one in world.things]
    for kept, one in zip(
        Resource.objects.bulk_create(
            (_resource(world, one, category, now) for one in world.things), batch_size=BATCH
        ),
        world.things,
        strict=True,
    ):
        assert len(world.ids) == one.number
        world.ids.append(kept.pk)
    ResourceText.objects.bulk_create(
        (
            ResourceText(resource_id=number, language="pl", title=title, is_original=True)
            for number, title in zip(world.ids, titles, strict=True)
        ),
        batch_size=BATCH,
    )
    agreed = SharingTerms.objects.bulk_create(
        (
            SharingTerms(
                resource_id=number,
                audience=everybody,
                may_see=True,
                may_ask=True,
                at_once=not one.keeps_first,
                horizon_days=3_650,
            )
            for number, one in zip(world.ids, world.things, strict=True)
        ),
        batch_size=BATCH,
    )
    for one, title, terms in zip(world.things, titles, agreed, strict=True):
        world.shown.append(_shown(world, one, title))
        policy = "keep_first" if one.keeps_first else "at_once"
        world.terms.append(
            json.dumps({"terms": str(terms.uid), "policy": policy, "fee_kind": "free"})
        )
    rows = Capacity.objects.filter(span=None).values_list("resource_id", "pk")
    number_of = {pk: number for number, pk in enumerate(world.ids)}
    world.standing = {number_of[resource]: capacity for resource, capacity in rows}
    refresh(world.ids)


def _resource(world: World, one: Thing, category: Category, now: datetime) -> Resource:
    return Resource(
        uid=world.uids[one.number],
        owner_id=world.houses[one.house],
        category=category,
        kind="exclusive" if one.kind == "whole" else one.kind,
        units=MONTHLY_HOURS if one.kind == "metered" else one.size,
        state="published",
        attributes={"seats": 10 + one.number % 200},
        answering="keep_first" if one.keeps_first else "owner_chooses",
        handover="simple" if one.handover else "none",
        turnover_minutes=one.turnover,
        created_at=now,
        confirmed_at=now,
    )


def _shown(world: World, one: Thing, title: str) -> str:
    told: dict[str, Any] = {
        "uid": str(world.uids[one.number]),
        "titles": {"pl": title},
        "original": "pl",
        "owner": f"Dom Kultury nr {one.house}",
        "category": "spaces",
        "kind": one.kind,
    }
    return json.dumps(told)


def _parts(world: World) -> None:
    """A whole first has no time of its own, then its parts: so the triggers want it."""
    wholes = [one for one in world.things if one.parts]
    own = [world.standing[one.number] for one in wholes]
    Capacity.objects.filter(pk__in=own).update(size=0)
    for one in wholes:
        for position, part in enumerate(one.parts):
            ResourcePart.objects.create(
                whole_id=world.ids[one.number], part_id=world.ids[part], position=position
            )


def _sessions(world: World, uses: Sequence[Use]) -> None:
    wanted = sorted({(use.thing, use.slot) for use in uses if _kind(world, use) == "seated"})
    spans = {slot: (world.shape.at(slot), world.shape.at(slot) + SLOT) for _thing, slot in wanted}
    Table(Capacity, "resource_id", "size", "span", mode="peak", size_from=EARLIEST).copy(
        (world.ids[thing], world.things[thing].size, span_of(*spans[slot]))
        for thing, slot in wanted
    )
    capacities = _dated(world)
    Table(
        SeatedSession,
        *("resource_id", "capacity_id", "starts_at", "ends_at", "units", "local_date"),
        zone=str(ZONE),
        created_at=world.shape.now,
    ).copy(
        (
            world.ids[thing],
            capacities[thing, spans[slot][0]],
            *spans[slot],
            world.things[thing].size,
            spans[slot][0].date(),
        )
        for thing, slot in wanted
    )
    of_capacity = dict(SeatedSession.objects.values_list("capacity_id", "pk"))
    for thing, slot in wanted:
        capacity = capacities[thing, spans[slot][0]]
        world.sessions[thing, slot] = (capacity, of_capacity[capacity])


def _months(world: World, uses: Sequence[Use]) -> None:
    wanted = {
        (use.thing, month_of(world.shape.at(use.slot)))
        for use in uses
        if use.claims and _kind(world, use) == "metered"
    }
    Table(
        Capacity, "resource_id", "span", size=60 * MONTHLY_HOURS, mode="total", size_from=EARLIEST
    ).copy((world.ids[thing], span_of(month.start, month.end)) for thing, month in sorted(wanted))
    world.months = {
        key: capacity for key, capacity in _dated(world).items() if _is_person(world, key[0])
    }


def _dated(world: World) -> dict[tuple[int, datetime], int]:
    """(Thing, start of its time) -> capacity."""
    number_of = {pk: number for number, pk in enumerate(world.ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resource_id, lower(span), id FROM bookings_capacity WHERE span IS NOT NULL"
        )
        return {(number_of[one], start): capacity for one, start, capacity in cursor.fetchall()}


def _kind(world: World, use: Use) -> str:
    return world.things[use.thing].kind


def _is_person(world: World, thing: int) -> bool:
    return world.things[thing].kind == "metered"


def month_of(instant: datetime) -> Span:
    """The owner's calendar month around `instant`."""
    return local_month(instant.astimezone(ZONE).date(), ZONE)


def span_of(start: datetime, end: datetime) -> str:
    return f"[{start.isoformat()},{end.isoformat()})"
