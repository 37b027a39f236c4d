"""What calls that answer a request carry besides words."""

from __future__ import annotations

from typing import Any

from bookings.answers import REASONS, AnswerWith
from cooperative.api.fields import Body, Code, YesNo

from .bodies import ActionBody, FeeBody, ProposedBody, fee_of, optional_text


class ApprovingBody(ActionBody):
    """What is said along with a yes."""

    fee = FeeBody(
        required=False,
        allow_null=True,
        default=None,
        help_text="Has to be given where the terms say `to_be_agreed`.",
    )
    inner_note = optional_text(5_000, help_text="Read in the owner's house alone.")

    class Meta:
        ref_name = "ApprovingAction"


class RefusingActionBody(ActionBody):
    """A no, with its reason and with what its owner offers instead."""

    reason = optional_text(5_000, help_text="Why, in your own words; the other side reads it.")
    reason_code = Code(
        list(REASONS),
        required=False,
        default="",
        help_text="Why, in the field's words; the other side reads it in its language. One of the two has to be given.",
    )
    inner_note = optional_text(5_000, help_text="Read in the owner's house alone.")
    proposal = ProposedBody(
        required=False, help_text="Becomes an offer in the same commit: all of it, or nothing."
    )

    class Meta:
        ref_name = "RefusingAction"


class NamedFeeBody(Body):
    """What an agreed line costs: said where its fee is `to_be_agreed`, else lowered or waived, never raised."""

    fee = FeeBody()
    reason = optional_text(
        5_000, help_text="The other side reads it; has to be given where the fee is lowered."
    )
    alone = YesNo(
        required=False,
        default=False,
        help_text="Of a date of a series: not of all its dates that cost the same.",
    )

    class Meta:
        ref_name = "NamedFee"


def answer_of(read: dict[str, Any]) -> AnswerWith:
    """What an answer carries besides words; taken out of `read`."""
    fee = fee_of(read)
    read.pop("fee", None)
    return AnswerWith(
        code=read.pop("reason_code", ""),
        inner_note=read.pop("inner_note", ""),
        fee=fee,
    )
