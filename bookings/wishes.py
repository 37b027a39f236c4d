"""What an asker wants, as values: the same from page, API and import. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Invalid, Sentence
from cooperative.timeparsing import out_of_order

from .periods import EVERY_DAY, LONGEST_PERIOD, Wanted
from .spans import EARLIEST, LATEST, LONGEST, SHORTEST, Span

if TYPE_CHECKING:
    from .recurrence.wish import SeriesWish

MOST_LINES = 366
MOST_SERIES = 20
MOST_UNITS = 1_000_000
MOST_MINUTES_AROUND = 7 * 24 * 60
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class LineWish:
    """One resource at one time. Instants are aware; set-up and strike in minutes are added around them for use."""

    resource: UUID
    starts_at: datetime
    ends_at: datetime
    event_starts_at: datetime | None = None
    event_ends_at: datetime | None = None
    units: int = 1
    setup_minutes: int = 0
    strike_minutes: int = 0
    second_in_line: bool = False
    waiting_list: bool = False
    """Wait for it where it is taken, for as few as `least_units` of it (None = all or none)."""
    least_units: int | None = None
    brought_by: int | None = None
    """The line (its index) whose thing comes only with this one; set by the engine, never by an asker."""
    series: int | None = None
    series_on: date | None = None
    """The series (its index) that this is a date of, and which (a local day); set by the engine."""
    wanted: Wanted | None = None
    """So long is wished for somewhere in this time: its owner answers with times."""
    place: int | None = None
    """Where it stands among what was asked for, in which a series is one; None where that is its own index."""

    @property
    def use(self) -> Span:
        """Fetch to return, set-up and strike included."""
        return Span(
            self.starts_at.astimezone(UTC) - timedelta(minutes=self.setup_minutes),
            self.ends_at.astimezone(UTC) + timedelta(minutes=self.strike_minutes),
        )

    @property
    def event(self) -> Span:
        return Span(
            (self.event_starts_at or self.starts_at).astimezone(UTC),
            (self.event_ends_at or self.ends_at).astimezone(UTC),
        )


@dataclass(frozen=True, slots=True)
class BookingWish:
    """A request: lines and what the owners need to know. `ask_anyway` is the word why, empty = not asked for.

    `series` are things asked for again and again; the engine makes lines of their dates, up to 366 lines in all.
    `once` refuses what the same institution has asked for already, as many of it at the very same time: for forms,
    which are sent again by mistake. Programs have the Idempotency-Key.
    """

    lines: tuple[LineWish, ...] = ()
    series: tuple[SeriesWish, ...] = ()
    title: str = ""
    purpose: str = ""
    event_kind: str = ""
    expected_people: int | None = None
    open_to_public: bool | None = None
    free_entry: bool | None = None
    responsible_person: str = ""
    responsible_phone: str = ""
    access_needs: str = ""
    remarks: str = ""
    all_or_nothing: bool = True
    ask_anyway: str = ""
    once: bool = False

    @property
    def asked_for(self) -> int:
        """How many things were asked for, without what they bring."""
        return sum(line.brought_by is None for line in self.lines)


DESCRIPTION = (
    "title",
    "purpose",
    "event_kind",
    "expected_people",
    "open_to_public",
    "free_entry",
    "responsible_person",
    "responsible_phone",
    "access_needs",
    "remarks",
)
"""The fields of a wish that describe it; named alike on `Booking`."""

_LENGTHS = {
    "title": 200,
    "event_kind": 40,
    "responsible_person": 200,
    "responsible_phone": 40,
    "purpose": LONGEST_TEXT,
    "access_needs": LONGEST_TEXT,
    "remarks": LONGEST_TEXT,
    "ask_anyway": 2_000,
}


@dataclass
class Errors:
    """What is wrong, field by field: the first sentence for each."""

    found: dict[str, Sentence | list[Sentence]] = field(default_factory=dict)
    codes: set[str | None] = field(default_factory=set)

    def check(self, holds: bool, name: str, sentence: Sentence, code: str | None = None) -> bool:
        if not holds and name not in self.found:
            self.found[name] = sentence
            self.codes.add(code)
        return holds

    def refuse(self) -> None:
        """Raise `Invalid` where something was found, with the code that all of it shares."""
        if self.found:
            raise Invalid(self.found, code=self.codes.pop() if len(self.codes) == 1 else None)


def _check_description(fields: Mapping[str, Any], errors: Errors) -> None:
    for name, longest in _LENGTHS.items():
        check_text(fields.get(name, ""), errors, name, longest)
    people = fields.get("expected_people")
    if people is not None:
        errors.check(0 <= people <= 1_000_000, "expected_people", _("Give a plausible number."))


def validate_description(fields: Mapping[str, Any]) -> None:
    """Refuse descriptions that cannot be kept. Raises `Invalid`."""
    errors = Errors()
    _check_description(fields, errors)
    errors.refuse()


def check_text(text: str, errors: Errors, name: str, longest: int) -> None:
    """So many characters at most, and none that the database could not keep: no NUL, no lone surrogate."""
    errors.check(len(text) <= longest, name, _("This text is too long."))
    storable = "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
    errors.check(storable, name, _("This text has a forbidden character."))


UNNAMED: Sentence = _("Say what it is for: a title or a purpose.")


def check_texts(longest: int, **texts: str) -> None:
    """Refuse texts, by field, that cannot be kept. Raises `Invalid`."""
    errors = Errors()
    for name, text in texts.items():
        check_text(text, errors, name, longest)
    errors.refuse()


def check_span(
    starts_at: datetime, ends_at: datetime, errors: Errors, *, longest: timedelta = LONGEST
) -> Span:
    """The time that an owner names, in UTC. Raises `Invalid` at once where it is none."""
    if disorder := out_of_order(starts_at, ends_at):
        sentence, code = disorder
        raise Invalid({"ends_at": sentence}, code=code)
    if starts_at < EARLIEST or ends_at >= LATEST:  # compared first: far years have no UTC
        raise Invalid({"starts_at": _("Give a date between 2000 and 2199.")})
    span = Span(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    for name, instant in (("starts_at", span.start), ("ends_at", span.end)):
        whole = instant.second == 0 and instant.microsecond == 0
        errors.check(whole, name, _("Whole minutes only."))
    too_long = _("The longest time is %(days)s days.") % {"days": longest.days}
    errors.check(span.length <= longest, "ends_at", too_long)
    return span


def validate(wish: BookingWish) -> None:
    """Refuse what cannot be meant, with a sentence for each field. Raises `Invalid`."""
    errors = Errors()
    something = bool(wish.lines or wish.series)
    errors.check(something, "lines", _("Choose at least one thing to ask for."))
    check_number(len(wish.lines), errors)
    errors.check(len(wish.series) <= MOST_SERIES, "lines", _("At most 20 things can repeat."))
    errors.check(
        bool(wish.title.strip() or wish.purpose.strip()),
        "title",
        UNNAMED,
    )
    _check_description({name: getattr(wish, name) for name in (*DESCRIPTION, "ask_anyway")}, errors)
    repeated = {series.place for series in wish.series}
    places = (number for number in count() if number not in repeated)
    for number, line in zip(places, wish.lines[:MOST_LINES], strict=False):
        check_line(line, errors, f"lines.{number}.")
    errors.refuse()


def check_number(lines: int, errors: Errors) -> None:
    errors.check(lines <= MOST_LINES, "lines", _("A request has at most 366 items."))


def validate_line(line: LineWish) -> None:
    """The same for one line alone. Raises `Invalid`."""
    errors = Errors()
    check_line(line, errors, "")
    errors.refuse()


def check_around_use(wish: LineWish | SeriesWish, errors: Errors, at: str) -> bool:
    """How many, and how long before and after: the same for one date and for many. Whether there are any at all."""
    if not errors.check(wish.units >= 1, f"{at}units", _("Ask for at least one.")):
        return False
    errors.check(wish.units <= MOST_UNITS, f"{at}units", _("Give a plausible number."))
    for name in ("setup_minutes", "strike_minutes"):
        errors.check(
            0 <= getattr(wish, name) <= MOST_MINUTES_AROUND,
            f"{at}{name}",
            _("Between nothing and seven days."),
        )
    return True


def _check_wanted(line: LineWish, wanted: Wanted, errors: Errors, at: str) -> None:
    """A length from 5 minutes up that fits into its hours; a period of at most 92 days."""
    shortest, hours = wanted.length >= SHORTEST, _("There is not so much time between these hours.")
    errors.check(shortest, f"{at}wanted.minutes", _("The shortest time is 5 minutes."))
    period = line.ends_at - line.starts_at
    errors.check(period <= LONGEST_PERIOD, f"{at}ends_at", _("A period is at most 92 days long."))
    errors.check(
        wanted.length <= period, f"{at}wanted.minutes", _("The period is shorter than that.")
    )
    if wanted.weekdays is not None:
        plausible = 1 <= wanted.weekdays <= EVERY_DAY
        errors.check(plausible, f"{at}wanted.weekdays", _("Choose at least one day of the week."))
    if wanted.from_minute is not None or wanted.until_minute is not None:
        first, last = wanted.from_minute or 0, wanted.until_minute or 24 * 60
        errors.check(0 <= first < last <= 24 * 60, f"{at}wanted.until_minute", hours)
        errors.check(wanted.minutes <= last - first, f"{at}wanted.minutes", hours)
    plain = not (line.waiting_list or line.second_in_line or line.series is not None)
    errors.check(plain, f"{at}wanted", _("Nothing is waited for where no time is named yet."))


def check_line(line: LineWish, errors: Errors, at: str) -> None:
    """The limits of what is asked: 5 minutes to 366 days, 2000 to 2200, the event inside the use."""
    if not check_around_use(line, errors, at):
        return
    errors.check(
        line.least_units is None or 1 <= line.least_units <= line.units,
        f"{at}least_units",
        _("Between one and as many as are asked for."),
    )
    if disorder := out_of_order(line.starts_at, line.ends_at):
        errors.check(False, f"{at}ends_at", *disorder)
        return
    if line.wanted is not None:
        _check_wanted(line, line.wanted, errors, at)
    plausible = line.starts_at >= EARLIEST and line.ends_at < LATEST
    if not errors.check(plausible, f"{at}starts_at", _("Give a date between 2000 and 2199.")):
        return
    if any(name.startswith(at) for name in errors.found if at) or errors.found.keys() & {
        f"{at}setup_minutes",
        f"{at}strike_minutes",
    }:
        return
    use = line.use
    inside = use.start >= EARLIEST and use.end < LATEST
    errors.check(inside, f"{at}starts_at", _("Give a date between 2000 and 2199."))
    shortest, longest = _("The shortest time is 5 minutes."), _("The longest time is 366 days.")
    errors.check(use.length >= SHORTEST, f"{at}ends_at", shortest, "span_too_short")
    errors.check(use.length <= LONGEST, f"{at}ends_at", longest, "span_too_long")
    outside = _("The event lies outside the time of use.")
    for name in ("starts_at", "ends_at", "event_starts_at", "event_ends_at"):
        instant: datetime | None = getattr(line, name)
        if instant is None:
            continue
        if not EARLIEST <= instant < LATEST:  # of an event: far years have no UTC to compare in
            errors.check(False, f"{at}event_starts_at", outside)
            return
        at_minute = instant.astimezone(UTC)
        errors.check(
            at_minute.second == 0 and at_minute.microsecond == 0,
            f"{at}{name}",
            _("Whole minutes only."),
        )
    starts, ends = line.event_starts_at or line.starts_at, line.event_ends_at or line.ends_at
    if disorder := out_of_order(starts, ends):
        errors.check(False, f"{at}event_ends_at", *disorder)
    else:
        errors.check(use.contains(line.event), f"{at}event_starts_at", outside)
