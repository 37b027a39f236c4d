"""Hours as one line of text for each day, seasons, other hours on one day, days off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from sharing.models import PartOfDay
from sharing.queries.hours import WeekRow
from sharing.wishes import HoursWish, TimesWish

from .fields import clock_of

_PART = re.compile(
    r"\s*(?P<opens>[0-9]{1,2}(?:[:.][0-9]{2})?)\s*[-–—]\s*(?P<closes>[0-9]{1,2}(?:[:.][0-9]{2})?)\s*",
    re.ASCII,
)
_WRITE = _("Write hours as 9:00–17:00, with a comma between two.")


def _stretches(text: str) -> list[tuple[str, str]]:
    """`9:00–13:00, 15–18` as pairs of `HH:MM`. Raises `ValidationError`."""
    found = []
    for part in filter(str.strip, re.split(r"[,;]", text)):
        read = _PART.fullmatch(part)
        if read is None:
            raise forms.ValidationError(_WRITE)
        found.append((_clock(read["opens"]), _clock(read["closes"])))
    return found


def _clock(text: str) -> str:
    hours, _point, minutes = text.replace(".", ":").partition(":")
    return f"{int(hours):02}:{minutes or '00'}"


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **kwargs,
    )


class HoursForm(forms.Form):
    """Seven fields, `day_0` (Monday) to `day_6`: "9:00–13:00, 15–18"; nothing = closed."""

    def __init__(self, *args: Any, week: Sequence[WeekRow] = (), **kwargs: Any) -> None:
        initial = {
            f"day_{row.weekday}": ", ".join(f"{opens}–{closes}" for opens, closes in row.times)
            for row in week
        }
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=WEEKDAYS[weekday],
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off"}),
            )

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{weekday}"] for weekday in range(7)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.order: list[str] = []
        self.wishes: list[HoursWish] = []
        for weekday in range(7):
            name = f"day_{weekday}"
            try:
                for opens, closes in _stretches(data.get(name) or ""):
                    self.order.append(name)
                    self.wishes.append(HoursWish(weekday, opens, closes))
            except forms.ValidationError as problem:
                self.add_error(name, problem)
        return data

    def named(self) -> Mapping[str, str]:
        """How the service calls each row."""
        return {
            f"hours.{index}.{part}": name
            for index, name in enumerate(self.order)
            for part in ("opens", "closes", "weekday")
        }


class SeasonForm(HoursForm):
    """A week that holds on some days alone, the last one included; without a last one from then on."""

    from_on = _day(_("First day"))
    last_on = _day(
        _("Last day"), required=False, help_text=_("Left empty: from the first day on, for good.")
    )
    instead_of = forms.DateField(required=False, widget=forms.HiddenInput)

    @property
    def until_on(self) -> date | None:
        last: date | None = self.cleaned_data["last_on"]
        return last + timedelta(days=1) if last is not None else None

    def named(self) -> Mapping[str, str]:
        return {**super().named(), "until_on": "last_on", "hours": "day_0"}


class ChangedHoursForm(forms.Form):
    """Other hours than usual on one day."""

    on = _day(_("Day"))
    times = forms.CharField(
        label=_("Open"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"placeholder": "9:00–13:00, 15:00–18:00", "autocomplete": "off"}
        ),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Whoever wants to ask reads this."),
    )

    def clean_times(self) -> list[TimesWish]:
        return [TimesWish(*pair) for pair in _stretches(self.cleaned_data["times"])]

    def named(self) -> Mapping[str, str]:
        """How the service calls each stretch."""
        rows = self.cleaned_data.get("times", ())
        parts = (
            f"hours.{index}.{part}" for index in range(len(rows)) for part in ("opens", "closes")
        )
        return {**dict.fromkeys(parts, "times"), "hours": "times"}


class DayOffForm(forms.Form):
    """Days off, the last one included."""

    from_on = _day(_("First day"))
    last_on = _day(_("Last day"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Whoever wants to ask reads this."),
    )

    def named(self) -> Mapping[str, str]:
        return {"until_on": "last_on"}


class DayPartsForm(forms.Form):
    """One stretch for each part of the day; nothing = as is usual."""

    def __init__(self, *args: Any, parts: Mapping[str, tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, (first, last) in parts.items():
            said = f"{clock_of(first)}–{clock_of(last)}"
            self.fields[part] = forms.CharField(
                label=PartOfDay(part).label.capitalize(),
                required=False,
                max_length=20,
                initial=said,
                widget=forms.TextInput(attrs={"placeholder": said, "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.wishes: dict[str, TimesWish | None] = {}
        for part in self.fields:
            try:
                times = _stretches(data.get(part) or "")
                if len(times) > 1:
                    raise forms.ValidationError(_("One stretch of time, as 8:00–13:00."))
                self.wishes[part] = TimesWish(*times[0]) if times else None
            except forms.ValidationError as problem:
                self.add_error(part, problem)
        return data

    def named(self) -> Mapping[str, str]:
        return {}
