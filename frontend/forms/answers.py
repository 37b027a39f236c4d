"""Answering a request: a note, or a reason in the field's words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

PHRASES = (
    ("own", _("We have our own rehearsal or event at that time.")),
    ("setup", _("The room is being set up or cleaned at that time.")),
    ("technician", _("Our technician is not available at that time.")),
    ("repair", _("It is being repaired.")),
    ("promised", _("We have promised it to somebody else.")),
    ("unfit", _("It does not suit this kind of event.")),
    ("other_day", _("Another day would be possible, please write to us.")),
)


class AnswerForm(forms.Form):
    """What goes with an answer. Which of them is read depends on the button."""

    note = forms.CharField(
        label=_("A word with it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    phrase = forms.ChoiceField(
        label=_("Why not"),
        required=False,
        choices=[("", _("choose, or write below")), *PHRASES],
    )
    reason = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=5_000,
        help_text=_("Whoever asked reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def why(self) -> str:
        """The chosen phrase and the own words, in the language in which they are read now."""
        chosen = str(dict(PHRASES).get(self.cleaned_data.get("phrase") or "", ""))
        return " ".join(word for word in (chosen, self.cleaned_data.get("reason", "")) if word)
