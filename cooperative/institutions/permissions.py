"""Who may change an institution."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden

from .models import Institution


def must_moderate(by: Viewer) -> None:
    if not (by.moderator or by.system):
        raise Forbidden(_("Only moderators of the cooperative may do this."))


def may_edit(by: Viewer, institution: Institution) -> bool:
    """Its managers, and moderators."""
    return by.moderator or by.may("manager", institution.pk)


def must_edit(by: Viewer, institution: Institution) -> None:
    if not may_edit(by, institution):
        raise Forbidden(_("Only people who manage the institution may do this."))
