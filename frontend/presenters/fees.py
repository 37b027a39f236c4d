"""What a use costs, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.answers import Fee, agreed_fee, is_unsaid, terms_fee
from bookings.models import Line
from bookings.permissions import may_name_fee
from cooperative.access.viewer import Viewer
from frontend.components import Action, Fact
from frontend.forms.answers import FeeForm
from sharing.queries.terms import fee_in_words

from .lines import booking_title, thing_title, when, who


def fee_words(fee: Fee) -> str:
    """`cost recovery 58 PLN / h`, `free`."""
    return fee_in_words(fee.kind, fee.amount, fee.currency, fee.unit)


def agreed_words(line: Line) -> str:
    """What its owner reads before the amount is said, or lowered."""
    fee = agreed_fee(line)
    if fee is None or is_unsaid(line):
        return _("It was agreed to before anybody said how much. The other side is told at once.")
    return _("Agreed: %(fee)s. It can be lowered or waived; the other side is told at once.") % {
        "fee": fee_words(fee)
    }


def fee_facts(line: Line) -> tuple[Fact, ...]:
    """The fee that was agreed, or before the answer that of the terms, with its ground."""
    fee = agreed_fee(line) or terms_fee(line)
    if fee is None:
        return ()
    words = _("to be agreed: the amount is not said yet") if is_unsaid(line) else fee_words(fee)
    said = [words, fee.ground]
    return (Fact(term=_("Fee"), detail=", ".join(part for part in said if part)),)


def fee_actions(line: Line, viewer: Viewer, *, back: str) -> tuple[Action, ...]:
    """For its owner: to say what it costs where the yes came first, or to lower it."""
    if not may_name_fee(line, viewer):
        return ()
    label = _("Say what it costs") if line.fee_amount is None else _("Lower the fee")
    url = f"{reverse('frontend:line-fee', args=[line.uid])}?next={back}"
    return (Action(label=label, url=url, kind="plain" if is_unsaid(line) else "quiet"),)


@dataclass(frozen=True, slots=True)
class FeeToSay:
    """What was agreed to before anybody named an amount, with the form that asks for it."""

    uid: UUID
    title: str
    url: str
    detail: str
    say_url: str
    form: FeeForm


def fees_to_say(lines: Sequence[Line]) -> tuple[FeeToSay, ...]:
    """In the order given; what one amount is said of is asked once."""
    alike: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        alike.setdefault(_said_with(line), []).append(line)
    return tuple(_to_say(group[0], len(group)) for group in alike.values())


def _said_with(line: Line) -> tuple[object, ...]:
    series = line.brought_by.series_id if line.brought_by is not None else line.series_id
    return (series, line.resource_id) if series else (None, line.pk)


def _to_say(line: Line, count: int) -> FeeToSay:
    dates = ngettext("%(count)d date", "%(count)d dates", count) % {"count": count}
    said = when(line) if count == 1 else dates
    form = FeeForm(line=line, auto_id=f"id_{line.uid}_%s")
    form.fields.pop("alone", None)
    return FeeToSay(
        uid=line.uid,
        title=booking_title(line.booking),
        url=reverse("frontend:booking", args=[line.booking.uid]),
        detail=f"{thing_title(line)} · {who(line.booking)} · {said}",
        say_url=reverse("frontend:line-fee", args=[line.uid]),
        form=form,
    )


def to_be_agreed(line: Line) -> bool:
    """Whether a yes has to say how much."""
    fee = terms_fee(line)
    return fee is not None and fee.kind == "to_be_agreed"
