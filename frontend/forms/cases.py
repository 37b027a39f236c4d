"""Something was wrong: the words of the two sides, and the moderators' decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Outcome
from bookings.spans import local_day
from cooperative.institutions.models import Institution
from cooperative.timeparsing import LATEST

from .fields import ACCEPTED, SeveralFilesField, SeveralFilesInput, choose_from, date_input

LONGEST = 5_000


class CaseForm(forms.Form):
    """What a step of a case asks besides the tap."""

    @property
    def said(self) -> dict[str, Any]:
        """What the service of the step takes; only of a valid form."""
        return self.cleaned_data


class CaseWordsForm(CaseForm):
    """An answer, or an objection."""

    words = forms.CharField(
        label=_("How you see it"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )


class CaseFilesForm(CaseForm):
    """Photos and files of one side; they are judged one by one when they are taken."""

    attached = SeveralFilesField(
        label=_("Photos or files"),
        required=False,
        help_text=_("The other side sees them, and moderators if it is brought to them."),
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )

    @property
    def said(self) -> dict[str, Any]:
        return {"files": self.cleaned_data["attached"]}


class CaseDecisionForm(CaseForm):
    """What follows, for whom, and why."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    outcome_for = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Not needed where nothing follows."),
    )
    until = forms.DateField(
        label=_("A pause lasts until"),
        required=False,
        widget=date_input(),
        help_text=_("That day included; left empty, six months. A warning ends after four months."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        help_text=_("Both sides read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, sides: list[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zones = {str(side.uid): side.time_zone for side in sides}
        choose_from(self, "outcome_for", [(str(side.uid), side.name) for side in sides])

    def clean_until(self) -> date | None:
        """Far years have no instant; the service says how long a pause may be."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and day.year >= LATEST.year:
            raise forms.ValidationError(_("A pause lasts from a day to twelve months."))
        return day

    @property
    def said(self) -> dict[str, Any]:
        read, chosen = self.cleaned_data, self.cleaned_data["outcome_for"]
        until: datetime | None = None
        if read["until"] is not None and read["outcome"] == Outcome.PAUSE and chosen:
            until = local_day(read["until"], ZoneInfo(self._zones[chosen])).end
        return {
            "outcome": read["outcome"],
            "reason": read["reason"],
            "on": UUID(chosen) if chosen and read["outcome"] != Outcome.NOTHING else None,
            "until": until,
        }


class ObjectionAnswerForm(CaseForm):
    """The answer to an objection."""

    upheld = forms.ChoiceField(
        label=_("The objection"),
        choices=[
            ("yes", _("is right: what was decided is lifted")),
            ("no", _("does not change it")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST,
        help_text=_("Both sides read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def said(self) -> dict[str, Any]:
        return {
            "upheld": self.cleaned_data["upheld"] == "yes",
            "answer": self.cleaned_data["answer"],
        }
