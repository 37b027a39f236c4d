"""Writing to the other side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.services.messages import LONGEST
from cooperative.errors import DomainError, Invalid
from frontend.forms.fields import ACCEPTED, SeveralFilesField, SeveralFilesInput, into_form


class TalkForm(forms.Form):
    """Words, photos and files, or some of these; what each file is, is judged when it is taken."""

    body = forms.CharField(
        label=_("Write to the other side"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attached = SeveralFilesField(
        label=_("Photos or files"),
        required=False,
        help_text=_("Up to eight, 12 MB each. Where a photo was taken is not kept."),
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        # Shown as needed; a photo alone is a message too.
        self.fields["body"].required = not self.is_bound

    @property
    def words(self) -> dict[str, Any]:
        """What the services take."""
        return {"body": self.cleaned_data["body"], "files": self.cleaned_data["attached"]}

    def take_refusal(self, error: DomainError) -> None:
        if isinstance(error, Invalid):
            into_form(self, error, {"files": "attached"})
        else:
            self.add_error(None, str(error.message))
