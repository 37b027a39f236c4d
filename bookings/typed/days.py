"""Days in a typed line: weekdays, dates, words like tomorrow, several days, and the month of what repeats."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from .letters import Typed, one_of

_WEEKDAYS = (
    r"poniedzial\w* pon\.? pn\.? monday mon\.? montag понеділ\w* пн\.?",
    r"wtor\w* wt\.? wto\.? tuesday tues?\.? dienstag вівтор\w* вт\.?",
    r"środ[aęyo]\b śr\.? wednesday wed\.? mittwoch серед[ауиі]\b ср\.?",
    r"czwart(?:ek|ku|kiem)\b czw\.? cz\.? thursday thu(?:rs?)?\.? donnerstag четвер\w* чт\.?",
    r"piąt(?:ek|ku|kiem)\b pt\.? friday fri\.? freitag п'ятниц\w* пт\.?",
    r"sobot[aęyoą]\b sob\.? sb\.? saturday sat\.? samstag sonnabend субот[ауиі]\b сб\.?",
    r"niedziel[aęiąo]\b niedz\.? ndz\.? nd\.? sunday sun\.? sonntag неділ[яюіи]\b нд\.?",
)
_TWO_LETTERS = {
    "de": {0: "mo", 1: "di", 2: "mi", 3: "do", 4: "fr", 5: "sa", 6: "so"},
    "pl": {5: "so"},
}
"""Days for who reads that language alone: in others they are words, or other days."""

MONTHS = (
    r"stycz\w* sty jan(?:uary|uar)? січ\w*",
    r"lut(?:y|ego|ym)? feb(?:ruary|ruar)? лют\w*",
    r"mar(?:zec|ca|cu|ch)? märz\w* берез\w*",
    r"kwie\w* kwi apr(?:il)? квіт\w*",
    r"maj[au]? may mai трав\w*",
    r"czerw\w* cze june? juni черв\w*",
    r"lip(?:iec|ca|cu)? july? juli лип\w*",
    r"sierp\w* sie aug(?:ust)? серп\w*",
    r"wrze\w* wrz sep(?:t|tember)? верес\w*",
    r"paźdz\w* paź oct(?:ober)? oktober okt жовт\w*",
    r"lis(?:topad\w*)? nov(?:ember)? листопад\w*",
    r"gru(?:dzień|dnia|dniu)? dec(?:ember)? dezember dez груд\w*",
)
_ENGLISH = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec"
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MONTH = "|".join(one_of(words) for words in MONTHS)
_YEAR = r"(?:\s*(?P<year>(?:20|21)\d\d)(?:\s*(?:r|roku)\b\.?)?(?![\d:.]))?"
_ON = one_of("w we na on am den dnia у в на во")
_DIGIT = r"(?<![\d.:,/+-])(?P<day>\d{1,2})"
_TO = r"\s*(?:-|do|bis|to|до|по)\s*"

_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_NUMBERS = re.compile(
    rf"{_DIGIT}(?P<sign>[./])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<year>(?:20|21)\d\d|\d\d(?!:))|\.(?!\d))?"
    r"(?![\d:h]|[.,]\d)"
)
_WORDS = re.compile(rf"{_DIGIT}(?:st|nd|rd|th)?\.?\s*(?:of\s+)?(?P<month>{MONTH})\b\.?{_YEAR}")
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{one_of(_ENGLISH)})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.\-])\s*,?{_YEAR}"
)
_ROMAN_DATE = re.compile(
    r"(?<![\d.:])(?P<day>\d{1,2})[ .]\s*(?P<month>VIII|VII|III|XII|VI|IV|IX|XI|II|I|V|X)\b\.?"
    r"(?:\s*(?P<year>(?:20|21)\d\d))?"
)
_SEVERAL = re.compile(
    rf"(?:(?:od|von|from|з)\s+)?{_DIGIT}{_TO}(?P<last>\d{{1,2}})"
    rf"(?:\.(?P<number>\d{{1,2}})(?:\.(?P<y>(?:20|21)\d\d))?\.?(?![\d:.])|\.?\s*(?P<month>{MONTH})\b{_YEAR})"
)
_SEVERAL_DATES = re.compile(
    rf"(?:(?:od|von|from|з)\s+)?{_DIGIT}\.(?P<month>\d{{1,2}})(?:\.(?P<year>(?:20|21)\d\d))?\.?{_TO}"
    r"(?P<last>\d{1,2})\.(?P<number>\d{1,2})(?:\.(?P<y>(?:20|21)\d\d))?\.?(?![\d:.])"
)
_RELATIVE = (
    (2, "pojutrze day_after_tomorrow übermorgen uebermorgen післязавтра"),
    (0, "dziś dzisiaj dzis today tonight heute сьогодні"),
    (1, "jutro tomorrow morgen завтра"),
    (-1, "wczoraj yesterday gestern вчора"),
    (7, "za_tydzień in_a_week in_einer_woche через_тиждень"),
    (14, "za_dwa_tygodnie in_two_weeks in_zwei_wochen через_два_тижні"),
)
_FOLLOWING = one_of(
    "przyszły przyszłą przyszłej następny następną next nächsten nächste nächster наступний наступну наступної"
)
_IN_MONTH = re.compile(rf"\b(?:w|we|in|im|у|в)\s+(?P<month>{MONTH})\b{_YEAR}")
_END_OF = re.compile(
    rf"(?:konca|the\s+end\s+of|end\s+of|ende|кінця)\s+"
    rf"(?:(?P<month>{MONTH})|(?P<whole>roku|the\s+year|year|des\s+jahres|року))\b{_YEAR}"
)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a last one, which is None where it is the same."""

    first: date
    last: date | None = None


