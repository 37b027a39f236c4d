"""What may be said of many bookings of one house in one message."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from bookings.models import Line
from bookings.on_the_day import askers_side
from bookings.states import WAITING
from notifications.messages import MESSAGES
from notifications.models import Channel, Delivery
from notifications.queries.facts import Facts
from notifications.wording import moment_words, span_words, spans_words, things_words

from .shown import HIDDEN, Shown, ShownLine
from .words import line_name

MOST_LISTED = 60
"""In one mail."""


def listed(delivery: Delivery, facts: Facts) -> Shown:
    """Many bookings of one house in order of time: what goes out and comes back, or what waits for an answer.

    In a mail only what still is so.
    """
    house = delivery.institution
    message = MESSAGES[delivery.message]
    rows = []
    for entry in delivery.event.data.get("lines", ()):
        line = facts.lines.get(UUID(entry["line"]))
        over = message.still is not None and line is not None and line.state not in message.still
        if line is None or (over and delivery.channel == Channel.EMAIL):
            continue
        rows.append((line, str(entry.get("end", ""))))
    if not rows:
        return HIDDEN
    names = list(dict.fromkeys(line_name(line) for line, _end in rows))
    return Shown(
        visible=True,
        what=things_words(names),
        who=str(house) if house is not None else "",
        when=spans_words(
            [(line.use_starts_at, line.use_ends_at, line.zone) for line, _end in rows]
        ),
        lines=tuple(_of_list(line, end) for line, end in rows[:MOST_LISTED]),
        more=max(len(rows) - MOST_LISTED, 0),
    )


def _of_list(line: Line, end: str) -> ShownLine:
    """One row of a list: with `end` the moment when it goes out or comes back, else the whole time."""
    if end == "out":
        when = _("fetched %(when)s") % {"when": moment_words(line.use_starts_at, line.zone)}
    elif end == "back":
        when = _("brought back %(when)s") % {"when": moment_words(line.use_ends_at, line.zone)}
    else:
        when = span_words(line.event_starts_at, line.event_ends_at, line.zone)
    booking, on_the_day = line.booking, askers_side(line.booking)
    words = [str(booking.borrower) if booking.borrower is not None else booking.outside_name]
    if line.state not in WAITING:  # whom to ring is told with the yes
        words += [on_the_day.name, on_the_day.phone]
    return ShownLine(
        uid=line.uid,
        what=line_name(line),
        when=when,
        units=line.units,
        state=line.state,
        use_starts_at=line.use_starts_at,
        use_ends_at=line.use_ends_at,
        who=" · ".join(dict.fromkeys(word for word in words if word)),
    )
