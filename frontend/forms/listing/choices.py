"""The words that a listing's questions are answered with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

HOUR, DAY = 60, 1440
UNITS_OF_TIME = [("days", _("days")), ("hours", _("hours"))]
LANGUAGES = [("pl", "polski"), ("en", "English"), ("de", "Deutsch"), ("uk", "українська")]
NEEDS = {
    "purpose": _("what it is for"),
    "event_kind": _("the kind of event"),
    "expected_people": _("how many people"),
    "open_to_public": _("whether it is open to the public"),
    "free_entry": _("whether entry is free"),
    "responsible_person": _("who is responsible on the day"),
    "responsible_phone": _("a phone number for the day"),
    "access_needs": _("access needs"),
}
FEES = [
    ("free", pgettext_lazy("fee", "free")),
    ("cost_recovery", _("what it costs us")),
    ("price", _("a price")),
    ("to_be_agreed", _("to be agreed")),
]
AUDIENCES = [
    ("own", _("only our own house")),
    ("cooperative", _("all members of the cooperative")),
    ("cooperative_public", _("members may ask, everybody may see")),
]
SAME = ("custom", _("as agreed one by one (unchanged)"))
KINDS = {
    "exclusive": _("one at a time"),
    "pooled": _("in pieces: several may have some at once"),
    "seated": _("places on dates of its own: a workshop, a visit"),
    "metered": _("hours a month: somebody's time"),
    "giveaway": _("it is given away and does not come back"),
    "open": _("to read or download, without dates"),
}
COUNTED = {
    "exclusive": _("There is one of it."),
    "pooled": _("How many pieces there are."),
    "seated": _("How many places a date has; a date may have others."),
    "metered": _("How many hours a month, for everybody together."),
    "giveaway": _("How many there are to give away."),
    "open": _("There is one of it."),
}
"""What the number of the first question means."""
