"""What was done already and is said again: the same again is harmless, something else is not lost without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bookings.answers import FeeWish, answered_fee
from bookings.errors import AnsweredAlready
from bookings.models import Line
from bookings.permissions import case_sides
from bookings.services.case_book import case_under_way
from cooperative.errors import Conflict

if TYPE_CHECKING:
    from .plan import LinePlan


def refuse_what_differs(plan: LinePlan, line: Line) -> None:
    """Another number, another fee, the other side's complaint. Raises `Conflict`."""
    counted = {"hand_over": line.units_out, "give_back": line.units_back}
    known = counted.get(plan.action)
    if known is not None and plan.units not in {None, known}:
        raise Conflict(
            _("Somebody else has noted it already: %(units)s. Look again, please.")
            % {"units": known}
        )
    if plan.action == "approve" and plan.answer.fee != FeeWish():
        fee = answered_fee(line, plan.answer.fee)
        if fee is not None and (fee.kind, fee.amount) != (line.fee_kind, line.fee_amount):
            raise AnsweredAlready(
                _("%(who)s has said yes already, with another fee.")
                % {"who": line.decided_by or line.lender}
            )
    if plan.action == "complain":
        case = case_under_way(line)
        if case.opened_for_id not in case_sides(case, plan.actor):
            raise Conflict(
                _("The other side has said already that something was wrong: answer it.")
            )
