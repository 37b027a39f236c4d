"""What the engine refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Conflict, DomainError, NotFound

from .reasons import Alternative, Reason


class UnknownResource(NotFound):
    """Not there, or not for this asker: told apart by nothing."""

    code = "unknown_resource"
    title = _("There is no such thing here for you")


class BookingRefused(DomainError):
    """A no with all its reasons and its options."""

    code = "not_possible"
    title = _("This cannot be booked like that")

    def __init__(self, reasons: Sequence[Reason], alternatives: Sequence[Alternative] = ()) -> None:
        super().__init__()
        self.reasons = tuple(reasons)
        self.alternatives = tuple(alternatives)


class OfferExpired(Conflict):
    """A proposal was accepted too late."""

    code = "offer_expired"
    title = _("This proposal has run out")


class WouldHit(Conflict):
    """Own use over existing bookings: here they are, choose knowingly. `lines` are `Line` rows of the owner."""

    code = "would_hit"
    title = _("There are bookings in the way")

    def __init__(self, lines: Sequence[Any]) -> None:
        super().__init__()
        self.lines = tuple(lines)
