"""Something is out of order: how many, until when, a photo and a word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from bookings.services.repair import Until

UNTIL = [
    (Until.TODAY.value, _("today")),
    (Until.WEEK.value, _("for a week")),
    (Until.FURTHER.value, _("until further notice")),
]
SALT = "repair-photo"


class BrokenForm(forms.Form):
    """Everything is filled in already: a second tap sends it. `size` = how many there are."""

    units = forms.IntegerField(label=_("How many"), min_value=1, initial=1)
    until = forms.ChoiceField(
        label=_("Until when"), choices=UNTIL, widget=forms.RadioSelect, initial=Until.WEEK.value
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    note = forms.CharField(
        label=_("What is the matter"), required=False, max_length=5_000, widget=forms.TextInput
    )
    photo_kept = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if size <= 1:
            del self.fields["units"]
        else:
            self.fields["units"].help_text = _("of %(size)s") % {"size": size}
            self.fields["units"].widget.attrs["max"] = size

    def clean_photo_kept(self) -> str:
        """The stem of a photo that was sent with an earlier try; nobody else's can be named."""
        signed = self.cleaned_data["photo_kept"]
        try:
            return str(signing.loads(signed, salt=SALT)) if signed else ""
        except signing.BadSignature:
            return ""


def kept(stem: str) -> str:
    """`stem` as the form carries it to the next try."""
    return signing.dumps(stem, salt=SALT) if stem else ""
