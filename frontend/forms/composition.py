"""What a thing is made of, and what it comes with: rows of own things, each with a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from bookings.services.composition.companions import CompanionWish
from bookings.services.composition.parts import MOST_PARTS, PartWish
from cooperative.errors import Invalid
from sharing.models import CompanionKind

from .fields import choose_from

Own = tuple[str, str]
"""A thing of the house that may stand here: public id and name."""
FREE_ROWS = 3


class PartRow(forms.Form):
    """One thing and how many of it. What stands in the list already is named, not chosen again."""

    resource = forms.ChoiceField(label=_("Add"), required=False)
    units = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=1_000_000, initial=1, required=False
    )

    def __init__(self, *args: Any, own: Sequence[Own], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(own)
        self.title = names.get(str(self["resource"].value() or ""), "")
        field = choose_from(self, "resource", [("", "–"), *own])
        if self.title:
            field.widget = forms.HiddenInput()


class CompanionRow(PartRow):
    kind = forms.ChoiceField(label=_("How"), choices=CompanionKind.choices, required=False)


class _Rows(BaseFormSet[Any]):
    """Rows that are taken out are no longer there; a row without a thing was left empty."""

    def kept(self) -> list[tuple[int, dict[str, Any]]]:
        """(number of the row, what it says) in order; only of valid rows."""
        return [
            (number, form.cleaned_data)
            for number, form in enumerate(self.forms)
            if form.cleaned_data.get("resource") and not form.cleaned_data.get("DELETE")
        ]

    def take_refusal(self, error: Invalid) -> None:
        """Put the service's sentences at the rows that they are about."""
        rows = [number for number, _said in self.kept()]
        for name, sentences in error.errors.items():
            _list, _dot, rest = name.partition(".")
            index, _dot, field = rest.partition(".")
            said = [str(one) for one in sentences]
            if index.isdigit() and int(index) < len(rows):
                row = self.forms[rows[int(index)]]
                shown = field in row.fields and not row.fields[field].widget.is_hidden
                row.add_error(field if shown else None, said)
            else:
                self.non_form_errors().extend(said)

    @property
    def parts(self) -> list[PartWish]:
        return [
            PartWish(UUID(said["resource"]), said.get("units") or 1) for _row, said in self.kept()
        ]

    @property
    def companions(self) -> list[CompanionWish]:
        return [
            CompanionWish(UUID(said["resource"]), said["kind"], said.get("units") or 1)
            for _row, said in self.kept()
        ]


def _rows(row: type[forms.Form]) -> type[_Rows]:
    return formset_factory(  # type: ignore[return-value]  # it is a subclass of what it is given
        row,
        formset=_Rows,
        extra=FREE_ROWS,
        can_delete=True,
        max_num=MOST_PARTS + FREE_ROWS,
        absolute_max=MOST_PARTS + 2 * FREE_ROWS,
    )


PartRows, CompanionRows = _rows(PartRow), _rows(CompanionRow)
