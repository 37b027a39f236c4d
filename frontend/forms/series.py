"""This and following: from which date on, and what becomes different."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Series
from bookings.services.series.changing import SeriesChange
from cooperative.errors import Invalid
from cooperative.timeparsing import TimeError, parse_day

from .fields import choose_from, clock_of, into_form, minute_typed, time_input
from .repeating import WEEKDAYS

_PLACES = {
    "starts_at": "start",
    "starts_minute": "start",
    "length_minutes": "end",
    "event_starts_minute": "start",
    "days": "weekday",
    "since": "since",
    "units": "units",
}


class SinceForm(forms.Form):
    """From which date on."""

    since = forms.ChoiceField(label=_("From which date on"))

    def __init__(self, *args: Any, dates: Sequence[tuple[date, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        choose_from(self, "since", [(day.isoformat(), words) for day, words in dates])

    @property
    def first(self) -> date:
        return parse_day(self.cleaned_data["since"])


class ChangeSeriesForm(SinceForm):
    """What is filled in already is as it is now."""

    weekday = forms.TypedChoiceField(label=_("On"), choices=WEEKDAYS, coerce=int, required=False)
    start = forms.CharField(label=_("From"), widget=time_input())
    end = forms.CharField(label=_("To"), widget=time_input())
    units = forms.IntegerField(label=_("How many"), min_value=1)
    note = forms.CharField(
        label=_("A word to go with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, series: Series, counted: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.series = series
        if "FREQ=WEEKLY" not in series.rule or series.rule.count(",") or "BYDAY" not in series.rule:
            del self.fields["weekday"]  # several days move together only by programs
        if not counted:
            del self.fields["units"]

    @property
    def change(self) -> SeriesChange:
        """Only of a valid form."""
        found = self.cleaned_data
        start, end = minute_typed(found["start"]), minute_typed(found["end"])
        length = end - start if end > start else end + 1440 - start
        if self.series.length_minutes > 1440:  # over several days the days stay
            length += self.series.length_minutes // 1440 * 1440
        days = 0
        if "weekday" in self.fields and found.get("weekday") not in {None, ""}:
            days = found["weekday"] - self.first.weekday()
        return SeriesChange(days, start, length, found.get("units"))

    def clean_start(self) -> str:
        return _checked(self.cleaned_data["start"])

    def clean_end(self) -> str:
        return _checked(self.cleaned_data["end"])

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error, _PLACES)


class EndSeriesForm(SinceForm):
    """Calling off: the owner says why, who asked may."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=5_000,
        help_text=_("The other side reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, needs_reason: bool, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["reason"].required = needs_reason


def as_it_is(series: Series, since: date | None) -> dict[str, Any]:
    """The fields of `ChangeSeriesForm` that change nothing."""
    first = since or series.first_on
    end = series.starts_minute + series.length_minutes
    return {
        "since": first.isoformat(),
        "weekday": first.weekday(),
        "start": clock_of(series.starts_minute),
        "end": "24:00" if end == 1440 else clock_of(end % 1440),
        "units": series.units,
    }


def _checked(text: str) -> str:
    try:
        minute_typed(text)
    except TimeError as error:
        raise forms.ValidationError(str(error.message)) from None
    return text
