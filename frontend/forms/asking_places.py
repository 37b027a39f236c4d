"""The ask panel of something with places: one of its dates, and how many places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.queries.dates import Dated
from cooperative.errors import Sentence

from .asking import AskForm
from .fields import choose_from

_TIMES = ("date", "start", "end", "end_date", "setup", "strike", "start_offset", "end_offset")


class PlacesForm(AskForm):
    """As `AskForm`, with a date to choose in place of times to type. `words` says each date with what is left of it."""

    PLACES: ClassVar[Mapping[str, str]] = {"starts_at": "session", "ends_at": "session"}

    HINT: ClassVar[Sentence] = _("Choose one of the dates.")

    session = forms.ChoiceField(
        label=_("Which date"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the dates."),
            "invalid_choice": _("Choose one of the dates."),
        },
    )

    def __init__(
        self, *args: Any, dates: Sequence[Dated], words: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dates = {str(one.session.uid): one for one in dates}
        for name in _TIMES:
            self.fields.pop(name, None)
        self.order_fields(["session", "units"])
        self.fields["units"].label = _("How many places")
        choose_from(self, "session", words.items())

    @property
    def empty(self) -> bool:
        return not self.data.get("session")

    @property
    def half(self) -> bool:
        return self.empty

    def _read(self, given: Mapping[str, Any]) -> None:
        chosen = self.dates.get(str(given.get("session") or ""))
        if chosen is not None:
            self.starts_at = self.event_starts_at = chosen.session.starts_at
            self.ends_at = self.event_ends_at = chosen.session.ends_at
