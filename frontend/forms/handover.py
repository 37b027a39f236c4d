"""Handing out and taking back: how many, in what condition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import SeveralFilesField, SeveralFilesInput

JUST_NOW, LONGEST_AGO = 60, 30 * 86_400
"""Seconds."""


class HandoverForm(forms.Form):
    """Empty number = all of `most`; `usual` is filled in where that many are there. `ago` = seconds since
    it was done, where a phone without a network kept it: told as an age, since phones' clocks are wrong."""

    units = forms.IntegerField(label=_("How many"), min_value=0, required=False)
    condition = forms.CharField(
        label=_("Condition, what is missing"),
        required=False,
        max_length=5_000,
        widget=forms.TextInput,
    )
    photo = SeveralFilesField(
        label=_("Photo"),
        required=False,
        widget=SeveralFilesInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}
        ),
    )
    ago = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_AGO)

    def __init__(
        self, *args: Any, most: int | None = None, usual: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if usual is not None:
            self.initial["units"] = usual
        if most is not None:
            self.fields["units"].widget.attrs |= {"placeholder": str(most), "max": str(most)}

    def happened_at(self, *, now: datetime) -> datetime | None:
        """When it was done, where that was not just now."""
        seconds = self.cleaned_data["ago"] or 0
        return now - timedelta(seconds=seconds) if seconds >= JUST_NOW else None