def weekday_pattern(language: str) -> str:
    """Any weekday, each in a group of its own, `d0` for Monday to `d6`."""
    own = _TWO_LETTERS.get(language, {})
    parts = []
    for number, words in enumerate(_WEEKDAYS):
        more = f" {own[number]}\\.?" if number in own else ""
        parts.append(f"(?P<d{number}>{one_of(words + more)})")
    return "(?:" + "|".join(parts) + r")(?!\w)"


def weekday_of(found: re.Match[str]) -> int:
    return next(number for number in range(7) if found[f"d{number}"] is not None)


def month_of(text: str) -> int:
    """1 to 12, of a number or a month's name in plain letters."""
    if text.isdecimal():
        return int(text)
    return 1 + next(
        number for number, words in enumerate(MONTHS) if re.fullmatch(one_of(words), text)
    )


def day_of(day: str, month: int, year: str | None, today: date) -> date | None:
    """The day; without a year the next such day from today on. None where it is none."""
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    return next(
        (
            found
            for number in range(9)  # 29 February comes every four years, but once in eight
            if (found := _date(today.year + number, month, int(day))) and found >= today
        ),
        None,
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 2000 <= year <= 2199 else None
    except ValueError:
        return None


def date_at(text: str, today: date) -> tuple[date, int] | None:
    """The date that `text` (plain) begins with, and where it ends."""
    for pattern in (_ISO, _NUMBERS, _WORDS, _MONTH_FIRST):
        found = pattern.match(text)
        if found and (day := _read(found, today)) is not None:
            return day, found.end()
    found = _END_OF.match(text)
    if found is None:
        return None
    if found["whole"]:
        return date(int(found["year"] or today.year), 12, 31), found.end()
    return end_of_month(month_of(found["month"]), found["year"], today), found.end()


def end_of_month(month: int, year: str | None, today: date) -> date:
    whole = int(year) if year else today.year + (month < today.month)
    return date(whole, month, monthrange(whole, month)[1])


def _read(found: re.Match[str], today: date) -> date | None:
    month = month_of(found["month"])
    return day_of(found["day"], month, found["year"], today) if 1 <= month <= 12 else None


def take_month(typed: Typed, today: date) -> Days | None:
    """ "in March", of what repeats: from its first day (not before today) to its last."""
    found = typed.take_first(_IN_MONTH, "repeat")
    if found is None:
        return None
    last = end_of_month(month_of(found["month"]), found["year"], today)
    return Days(max(last.replace(day=1), today), last)


def take_days(typed: Typed, today: date, *, language: str, hours_follow: bool) -> Days | None:
    """The day that is meant, or the days. `hours_follow` = a weekday is named, so 17-18.10 are hours.

    The weekday beside a date is checked against it, and a difference is said.
    """
    weekday = re.compile(rf"(?:\b{_ON}\s+)?(?P<next>{_FOLLOWING}\s+)?\b{weekday_pattern(language)}")
    found = None if hours_follow else _several(typed, today)
    found = found or _dated(typed, today)
    named = typed.find(weekday)
    if found is not None:
        if named is not None:
            said = typed.text[named.start() : named.end()]
            typed.take(named.start(), named.end(), "day")
            if weekday_of(named) != found.first.weekday():
                typed.doubt("weekday_differs", said)
        return found
    relative = _relative(typed, today)
    if named is None:
        return relative
    if relative is not None and relative.first - today < timedelta(days=7):
        return relative  # today, tomorrow: what else is named is left to be seen
    typed.take(named.start(), named.end(), "day")
    first = relative.first if relative else today
    day = first + timedelta(days=(weekday_of(named) - first.weekday()) % 7)
    if named["next"]:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
        day = monday + timedelta(days=weekday_of(named))
        typed.doubt("which_week", typed.text[named.start() : named.end()])
    return Days(day)


def _relative(typed: Typed, today: date) -> Days | None:
    for days, words in _RELATIVE:
        pattern = re.compile(rf"(?:\b{_ON}\s+)?\b{one_of(words)}(?!\w)")
        if typed.take_first(pattern, "day"):
            return Days(today + timedelta(days=days))
    return None


def _several(typed: Typed, today: date) -> Days | None:
    for pattern, read in ((_SEVERAL_DATES, _from_dates), (_SEVERAL, _from_days)):
        found = typed.find(pattern)
        if found is None:
            continue
        days = read(found, today)
        if days is None or days.last is None or not days.first < days.last:
            continue
        typed.take(found.start(), found.end(), "day")
        # 10.05-12.05 may be hours as well as days, and so may 17-18.10.
        if re.fullmatch(r"[\d.\- ]+", found[0]) and found["y"] is None:
            typed.doubt("day_or_hour", typed.text[found.start() : found.end()])
        return days
    return None


def _from_dates(found: re.Match[str], today: date) -> Days | None:
    months = int(found["month"]), int(found["number"])
    if not all(1 <= month <= 12 for month in months):
        return None
    first = day_of(found["day"], months[0], found["year"] or found["y"], today)
    last = day_of(found["last"], months[1], found["y"], first or today)
    return Days(first, last) if first and last else None


def _from_days(found: re.Match[str], today: date) -> Days | None:
    month = month_of(found["number"] or found["month"])
    if not 1 <= month <= 12:
        return None
    last = day_of(found["last"], month, found["y"] or found["year"], today)
    first = _date(last.year, month, int(found["day"])) if last else None
    return Days(first, last) if first and last else None


def _dated(typed: Typed, today: date) -> Days | None:
    before = re.compile(rf"\b{_ON}\s+$")
    patterns: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None], bool], ...] = (
        (_ISO, lambda found: _read(found, today), False),
        (_WORDS, lambda found: _read(found, today), False),
        (_NUMBERS, lambda found: _read(found, today), False),
        (_MONTH_FIRST, lambda found: _read(found, today), False),
        (_ROMAN_DATE, lambda found: _roman(found, today), True),
    )
    for pattern, read, as_typed in patterns:
        for found in pattern.finditer(typed.text if as_typed else typed.left):
            taken = typed.left[found.start() : found.end()]
            day = read(found) if "\x1f" not in taken and not _is_hour(typed, found) else None
            if day is not None:
                lead = before.search(typed.left[: found.start()])
                typed.take(lead.start() if lead else found.start(), found.end(), "day")
                return Days(day)
    return None


_AT = re.compile(rf"\b{one_of('o od do godz godz. g. at um ab von bis from to о з від до')}\s*$")


def _is_hour(typed: Typed, found: re.Match[str]) -> bool:
    """18.10 after "at", or at either side of a dash with another hour, is an hour."""
    if "sign" not in found.groupdict() or found["year"] or found["sign"] != ".":
        return False
    if len(found["month"]) < 2 or found[0].endswith("."):
        return False
    before, after = typed.left[: found.start()], typed.left[found.end() :]
    ranged = re.match(r"\s*-\s*\d", after) or re.search(r"\d\s*-\s*$", before)
    return bool(_AT.search(before) or ranged)


def _roman(found: re.Match[str], today: date) -> date | None:
    return day_of(found["day"], _ROMAN.index(found["month"]) + 1, found["year"], today)
