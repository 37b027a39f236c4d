"""The fee after the yes: said where the yes came before any amount, else lowered or waived, never raised."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.answers import AnswerWith, Fee, FeeWish, agreed_fee, agreed_to, freeze_fee
from bookings.models import Booking, BookingMessage, Line, MessageKind
from bookings.states import PRICED
from bookings.wishes import check_texts
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.services import record
from sharing.models.terms import FeeKind

from .telling import Move, events_of

LONGEST_WORDS = 5_000


def name_fee(
    *, by: Viewer, line: UUID, fee: FeeWish, reason: str = "", alone: bool = False
) -> Line:
    """Say how much a line costs that was agreed to without an amount, or less than was agreed, with a word why.

    What is said of a date of a series is said of all its dates that cost the same, unless `alone`. The same again is
    harmless. Raises `NotFound`, `Forbidden`, `Invalid` (no amount, more than was agreed, no word why), `Conflict`
    where no yes holds or what it costs is over.
    """
    seen = Line.objects.visible_to(by).filter(uid=line).values_list("pk", "booking_id").first()
    if seen is None:
        raise NotFound
    check_texts(LONGEST_WORDS, reason=reason)
    wish = AnswerWith(fee=fee).checked().fee
    with transaction.atomic():
        # In the order of a commit: the booking first.
        Booking.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=seen[1])
        lines = list(
            Line.objects.visible_to(SYSTEM)
            .filter(booking=seen[1])
            .select_related("booking", "lender", "brought_by")
        )
        found = next(one for one in lines if one.pk == seen[0])
        if not by.may("keeper", found.lender_id):
            raise Forbidden
        known = agreed_fee(found)
        if known is None or found.state not in PRICED:
            raise Conflict(_("Nothing is agreed here that has a fee."))
        said = agreed_to(known, wish)
        assert said is not None
        if said == known:
            return found
        verb = "name_fee"
        if known.kind == FeeKind.FREE or known.amount is not None:
            verb = "lower_fee"
            _refuse_more(known, said, reason)
        alike = [one for one in lines if one.pk == found.pk or (not alone and _same(one, found))]
        _write(alike, said, verb, reason.strip(), by=by)
    return found


def _refuse_more(known: Fee, said: Fee, reason: str) -> None:
    """What was agreed binds its owner."""
    lower = (said.amount or Decimal(0)) < (known.amount or Decimal(0))
    if not lower or said.kind not in {known.kind, FeeKind.FREE}:
        raise Invalid(
            {"fee_amount": _("What was agreed can be lowered or waived, not raised.")},
            code="fee_only_lower",
        )
    if not reason.strip():
        said_why = _("Say why, in a sentence: the other side reads it.")
        raise Invalid({"reason": said_why}, code="required")


def _same(one: Line, other: Line) -> bool:
    """Dates of one series, or what they brought along, that cost the same."""
    series = _series(other)
    return (
        series is not None
        and _series(one) == series
        and (one.resource_id, one.lender_id) == (other.resource_id, other.lender_id)
        and one.state in PRICED
        and agreed_fee(one) == agreed_fee(other)
    )


def _series(line: Line) -> int | None:
    return line.brought_by.series_id if line.brought_by is not None else line.series_id


def _write(lines: list[Line], fee: Fee, verb: str, reason: str, *, by: Viewer) -> None:
    """All of `lines` are of one booking and one owner."""
    amount = None if fee.amount is None else str(fee.amount)
    moves = []
    for line in lines:
        freeze_fee(line, fee)
        line.version += 1
        data = {
            "fee": fee.kind,
            "amount": amount,
            "currency": fee.currency,
            "unit": fee.unit,
        }
        moves.append(Move(line, verb, line.state, line.state, data))
    fields = ["fee_kind", "fee_amount", "fee_currency", "fee_unit", "fee_ground", "version"]
    Line.objects.visible_to(SYSTEM).bulk_update(lines, fields)
    booking = lines[0].booking
    booking.version += 1
    booking.save(update_fields=["version"])
    if reason:
        BookingMessage.objects.create(
            booking=booking,
            lender_id=lines[0].lender_id,
            line=lines[0],
            author_id=by.person,
            author_for_id=lines[0].lender_id,
            kind=MessageKind.NOTE,
            action=verb,
            body=reason,
            at=by.now,
        )
    record(events_of(moves, by=by), now=by.now)
