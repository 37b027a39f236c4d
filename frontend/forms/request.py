"""My request: its dates, how many of each thing, and what the owners need to know."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Line
from bookings.wishes import DESCRIPTION, LineWish
from cooperative.errors import Invalid
from cooperative.timeparsing import out_of_order

from .asking_filled import filled_in
from .fields import date_input, time_input
from .wall_times import TwiceChoice, WallTimes


class DatesForm(forms.Form):
    """One set of dates for everything, in one owner's zone."""

    date = forms.CharField(label=_("Day"), widget=date_input())
    start = forms.CharField(label=_("From"), widget=time_input())
    end_date = forms.CharField(label=_("Until"), widget=date_input())
    end = forms.CharField(label=_("To"), widget=time_input())
    start_offset = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    end_offset = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.zone = zone
        self.twice: list[TwiceChoice] = []
        self._span: tuple[datetime, datetime] | None = None

    @property
    def starts(self) -> datetime:
        assert self._span is not None
        return self._span[0]

    @property
    def ends(self) -> datetime:
        assert self._span is not None
        return self._span[1]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if {"date", "start", "end_date", "end"} <= found.keys():
            wall = WallTimes(self.data, self.zone)
            starts = wall.read("date", "start", "start_offset")
            ends = wall.read("end_date", "end", "end_offset")
            self.twice = wall.twice
            for one in wall.twice:
                # Asked back as a choice in place of the hidden field.
                self.fields[one.field] = forms.ChoiceField(
                    label=one.question,
                    choices=one.answers,
                    widget=forms.RadioSelect,
                    required=False,
                )
            for name, sentences in wall.errors.items():
                self.add_error(name, sentences)
            if starts is not None and ends is not None:
                if disorder := out_of_order(starts, ends):
                    self.add_error("end", str(disorder[0]))
                else:
                    self._span = (starts, ends)
        return found

    def take_refusal(self, error: Invalid) -> None:
        for name, sentences in error.errors.items():
            self.add_error("start" if "start" in name else "end", [str(s) for s in sentences])


class UnitsForm(forms.Form):
    units = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)


def dates_of(line: Line, zone: ZoneInfo) -> dict[str, str]:
    """The dates of a request as `DatesForm` shows them."""
    wish = LineWish(
        resource=line.resource.uid, starts_at=line.event_starts_at, ends_at=line.event_ends_at
    )
    values = filled_in(wish, zone=zone, fetched=False)
    return {**values, "end_date": values.get("end_date", values["date"])}


def description_of(booking: Booking) -> dict[str, Any]:
    """The description of a request as `DescriptionForm` shows it."""
    words = {True: "yes", False: "no", None: ""}
    found = {name: getattr(booking, name) for name in DESCRIPTION}
    for name in ("open_to_public", "free_entry"):
        found[name] = words[found[name]]
    return {**found, "all_or_nothing": booking.all_or_nothing}
