"""A wish that repeats, and the wishes it is made of: one for each of its dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bookings.spans import Span
from bookings.wishes import Errors, LineWish, check_around_use, check_line
from cooperative.errors import Sentence

from .clock import ClockTrouble, Timed, timed
from .repetition import NO_HOLIDAYS, Dates, Repetition, dates

NOTHING_MOVED: Mapping[date, Span] = MappingProxyType({})


class Holidays(NamedTuple):
    """Public and school holidays of a place by local date, with their names."""

    public: Mapping[date, str] = NO_HOLIDAYS
    school: Mapping[date, str] = NO_HOLIDAYS


NONE = Holidays()


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """One resource again and again. The repetition's times are those of use on the owner's wall clock, without set-up
    and strike; `event_starts_minute` (from midnight of the date) and `event_length_minutes` where the event is shorter.

    `moved` gives single dates a time of their own (UTC, without set-up and strike), on that day or another. With
    `one_answer` the owner answers all dates at once; with `watch_skipped` those that are taken are watched. `place` is
    where the series stands among all that is asked for, from 0.
    """

    resource: UUID
    repetition: Repetition
    units: int = 1
    setup_minutes: int = 0
    strike_minutes: int = 0
    event_starts_minute: int | None = None
    event_length_minutes: int | None = None
    second_in_line: bool = False
    one_answer: bool = False
    watch_skipped: bool = True
    moved: Mapping[date, Span] = field(default_factory=lambda: NOTHING_MOVED)
    place: int = 0


@dataclass(frozen=True, slots=True)
class TroubledDate:
    """A date that cannot be meant as it is: the clock skips its time or shows it twice, or it is too short or long.

    Of the latter only `code` and `message` are there.
    """

    on: date
    code: str
    message: Sentence
    clock: ClockTrouble | None = None


@dataclass(frozen=True, slots=True)
class Unfolded:
    """`lines` in order of their dates, each with `series_on` and `place`; the dates that are none, and why."""

    lines: tuple[LineWish, ...]
    troubled: tuple[TroubledDate, ...]
    dates: Dates


def check_series(series: SeriesWish, errors: Errors, at: str) -> None:
    """What holds for every date alike. That of the rule itself was refused when it was read."""
    check_around_use(series, errors, at)
    starts, length = series.event_starts_minute, series.event_length_minutes
    whole = series.repetition
    outside = _("The event lies outside the time of use.")
    if (starts is None) != (length is None):
        errors.check(False, f"{at}event_starts_at", outside)
    elif starts is not None and length is not None:
        within = (
            whole.starts_minute - series.setup_minutes <= starts
            and starts + length
            <= whole.starts_minute + whole.length_minutes + series.strike_minutes
        )
        errors.check(within and length > 0, f"{at}event_starts_at", outside)


def unfold(series: SeriesWish, number: int, zone: ZoneInfo, holidays: Holidays = NONE) -> Unfolded:
    """The dates of `series` in `zone`, the owner's; `number` is its index among the series of the request."""
    found = dates(series.repetition, holidays=holidays.public, school_holidays=holidays.school)
    lines: list[LineWish] = []
    troubled: list[TroubledDate] = []
    for one in found.occurrences:
        made = _line(series, one.local_date, zone)
        if isinstance(made, TroubledDate):
            troubled.append(made)
        else:
            lines.append(replace(made, series=number))
    return Unfolded(tuple(lines), tuple(troubled), found)


def _line(series: SeriesWish, on: date, zone: ZoneInfo) -> LineWish | TroubledDate:
    own = series.moved.get(on)
    use = timed(series.repetition, on, zone) if own is None else Timed(on, own)
    event = _event(series, on, zone) if own is None else None
    event = event or use
    if use.span is None or event.span is None:
        trouble = (*use.troubles, *event.troubles)[0]
        return TroubledDate(on, f"time_{trouble.reason}", trouble.message, trouble)
    line = LineWish(
        resource=series.resource,
        starts_at=use.span.start,
        ends_at=use.span.end,
        event_starts_at=None if event is use else event.span.start,
        event_ends_at=None if event is use else event.span.end,
        units=series.units,
        setup_minutes=series.setup_minutes,
        strike_minutes=series.strike_minutes,
        second_in_line=series.second_in_line,
        series_on=on,
        place=series.place,
    )
    errors = Errors()
    check_line(line, errors, "")
    for sentence in errors.found.values():
        code = next((one for one in errors.codes if one), "dates_out_of_range")
        return TroubledDate(on, code, _first(sentence))
    return line


def _event(series: SeriesWish, on: date, zone: ZoneInfo) -> Timed | None:
    """The event, where it has a time of its own."""
    if series.event_starts_minute is None or series.event_length_minutes is None:
        return None
    shown = replace(
        series.repetition,
        starts_minute=series.event_starts_minute,
        length_minutes=series.event_length_minutes,
    )
    return timed(shown, on, zone)


def _first(sentence: Sentence | Sequence[Sentence]) -> Sentence:
    return sentence[0] if isinstance(sentence, list) else sentence  # type: ignore[return-value]
