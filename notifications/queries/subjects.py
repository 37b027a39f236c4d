"""What a message may say of its event, worded when it is read or sent, from what its reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.answers import REASONS
from bookings.models import Attachment, BlockKind, Booking, BookingMessage, Line, Offer
from bookings.on_the_day import owners_side, whom_to_call
from bookings.queries.series import repetition_of
from bookings.recurrence import sentence
from bookings.states import FIRM
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from notifications.messages import MESSAGES
from notifications.models import Channel, Delivery
from notifications.queries.facts import LISTS, Facts, booking_of, case_of, offer_of
from notifications.wording import moment_words, span_words, spans_words, things_words, title_in


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One thing of a booking as its reader may see it. `when` is worded in the active language."""

    uid: UUID
    what: str
    when: str
    units: int
    state: str
    use_starts_at: datetime
    use_ends_at: datetime
    who: str = ""
    """In a list of many bookings: the other side, and how to reach them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be said. With `visible` False nothing else is filled."""

    visible: bool
    what: str = ""
    who: str = ""
    when: str = ""
    title: str = ""
    note: str = ""
    lines: tuple[ShownLine, ...] = ()
    more: int = 0
    """How many things more than `lines`."""
    call_name: str = ""
    call_phone: str = ""
    """Whom who borrows calls where something agreed breaks."""
    told: bool = False
    """They were told of it by phone already."""
    reply_to: str = ""
    day: tuple[str, ...] = ()
    """Who is there on the day, where, and what to know at the door."""
    offer: str = ""
    """The thing and the time that is proposed."""
    until: str = ""
    missing: str = ""
    """How many units are not back yet from somebody else."""
    anchor: str = ""
    """Where on its page a message leads."""
    target: UUID | None = None
    """The uid in the address of the page that the message leads to."""

    @property
    def values(self) -> dict[str, str]:
        return {
            "what": self.what,
            "who": self.who,
            "when": self.when,
            "title": self.title,
            "offer": self.offer,
            "until": self.until,
            "missing": self.missing,
        }


HIDDEN = Shown(visible=False)
MOST_LINES, MOST_LISTED = 20, 60
"""In one mail; what repeats is told by its sentence."""


def _reason(event: Event, facts: Facts) -> str:
    """The moderators' words with this very decision; a later one has its own event."""
    named = event.data.get("review") or event.data.get("application")
    at, reason = facts.reasons.get(UUID(named), (None, "")) if named else (None, "")
    return reason if at == event.at else ""


def shown(delivery: Delivery, facts: Facts, along: Sequence[Delivery] = ()) -> Shown:
    """What may be said of this delivery's event, worded in the active language; and of those of `along`, which say the
    same of other lines of its booking."""
    event = delivery.event
    if event.verb in LISTS:
        return listed(delivery, facts)
    if delivery.party_role == "moderator" and case_of(event) is not None:
        return _of_case(event, facts)
    if booking_of(event) is not None:
        return _of_booking(delivery, facts, along)
    by_kind = {
        "resource": _of_resource,
        "invitation": _of_invitation,
        "enquiry": _of_enquiry,
    }
    return by_kind.get(event.subject_kind, _of_house)(delivery, facts)


def listed(delivery: Delivery, facts: Facts) -> Shown:
    """Many bookings of one house in order of time: what goes out and comes back, or what waits for an answer.

    In a mail only what still is so.
    """
    house = delivery.institution
    message = MESSAGES[delivery.message]
    rows = []
    for entry in delivery.event.data.get("lines", ()):
        line = facts.lines.get(UUID(entry["line"]))
        over = message.still is not None and line is not None and line.state not in message.still
        if line is None or (over and delivery.channel == Channel.EMAIL):
            continue
        rows.append((line, str(entry.get("end", ""))))
    if not rows:
        return HIDDEN
    names = list(dict.fromkeys(line_name(line) for line, _end in rows))
    return Shown(
        visible=True,
        what=things_words(names),
        who=str(house) if house is not None else "",
        when=spans_words(
            [(line.use_starts_at, line.use_ends_at, line.zone) for line, _end in rows]
        ),
        lines=tuple(_of_list(line, end) for line, end in rows[:MOST_LISTED]),
        more=max(len(rows) - MOST_LISTED, 0),
    )


