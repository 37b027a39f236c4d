"""The few words and numbers that go with an action on a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import CaseKind, Line
from bookings.services.series.answering import answered_together
from bookings.states import LineState
from cooperative.errors import Invalid

from .fields import choose_from, into_form

HANDING = frozenset({"hand_over", "give_back", "lost"})
SILENT = frozenset({"reopen", "let_go", "settle", "overdue"})


class ActionForm(forms.Form):
    """Fields follow from the action: a reason where the table wants one, units and condition at a hand-over."""

    kind = forms.ChoiceField(
        label=_("What was wrong"),
        required=False,
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    units = forms.IntegerField(label=_("How many"), min_value=0)
    condition = forms.CharField(
        label=_("In what condition"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("A word to go with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    alone = forms.BooleanField(
        label=_("Only this date"),
        required=False,
        help_text=_("Left empty, the answer is that to all dates of the series that stand alike."),
    )

    def __init__(
        self, *args: Any, action: str, needs_reason: bool, line: Line | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        if not needs_reason:
            del self.fields["reason"]
        if action == "complain":
            self.fields["reason"].label = _("What happened")
            self._say_what_was_wrong(line)
        else:
            del self.fields["kind"]
        if action not in HANDING or action == "lost":
            del self.fields["condition"]
        counted = action in HANDING and line is not None and line.units > 1
        if counted and line is not None:
            most = line.units if action == "hand_over" else line.units_out or line.units
            self.fields["units"].initial = 0 if action == "lost" else most
            self.fields["units"].widget.attrs["max"] = most
            if action == "lost":
                self.fields["units"].label = _("How many are back")
        else:
            del self.fields["units"]
        if needs_reason or action in SILENT:
            del self.fields["note"]
        if line is None or not answered_together(line, action):
            del self.fields["alone"]

    def _say_what_was_wrong(self, line: Line | None) -> None:
        """Before the end of a use one can only say that it was not there."""
        early = line is not None and line.state == LineState.CONFIRMED
        if early:
            choose_from(self, "kind", [(CaseKind.NOT_THERE.value, CaseKind.NOT_THERE.label)])
        self.fields["kind"].initial = CaseKind.NOT_THERE if early else CaseKind.OTHER

    @property
    def words(self) -> dict[str, Any]:
        """What `act` takes; only of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error)
