"""Who stands behind the parties of events: people by institution and role, moderators, invited addresses, and those
for whom a house wrote in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bookings.models import Booking, Line
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event, EventParty
from cooperative.membership.hearing import KEEPING, Colleague, hearers
from cooperative.membership.models import CooperativeRole, Invitation
from cooperative.membership.queries import colleagues_in
from notifications.messages import MESSAGES
from notifications.models import Channel
from notifications.queries.facts import booking_of
from notifications.roles import OUTSIDE
from notifications.tells import Group, Tell
from sharing.models import Resource, ResourceKeeper
from sharing.queries.keepers import named_for


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person (database id) or, with `person` None, one address; in a role of the event."""

    message: str
    role: str
    person: int | None = None
    address: str = ""
    institution: int | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        if self.person is None:
            return (Channel.EMAIL,)
        mailed = MESSAGES[self.message].mail
        return (Channel.IN_APP, Channel.EMAIL) if mailed else (Channel.IN_APP,)


@dataclass(slots=True)
class People:
    """What the rules need to know of people, read for a whole batch of events."""

    members: dict[int, list[Colleague]] = field(default_factory=dict)
    """By institution: active people with a current membership, oldest first."""
    things: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    """(event, owner) -> the resources that it is about, where anybody is named for a thing of that owner."""
    named: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Resource -> who is named for it."""
    moderators: list[int] = field(default_factory=list)
    invited: dict[UUID, str] = field(default_factory=dict)
    outside: dict[UUID, tuple[int | None, str]] = field(default_factory=dict)
    """Booking -> the house that wrote it in, and the address of whom it is for."""

    def of(self, institution: int | None, role: str = "") -> list[int]:
        rows = self.members.get(institution or 0, [])
        return [one.person for one in rows if not role or one.role == role]

    def keeping(self, event: int, institution: int) -> list[int]:
        """Who of an owner hears of `event`: of any of the things that it is about."""
        members = self.members.get(institution, [])
        things = self.things.get((event, institution)) or (0,)
        found = {person for one in things for person in hearers(members, self.named.get(one, ()))}
        return [one.person for one in members if one.person in found]

    def emails(self, institution: int) -> set[str]:
        rows = self.members.get(institution, [])
        return {one.email.lower() for one in rows if one.role in KEEPING}


Rules = Mapping[int, tuple[Tell, ...]]
"""Event -> the rules by which it is told."""


def people_behind(events: Sequence[Event], rules: Rules, *, now: datetime) -> People:
    """For `events` whose parties were prefetched. At most 8 statements."""
    groups = {tell.group for told in rules.values() for tell in told}
    people = People()
    institutions = {
        party.institution_id
        for event in events
        if rules[event.pk]
        for party in event.parties.all()
        if party.institution_id is not None
    }
    people.members = colleagues_in(institutions, now=now)
    if institutions & _with_named(institutions):
        people.things = _things([event for event in events if rules[event.pk]])
        people.named = named_for({one for things in people.things.values() for one in things})
    if Group.MODERATORS in groups:
        current = Q(ended_at__isnull=True) | Q(ended_at__gt=now)
        people.moderators = list(
            dict.fromkeys(
                CooperativeRole.objects.filter(current, granted_at__lte=now, person__is_active=True)
                .order_by("id")
                .values_list("person_id", flat=True)
            )
        )
    if Group.INVITED in groups:
        uids = [event.subject_uid for event in events if event.verb == "invitation.send"]
        people.invited = dict(Invitation.objects.filter(uid__in=uids).values_list("uid", "email"))
    if Group.OUTSIDE in groups:
        people.outside = _outside({uid for event in events if (uid := booking_of(event))})
    return people


def _outside(bookings: Iterable[UUID]) -> dict[UUID, tuple[int | None, str]]:
    """Of those that were written in for somebody with an address and no account. One statement."""
    rows = Booking.objects.visible_to(SYSTEM).filter(uid__in=bookings, borrower=None)
    found = rows.exclude(outside_email="").values_list("uid", "entered_for", "outside_email")
    return {uid: (house, email.lower()) for uid, house, email in found}


def _with_named(institutions: Iterable[int]) -> set[int]:
    """Those of `institutions` where anybody is named for a thing. One statement."""
    wanted = list(institutions)
    if not wanted:
        return set()
    rows = ResourceKeeper.objects.filter(
        Q(resource__owner__in=wanted) | Q(group__owner__in=wanted)
    ).values_list("resource__owner", "group__owner")
    return {house for pair in rows for house in pair if house is not None}


def _things(events: Sequence[Event]) -> dict[tuple[int, int], tuple[int, ...]]:
    """What each event is about, by its owner: the lines that it names, else all of its booking. Two statements."""
    bookings = {event.pk: uid for event in events if (uid := booking_of(event)) is not None}
    lines: defaultdict[UUID, list[tuple[str, int, int]]] = defaultdict(list)
    rows = Line.objects.visible_to(SYSTEM).filter(booking__uid__in=set(bookings.values()))
    for booking, line, lender, resource in rows.values_list(
        "booking__uid", "uid", "lender_id", "resource_id"
    ):
        lines[booking].append((str(line), lender, resource))
    asked = {
        UUID(event.data["resource"]): event.pk
        for event in events
        if event.pk not in bookings and isinstance(event.data.get("resource"), str)
    }
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for event in events:
        named = {str(line.get("line", "")) for line in event.data.get("lines", ())}
        for one, lender, resource in lines.get(bookings.get(event.pk, event.uid), ()):
            if not named or one in named:
                found[event.pk, lender].append(resource)
    if asked:
        things = Resource.objects.visible_to(SYSTEM).filter(uid__in=asked)
        for thing, owner, resource in things.values_list("uid", "owner_id", "pk"):
            found[asked[thing], owner].append(resource)
    return {key: tuple(dict.fromkeys(things)) for key, things in found.items()}


def recipients(event: Event, told: Sequence[Tell], people: People) -> list[Recipient]:
    """Everybody whom `event` is told, each person and each address once, never the one who did it."""
    found: dict[int | str, Recipient] = {}
    for tell in told:
        for one in _by_rule(event, tell, people):
            if one.person is None or one.person != event.actor_id:
                found.setdefault(one.person if one.person is not None else one.address, one)
    return list(found.values())


def _by_rule(event: Event, tell: Tell, people: People) -> list[Recipient]:
    if tell.group is Group.MODERATORS:
        return [Recipient(tell.message, "moderator", person) for person in people.moderators]
    if tell.group is Group.INVITED:
        address = people.invited.get(event.subject_uid, "").lower()
        return [Recipient(tell.message, "invited", address=address)] if address else []
    if tell.group is Group.OUTSIDE:
        house, address = people.outside.get(booking_of(event) or event.uid, (None, ""))
        return (
            [Recipient(tell.message, OUTSIDE, address=address, institution=house)]
            if address
            else []
        )
    parties = list(event.parties.all())
    if tell.group is Group.PERSON:
        # An asker or author is a person too, but has rules of their own.
        return [
            Recipient(tell.message, "person", party.person_id)
            for party in parties
            if party.person_id is not None
        ]
    told: list[Recipient] = []
    for party in parties:
        if party.institution_id is None or (tell.role and party.role != tell.role):
            continue
        if tell.other_side and party.institution_id == event.acting_for_id:
            continue
        told.extend(_of_institution(event, tell, party, parties, people))
    return told


def _of_institution(
    event: Event, tell: Tell, party: EventParty, parties: Sequence[EventParty], people: People
) -> list[Recipient]:
    house = party.institution_id
    assert house is not None
    if tell.group is Group.MANAGERS:
        return [
            Recipient(tell.message, "manager", person, institution=house)
            for person in people.of(house, "manager")
        ]
    if tell.group is Group.ASKER:
        asked = {p.person_id for p in parties if p.role == "asker" and p.person_id is not None}
        staff = people.of(house)
        there = [person for person in staff if person in asked]
        return [
            Recipient(tell.message, "borrower", person, institution=house)
            for person in there or staff
        ]
    hear = people.keeping(event.pk, house)
    meant = {p.person_id for p in parties if p.role == "keeper"}
    if tell.group is Group.NAMED:
        hear = [person for person in people.of(house) if person in meant]
    told = [Recipient(tell.message, "lender", person, institution=house) for person in hear]
    copied = tell.group is Group.OFFICE or (tell.group is Group.NAMED and not meant)
    office = party.institution.office_email.lower() if party.institution and copied else ""
    if office and office not in people.emails(house):
        told.append(Recipient(tell.message, "office", address=office, institution=house))
    return told
