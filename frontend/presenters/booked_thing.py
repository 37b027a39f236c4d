"""One thing of a booking, with what may be done about it: a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookings.answers import REASONS
from bookings.models import Attachment, BlockKind, Booking, BookingMessage, Case, Line
from bookings.on_the_day import whom_to_call
from bookings.queries.timeline import TimeTile
from bookings.reasons import Alternative
from bookings.services.drafts import wish_of_line
from bookings.spans import Span, local_day
from bookings.states import LIVE, UNANSWERED, LineState
from frontend.components import (
    Action,
    Fact,
    OptionItem,
    Photo,
    StateChip,
    Strip,
)
from frontend.forms.asking_filled import filled_in
from frontend.presenters.actions import about_wrong, line_actions
from frontend.presenters.fees import fee_actions, fee_facts
from frontend.presenters.periods import period_words
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import option_items
from frontend.presenters.seats import SeatList
from frontend.presenters.settling import told_by_phone
from frontend.presenters.talk import sent_photos
from frontend.presenters.texts import (
    line_chip,
    line_title,
    pieces,
    units_words,
)
from frontend.presenters.timetable import day_strip
from frontend.presenters.when import day_of


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
    """What can be had in place of what came to nothing."""
    why: str
    """The reason that was given for that."""
    short: str
    photos: tuple[Photo, ...]
    facts: tuple[Fact, ...]
    actions: tuple[Action, ...]
    seats: SeatList | None


def booked_thing(
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
    taken_back: bool,
    photos: Sequence[Attachment],
    messages: Iterable[BookingMessage],
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
        why=_why(line, messages),
        facts=(
            *_waits(line, place),
            *_to_call(line, booking, reader),
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
            *fee_actions(line, reader.viewer, back=back),
            *told_by_phone(line, reader, back=back, taken_back=taken_back),
        ),
        seats=seats,
    )


def options_of(
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


def _why(line: Line, messages: Iterable[BookingMessage]) -> str:
    """Why it came to nothing, in the words that were given last."""
    if line.state == LineState.TO_SETTLE and line.hit_by is not None:
        return str(REASONS["repair"]) if line.hit_by.kind == BlockKind.REPAIR else ""
    if line.state not in {LineState.DECLINED, LineState.CANCELLED}:
        return ""
    given = [one.body for one in messages if one.kind == "reason" and one.line_id == line.pk]
    return given[-1] if given else ""


def _to_call(line: Line, booking: Booking, reader: Reader) -> tuple[Fact, ...]:
    """What came in the way is settled quickest by phone."""
    if line.state != LineState.TO_SETTLE or booking.borrower_id not in reader.viewer.institutions:
        return ()
    name, phone = whom_to_call(line)
    return (Fact(term=_("Who to call"), detail=name, phone=phone, icon="phone"),) if phone else ()


def _short(line: Line, booking: Booking, reader: Reader) -> str:
    """What is not back from somebody else yet, and for who asked whom to call."""
    if line.short_units is None or line.state != LineState.CONFIRMED:
        return ""
    said = _("%(missing)s of %(all)s are not back yet from somebody else.")
    words = [said % {"missing": line.short_units, "all": line.units}]
    if booking.borrower_id in reader.viewer.institutions:
        name, phone = whom_to_call(line)
        if phone:
            words.append(_("Call %(who)s: %(phone)s.") % {"who": name, "phone": phone})
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
