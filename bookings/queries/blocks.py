"""Own programme, closures and repair, as their owner's people read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from bookings.errors import UnknownResource
from bookings.models import Block, BlockKind
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models import Resource, ResourceText


def blocks_of(
    viewer: Viewer, resource: UUID, *, since: datetime, until: datetime
) -> QuerySet[Block]:
    """Blocks of a thing that touch the time from `since` until `until`, in order; none of another house's thing.

    Raises `UnknownResource` for what the viewer may not see.
    """
    found = Resource.objects.visible_to(viewer).filter(uid=resource).values_list("pk").first()
    if found is None:
        raise UnknownResource
    return Block.objects.filter(
        resource=found[0],
        resource__owner__in=list(viewer.institutions),
        ends_at__gt=since,
        starts_at__lt=until,
    ).order_by("starts_at", "pk")


def block_for(viewer: Viewer, uid: UUID) -> Block:
    """Raises `NotFound`, also for another house's."""
    found = (
        Block.objects.filter(uid=uid, resource__owner__in=list(viewer.institutions))
        .select_related("resource")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def in_repair(viewer: Viewer, house: int, *, resource: int | None = None) -> list[Block]:
    """What is out of order now in a house or one of its things, what is to be looked at again first. Two statements."""
    found = Block.objects.filter(
        resource__owner=house,
        kind=BlockKind.REPAIR,
        starts_at__lte=viewer.now,
        ends_at__gt=viewer.now,
    ).filter(resource__owner__in=list(viewer.institutions))
    if resource is not None:
        found = found.filter(resource=resource)
    return list(
        found.select_related("resource")
        .prefetch_related(
            Prefetch("resource__texts", queryset=ResourceText.objects.visible_to(viewer))
        )
        .order_by("review_on", "ends_at", "pk")
    )
