"""Photos that are added to a listing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.fields import SeveralFilesInput


class PhotosForm(forms.Form):
    """One or several files; they are judged one by one when they are taken."""

    photos = forms.FileField(
        label=_("Photos"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 12 MB each. Where they were taken is not kept."),
        widget=SeveralFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alternative_text = forms.CharField(
        label=_("What is to be seen"),
        required=False,
        max_length=300,
        help_text=_("For those who do not see it."),
    )
