"""Makes rows for tests of WHO, by the tables alone: no service, no surprise, no event."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from cooperative.access.models import Audience
from cooperative.institutions.models import Institution
from cooperative.membership.models import CooperativeRole, Membership
from cooperative.networks.models import Network, NetworkMembership, Partnership
from cooperative.people.models import Person

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_person(name: str = "Ada Lis", **fields: object) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        **{"email": f"person{number}@house.example", "name": name, "joined_at": LONG_AGO, **fields}
    )


def make_institution(name: str = "", **fields: object) -> Institution:
    number = next(_numbers)
    institution = Institution.objects.create(
        **{
            "name": name or f"House {number}",
            "kind": "municipal",
            "state": "active",
            "city": "Wrocław",
            "created_at": LONG_AGO,
            **fields,
        }
    )
    Audience.objects.create(kind="own", institution=institution)
    return institution


def make_member(
    institution: Institution, person: Person | None = None, role: str = "staff", **fields: object
) -> Person:
    person = person or make_person()
    Membership.objects.create(
        **{
            "person": person,
            "institution": institution,
            "role": role,
            "started_at": LONG_AGO,
            **fields,
        }
    )
    return person


def make_moderator(role: str = "moderator") -> Person:
    person = make_person("Mo Derator")
    CooperativeRole.objects.create(person=person, role=role, granted_at=LONG_AGO)
    return person


def make_network(name: str = "", **fields: object) -> Network:
    network = Network.objects.create(
        **{"name": name or f"Network {next(_numbers)}", "kind": "city", **fields}
    )
    Audience.objects.create(kind="network", network=network)
    return network


def link(
    network: Network,
    member: Institution | Network,
    start: date = date(2026, 1, 1),
    end: date | None = None,
) -> NetworkMembership:
    named = (
        {"institution": member} if isinstance(member, Institution) else {"member_network": member}
    )
    return NetworkMembership.objects.create(
        network=network, valid_from=start, valid_until=end, **named
    )


def make_partnership(
    one: Institution,
    other: Institution,
    start: date = date(2026, 1, 1),
    end: date | None = None,
    state: str = "agreed",
) -> Partnership:
    partnership = Partnership.objects.create(
        kind="agreement",
        proposer=one,
        partner=other,
        state=state,
        valid_from=start,
        valid_until=end,
        proposed_at=LONG_AGO,
    )
    Audience.objects.create(kind="partnership", partnership=partnership)
    return partnership