def _of_list(line: Line, end: str) -> ShownLine:
    """One row of a list: with `end` the moment when it goes out or comes back, else the whole time."""
    if end == "out":
        when = _("fetched %(when)s") % {"when": moment_words(line.use_starts_at, line.zone)}
    elif end == "back":
        when = _("brought back %(when)s") % {"when": moment_words(line.use_ends_at, line.zone)}
    else:
        when = span_words(line.event_starts_at, line.event_ends_at, line.zone)
    booking, person = line.booking, line.booking.person
    called = booking.responsible_person or (person.name if person is not None else "")
    phone = booking.responsible_phone or (person.phone if person is not None else "")
    if booking.borrower is None:
        called, phone = "", booking.outside_phone
    house = str(booking.borrower) if booking.borrower is not None else booking.outside_name
    return ShownLine(
        uid=line.uid,
        what=line_name(line),
        when=when,
        units=line.units,
        state=line.state,
        use_starts_at=line.use_starts_at,
        use_ends_at=line.use_ends_at,
        who=" · ".join(dict.fromkeys(word for word in (house, called, phone) if word)),
    )


def _of_case(event: Event, facts: Facts) -> Shown:
    """What moderators are told: which thing, when, and between whom."""
    case = facts.cases.get(case_of(event) or event.uid)
    if case is None:
        return HIDDEN
    line = case.line
    return Shown(
        visible=True,
        what=line_name(line),
        who=", ".join(str(side) for side in (case.lender, case.borrower) if side is not None),
        when=span_words(line.event_starts_at, line.event_ends_at, line.zone),
        target=case.uid,
    )


def _of_resource(delivery: Delivery, facts: Facts) -> Shown:
    event = delivery.event
    titles = facts.titles.get(event.subject_uid)
    if not titles:
        return HIDDEN
    owner = _first_party(event)
    return Shown(
        visible=True,
        what=title_in(titles),
        who=str(owner) if owner else "",
        note=_reason(event, facts),
        target=event.subject_uid,
    )


def _of_enquiry(delivery: Delivery, facts: Facts) -> Shown:
    """A question about a thing, or what was written on: with its words, answered to the other side's contact."""
    event = delivery.event
    enquiry = facts.enquiries.get(event.subject_uid)
    words = facts.words.get(UUID(event.data.get("message", str(event.uid))))
    if enquiry is None or words is None:
        return HIDDEN
    other = enquiry.lender if delivery.party_role == "borrower" else enquiry.asker
    what = title_in(enquiry.shown.get("titles", {}))
    return Shown(
        visible=True,
        what=what,
        title=what,
        who=str(other),
        note=with_files(words.body, facts.files.get(words.uid, ())),
        reply_to=other.contact_email,
        target=enquiry.uid,
    )


def with_files(body: str, files: Sequence[Attachment]) -> str:
    """The words, and how many photos and files came with them."""
    photos = sum(one.width is not None for one in files)
    others = len(files) - photos
    said = [
        ngettext("%(count)d photo", "%(count)d photos", photos) % {"count": photos}
        if photos
        else "",
        ngettext("%(count)d file", "%(count)d files", others) % {"count": others} if others else "",
    ]
    came = ", ".join(one for one in said if one)
    return "\n\n".join(part for part in (body, f"[{came}]" if came else "") if part)


def _of_invitation(delivery: Delivery, facts: Facts) -> Shown:
    invitation = facts.invitations.get(delivery.event.subject_uid)
    if invitation is None:
        return HIDDEN
    return Shown(
        visible=True,
        who=str(invitation.institution),
        reply_to=invitation.institution.contact_email,
        target=invitation.uid,
    )


