"""Another time, number or thing for a line, typed on its owner's clock; prefilled with how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.answers import FeeWish
from bookings.models import Line
from bookings.services.drafts import wish_of_line
from bookings.spans import Span
from bookings.states import IS_OUT
from bookings.wishes import LineWish
from cooperative.errors import Invalid

from .asking_filled import filled_in
from .fields import choose_from, date_input, into_form, time_input
from .wall_times import WallTimes

_PLACES = {
    "starts_at": "start",
    "ends_at": "end",
    "event_starts_at": "start",
    "event_ends_at": "end",
    "proposal": "date",
}
_FETCHED = {
    "date": _("Fetch on"),
    "start": _("at"),
    "end_date": _("Bring back on"),
    "end": _("at"),
}
"""What is handed over is out from the one to the other."""


class ProposalForm(forms.Form):
    """`things` are what its owner may propose instead, (public id, title), the line's own first; none for the asker."""

    resource = forms.ChoiceField(label=_("Thing"), required=False)
    date = forms.CharField(label=_("Day"), widget=date_input())
    start = forms.CharField(label=_("From"), widget=time_input())
    end = forms.CharField(label=_("To"), widget=time_input())
    end_date = forms.CharField(label=_("Until another day"), widget=date_input(), required=False)
    units = forms.IntegerField(label=_("How many"), min_value=1)
    note = forms.CharField(
        label=_("A word to go with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fee_amount = forms.CharField(
        label=_("Fee"),
        required=False,
        max_length=20,
        help_text=_("Left empty: as your terms say. 0 = free."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    start_offset = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    end_offset = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        line: Line,
        things: Sequence[tuple[str, str]] = (),
        noted: bool = True,
        ours: bool = False,
    ) -> None:
        self.line, self.zone = line, ZoneInfo(line.zone)
        self.before = wish_of_line(line)
        first = filled_in(self.before, zone=self.zone, fetched=False)
        # Set-up and clearing away stay as they are, around whatever is proposed.
        super().__init__(data, initial={**first, "resource": str(self.before.resource)})
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        if len(things) > 1:
            choose_from(self, "resource", things).required = True
        else:
            del self.fields["resource"]
        if line.wanted_minutes:  # a period: its first hours say as little as nothing
            for name in ("date", "start", "end", "end_date"):
                self.initial[name] = ""
        if line.shown.get("kind") not in {"pooled", "giveaway", "seated"}:
            del self.fields["units"]
        if not ours or line.fee_kind:  # agreed already, or not the asker's to name
            del self.fields["fee_amount"]
        if not noted:
            del self.fields["note"]
        self.fetched = line.handover != "none" and not line.wanted_minutes
        if self.fetched:
            for name, label in _FETCHED.items():
                self.fields[name].label = label
            self.initial.setdefault("end_date", self.initial.get("date", ""))
            self.fields["end_date"].required = True
        if line.state in IS_OUT:  # since it was fetched: only its return can be changed
            for name in ("date", "start"):
                self.fields[name].widget = forms.HiddenInput()
            self.fields.pop("units", None)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        given = {name: self.data.get(name, "") for name in self.fields}
        given["end_date"] = given["end_date"] or given["date"]
        if not (given["date"] and given["start"] and given["end"]):
            return found
        wall = WallTimes(given, self.zone)
        self.starts_at = wall.read("date", "start", "start_offset")
        self.ends_at = wall.read("end_date", "end", "end_offset")
        for name, sentences in wall.errors.items():
            self.add_error(name, sentences)
        for one in wall.twice:
            self.fields[one.field] = forms.ChoiceField(
                label=one.question, choices=one.answers, required=False
            )
        return found

    def wish(self) -> LineWish:
        """What is proposed; only of a valid form. An event inside the use stays so, moved along with it."""
        assert self.starts_at is not None
        assert self.ends_at is not None
        before, found = self.before, self.cleaned_data
        core = Span(self.starts_at, self.ends_at) if self.starts_at < self.ends_at else None
        event = None
        if before.event_starts_at is not None and core is not None:
            shift = self.starts_at - before.starts_at
            candidates = (before.event, before.event.shift(shift))
            event = next((one for one in candidates if core.contains(one)), None)
        return LineWish(
            resource=UUID(found.get("resource") or str(before.resource)),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            event_starts_at=event.start if event else None,
            event_ends_at=event.end if event else None,
            units=found.get("units") or before.units,
            setup_minutes=before.setup_minutes,
            strike_minutes=before.strike_minutes,
        )

    @property
    def fee(self) -> FeeWish:
        return FeeWish(self.cleaned_data.get("fee_amount") or None)

    def take_refusal(self, error: Invalid) -> None:
        """Put the engine's sentences beside the fields they are about."""
        into_form(self, error, _PLACES)
