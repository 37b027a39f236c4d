"""Who may change memberships, invitations and roles."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, NotFound


def may_manage(by: Viewer, institution: int) -> bool:
    """Managers of the institution; moderators, so that one that lost its people can be helped."""
    return by.moderator or by.may("manager", institution)


def must_manage(by: Viewer, institution: int) -> None:
    """For who has nothing to do with the institution its people are not there."""
    if may_manage(by, institution):
        return
    if institution not in by.institutions:
        raise NotFound
    raise Forbidden(_("Only people who manage the institution may do this."))


def must_administer(by: Viewer) -> None:
    if not (by.administrator or by.system):
        raise Forbidden(_("Only administrators of the cooperative may do this."))
