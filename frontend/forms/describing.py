"""What owners want to know of whoever asks: folded away, or unfolded and marked where one of them needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.wishes import DESCRIPTION, UNNAMED
from cooperative.errors import Invalid
from sharing.details import ASKED_OF_BORROWER

from .fields import into_form

YES_NO = (("", _("not said")), ("yes", _("yes")), ("no", _("no")))
_MEANT = {"yes": True, "no": False}


class NeedsForm(forms.Form):
    """A form with the fields of a booking that an owner needs, unfolded and marked; the service judges them."""

    def ask_for(self, needs: Iterable[str]) -> None:
        """Put the fields named in `needs` into the form, those that it has already marked as well."""
        self.needs = tuple(needs)
        for name in self.needs:
            if name not in self.fields:
                self.fields[name] = deepcopy(DescriptionForm.base_fields[name])
            mark_needed(self.fields[name], bound=self.is_bound)

    def ask_for_what_misses(self, error: Invalid) -> None:
        """An owner of something else in the request needs more than was asked here: now it is asked too."""
        more = [one for one in error.errors if one in ASKED_OF_BORROWER and one not in self.needs]
        self.ask_for((*self.needs, *more))

    @property
    def needed(self) -> list[forms.BoundField]:
        return [self[name] for name in self.needs]

    def description(self) -> dict[str, Any]:
        """The fields of a booking that were typed here."""
        return described(self.cleaned_data)


def mark_needed(field: forms.Field, *, bound: bool) -> None:
    """Shown as needed; what is missing is said by the service, in its words, when it is sent."""
    field.required = not bound
    if isinstance(field.widget, forms.Select):
        field.widget.is_required = False


def described(found: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was typed, the fields of a booking as the services take them."""
    said = {name: found[name] for name in DESCRIPTION if name in found}
    for name in ("open_to_public", "free_entry"):
        if name in said:
            said[name] = _MEANT.get(said[name])
    return said


class DescriptionForm(NeedsForm):
    """What it is for. With `sending` a title or a purpose must be there."""

    title = forms.CharField(label=_("What for"), max_length=200, required=False)
    purpose = forms.CharField(
        label=_("A word to the owners"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    all_or_nothing = forms.BooleanField(
        label=_("I need everything together"),
        required=False,
        help_text=_("Nothing is confirmed before all owners have agreed."),
    )
    event_kind = forms.CharField(label=_("Kind of event"), required=False, max_length=40)
    expected_people = forms.IntegerField(
        label=_("How many people"), required=False, min_value=0, max_value=1_000_000
    )
    open_to_public = forms.ChoiceField(label=_("Open to everybody"), required=False, choices=YES_NO)
    free_entry = forms.ChoiceField(label=_("Free entry"), required=False, choices=YES_NO)
    responsible_person = forms.CharField(
        label=_("Responsible on the day"), required=False, max_length=200
    )
    responsible_phone = forms.CharField(
        label=_("Phone on the day"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    access_needs = forms.CharField(
        label=_("Access needs"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remarks = forms.CharField(
        label=_("Remarks"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    FOLDED = (
        "event_kind",
        "expected_people",
        "open_to_public",
        "free_entry",
        "responsible_person",
        "responsible_phone",
        "access_needs",
        "remarks",
    )

    def __init__(
        self, *args: Any, sending: bool = False, needs: Iterable[str] = (), **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.ask_for(needs)
        self.sending = sending
        self.fields["title"].required = not self.is_bound

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FOLDED if name not in self.needs]

    @property
    def unfolded(self) -> bool:
        """Whether something that is folded away was filled in, or is wrong."""
        return any(one.value() or one.errors for one in self.folded)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.sending and not (found.get("title") or found.get("purpose")):
            self.add_error("title", str(UNNAMED))
        return found

    @property
    def fields_of_booking(self) -> dict[str, Any]:
        """What `describe` takes; only of a valid form."""
        return {**self.cleaned_data, **self.description()}

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error)
