"""The page of a booking and the lists of bookings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Attachment, Booking, Case, Line, Seat
from bookings.on_the_day import askers_side, is_told, owners_side
from bookings.permissions import may_correct, not_answered
from bookings.queries.overview import GROUPS, BookingsPage, WholeBooking
from bookings.queries.series import WholeSeries
from bookings.queries.timeline import TimeTile
from bookings.reasons import Alternative
from bookings.services.drafts import wish_of_line
from bookings.spans import Span, local_day
from bookings.states import LIVE, LineState
from cooperative.events.models import Event
from frontend.components import (
    Action,
    Choice,
    Fact,
    Message,
    OptionItem,
    Photo,
    StateChip,
    StoryItem,
    Strip,
    Waiting,
)
from frontend.forms.asking import filled_in
from frontend.presenters.actions import LABELS, about_wrong, line_actions
from frontend.presenters.expected import Late, late_owners
from frontend.presenters.fees import fee_facts
from frontend.presenters.lines import written_words
from frontend.presenters.offers import place_words
from frontend.presenters.periods import period_words
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import option_items
from frontend.presenters.seats import SeatList, seat_list
from frontend.presenters.series import SeriesCard, apart_from_series, series_cards
from frontend.presenters.story import lines_that_were, story_items
from frontend.presenters.talk import sent_photos, talk_items
from frontend.presenters.texts import (
    booking_chip,
    booking_title,
    borrower_of,
    line_chip,
    line_title,
    pieces,
    things,
    units_words,
)
from frontend.presenters.timetable import day_strip
from frontend.presenters.when import day_of

WHOLE = ("complete", "withdraw", "cancel")
"""What the borrower does to all lines at once."""


@dataclass(frozen=True, slots=True)
class BookedThing:
    """One thing of a booking with its answer and what can be done."""

    uid: UUID
    title: str
    url: str
    owner: str
    when: str
    event: str
    date: str
    units: str
    chip: StateChip
    strip: Strip | None
    strip_day: str
    instead_url: str
    """Where to see what else is free, for who was not chosen; "" otherwise."""
    options: tuple[OptionItem, ...]
    short: str
    photos: tuple[Photo, ...]
    """What can be had in place of what came to nothing."""
    facts: tuple[Fact, ...]
    actions: tuple[Action, ...]
    seats: SeatList | None


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
    booking, viewer = whole.booking, reader.viewer
    lines = list(whole.lines)
    back = reverse("frontend:booking", args=[booking.uid])
    ours = frozenset(viewer.institutions)
    booked = []
    events = list(events)
    outrun = lines_that_were("booking.outrun", events)
    strongest = not lit
    for line in apart_from_series(lines):
        thing = _thing(
            line,
            booking,
            tiles.get(line.resource_id, ()),
            reader,
            back=back,
            strongest=strongest,
            seats=seat_list(line, booking, seats.get(line.pk, ()), viewer),
            instead=booking.borrower_id in ours and str(line.uid) in outrun,
            place=place_words(line, places) if booking.borrower_id in ours else "",
            options=_options(line, booking, options.get(line.pk, ()), reader),
            photos=whole.photos.get(line.pk, ()),
            case=cases.get(line.pk),
        )
        strongest = strongest and not any(one.kind == "next" for one in thing.actions)
        booked.append(thing)
    borrowing = booking.borrower_id in ours
    return BookingPage(
        title=booking_title(booking, lines, reader.language),
        chip=booking_chip(booking),
        lead=_lead(booking, lines, reader, borrowing=borrowing),
        things=tuple(booked),
        series=series_cards(series, booking, lines, reader=reader, back=back),
        about=_about(booking, reader),
        people=_people(booking, lines, ours, viewer.now),
        talk=talk_items(whole.messages, whole.files, reader=reader),
        story=story_items(events, lines, reader=reader),
        actions=_for_all(booking, lines, reader),
        late=late_owners(booking, lines, reader),
        may_write=booking.sent_at is not None
        and (borrowing or any(line.lender_id in ours for line in lines)),
        together=_("Everything together: nothing is confirmed before all owners have agreed.")
        if booking.all_or_nothing and len(lines) > 1
        else "",
    )


def _lead(booking: Booking, lines: list[Line], reader: Reader, *, borrowing: bool) -> str:
    if borrowing:
        owners = dict.fromkeys(str(line.lender) for line in lines)
        return ", ".join(owners)
    person = f", {booking.person}" if booking.person is not None else ""
    return f"{borrower_of(booking)}{person}"


def _thing(
    line: Line,
    booking: Booking,
    tiles: Sequence[TimeTile],
    reader: Reader,
    *,
    back: str,
    strongest: bool,
    seats: SeatList | None,
    place: str,
    instead: bool,
    options: tuple[OptionItem, ...],
    case: Case | None,
    photos: Sequence[Attachment],
) -> BookedThing:
    zone = ZoneInfo(line.zone)
    use = Span(line.use_starts_at, line.use_ends_at)
    event = Span(line.event_starts_at, line.event_ends_at)
    to_come = local_day(line.local_date, zone).end > reader.viewer.now
    live = line.state in LIVE and tiles and to_come and not line.wanted_minutes
    several = use.end.astimezone(zone).date() != use.start.astimezone(zone).date()
    return BookedThing(
        uid=line.uid,
        title=line_title(line, reader.language),
        url=reverse("frontend:resource", args=[line.resource.uid]),
        owner=str(line.lender),
        when=period_words(line) or reader.clock.span(use, zone),
        event=reader.clock.span(event, zone) if event != use else "",
        date=_date(line),
        units=units_words(line) if line.units > 1 else "",
        chip=line_chip(line, reader),
        strip=day_strip(tiles, line.local_date, zone, now=reader.viewer.now) if live else None,
        strip_day=day_of(line.local_date) if several and live else "",
        instead_url=_as_asked(line, zone) if instead and line.state in UNANSWERED else "",
        options=options,
        facts=(
            *_waits(line, place),
            *_answered(line, reader),
            *_handed(line, reader),
            *fee_facts(line),
            *_inner(line, reader),
        ),
        photos=sent_photos(photos),
        short=_short(line, booking, reader),
        actions=(
            *about_wrong(line, reader.viewer, case),
            *line_actions(line, booking, reader.viewer, back=back, strongest=strongest),
        ),
        seats=seats,
    )


def to_replace(whole: WholeBooking, events: Iterable[Event]) -> list[Line]:
    """The lines that somebody else's no, or silence, ended: what one called off oneself needs nothing instead."""
    taken_back = lines_that_were("booking.take_back", events)
    return [
        line
        for line in apart_from_series(whole.lines)
        if line.state != LineState.CANCELLED or str(line.uid) in taken_back
    ]


