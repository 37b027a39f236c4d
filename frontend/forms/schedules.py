"""Bringing a timetable in: the file, what its columns are, a row corrected; and the period of what is taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.services.schedules.taking import FIXED, SKIPS
from bookings.sheets.columns import SHOWN, header_in
from bookings.sheets.shape import MOST_BYTES

from .fields import date_input, time_input

NOT_OURS = "-"
USUAL = ("thing", "day", "start", "end", "title", "whom", "weekday", "until")
"""The columns that most timetables have; the others are folded away where they were not found."""
Pairs = Sequence[tuple[str, str]]


class FileForm(forms.Form):
    """The file; what is in it is judged when it is read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX, CSV or ICS, up to 10 MB and 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.ics,.txt"}),
    )

    def content(self) -> bytes:
        """No more than tells that it is too much."""
        read: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return read


class ColumnsForm(forms.Form):
    """A select for each thing that a column can be, with an example; one value for all; what each name means."""

    skip_holidays = forms.BooleanField(label=_("No classes on public holidays"), required=False)
    skip_school_holidays = forms.BooleanField(
        label=_("No classes in school holidays"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        examples: Mapping[str, str],
        things: Pairs,
        names: Mapping[str, tuple[str, int]],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        given = [
            ("", _("not in the file")),
            *((one, self._named(one, examples)) for one in headers),
        ]
        for name in SHOWN:
            self.fields[f"col_{name}"] = forms.ChoiceField(
                label=header_in(name, language), choices=given, required=False
            )
        titles = [("", "–"), *((title, title) for _uid, title in things)]
        self.fields["all_thing"] = forms.ChoiceField(
            label=_("All rows are in"), choices=titles, required=False
        )
        self.fields["all_title"] = forms.CharField(
            label=_("Title of all rows"), max_length=200, required=False
        )
        self.fields["all_whom"] = forms.CharField(
            label=_("All rows are for"), max_length=200, required=False
        )
        self.fields["all_until"] = forms.CharField(
            label=_("All rows repeat every week until"), required=False, widget=date_input()
        )
        meant = [("", _("choose")), *things, (NOT_OURS, _("not ours: leave these rows out"))]
        for number, (written, count) in enumerate(names.values()):
            rows = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
            self.fields[f"name_{number}"] = forms.ChoiceField(
                label=f"{written} ({rows})", choices=meant, required=False
            )

    @staticmethod
    def _named(header: str, examples: Mapping[str, str]) -> str:
        example = examples.get(header, "")
        return f"{header}: {example[:40]}" if example else header

    @property
    def usual(self) -> Iterable[forms.BoundField]:
        return [self[f"col_{name}"] for name in SHOWN if self._is_usual(name)]

    @property
    def rarer(self) -> Iterable[forms.BoundField]:
        return [self[f"col_{name}"] for name in SHOWN if not self._is_usual(name)]

    def _is_usual(self, name: str) -> bool:
        bound = self[f"col_{name}"]
        return name in USUAL or bool(bound.value()) or bool(bound.errors)

    @property
    def for_all(self) -> Iterable[forms.BoundField]:
        return [self[f"all_{name}"] for name in FIXED]

    @property
    def called(self) -> Iterable[forms.BoundField]:
        return [self[f"name_{number}"] for number in range(len(self.names))]

    def told(self) -> dict[str, Any]:
        """What `name_columns` takes."""
        data = self.cleaned_data
        said = {
            name: "" if data[f"name_{number}"] == NOT_OURS else data[f"name_{number}"]
            for number, name in enumerate(self.names)
            if data[f"name_{number}"]
        }
        return {
            "version": data["version"],
            "mapping": {name: data[f"col_{name}"] for name in SHOWN},
            "fixed": {name: data[f"all_{name}"] for name in FIXED},
            "names": said,
            "skips": [name for name in SKIPS if data[name]],
        }


class RowForm(forms.Form):
    """One row at another time, or of another thing; what repeats also on other days of the week."""

    thing_uid = forms.ChoiceField(label=_("Thing"), required=False)
    weekday = forms.CharField(label=_("Day of the week"), required=False, max_length=60)
    day = forms.CharField(label=_("Day"), required=False, widget=date_input())
    start = forms.CharField(label=_("From"), required=False, max_length=20, widget=time_input())
    end = forms.CharField(label=_("Until"), required=False, max_length=20, widget=time_input())

    def __init__(self, *args: Any, things: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["thing_uid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *things]


class PeriodForm(forms.Form):
    """From which day until which, both of them included."""

    from_on = forms.CharField(label=_("From day"), widget=date_input())
    until_on = forms.CharField(label=_("Until day"), widget=date_input())
