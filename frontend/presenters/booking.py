"""The page of a booking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, Case, Line, Seat
from bookings.on_the_day import askers_side, contacts_open, owners_side
from bookings.permissions import may_correct
from bookings.queries.overview import GROUPS, WholeBooking
from bookings.queries.series import WholeSeries
from bookings.queries.timeline import TimeTile
from bookings.reasons import Alternative
from bookings.states import WAITING, LineState
from cooperative.events.models import Event
from frontend.components import Action, Fact, Message, StateChip, StoryItem

from .actions import LABELS
from .booked_thing import BookedThing, booked_thing, options_of
from .expected import Late, late_owners
from .lines import about_facts, written_words
from .offers import place_words
from .reach import Reach, reach_of
from .reader import Reader
from .seats import seat_list
from .series import SeriesCard, apart_from_series, series_cards
from .story import lines_that_were, story_items
from .talk import talk_items
from .texts import booking_chip, booking_title, borrower_of, line_chip

WHOLE = ("complete", "withdraw", "cancel")
"""What the borrower does to all lines at once."""


@dataclass(frozen=True, slots=True)
class BookingPage:
    title: str
    chip: StateChip
    lead: str
    things: tuple[BookedThing, ...]
    series: tuple[SeriesCard, ...]
    about: tuple[Fact, ...]
    people: tuple[Fact, ...]
    talk: tuple[Message, ...]
    story: tuple[StoryItem, ...]
    actions: tuple[Action, ...]
    may_write: bool
    reach: Reach | None
    """Who was written in without an account: whether what is written here goes to them by mail."""
    together: str
    late: tuple[Late, ...]
    """Owners who have not answered in time."""


def present(
    whole: WholeBooking,
    events: Iterable[Event],
    tiles: Mapping[int, Sequence[TimeTile]],
    *,
    reader: Reader,
    seats: Mapping[int, Sequence[Seat]],
    places: Mapping[int, int],
    cases: Mapping[int, Case],
    series: Sequence[WholeSeries] = (),
    options: Mapping[int, Sequence[Alternative]],
    lit: bool = False,
) -> BookingPage:
    """`tiles` by resource id, around the days of use; `seats`, `places` on the waiting list, and `options` in place of
    what came to nothing by line id, as `cases`. `lit` = the next action stands elsewhere on the page."""
    booking, ours = whole.booking, reader.viewer.institutions
    lines, events = list(whole.lines), list(events)
    back = reverse("frontend:booking", args=[booking.uid])
    booked = _things(
        whole,
        events,
        tiles,
        reader,
        seats=seats,
        places=places,
        cases=cases,
        options=options,
        lit=lit,
    )
    borrowing = booking.borrower_id in ours
    return BookingPage(
        title=booking_title(booking, lines, reader.language),
        chip=next(
            (line_chip(line, reader) for line in lines if line.state == LineState.TO_SETTLE),
            booking_chip(booking),
        ),
        lead=_lead(booking, lines, borrowing=borrowing),
        things=booked,
        series=series_cards(series, booking, lines, reader=reader, back=back),
        about=_about(booking, reader),
        people=_people(booking, lines, ours, reader.viewer.now),
        talk=talk_items(whole.messages, whole.files, reader=reader),
        story=story_items(events, lines, reader=reader),
        actions=_for_all(booking, lines, reader),
        late=late_owners(booking, lines, reader),
        reach=reach_of(booking),
        may_write=booking.sent_at is not None
        and (borrowing or any(line.lender_id in ours for line in lines)),
        together=_("Everything together: nothing is confirmed before all owners have agreed.")
        if booking.all_or_nothing and len(lines) > 1
        else "",
    )


def _things(
    whole: WholeBooking,
    events: Sequence[Event],
    tiles: Mapping[int, Sequence[TimeTile]],
    reader: Reader,
    *,
    seats: Mapping[int, Sequence[Seat]],
    places: Mapping[int, int],
    cases: Mapping[int, Case],
    options: Mapping[int, Sequence[Alternative]],
    lit: bool,
) -> tuple[BookedThing, ...]:
    """The things that are no dates of a series; the next step of the first of them stands out."""
    booking, viewer = whole.booking, reader.viewer
    borrowing = booking.borrower_id in viewer.institutions
    outrun = lines_that_were("booking.outrun", events)
    taken_back = lines_that_were("booking.take_back", events)
    strongest = not lit
    booked = []
    for line in apart_from_series(whole.lines):
        thing = booked_thing(
            line,
            booking,
            tiles.get(line.resource_id, ()),
            reader,
            back=reverse("frontend:booking", args=[booking.uid]),
            strongest=strongest,
            seats=seat_list(line, booking, seats.get(line.pk, ()), viewer),
            instead=borrowing and str(line.uid) in outrun,
            place=place_words(line, places) if borrowing else "",
            options=options_of(line, booking, options.get(line.pk, ()), reader),
            photos=whole.photos.get(line.pk, ()),
            case=cases.get(line.pk),
            messages=whole.messages,
            taken_back=str(line.uid) in taken_back,
        )
        strongest = strongest and not any(one.kind == "next" for one in thing.actions)
        booked.append(thing)
    return tuple(booked)


def _lead(booking: Booking, lines: list[Line], *, borrowing: bool) -> str:
    if borrowing:
        owners = dict.fromkeys(str(line.lender) for line in lines)
        return ", ".join(owners)
    person = f", {booking.person}" if booking.person is not None else ""
    return f"{borrower_of(booking)}{person}"


def to_replace(whole: WholeBooking, events: Iterable[Event]) -> list[Line]:
    """The lines that somebody else's no, or silence, ended: what one called off oneself needs nothing instead."""
    taken_back = lines_that_were("booking.take_back", events)
    return [
        line
        for line in apart_from_series(whole.lines)
        if line.state != LineState.CANCELLED or str(line.uid) in taken_back
    ]


