"""Wall-clock times from a day and hours, on one clock: entering own use, and dates with places."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperative.timeparsing import TimeError, parse_wall

from .fields import choose_from, date_input, time_input


class WallSpanForm(forms.Form):
    """Times are the wall clock of `zone`; `starts_at` and `ends_at` come out aware, in UTC."""

    date = forms.CharField(label=_("Day"), max_length=20, widget=date_input())
    start = forms.CharField(label=_("From"), max_length=10, widget=time_input())
    end = forms.CharField(label=_("To"), max_length=10, widget=time_input())
    end_date = forms.CharField(
        label=_("Last day, if another"),
        max_length=20,
        required=False,
        widget=date_input(),
    )
    start_offset = forms.ChoiceField(label=_("Which hour at the start"), required=False)
    end_offset = forms.ChoiceField(label=_("Which hour at the end"), required=False)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone)
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        for name in ("start_offset", "end_offset"):
            chosen = self.data.get(self.add_prefix(name), "") if self.is_bound else ""
            # The choices come from the clock itself; what was chosen is judged there.
            field = choose_from(self, name, [(chosen, chosen)] if chosen else [])
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day = data.get("date")
        if day and data.get("start"):
            self.starts_at = self._instant(day, data["start"], "start", "date")
        if day and data.get("end"):
            last = data.get("end_date") or day
            named = "end_date" if data.get("end_date") else "date"
            self.ends_at = self._instant(last, data["end"], "end", named)
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
        choices = [
            (first, _("the first one, still in summer time")),
            (second, _("the second one, in winter time")),
        ]
        choose_from(self, name, choices).widget = forms.Select(choices=choices)
