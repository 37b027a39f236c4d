"""Bookings: their stored state is that of their lines, and what is all or nothing is not half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from bookings.states import LineState, booking_state

from .checks import Check, Finding

STATES = list(LineState)

# A booking's lines as a set of bits, one for each state: there are few such sets, and Python has the rule for them.
# What came along and its owner does without does not count (`services.pending.counted`).
_COMBINATIONS = """
SELECT booking.state, coalesce(bits, 0), count(*), (array_agg(booking.uid))[1:%(most)s]
FROM bookings_booking AS booking LEFT JOIN (
    SELECT booking_id, bit_or(1 << array_position(%(states)s::text[], state)) AS bits FROM bookings_line
    WHERE (brought_by_id IS NULL OR state <> 'declined') GROUP BY booking_id) AS line ON line.booking_id = booking.id
GROUP BY booking.state, bits
"""

# As `Scene._complete` has it: whoever accepts the last line confirms all of them.
_COMPLETE = """
SELECT 'booking', booking.uid, 'every line of it is agreed, and it is not complete'
FROM bookings_booking AS booking JOIN (
    SELECT booking_id FROM bookings_line
    WHERE state <> 'withdrawn' AND (brought_by_id IS NULL OR state <> 'declined') GROUP BY booking_id
    HAVING bool_or(state = 'accepted') AND bool_and(state = 'accepted' OR state = ANY(%(firm)s))
) AS line ON line.booking_id = booking.id
WHERE booking.all_or_nothing
"""

# A part alone is confirmed by its borrower, who goes ahead with it, by both sides who settle, or by an offer taken.
_HALF = """
SELECT 'booking', booking.uid, 'it is all or nothing, and one part is confirmed while another waits'
FROM bookings_booking AS booking JOIN (
    SELECT booking_id FROM bookings_line GROUP BY booking_id
    HAVING bool_or(state = ANY(%(firm)s)) AND bool_or(state = ANY(%(waiting)s))
) AS line ON line.booking_id = booking.id
WHERE booking.all_or_nothing
    AND NOT EXISTS (SELECT FROM cooperative_event AS event WHERE event.subject_uid = booking.uid
        AND (event.verb = 'booking.settle' OR (event.verb = 'booking.complete' AND event.actor_id IS NOT NULL)))
    AND NOT EXISTS (SELECT FROM bookings_offer AS offer
        WHERE offer.booking_id = booking.id AND offer.state = 'accepted')
"""

_BROUGHT = """
SELECT 'line', line.uid, format('comes only with line %%s of another booking', main.uid)
FROM bookings_line AS line JOIN bookings_line AS main ON main.id = line.brought_by_id
WHERE line.booking_id <> main.booking_id
UNION ALL
SELECT 'line', uid, 'comes only with itself' FROM bookings_line WHERE brought_by_id = id
"""

CHECKS = (
    Check("not_completed", _COMPLETE),
    Check("half_confirmed", _HALF),
    Check("brought_elsewhere", _BROUGHT),
)


def states(given: Mapping[str, Any]) -> tuple[list[Finding], int]:
    """Bookings whose stored state is not what their lines say."""
    found: list[Finding] = []
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(_COMBINATIONS, {**given, "states": STATES})
        for stored, bits, several, uids in cursor.fetchall():
            lines = [state for place, state in enumerate(STATES, 1) if bits >> place & 1]
            right = booking_state([str(state) for state in lines])
            if stored == right:
                continue
            count += several
            said = f"stored as {stored}, with lines {', '.join(lines) or '(none)'} it is {right}"
            found += [Finding("booking_state", "booking", uid, said) for uid in uids]
    return found[: given["most"]], count
