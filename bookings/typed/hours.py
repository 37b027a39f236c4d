"""Hours in a typed line: from-to, a start with a length, a part of the day, the whole day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .letters import Typed, one_of

DAY = 1440
PARTS = {
    "morning": (8 * 60, 13 * 60),
    "afternoon": (13 * 60, 18 * 60),
    "evening": (18 * 60, 23 * 60),
}
_PARTS = {
    "morning": "rano przed_południem in_the_morning this_morning vormittags am_vormittag morgens вранці зранку",
    "afternoon": "po_południu popołudniu popoł. in_the_afternoon this_afternoon nachmittags am_nachmittag "
    "пополудні після_обіду по_обіді",
    "evening": "wieczorem wiecz. in_the_evening this_evening tonight abends am_abend ввечері увечері",
}
_WHOLE_DAY = (
    "cały_dzień całą_dobę all_day whole_day the_whole_day ganztägig ganztags ganzen_tag den_ganzen_tag "
    "весь_день цілий_день"
)
_WHOLE = re.compile(rf"(?:\b(?:na|przez|for|на)\s+)?\b{one_of(_WHOLE_DAY)}(?!\w)")
_FROM = one_of(
    "od godz. godz godziny o_godz. o_godz w_godz. w_godz g. o od_godz. from at von um ab з від о об"
)
_TO = r"\s*(?:-|\b(?:do|to|till|until|bis|до|по)\b)\s*(?:godz\.?\s*)?"
_AFTER = r"(?:\s*(?P<{0}>am|pm|a\.m\.|p\.m\.)(?!\w)|\s*(?:uhr|h|год\.?|година)(?!\w))?"
_FIRST = r"(?P<h1>\d{1,2})(?:[:.h](?P<m1>\d{2}))?" + _AFTER.format("half1")
_LAST = r"(?P<h2>\d{1,2})(?:[:.h](?P<m2>\d{2}))?" + _AFTER.format("half2")
_COUNTED = (
    r"(?!\s*(?:x\b|os\b|osob\w*|ludzi|dzieci|uczni\w*|szt\w*|people|persons?|personen|stuck|осіб|люде[ий]|"
    r"діте[ий]|lat\b|lata\b|years?|jahre?|років|zl\b|eur\b|€|%|tyg\w*|week\w*|woch\w*))"
)
_EDGE, _END = r"(?<![\d.:,/+\w-])", r"(?![\d:]|[.,/-]\d)" + _COUNTED
_RANGE = re.compile(rf"(?:\b(?P<from>{_FROM})\s*)?{_EDGE}{_FIRST}{_TO}{_LAST}{_END}")
_START = re.compile(rf"(?:\b(?P<from>{_FROM})\s*)?{_EDGE}{_FIRST}{_END}")
_OF_CLASSES = re.compile(r"\b(?:klas\w*|kl|nr|numer\w*|grades?|classes|lat|age|ages|alter)\.?\s*$")
_LENGTH = re.compile(
    r"(?:\b(?:na|przez|for|fur|на|протягом)\s+)?(?<![\d.:,/+-])"
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|godz\w*\.?|hours?|std\.?|stunden?|год\w*\.?)(?!\w)"
    r"(?:\s*(?P<more>\d{1,2})\s*min\w*\.?)?|(?P<minutes>\d{1,3})\s*(?:min\w*\.?|мін\w*|хв\w*\.?)(?!\w))"
)
_LENGTH_WORDS = (
    (30, "pół_godziny half_an_hour eine_halbe_stunde півгодини"),
    (90, "półtorej_godziny an_hour_and_a_half anderthalb_stunden півтори_години"),
    (60, "na_godzinę for_an_hour eine_stunde на_годину"),
    (120, "na_dwie_godziny for_two_hours zwei_stunden на_дві_години"),
    (180, "na_trzy_godziny for_three_hours drei_stunden на_три_години"),
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes from local midnight. `end` is beyond 1440 where it is on the next day, None where nobody said it."""

    start: int
    end: int | None
    whole_day: bool = False


def names_a_clock(typed: Typed) -> bool:
    """Whether something is certainly hours, whatever days are named."""
    return any(found["m1"] or found["m2"] for found in _ranges(typed))


