"""A restricted RRULE (RFC 5545) over local days: read, brought into one form, turned into dates. No Django here.

Taken: FREQ DAILY, WEEKLY or MONTHLY; INTERVAL 1 to 366; an end, either COUNT 1 to 366 or UNTIL; BYDAY, for MONTHLY also
numbered (2TU, -1FR); BYMONTHDAY for MONTHLY; BYSETPOS for MONTHLY with unnumbered BYDAY; WKST. Everything else is
refused: python-dateutil, which counts the dates, disagrees with other programs about some of it, and nobody could say
the rest in a sentence.

A month that lacks the day is left out, as RFC 5545 has it: a rule on the 31st skips April, one on the 29th skips
February of most years, one on the fifth Tuesday skips the months with four.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Literal

from dateutil import rrule

MOST_DATES = 366
MOST_INTERVAL = 366
LONGEST_TEXT = 500
LAST_DAY = date(2199, 12, 31)

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY"]
FREQUENCIES: Mapping[str, Frequency] = {
    "DAILY": "DAILY",
    "WEEKLY": "WEEKLY",
    "MONTHLY": "MONTHLY",
}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DATEUTIL: Mapping[Frequency, Literal[1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
}
_TAKEN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}
_NOT_TAKEN = {
    *("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND"),
    *("RSCALE", "SKIP"),  # RFC 7529
}
# Digits and letters are the ASCII ones: a full-width 7 is a number to Python, and to nobody who sends a rule.
_TEXT = re.compile(r"[A-Za-z0-9=;,+-]*")
_NUMBER = re.compile(r"0*([0-9]{1,4})")
_SIGNED = re.compile(r"([+-]?)0*([0-9]{1,3})")
_WEEKDAY = re.compile(r"(?:([+-]?)0?([1-5]))?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")


class RuleRefused(ValueError):
    """A rule that is not taken. `code` is stable; `part` is the part of the rule it is about, `value` what stood there.

    `reading` has the sentence for each code.
    """

    def __init__(self, code: str, part: str = "", value: str = "") -> None:
        super().__init__(code, part, value)
        self.code, self.part, self.value = code, part, value


@dataclass(frozen=True, slots=True)
class Nth:
    """A numbered day of the week in a month: the second (2) or the last (-1) of `weekday` (0 = Monday)."""

    ordinal: int
    weekday: int

    def __str__(self) -> str:
        return f"{self.ordinal}{WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in its parts; `str()` writes it. Days of the week count from 0 = Monday, negative numbers from the end.

    `positions` (BYSETPOS) number the days of a month that `weekdays` name.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    nth: tuple[Nth, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    def __str__(self) -> str:
        days = [WEEKDAYS[one] for one in self.weekdays] or [str(one) for one in self.nth]
        parts = (
            ("FREQ", self.frequency),
            ("INTERVAL", str(self.interval) if self.interval > 1 else ""),
            ("COUNT", str(self.count or "")),
            ("UNTIL", self.until.isoformat().replace("-", "") if self.until else ""),
            ("BYDAY", ",".join(days)),
            ("BYMONTHDAY", ",".join(map(str, self.month_days))),
            ("BYSETPOS", ",".join(map(str, self.positions))),
            ("WKST", WEEKDAYS[self.week_start] if self.week_start else ""),
        )
        return ";".join(f"{name}={value}" for name, value in parts if value)


def parse(text: object, *, first_on: date, starts_minute: int = 0, zone: tzinfo = UTC) -> Rule:
    """Read a rule whose dates are those from `first_on` on; days that it leaves open are those of `first_on`.

    The value alone, without `RRULE:`. UNTIL names the last day; with a time it is compared with the start of a date,
    `starts_minute` of its local day, a `Z` being read in `zone`. Raises `RuleRefused`.
    """
    parts = _parts(text)
    if "FREQ" not in parts:
        raise RuleRefused("rule_without_frequency", "FREQ")
    if parts["FREQ"] not in FREQUENCIES:
        raise RuleRefused("rule_frequency", "FREQ", parts["FREQ"][:20])
    if refused := sorted(_NOT_TAKEN & parts.keys()):
        raise RuleRefused("rule_part_not_taken", refused[0])
    weekdays, nth = _weekdays(parts)
    rule = Rule(
        FREQUENCIES[parts["FREQ"]],
        interval=_number(parts, "INTERVAL", MOST_INTERVAL) or 1,
        count=_number(parts, "COUNT", MOST_DATES),
        until=_until(parts, starts_minute, zone),
        weekdays=weekdays,
        nth=nth,
        month_days=_signed(parts, "BYMONTHDAY", 31),
        positions=_signed(parts, "BYSETPOS", 31),
        week_start=_week_start(parts),
    )
    return canonical(rule, first_on=first_on)


def _parts(text: object) -> dict[str, str]:
    if not isinstance(text, str) or not text:
        raise RuleRefused("rule_malformed")
    if len(text) > LONGEST_TEXT:
        raise RuleRefused("rule_too_long")
    if not _TEXT.fullmatch(text):
        raise RuleRefused("rule_malformed")
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _equals, value = part.partition("=")
        if not name or not value or "=" in value:
            raise RuleRefused("rule_malformed", name[:20])
        if name not in _TAKEN | _NOT_TAKEN:
            raise RuleRefused("rule_part_unknown", name[:20])
        if name in parts:
            raise RuleRefused("rule_part_twice", name)
        parts[name] = value
    return parts


def _number(parts: Mapping[str, str], name: str, most: int) -> int | None:
    if name not in parts:
        return None
    found = _NUMBER.fullmatch(parts[name])
    if found is None or not 1 <= int(found[1]) <= most:
        raise RuleRefused(f"rule_{name.lower()}", name, parts[name][:20])
    return int(found[1])


def _signed(parts: Mapping[str, str], name: str, most: int) -> tuple[int, ...]:
    numbers: list[int] = []
    for item in parts[name].split(",") if name in parts else ():
        found = _SIGNED.fullmatch(item)
        if found is None or not 1 <= int(found[2]) <= most:
            raise RuleRefused("rule_value", name, item[:20])
        numbers.append(-int(found[2]) if found[1] == "-" else int(found[2]))
    _each_once(name, numbers)
    return tuple(sorted(numbers, key=from_start_to_end))


def _weekdays(parts: Mapping[str, str]) -> tuple[tuple[int, ...], tuple[Nth, ...]]:
    """The plain days of the week and the numbered ones, of which a rule has the one or the other."""
    weekdays: list[int] = []
    nth: list[Nth] = []
    for item in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        found = _WEEKDAY.fullmatch(item)
        if found is None:
            raise RuleRefused("rule_value", "BYDAY", item[:20])
        sign, ordinal, code = found.groups()
        if ordinal is None:
            weekdays.append(WEEKDAYS.index(code))
        else:
            nth.append(Nth(-int(ordinal) if sign == "-" else int(ordinal), WEEKDAYS.index(code)))
    _each_once("BYDAY", weekdays)
    _each_once("BYDAY", nth)
    return (
        tuple(sorted(weekdays)),
        tuple(sorted(nth, key=lambda one: (one.weekday, from_start_to_end(one.ordinal)))),
    )


def _week_start(parts: Mapping[str, str]) -> int:
    code = parts.get("WKST", "MO")
    if code not in WEEKDAYS:
        raise RuleRefused("rule_value", "WKST", code[:20])
    return WEEKDAYS.index(code)


def _each_once(name: str, values: list[int] | list[Nth]) -> None:
    if len(set(values)) < len(values):
        raise RuleRefused("rule_value_twice", name)


def _until(parts: Mapping[str, str], starts_minute: int, zone: tzinfo) -> date | None:
    if "UNTIL" not in parts:
        return None
    found = _UNTIL.fullmatch(parts["UNTIL"])
    try:
        if found is None:
            raise ValueError
        day = datetime.strptime(found[1], "%Y%m%d")  # noqa: DTZ007 - wall clock
        if found[2] is None:
            return day.date()
        last = datetime.combine(day, time.fromisoformat(found[2]))
        if found[3]:
            last = last.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        # A date that starts after the moment named is past it: the last day is then the one before.
        return (last - timedelta(minutes=starts_minute)).date()
    except (ValueError, OverflowError):
        raise RuleRefused("rule_until", "UNTIL", parts["UNTIL"][:20]) from None


def from_start_to_end(number: int) -> tuple[bool, int]:
    """The order in which days of a month are named: 1, 2, ... then from the end ..., -2, -1."""
    return (number < 0, number)


def canonical(rule: Rule, *, first_on: date) -> Rule:
    """The one form of what `rule` says from `first_on` on: nothing left open, nothing without effect.

    Two rules that say the same in different parts (every month on Tuesdays, every week on Tuesday) become one. Raises
    `RuleRefused`.
    """
    _check_end(rule)
    _check_mix(rule)
    in_weeks = rule.frequency == "DAILY" or (rule.frequency == "MONTHLY" and rule.interval == 1)
    if in_weeks and _only_weekdays(rule):
        rule = replace(rule, frequency="WEEKLY")
    elif rule.frequency == "WEEKLY" and not rule.weekdays:
        rule = replace(rule, weekdays=(first_on.weekday(),))
    elif rule.frequency == "MONTHLY" and not (rule.weekdays or rule.nth or rule.month_days):
        rule = replace(rule, month_days=(first_on.day,))
    return rule if _week_start_matters(rule, first_on) else replace(rule, week_start=0)


def _check_end(rule: Rule) -> None:
    if rule.count and rule.until:
        raise RuleRefused("rule_count_and_until", "COUNT")
    if not rule.count and not rule.until:
        raise RuleRefused("rule_without_end", "UNTIL")


def _check_mix(rule: Rule) -> None:
    """Refuse parts that do not go together."""
    if rule.nth and (rule.weekdays or rule.frequency != "MONTHLY"):
        raise RuleRefused("rule_parts_mixed", "BYDAY")
    if rule.frequency == "DAILY" and rule.weekdays and rule.interval > 1:
        raise RuleRefused("rule_parts_mixed", "BYDAY")
    if rule.month_days and (rule.nth or rule.frequency != "MONTHLY"):
        raise RuleRefused("rule_parts_mixed", "BYMONTHDAY")
    if rule.positions:
        if not (rule.frequency == "MONTHLY" and _only_weekdays(replace(rule, positions=()))):
            raise RuleRefused("rule_parts_mixed", "BYSETPOS")
        # Never empty then, which is what keeps dateutil from searching until the year 9999.
        most = 4 * len(rule.weekdays) + _most_of_three_days(rule.weekdays)
        if far := [one for one in rule.positions if abs(one) > most]:
            raise RuleRefused("rule_value", "BYSETPOS", str(far[0]))


def _only_weekdays(rule: Rule) -> bool:
    return bool(rule.weekdays) and not (rule.month_days or rule.positions)


def _most_of_three_days(weekdays: tuple[int, ...]) -> int:
    """How many of `weekdays` fall on the three days that the longest month has beyond four weeks, at most."""
    return max(sum((day + more) % 7 in weekdays for more in range(3)) for day in range(7))


def _week_start_matters(rule: Rule, first_on: date) -> bool:
    """Whether another first day of the week than Monday puts a date into another week than Monday would."""
    if rule.frequency != "WEEKLY" or rule.interval == 1:
        return False
    ahead = [(day - first_on.weekday()) % 7 for day in rule.weekdays]
    given, monday = ((start - first_on.weekday() - 1) % 7 + 1 for start in (rule.week_start, 0))
    return any((days < given) != (days < monday) for days in ahead)


def expand(rule: Rule, *, first_on: date) -> list[date]:
    """The dates of a canonical `rule` from `first_on` until 2199, in order; never more than `MOST_DATES` and one.

    dateutil looks at UNTIL only when it finds a date. DAILY and WEEKLY find one in each step; MONTHLY finds none only
    where months are skipped by whole years, and is then at the end of its calendar after some thousand steps.
    """
    found = rrule.rrule(
        _DATEUTIL[rule.frequency],
        dtstart=datetime.combine(first_on, time.min),
        interval=rule.interval,
        until=datetime.combine(min(rule.until or LAST_DAY, LAST_DAY), time.min),
        byweekday=[rrule.weekday(one) for one in rule.weekdays]
        or [rrule.weekday(one.weekday, one.ordinal) for one in rule.nth]
        or None,
        bymonthday=rule.month_days or None,
        bysetpos=rule.positions or None,
        wkst=rule.week_start,
    )
    return [one.date() for one in islice(found, rule.count or MOST_DATES + 1)]
