"""What the engine refuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cooperative.errors import Conflict, DomainError, NotFound, Sentence

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


class AnsweredAlready(Conflict):
    """A colleague was quicker with another answer."""

    code = "answered_already"
    title = _("A colleague has answered already")


class WouldHit(Conflict):
    """Own use over existing bookings: here they are, choose knowingly. Nothing was stored.

    `lines` are `Line` rows of the owner, the most urgent first; `others` could give way instead of them, or shrink.
    With `now` it says how many of them are today.
    """

    code = "would_hit"
    title = _("There are bookings in the way")

    def __init__(
        self, lines: Sequence[Any], *, others: Sequence[Any] = (), now: datetime | None = None
    ) -> None:
        self.lines = in_order_of_urgency(lines)
        self.others = in_order_of_urgency(others)
        self.today = 0 if now is None else sum(is_today(line, now) for line in self.lines)
        super().__init__(how_many(len(self.lines), self.today))


class WouldLieOutside(WouldHit):
    """Bookings that other hours would leave outside them: here they are. They would stay; nothing was stored yet."""

    title = _("There are bookings outside these hours")

    def __init__(self, lines: Sequence[Any], *, now: datetime) -> None:
        super().__init__(lines, now=now)
        self.message = ngettext_lazy(
            "%(count)s booking lies outside these hours.",
            "%(count)s bookings lie outside these hours.",
            "count",
        ) % {"count": len(self.lines)}


def in_order_of_urgency(lines: Iterable[Any]) -> tuple[Any, ...]:
    """What begins first first: what has begun already, then today's."""
    return tuple(sorted(lines, key=lambda line: (line.use_starts_at, line.pk)))


def is_today(line: Any, now: datetime) -> bool:
    """Whether any of a line's use is on the owner's day of `now`."""
    zone = ZoneInfo(line.zone)
    today = now.astimezone(zone).date()
    return bool(line.use_starts_at.astimezone(zone).date() <= today and line.use_ends_at > now)


def how_many(count: int, today: int) -> Sentence:
    """“7 bookings, 1 today”."""
    if not count:
        return ""
    if not today:
        return ngettext_lazy("%(count)s booking", "%(count)s bookings", "count") % {"count": count}
    return ngettext_lazy(
        "%(count)s booking, %(today)s today",
        "%(count)s bookings, %(today)s today",
        "count",
    ) % {"count": count, "today": today}


class TooMuchWritten(DomainError):
    """One person wrote so many messages within the hour that it is no conversation any more."""

    code = "too_many_messages"
    status = 429
    title = _("You wrote very many messages within an hour. Please go on a little later.")
