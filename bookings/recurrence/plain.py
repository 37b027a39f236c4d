"""A repetition as a form asks for it: every so many days, weeks or months, on which days, until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from bookings.wishes import Errors

from .reading import check_around, check_dates
from .repetition import NO_HOLIDAYS, Repetition
from .rule import MOST_DATES, MOST_INTERVAL, Frequency, Nth, Rule, canonical

Every = Literal["day", "week", "month"]
_FREQUENCY: Mapping[Every, Frequency] = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
_EVERY: Mapping[Frequency, Every] = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}


@dataclass(frozen=True, slots=True)
class PlainRepetition:
    """What a form has; days are local, minutes on the wall clock, days of the week count from 0 = Monday.

    A week repeats on `weekdays`; a month on `month_day` (1 to 31, -1 the last) or on the `nth` (1 to 5, -1 the last) of
    `nth_weekday`. Left empty it is the day of `first_on`. It ends with the day `until` or after so many `times`,
    dates that are left out counted.
    """

    every: Every
    first_on: date
    starts_minute: int
    length_minutes: int
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    month_day: int | None = None
    nth: int | None = None
    nth_weekday: int | None = None
    until: date | None = None
    times: int | None = None
    exceptions: frozenset[date] = frozenset()
    additions: frozenset[date] = frozenset()
    skip_holidays: bool = False
    skip_school_holidays: bool = False


def repetition_of(
    plain: PlainRepetition, *, holidays: Mapping[date, str] = NO_HOLIDAYS
) -> Repetition:
    """What the form says. `holidays` (public ones) count only for whether a date is left.

    Raises `Invalid`, its `errors` named as the fields of `plain`.
    """
    errors = Errors()
    check_around(
        errors,
        first_on=plain.first_on,
        starts_minute=plain.starts_minute,
        length_minutes=plain.length_minutes,
        exceptions=plain.exceptions,
        additions=plain.additions,
    )
    _check_days(errors, plain)
    _check_end(errors, plain)
    errors.refuse()
    nth: tuple[Nth, ...] = ()
    if plain.nth is not None and plain.nth_weekday is not None:
        nth = (Nth(plain.nth, plain.nth_weekday),)
    rule = Rule(
        _FREQUENCY[plain.every],
        interval=plain.interval,
        count=plain.times,
        until=plain.until,
        weekdays=tuple(sorted(plain.weekdays)),
        nth=nth,
        month_days=() if plain.month_day is None else (plain.month_day,),
    )
    asked = Repetition(
        str(canonical(rule, first_on=plain.first_on)),
        plain.first_on,
        plain.starts_minute,
        plain.length_minutes,
        plain.exceptions,
        plain.additions,
        plain.skip_holidays,
        plain.skip_school_holidays,
    )
    check_dates(errors, asked, holidays=holidays, field="until" if plain.until else "times")
    errors.refuse()
    return asked


def _check_days(errors: Errors, plain: PlainRepetition) -> None:
    errors.check(
        1 <= plain.interval <= MOST_INTERVAL,
        "interval",
        _("Give a number from 1 to 366."),
        "rule_interval",
    )
    strange = _("There is no such day.")
    errors.check(plain.weekdays <= set(range(7)), "weekdays", strange, "rule_value")
    errors.check(plain.month_day in {None, -1, *range(1, 32)}, "month_day", strange, "rule_value")
    errors.check(plain.nth in {None, -1, *range(1, 6)}, "nth", strange, "rule_value")
    errors.check(plain.nth_weekday in {None, *range(7)}, "nth_weekday", strange, "rule_value")
    errors.check(
        plain.every == "week" or not plain.weekdays,
        "weekdays",
        _("Days of the week go with every week only."),
        "rule_parts_mixed",
    )
    for name in ("month_day", "nth", "nth_weekday"):
        errors.check(
            plain.every == "month" or getattr(plain, name) is None,
            name,
            _("This goes with every month only."),
            "rule_parts_mixed",
        )
    errors.check(
        plain.month_day is None or plain.nth is None,
        "nth",
        _("Choose either the day of the month or the day of the week."),
        "rule_parts_mixed",
    )
    errors.check(
        (plain.nth is None) == (plain.nth_weekday is None),
        "nth",
        _("Choose which one and the day of the week."),
        "rule_parts_mixed",
    )


def _check_end(errors: Errors, plain: PlainRepetition) -> None:
    errors.check(
        plain.until is not None or plain.times is not None,
        "until",
        _("Say when it ends: on a day, or after how many times."),
        "rule_without_end",
    )
    errors.check(
        plain.until is None or plain.times is None,
        "times",
        _("Choose either the last day or how many times."),
        "rule_count_and_until",
    )
    errors.check(
        plain.times is None or 1 <= plain.times <= MOST_DATES,
        "times",
        _("Give a number from 1 to 366."),
        "rule_count",
    )


def plain_of(repetition: Repetition) -> PlainRepetition | None:
    """What a form shows of `repetition`; None where it says more than a form can."""
    rule = repetition.parts
    numbered = [*rule.month_days, *(one.ordinal for one in rule.nth)]
    richer = rule.frequency == "MONTHLY" and (rule.weekdays or len(numbered) > 1)
    if richer or rule.week_start or any(number < -1 for number in numbered):
        return None
    nth = rule.nth[0] if rule.nth else None
    return PlainRepetition(
        every=_EVERY[rule.frequency],
        first_on=repetition.first_on,
        starts_minute=repetition.starts_minute,
        length_minutes=repetition.length_minutes,
        interval=rule.interval,
        weekdays=frozenset(rule.weekdays),
        month_day=rule.month_days[0] if rule.month_days else None,
        nth=nth.ordinal if nth else None,
        nth_weekday=nth.weekday if nth else None,
        until=rule.until,
        times=rule.count,
        exceptions=repetition.exceptions,
        additions=repetition.additions,
        skip_holidays=repetition.skip_holidays,
        skip_school_holidays=repetition.skip_school_holidays,
    )
