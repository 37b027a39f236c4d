"""What repeats in a typed line: how often, on which days of the week, and until when or how many times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from .days import date_at, take_month, weekday_of, weekday_pattern
from .letters import Typed, one_of

Every = Literal["day", "week", "month"]
_UNIT = (
    rf"(?:(?P<day>{one_of('dzień dni day days tag tage день днів дні')})|"
    rf"(?P<week>{one_of('tydzień tygodnie tygodni week weeks woche wochen тиждень тижні тижнів тижня')})|"
    rf"(?P<month>{one_of('miesiąc miesiące miesięcy month months monat monate місяць місяці місяців місяця')}))(?!\w)"
)
_EVERY = one_of(
    "co każdy każdą każdego we_wszystkie every each jede jeden jedes jeder alle кожен кожну кожні кожного кожної"
)
_SECOND = one_of("drugi drugą other second zweiten zweite zwei two dwa другий другу два")
_COUNTED = rf"(?:(?P<count>\d{{1,2}})\.?\s*|(?P<second>{_SECOND})\s+)?"
_BY_UNIT = re.compile(rf"\b(?:w\s+)?{_EVERY}\s+{_COUNTED}{_UNIT}")
_BY_WORD = (
    ("day", "codziennie daily täglich taeglich щодня"),
    ("week", "cotygodniowo tygodniowo weekly wöchentlich woechentlich щотижня"),
    ("month", "comiesięcznie monthly monatlich щомісяця"),
)
_AND = r"\s*(?:,|\+|\b(?:i|oraz|and|und|та|і|й)\b)\s*"
# Said in the plural a day of the week is one that comes again.
_PLURAL = (
    r"(?:\bwe?\s+)?\bponiedziałki\b \bmondays\b \bmontags\b \bщопонеділка\b",
    r"(?:\bwe?\s+)?\bwtorki\b \btuesdays\b \bdienstags\b \bщовівторка\b",
    r"(?:\bwe?\s+)?\bśrody\b \bwednesdays\b \bmittwochs\b \bщосереди\b",
    r"(?:\bwe?\s+)?\bczwartki\b \bthursdays\b \bdonnerstags\b \bщочетверга\b",
    r"(?:\bwe?\s+)?\bpiątki\b \bfridays\b \bfreitags\b \bщоп'ятниці\b",
    r"(?:\bwe?\s+)?\bsoboty\b \bsaturdays\b \bsamstags\b \bщосуботи\b",
    r"(?:\bwe?\s+)?\bniedziele\b \bsundays\b \bsonntags\b \bщонеділі\b",
)
_UNTIL = re.compile(r"\b(?:az\s+)?(?:do|until|till|to|bis|до|по)\s+(?:dnia\s+|zum\s+)?")
_AFTER_HOURS = re.compile(r"\d\s*(?:-|\b(?:do|to|bis|до)\b)\s*\d{1,2}(?:[:.]\d{2})?\s*$")
_TIMES = re.compile(
    rf"\b(?P<times>\d{{1,3}})\s*(?:{one_of('razy raz times mal разів рази')}(?!\w)|x\b(?!\s*\w))"
)
_FOR = re.compile(rf"\b(?:przez|for|fur|протягом)\s+(?P<count>\d{{1,2}})\s*{_UNIT}")


@dataclass(frozen=True, slots=True)
class Repeats:
    """Every so many days, weeks or months; without `until` and `times` nobody said when it ends."""

    every: Every
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    times: int | None = None
    first_on: date | None = None
    """Not before this day, where a month was named: "every Tuesday in March"."""


def take_repeats(typed: Typed, today: date, *, language: str) -> Repeats | None:
    """How it repeats; None where it is once. What has no end is said."""
    found = _by_weekday(typed, language) or _by_plural(typed) or _by_unit(typed)
    if found is None:
        return None
    every, interval, weekdays, place = found
    month = take_month(typed, today)
    times, until = _times(typed), _until(typed, today, after=place)
    lasting = typed.find(_FOR) if until is None and times is None else None
    if lasting is not None:
        until = None
        times = _so_many(lasting, every, interval)
        typed.take(lasting.start(), lasting.end(), "repeat")
    if until is None and times is None and month is not None:
        until = month.last
    if until is None and times is None:
        typed.doubt("no_repeat_end", typed.pieces[-1].text)
    return Repeats(every, interval, weekdays, until, times, month.first if month else None)


_Found = tuple[Every, int, frozenset[int], int]


def _by_weekday(typed: Typed, language: str) -> _Found | None:
    """Every Tuesday; every other Tuesday; every Tuesday and Thursday."""
    day = weekday_pattern(language)
    lead = re.compile(rf"\b(?:we?\s+|у\s+|в\s+)?{_EVERY}\s+{_COUNTED}(?={day})")
    found = typed.find(lead)
    if found is None:
        return None
    one, more = re.compile(day), re.compile(_AND + day)
    named = one.match(typed.left, found.end())
    days, end = set(), found.end()
    while named is not None:
        days.add(weekday_of(named))
        end = named.end()
        named = more.match(typed.left, end)
    typed.take(found.start(), end, "repeat")
    return "week", _interval(found), frozenset(days), found.start()


def _by_plural(typed: Typed) -> _Found | None:
    days: set[int] = set()
    start = len(typed.left)
    for number, words in enumerate(_PLURAL):
        pattern = re.compile("|".join(one_of(word) for word in words.split()))
        found = typed.find(pattern)
        if found is None:
            continue
        days.add(number)
        start = min(start, found.start())
        typed.take(found.start(), found.end(), "repeat")
    return ("week", 1, frozenset(days), start) if days else None


def _by_unit(typed: Typed) -> _Found | None:
    found = typed.find(_BY_UNIT)
    if found is not None:
        typed.take(found.start(), found.end(), "repeat")
        return _every(found), _interval(found), frozenset(), found.start()
    for every, words in _BY_WORD:
        found = typed.take_first(re.compile(rf"\b{one_of(words)}(?!\w)"), "repeat")
        if found is not None:
            return _every_of(every), 1, frozenset(), found.start()
    return None


def _every_of(word: str) -> Every:
    return "day" if word == "day" else "month" if word == "month" else "week"


def _every(found: re.Match[str]) -> Every:
    return "day" if found["day"] else "month" if found["month"] else "week"


def _interval(found: re.Match[str]) -> int:
    return max(1, int(found["count"])) if found["count"] else 2 if found["second"] else 1


def _times(typed: Typed) -> int | None:
    found = typed.find(_TIMES)
    if found is None or not 1 <= int(found["times"]) <= 366:
        return None
    typed.take(found.start(), found.end(), "repeat")
    return int(found["times"])


def _so_many(found: re.Match[str], every: Every, interval: int) -> int:
    """For six weeks, of what is weekly: six times."""
    days = {"day": 1, "week": 7, "month": 30}
    length = int(found["count"]) * days[_every(found)]
    return max(1, length // (days[every] * interval))


def _until(typed: Typed, today: date, *, after: int) -> date | None:
    """The date after "until": the one behind how it repeats first, else any."""
    ends = list(_UNTIL.finditer(typed.left))
    for found in sorted(ends, key=lambda one: (one.start() < after, one.start())):
        before = typed.left[: found.start()]
        if re.search(r"\d\s*$", before) and not _AFTER_HOURS.search(before):
            continue  # 17 to 18.10 are hours
        read = date_at(typed.left[found.end() :], today)
        if read is not None:
            typed.take(found.start(), found.end() + read[1], "repeat")
            return read[0]
    return None


def first_day(repeats: Repeats, day: date | None, today: date) -> date | None:
    """The first date: the day that is named, else the next that fits from today on."""
    start = day or repeats.first_on
    if start is None and not repeats.weekdays:
        return None
    start = start or today
    if not repeats.weekdays or day is not None:
        return start
    return next(
        start + timedelta(days=number)
        for number in range(7)
        if (start + timedelta(days=number)).weekday() in repeats.weekdays
    )
