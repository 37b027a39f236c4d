"""Questions about a thing before any date: one conversation of its owner with each institution that asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.errors import TooMuchWritten
from bookings.models import Booking, BookingMessage, Enquiry, Line
from bookings.permissions import may_ask_for
from bookings.states import BookingState
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound
from cooperative.events.services import NewEvent, Party, record
from sharing.models import Resource
from sharing.queries.listings import resource_for
from sharing.queries.texts import titles

from .attachments import attach, received
from .messages import checked_words

MOST_A_DAY = 20
"""New questions of one institution: more than anybody who looks for something, less than a mailing."""
_OVER = (
    BookingState.CLOSED,
    BookingState.DECLINED,
    BookingState.WITHDRAWN,
    BookingState.EXPIRED,
    BookingState.CANCELLED,
)


def ask_question(
    *, by: Viewer, resource: UUID, body: str = "", files: Sequence[File[Any]] = ()
) -> BookingMessage:
    """Ask a thing's owner, for the institution acted for; what it asked before is the same conversation.

    Raises `NotFound` (`unknown_resource`), `Forbidden`, `Invalid`, `TooMuchWritten`, `Conflict` (its own thing, or an
    institution that is not active).
    """
    found = resource_for(by, resource)
    house = by.acting_for
    if house is None or not may_ask_for(by, house):
        raise Forbidden(_("You do not act for an institution yet."))
    if by.acting_state != "active":
        raise Conflict(
            _("Your institution is not an active member of the cooperative."),
            code="institution_not_active",
        )
    if found.owner_id == house:
        raise Conflict(_("This is your own: there is nobody to ask."), code="own_resource")
    text = checked_words(body, files, by=by)
    with received(files, by=by, speaks_for=house) as made, transaction.atomic():
        enquiry = _begun(by, found, house)
        return _said(by, enquiry, text, made, verb="enquiry.ask")


def answer_question(
    *, by: Viewer, enquiry: UUID, body: str = "", files: Sequence[File[Any]] = ()
) -> BookingMessage:
    """Write on in a conversation, from either side: its owner's keepers, the staff of who asked.

    Raises `NotFound`, `Forbidden`, `Invalid`, `TooMuchWritten`.
    """
    found = Enquiry.objects.visible_to(by).select_related("resource").filter(uid=enquiry).first()
    if found is None:
        raise NotFound
    if not (by.may("keeper", found.lender_id) or by.may("staff", found.asker_id)):
        raise Forbidden
    text = checked_words(body, files, by=by)
    speaks_for = _side(found, by)
    with received(files, by=by, speaks_for=speaks_for) as made, transaction.atomic():
        return _said(by, found, text, made, verb="enquiry.write")


def carry_questions(booking: Booking, lines: Iterable[Line]) -> int:
    """The questions that the borrower asked about what it asks for now go along with the request; how many.

    What went along with a request that is over goes along with the new one. One statement.
    """
    asked = Enquiry.objects.visible_to(SYSTEM).filter(
        Q(booking=None) | Q(booking__state__in=_OVER),
        asker=booking.borrower_id,
        resource__in={line.resource_id for line in lines},
    )
    return asked.update(booking=booking)


def _side(enquiry: Enquiry, by: Viewer) -> int:
    """For which house `by` writes: the one acted for where it is a side, else the one they may write for."""
    if by.acting_for == enquiry.lender_id and by.may("keeper", enquiry.lender_id):
        return enquiry.lender_id
    return enquiry.asker_id if by.may("staff", enquiry.asker_id) else enquiry.lender_id


def _begun(by: Viewer, resource: Resource, house: int) -> Enquiry:
    """The conversation about `resource`, begun where there is none. The oldest writer begins it, the others wait."""
    known = Enquiry.objects.visible_to(SYSTEM).filter(resource=resource, asker=house).first()
    if known is not None:
        return known
    lately = Enquiry.objects.visible_to(SYSTEM).filter(
        asker=house, created_at__gt=by.now - timedelta(days=1)
    )
    if lately.count() >= MOST_A_DAY:
        raise TooMuchWritten(_("Your institution asked very many questions today."))
    texts = list(resource.texts.all())
    shown = {
        "uid": str(resource.uid),
        "titles": titles(texts),
        "original": next((text.language for text in texts if text.is_original), ""),
        "owner": str(resource.owner),
        "owner_uid": str(resource.owner.uid),
        "category": resource.category.code,
        "kind": resource.kind,
    }
    made, _new = Enquiry.objects.visible_to(SYSTEM).get_or_create(
        resource=resource,
        asker_id=house,
        defaults={
            "lender_id": resource.owner_id,
            "person_id": by.person,
            "shown": shown,
            "created_at": by.now,
            "last_at": by.now,
        },
    )
    return made


def _said(
    by: Viewer, enquiry: Enquiry, text: str, made: Sequence[Any], *, verb: str
) -> BookingMessage:
    speaks_for = _side(enquiry, by)
    message = BookingMessage.objects.create(
        enquiry=enquiry,
        lender_id=enquiry.lender_id,
        author_id=by.person,
        author_for_id=speaks_for,
        body=text,
        at=by.now,
    )
    attach(made, message=message)
    Enquiry.objects.visible_to(SYSTEM).filter(pk=enquiry.pk).update(last_at=by.now)
    parties = [
        Party("lender", institution=enquiry.lender_id),
        Party("borrower", institution=enquiry.asker_id),
    ]
    if enquiry.person_id is not None:
        parties.append(Party("asker", person=enquiry.person_id))
    event = NewEvent(
        verb=verb,
        subject_kind="enquiry",
        subject_uid=enquiry.uid,
        parties=tuple(parties),
        data={
            "message": str(message.uid),
            "resource": str(enquiry.resource.uid),
            "from_borrower": speaks_for == enquiry.asker_id,
        },
        actor=by.person,
        acting_for=speaks_for,
    )
    record([event], now=by.now)
    return message
