"""What somebody looks for in the catalogue: words, when, how many, and filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.spans import Span, local_day
from cooperative.timeparsing import TimeError, out_of_order, parse_day
from frontend.forms.fields import choose_from, date_input, time_input
from frontend.forms.wall_times import WallTimes
from sharing.models import AttributeDefinition
from sharing.queries.texts import shipped

NEAR = (
    ("", _("anywhere")),
    ("2", _("2 km")),
    ("5", _("5 km")),
    ("10", _("10 km")),
    ("50", _("50 km")),
)


class SearchForm(forms.Form):
    """Everything is optional. `window`, `day` and `attributes` are read from a valid form."""

    q = forms.CharField(
        label=_("What are you looking for"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    date = forms.CharField(label=_("Day"), required=False, widget=date_input())
    start = forms.CharField(label=_("From"), required=False, widget=time_input())
    end = forms.CharField(label=_("To"), required=False, widget=time_input())
    units = forms.IntegerField(
        label=_("How many"), required=False, min_value=1, max_value=1_000_000
    )
    category = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    where = forms.ChoiceField(label=_("Where"), required=False)
    near = forms.ChoiceField(label=_("How far from us"), required=False, choices=NEAR)
    free = forms.BooleanField(label=_("free of charge"), required=False)
    askable = forms.BooleanField(label=_("only what we may ask for"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        zone: ZoneInfo,
        networks: Sequence[tuple[UUID, str]],
        definitions: Sequence[AttributeDefinition] = (),
        language: str,
        located: bool,
    ) -> None:
        super().__init__(data)
        self.zone = zone
        self.window: Span | None = None
        self.day: Span | None = None
        self.definitions = [one for one in definitions if one.searchable and one.kind != "text"]
        scopes = ((str(uid), name) for uid, name in networks)
        choose_from(self, "where", [("", _("the whole cooperative")), *scopes])
        if not networks:
            del self.fields["where"]
        if not located:
            del self.fields["near"]
        for definition in self.definitions:
            self.fields[f"a_{definition.code}"] = _attribute(definition, language)
        for field in self.fields.values():
            # Nothing here must be filled in, and saying so of each field would only be noise.
            field.widget.attrs.setdefault("data-optional", "")

    @property
    def said(self) -> list[forms.BoundField]:
        """The fields of the chosen category's attributes."""
        return [self[f"a_{one.code}"] for one in self.definitions]

    @property
    def filtered(self) -> bool:
        """Whether anything folded away narrows the search."""
        names = ("where", "near", "free", "askable", *(f"a_{one.code}" for one in self.definitions))
        return any(self.data.get(name) for name in names)

    @property
    def attributes(self) -> dict[str, Any]:
        values = {one.code: self.cleaned_data.get(f"a_{one.code}") for one in self.definitions}
        return {code: value for code, value in values.items() if value not in (None, "", False)}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        given = {name: str(self.data.get(name) or "").strip() for name in ("date", "start", "end")}
        if given["start"] or given["end"]:
            if not given["date"]:
                self.add_error("date", _("Say the day too."))
                return found
            given["start"] = given["start"] or "00:00"
            given["end"] = given["end"] or "24:00"
            wall = WallTimes(given, self.zone)
            # Of a time that the clock shows twice a search takes the longer stretch.
            starts = wall.read("date", "start", "none")
            ends = wall.read("date", "end", "none")
            for name, sentences in wall.errors.items():
                self.add_error(name, sentences)
            if starts is not None and ends is not None:
                if disorder := out_of_order(starts, ends):
                    self.add_error("end", str(disorder[0]))
                else:
                    self.window = Span(starts, ends)
        elif given["date"]:
            self._whole_day(given["date"])
        return found

    def _whole_day(self, day: str) -> None:
        """A day without hours: what is free for a while on it."""
        try:
            self.day = local_day(parse_day(day), self.zone)
        except TimeError as error:
            self.add_error("date", str(error.message))


def _attribute(definition: AttributeDefinition, language: str) -> forms.Field:
    label = shipped(definition.label, language)
    if definition.kind == "yes_no":
        return forms.BooleanField(label=label, required=False)
    if definition.kind == "number":
        unit = f" ({definition.unit})" if definition.unit else ""
        return forms.DecimalField(
            label=_("%(what)s at least%(unit)s") % {"what": label, "unit": unit}, required=False
        )
    choices = [(one["code"], shipped(one.get("label", {}), language)) for one in definition.choices]
    return forms.ChoiceField(label=label, required=False, choices=[("", _("any")), *choices])
