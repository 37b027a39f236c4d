"""Handing out and taking back: how many, in what condition."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class HandoverForm(forms.Form):
    """Empty number = all of them."""

    units = forms.IntegerField(label=_("How many"), min_value=0, required=False)
    condition = forms.CharField(
        label=_("Condition, what is missing"),
        required=False,
        max_length=5_000,
        widget=forms.TextInput,
    )
