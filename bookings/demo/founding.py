"""Houses, people, networks and partnerships of the demo, through the services that make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from cooperative.access.queries import viewer_for
from cooperative.errors import Conflict
from cooperative.institutions.services.applications import apply
from cooperative.institutions.services.houses import register_institution
from cooperative.membership.services.members import add_member
from cooperative.membership.services.roles import grant_role
from cooperative.networks.services.networks import create_network, join_institution, join_network
from cooperative.networks.services.partnerships import agree_to_partnership, propose_partnership
from cooperative.people.models import Person
from cooperative.people.services.people import register_person
from sharing.services.days_off import add_days_off, add_public_holidays
from sharing.services.set_weekly_hours import set_weekly_hours
from sharing.wishes import HoursWish

from . import PASSWORD
from .houses import HOUSES, NETWORKS, PARTNERSHIPS, ROLES, Hours
from .world import World

APPLICANT = ("applicant@demo.example", "Jagoda Trzmiel")


def found(world: World) -> None:
    """Make everybody. What is dated begins long before the demo's day."""
    _people(world)
    _networks(world)
    _opening(world)
    _applicant(world)


def hours_of(rows: Hours) -> list[HoursWish]:
    return [HoursWish(int(digit), opens, closes) for days, opens, closes in rows for digit in days]


def _people(world: World) -> None:
    by = world.system()
    for house in HOUSES:
        world.houses[house.key] = register_institution(
            by=by,
            trusted=house.trusted,
            external_source="demo",
            external_id=house.key,
            **house.details(),
        )
        for role, name in zip(ROLES, house.people, strict=True):
            person = register_person(
                by=by, email=f"{role}.{house.key}@demo.example", name=name, language=house.language
            )
            world.people[f"{role}.{house.key}"] = person
            add_member(
                by=by,
                institution=world.houses[house.key].uid,
                person=person.uid,
                role=role,
                quiet=True,
            )
    for key, name, role in (
        ("moderator", "Barbara Ramowa", "moderator"),
        ("admin", "Konrad Techniczny", "administrator"),
    ):
        person = register_person(by=by, email=f"{key}@demo.example", name=name)
        world.people[key] = person
        grant_role(by=by, person=person.uid, role=role, quiet=True)
    world.people["applicant"] = register_person(by=by, email=APPLICANT[0], name=APPLICANT[1])
    # One password for all, hashed once: fifty hashes take half a minute on purpose.
    Person.objects.filter(pk__in=[person.pk for person in world.people.values()]).update(
        password=make_password(PASSWORD)
    )
    Person.objects.filter(pk=world.people["admin"].pk).update(is_staff=True, is_superuser=True)
    for house in HOUSES:
        Person.objects.filter(
            pk__in=[world.people[f"{role}.{house.key}"].pk for role in ROLES]
        ).update(time_zone=house.zone)


def _networks(world: World) -> None:
    by, start = world.system(), world.founded.date()
    for key, name, kind, operator, members in NETWORKS:
        network = create_network(
            by=by, name=name, kind=kind, operator=world.houses[operator].uid, quiet=True
        )
        world.networks[key] = network
        for member in members:
            join_institution(
                by=by,
                network=network.uid,
                institution=world.houses[member].uid,
                valid_from=start,
                quiet=True,
            )
    join_network(
        by=by,
        network=world.networks["city"].uid,
        member=world.networks["yard"].uid,
        valid_from=start,
        quiet=True,
    )
    for one, other, kind in PARTNERSHIPS:
        partnership = propose_partnership(
            by=world.viewer(one, "manager", world.founded),
            institution=world.houses[one].uid,
            partner=world.houses[other].uid,
            kind=kind,
            valid_from=start,
            valid_until=start + timedelta(days=3 * 365),
            quiet=True,
        )
        agree_to_partnership(
            by=world.viewer(other, "manager", world.founded),
            partnership=partnership.uid,
            quiet=True,
        )
        world.partnerships[frozenset({one, other})] = partnership
    world.forget_viewers()


def _opening(world: World) -> None:
    for house in HOUSES:
        institution = world.houses[house.key].pk
        by = world.viewer(house.key, "keeper", world.founded)
        if house.hours:
            set_weekly_hours(by=by, institution=institution, hours=hours_of(house.hours))
        if house.holidays:
            for year in sorted({world.today.year, (world.today + timedelta(days=180)).year}):
                try:
                    add_public_holidays(by=by, institution=institution, year=year)
                except Conflict:
                    break
    away = world.days_to(0, after=60)
    add_days_off(
        by=world.viewer("m3"),
        institution=world.houses["m3"].pk,
        from_on=world.today + timedelta(days=away),
        until_on=world.today + timedelta(days=away + 7),
        reason="Skontrum: liczymy książki",
    )
    exams = world.days_to(0, after=70)
    add_days_off(
        by=world.viewer("m8"),
        institution=world.houses["m8"].pk,
        from_on=world.today + timedelta(days=exams),
        until_on=world.today + timedelta(days=exams + 12),
        reason="Sesja egzaminacyjna",
    )


def _applicant(world: World) -> None:
    """One house waits at the door, so that moderators have something to decide."""
    person = world.people["applicant"]
    by = viewer_for(person=person, acting_for=None, now=world.now - timedelta(days=1))
    apply(
        by=replace(by, now=world.now - timedelta(days=1)),
        message="Prowadzimy salę prób na Ołbinie i chcemy dzielić się nią w dni powszednie.",
        name="Stowarzyszenie Drugi Plan",
        kind="association",
        city="Wrocław",
        street="ul. Kulisowa 11",
        about="Grupa teatralna z własną salą prób.",
        contact_email=APPLICANT[0],
    )
