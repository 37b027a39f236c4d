"""The few words and numbers that go with an action on a line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.answers import LONGEST_NOTE, REASONS, AnswerWith, FeeWish
from bookings.models import CaseKind, Line
from bookings.services.actions import WITH_A_PROPOSAL
from bookings.services.series.answering import answered_together
from bookings.states import LineState
from cooperative.errors import Invalid

from .fields import choose_from, into_form

HANDING = frozenset({"hand_over", "give_back", "lost"})
_ANSWERS = frozenset({"phrase", "fee_amount", "fee_ground", "inner_note"})
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

    phrase = forms.ChoiceField(
        label=_("Why not"),
        required=False,
        choices=[("", _("choose, or write below")), *REASONS.items()],
    )
    fee_amount = forms.CharField(
        label=_("Fee"),
        required=False,
        max_length=20,
        help_text=_("Left empty: as your terms say. 0 = free."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    fee_ground = forms.CharField(label=_("On what ground"), required=False, max_length=200)
    inner_note = forms.CharField(
        label=_("Note for our house only"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Nobody outside ever reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
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
        self._keep_answer(action)

    field_order = ["phrase"]

    def _keep_answer(self, action: str) -> None:
        """What goes with a yes, and what with a no, where it is one."""
        refusing = action in WITH_A_PROPOSAL
        if refusing:
            self.fields["reason"].required = False  # a phrase is one too; the service judges
            self.fields["reason"].label = _("In your own words")
            self.fields["reason"].help_text = _("Whoever asked reads this.")
        else:
            del self.fields["phrase"]
        if action != "approve":
            del self.fields["fee_amount"], self.fields["fee_ground"]
        if action != "approve" and not refusing:
            del self.fields["inner_note"]

    def _say_what_was_wrong(self, line: Line | None) -> None:
        """Before the end of a use one can only say that it was not there."""
        early = line is not None and line.state == LineState.CONFIRMED
        if early:
            choose_from(self, "kind", [(CaseKind.NOT_THERE.value, CaseKind.NOT_THERE.label)])
        self.fields["kind"].initial = CaseKind.NOT_THERE if early else CaseKind.OTHER

    @property
    def words(self) -> dict[str, Any]:
        """What `act` takes; only of a valid form."""
        found = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return {
            **{name: value for name, value in found.items() if name not in _ANSWERS},
            "answer": AnswerWith(
                code=found.get("phrase", ""),
                inner_note=found.get("inner_note", ""),
                fee=FeeWish(
                    found.get("fee_amount") or None, ground=found.get("fee_ground") or None
                ),
            ),
        }

    def take_refusal(self, error: Invalid) -> None:
        into_form(self, error, {"reason_code": "phrase"})
