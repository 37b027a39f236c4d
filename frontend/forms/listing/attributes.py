"""The field of an attribute."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sharing.models import AttributeDefinition
from sharing.queries.texts import shipped


def attribute_field(definition: AttributeDefinition, language: str) -> forms.Field:
    """The field for one thing that may be said of a listing; leaving it open means unknown."""
    label = shipped(definition.label, language)
    if definition.unit:
        label = f"{label} ({definition.unit})"
    if definition.kind == "choice":
        rows = [
            (choice["code"], shipped(choice["label"], language)) for choice in definition.choices
        ]
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *rows])
    if definition.kind == "yes_no":
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
        )
    return forms.CharField(label=label, required=False, max_length=300)
