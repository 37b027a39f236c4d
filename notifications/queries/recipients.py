"""Who stands behind the parties of events: people by institution and role, moderators, invited addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from cooperative.events.models import Event, EventParty
from cooperative.membership.models import CooperativeRole, Invitation, Membership
from notifications.messages import MESSAGES
from notifications.models import Channel
from notifications.tells import Group, Tell

KEEPING = ("keeper", "manager")


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

    members: dict[int, list[tuple[int, str, str]]] = field(default_factory=dict)
    """Institution -> (person, role, e-mail), active people with a current membership, oldest first."""
    moderators: list[int] = field(default_factory=list)
    invited: dict[UUID, str] = field(default_factory=dict)

    def of(self, institution: int | None, roles: Collection[str] = ()) -> list[int]:
        rows = self.members.get(institution or 0, [])
        return [person for person, role, _ in rows if not roles or role in roles]

    def emails(self, institution: int) -> set[str]:
        return {
            email.lower() for _, role, email in self.members.get(institution, []) if role in KEEPING
        }


Rules = Mapping[int, tuple[Tell, ...]]
"""Event -> the rules by which it is told."""


def people_behind(events: Sequence[Event], rules: Rules, *, now: datetime) -> People:
    """For `events` whose parties were prefetched. At most 3 statements."""
    groups = {tell.group for told in rules.values() for tell in told}
    people = People()
    institutions = {
        party.institution_id
        for event in events
        if rules[event.pk]
        for party in event.parties.all()
        if party.institution_id is not None
    }
    if institutions:
        found: defaultdict[int, list[tuple[int, str, str]]] = defaultdict(list)
        current = Q(ended_at__isnull=True) | Q(ended_at__gt=now)
        for institution, person, role, email in (
            Membership.objects.filter(
                current, institution__in=institutions, started_at__lte=now, person__is_active=True
            )
            .order_by("id")
            .values_list("institution_id", "person_id", "role", "person__email")
        ):
            found[institution].append((person, role, email))
        people.members = dict(found)
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
    return people


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
        told.extend(_of_institution(tell, party, parties, people))
    return told


def _of_institution(
    tell: Tell, party: EventParty, parties: Sequence[EventParty], people: People
) -> list[Recipient]:
    house = party.institution_id
    assert house is not None
    if tell.group is Group.MANAGERS:
        return [
            Recipient(tell.message, "manager", person, institution=house)
            for person in people.of(house, ("manager",))
        ]
    if tell.group is Group.ASKER:
        asked = {p.person_id for p in parties if p.role == "asker" and p.person_id is not None}
        staff = people.of(house)
        there = [person for person in staff if person in asked]
        return [
            Recipient(tell.message, "borrower", person, institution=house)
            for person in there or staff
        ]
    told = [
        Recipient(tell.message, "lender", person, institution=house)
        for person in people.of(house, KEEPING)
    ]
    office = party.institution.office_email.lower() if party.institution else ""
    if tell.group is Group.OFFICE and office and office not in people.emails(house):
        told.append(Recipient(tell.message, "office", address=office, institution=house))
    return told