def _options(
    line: Line, booking: Booking, found: Sequence[Alternative], reader: Reader
) -> tuple[OptionItem, ...]:
    """One click asks, with the title that the booking has."""
    said = {"title": booking.title, "purpose": booking.purpose}
    return option_items(
        found,
        reader=reader,
        fetched=line.handover != "none",
        typed={name: text for name, text in said.items() if text},
        mine=line_title(line, reader.language),
    )


UNANSWERED = frozenset({LineState.ASKED, LineState.HELD})


def _as_asked(line: Line, zone: ZoneInfo) -> str:
    """The panel of its thing with the same day and hours, where the options stand."""
    typed = filled_in(wish_of_line(line), zone=zone, fetched=line.handover != "none")
    kept = {
        name: typed[name]
        for name in ("date", "start", "end", "end_date", "units")
        if typed.get(name)
    }
    return f"{reverse('frontend:resource', args=[line.resource.uid])}?{urlencode(kept)}#ask"


def _waits(line: Line, place: str) -> tuple[Fact, ...]:
    if not line.waiting:
        return ()
    found = [Fact(term=_("On the waiting list"), detail=place or _("waits in case it comes free"))]
    if line.least_units is not None and line.least_units < line.units:
        found.append(Fact(term=_("As few as will do"), detail=pieces(line.least_units)))
    return tuple(found)


def _short(line: Line, booking: Booking, reader: Reader) -> str:
    """What is not back from somebody else yet, and for who asked whom to call."""
    if line.short_units is None or line.state != LineState.CONFIRMED:
        return ""
    said = _("%(missing)s of %(all)s are not back yet from somebody else.")
    words = [said % {"missing": line.short_units, "all": line.units}]
    if booking.borrower_id in reader.viewer.institutions:
        house = line.lender
        phone = house.day_contact_phone or house.contact_phone
        words += (
            [
                _("Call %(who)s: %(phone)s.")
                % {"who": house.day_contact_name or house, "phone": phone}
            ]
            if phone
            else []
        )
    return " ".join(words)


def _answered(line: Line, reader: Reader) -> tuple[Fact, ...]:
    """Until when an answer is due; and for the owner's people which of them answered."""
    if line.state in UNANSWERED and line.answer_due_at is not None and not line.waiting:
        moment = reader.clock.moment(line.answer_due_at)
        return (Fact(term=_("Answer due"), detail=moment),)
    if line.decided_by is not None and line.lender_id in reader.viewer.institutions:
        return (Fact(term=_("Answered by"), detail=str(line.decided_by)),)
    return ()


