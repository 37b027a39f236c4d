"""Answering a request: a note, or a reason in the field's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.answers import LONGEST_NOTE, REASONS, AnswerWith, FeeWish
from bookings.models import Line
from cooperative.errors import Invalid

from .fields import into_form


class AnswerForm(forms.Form):
    """What goes with an answer. Which of them is read depends on the button."""

    note = forms.CharField(
        label=_("A word with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phrase = forms.ChoiceField(
        label=_("Why not"),
        required=False,
        choices=[("", _("choose, or write below")), *REASONS.items()],
    )
    reason = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=5_000,
        help_text=_("Whoever asked reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    inner_note = forms.CharField(
        label=_("Note for our house only"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Nobody outside ever reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fee_amount = forms.CharField(
        label=_("Fee"),
        required=False,
        max_length=20,
        help_text=_("Left empty: as your terms say. 0 = free."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    fee_ground = forms.CharField(label=_("On what ground"), required=False, max_length=200)

    @property
    def answer(self) -> AnswerWith:
        """What goes with the answer besides words."""
        found = self.cleaned_data
        return AnswerWith(
            code=found["phrase"],
            inner_note=found["inner_note"],
            fee=FeeWish(found["fee_amount"] or None, ground=found["fee_ground"] or None),
        )

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error, {"reason_code": "phrase"})


class FeeForm(forms.Form):
    """What an agreed line costs: said for the first time, or less than was agreed, with a word why."""

    fee_amount = forms.CharField(
        label=_("Fee"),
        max_length=20,
        help_text=_("0 = free."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    fee_ground = forms.CharField(label=_("On what ground"), required=False, max_length=200)
    reason = forms.CharField(
        label=_("A word with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    alone = forms.BooleanField(
        label=_("Only this date"),
        required=False,
        help_text=_("Left empty, it is said of all dates of the series that cost the same."),
    )

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if line.fee_amount is not None:
            self.fields["fee_amount"].help_text = _("Less than was agreed. 0 = free.")
            self.fields["reason"].label = _("Why")
            self.fields["reason"].required = True
        if line.series_id is None:
            del self.fields["alone"]

    @property
    def said(self) -> dict[str, Any]:
        """What `name_fee` takes; only of a valid form."""
        found = self.cleaned_data
        return {
            "fee": FeeWish(found["fee_amount"], ground=found["fee_ground"] or None),
            "reason": found["reason"],
            "alone": found.get("alone", False),
        }

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error, {"fee_kind": "fee_amount"})
