"""One typed line as a booking: "wt 17-18:30, sala lustrzana + 40 krzeseł, chór, p. Nowak 600 100 200".

The line is free text of parts in any order; commas help and are not needed.

    line     = part {("," | ";" | "+" | " ") part}
    part     = day | hours | repeat | thing | member | people | phone | email | person | way | title
    day      = weekday | date | "today" ... | date "-" date    a date without a year is the next such date,
                                                               a weekday the next such day, today included
    hours    = clock "-" clock | "from" clock "to" clock | "at" clock ["for" length] | length
             | "whole day" | "in the morning" (8-13) | "in the afternoon" (13-18) | "in the evening" (18-23)
    repeat   = ("every" [number] (weekday | unit) | "Tuesdays") ["until" date | number "times" | "in" month]
    thing    = [number ["pcs"]] words of its name [number]     inflected, begun, without accents
    member   = its whole name, or its first two words
    people   = number "people"            person = ("Mr" | "Ms" | "p." ...) name
    phone    = 9 digits in groups, or +, 0 and more             way = "by e-mail", "in person" ...
    title    = what is left

All of it in Polish, English, German and Ukrainian at once. Pure: no database, no clock, no Django. What is not sure
is said as a `Doubt`, and what was not understood stays in the title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .days import take_days
from .hours import DAY, names_a_clock, take_hours
from .letters import TAKEN, Doubt, Piece, Typed, one_of
from .names import OWN, Found, Named, lone_number, take_member, take_things
from .repeats import Repeats, first_day, take_repeats

_EMAIL = re.compile(r"(?<![\w.@])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+(?!\w)")
# By their shape alone: what is kept is text, and only a person rings it up.
_PHONE = re.compile(
    r"(?:\b(?:tel|telefon|kom|phone|mobile|handy|тел)\.?:?\s*)?"
    r"(?<![\d.:/+-])(?:"
    r"(?:\+|00)48[ \-]?(?:\d{3}[ \-]?\d{3}[ \-]?\d{3}|\d{2}[ \-]\d{3}[ \-]\d{2}[ \-]\d{2})"
    r"|(?:\+|00)[1-9]\d{0,2}(?:[ \-/()]{0,2}\d{2,4}){2,4}"
    r"|\d{3}[ \-]?\d{3}[ \-]?\d{3}"
    r"|\(?\d{2}\)?[ \-]\d{3}[ \-]\d{2}[ \-]\d{2}"
    r"|0\d{2,4}[ /\-]?\d{3}[ \-]?\d{2,4}(?:[ \-]?\d{2})?"
    r")(?![\d:]|[.\-]\d)"
)
_PEOPLE = re.compile(
    r"(?<![\d.:,/-])(?:(?:ok|ca|około|approx)\.?\s+)?(?P<people>\d{1,6})\s*"
    r"(?:os\b\.?|osob\w*|ludzi\b|uczestnik\w*|people\b|persons?\b|pers\b\.?|personen\b|leute\b|осіб|люде[ий]|"
    r"учасник\w*)"
)
_TITLED = re.compile(
    rf"\b{one_of('pan pani panem panią pana mr mrs ms frau herr herrn пан пані')}\.?\s+|(?<!\w)(?:p\.|п\.)\s*"
)
_NAME = re.compile(r"[^\W\d_][\w'\-]*")
_WAYS = (
    ("email", "mailem e-mailem mejlem emailem by_e-mail by_email per_mail per_e-mail поштою"),
    ("in_person", "osobiście in_person persönlich особисто"),
    ("letter", "listem listownie pismem by_letter per_brief brieflich листом"),
    ("phone", "telefonicznie by_phone telefonisch телефоном"),
)
_LEADING = one_of("na dla for für i oraz and und і та")
_TRAILING = one_of(
    "na w we o od do dla i oraz at on for in from um am für und von и в у о з для та і"
)


@dataclass(frozen=True, slots=True)
class TypedBooking:
    """What was understood. Hours are minutes from local midnight of `day`, `end` beyond 1440 on a later day.

    `member` and the things carry the keys they were given with. `person` is whom the line names, as it was typed.
    """

    text: str
    day: date | None = None
    last_day: date | None = None
    start: int | None = None
    end: int | None = None
    whole_day: bool = False
    repeats: Repeats | None = None
    things: tuple[Found, ...] = ()
    units: int | None = None
    """How many, where no thing was named."""
    member: str | None = None
    own: bool = False
    title: str = ""
    person: str = ""
    phone: str = ""
    email: str = ""
    people: int | None = None
    came_by: str = ""
    pieces: tuple[Piece, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def read_line(
    text: str,
    *,
    today: date,
    language: str = "pl",
    things: Sequence[Named] = (),
    members: Sequence[Named] = (),
) -> TypedBooking:
    """Read a line on `today`, the owner's local day. Takes any text whatever and never raises.

    `language` is the reader's: German's two letters for the days are words of other languages.
    """
    typed = Typed.of(text)
    email = _said(typed, _EMAIL, "email")
    phone = _digits(_said(typed, _PHONE, "phone"))
    people = typed.take_first(_PEOPLE, "people")
    came_by = _way(typed)
    repeats = take_repeats(typed, today, language=language)
    days = take_days(
        typed, today, language=language, hours_follow=_weekday_and_range(typed, repeats)
    )
    hours = take_hours(typed)
    person = _person(typed)
    own = typed.take_first(OWN, "own") is not None
    found = take_things(typed, things)
    units = lone_number(typed) if not found else None
    member = None if own else take_member(typed, members)
    day = days.first if days else None
    if repeats is not None:
        day = first_day(repeats, day, today)
    last = days.last if days else None
    start, end = (hours.start, hours.end) if hours else (None, None)
    if last is not None and day is not None:
        # Several days: from the first one's morning to the last one's end, unless hours are named.
        start = 0 if start is None else start
        end = DAY if end is None else min(end, DAY)
        end += (last - day) // timedelta(days=1) * DAY
    return TypedBooking(
        text=typed.text,
        day=day,
        last_day=last,
        start=start,
        end=end,
        whole_day=bool(hours and hours.whole_day) or (last is not None and hours is None),
        repeats=repeats,
        things=found,
        units=units,
        member=member,
        own=own,
        title=_title(typed),
        person=person,
        phone=phone,
        email=email,
        people=int(people["people"]) if people else None,
        came_by=came_by,
        pieces=tuple(typed.pieces),
        doubts=tuple(typed.doubts),
    )


def _said(typed: Typed, pattern: re.Pattern[str], what: str) -> str:
    found = typed.take_first(pattern, what)
    return typed.text[found.start() : found.end()].strip() if found else ""


def _digits(phone: str) -> str:
    """Without the word before it."""
    found = re.search(r"[+(\d].*$", phone)
    return found[0][:40] if found else ""


def _way(typed: Typed) -> str:
    for way, words in _WAYS:
        if typed.take_first(re.compile(rf"\b{one_of(words)}(?!\w)"), "came_by"):
            return way
    return ""


def _weekday_and_range(typed: Typed, repeats: Repeats | None) -> bool:
    """Whether 17-18.10 beside it can only be hours."""
    if repeats is not None and (repeats.weekdays or repeats.until):
        return True
    if names_a_clock(typed) and not re.search(r"\d\.\d{1,2}\s*-\s*\d{1,2}\.\d", typed.left):
        named = Typed(typed.text, typed.left)
        days = take_days(named, date(2027, 1, 1), language="pl", hours_follow=True)
        return days is not None and not any(re.search(r"\d", one.text) for one in named.pieces)
    return False


def _person(typed: Typed) -> str:
    """Mr or Ms with a name: words with a capital letter, else the one word behind."""
    found = typed.find(_TITLED)
    if found is None:
        return ""
    end, names = found.end(), 0
    place = end
    while names < 3:
        word = _NAME.match(typed.left, place)
        if word is None:
            break
        capital = typed.text[word.start()].isupper()
        if names and not capital:
            break
        names, end = names + 1, word.end()
        place = end + len(typed.left[end:]) - len(typed.left[end:].lstrip(" "))
        if place == end:
            break
    if not names:
        return ""
    name = typed.text[found.start() : end].strip()
    typed.take(found.start(), end, "person")
    return name[:200]


def _title(typed: Typed) -> str:
    """What is left, in its order: bits between what was understood, without the small words that belonged to that."""
    parts = []
    for match in re.finditer(r"[^,;+\n]+", typed.left):
        bits = []
        for run in re.finditer(f"[^{TAKEN}]+", match[0]):
            start, end = match.start() + run.start(), match.start() + run.end()
            bits.append(_bare(typed, start, end))
        said = " ".join(bit for bit in bits if bit)
        if said:
            parts.append(said)
    return ", ".join(parts)[:200].strip()


def _bare(typed: Typed, start: int, end: int) -> str:
    if start and typed.left[start - 1] == TAKEN:
        lead = re.match(rf"[\s\-.:/()]*(?:{_LEADING}(?=\s))?", typed.left[start:end])
        start += lead.end() if lead else 0
    if end < len(typed.left) and typed.left[end] == TAKEN:
        trail = re.search(rf"(?:(?:^|(?<=\s)){_TRAILING})?[\s\-:/()]*$", typed.left[start:end])
        end = start + trail.start() if trail else end
    return typed.text[start:end].strip(" -:/") if start < end else ""
