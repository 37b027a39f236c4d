"""Dates with places as their keepers see them: how full each is, and who comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.models import Seat, SeatedSession
from bookings.queries.dates import Dated
from bookings.queries.seats import SeatedParty
from bookings.states import FIRM
from frontend.components import Action, StateChip
from frontend.forms.listing.choices import LANGUAGES
from sharing.models import Resource

from .lines import booking_title, contact, line_chip, who
from .moments import span_label
from .texts import places


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One date in a list."""

    title: str
    when: str
    url: str
    taken: str
    chip: StateChip | None
    actions: tuple[Action, ...]


def when_of(session: SeatedSession, *, now: datetime | None = None) -> str:
    return span_label(session.starts_at, session.ends_at, session.zone, now=now)


def rows_of(dates: Iterable[Dated], resource: Resource, *, now: datetime) -> list[DateRow]:
    return [_row(one, resource, now) for one in dates]


def _row(one: Dated, resource: Resource, now: datetime) -> DateRow:
    session = one.session
    actions: tuple[Action, ...] = ()
    if session.cancelled_at is None and session.starts_at > now and one.left:
        actions = (Action(label=_("Write in by phone"), url=_by_phone(session, resource)),)
    return DateRow(
        title=session.title,
        when=when_of(session, now=now),
        url=reverse("frontend:thing-date", args=[resource.uid, session.uid]),
        taken=taken_words(one),
        chip=_chip(one),
        actions=actions,
    )


def taken_words(one: Dated) -> str:
    """`4 of 10 places taken`."""
    return ngettext(
        "%(taken)s of %(all)s place taken", "%(taken)s of %(all)s places taken", one.units
    ) % {"taken": one.taken, "all": one.units}


def _chip(one: Dated) -> StateChip | None:
    if one.session.cancelled_at is not None:
        return StateChip(state="cancelled", label=pgettext("date", "cancelled"))
    if not one.left:
        return StateChip(state="confirmed", label=pgettext("date", "full"))
    return None


def _by_phone(session: SeatedSession, resource: Resource) -> str:
    zone = ZoneInfo(session.zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    said = {
        "day": f"{start:%Y-%m-%d}",
        "kind": "phone",
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "title": session.title,
    }
    if end.date() != start.date():
        said["end_date"] = f"{end:%Y-%m-%d}"
    return f"{reverse('frontend:week', args=[resource.uid])}?{urlencode(said)}"


def initial_of(one: Dated) -> dict[str, Any]:
    """A date as its form shows it."""
    session, zone = one.session, ZoneInfo(one.session.zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return {
        "date": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "end_date": f"{end:%Y-%m-%d}" if end.date() != start.date() else "",
        "units": session.units,
        "title": session.title,
        "note": session.note,
        "version": session.version,
    }


# --- who comes ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on one place; `number` counts the places of the date. Without a name it is a place all the same."""

    number: int
    name: str
    email: str
    language: str
    needs: tuple[tuple[str, str], ...]
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """One booking of a date with its people."""

    title: str
    url: str
    who: str
    contact: str
    count: str
    chip: StateChip
    firm: bool
    people: tuple[Person, ...]


def cards_of(parties: Sequence[SeatedParty]) -> list[PartyCard]:
    """The bookings of a date, each with its people, numbered through."""
    found = []
    number = 0
    for party in parties:
        people = [_person(number + index, seat) for index, seat in enumerate(party.seats, start=1)]
        number += len(people)
        people += [_person(0, seat, gone=True) for seat in party.given_back if seat.name]
        line = party.line
        found.append(
            PartyCard(
                title=booking_title(line.booking),
                url=reverse("frontend:booking", args=[line.booking.uid]),
                who=who(line.booking),
                contact=contact(line),
                count=places(line.units),
                chip=line_chip(line),
                firm=line.state in FIRM,
                people=tuple(people),
            )
        )
    return found


def _person(number: int, seat: Seat, *, gone: bool = False) -> Person:
    needs = ((_("Access"), seat.access_needs), (_("Food"), seat.food_needs))
    return Person(
        number=number,
        name=seat.name,
        email=seat.email,
        language=dict(LANGUAGES).get(seat.language, ""),
        needs=tuple((term, said) for term, said in needs if said),
        gone=gone,
    )


def people_table(parties: Sequence[SeatedParty]) -> tuple[list[str], list[list[str | int]]]:
    """All people of a date for a spreadsheet: a header, and a row for each place that holds."""
    header = [
        _("No."),
        _("Name"),
        _("E-mail"),
        _("Language"),
        _("Access needs"),
        _("Food needs"),
        _("Booking"),
        _("Who asks"),
        _("On the day"),
    ]
    rows: list[list[str | int]] = []
    for party in parties:
        booking = party.line.booking
        if party.line.state not in FIRM:
            continue
        before = len(rows)
        rows.extend(
            [
                before + index,
                seat.name,
                seat.email,
                dict(LANGUAGES).get(seat.language, ""),
                seat.access_needs,
                seat.food_needs,
                booking_title(booking),
                who(booking),
                contact(party.line),
            ]
            for index, seat in enumerate(party.seats, start=1)
        )
    return header, rows
