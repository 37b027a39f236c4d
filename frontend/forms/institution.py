"""What an institution says of itself: when it applies, and later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperative.institutions.accessibility import FACTS, NOTE
from cooperative.institutions.models import InstitutionKind
from cooperative.institutions.regions import REGIONS

from .fields import choose_from

KINDS = [(kind.value, kind.label) for kind in InstitutionKind if kind != InstitutionKind.GUEST]
YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]


class AddressForm(forms.Form):
    """What both have in common. The service cleans and judges; lengths are those of the columns."""

    name = forms.CharField(label=_("Name of the institution"), max_length=200)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=80,
        required=False,
        help_text=_("As people say it."),
    )
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    country = forms.CharField(
        label=_("Country"), max_length=2, initial="PL", help_text=_("Two letters, such as PL.")
    )
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    website = forms.CharField(label=_("Web page"), max_length=200, required=False)
    about = forms.CharField(
        label=_("What you do"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class JoinForm(AddressForm):
    kind = forms.ChoiceField(label=_("What kind of institution"), choices=[("", "–"), *KINDS])
    message = forms.CharField(
        label=_("A word to the moderators"),
        max_length=5_000,
        required=False,
        help_text=_("What you would share, what you look for, who knows you."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = (
        "name", "short_name", "kind", "street", "postal_code", "city", "country", "contact_email",
        "contact_phone", "website", "about", "message",
    )  # fmt: skip


PLAIN = ("district", "office_email", "time_zone", "day_contact_name", "day_contact_phone")
"""Fields of the form that are stored as they are typed, besides the address."""


class InstitutionForm(AddressForm):
    district = forms.CharField(label=_("District"), max_length=100, required=False)
    office_email = forms.EmailField(
        label=_("Office address"),
        required=False,
        help_text=_("Gets copies of new and unanswered requests."),
    )
    day_contact_name = forms.CharField(
        label=_("Who is there on the day"),
        required=False,
        max_length=200,
        help_text=_(
            "Told only to those whose booking is confirmed; a thing may name somebody else."
        ),
    )
    day_contact_phone = forms.CharField(
        label=_("Phone on the day"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    region = forms.ChoiceField(
        label=_("Voivodeship"), required=False, help_text=_("School holidays differ by it.")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("Such as Europe/Warsaw.")
    )
    access_note = forms.CharField(
        label=_("More on access"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        """`country` is where it is now: only of some the regions are known by name."""
        super().__init__(*args, **kwargs)
        self.was_in, self.regions = country, REGIONS.get(country, {})
        if self.regions:
            choose_from(self, "region", [("", "–"), *self.regions.items()])
        else:
            del self.fields["region"]
        for code, label in FACTS.items():
            self.fields[f"access_{code}"] = forms.ChoiceField(
                label=str(label), choices=YES_NO, required=False
            )

    @property
    def access_fields(self) -> list[forms.BoundField]:
        return [self[f"access_{code}"] for code in FACTS]

    def changes(self) -> dict[str, Any]:
        """As the service takes them."""
        data = self.cleaned_data
        plain: dict[str, Any] = {name: data[name] for name in (*AddressForm.base_fields, *PLAIN)}
        facts = {code: data[f"access_{code}"] for code in FACTS if data[f"access_{code}"]}
        if data["access_note"]:
            facts[NOTE] = data["access_note"]
        if self.regions:
            plain["region"] = data["region"] if data["country"].upper() == self.was_in else ""
        return {**plain, "accessibility": facts}
