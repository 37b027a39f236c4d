"""Inviting colleagues; what a person says of themselves; tokens for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cooperative.people.models import LANGUAGES as NAMES

from .fields import choose_from

LANGUAGES = [(code, name) for code, name in NAMES if code in dict(settings.LANGUAGES)]
"""Those that pages and mails can speak, each named in itself."""
ROLES = [
    ("staff", _("finds and asks")),
    ("keeper", _("looks after things: lists, answers, hands over")),
    ("manager", _("manages: people, agreements, and all of the above")),
]
SHORT_ROLES = [
    ("staff", _("finds and asks")),
    ("keeper", _("looks after things")),
    ("manager", _("manages")),
]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(
        label=_("What they may do"), choices=ROLES, widget=forms.RadioSelect, initial="staff"
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES, initial="pl")


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=200)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Shown to those you lend to or borrow from."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("Such as Europe/Warsaw.")
    )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for"), max_length=100, help_text=_("The program that uses it.")
    )
    institution = forms.ChoiceField(label=_("Acts for"), required=False)

    def __init__(self, *args: Any, houses: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "institution", [("", _("any of my institutions")), *houses])
