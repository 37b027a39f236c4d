"""Answering a request: a note, or a reason in the field's words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.answers import LONGEST_NOTE, REASONS, AnswerWith, FeeWish
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
