"""Reviews by listing: what waits for moderators or for the owner, and the last word of each."""

from __future__ import annotations

from collections.abc import Sequence

from sharing.models import Review
from sharing.queries.listings import OPEN_REVIEWS


def open_reviews(resources: Sequence[int]) -> dict[int, Review]:
    """The open review of each listing that has one, by the listing's id. One statement."""
    rows = Review.objects.filter(resource__in=list(resources), state__in=OPEN_REVIEWS)
    return {row.resource_id: row for row in rows}
