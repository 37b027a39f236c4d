"""What goes with an owner's answer besides words: a reason in the field's words, a note for its own house, the fee."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Line, Offer
from cooperative.errors import Invalid, Sentence
from cooperative.text import Fields
from sharing.details import money
from sharing.models.terms import FeeKind

REASONS: Mapping[str, Sentence] = {
    "own": _("We have our own rehearsal or event at that time."),
    "setup": _("The room is being set up or cleaned at that time."),
    "technician": _("Our technician is not available at that time."),
    "nobody": _("None of us can be there at that time."),
    "repair": _("It is being repaired."),
    "promised": _("We have promised it to somebody else."),
    "unfit": _("It does not suit this kind of event."),
    "too_many": _("It is not meant for so many people."),
    "too_soon": _("There is too little time left to prepare it."),
    "stays": _("It does not leave our house."),
    "rights": _("The rights of its authors do not allow us to lend it."),
    "funding": _("The grant that it was bought with does not allow this."),
    "details": _("We need to know more about it first, please write to us."),
    "other_day": _("Another day would be possible, please write to us."),
}
"""Why not, as houses say it; whoever asked reads it in their own language."""

LONGEST_NOTE = 5_000
NAMED = "named_fee"
MONEY_KINDS = frozenset({FeeKind.COST_RECOVERY, FeeKind.PRICE})


@dataclass(frozen=True, slots=True)
class Fee:
    """What a use costs: `kind` a code of `FeeKind`, `amount` in `currency` for each `unit` (empty = in all)."""

    kind: str
    amount: Decimal | None = None
    currency: str = "PLN"
    unit: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class FeeWish:
    """What its owner says of the fee with the yes; what is None stays as the terms have it. An amount of 0 is free."""

    amount: Decimal | str | None = None
    kind: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """`code` is one of `REASONS` or empty; `inner_note` is read in the owner's house alone."""

    code: str = ""
    inner_note: str = ""
    fee: FeeWish = FeeWish()

    def checked(self) -> AnswerWith:
        """Tidied. Raises `Invalid`."""
        fields = Fields()
        if self.code and self.code not in REASONS:
            fields.wrong("reason_code", _("Please choose one of the values on the list."))
        note = fields.prose("inner_note", self.inner_note, longest=LONGEST_NOTE)
        amount = money("fee_amount", self.fee.amount, fields)
        ground = self.fee.ground
        if ground is not None:
            ground = fields.line("fee_ground", ground, longest=200)
        if self.fee.kind not in {None, FeeKind.FREE, *MONEY_KINDS}:
            fields.wrong("fee_kind", _("Please choose one of the values on the list."))
        fields.check()
        return replace(self, inner_note=note, fee=FeeWish(amount, self.fee.kind, ground or None))


NOTHING = AnswerWith()


def agreed_fee(line: Line) -> Fee | None:
    """What was frozen on `line` with the yes; None before."""
    if not line.fee_kind:
        return None
    amount: Decimal | None = line.fee_amount
    return Fee(line.fee_kind, amount, line.fee_currency, line.fee_unit, line.fee_ground)


def is_unsaid(line: Line) -> bool:
    """Whether a yes was given, by the house's terms alone or along with another thing, before anybody said how much."""
    return line.fee_kind == FeeKind.TO_BE_AGREED


def terms_fee(line: Line) -> Fee | None:
    """The fee by the terms frozen on `line`, for its borrower's kind of institution; None where there are no terms."""
    return fee_by(line.terms, line.booking)


def fee_by(terms: Mapping[str, Any], booking: Booking) -> Fee | None:
    """The same by terms that are not (yet) those of a line."""
    if not terms.get("fee_kind"):
        return None
    amount = terms.get("fee_amount")
    fee = Fee(
        terms["fee_kind"],
        Decimal(amount) if amount is not None else None,
        terms.get("fee_currency") or "PLN",
        terms.get("fee_unit") or "",
        terms.get("fee_ground") or "",
    )
    exceptions: Mapping[str, Any] = terms.get("fees") or {}
    borrower = booking.borrower if exceptions else None
    own = exceptions.get(borrower.kind) if borrower is not None else None
    if not own:
        return fee
    amount = own.get("amount")
    return replace(
        fee, kind=own.get("kind", fee.kind), amount=Decimal(str(amount)) if amount else None
    )


def answered_fee(line: Line, wish: FeeWish) -> Fee | None:
    """The fee that a yes agrees to. Raises `Invalid` where it was to be agreed and nobody says how much."""
    return agreed_to(terms_fee(line), wish)


def agreed_to(fee: Fee | None, wish: FeeWish) -> Fee | None:
    """The same of a fee by terms."""
    if wish == FeeWish():
        if fee is not None and fee.kind == FeeKind.TO_BE_AGREED:
            raise Invalid(
                {"fee_amount": _("The fee is to be agreed: name the amount, or 0 for free.")},
                code="fee_to_be_agreed",
            )
        return fee
    known = fee or Fee(FeeKind.FREE)
    amount = wish.amount if wish.amount is not None else known.amount
    assert amount is None or isinstance(amount, Decimal)
    kind = wish.kind or _kind(known, wish.amount)
    if kind == FeeKind.FREE or amount == 0:
        kind, amount = FeeKind.FREE, None
    elif amount is None:
        raise Invalid(
            {"fee_amount": _("The fee is to be agreed: name the amount, or 0 for free.")},
            code="fee_to_be_agreed",
        )
    return replace(known, kind=kind, amount=amount, ground=wish.ground or known.ground)


def _kind(known: Fee, amount: Decimal | str | None) -> str:
    if amount is None or known.kind in MONEY_KINDS:
        return known.kind
    return FeeKind.PRICE


def freeze_fee(line: Line, fee: Fee | None) -> None:
    """Write the fee on the line, to stay as it is whatever the terms become."""
    if fee is None:
        return
    line.fee_kind, line.fee_amount = fee.kind, fee.amount
    line.fee_currency, line.fee_unit, line.fee_ground = fee.currency, fee.unit, fee.ground


def offered_fee(offer: Offer) -> Fee | None:
    """What its owner named with a proposal; None where the terms hold."""
    named: Mapping[str, Any] | None = offer.terms.get(NAMED)
    if named is None:
        return None
    fee = Fee(**named)
    return replace(fee, amount=Decimal(fee.amount) if fee.amount else None)


def as_stored(fee: Fee) -> dict[str, Any]:
    """A fee that goes with the terms of a proposal."""
    return {NAMED: {**asdict(fee), "amount": None if fee.amount is None else str(fee.amount)}}


def forget_answer(line: Line) -> None:
    """The answer was taken back: nothing of it holds."""
    line.fee_kind = line.fee_currency = line.fee_unit = line.fee_ground = ""
    line.fee_amount, line.decline_code, line.inner_note = None, "", ""
