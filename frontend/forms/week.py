"""Entering time on the week: own programme, a closure, a repair, or what somebody asked by phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import BlockKind
from cooperative.timeparsing import TimeError, parse_wall

PHONE = "phone"
KINDS = [
    (BlockKind.OWN_PROGRAMME.value, _("our own programme")),
    (PHONE, _("somebody asked by phone")),
    (BlockKind.CLOSURE.value, _("closed")),
    (BlockKind.REPAIR.value, _("in repair")),
]
DATE = {"type": "date"}
TIME = {"class": "time", "inputmode": "numeric", "autocomplete": "off", "placeholder": "18:00"}


class EntryForm(forms.Form):
    """Times are the wall clock of the thing's `zone`; `starts_at` and `ends_at` come out aware, in UTC."""

    kind = forms.ChoiceField(
        label=_("What is it"), choices=KINDS, widget=forms.RadioSelect, initial="own_programme"
    )
    date = forms.CharField(label=_("Day"), max_length=20, widget=forms.DateInput(attrs=DATE))
    start = forms.CharField(label=_("From"), max_length=10, widget=forms.TextInput(attrs=TIME))
    end = forms.CharField(label=_("To"), max_length=10, widget=forms.TextInput(attrs=TIME))
    end_date = forms.CharField(
        label=_("Last day, if another"),
        max_length=20,
        required=False,
        widget=forms.DateInput(attrs=DATE),
    )
    units = forms.IntegerField(label=_("How many"), min_value=1, required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    outside_name = forms.CharField(label=_("Who"), max_length=200, required=False)
    outside_phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    start_offset = forms.ChoiceField(label=_("Which hour at the start"), required=False)
    end_offset = forms.ChoiceField(label=_("Which hour at the end"), required=False)

    def __init__(self, *args: Any, zone: str, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        if size <= 1:
            del self.fields["units"]
        else:
            self.fields["units"].help_text = _("Of %(size)s; empty means all.") % {"size": size}
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        for name in ("start_offset", "end_offset"):
            chosen = self.data.get(self.add_prefix(name), "") if self.is_bound else ""
            # The choices come from the clock itself; what was chosen is judged there.
            self.fields[name].choices = [(chosen, chosen)] if chosen else []  # type: ignore[attr-defined]
            self.fields[name].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day = data.get("date")
        if day and data.get("start"):
            self.starts_at = self._instant(day, data["start"], "start", "date")
        if day and data.get("end"):
            last = data.get("end_date") or day
            named = "end_date" if data.get("end_date") else "date"
            self.ends_at = self._instant(last, data["end"], "end", named)
        if data.get("kind") == PHONE and not data.get("outside_name"):
            self.add_error("outside_name", _("Say who it is for."))
        # Empty means all for the owner's own use only: whoever rings up rarely wants all of them.
        counted = "units" in self.fields and "units" not in self.errors
        if data.get("kind") == PHONE and counted and not data.get("units"):
            self.add_error("units", _("Say how many."))
        return data

    def _instant(self, day: str, clock: str, field: str, day_field: str) -> datetime | None:
        offset = self.cleaned_data.get(f"{field}_offset") or None
        try:
            return parse_wall(day, clock, zone=self.zone, offset=offset)
        except TimeError as error:
            if error.code == "time_exists_twice":
                self._ask_which(f"{field}_offset", error)
            try:
                parse_wall(day, "12:00", zone=self.zone)
                at = field
            except TimeError:
                at = day_field
            if at not in self.errors:
                self.add_error(at, str(error.message))
            return None

    def _ask_which(self, name: str, error: TimeError) -> None:
        """The clock shows this hour twice that night: say which, the earlier first."""
        first, second = list(error.values["offsets"])
        field = self.fields[name]
        field.choices = [  # type: ignore[attr-defined]
            (first, _("the first one, still in summer time")),
            (second, _("the second one, in winter time")),
        ]
        field.widget = forms.Select(choices=field.choices)  # type: ignore[attr-defined]
