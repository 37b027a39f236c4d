"""Series as they are stored, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bookings.models import Booking, Line, Series, Watch
from bookings.recurrence import Dates, Repetition
from bookings.recurrence.wish import SeriesWish
from bookings.services.judging.answers import Answer, can_wait
from bookings.services.scene import Scene
from bookings.spans import offset_minutes
from bookings.wishes import BookingWish


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


def name_dates(
    scene: Scene,
    answered: Sequence[tuple[Answer, Line]],
    *,
    wish: BookingWish,
    dates: Sequence[Dates],
    booking: Booking,
    rows: dict[int, Series],
) -> set[int]:
    """Store the series of `wish`, name them on their lines, and watch the dates that are taken.

    `rows` are series that are there already, by index; the others are added. Gives the indexes of the lines watched.
    """
    watched: set[int] = set()
    for answer, line in answered:
        number = answer.wish.series
        if number is None:
            continue
        if number not in rows:
            rows[number] = series_row(
                wish.series[number],
                resource=answer.ask.resource.id,
                zone=answer.ask.resource.zone_name,
                dates=dates[number],
                by=scene.by.person if scene.by is not None else None,
                now=scene.now,
                booking=booking,
            )
            scene.series.made.append(rows[number])
        line.series, line.series_on = rows[number], answer.wish.series_on
        wanted = not answer.possible and wish.series[number].watch_skipped
        if wanted and worth_watching(answer, scene.now):
            watched.add(answer.index)
            scene.series.watched.append(
                watch_row(answer, booking=booking, series=rows[number], now=scene.now)
            )
    return watched


def worth_watching(answer: Answer, now: datetime) -> bool:
    """Whether a date that could not be had may still come free: others are in the way, and nothing else. What comes
    along is waited for by lines alone."""
    alone = not answer.ask.resource.comes_with
    return alone and can_wait(answer.reasons) and answer.ask.use.start > now


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
        starts_offset=offset_minutes(ask.use.start, ask.resource.zone),
        ends_offset=offset_minutes(ask.use.end, ask.resource.zone),
        waiting_since=now,
        state_since=now,
    )


def _texts(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
