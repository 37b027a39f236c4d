"""Weekly hours as one line of text for each day, days off, public holidays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from sharing.queries.hours import WeekRow
from sharing.wishes import HoursWish

_PART = re.compile(
    r"\s*(?P<opens>[0-9]{1,2}(?:[:.][0-9]{2})?)\s*[-–—]\s*(?P<closes>[0-9]{1,2}(?:[:.][0-9]{2})?)\s*",
    re.ASCII,
)


class HoursForm(forms.Form):
    """Seven fields, `day_0` (Monday) to `day_6`: "9:00–13:00, 15–18"; nothing = closed."""

    def __init__(self, *args: Any, week: Sequence[WeekRow] = (), **kwargs: Any) -> None:
        initial = {
            f"day_{row.weekday}": ", ".join(f"{opens}–{closes}" for opens, closes in row.times)
            for row in week
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for weekday in range(7):
            self.fields[f"day_{weekday}"] = forms.CharField(
                label=WEEKDAYS[weekday],
                required=False,
                max_length=100,
                widget=forms.TextInput(attrs={"placeholder": _("closed"), "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        self.order: list[str] = []
        self.wishes: list[HoursWish] = []
        for weekday in range(7):
            name = f"day_{weekday}"
            for part in filter(str.strip, re.split(r"[,;]", data.get(name) or "")):
                found = _PART.fullmatch(part)
                if found is None:
                    self.add_error(name, _("Write hours as 9:00–17:00, with a comma between two."))
                    break
                self.order.append(name)
                self.wishes.append(
                    HoursWish(weekday, _clock(found["opens"]), _clock(found["closes"]))
                )
        return data

    def named(self) -> Mapping[str, str]:
        """How the service calls each row."""
        return {
            f"hours.{index}.{part}": name
            for index, name in enumerate(self.order)
            for part in ("opens", "closes", "weekday")
        }


def _clock(text: str) -> str:
    hours, _point, minutes = text.replace(".", ":").partition(":")
    return f"{int(hours):02}:{minutes or '00'}"


class DayOffForm(forms.Form):
    """Days off, the last one included."""

    from_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Whoever wants to ask reads this."),
    )
