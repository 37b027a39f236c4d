"""Dates with places: one more, another time or number, and who comes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from bookings.services.seats import SeatWish
from bookings.wishes import MOST_UNITS
from cooperative.errors import Invalid

from .listing.choices import LANGUAGES
from .wall_span import WallSpanForm

NAMES = {"starts_at": "start", "ends_at": "end"}
"""What the service calls otherwise."""


class DateForm(WallSpanForm):
    """A date of something with places, on its owner's clock."""

    units = forms.IntegerField(label=_("Places"), min_value=1, max_value=MOST_UNITS)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Good to know"),
        max_length=5_000,
        required=False,
        help_text=_("Where to come, what to bring."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class SeatRow(forms.Form):
    """The person on one place."""

    position = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "–"), *LANGUAGES], required=False
    )
    access_needs = forms.CharField(label=_("Access needs"), max_length=500, required=False)
    food_needs = forms.CharField(label=_("Food needs"), max_length=500, required=False)

    @property
    def more(self) -> bool:
        """Whether something that is folded away was said, or is wrong."""
        folded = (self["language"], self["access_needs"], self["food_needs"])
        return any(field.value() or field.errors for field in folded)


class _Seats(BaseFormSet[Any]):
    @property
    def wishes(self) -> list[SeatWish]:
        return [SeatWish(**form.cleaned_data) for form in self.forms]

    def take_refusal(self, error: Invalid) -> None:
        for name, sentences in error.errors.items():
            _list, _dot, rest = name.partition(".")
            index, _dot, field = rest.partition(".")
            said = [str(one) for one in sentences]
            if index.isdigit() and int(index) < len(self.forms):
                row = self.forms[int(index)]
                shown = field in row.fields and not row.fields[field].widget.is_hidden
                row.add_error(field if shown else None, said)
            else:
                self.non_form_errors().extend(said)


MOST_SEATS = 500
"""On one page."""
SeatRows: type[_Seats] = formset_factory(  # type: ignore[assignment]  # it is a subclass of what it is given
    SeatRow, formset=_Seats, extra=0, max_num=MOST_SEATS, absolute_max=MOST_SEATS
)
