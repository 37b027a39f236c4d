"""A repetition: a rule, the dates left out of it and put into it, a time of day. No Django here.

Days are local days of the owner, minutes are on the owner's wall clock: 18:00 stays 18:00 over a clock change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from .rule import Rule, RuleRefused, canonical, expand, parse

NO_HOLIDAYS: Mapping[date, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Repetition:
    """What repeats when. Made by `reading.read_repetition` or `plain.repetition_of`, which refuse what cannot be meant.

    `rule` is canonical text (see `rule`) whose dates begin at `first_on`. `starts_minute` counts from local midnight
    (0 to 1439), `length_minutes` is wall time and may run over midnight. `exceptions` are dates left out, whether
    the rule has them or not; `additions` are dates put in, also on holidays. No date is in both. `skip_holidays` means
    public holidays, `skip_school_holidays` those of schools.
    """

    rule: str
    first_on: date
    starts_minute: int
    length_minutes: int
    exceptions: frozenset[date] = frozenset()
    additions: frozenset[date] = frozenset()
    skip_holidays: bool = False
    skip_school_holidays: bool = False

    def __post_init__(self) -> None:
        if self.exceptions & self.additions:
            raise ValueError("a date is either left out or put in")

    @property
    def parts(self) -> Rule:
        return parse(self.rule, first_on=self.first_on)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A date that stands, by the `rule` or as an `addition`; `holiday` is its name where it is a public holiday."""

    local_date: date
    kind: Literal["rule", "addition"]
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A date of the rule that does not stand, and why; `holiday` is the name of the holiday."""

    local_date: date
    reason: Literal["exception", "public_holiday", "school_holiday"]
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """All dates of a repetition, each list in order. `idle` are exceptions that the rule does not have anyway."""

    occurrences: tuple[Occurrence, ...]
    left_out: tuple[LeftOut, ...]
    idle: tuple[date, ...]


def years(repetition: Repetition) -> list[int]:
    """The years that its rule has dates in."""
    return sorted({day.year for day in expand(repetition.parts, first_on=repetition.first_on)})


def dates(
    repetition: Repetition,
    *,
    holidays: Mapping[date, str] = NO_HOLIDAYS,
    school_holidays: Mapping[date, str] = NO_HOLIDAYS,
) -> Dates:
    """What stands and what is left out. `holidays` are public holidays by local date, with their names.

    Each date stands once. A date left out by hand is an exception also where it is a holiday.
    """
    by_rule = expand(repetition.parts, first_on=repetition.first_on)
    stands: dict[date, Occurrence] = {}
    left_out: list[LeftOut] = []
    for day in by_rule:
        put_in = day in repetition.additions
        if day in repetition.exceptions:
            left_out.append(LeftOut(day, "exception"))
        elif repetition.skip_holidays and day in holidays:
            if not put_in:
                left_out.append(LeftOut(day, "public_holiday", holidays[day]))
        elif repetition.skip_school_holidays and day in school_holidays:
            if not put_in:
                left_out.append(LeftOut(day, "school_holiday", school_holidays[day]))
        else:
            stands[day] = Occurrence(day, "rule", holidays.get(day, ""))
    for day in repetition.additions - stands.keys():
        stands[day] = Occurrence(day, "addition", holidays.get(day, ""))
    return Dates(
        occurrences=tuple(stands[day] for day in sorted(stands)),
        left_out=tuple(left_out),
        idle=tuple(sorted(repetition.exceptions.difference(by_rule))),
    )


def split(repetition: Repetition, on: date) -> tuple[Repetition | None, Repetition | None]:
    """What ends before `on`, and what begins with it ("this and following"); None where there is no date.

    Together they have the dates of the whole, whatever the holidays: a COUNT is divided, an UNTIL kept by the second,
    exceptions and additions go to their side. A side that has only additions "repeats" the first of them, once.
    """
    rule = repetition.parts
    by_rule = expand(rule, first_on=repetition.first_on)
    before = [day for day in by_rule if day < on]
    after = [day for day in by_rule if day >= on]
    if rule.until:
        first, second = replace(rule, until=min(rule.until, on - timedelta(days=1))), rule
    else:
        first, second = replace(rule, count=len(before)), replace(rule, count=len(after))
    return (
        _side(repetition, before, first, before=on),
        # It begins at a date of the rule, so that "every second week" stays in step.
        _side(repetition, after, second, since=on),
    )


def shifted(repetition: Repetition, days: int) -> Repetition:
    """Every date of it `days` later (or earlier), each for each: another day of the week keeps all else.

    Days of a month cannot be moved together, for months are not equally long. Raises `RuleRefused`.
    """
    if not days:
        return repetition
    rule = repetition.parts
    if rule.frequency == "MONTHLY":
        raise RuleRefused("rule_not_shifted", "FREQ")
    by = timedelta(days=days)
    moved = replace(
        rule,
        until=rule.until + by if rule.until else None,
        weekdays=tuple(sorted((one + days) % 7 for one in rule.weekdays)),
        # The weeks move along, so that "every second week" stays in step.
        week_start=(rule.week_start + days) % 7,
    )
    first_on = repetition.first_on + by
    return replace(
        repetition,
        rule=str(canonical(moved, first_on=first_on)),
        first_on=first_on,
        exceptions=frozenset(day + by for day in repetition.exceptions),
        additions=frozenset(day + by for day in repetition.additions),
    )


def _side(
    whole: Repetition,
    by_rule: list[date],
    rule: Rule,
    *,
    since: date = date.min,
    before: date = date.max,
) -> Repetition | None:
    """What of `whole` lies from `since` until `before` (exclusive), `by_rule` being its dates and `rule` their rule."""
    additions = frozenset(day for day in whole.additions if since <= day < before)
    exceptions = frozenset(day for day in whole.exceptions if since <= day < before)
    if not additions and exceptions.issuperset(by_rule):
        return None
    if not by_rule:
        first_on, rule = min(additions), Rule("DAILY", count=1)
    else:
        first_on = by_rule[0] if since > whole.first_on else whole.first_on
    return replace(
        whole,
        rule=str(canonical(rule, first_on=first_on)),
        first_on=first_on,
        exceptions=exceptions,
        additions=additions,
    )
