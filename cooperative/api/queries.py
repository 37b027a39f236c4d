"""The directory: which institutions and networks a viewer may look up."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.networks.models import Network


def institutions_for(
    viewer: Viewer, *, words: str = "", mine: bool = False
) -> QuerySet[Institution]:
    """One's own in any state; for members every active one; for guests their partners."""
    seen = Q(id__in=list(viewer.institutions))
    if not mine:
        seen |= _others(viewer)
    found = Institution.objects.filter(seen)
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(short_name__icontains=word) | Q(city__icontains=word)
        )
    return found


def networks_for(viewer: Viewer) -> QuerySet[Network]:
    """For members all; for others those that they belong to."""
    networks = Network.objects.select_related("operator")
    if _is_member(viewer):
        return networks
    return networks.filter(links__institution__in=list(viewer.institutions)).distinct()


def _is_member(viewer: Viewer) -> bool:
    return viewer.moderator or any(one.kind == "cooperative" for one in viewer.seeing.values())


def _others(viewer: Viewer) -> Q:
    if _is_member(viewer):
        return Q(state="active")
    partners = [one.owner for one in viewer.seeing.values() if one.kind == "partnership"]
    return Q(state="active", id__in=[owner for owner in partners if owner is not None])
