"""Series as they are stored, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bookings.models import Booking, Series, Watch
from bookings.recurrence import Dates, Repetition
from bookings.recurrence.wish import SeriesWish
from bookings.services.judging import Answer, can_wait


def series_row(
    wish: SeriesWish,
    *,
    resource: int,
    zone: str,
    dates: Dates,
    by: int | None,
    now: datetime,
    booking: Booking | None = None,
    follows: Series | None = None,
) -> Series:
    """A new row for `wish`; `resource` and `by` are database ids, `zone` the owner's."""
    row = Series(
        booking=booking,
        resource_id=resource,
        zone=zone,
        event_starts_minute=wish.event_starts_minute,
        event_length_minutes=wish.event_length_minutes,
        setup_minutes=wish.setup_minutes,
        strike_minutes=wish.strike_minutes,
        units=wish.units,
        one_answer=wish.one_answer,
        created_at=now,
        created_by_id=by,
        follows=follows,
    )
    write_repetition(row, wish.repetition, dates)
    return row


def write_repetition(row: Series, repetition: Repetition, dates: Dates) -> None:
    """Put the repetition and its last date on its row."""
    row.rule = repetition.rule
    row.first_on = repetition.first_on
    row.starts_minute = repetition.starts_minute
    row.length_minutes = repetition.length_minutes
    row.whole_days = repetition.starts_minute == 0 and repetition.length_minutes % 1440 == 0
    row.exceptions = _texts(repetition.exceptions)
    row.additions = _texts(repetition.additions)
    row.skips_public_holidays = repetition.skip_holidays
    row.skips_school_holidays = repetition.skip_school_holidays
    row.until_on = dates.occurrences[-1].local_date if dates.occurrences else None


def worth_watching(answer: Answer, now: datetime) -> bool:
    """Whether a date that could not be had may still come free: others are in the way, and nothing else."""
    return can_wait(answer.ask, answer.reasons) and answer.ask.use.start > now


def watch_row(answer: Answer, *, booking: Booking, series: Series | None, now: datetime) -> Watch:
    """A date that was asked for and is taken, waiting from now on."""
    ask = answer.ask
    return Watch(
        booking=booking,
        series=series,
        resource_id=ask.resource.id,
        lender_id=ask.resource.owner,
        borrower_id=ask.borrower,
        units=ask.units,
        use_starts_at=ask.use.start,
        use_ends_at=ask.use.end,
        event_starts_at=ask.event.start,
        event_ends_at=ask.event.end,
        setup_minutes=answer.wish.setup_minutes,
        strike_minutes=answer.wish.strike_minutes,
        turnover_minutes=ask.resource.turnover_minutes,
        zone=ask.resource.zone_name,
        local_date=ask.event.start.astimezone(ask.resource.zone).date(),
        waiting_since=now,
        state_since=now,
    )


def _texts(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
