"""The lists of bookings, with their tabs."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.permissions import not_answered
from bookings.queries.overview import GROUPS, BookingsPage
from bookings.spans import Span
from frontend.components import Choice, Waiting

from .lines import written_words
from .reader import Reader
from .texts import booking_chip, booking_title, borrower_of, things


# --- lists --------------------------------------------------------------------------------------------
def rows(page: BookingsPage, *, reader: Reader, side: str) -> tuple[Waiting, ...]:
    """Bookings as rows of a list."""
    found = []
    for booking in page.bookings:
        lines = page.lines[booking.pk]
        spans = [Span(line.use_starts_at, line.use_ends_at) for line in lines]
        zone = ZoneInfo(lines[0].zone) if lines else reader.clock.zone
        when = (
            reader.clock.span(Span(min(s.start for s in spans), max(s.end for s in spans)), zone)
            if spans
            else ""
        )
        owners = ", ".join(dict.fromkeys(str(line.lender) for line in lines))
        other = owners if side == "borrower" else borrower_of(booking)
        title = booking_title(booking, lines, reader.language)
        named = things(lines, reader.language)
        waited = any(not_answered(line, reader.viewer.now) for line in lines)
        late = _("not answered yet") if waited else ""
        found.append(
            Waiting(
                title=title,
                url=reverse("frontend:booking", args=[booking.uid]),
                detail=" · ".join(
                    part
                    for part in (
                        named if named != title else "",
                        other,
                        written_words(booking),
                        late,
                    )
                    if part
                ),
                due=when,
                chip=booking_chip(booking),
            )
        )
    return tuple(found)


def group_tabs(counts: Mapping[str, int], *, side: str, group: str) -> tuple[Choice, ...]:
    """The groups of a list with how many are in each."""
    labels = {
        "open": _("Waiting"),
        "confirmed": pgettext("list", "Confirmed"),
        "over": _("Past and done"),
    }
    base = reverse("frontend:bookings")
    return tuple(
        Choice(
            value=name,
            label=labels[name],
            url=f"{base}?side={side}&group={name}",
            current=name == group,
            count=counts.get(name, 0) if name != "over" else None,
        )
        for name in GROUPS
    )


def side_tabs(*, side: str) -> tuple[Choice, ...]:
    base = reverse("frontend:bookings")
    labels = {"borrower": _("What we borrow"), "lender": _("What we lend")}
    return tuple(
        Choice(value=one, label=label, url=f"{base}?side={one}", current=one == side)
        for one, label in labels.items()
    )
