"""Where hours and days off belong: to a house, or to one resource of it. Found, judged and locked in one way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.events.services import NewEvent, Party, record
from cooperative.institutions.models import Institution
from sharing.models import Resource
from sharing.permissions import require_keeper

from .listing import opened, tell


def place_of(
    *, by: Viewer, institution: int, resource: UUID | None
) -> tuple[Institution, Resource | None]:
    """The house, and the resource where one is named, locked until the transaction ends.

    Raises `NotFound`, `Forbidden`.
    """
    if resource is not None:
        listing = opened(by=by, resource=resource)
        if listing.owner_id != institution:
            raise NotFound
        return listing.owner, listing
    require_keeper(by, institution)
    house = Institution.objects.select_for_update(no_key=True).filter(pk=institution).first()
    if house is None:
        raise NotFound
    return house, None


def tell_place(
    *,
    by: Viewer,
    house: Institution,
    listing: Resource | None,
    verb: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Write `resource.<verb>` of the listing, or `institution.<verb>` of the house where there is none."""
    if listing is not None:
        tell(by=by, listing=listing, verb=verb, data=data)
        return
    event = NewEvent(
        verb=f"institution.{verb}",
        subject_kind="institution",
        subject_uid=house.uid,
        parties=(Party("owner", institution=house.pk),),
        data=data or {},
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now)
