"""Inviting colleagues; what a person says of themselves; tokens for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cooperative.people.models import LANGUAGES as NAMES
from cooperative.timeparsing import TimeError, parse_day

from .fields import choose_from, date_input, minute_typed, time_input

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


class QuietForm(forms.Form):
    """When mails wait, on one's own clock; both empty = never."""

    quiet_from = forms.CharField(label=_("From"), widget=time_input(), required=False)
    quiet_until = forms.CharField(label=_("To"), widget=time_input(), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in self.fields:
            text = (found.get(name) or "").strip()
            try:
                found[name] = minute_typed(text) if text else None
            except TimeError as error:
                self.add_error(name, str(error.message))
        return found


class AwayForm(forms.Form):
    """`last` is the last day away, as people say it."""

    first = forms.CharField(label=_("Away from"), widget=date_input(), required=False)
    last = forms.CharField(label=_("Last day away"), widget=date_input(), required=False)
    deputy = forms.ChoiceField(label=_("Who stands in"), required=False)

    def __init__(self, *args: Any, deputies: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "deputy", [("", _("whoever is there")), *deputies])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in ("first", "last"):
            text = (found.get(name) or "").strip()
            try:
                found[name] = parse_day(text) if text else None
            except TimeError as error:
                self.add_error(name, str(error.message))
        return found

    @property
    def until_on(self) -> date | None:
        """The first day on which they are back."""
        last: date | None = self.cleaned_data["last"]
        return last + timedelta(days=1) if last is not None else None


class KeepersForm(forms.Form):
    """Who hears of a thing, and the group that it is looked after with."""

    group = forms.CharField(
        label=_("Looked after together as"),
        max_length=120,
        required=False,
        help_text=_("A name that things share, such as: sound store. Empty = by itself."),
    )
    keepers = forms.MultipleChoiceField(
        label=_("Who hears of requests, changes and returns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nobody ticked = everybody who looks after things. Anybody of them may answer."
        ),
    )
    whole_group = forms.BooleanField(
        label=_("The same for everything in the group"), required=False
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keepers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(people)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for"), max_length=100, help_text=_("The program that uses it.")
    )
    institution = forms.ChoiceField(label=_("Acts for"), required=False)

    def __init__(self, *args: Any, houses: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "institution", [("", _("any of my institutions")), *houses])
