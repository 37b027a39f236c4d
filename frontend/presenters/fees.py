"""What a use costs, in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.answers import Fee, terms_fee
from bookings.models import Line
from frontend.components import Fact


def fee_words(fee: Fee) -> str:
    """`cost recovery 58 PLN / h`, `free`."""
    if fee.kind == "free":
        return pgettext("fee", "free")
    if fee.kind == "to_be_agreed":
        return pgettext("fee", "fee to be agreed")
    recovery = fee.kind == "cost_recovery"
    word = pgettext("fee", "cost recovery") if recovery else pgettext("fee", "price")
    if fee.amount is None:
        return word
    whole = fee.amount == fee.amount.to_integral_value()
    said = f"{word} {number_format(fee.amount, decimal_pos=0 if whole else 2)} {fee.currency}"
    return f"{said} / {fee.unit}" if fee.unit else said


def agreed_fee(line: Line) -> Fee | None:
    """What was frozen with the answer; None before."""
    if not line.fee_kind:
        return None
    amount: Decimal | None = line.fee_amount
    return Fee(line.fee_kind, amount, line.fee_currency, line.fee_unit, line.fee_ground)


def fee_facts(line: Line) -> tuple[Fact, ...]:
    """The fee that was agreed, or before the answer that of the terms, with its ground."""
    fee = agreed_fee(line) or terms_fee(line)
    if fee is None:
        return ()
    said = [fee_words(fee), fee.ground]
    return (Fact(term=_("Fee"), detail=", ".join(part for part in said if part)),)


def to_be_agreed(line: Line) -> bool:
    """Whether a yes has to say how much."""
    fee = terms_fee(line)
    return fee is not None and fee.kind == "to_be_agreed"
