"""Reading who somebody is: their houses in one statement, all audiences that hold for them in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cooperative.statements import prepared

from .standing import House, Standing
from .viewer import ALWAYS, Days, Entitlement, Viewer

if TYPE_CHECKING:
    from cooperative.people.models import Person

RANKS = {"own": 0, "partnership": 1, "network": 2, "cooperative": 3, "public": 4}

_STANDING = """
SELECT membership.role, institution.id, institution.uid, institution.name, institution.short_name,
    institution.kind, institution.state, institution.time_zone, membership.started_at, membership.id,
    institution.country, institution.region
FROM cooperative_membership AS membership
JOIN cooperative_institution AS institution ON institution.id = membership.institution_id
WHERE membership.person_id = %(person)s::bigint AND membership.started_at <= %(now)s::timestamptz
    AND (membership.ended_at IS NULL OR membership.ended_at > %(now)s::timestamptz)
UNION ALL
SELECT role, NULL, NULL, NULL, NULL, NULL, NULL, NULL, granted_at, id, NULL, NULL
FROM cooperative_cooperativerole
WHERE person_id = %(person)s::bigint AND granted_at <= %(now)s::timestamptz
    AND (ended_at IS NULL OR ended_at > %(now)s::timestamptz)
ORDER BY 9, 10
"""

# `path` climbs from each institution through the networks that nest, narrowing the days at every link; UNION keeps
# each (institution, network, days) once, so that even a cycle ends. `edge` is the shape above what was reached,
# whatever the days, for the depth that orders networks from narrow to wide. GREATEST and LEAST pass over NULL,
# which is an open end.
_AUDIENCES = """
WITH RECURSIVE path(institution, network, starts, ends) AS (
    SELECT link.institution_id, link.network_id, link.valid_from, link.valid_until
    FROM cooperative_networkmembership AS link
    WHERE link.institution_id = ANY(%(netted)s::bigint[])
  UNION
    SELECT path.institution, link.network_id,
        GREATEST(path.starts, link.valid_from), LEAST(path.ends, link.valid_until)
    FROM path
    JOIN cooperative_networkmembership AS link ON link.member_network_id = path.network
    WHERE COALESCE(
        GREATEST(path.starts, link.valid_from) < LEAST(path.ends, link.valid_until), TRUE)
), edge(child, parent) AS (
    SELECT link.member_network_id, link.network_id
    FROM cooperative_networkmembership AS link
    WHERE link.member_network_id IN (SELECT network FROM path)
        AND (link.valid_until IS NULL OR link.valid_until > %(today)s::date)
  UNION
    SELECT link.member_network_id, link.network_id
    FROM edge
    JOIN cooperative_networkmembership AS link ON link.member_network_id = edge.parent
    WHERE link.valid_until IS NULL OR link.valid_until > %(today)s::date
), root(id) AS (
    SELECT id FROM cooperative_network WHERE kind = 'cooperative'
)
SELECT kind, id, institution_id, NULL::date, NULL::date, institution_id
FROM cooperative_audience WHERE kind = 'own' AND institution_id = ANY(%(mine)s::bigint[])
UNION ALL
SELECT audience.kind, audience.id, party.mine, party.valid_from, party.valid_until, party.other
FROM (
    SELECT id, proposer_id AS mine, partner_id AS other, valid_from, valid_until
    FROM cooperative_partnership WHERE state = 'agreed' AND proposer_id = ANY(%(active)s::bigint[])
    UNION ALL
    SELECT id, partner_id, proposer_id, valid_from, valid_until
    FROM cooperative_partnership WHERE state = 'agreed' AND partner_id = ANY(%(active)s::bigint[])
) AS party
JOIN cooperative_audience AS audience ON audience.partnership_id = party.id
UNION ALL
SELECT audience.kind, audience.id, path.institution, path.starts, path.ends, path.network
FROM path JOIN cooperative_audience AS audience ON audience.network_id = path.network
UNION ALL
SELECT kind, id, NULL, NULL, NULL, NULL
FROM cooperative_audience WHERE kind IN ('cooperative', 'public')
UNION ALL
SELECT 'edge', edge.child, NULL, NULL, NULL, edge.parent
FROM edge WHERE edge.parent NOT IN (SELECT id FROM root)
"""


@dataclass(frozen=True, slots=True)
class _Found:
    """One reason why an audience holds: for which institution (None = all), on which days."""

    kind: str
    audience: int
    institution: int | None
    days: Days
    names: int | None


def standing_of(*, person: Person | None, now: datetime) -> Standing:
    """The current houses and cooperative roles of `person`; nothing for nobody and for who was shut out.

    One statement.
    """
    if person is None or not person.is_active:
        return Standing()
    with prepared(_STANDING, {"person": person.pk, "now": now}) as cursor:
        rows = cursor.fetchall()
    houses = tuple(
        House(
            id=row[1],
            uid=row[2],
            name=row[3],
            short_name=row[4],
            kind=row[5],
            state=row[6],
            time_zone=row[7],
            role=row[0],
            country=row[10],
            region=row[11],
        )
        for row in rows
        if row[1] is not None
    )
    cooperative = {row[0] for row in rows if row[1] is None}
    return Standing(
        houses=houses,
        moderator=bool(cooperative & {"moderator", "administrator"}),
        administrator="administrator" in cooperative,
    )


def viewer_for(*, person: Person | None, acting_for: int | None, now: datetime) -> Viewer:
    """Who `person` (None = anonymous) is at `now`, acting for the institution with the id `acting_for`.

    An institution that is not theirs is passed over: `acting_for` is then None. Two statements.
    """
    return viewer_of(
        person=person,
        standing=standing_of(person=person, now=now),
        acting_for=acting_for,
        now=now,
    )


def viewer_of(
    *, person: Person | None, standing: Standing, acting_for: int | None, now: datetime
) -> Viewer:
    """As `viewer_for`, where the standing was read already. One statement."""
    acting = standing.house(acting_for)
    found, above = _audiences(standing.houses, now=now)
    everybody = [one for one in found if one.kind == "public"]
    named = [one for one in found if one.kind != "public"]
    mine = {house.id for house in standing.houses}
    asked = [one for one in named if acting is not None and one.institution == acting.id]
    return Viewer(
        now=now,
        person=person.pk if person is not None and person.is_active else None,
        acting_for=acting.id if acting is not None else None,
        acting_state=acting.state if acting is not None else "",
        roles={house.id: house.role for house in standing.houses},
        seeing=_entitlements([*(o for o in named if o.institution in mine), *everybody], above),
        asking=_entitlements(asked, above),
        moderator=standing.moderator,
        administrator=standing.administrator,
    )


def _audiences(
    houses: Sequence[House], *, now: datetime
) -> tuple[list[_Found], Mapping[int, set[int]]]:
    """What holds now or later for `houses`, and the parents of each network (the root left out)."""
    active = [house.id for house in houses if house.active]
    netted = [house.id for house in houses if house.active and house.kind != "guest"]
    today = {house.id: now.astimezone(ZoneInfo(house.time_zone)).date() for house in houses}
    parameters: dict[str, Any] = {
        "mine": [house.id for house in houses],
        "active": active,
        "netted": netted,
        "today": min(today.values(), default=now.date()),
    }
    with prepared(_AUDIENCES, parameters) as cursor:
        rows = cursor.fetchall()
    found: list[_Found] = []
    above: defaultdict[int, set[int]] = defaultdict(set)
    for kind, number, institution, starts, ends, names in rows:
        if kind == "edge":
            above[number].add(names)
        elif kind == "cooperative":
            found.extend(_Found(kind, number, member, ALWAYS, None) for member in netted)
        elif kind == "public":
            found.append(_Found(kind, number, None, ALWAYS, None))
        elif not _past(ends, today[institution]):
            found.append(_Found(kind, number, institution, Days(starts, ends), names))
    return found, above


def _past(ends: date | None, today: date) -> bool:
    return ends is not None and ends <= today


def _entitlements(found: Iterable[_Found], above: Mapping[int, set[int]]) -> dict[int, Entitlement]:
    """One entitlement for each audience, with the days of every path that leads to it."""
    gathered: dict[int, Entitlement] = {}
    for one in found:
        before = gathered.get(one.audience)
        if before is not None:
            if one.days not in before.days:
                gathered[one.audience] = replace(before, days=(*before.days, one.days))
            continue
        network = one.names if one.kind == "network" else None
        gathered[one.audience] = Entitlement(
            audience=one.audience,
            kind=one.kind,
            days=(one.days if one.kind != "own" else ALWAYS,),
            rank=RANKS[one.kind],
            depth=_depth(network, above) if network is not None else 0,
            owner=one.names if one.kind in {"own", "partnership"} else None,
        )
    return gathered


def _depth(network: int, above: Mapping[int, set[int]], seen: frozenset[int] = frozenset()) -> int:
    """The longest way down from the root: 1 for a network that nothing but the root contains."""
    ways = [
        _depth(parent, above, seen | {network})
        for parent in above.get(network, ())
        if parent not in seen and parent != network
    ]
    return 1 + max(ways, default=0)
