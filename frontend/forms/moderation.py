"""The moderators' word, with its reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """A reason that the other side reads."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReviewsForm(forms.Form):
    """One word on all that are chosen."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", _("publish")),
            ("ask_changes", _("ask for changes")),
            ("refuse", _("refuse")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2_000,
        help_text=_("The owner reads it. Needed unless you publish."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    trust_owner = forms.BooleanField(
        label=_("From now on publish what these institutions list at once"), required=False
    )
