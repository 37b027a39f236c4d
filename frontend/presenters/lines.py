"""How keepers see a line: what, who, when, how many. Ready values for several pages."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.models import Block, BlockKind, Booking, Line
from bookings.on_the_day import askers_side
from bookings.states import WAITING, LineState
from frontend.components import Fact, StateChip

from .moments import span_label
from .periods import period_words
from .texts import units_words


def language() -> str:
    """The reader's language as two letters."""
    return (get_language() or "pl")[:2]


def thing_title(line: Line) -> str:
    """The frozen title of what is asked for, in the reader's language, else in the original."""
    titles = line.shown.get("titles") or {}
    return str(
        titles.get(language())
        or titles.get(line.shown.get("original"))
        or next(iter(titles.values()), "")
    )


def who(booking: Booking) -> str:
    """The institution that asks, or the outside party that was written in."""
    borrower = booking.borrower
    return str(borrower) if borrower is not None else booking.outside_name


def contact(line: Line) -> str:
    """Whom to ring on the day beside `who`: name and phone, as far as they are known; told with the yes."""
    if line.state in WAITING:
        return ""
    booking = line.booking
    known = (name_on_the_day(booking), askers_side(booking).phone)
    return ", ".join(word for word in known if word)


def name_on_the_day(booking: Booking) -> str:
    """Who is there, where that is not `who` already."""
    name = askers_side(booking).name
    return name if name != who(booking) else ""


def written_words(booking: Booking) -> str:
    """ "Entered by Marta Nowak, by phone"; without a name where that person is gone. Empty for what was asked for."""
    if booking.entered_for_id is None:
        return ""
    person = booking.entered_by
    how = booking.get_came_by_display() if booking.came_by else ""
    said = _("entered by the owner")
    if person is not None and person.name:
        said = _("entered by %(name)s") % {"name": person.name}
    return ", ".join(one for one in (said, how) if one)


def booking_title(booking: Booking) -> str:
    return booking.title or booking.purpose[:80] or _("without a title")


def line_chip(line: Line) -> StateChip:
    return StateChip(state=line.state, label=str(LineState(line.state).label))


def when(line: Line) -> str:
    return period_words(line) or span_label(line.use_starts_at, line.use_ends_at, line.zone)


def units_label(line: Line) -> str:
    """How many, where there are several to speak of."""
    one = line.shown.get("kind", "exclusive") in {"exclusive", "metered"} and line.units == 1
    return "" if one else units_words(line)


def block_title(block: Block) -> str:
    return block.title or str(BlockKind(block.kind).label)


def about_facts(booking: Booking) -> tuple[Fact, ...]:
    """What a booking is about, as far as anything was said."""
    yes = {True: _("yes"), False: _("no"), None: ""}
    pairs = (
        (_("For"), booking.purpose),
        (_("Kind of event"), booking.event_kind),
        (_("People expected"), str(booking.expected_people or "")),
        (_("Open to everybody"), yes[booking.open_to_public]),
        (_("Free entry"), yes[booking.free_entry]),
        (_("Access needs"), booking.access_needs),
        (_("Remarks"), booking.remarks),
    )
    return tuple(Fact(term=term, detail=detail) for term, detail in pairs if detail)


def facts_of_wish(line: Line) -> tuple[Fact, ...]:
    """What the asker said, as far as anything was said; whom to ring on the day is told with the yes."""
    booking = line.booking
    answers = {True: _("yes"), False: _("no")}
    event = (line.event_starts_at, line.event_ends_at)
    rows = [
        (
            _("The event itself"),
            span_label(*event, line.zone)
            if event != (line.use_starts_at, line.use_ends_at)
            else "",
            "clock",
        ),
        (_("What for"), booking.purpose if booking.title else "", "chat-bubble-left-ellipsis"),
        (
            _("How many people"),
            "" if booking.expected_people is None else str(booking.expected_people),
            "user-group",
        ),
        (
            _("Open to the public"),
            "" if booking.open_to_public is None else answers[booking.open_to_public],
            "",
        ),
        (
            _("Free entry"),
            "" if booking.free_entry is None else answers[booking.free_entry],
            "",
        ),
        (_("Access needs"), booking.access_needs, ""),
        (_("Remarks"), booking.remarks, ""),
    ]
    return tuple(Fact(term=term, detail=detail, icon=icon) for term, detail, icon in rows if detail)
