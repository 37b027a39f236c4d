"""Who is named for a thing, or for the group of things that it is looked after with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from cooperative.access.viewer import Viewer
from cooperative.membership.hearing import KEEPING, Colleague, hearers
from cooperative.membership.models import Membership
from cooperative.membership.queries import colleagues_in, members_of
from sharing.models import Resource, ResourceGroup, ResourceKeeper


@dataclass(frozen=True, slots=True)
class Keepers:
    """Of one thing: who may be named, who is for it and for its group, and who hears of it today."""

    members: tuple[Membership, ...]
    named: tuple[int, ...]
    of_group: tuple[int, ...]
    hear: tuple[int, ...]
    groups: tuple[ResourceGroup, ...]
    """Of its house, by name."""


def named_for(resources: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Resource -> who is named for it (database ids): for itself, else for its group; nobody named = absent.

    One statement.
    """
    if not resources:
        return {}
    own: defaultdict[int, list[int]] = defaultdict(list)
    by_group: defaultdict[int, list[int]] = defaultdict(list)
    wanted = list(resources)
    rows = ResourceKeeper.objects.filter(
        Q(resource__in=wanted) | Q(group__resources__in=wanted)
    ).order_by("id")
    found: Iterable[tuple[int, int | None, int]] = rows.values_list(
        "person_id", "resource_id", "group__resources"
    )
    for person, resource, grouped in found:
        if resource is not None:
            own[resource].append(person)
        else:
            by_group[grouped].append(person)
    return {
        resource: tuple(own.get(resource) or by_group[resource])
        for resource in resources
        if resource in own or resource in by_group
    }


def keepers_of(viewer: Viewer, listing: Resource) -> Keepers:
    """For the page of a thing that the viewer keeps. Five statements."""
    members = [one for one in members_of(viewer, listing.owner.uid) if one.role in KEEPING]
    keeping = [one for one in members if one.person.is_active]
    named = ResourceKeeper.objects.filter(resource=listing).order_by("id")
    own = tuple(named.values_list("person_id", flat=True))
    grouped: tuple[int, ...] = ()
    if listing.group_id is not None:
        rows = ResourceKeeper.objects.filter(group=listing.group_id).order_by("id")
        grouped = tuple(rows.values_list("person_id", flat=True))
    people: Sequence[Colleague] = colleagues_in([listing.owner_id], now=viewer.now).get(
        listing.owner_id, []
    )
    return Keepers(
        members=tuple(keeping),
        named=own,
        of_group=grouped,
        hear=tuple(hearers(people, own or grouped)),
        groups=tuple(ResourceGroup.objects.filter(owner=listing.owner_id).order_by("name")),
    )
