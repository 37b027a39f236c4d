"""Reading networks and partnerships: members, what stands above, who is partner of whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from cooperative.access.viewer import Days, Viewer

from .models import Network, NetworkKind, NetworkMembership, Partnership, PartnershipState

# Upwards from a network through links that hold at any time in the days given.
_ABOVE = """
WITH RECURSIVE above(network) AS (
    SELECT %(network)s::bigint
  UNION
    SELECT link.network_id
    FROM above
    JOIN cooperative_networkmembership AS link ON link.member_network_id = above.network
    WHERE (link.valid_until IS NULL OR link.valid_until > %(start)s)
        AND (%(end)s::date IS NULL OR link.valid_from < %(end)s)
)
SELECT network FROM above
"""


def root() -> Network:
    """The cooperative itself."""
    return Network.objects.get(kind=NetworkKind.COOPERATIVE)


def networks_above(network: int, days: Days) -> set[int]:
    """The network with this id and all that contain it at any time in `days` (which have a start)."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"network": network, "start": days.start, "end": days.end})
        return {row[0] for row in cursor.fetchall()}


def holding(day: date) -> Q:
    """Dated links and partnerships that hold on `day`."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def meeting(days: Days) -> Q:
    """Dated links and partnerships that hold on at least one of `days` (which have a start)."""
    found = Q(valid_until__isnull=True) | Q(valid_until__gt=days.start)
    return found if days.end is None else found & Q(valid_from__lt=days.end)


def networks() -> QuerySet[Network]:
    """All networks but the cooperative itself, by name, with their operators. Names are open to every reader."""
    return (
        Network.objects.exclude(kind=NetworkKind.COOPERATIVE)
        .select_related("operator")
        .order_by("name", "id")
    )


def networks_of(institution: UUID, *, day: date) -> QuerySet[Network]:
    """The networks that an institution belongs to itself on `day` (not what those belong to)."""
    links = NetworkMembership.objects.filter(holding(day), institution__uid=institution)
    return networks().filter(pk__in=links.values("network_id"))


def members_of(network: UUID, *, day: date) -> QuerySet[NetworkMembership]:
    """The links of a network on `day`, institutions and networks with their names."""
    return (
        NetworkMembership.objects.filter(holding(day), network__uid=network)
        .select_related("institution", "member_network")
        .order_by("institution__name", "member_network__name", "id")
    )


def partnerships_of(viewer: Viewer) -> QuerySet[Partnership]:
    """Every partnership of the viewer's institutions, open ones and those of the past, newest first."""
    mine = list(viewer.institutions)
    return (
        Partnership.objects.filter(Q(proposer__in=mine) | Q(partner__in=mine))
        .select_related("proposer", "partner")
        .order_by("-proposed_at", "-id")
    )


def partnerships_waiting(viewer: Viewer) -> QuerySet[Partnership]:
    """Proposals that wait for an answer of an institution that the viewer manages."""
    managed = [house for house, role in viewer.roles.items() if role == "manager"]
    return partnerships_of(viewer).filter(state=PartnershipState.PROPOSED, partner__in=managed)
