"""A draft leaves its house: at once for trusted owners, after a look by moderators for new ones."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict
from sharing.errors import HouseNotActive
from sharing.models import Resource, Review, SharingTerms

from .listing import changed, opened, tell

OPEN = ("submitted", "changes_asked")


@transaction.atomic
def publish(*, by: Viewer, resource: UUID, version: int | None = None) -> Resource:
    """Publish, or put before the moderators (`Review`, the first one with `change` null). Repeating it is harmless.

    Where changes were asked for, the same review goes back to the moderators. Raises as `opened`; `Conflict`
    (`only_own_house`) where nobody else is named in the terms, `HouseNotActive`.
    """
    listing = opened(by=by, resource=resource, version=version)
    waiting = Review.objects.select_for_update().filter(resource=listing, state__in=OPEN).first()
    if listing.state == "published" and (waiting is None or waiting.state == "submitted"):
        return listing
    if listing.state == "suspended":
        raise Conflict(_("Moderators have suspended this listing."), code="resource_suspended")
    if listing.owner.state != "active":
        raise HouseNotActive
    _others_named(listing)
    if waiting is not None:
        if waiting.state == "changes_asked":
            waiting.state = "submitted"
            waiting.submitted_at = by.now
            waiting.submitted_by_id = by.person
            waiting.decided_at = None
            waiting.decided_by = None
            waiting.save()
            tell(by=by, listing=listing, verb="submit", data={"review": str(waiting.uid)})
    elif listing.owner.trusted:
        go_public(by=by, listing=listing)
    else:
        review = Review.objects.create(
            resource=listing, submitted_at=by.now, submitted_by_id=by.person
        )
        tell(by=by, listing=listing, verb="submit", data={"review": str(review.uid)})
    return listing


@transaction.atomic
def unpublish(*, by: Viewer, resource: UUID, version: int | None = None) -> Resource:
    """Take a listing back into its own house; what waits for moderators is taken back too. Bookings stay."""
    listing = opened(by=by, resource=resource, version=version)
    Review.objects.filter(resource=listing, state__in=OPEN).delete()
    if listing.state == "published":
        listing.state = "draft"
        changed(listing, "state")
        tell(by=by, listing=listing, verb="unpublish")
    return listing


def go_public(*, by: Viewer, listing: Resource, asker: int | None = None) -> None:
    """From draft to published, with its event. In the caller's transaction."""
    listing.state = "published"
    listing.published_at = by.now
    listing.confirmed_at = by.now
    changed(listing, "state", "published_at", "confirmed_at")
    tell(by=by, listing=listing, verb="publish", asker=asker)


def _others_named(listing: Resource) -> None:
    others = SharingTerms.objects.filter(resource=listing, may_see=True)
    if not others.exclude(audience__kind="own").exists():
        raise Conflict(
            _("Only your own house may see this. Name first who else may see and ask."),
            code="only_own_house",
        )
