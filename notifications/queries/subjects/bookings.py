"""What may be said of a booking: to the one side of it or the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.answers import REASONS, agreed_fee
from bookings.models import BlockKind, Booking, Line, Offer
from bookings.on_the_day import contacts_open, owners_side, whom_to_call
from bookings.queries.series import repetition_of
from bookings.recurrence import sentence
from bookings.states import FIRM
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from notifications.models import Delivery
from notifications.queries.facts import Facts, booking_of, case_of, offer_of
from notifications.roles import BORROWING
from notifications.wording import moment_words, span_words, spans_words, things_words
from sharing.queries.terms import fee_in_words

from .shown import HIDDEN, Shown, ShownLine
from .words import line_name, notes_of

MOST_LINES = 20
"""In one mail; what repeats is told by its sentence."""


def of_booking(delivery: Delivery, facts: Facts, along: Sequence[Delivery]) -> Shown:
    """What a delivery, and those of `along`, may say of the lines that they mean."""
    event = delivery.event
    booking = facts.bookings.get(booking_of(event) or event.subject_uid)
    if booking is None:
        return HIDDEN
    together = [delivery, *along]
    found = [line for one in together for line in _lines_meant(one, booking, facts)]
    meant = list({line.pk: line for line in found}.values())
    borrowing = delivery.party_role in BORROWING
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
        when=_when(meant, facts),
        title=booking.title or what,
        note=offer.note
        if offer is not None and event.verb == "offer.make"
        else _notes(together, booking, meant, facts) or _why_in_the_way(delivery, meant),
        offer=_proposed(offer, event) if offer is not None else "",
        until=moment_words(offer.expires_at, offer.zone) if offer is not None else "",
        missing=_missing(event),
        fee=_agreed_fee(meant),
        anchor=f"offer-{offer.uid}" if offer is not None else "",
        lines=tuple(_line(line) for line in meant[:MOST_LINES]),
        more=max(len(meant) - MOST_LINES, 0),
        call_name=call[0],
        call_phone=call[1],
        told=bool(meant) and all(_told_of(line, event) for line in meant),
        day=_on_the_day(delivery, meant) if borrowing else (),
        reply_to=_reply_to(other) if other is not None else booking.outside_email,
        target=case_of(event) or booking.uid,
    )


def _notes(
    deliveries: Sequence[Delivery], booking: Booking, lines: Sequence[Line], facts: Facts
) -> str:
    """What was written with each of these acts; whom to call is told as long as the booking itself tells it."""
    told = any(contacts_open(line, facts.now) for line in lines)
    notes = facts.notes.get(booking.pk, [])
    return notes_of(deliveries, notes, facts.files, contacts=booking if told else None)


def _line(line: Line) -> ShownLine:
    return ShownLine(
        uid=line.uid,
        what=line_name(line),
        when=span_words(line.event_starts_at, line.event_ends_at, line.zone),
        units=line.units,
        state=line.state,
        use_starts_at=line.use_starts_at,
        use_ends_at=line.use_ends_at,
    )


def _missing(event: Event) -> str:
    return "".join(
        str(line["short"]) for line in event.data.get("lines", ())[:1] if "short" in line
    )


def _agreed_fee(lines: Sequence[Line]) -> str:
    fee = agreed_fee(lines[0]) if lines else None
    return fee_in_words(fee.kind, fee.amount, fee.currency, fee.unit) if fee is not None else ""


def _why_in_the_way(delivery: Delivery, lines: Sequence[Line]) -> str:
    """That it broke is said; an owner's own use or closure is its own affair."""
    broken = any(line.hit_by is not None and line.hit_by.kind == BlockKind.REPAIR for line in lines)
    return str(REASONS["repair"]) if broken and delivery.message in {"hit", "shrunk"} else ""


def _reply_to(other: Institution) -> str:
    return other.contact_email or other.office_email


WITH_CONTACT = frozenset({"use_soon", "confirmed", "written_in"})


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


def _when(meant: Sequence[Line], facts: Facts) -> str:
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


def _told_of(line: Line, event: Event) -> bool:
    return line.told_at is not None and line.told_at >= event.at
