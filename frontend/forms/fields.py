"""What forms have in common: inputs of days and hours, choices that only the page knows, and a refusal at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm

from cooperative.errors import Invalid
from cooperative.timeparsing import TimeError, parse_day, parse_wall

_MINUTE = timedelta(minutes=1)
_PLAIN_DAY = "2027-01-15"
ACCEPTED = "image/jpeg,image/png,image/webp,.pdf,.odt,.docx,.ods,.xlsx,.txt"
"""Files that go with words: photos and papers."""


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


def time_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "class": "time",
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": "18:00",
        }
    )


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, as a list; what each of them is, is judged when it is taken."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        if isinstance(data, list | tuple):
            return [one for one in data if one]
        return [data] if data else []


def choose_from(form: BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    """Give the choice `name` what there is to choose from, as values and words; the field itself."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
    return field


def into_form(form: BaseForm, error: Invalid, places: Mapping[str, str] | None = None) -> None:
    """Put what a service refused at the fields of `form`; what has none stands above them.

    `places` maps the service's names to the form's: whole (`lines.0.units`), or the last part of them.
    """
    known = places or {}
    for name, said in error.errors.items():
        last = name.rpartition(".")[2]
        field = known.get(name) or known.get(last, last)
        form.add_error(field if field in form.fields else None, [str(one) for one in said])


def day_or_none(text: object) -> date | None:
    """The day that was typed, or sent along in an address; None where it is none."""
    try:
        return parse_day(text) if text else None
    except TimeError:
        return None


def minute_typed(text: str) -> int:
    """A time of day as minutes from midnight, 24:00 as 1440; read on a day without surprises. Raises `TimeError`."""
    midnight = parse_wall(_PLAIN_DAY, "00:00", zone="UTC")
    return (parse_wall(_PLAIN_DAY, text, zone="UTC") - midnight) // _MINUTE


def clock_of(minute: int) -> str:
    """A minute of the day as people write it: 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"
