"""What a viewer may read of resources and of what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, Manager, OuterRef, Q

from cooperative.access.querysets import GatedQuerySet
from cooperative.access.viewer import Viewer

if TYPE_CHECKING:
    from .models import Resource, ResourcePhoto, ResourceText  # noqa: F401  # named in quotes below


def resource_seen_by(viewer: Viewer, *, prefix: str = "") -> Q:
    """Mine in any state; others' when published, their owner active, and some terms show it to an audience of mine.

    `prefix` is the path to the resource, for what hangs on it (`"resource__"`).
    """
    terms = apps.get_model("sharing", "SharingTerms")._base_manager.filter(
        resource=OuterRef(f"{prefix}pk"), may_see=True, audience__in=list(viewer.audiences_seen())
    )
    published: dict[str, Any] = {f"{prefix}state": "published", f"{prefix}owner__state": "active"}
    return Q(**{f"{prefix}owner__in": list(viewer.institutions)}) | (
        Q(**published) & Q(Exists(terms))
    )


class ResourceQuerySet(GatedQuerySet["Resource"]):
    """Resources; `visible_to(viewer)` first."""

    def _seen_by(self, viewer: Viewer) -> Q:
        return resource_seen_by(viewer)

    def on_moderation_desk(self, viewer: Viewer) -> ResourceQuerySet:
        """Every listing outside draft, for moderators; nothing for anybody else."""
        desk = self.exclude(state="draft") if viewer.moderator or viewer.system else self.none()
        desk._viewer_named = True
        return desk


class HangsOnResourceQuerySet(GatedQuerySet[Any]):
    """Texts and photos: seen by whom the resource is seen."""

    def _seen_by(self, viewer: Viewer) -> Q:
        return resource_seen_by(viewer, prefix="resource__")

    def on_moderation_desk(self, viewer: Viewer) -> HangsOnResourceQuerySet:
        """Of every listing outside draft, for moderators."""
        desk = (
            self.exclude(resource__state="draft")
            if viewer.moderator or viewer.system
            else self.none()
        )
        desk._viewer_named = True
        return desk


ResourceManager = Manager.from_queryset(ResourceQuerySet)
ResourceTextManager = Manager.from_queryset(HangsOnResourceQuerySet)
ResourcePhotoManager = Manager.from_queryset(HangsOnResourceQuerySet)
