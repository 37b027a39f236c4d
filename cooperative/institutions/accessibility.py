"""Facts about access that an institution states. Missing = unknown, never yes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FACTS: dict[str, str | Promise] = {
    "wheelchair": _("accessible by wheelchair"),
    "step_free_entrance": _("entrance without steps"),
    "ramp": _("ramp"),
    "lift": _("lift"),
    "stair_lift": _("platform or lift on stairs"),
    "accessible_toilet": _("accessible toilet"),
    "accessible_parking": _("accessible parking place"),
    "induction_loop": _("induction loop"),
    "sign_language": _("staff who sign"),
    "guide_dogs": _("guide dogs welcome"),
    "quiet_room": _("quiet room"),
}
"""By code; the value stored is `yes` or `no`. Beside them stands a free `note`."""

ANSWERS = ("yes", "no")
NOTE = "note"

SERVED: dict[str, str | Promise] = {
    "children": _("children"),
    "youth": _("young people"),
    "adults": _("adults"),
    "seniors": _("seniors"),
}
"""Whom an institution works for, by code, in this order."""
