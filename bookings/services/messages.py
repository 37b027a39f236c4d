"""The conversation of both sides in a booking."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, BookingMessage, Line
from bookings.wishes import check_texts
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, Party, record

LONGEST = 5_000


def write_message(
    *, by: Viewer, booking: UUID, body: str, lender: int | None = None
) -> BookingMessage:
    """Write to the other side.

    The borrower may address one owner (`lender`, database id) or all; an owner writes in its own thread. Raises
    `Invalid`, `NotFound`, `Forbidden`, `Conflict` where it was never sent.
    """
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    text = body.strip()
    if not text:
        raise Invalid({"body": _("Write something first.")})
    check_texts(LONGEST, body=text)
    lenders = set(
        Line.objects.visible_to(by)
        .filter(booking=found, sent_at__isnull=False)
        .values_list("lender_id", flat=True)
    )
    if not lenders:
        raise Conflict(_("It was not sent: nobody would read this."))
    borrowing = by.may("staff", found.borrower_id)
    if borrowing:
        speaks_for = found.borrower_id
        if lender is not None and lender not in lenders:
            raise NotFound
    else:
        mine = [one for one in lenders if by.may("staff", one)]
        if not mine:
            raise Forbidden
        lender = by.acting_for if by.acting_for in mine else mine[0]
        speaks_for = lender
    with transaction.atomic():
        message = BookingMessage.objects.create(
            booking=found,
            lender_id=lender,
            author_id=by.person,
            author_for_id=speaks_for,
            body=text,
            at=by.now,
        )
        told = [
            Party("lender", institution=one) for one in ([lender] if lender else sorted(lenders))
        ]
        if found.borrower_id is not None:
            told.append(Party("borrower", institution=found.borrower_id))
        if found.person_id is not None:
            told.append(Party("asker", person=found.person_id))
        record(
            [
                NewEvent(
                    verb="message.write",
                    subject_kind="booking",
                    subject_uid=found.uid,
                    parties=tuple(told),
                    data={"message": str(message.uid), "from_borrower": borrowing},
                    actor=by.person,
                    acting_for=speaks_for,
                )
            ],
            now=by.now,
        )
    return message
