"""A length in a period: for whom does not know the time yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from bookings.periods import EVERY_DAY, Wanted
from bookings.spans import local_day
from bookings.wishes import LineWish
from cooperative.errors import Invalid
from cooperative.timeparsing import TimeError, parse_day

from .describing import NeedsForm
from .fields import date_input, into_form, minute_typed, time_input

_PLACES = {"ends_at": "until", "starts_at": "since", "minutes": "hours", "until_minute": "before"}


class PeriodForm(NeedsForm):
    """Days and hours are those of the thing's own clock."""

    title = forms.CharField(
        label=_("What for"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Rehearsal, workshop, opening…")}),
    )
    hours = forms.DecimalField(
        label=_("How many hours"), min_value=0, max_value=200, decimal_places=2, initial=2
    )
    since = forms.CharField(label=_("From the day"), widget=date_input())
    until = forms.CharField(label=_("To the day"), widget=date_input())
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=list(WEEKDAYS_ABBR.items()),
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
    )
    after = forms.CharField(label=_("Not before"), widget=time_input(), required=False)
    before = forms.CharField(label=_("Not after"), widget=time_input(), required=False)
    purpose = forms.CharField(
        label=_("A word to the owner"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, needs: Sequence[str] = (), **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.zone = zone
        self.ask_for(needs)

    def _day(self, name: str) -> datetime | None:
        try:
            return local_day(parse_day(self.cleaned_data.get(name)), self.zone).start
        except TimeError as error:
            self.add_error(name, str(error.message))
            return None

    def _minute(self, name: str) -> int | None:
        text = self.cleaned_data.get(name)
        if not text:
            return None
        try:
            return minute_typed(str(text))
        except TimeError as error:
            self.add_error(name, str(error.message))
            return None

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("since", "until"):
            if found.get(name):
                found[f"{name}_at"] = self._day(name)
        found["from_minute"], found["until_minute"] = self._minute("after"), self._minute("before")
        return found

    def line_wish(self, resource: UUID) -> LineWish:
        """What is asked for; only of a valid form. The last day counts whole."""
        found = self.cleaned_data
        mask = sum(1 << day for day in found["weekdays"])
        last = found["until_at"].astimezone(self.zone).date() + timedelta(days=1)
        return LineWish(
            resource=resource,
            starts_at=found["since_at"],
            ends_at=local_day(last, self.zone).start,
            wanted=Wanted(
                minutes=int(found["hours"] * 60),
                weekdays=None if mask == EVERY_DAY else mask,
                from_minute=found["from_minute"],
                until_minute=found["until_minute"],
            ),
        )

    def take_refusal(self, error: Invalid) -> None:
        """Put the engine's sentences beside the fields they are about."""
        self.ask_for_what_misses(error)
        into_form(self, error, _PLACES)
