"""A judged wish written on its line."""

from __future__ import annotations

from bookings.models import Line
from bookings.services.judging.agreed import frozen
from bookings.services.judging.answers import Answer
from bookings.spans import offset_minutes


def fill_line(line: Line, answer: Answer) -> None:
    """Write a judged wish on its line: spans, the owner's zone and day, frozen terms."""
    ask = answer.ask
    line.borrower_id = ask.borrower
    line.lender_id = ask.resource.owner
    line.units = ask.units
    line.use_starts_at, line.use_ends_at = ask.use.start, ask.use.end
    line.event_starts_at, line.event_ends_at = ask.event.start, ask.event.end
    line.setup_minutes = answer.wish.setup_minutes
    line.strike_minutes = answer.wish.strike_minutes
    line.turnover_minutes = ask.resource.turnover_minutes
    line.zone = ask.resource.zone_name
    line.local_date = ask.event.start.astimezone(ask.resource.zone).date()
    line.starts_offset = offset_minutes(ask.use.start, ask.resource.zone)
    line.ends_offset = offset_minutes(ask.use.end, ask.resource.zone)
    line.session_id = next((one.share.session for one in ask.demands), None)
    line.second_in_line = answer.wish.second_in_line
    line.waiting = answer.waiting
    line.waiting_since = ask.now if answer.waiting else None
    line.least_units = answer.wish.least_units if answer.waiting else None
    line.handover = ask.resource.handover
    wanted = ask.wanted
    line.wanted_minutes = wanted.minutes if wanted else None
    line.wanted_weekdays = wanted.weekdays if wanted else None
    line.wanted_from_minute = wanted.from_minute if wanted else None
    line.wanted_until_minute = wanted.until_minute if wanted else None
    line.terms, line.shown = frozen(ask)
