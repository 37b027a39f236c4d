"""A change of a published listing that moderators look at first; the published version stays live meanwhile."""

from __future__ import annotations

from typing import Any

from cooperative.access.viewer import Viewer
from sharing.models import Resource, Review

from .listing import tell


def is_looked_at(listing: Resource) -> bool:
    """Whether a new title, category or audience of this listing waits for moderators."""
    return listing.state == "published" and not listing.owner.trusted


def propose_change(*, by: Viewer, listing: Resource, change: dict[str, Any]) -> Review:
    """Put `change` before the moderators, with what waits there already. In the caller's transaction."""
    review = (
        Review.objects.select_for_update()
        .filter(resource=listing, state__in=("submitted", "changes_asked"))
        .first()
    )
    if review is None:
        review = Review(resource=listing, change={})
    review.change = {**(review.change or {}), **change}
    review.state = "submitted"
    review.submitted_at = by.now
    review.submitted_by_id = by.person
    review.decided_at = None
    review.decided_by = None
    review.save()
    tell(
        by=by,
        listing=listing,
        verb="submit",
        data={"review": str(review.uid), "fields": sorted(change)},
    )
    return review