def _of_house(delivery: Delivery, facts: Facts) -> Shown:
    """An institution, a membership in one, or a partnership: named by the other side of it."""
    event = delivery.event
    house = facts.institutions.get(event.subject_uid) or _first_party(event)
    if event.subject_kind == "partnership":
        parties = [party.institution for party in event.parties.all()]
        house = next((p for p in parties if p and p.pk != delivery.institution_id), None)
    if house is None:
        return HIDDEN
    return Shown(visible=True, who=str(house), note=_reason(event, facts))


def _first_party(event: Event) -> Institution | None:
    return next((p.institution for p in event.parties.all() if p.institution is not None), None)


def _of_booking(delivery: Delivery, facts: Facts, along: Sequence[Delivery]) -> Shown:
    event = delivery.event
    booking = facts.bookings.get(booking_of(event) or event.subject_uid)
    if booking is None:
        return HIDDEN
    together = [delivery, *along]
    found = [line for one in together for line in _lines_meant(one, booking, facts)]
    meant = list({line.pk: line for line in found}.values())
    borrowing = delivery.party_role == "borrower"
    offer = facts.offers.get(offer_of(event) or event.uid)
    if event.verb.startswith("offer.") and offer is None:
        return HIDDEN
    other = _other_side(event, booking, meant, borrowing=borrowing)
    what = things_words(list(dict.fromkeys(line_name(line) for line in meant)))
    call = whom_to_call(meant[0]) if borrowing and meant else ("", "")
    return Shown(
        visible=True,
        what=what,
        who=str(other) if other is not None else booking.outside_name,
        when=_when(meant, booking, facts),
        title=booking.title or what,
        note=offer.note
        if offer is not None and event.verb == "offer.make"
        else _notes(together, facts.notes.get(booking.pk, []), facts.files)
        or _why_in_the_way(delivery, meant),
        offer=_proposed(offer, event) if offer is not None else "",
        until=moment_words(offer.expires_at, offer.zone) if offer is not None else "",
        missing=_missing(event),
        anchor=f"offer-{offer.uid}" if offer is not None else "",
        lines=tuple(
            ShownLine(
                uid=line.uid,
                what=line_name(line),
                when=span_words(line.event_starts_at, line.event_ends_at, line.zone),
                units=line.units,
                state=line.state,
                use_starts_at=line.use_starts_at,
                use_ends_at=line.use_ends_at,
            )
            for line in meant[:MOST_LINES]
        ),
        more=max(len(meant) - MOST_LINES, 0),
        call_name=call[0],
        call_phone=call[1],
        told=bool(meant) and all(_told_of(line, event) for line in meant),
        day=_on_the_day(delivery, meant) if borrowing else (),
        reply_to=other.contact_email if other is not None else booking.outside_email,
        target=case_of(event) or booking.uid,
    )


def _missing(event: Event) -> str:
    return "".join(
        str(line["short"]) for line in event.data.get("lines", ())[:1] if "short" in line
    )


def _why_in_the_way(delivery: Delivery, lines: Sequence[Line]) -> str:
    """That it broke is said; an owner's own use or closure is its own affair."""
    broken = any(line.hit_by is not None and line.hit_by.kind == BlockKind.REPAIR for line in lines)
    return str(REASONS["repair"]) if broken and delivery.message in {"hit", "shrunk"} else ""


WITH_CONTACT = frozenset({"use_soon", "confirmed"})


def _on_the_day(delivery: Delivery, lines: Sequence[Line]) -> tuple[str, ...]:
    """For who comes: each contact once, of what is agreed still."""
    if delivery.message not in WITH_CONTACT:
        return ()
    contacts = dict.fromkeys(owners_side(line) for line in lines if line.state in FIRM)
    rows = []
    for one in contacts:
        person = ", ".join(part for part in (one.name, one.phone) if part)
        rows += [_("On the day: %(who)s") % {"who": person}] if person else []
        rows += [part for part in (one.place, one.note) if part]
    return tuple(rows)


