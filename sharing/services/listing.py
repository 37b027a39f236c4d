"""What every verb on a listing begins and ends with: opened for change under a lock, and told to the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, NotFound, Stale
from cooperative.events.services import NewEvent, Party, record
from sharing.models import Resource
from sharing.permissions import require_keeper


def opened(*, by: Viewer, resource: UUID, version: int | None = None) -> Resource:
    """The listing, locked until the transaction ends, for a keeper of its owner.

    Raises `NotFound` (`unknown_resource`), `Forbidden`, `Conflict` (withdrawn), `Stale` where `version` is given and
    somebody else changed it meanwhile.
    """
    seen = (
        Resource.objects.visible_to(by).filter(uid=resource).values_list("pk", "owner_id").first()
    )
    if seen is None:
        raise NotFound(code="unknown_resource")
    require_keeper(by, seen[1])
    listing = (
        Resource.objects.visible_to(SYSTEM)
        .select_for_update(of=("self",), no_key=True)
        .select_related("owner", "category")
        .get(pk=seen[0])
    )
    if listing.state == "withdrawn":
        raise Conflict(code="resource_withdrawn")
    if version is not None and version != listing.version:
        raise Stale
    return listing


def changed(listing: Resource, *fields: str) -> None:
    """Store `fields` of a listing opened for change and count its version up."""
    listing.version = listing.version + 1
    listing.save(update_fields=[*fields, "version"])


def touched(listing: Resource) -> None:
    """Count the version up where only rows around the listing changed."""
    Resource.objects.visible_to(SYSTEM).filter(pk=listing.pk).update(version=F("version") + 1)
    listing.version += 1


def tell(
    *,
    by: Viewer,
    listing: Resource,
    verb: str,
    data: dict[str, Any] | None = None,
    asker: int | None = None,
) -> None:
    """Write the event `resource.<verb>` (or another full verb); its owner is a party, and a person who asked."""
    parties = [Party("owner", institution=listing.owner_id)]
    if asker is not None:
        parties.append(Party("asker", person=asker))
    event = NewEvent(
        verb=verb if "." in verb else f"resource.{verb}",
        subject_kind="resource",
        subject_uid=listing.uid,
        parties=tuple(parties),
        data=data or {},
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now)
