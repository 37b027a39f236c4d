"""A repetition as programs send it, and the sentence for every rule that is not taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, timedelta, tzinfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bookings.spans import LONGEST, SHORTEST
from bookings.wishes import Errors

from .repetition import NO_HOLIDAYS, Repetition, dates
from .rule import MOST_DATES, RuleRefused, expand, parse

# A day from the ends of the time we know: in UTC a local day lies partly in the one before or after.
_FIRST, _LAST = date(2000, 1, 2), date(2199, 12, 30)

_SENTENCES = {
    "rule_malformed": _("A rule is written as FREQ=WEEKLY;BYDAY=TU;COUNT=10."),
    "rule_too_long": _("A rule has at most 500 characters."),
    "rule_without_frequency": _("FREQ is missing: DAILY, WEEKLY or MONTHLY."),
    "rule_frequency": _("Repeat by days, weeks or months: FREQ is DAILY, WEEKLY or MONTHLY."),
    "rule_part_unknown": _("A rule has no part {part}."),
    "rule_part_not_taken": _("We do not take rules with {part}."),
    "rule_part_twice": _("{part} stands twice in the rule."),
    "rule_interval": _("INTERVAL is a number from 1 to 366."),
    "rule_count": _("COUNT is a number from 1 to 366."),
    "rule_until": _("The last day is written as UNTIL=20270629."),
    "rule_count_and_until": _("Either COUNT or UNTIL says when it ends, not both."),
    "rule_without_end": _("When does it end? Add UNTIL=20270629 or COUNT=10."),
    "rule_value": _("{part} cannot be {value}."),
    "rule_value_twice": _("The same stands twice in {part}."),
    "rule_parts_mixed": _("{part} does not go with the other parts of this rule."),
}
NO_DATES = _("There is no date in this.")
_TOO_MANY = _("These are more than 366 dates. Please let it end sooner.")
_OUT_OF_RANGE = _("Give a date between 2000 and 2199.")


def read_repetition(
    *,
    rule: object,
    first_on: date,
    starts_minute: int,
    length_minutes: int,
    exceptions: Iterable[date] = (),
    additions: Iterable[date] = (),
    skip_holidays: bool = False,
    skip_school_holidays: bool = False,
    holidays: Mapping[date, str] = NO_HOLIDAYS,
    zone: tzinfo = UTC,
) -> Repetition:
    """A repetition from an RRULE (see `rule`) and what stands beside it: local days, minutes on the wall clock.

    An UNTIL with `Z` is read in `zone`, the owner's. `holidays` (public ones) count only for whether a date is left.
    Raises `Invalid`, its `errors` named as the arguments.
    """
    errors = Errors()
    left_out, put_in = frozenset(exceptions), frozenset(additions)
    check_around(
        errors,
        first_on=first_on,
        starts_minute=starts_minute,
        length_minutes=length_minutes,
        exceptions=left_out,
        additions=put_in,
    )
    text = ""
    try:
        text = str(parse(rule, first_on=first_on, starts_minute=starts_minute, zone=zone))
    except RuleRefused as refused:
        sentence = format_lazy(_SENTENCES[refused.code], part=refused.part, value=refused.value)
        errors.check(False, "rule", sentence, refused.code)
    errors.refuse()
    read = Repetition(
        text,
        first_on,
        starts_minute,
        length_minutes,
        left_out,
        put_in,
        skip_holidays,
        skip_school_holidays,
    )
    check_dates(errors, read, holidays=holidays, field="rule")
    errors.refuse()
    return read


def check_around(
    errors: Errors,
    *,
    first_on: date,
    starts_minute: int,
    length_minutes: int,
    exceptions: frozenset[date],
    additions: frozenset[date],
) -> None:
    """What stands beside a rule: days of the years we know, a time of day, 5 minutes to 366 days."""
    errors.check(_known(first_on), "first_on", _OUT_OF_RANGE, "dates_out_of_range")
    errors.check(
        0 <= starts_minute < 1440,
        "starts_minute",
        _("A day has the times from 00:00 to 24:00."),
        "time_malformed",
    )
    shortest, longest = _("The shortest time is 5 minutes."), _("The longest time is 366 days.")
    minute = timedelta(minutes=1)
    errors.check(length_minutes >= SHORTEST // minute, "length_minutes", shortest, "span_too_short")
    errors.check(length_minutes <= LONGEST // minute, "length_minutes", longest, "span_too_long")
    for field, days in (("exceptions", exceptions), ("additions", additions)):
        errors.check(len(days) <= MOST_DATES, field, _TOO_MANY, "too_many_dates")
        errors.check(all(map(_known, days)), field, _OUT_OF_RANGE, "dates_out_of_range")
    errors.check(
        not exceptions & additions,
        "additions",
        _("The same date is left out and added."),
        "date_left_out_and_added",
    )


def check_dates(
    errors: Errors, repetition: Repetition, *, holidays: Mapping[date, str], field: str
) -> None:
    """At least one date, at most 366, all of them in the years we know; `field` is blamed."""
    rule = repetition.parts
    by_rule = expand(rule, first_on=repetition.first_on)
    if not errors.check(bool(by_rule), field, NO_DATES, "no_dates"):
        return
    if not errors.check(len(by_rule) <= MOST_DATES, field, _TOO_MANY, "too_many_dates"):
        return
    stand = dates(repetition, holidays=holidays).occurrences
    errors.check(bool(stand), field, NO_DATES, "no_dates")
    errors.check(len(stand) <= MOST_DATES, field, _TOO_MANY, "too_many_dates")
    days_long = timedelta(minutes=repetition.starts_minute + repetition.length_minutes)
    last = max(*by_rule, *repetition.additions, rule.until or repetition.first_on)
    whole = not rule.count or len(by_rule) == rule.count
    errors.check(
        whole and last <= _LAST - days_long,
        field,
        _OUT_OF_RANGE,
        "dates_out_of_range",
    )


def _known(day: date) -> bool:
    return _FIRST <= day <= _LAST
