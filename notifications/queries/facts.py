"""What a batch of messages is about, read in a few statements, through what one reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from bookings.models import Attachment, Booking, BookingMessage, Case, Enquiry, Line, Offer
from cooperative.access.viewer import Viewer
from cooperative.events.models import Event, EventParty
from cooperative.institutions.models import Application, Institution
from cooperative.membership.models import Invitation
from sharing.models import ResourceText, Review

LISTS = frozenset({"reminder.tomorrow", "reminder.answer"})
"""Events of a house that name lines of many bookings."""


@dataclass(slots=True)
class Facts:
    """What was read for a batch; all of it went through `visible_to` of one reader, at `now`."""

    now: datetime
    bookings: dict[UUID, Booking]
    lines: dict[UUID, Line]
    offers: dict[UUID, Offer]
    cases: dict[UUID, Case]
    """Read for moderators alone: the sides know theirs by their bookings."""
    notes: dict[int, list[BookingMessage]]
    titles: dict[UUID, dict[str, str]]
    institutions: dict[UUID, Institution]
    invitations: dict[UUID, Invitation]
    reasons: dict[UUID, tuple[datetime | None, str]]
    """Of reviews and applications: when decided, and why."""
    enquiries: dict[UUID, Enquiry]
    words: dict[UUID, BookingMessage]
    """Messages in enquiries, by uid."""
    files: dict[UUID, list[Attachment]]
    """Photos and files, by the uid of the message that they came with."""


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


def offer_of(event: Event) -> UUID | None:
    """The proposal that an event is about or came with, or None."""
    named = event.data.get("offer") or next(
        (line["offer"] for line in event.data.get("lines", ()) if line.get("offer")), None
    )
    return UUID(named) if isinstance(named, str) else None


def facts_for(events: Sequence[Event], *, viewer: Viewer) -> Facts:
    """Read for events of any kind what `viewer` may see of their subjects. At most 14 statements."""
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
            .select_related("lender", "series", "resource", "decided_by", "hit_by")
            .order_by("position", "id")
        ):
            lines[line.uid] = line
        written = BookingMessage.objects.visible_to(viewer).filter(booking__in=ids)
        for note in written.select_related("line").in_order():
            notes[note.booking_id or 0].append(note)
    lines |= _listed(events, viewer)
    enquiries = _enquiries(_uids(events, "enquiry"), viewer)
    written_uids = {UUID(event.data["message"]) for event in events if "message" in event.data}
    return Facts(
        now=viewer.now,
        bookings=bookings,
        lines=lines,
        offers=_offers(events, viewer),
        cases=_cases(events, viewer),
        notes=notes,
        titles=_titles(_uids(events, "resource"), viewer),
        institutions=_institutions(_uids(events, "institution")),
        invitations=_invitations(_uids(events, "invitation")),
        reasons=_reasons(events),
        enquiries=enquiries,
        words=_words(written_uids, viewer) if enquiries else {},
        files=_files(written_uids, viewer),
    )


def _listed(events: Sequence[Event], viewer: Viewer) -> dict[UUID, Line]:
    """The lines of events that tell of many bookings of one house."""
    named = {
        line["line"]
        for event in events
        if event.verb in LISTS
        for line in event.data.get("lines", ())
    }
    if not named:
        return {}
    rows = Line.objects.visible_to(viewer).filter(uid__in=named)
    found = rows.select_related("booking__borrower", "booking__person", "lender", "resource")
    return {line.uid: line for line in found}


def _enquiries(uids: set[UUID], viewer: Viewer) -> dict[UUID, Enquiry]:
    if not uids:
        return {}
    found = Enquiry.objects.visible_to(viewer).filter(uid__in=uids)
    return {one.uid: one for one in found.select_related("lender", "asker")}


def _words(uids: set[UUID], viewer: Viewer) -> dict[UUID, BookingMessage]:
    found = BookingMessage.objects.visible_to(viewer)
    return {one.uid: one for one in found.filter(uid__in=uids, enquiry__isnull=False)}


def _files(uids: set[UUID], viewer: Viewer) -> dict[UUID, list[Attachment]]:
    found: defaultdict[UUID, list[Attachment]] = defaultdict(list)
    if uids:
        rows = Attachment.objects.visible_to(viewer).filter(message__uid__in=uids)
        for one in rows.select_related("message").order_by("id"):
            assert one.message is not None
            found[one.message.uid].append(one)
    return dict(found)


def _offers(events: Iterable[Event], viewer: Viewer) -> dict[UUID, Offer]:
    wanted = {uid for event in events if (uid := offer_of(event)) is not None}
    if not wanted:
        return {}
    found = Offer.objects.visible_to(viewer).filter(uid__in=wanted)
    return {offer.uid: offer for offer in found.select_related("lender", "booking__borrower")}


def case_of(event: Event) -> UUID | None:
    """The case that an event is about, or None."""
    named = event.data.get("case") or next(
        (line["case"] for line in event.data.get("lines", ()) if line.get("case")), None
    )
    return UUID(named) if isinstance(named, str) else None


def _cases(events: Iterable[Event], viewer: Viewer) -> dict[UUID, Case]:
    wanted = {uid for event in events if (uid := case_of(event)) is not None}
    if not wanted or not viewer.moderator:
        return {}
    found = Case.objects.on_desk_of(viewer).filter(uid__in=wanted)
    return {case.uid: case for case in found.select_related("line", "lender", "borrower")}


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


def _reasons(events: Sequence[Event]) -> dict[UUID, tuple[datetime | None, str]]:
    found: dict[UUID, tuple[datetime | None, str]] = {}
    decided: tuple[tuple[str, type[Review] | type[Application]], ...] = (
        ("review", Review),
        ("application", Application),
    )
    for key, model in decided:
        uids = {event.data[key] for event in events if key in event.data}
        if uids:
            rows = model._base_manager.filter(uid__in=uids).values_list(
                "uid", "decided_at", "reason"
            )
            found.update({uid: (at, reason) for uid, at, reason in rows})
    return found
