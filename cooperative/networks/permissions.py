"""Who may change networks and partnerships."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, NotFound

from .models import Network, Partnership


def may_make_networks(by: Viewer) -> bool:
    return by.moderator or by.system


def may_operate(by: Viewer, network: Network) -> bool:
    """Managers of its operator, and moderators."""
    return by.moderator or by.may("manager", network.operator_id)


def must_make_networks(by: Viewer) -> None:
    if not may_make_networks(by):
        raise Forbidden(_("Only moderators of the cooperative make networks."))


def must_operate(by: Viewer, network: Network) -> None:
    if not may_operate(by, network):
        raise Forbidden(_("Only the coordinators of this network may do this."))


def must_be_party(by: Viewer, partnership: Partnership) -> None:
    """A manager of either side; for others the partnership is not there."""
    sides = (partnership.proposer_id, partnership.partner_id)
    if not (by.system or by.institutions & set(sides)):
        raise NotFound
    if not any(by.may("manager", side) for side in sides):
        raise Forbidden(_("Only people who manage the institution may do this."))
