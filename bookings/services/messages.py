"""The conversation of both sides in a booking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.errors import TooMuchWritten
from bookings.models import Booking, BookingMessage, Line
from bookings.services.parties import parties_of
from bookings.wishes import check_texts
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, record

from .attachments import attach, received

LONGEST = 5_000
MOST_AN_HOUR = 60
"""Messages of one person: more than a quick exchange, less than a flood."""


def write_message(
    *,
    by: Viewer,
    booking: UUID,
    body: str = "",
    lender: int | None = None,
    files: Sequence[File[Any]] = (),
) -> BookingMessage:
    """Write to the other side, in words, with photos or files, or both.

    The borrower may address one owner (`lender`, database id) or all; an owner writes in its own thread. Raises
    `Invalid`, `NotFound`, `Forbidden`, `TooMuchWritten`, `Conflict` where it was never sent.
    """
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    text = checked_words(body, files, by=by)
    lenders = dict(
        Line.objects.visible_to(by)
        .filter(booking=found, sent_at__isnull=False)
        .values_list("lender_id", "lender__uid")
    )
    if not lenders:
        raise Conflict(_("It was not sent: nobody would read this."))
    borrowing = by.may("staff", found.borrower_id)
    speaks_for, lender = _who_speaks(by, found.borrower_id, lenders, lender)
    with received(files, by=by, speaks_for=speaks_for) as made, transaction.atomic():
        message = BookingMessage.objects.create(
            booking=found,
            lender_id=lender,
            author_id=by.person,
            author_for_id=speaks_for,
            body=text,
            at=by.now,
        )
        attach(made, message=message)
        data: dict[str, Any] = {"message": str(message.uid), "from_borrower": borrowing}
        if lender is not None:
            data["lender"] = str(lenders[lender])
        record(
            [
                NewEvent(
                    verb="message.write",
                    subject_kind="booking",
                    subject_uid=found.uid,
                    parties=parties_of(found, [lender] if lender else sorted(lenders)),
                    data=data,
                    actor=by.person,
                    acting_for=speaks_for,
                )
            ],
            now=by.now,
        )
    return message


def checked_words(body: str, files: Sequence[File[Any]], *, by: Viewer) -> str:
    """What is written, where it can be kept. Raises `Invalid`, and `TooMuchWritten` where somebody floods others."""
    text = body.strip()
    if not text and not files:
        raise Invalid({"body": _("Write something first, or choose a photo or a file.")})
    check_texts(LONGEST, body=text)
    lately = BookingMessage.objects.visible_to(SYSTEM).filter(
        author=by.person, at__gt=by.now - timedelta(hours=1)
    )
    if by.person is not None and lately.count() >= MOST_AN_HOUR:
        raise TooMuchWritten
    return text


def _who_speaks(
    by: Viewer, borrower: int | None, lenders: Collection[int], lender: int | None
) -> tuple[int | None, int | None]:
    """For which house `by` writes, and in the thread of which owner (None = to all)."""
    if by.may("staff", borrower):
        if lender is not None and lender not in lenders:
            raise NotFound
        return borrower, lender
    mine = [one for one in lenders if by.may("staff", one)]
    if not mine:
        raise Forbidden
    speaks_for = by.acting_for if by.acting_for in mine else mine[0]
    return speaks_for, speaks_for
