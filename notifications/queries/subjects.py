"""What a message may say of its event, read when it is read or sent, through what that reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from bookings.models import Booking, BookingMessage, Line
from cooperative.access.viewer import Viewer
from cooperative.events.models import Event, EventParty
from cooperative.institutions.models import Institution
from cooperative.membership.models import Invitation
from notifications.models import Delivery
from notifications.wording import span_words, spans_words, things_words, title_in
from sharing.models import ResourceText


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
    reply_to: str = ""
    target: UUID | None = None
    """The uid in the address of the page that the message leads to."""

    @property
    def values(self) -> dict[str, str]:
        return {"what": self.what, "who": self.who, "when": self.when, "title": self.title}


HIDDEN = Shown(visible=False)


@dataclass(slots=True)
class Facts:
    """What was read for a batch; all of it went through `visible_to` of one reader."""

    bookings: dict[UUID, Booking]
    lines: dict[UUID, Line]
    notes: dict[int, list[BookingMessage]]
    titles: dict[UUID, dict[str, str]]
    institutions: dict[UUID, Institution]
    invitations: dict[UUID, Invitation]


def event_parties() -> Prefetch[str]:
    """What `shown` needs of each delivery's event."""
    parties = EventParty.objects.select_related("institution").order_by("id")
    return Prefetch("event__parties", queryset=parties)


def booking_of(event: Event) -> UUID | None:
    """The booking that an event is about, or None."""
    if event.subject_kind == "booking":
        return event.subject_uid
    named = event.data.get("booking")
    return UUID(named) if isinstance(named, str) else None


def facts_for(events: Sequence[Event], *, viewer: Viewer) -> Facts:
    """Read for events of any kind what `viewer` may see of their subjects. At most 7 statements."""
    wanted = {uid for event in events if (uid := booking_of(event)) is not None}
    bookings: dict[UUID, Booking] = {}
    lines: dict[UUID, Line] = {}
    notes: defaultdict[int, list[BookingMessage]] = defaultdict(list)
    if wanted:
        for booking in (
            Booking.objects.visible_to(viewer).filter(uid__in=wanted).select_related("borrower")
        ):
            bookings[booking.uid] = booking
        ids = [booking.pk for booking in bookings.values()]
        for line in (
            Line.objects.visible_to(viewer)
            .filter(booking__in=ids)
            .select_related("lender")
            .order_by("position", "id")
        ):
            lines[line.uid] = line
        written = BookingMessage.objects.visible_to(viewer).filter(booking__in=ids)
        for note in written.select_related("lender").in_order():
            notes[note.booking_id].append(note)
    return Facts(
        bookings=bookings,
        lines=lines,
        notes=notes,
        titles=_titles(_uids(events, "resource"), viewer),
        institutions=_institutions(_uids(events, "institution")),
        invitations=_invitations(_uids(events, "invitation")),
    )


def _uids(events: Iterable[Event], kind: str) -> set[UUID]:
    return {event.subject_uid for event in events if event.subject_kind == kind}


def _titles(uids: set[UUID], viewer: Viewer) -> dict[UUID, dict[str, str]]:
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    if uids:
        mine = ResourceText.objects.visible_to(viewer)
        readings = [mine, ResourceText.objects.on_moderation_desk(viewer)]
        for reading in readings[: 2 if viewer.moderator else 1]:
            for uid, language, title in (
                reading.filter(resource__uid__in=uids)
                .order_by("-is_original", "language")
                .values_list("resource__uid", "language", "title")
            ):
                found[uid][language] = title
    return dict(found)


def _institutions(uids: set[UUID]) -> dict[UUID, Institution]:
    rows = Institution.objects.filter(uid__in=uids) if uids else ()
    return {institution.uid: institution for institution in rows}


def _invitations(uids: set[UUID]) -> dict[UUID, Invitation]:
    rows: Iterable[Invitation] = (
        Invitation.objects.filter(uid__in=uids).select_related("institution") if uids else ()
    )
    return {invitation.uid: invitation for invitation in rows}


def shown(delivery: Delivery, facts: Facts) -> Shown:
    """What may be said of this delivery's event, worded in the active language."""
    event = delivery.event
    if booking_of(event) is not None:
        return _of_booking(delivery, facts)
    if event.subject_kind == "resource":
        titles = facts.titles.get(event.subject_uid)
        if not titles:
            return HIDDEN
        owner = _first_party(event)
        return Shown(
            visible=True,
            what=title_in(titles),
            who=str(owner) if owner else "",
            target=event.subject_uid,
        )
    if event.subject_kind == "invitation":
        invitation = facts.invitations.get(event.subject_uid)
        if invitation is None:
            return HIDDEN
        return Shown(
            visible=True,
            who=str(invitation.institution),
            reply_to=invitation.institution.contact_email,
            target=invitation.uid,
        )
    house = facts.institutions.get(event.subject_uid) or _first_party(event)
    return Shown(visible=True, who=str(house)) if house is not None else HIDDEN


def _first_party(event: Event) -> Institution | None:
    return next((p.institution for p in event.parties.all() if p.institution is not None), None)


def _of_booking(delivery: Delivery, facts: Facts) -> Shown:
    event = delivery.event
    booking = facts.bookings.get(booking_of(event) or event.subject_uid)
    if booking is None:
        return HIDDEN
    meant = _lines_meant(delivery, booking, facts)
    borrowing = delivery.party_role == "borrower"
    other = _other_side(event, booking, meant, borrowing=borrowing)
    return Shown(
        visible=True,
        what=things_words([_name(line) for line in meant]),
        who=str(other) if other is not None else booking.outside_name,
        when=spans_words([(line.event_starts_at, line.event_ends_at, line.zone) for line in meant]),
        title=booking.title or things_words([_name(line) for line in meant]),
        note=_note(event, facts.notes.get(booking.pk, [])),
        lines=tuple(
            ShownLine(
                uid=line.uid,
                what=_name(line),
                when=span_words(line.event_starts_at, line.event_ends_at, line.zone),
                units=line.units,
                state=line.state,
                use_starts_at=line.use_starts_at,
                use_ends_at=line.use_ends_at,
            )
            for line in meant
        ),
        reply_to=other.contact_email if other is not None else booking.outside_email,
        target=booking.uid,
    )


def _lines_meant(delivery: Delivery, booking: Booking, facts: Facts) -> list[Line]:
    """Those the event names; all of the booking where it completes it, or names none."""
    event = delivery.event
    named = {str(line.get("line", "")) for line in event.data.get("lines", ())}
    all_lines = [line for line in facts.lines.values() if line.booking_id == booking.pk]
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


def _name(line: Line) -> str:
    title = title_in(line.shown.get("titles", {}))
    return f"{title} ×{line.units}" if line.units > 1 else title


def _note(event: Event, notes: Sequence[BookingMessage]) -> str:
    """What was written with this very act: its note, its reason, or the message itself."""
    written = event.data.get("message")
    action = event.verb.rpartition(".")[2]
    lender = event.data.get("lender")
    for note in notes:
        if written is not None:
            if str(note.uid) == written:
                return note.body
        elif event.verb == "message.write":
            if note.uid == event.subject_uid:
                return note.body
        elif note.action == action and note.at == event.at and _same_thread(note, lender):
            return note.body
    return ""


def _same_thread(note: BookingMessage, lender: Any) -> bool:
    return note.lender_id is None or lender is None or str(note.lender.uid) == lender  # type: ignore[union-attr]
