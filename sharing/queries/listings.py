"""Listings as read models: one resource with what hangs on it, a house's own listings, the moderators' desk."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.models import Resource, ResourcePhoto, ResourceText, Review
from sharing.querysets import ResourceQuerySet

OPEN_REVIEWS = ("submitted", "changes_asked")


def with_parts_shown(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Adds category, owner, texts and photos of resources that the viewer was already let see. Two statements more."""
    return resources.select_related("category", "owner").prefetch_related(
        Prefetch("texts", ResourceText.objects.visible_to(SYSTEM).order_by("id")),
        Prefetch("photos", ResourcePhoto.objects.visible_to(SYSTEM).order_by("position", "id")),
    )


def resource_for(viewer: Viewer, uid: UUID) -> Resource:
    """One resource with texts and photos. Raises `NotFound` (code `unknown_resource`) for what one may not see."""
    found = with_parts_shown(Resource.objects.visible_to(viewer)).filter(uid=uid).first()
    if found is None:
        raise NotFound(code="unknown_resource")
    return found


def of_house(viewer: Viewer, institution: int) -> ResourceQuerySet:
    """All listings of an institution of the viewer's, in any state, in Polish order."""
    own = Resource.objects.visible_to(viewer).filter(owner_id=institution)
    if not viewer.system and institution not in viewer.institutions:
        own = own.none()
    return with_parts_shown(own).order_by("sort_key", "id")


def open_review(resource: Resource) -> Review | None:
    """What of this listing is waiting for moderators or for its owner."""
    return resource.reviews.filter(state__in=OPEN_REVIEWS).order_by("-id").first()


def last_review(resource: Resource) -> Review | None:
    """The latest review with its reason, for the owner."""
    return resource.reviews.order_by("-id").first()


def review_desk(viewer: Viewer, *, states: Iterable[str] = ("submitted",)) -> QuerySet[Review]:
    """Reviews for moderators, oldest first, with resource, owner, category, texts and photos; nobody else's."""
    if not _moderates(viewer):
        return Review.objects.none()
    listed = with_parts_shown(Resource.objects.visible_to(SYSTEM))
    rows = Review.objects.filter(state__in=list(states))
    return (
        rows.select_related("submitted_by", "decided_by")
        .prefetch_related(Prefetch("resource", listed))
        .order_by("submitted_at", "id")
    )


def resource_on_desk(viewer: Viewer, uid: UUID) -> Resource:
    """A listing as a moderator sees it: anything outside draft, and drafts that wait for a decision.

    Raises `NotFound`.
    """
    found = None
    if _moderates(viewer):
        waiting = Review.objects.filter(state__in=OPEN_REVIEWS).values("resource_id")
        listed = with_parts_shown(Resource.objects.visible_to(SYSTEM)).filter(uid=uid)
        found = listed.exclude(state="draft").first() or listed.filter(pk__in=waiting).first()
    if found is None:
        raise NotFound(code="unknown_resource")
    return found


def photo_on_desk(viewer: Viewer, uid: UUID) -> ResourcePhoto:
    """A photo of what `resource_on_desk` shows a moderator. Raises `NotFound`."""
    rows = ResourcePhoto.objects.visible_to(SYSTEM).select_related("resource").filter(uid=uid)
    found: ResourcePhoto | None = rows.first() if _moderates(viewer) else None
    if found is None:
        raise NotFound
    resource_on_desk(viewer, found.resource.uid)
    return found


def _moderates(viewer: Viewer) -> bool:
    return viewer.moderator or viewer.administrator or viewer.system
