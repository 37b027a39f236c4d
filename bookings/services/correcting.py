"""Correcting what a sent booking is about, and taking back what was written in by mistake."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.corrections import changes_kept
from bookings.models import Booking, BookingMessage, Line, MessageKind
from bookings.permissions import may_correct, may_undo_write_in
from bookings.services.parties import parties_of
from bookings.states import BookingState, LineState
from bookings.wishes import DESCRIPTION, UNNAMED, validate_description
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.services import NewEvent, record

from .actions.doors import WholeBookingPlan
from .commit import commit
from .write_in import WrittenFor, checked_party

OF_THE_PARTY = ("outside_name", "outside_phone", "outside_email", "came_by")
"""What a keeper corrects besides of somebody outside who was written in."""
_ALIVE = (BookingState.OPEN, BookingState.PARTLY_CONFIRMED, BookingState.CONFIRMED)


def correct(*, by: Viewer, booking: UUID, version: int | None = None, **fields: Any) -> Booking:
    """Change what a booking is about (`wishes.DESCRIPTION`), and of an outside party its name, phone and e-mail.

    The other side hears of it, and the conversation keeps what was and what is. Times are asked for by a proposal.
    With `version` only where nobody else changed it meanwhile. Raises `NotFound`, `Forbidden`, `Invalid`, `Stale`,
    `Conflict` where it is a draft or over.
    """
    with transaction.atomic():
        found = (
            Booking.objects.visible_to(by)
            .filter(uid=booking)
            .select_for_update(no_key=True, of=("self",))
            .first()
        )
        if found is None:
            raise NotFound
        if not may_correct(found, by):
            raise Forbidden
        if found.state not in _ALIVE:
            raise Conflict
        if version is not None and version != found.version:
            raise Stale
        was = {name: getattr(found, name) for name in (*DESCRIPTION, *OF_THE_PARTY)}
        changed = _changed(found, fields)
        if changed:
            found.version += 1
            found.save(update_fields=[*changed, "version"])
            _keep(found, was, changed, by)
            record([_event(found, changed, by)], now=by.now)
        return found


def _changed(found: Booking, fields: dict[str, Any]) -> list[str]:
    """Set what is different; the names of it."""
    outside = found.borrower_id is None
    allowed = {*DESCRIPTION, *(OF_THE_PARTY if outside else ())}
    if unheard := fields.keys() - allowed:
        raise Invalid({name: _("This cannot be changed here.") for name in unheard})
    tidy = {
        name: value.strip() if isinstance(value, str) else value for name, value in fields.items()
    }
    validate_description({name: value for name, value in tidy.items() if name in DESCRIPTION})
    whole = {name: tidy.get(name, getattr(found, name)) for name in allowed}
    if not (whole["title"] or whole["purpose"]):
        raise Invalid({"title": UNNAMED})
    if outside:
        party = WrittenFor(
            name=whole["outside_name"],
            phone=whole["outside_phone"],
            email=whole["outside_email"],
            came_by=whole["came_by"],
        )
        checked_party(party)
    changed = [name for name in sorted(allowed) if whole[name] != getattr(found, name)]
    for name in changed:
        setattr(found, name, whole[name])
    return changed


def _side(booking: Booking) -> int | None:
    """The house that speaks: who borrows, or who wrote it in for somebody outside."""
    return booking.borrower_id if booking.borrower_id is not None else booking.entered_for_id


def _keep(booking: Booking, was: dict[str, Any], changed: list[str], by: Viewer) -> None:
    """In the conversation with all owners: what stood there before."""
    BookingMessage.objects.create(
        booking=booking,
        author_id=by.person,
        author_for_id=_side(booking),
        kind=MessageKind.CORRECTION,
        action="correct",
        changes=changes_kept(was, {name: getattr(booking, name) for name in changed}),
        at=by.now,
    )


def _event(booking: Booking, changed: list[str], by: Viewer) -> NewEvent:
    """Which fields, never what stands in them."""
    sent = Line._base_manager.filter(booking=booking, sent_at__isnull=False)
    lenders = sorted(set(sent.values_list("lender_id", flat=True)))
    return NewEvent(
        verb="booking.correct",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking, lenders),
        data={"state": booking.state, "fields": changed},
        actor=by.person,
        acting_for=_side(booking),
    )


def undo_write_in(*, by: Viewer, booking: UUID) -> Booking:
    """Take back all of what was written in within the hour. Repeating is harmless.

    Raises `NotFound`, `Forbidden` (not a keeper of that house, or later), `Conflict` where something of it has gone
    on meanwhile.
    """
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    if not may_undo_write_in(found, by):
        raise Forbidden(_("After an hour it is cancelled with a word why."))
    lines = list(Line.objects.visible_to(by).select_related("booking").filter(booking=found))
    if all(line.state == LineState.CANCELLED for line in lines):
        return found
    if any(line.state not in {LineState.CONFIRMED, LineState.CANCELLED} for line in lines):
        raise Conflict
    fitting = [line for line in lines if line.state == LineState.CONFIRMED]
    why = _("It was written in by mistake.")
    plan = WholeBookingPlan(found, fitting, "take_back", by, why)
    return commit(plan, now=by.now, by=by)