def _lines_meant(delivery: Delivery, booking: Booking, facts: Facts) -> list[Line]:
    """Those the event names; all of the booking where it completes it, or names none."""
    event = delivery.event
    named = {str(line.get("line", "")) for line in event.data.get("lines", ())}
    all_lines = [line for line in facts.lines.values() if line.booking_id == booking.pk]
    if event.verb == "message.write" and event.data.get("lender"):
        return [line for line in all_lines if str(line.lender.uid) == event.data["lender"]]
    if not named or (event.verb == "booking.complete" and delivery.party_role == "borrower"):
        return all_lines
    return [line for line in all_lines if str(line.uid) in named]


def _other_side(
    event: Event, booking: Booking, lines: Sequence[Line], *, borrowing: bool
) -> Institution | None:
    if not borrowing:
        return booking.borrower
    named: Any = event.data.get("lender")
    for line in lines:
        if named is None or str(line.lender.uid) == named:
            return line.lender
    return lines[0].lender if lines else None


def _proposed(offer: Offer, event: Event) -> str:
    """`Strych ×2, Fri 12 March 2027, 10:00–13:00`; of many made at once the first, and how many more."""
    when = span_words(offer.event_starts_at, offer.event_ends_at, offer.zone)
    what, more = f"{line_name(offer)}, {when}", len(event.data.get("offers", ())) - 1
    return f"{what} {_more_dates(more)}" if more > 0 else what


def _when(meant: Sequence[Line], booking: Booking, facts: Facts) -> str:
    """The time that all share; of what repeats its sentence, or of some of its dates the first and how many more."""
    series = meant[0].series if meant else None
    if series is None or len(meant) < 2 or {line.series_id for line in meant} != {series.pk}:
        return spans_words(
            [(line.event_starts_at, line.event_ends_at, line.zone) for line in meant]
        )
    all_dates = [line for line in facts.lines.values() if line.series_id == series.pk]
    if len(meant) == len(all_dates):
        return sentence(repetition_of(series))
    first = min(meant, key=lambda line: line.event_starts_at)
    words = span_words(first.event_starts_at, first.event_ends_at, first.zone)
    return f"{words} {_more_dates(len(meant) - 1)}"


def _more_dates(count: int) -> str:
    words = ngettext("and %(count)d more date", "and %(count)d more dates", count)
    return words % {"count": count}


def line_name(line: Line | Offer) -> str:
    """`Projektor ×2`."""
    title = title_in(line.shown.get("titles", {}))
    return f"{title} ×{line.units}" if line.units > 1 else title


def _told_of(line: Line, event: Event) -> bool:
    return line.told_at is not None and line.told_at >= event.at


def _notes(
    deliveries: Sequence[Delivery],
    notes: Sequence[BookingMessage],
    files: Mapping[UUID, Sequence[Attachment]],
) -> str:
    """What was written with each of these acts, once."""
    said = (_note(one.event, notes, files) for one in deliveries)
    return "\n\n".join(dict.fromkeys(text for text in said if text))


def _note(
    event: Event,
    notes: Sequence[BookingMessage],
    files: Mapping[UUID, Sequence[Attachment]],
) -> str:
    """What was written with this very act: its note, its reason, or the message itself with what came along."""
    written = event.data.get("message")
    action = event.verb.rpartition(".")[2]
    named = {str(line.get("line")) for line in event.data.get("lines", ())}
    for note in notes:
        if written is not None:
            if str(note.uid) == written:
                return with_files(note.body, files.get(note.uid, ()))
        elif (
            note.action == action
            and note.at == event.at
            and (note.line is None or str(note.line.uid) in named)
        ):
            return note.body
    return ""