def take_hours(typed: Typed) -> Hours | None:
    """The hours; where several stretches could be meant the likeliest, and the others are said."""
    if typed.take_first(_WHOLE, "hours"):
        return Hours(0, DAY, whole_day=True)
    part = _part(typed)
    found = _best(typed)
    if found is not None:
        return _between(typed, found, part)
    started = _started(typed, part)
    if started is not None:
        return started
    if part is None:
        return None
    name, match = part
    typed.take(match.start(), match.end(), "hours")
    return Hours(*PARTS[name])


def _part(typed: Typed) -> tuple[str, re.Match[str]] | None:
    for name, words in _PARTS.items():
        found = typed.find(re.compile(rf"\b{one_of(words)}(?!\w)"))
        if found is not None:
            return name, found
    return None


def _ranges(typed: Typed) -> Iterator[re.Match[str]]:
    for found in _RANGE.finditer(typed.left):
        clocks = _minute(found["h1"], found["m1"]), _minute(found["h2"], found["m2"])
        if None not in clocks:
            yield found


def _best(typed: Typed) -> re.Match[str] | None:
    def likely(found: re.Match[str]) -> int:
        clock = 2 * bool(found["m1"] or found["m2"] or found["half2"])
        near = bool(re.search(r"\x1f[\s,]*$", typed.left[: found.start()]))
        counted = 4 * bool(_OF_CLASSES.search(typed.left[: found.start()]))
        return clock + 2 * bool(found["from"]) + near + (int(found["h2"]) > 7) - counted

    ranges = sorted(_ranges(typed), key=likely, reverse=True)
    if len(ranges) > 1 and likely(ranges[0]) == likely(ranges[1]):
        typed.doubt("which_hours", typed.text[ranges[1].start() : ranges[1].end()])
    return ranges[0] if ranges else None


def _between(typed: Typed, found: re.Match[str], part: tuple[str, re.Match[str]] | None) -> Hours:
    first, last = found["half1"] or "", found["half2"] or ""
    start = _minute(found["h1"], found["m1"], first) or 0
    end = _minute(found["h2"], found["m2"], last) or 0
    if last.startswith("p") and not first and start + 720 < end:
        start += 720
    typed.take(found.start(), found.end(), "hours")
    if not (first or last):
        start, end = _in_part(typed, part, start), _in_part(typed, part, end, say=False)
    return Hours(start, end if end > start else end + DAY)


def _in_part(
    typed: Typed, part: tuple[str, re.Match[str]] | None, minute: int, *, say: bool = True
) -> int:
    """5 in the afternoon is 17."""
    if part is None or part[0] == "morning" or not 0 < minute < 720:
        if part is not None and say and minute < 720:
            typed.take(part[1].start(), part[1].end(), "hours")
        return minute
    if say:
        typed.take(part[1].start(), part[1].end(), "hours")
    return minute + 720


def _started(typed: Typed, part: tuple[str, re.Match[str]] | None) -> Hours | None:
    """From a start, as long as was said. A lone number is an hour only after a word as "at"."""
    length = _length(typed)
    held = length[1] if length else None
    for found in _START.finditer(typed.left):
        half = found["half1"] or ""
        start = _minute(found["h1"], found["m1"], half)
        inside = held is not None and found.start() < held.end() and held.start() < found.end()
        of_part = part is not None and not typed.left[found.end() : part[1].start()].strip()
        sure = found["from"] or found["m1"] or half or "uhr" in found[0] or of_part
        if start is None or inside or not sure:
            continue
        typed.take(found.start(), found.end(), "hours")
        if not half:
            start = _in_part(typed, part, start)
        if length is None:
            typed.doubt("no_end", typed.text[found.start() : found.end()])
            return Hours(start, None)
        typed.take(length[1].start(), length[1].end(), "hours")
        return Hours(start, start + length[0])
    return None


def _length(typed: Typed) -> tuple[int, re.Match[str]] | None:
    for minutes, words in _LENGTH_WORDS:
        found = typed.find(re.compile(rf"(?:\b(?:na|for|fur|на)\s+)?\b{one_of(words)}(?!\w)"))
        if found is not None:
            return minutes, found
    for found in _LENGTH.finditer(typed.left):
        hours = float((found["hours"] or "0").replace(",", "."))
        minutes = round(hours * 60) + int(found["more"] or found["minutes"] or 0)
        if 5 <= minutes <= DAY:
            return minutes, found
    return None


def _minute(hour: str, minute: str | None, half: str = "") -> int | None:
    """Minutes from midnight; None where the clock has no such time."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + 12 * half.startswith("p")
    if minutes > 59 or hours > 24 or (hours == 24 and minutes):
        return None
    return hours * 60 + minutes
