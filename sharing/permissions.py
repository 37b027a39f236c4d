"""Who may list, change and decide. Read by services; pages ask the same functions which buttons to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from .models import Resource


def may_list(by: Viewer, institution: int) -> bool:
    """Keepers list for their institution."""
    return by.may("keeper", institution)


def may_edit(by: Viewer, resource: Resource) -> bool:
    """Keepers of the owner change a listing, its texts, terms, hours and photos."""
    return by.may("keeper", resource.owner_id)


def may_moderate(by: Viewer) -> bool:
    """Moderators and administrators decide on listings."""
    return by.moderator or by.administrator or by.system


def require_keeper(by: Viewer, institution: int) -> None:
    """Raises `NotFound` for people of other institutions, `Forbidden` for colleagues who are not keepers."""
    if may_list(by, institution):
        return
    if institution in by.institutions:
        raise Forbidden(
            _("Only people who look after your institution's things may do this."),
            code="keeper_only",
        )
    raise NotFound


def require_moderator(by: Viewer) -> None:
    """Raises `Forbidden`."""
    if not may_moderate(by):
        raise Forbidden(_("Only moderators may do this."), code="moderator_only")
