"""Whether somebody without an account, for whom it was written in, hears of what is done and written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.on_the_day import askers_side


@dataclass(frozen=True, slots=True)
class Reach:
    """`phone` is whom to call where no mail goes out."""

    words: str
    phone: str = ""

    def __str__(self) -> str:
        return f"{self.words} {self.phone}".strip()


def reach_of(booking: Booking) -> Reach | None:
    """For its keepers; None of a member's booking, whose people hear of everything."""
    if booking.borrower_id is not None or booking.entered_for_id is None:
        return None
    if booking.outside_email:
        said = _("%(who)s hears of it by e-mail: %(email)s.")
        return Reach(said % {"who": booking.outside_name, "email": booking.outside_email})
    phone = askers_side(booking).phone
    if not phone:
        return Reach(_("Reaches nobody: neither an e-mail address nor a phone number is known."))
    return Reach(_("Reaches nobody by mail: call them."), phone)
