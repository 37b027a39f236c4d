"""A request and its answer on one sheet of paper, for those who decide and sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.answers import agreed_fee, terms_fee
from bookings.models import Booking, Line
from bookings.on_the_day import knows_askers_side
from bookings.states import LineState
from cooperative.institutions.models import Institution
from frontend.components import Fact
from frontend.presenters.fees import fee_words
from frontend.presenters.lines import about_facts
from frontend.presenters.periods import period_words
from frontend.presenters.reader import Reader
from frontend.presenters.texts import booking_title, borrower_of, line_words
from notifications.wording import moment_words, span_words

MOST_ROWS = 12
"""So many fit on one A4 with all that stands around them."""
LONGEST_TEXT, LONGEST_CONDITIONS = 320, 480


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One thing at one time, or all dates of one that repeats."""

    what: str
    when: str
    state: str
    fee: str


@dataclass(frozen=True, slots=True)
class PaperSide:
    """One of the two parties: name first, the rest below it."""

    name: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    number: str
    sent: str
    printed: str
    lender: PaperSide
    borrower: PaperSide
    about: tuple[Fact, ...]
    rows: tuple[PaperRow, ...]
    more: str
    grounds: str
    conditions: str
    version: str


def paper_of(booking: Booking, lines: Sequence[Line], *, reader: Reader) -> Paper:
    """`lines` are those of one owner, in order, read with `lender` and `series`."""
    groups = _grouped(lines)
    rows = tuple(_row(group, reader) for group in groups[:MOST_ROWS])
    left = len(groups) - len(rows)
    fees = [agreed_fee(line) or terms_fee(line) for line in lines]
    grounds = dict.fromkeys(fee.ground for fee in fees if fee is not None and fee.ground)
    terms: Mapping[str, Any] = next(
        (line.terms for line in lines if line.terms.get("conditions")), {}
    )
    zone = lines[0].zone
    return Paper(
        title=booking_title(booking, list(lines), reader.language),
        number=str(booking.uid)[-12:],
        sent=moment_words(booking.sent_at, zone) if booking.sent_at else "",
        printed=moment_words(reader.viewer.now, zone),
        lender=_house(lines[0].lender),
        borrower=_borrower(booking, lines, reader),
        about=_about(booking),
        rows=rows,
        more=ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}
        if left
        else "",
        grounds="; ".join(grounds),
        conditions=_short(str(terms.get("conditions", "")), LONGEST_CONDITIONS),
        version=str(terms.get("conditions_version", "")) if terms else "",
    )


def _grouped(lines: Iterable[Line]) -> list[list[Line]]:
    """Dates of one series together."""
    found: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        key = ("series", line.series_id) if line.series_id else ("line", line.pk)
        found.setdefault(key, []).append(line)
    return list(found.values())


def _row(group: list[Line], reader: Reader) -> PaperRow:
    first = min(group, key=lambda line: line.use_starts_at)
    when = period_words(first) or span_words(first.use_starts_at, first.use_ends_at, first.zone)
    if len(group) > 1:
        dates = ngettext("%(count)d date from", "%(count)d dates from", len(group))
        when = f"{dates % {'count': len(group)}} {when}"
    states = dict.fromkeys(str(LineState(line.state).label) for line in group)
    fee = agreed_fee(first) or terms_fee(first)
    return PaperRow(
        what=line_words(first, reader.language),
        when=when,
        state=", ".join(states),
        fee=fee_words(fee) if fee is not None else "",
    )


def _house(house: Institution) -> PaperSide:
    town = " ".join(part for part in (house.postal_code, house.city) if part)
    registered = [f"{code.upper()} {number}" for code, number in house.registry.items() if number]
    rows = (
        ", ".join(part for part in (house.street, town) if part),
        ", ".join(registered[:3]),
        ", ".join(part for part in (house.contact_phone, house.contact_email) if part),
    )
    return PaperSide(house.name, tuple(row for row in rows if row))


def _borrower(booking: Booking, lines: Iterable[Line], reader: Reader) -> PaperSide:
    house = booking.borrower
    side = (
        _house(house)
        if house is not None
        else PaperSide(
            borrower_of(booking),
            tuple(row for row in (booking.outside_phone, booking.outside_email) if row),
        )
    )
    asked = (_("asked by %(name)s") % {"name": booking.person.name},) if booking.person else ()
    near = knows_askers_side(booking, lines, reader.viewer)
    said = (booking.responsible_person, booking.responsible_phone) if near else ()
    day = ", ".join(part for part in said if part)
    on_day = (_("On the day: %(who)s") % {"who": day},) if day else ()
    return PaperSide(side.name, (*side.rows, *asked, *on_day))


def _about(booking: Booking) -> tuple[Fact, ...]:
    """What it is for at more length than the rest."""
    facts = []
    for fact in about_facts(booking):
        longest = LONGEST_TEXT if fact.detail == booking.purpose else LONGEST_TEXT // 2
        facts.append(replace(fact, detail=_short(fact.detail, longest)))
    return tuple(facts)


def _short(text: str, longest: int) -> str:
    """In one paragraph, cut where the sheet would run over."""
    return Truncator(" ".join(text.split())).chars(longest)
