"""Entering time on the week: own programme, a closure, a repair, or what somebody asked by phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import BlockKind

from .wall_span import WallSpanForm
from .whom import WhomFields

PHONE = "phone"
KINDS = [
    (BlockKind.OWN_PROGRAMME.value, _("our own programme")),
    (PHONE, _("somebody asked by phone")),
    (BlockKind.CLOSURE.value, _("closed")),
    (BlockKind.REPAIR.value, _("in repair")),
]


class EntryForm(WhomFields, WallSpanForm):
    """What takes time of a thing, and of how many of it."""

    kind = forms.ChoiceField(
        label=_("What is it"), choices=KINDS, widget=forms.RadioSelect, initial="own_programme"
    )
    units = forms.IntegerField(label=_("How many"), min_value=1, required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)

    def __init__(self, *args: Any, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["kind"])
        if size <= 1:
            del self.fields["units"]
        else:
            self.fields["units"].help_text = _("Of %(size)s; empty means all.") % {"size": size}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # Empty means all for the owner's own use only: whoever rings up rarely wants all of them.
        counted = "units" in self.fields and "units" not in self.errors
        if data.get("kind") == PHONE and counted and not data.get("units"):
            self.add_error("units", _("Say how many."))
        return data
