"""What sign-up asks beyond e-mail and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cooperative import text

from .models import Person


class SignupForm(forms.Form):
    """One name; allauth adds e-mail and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def clean_name(self) -> str:
        try:
            return text.line(self.cleaned_data["name"], required=True)
        except text.Unreadable as problem:
            raise forms.ValidationError(str(problem.sentence), code=problem.code) from problem

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth when the person is stored; the adapter took the name already."""