def _date(line: Line) -> str:
    """What its owner says of the date that it has places on."""
    session = line.session
    return ". ".join(one for one in (session.title, session.note) if one) if session else ""


def _handed(line: Line, reader: Reader) -> tuple[Fact, ...]:
    """What went out and what came back."""
    found = []
    if line.handed_over_at is not None:
        count = line.units_out if line.units_out is not None else line.units
        said = [reader.clock.moment(line.handed_over_at), pieces(count), line.condition_out]
        found.append(Fact(term=_("Handed out"), detail=", ".join(one for one in said if one)))
    if line.returned_at is not None:
        count = line.units_back if line.units_back is not None else line.units
        said = [reader.clock.moment(line.returned_at), pieces(count), line.condition_back]
        found.append(Fact(term=_("Given back"), detail=", ".join(one for one in said if one)))
    return tuple(found)


def _inner(line: Line, reader: Reader) -> tuple[Fact, ...]:
    """What is read in the owner's house alone."""
    if not line.inner_note or line.lender_id not in reader.viewer.institutions:
        return ()
    return (Fact(term=_("Note for our house only"), detail=line.inner_note),)


def _about(booking: Booking, reader: Reader) -> tuple[Fact, ...]:
    yes = {True: _("yes"), False: _("no")}
    pairs = (
        (_("For"), booking.purpose),
        (_("Kind of event"), booking.event_kind),
        (_("People expected"), str(booking.expected_people or "")),
        (_("Open to everybody"), yes.get(booking.open_to_public)),  # type: ignore[arg-type]
        (_("Free entry"), yes.get(booking.free_entry)),  # type: ignore[arg-type]
        (_("Access needs"), booking.access_needs),
        (_("Remarks"), booking.remarks),
        (pgettext("booking", "Written in"), written_words(booking)),
        (_("Sent"), reader.clock.moment(booking.sent_at) if booking.sent_at else ""),
    )
    return tuple(Fact(term=term, detail=detail) for term, detail in pairs if detail)


def _people(
    booking: Booking, lines: list[Line], ours: frozenset[int], now: datetime
) -> tuple[Fact, ...]:
    """Who is there on the day once it is agreed, and whom to call of the other house."""
    found = []
    told = [line for line in lines if is_told(line, now)]
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
    waiting = {LineState.ASKED, LineState.HELD, LineState.ACCEPTED}
    possible = {
        "complete": booking.all_or_nothing
        and LineState.ACCEPTED in states
        and bool(states - {LineState.ACCEPTED}),
        "withdraw": bool(states & waiting),
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


# --- lists --------------------------------------------------------------------------------------------
def rows(page: BookingsPage, *, reader: Reader, side: str) -> tuple[Waiting, ...]:
    """Bookings as rows of a list."""
    found = []
    for booking in page.bookings:
        lines = page.lines[booking.pk]
        spans = [Span(line.use_starts_at, line.use_ends_at) for line in lines]
        zone = ZoneInfo(lines[0].zone) if lines else reader.clock.zone
        when = (
            reader.clock.span(Span(min(s.start for s in spans), max(s.end for s in spans)), zone)
            if spans
            else ""
        )
        owners = ", ".join(dict.fromkeys(str(line.lender) for line in lines))
        other = owners if side == "borrower" else borrower_of(booking)
        title = booking_title(booking, lines, reader.language)
        named = things(lines, reader.language)
        waited = any(not_answered(line, reader.viewer.now) for line in lines)
        late = _("not answered yet") if waited else ""
        found.append(
            Waiting(
                title=title,
                url=reverse("frontend:booking", args=[booking.uid]),
                detail=" · ".join(
                    part
                    for part in (
                        named if named != title else "",
                        other,
                        written_words(booking),
                        late,
                    )
                    if part
                ),
                due=when,
                chip=booking_chip(booking),
            )
        )
    return tuple(found)


def group_tabs(counts: Mapping[str, int], *, side: str, group: str) -> tuple[Choice, ...]:
    """The groups of a list with how many are in each."""
    labels = {
        "open": _("Waiting"),
        "confirmed": pgettext("list", "Confirmed"),
        "over": _("Past and done"),
    }
    base = reverse("frontend:bookings")
    return tuple(
        Choice(
            value=name,
            label=labels[name],
            url=f"{base}?side={side}&group={name}",
            current=name == group,
            count=counts.get(name, 0) if name != "over" else None,
        )
        for name in GROUPS
    )


def side_tabs(*, side: str) -> tuple[Choice, ...]:
    base = reverse("frontend:bookings")
    labels = {"borrower": _("What we borrow"), "lender": _("What we lend")}
    return tuple(
        Choice(value=one, label=label, url=f"{base}?side={one}", current=one == side)
        for one, label in labels.items()
    )