def _about(booking: Booking, reader: Reader) -> tuple[Fact, ...]:
    pairs = (
        (pgettext("booking", "Written in"), written_words(booking)),
        (_("Sent"), reader.clock.moment(booking.sent_at) if booking.sent_at else ""),
    )
    how = tuple(Fact(term=term, detail=detail) for term, detail in pairs if detail)
    return (*about_facts(booking), *how)


def _people(
    booking: Booking, lines: list[Line], ours: frozenset[int], now: datetime
) -> tuple[Fact, ...]:
    """Who is there on the day once it is agreed, and whom to call of the other house."""
    found = []
    told = [line for line in lines if contacts_open(line, now)]
    if booking.borrower_id in ours:
        found += _owners_on_the_day(told)
    elif told:
        contact = askers_side(booking)
        found.append(
            Fact(term=_("On the day"), detail=contact.name, phone=contact.phone, icon="user")
        )
    borrower = booking.borrower
    if borrower is not None and borrower.pk not in ours:
        found.append(_house(str(borrower), borrower.contact_phone, borrower.contact_email))
    elif borrower is None:
        found.append(_house(booking.outside_name, booking.outside_phone, booking.outside_email))
    owners = {line.lender_id: line.lender for line in lines}
    found += [
        _house(str(owner), owner.contact_phone, owner.contact_email)
        for key, owner in owners.items()
        if key not in ours or borrower is None
    ]
    return tuple(found)


def _owners_on_the_day(lines: Iterable[Line]) -> list[Fact]:
    """Each contact, place and note once, however many dates there are."""
    contacts = dict.fromkeys(owners_side(line) for line in lines)
    found = []
    for one in contacts:
        if one.name or one.phone:
            found.append(Fact(term=_("On the day"), detail=one.name, phone=one.phone, icon="user"))
        if one.place:
            found.append(Fact(term=_("Where"), detail=one.place, icon="map-pin"))
        if one.note:
            found.append(Fact(term=_("Door and key"), detail=one.note, icon="key"))
    return found


def _house(name: str, phone: str, email: str) -> Fact:
    said = email or ("" if phone else _("no number known"))
    return Fact(term=name, detail=said, phone=phone, icon="phone")


def _for_all(booking: Booking, lines: list[Line], reader: Reader) -> tuple[Action, ...]:
    """What is done to the booking whole: all its things at once, and its words."""
    found = []
    alive = booking.state in GROUPS["open"] + GROUPS["confirmed"]
    if alive and may_correct(booking, reader.viewer):
        url = reverse("frontend:booking-correct", args=[booking.uid])
        found.append(Action(label=_("Correct it"), url=url, icon="pencil-square", kind="quiet"))
    return (*_whole(booking, lines, reader), *found)


def _whole(booking: Booking, lines: list[Line], reader: Reader) -> tuple[Action, ...]:
    """One button for several things, where it does something other than the button of one."""
    mine = booking.borrower_id
    if mine is None or not reader.viewer.may("staff", mine) or len(lines) < 2:
        return ()
    states = {line.state for line in lines}
    possible = {
        "complete": booking.all_or_nothing
        and LineState.ACCEPTED in states
        and bool(states - {LineState.ACCEPTED}),
        "withdraw": bool(states & WAITING),
        "cancel": bool(states & {LineState.CONFIRMED, LineState.TO_SETTLE}),
    }
    labels = {
        "complete": str(LABELS["complete"]),
        "withdraw": _("Take the whole request back"),
        "cancel": _("Cancel everything"),
    }
    return tuple(
        Action(
            label=labels[action],
            url=reverse("frontend:booking-action", args=[booking.uid, action]),
            kind="plain" if action == "complete" else "quiet",
        )
        for action in WHOLE
        if possible[action]
    )
