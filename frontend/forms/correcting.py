"""Correcting what a booking is about, after it was sent or written in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from bookings.services.correcting import OF_THE_PARTY

from .describing import DescriptionForm
from .request import description_of
from .whom import WhomFields


class CorrectForm(DescriptionForm):
    """The description; of somebody outside who was written in also name, phone, e-mail and how it came."""

    speaks_of_parts = True
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, initial=_stored(booking), sending=True, **kwargs)
        del self.fields["all_or_nothing"]
        self.fields["purpose"].label = _("More about it")
        self.party = OF_THE_PARTY if booking.borrower_id is None else ()
        for name in self.party:
            self.fields[name] = WhomFields.base_fields[name]
        self.order_fields(["title", *self.party])

    @property
    def of_the_party(self) -> list[forms.BoundField]:
        return [self[name] for name in self.party]

    @property
    def wanted(self) -> dict[str, Any]:
        """What `correct` takes; only of a valid form."""
        return {name: said for name, said in self.fields_of_booking.items() if name != "version"}


def _stored(booking: Booking) -> dict[str, Any]:
    party = {name: getattr(booking, name) for name in OF_THE_PARTY}
    return {**description_of(booking), **party, "version": booking.version}
