"""A repetition in one sentence, in the reader's language.

`every Tuesday 17:00–20:00 until 29 June 2027, not on public holidays, not on 4 May, plus 5 May`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.utils.dateformat import format as date_words
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from .repetition import LeftOut, Repetition
from .rule import Nth, Rule, expand
from .weekday_words import EVERY, EVERY_SECOND, IS, NUMBERED, ON, ORDINALS, PLURAL

_MOST_NAMED = 6
_MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


def sentence(repetition: Repetition) -> str:
    """All that a reader needs to know, without the dates one by one.

    Public holidays are named only where they are left out. A rule on a day that some months lack says so.
    """
    rule = repetition.parts
    by_rule = expand(rule, first_on=repetition.first_on)
    days = _Days()
    clauses = [_when(repetition, rule, days.say(rule.until or by_rule[0]))]
    if repetition.skip_holidays:
        clauses.append(_("not on public holidays"))
    if repetition.skip_school_holidays:
        clauses.append(_("not in school holidays"))
    if repetition.exceptions:
        clauses.append(_("not on %(days)s") % {"days": days.row(repetition.exceptions)})
    # What the rule has anyway is news only where it might be a holiday.
    skipping = repetition.skip_holidays or repetition.skip_school_holidays
    said = set() if skipping and len(by_rule) > 1 else set(by_rule)
    if additions := repetition.additions - said:
        clauses.append(_("plus %(days)s") % {"days": days.row(additions)})
    return ", ".join(clauses)


def left_out_words(left_out: LeftOut) -> str:
    """A date that does not stand and why: `3 May – Constitution Day`."""
    day = _said(left_out.local_date, "j E")
    if left_out.reason == "exception":
        return _("%(day)s – left out") % {"day": day}
    unnamed = _("public holiday") if left_out.reason == "public_holiday" else _("school holidays")
    return f"{day} – {left_out.holiday or unnamed}"


class _Days:
    """Days in the order in which they are read: the year is said where it is another than that of the day before."""

    def __init__(self) -> None:
        self._year: int | None = None

    def say(self, day: date) -> str:
        known, self._year = self._year, day.year
        return _said(day, "j E" if day.year == known else "j E Y")

    def row(self, days: Iterable[date]) -> str:
        """All of them, or of many the first few and how many more."""
        ordered = sorted(days)
        if len(ordered) <= _MOST_NAMED:
            return _all(map(self.say, ordered))
        named = ", ".join(map(self.say, ordered[: _MOST_NAMED - 1]))
        left = len(ordered) - _MOST_NAMED + 1
        return ngettext("%(days)s and %(count)d more", "%(days)s and %(count)d more", left) % {
            "days": named,
            "count": left,
        }


def _said(day: date, pattern: str) -> str:
    german = (get_language() or "").startswith("de")
    return date_words(day, pattern.replace("j", "j.") if german else pattern)


def _all(items: Iterable[object]) -> str:
    """`a, b and c`."""
    *some, last = map(str, items)
    return _("%(some)s and %(last)s") % {"some": ", ".join(some), "last": last} if some else last


def _any(items: Iterable[object]) -> str:
    """`a, b or c`."""
    *some, last = map(str, items)
    return _("%(some)s or %(last)s") % {"some": ", ".join(some), "last": last} if some else last


def _when(repetition: Repetition, rule: Rule, day: str) -> str:
    """On which days, at what time, how long: `day` is the last day of an UNTIL, else the first date."""
    hours = _hours(repetition.starts_minute, repetition.length_minutes)
    if rule.until:
        values = {"days": _on(rule), "hours": hours, "last": day}
        return _("%(days)s %(hours)s until %(last)s") % values
    count = rule.count or 1
    if count == 1:
        return _("%(day)s, %(hours)s") % {"day": day, "hours": hours}
    return ngettext(
        "%(days)s %(hours)s, %(count)d time from %(first)s",
        "%(days)s %(hours)s, %(count)d times from %(first)s",
        count,
    ) % {"days": _on(rule), "hours": hours, "count": count, "first": day}


def _hours(starts: int, length: int) -> str:
    """Minutes of the day in words; an end on a later day says which."""
    if starts == 0 and length % 1440 == 0:
        count = length // 1440
        if count == 1:
            return _("all day")
        return ngettext("for %(count)d whole day", "for %(count)d whole days", count) % {
            "count": count
        }
    later, ends = divmod(starts + length - 1, 1440)
    span = f"{_clock(starts)}–{_clock(ends + 1)}"
    if later == 0:
        return span
    if later == 1:
        return _("%(span)s the next day") % {"span": span}
    return ngettext("%(span)s (%(count)d day later)", "%(span)s (%(count)d days later)", later) % {
        "span": span,
        "count": later,
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _on(rule: Rule) -> str:
    """How often and on which days."""
    if rule.frequency == "DAILY":
        return _every_days(rule.interval)
    if rule.frequency == "WEEKLY":
        return _in_weeks(rule)
    return _in_months(rule)


def _every_days(interval: int) -> str:
    if interval == 1:
        return _("every day")
    if interval == 2:
        return _("every second day")
    return ngettext("every %(count)d day", "every %(count)d days", interval) % {"count": interval}


def _in_weeks(rule: Rule) -> str:
    if rule.interval == 1 and rule.weekdays == _MONDAY_TO_FRIDAY:
        return _("every day from Monday to Friday")
    if rule.interval == 1 and len(rule.weekdays) == 7:
        return _("every day")
    if rule.interval == 1 and len(rule.weekdays) == 1:
        return str(EVERY[rule.weekdays[0]])
    if rule.interval == 1:
        return _on_weekdays(rule.weekdays)
    values = {"days": _on_weekdays(rule.weekdays), "count": rule.interval}
    if rule.interval == 2 and len(rule.weekdays) == 1:
        words = str(EVERY_SECOND[rule.weekdays[0]])
    elif rule.interval == 2:
        words = _("every second week %(days)s") % values
    else:
        words = (
            ngettext(
                "every %(count)d week %(days)s", "every %(count)d weeks %(days)s", rule.interval
            )
            % values
        )
    if rule.week_start:
        return _("%(words)s (first day of the week: %(day)s)") % {
            "words": words,
            "day": IS[rule.week_start],
        }
    return words


def _on_weekdays(weekdays: Sequence[int]) -> str:
    return _all([ON[weekdays[0]], *(PLURAL[one] for one in weekdays[1:])])


def _in_months(rule: Rule) -> str:
    values = {"days": _days_of_month(rule), "count": rule.interval}
    if rule.interval == 1:
        words = _("%(days)s of each month") % values
    elif rule.interval == 2:
        words = _("every second month %(days)s") % values
    else:
        words = (
            ngettext(
                "every %(count)d month %(days)s", "every %(count)d months %(days)s", rule.interval
            )
            % values
        )
    if lacking := _lacking(rule):
        words = f"{words} ({lacking})"
    if rule.positions:
        only = _counted(rule.weekdays)
        return _("%(words)s, counting only %(days)s,") % {"words": words, "days": only}
    if rule.weekdays and rule.month_days:
        named = _any(IS[one] for one in rule.weekdays)
        return _("%(words)s, if that is a %(days)s,") % {"words": words, "days": named}
    return words


def _counted(weekdays: tuple[int, ...]) -> str:
    if weekdays == _MONDAY_TO_FRIDAY:
        return _("Monday to Friday")
    return _all(PLURAL[one] for one in weekdays)


def _days_of_month(rule: Rule) -> str:
    if rule.nth:
        groups = [_numbered(list(group)) for _day, group in groupby(rule.nth, lambda n: n.weekday)]
        # "first and last Sunday" would not be told apart in a row with another "and".
        named = ", ".join(groups) if len(groups) < len(rule.nth) else _all(groups)
        return pgettext("days of the week", "on the %(days)s") % {"days": named}
    numbers = rule.positions or rule.month_days
    if not numbers:
        return _on_weekdays(rule.weekdays)
    values = {"days": _all(map(_number, numbers))}
    if rule.positions or numbers[-1] < 0:
        return _("on the %(days)s day") % values
    return pgettext("days of the month", "on the %(days)s") % values


def _numbered(group: Sequence[Nth]) -> str:
    """`first and last Sunday`: one day of the week and its numbers."""
    weekday = group[0].weekday
    ordinals = _all(ORDINALS[weekday][one.ordinal] for one in group)
    return f"{ordinals} {NUMBERED[weekday]}"


def _number(number: int) -> str:
    """A day of the month by its number: `15th`, `last`."""
    if number == -1:
        return pgettext("day of the month", "last")
    if number == -2:
        return pgettext("day of the month", "second-to-last")
    if number < 0:
        return pgettext("day of the month", "%(day)s-to-last") % {"day": _number(-number)}
    ending = 4 if number in {11, 12, 13} else min((number - 1) % 10 + 1, 4)
    return {
        1: pgettext("day of the month", "%(day)dst"),
        2: pgettext("day of the month", "%(day)dnd"),
        3: pgettext("day of the month", "%(day)drd"),
        4: pgettext("day of the month", "%(day)dth"),
    }[ending] % {"day": number}


def _lacking(rule: Rule) -> str:
    """Where some months have no such day: that they are left out."""
    scarce = [one for one in rule.month_days if abs(one) > 28]
    if scarce and min(scarce) > 0:
        named = _any(map(_number, scarce))
        if len(scarce) == len(rule.month_days):
            return _("in months that have a %(days)s") % {"days": named}
        return _("the %(days)s only in months that have it") % {"days": named}
    few = any(abs(one.ordinal) == 5 for one in rule.nth)
    far = any(abs(one) > 4 * len(rule.weekdays) for one in rule.positions)
    return _("in months that have such a day") if scarce or few or far else ""
