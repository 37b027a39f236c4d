"""For whom a keeper writes in: her own house, another member, or somebody outside with name, phone and e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import CameBy
from bookings.services.write_in import WrittenFor
from sharing.words import folded

if TYPE_CHECKING:
    from cooperative.institutions.models import Institution

OUTSIDE, MEMBER, OWN = "outside", "member", "own"
BY_HAND = [(one.value, one.label) for one in CameBy if one != CameBy.SPREADSHEET]


class WhomFields(forms.Form):
    """The fields themselves, beside any form that says what and when. Nothing is required before it is sent."""

    speaks_of_parts = True
    """That each field may be left out goes without saying where a choice says which count."""

    whom = forms.ChoiceField(
        label=_("For whom"),
        choices=[
            (OUTSIDE, _("somebody outside")),
            (MEMBER, _("a member")),
            (OWN, _("our own house")),
        ],
        widget=forms.RadioSelect,
        initial=OUTSIDE,
        required=False,
    )
    member = forms.CharField(
        label=_("Which member"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "members", "autocomplete": "off"}),
    )
    outside_name = forms.CharField(
        label=_("Who"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    outside_phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    outside_email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    came_by = forms.ChoiceField(
        label=_("How it came"), choices=BY_HAND, initial=CameBy.PHONE.value, required=False
    )

    def about(self) -> dict[str, Any]:
        """What the cleaned fields say in the booking's description: its title, and whom a member sends."""
        data: dict[str, Any] = self.cleaned_data
        named = data.get("outside_name", ""), data.get("member", "")
        title = data.get("title") or next((one for one in named if one), _("without a title"))
        if (data.get("whom") or OUTSIDE) == OUTSIDE:
            return {"title": str(title)}
        return {
            "title": str(title),
            "responsible_person": data.get("outside_name", ""),
            "responsible_phone": data.get("outside_phone", ""),
        }

    def written_for(
        self, members: Iterable[Institution], own: int, *, name: str = ""
    ) -> WrittenFor | None:
        """Whom the cleaned fields mean; None after an error was put at its field. `name` stands in for no name."""
        data: dict[str, Any] = self.cleaned_data
        way = data.get("came_by") or CameBy.PHONE.value
        whom = data.get("whom") or OUTSIDE
        if whom == OWN:
            return WrittenFor(borrower=own, came_by=way)
        if whom == MEMBER:
            found = member_named(data.get("member", ""), members)
            if found is None:
                self.add_error("member", _("Choose a member from the list."))
                return None
            data["member"] = found.name  # as it is called, for a booking without a title of its own
            return WrittenFor(borrower=found.pk, came_by=way)
        said = data.get("outside_name", "").strip() or name.strip()
        if not said:
            self.add_error("outside_name", _("Say who it is for."))
            return None
        return WrittenFor(
            name=said,
            phone=data.get("outside_phone", ""),
            email=data.get("outside_email", ""),
            came_by=way,
        )


def member_named(text: str, members: Iterable[Institution]) -> Institution | None:
    """The member of this name, or the only one whose name begins so."""
    wanted = folded(text.strip())
    if not wanted:
        return None
    rows = list(members)
    same = [one for one in rows if wanted in {folded(one.name), folded(one.short_name)}]
    begun = same or [one for one in rows if folded(one.name).startswith(wanted)]
    return begun[0] if len(begun) == 1 else None
