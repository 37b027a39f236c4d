"""The answer in the ask panel: what would become of it, or why not and what instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bookings.errors import BookingRefused
from bookings.reasons import Alternative, Reason
from bookings.services.request import Check, Proposed
from bookings.spans import Span
from frontend.components import OptionItem, ReasonItem
from frontend.forms.asking import AskForm, TwiceChoice
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import option_items, reason_items, rule_title


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """One of: `hint` (nothing to judge yet), `good` (it can be), `reasons` (not like that)."""

    hint: str = ""
    problems: tuple[str, ...] = ()
    twice: tuple[TwiceChoice, ...] = ()
    overnight: bool = False
    """The field of the last day, which is folded away, is what is missing."""
    good: str = ""
    detail: str = ""
    at_once: bool = False
    title: str = ""
    reasons: tuple[ReasonItem, ...] = ()
    options: tuple[OptionItem, ...] = ()
    waivable: bool = False
    anyway: str = ""
    offsets: tuple[tuple[str, str], ...] = ()
    """What was chosen of a time that the clock shows twice: sent along again."""


def unfinished(form: AskForm) -> PanelAnswer:
    """For a form that cannot be judged: what is missing or cannot be read."""
    if form.half:
        return PanelAnswer(hint=_("Choose a day and hours to see whether it is free."))
    problems = [
        str(error) for name, errors in form.errors.items() for error in errors if name != "title"
    ]
    questions = {one.question for one in form.twice}
    return PanelAnswer(
        problems=tuple(dict.fromkeys(p for p in problems if p not in questions)),
        twice=tuple(form.twice),
        overnight=form.overnight,
    )


def checked(
    check: Check, form: AskForm, *, reader: Reader, resource: UUID, title: str
) -> PanelAnswer:
    """The engine's answer to a question."""
    if check.possible:
        return _possible(check.proposed[0], reader, form)
    return refused(
        check.reasons,
        check.alternatives,
        form,
        reader=reader,
        title=title,
        waivable=check.waivable,
    )


def refused_by(error: BookingRefused, form: AskForm, *, reader: Reader, title: str) -> PanelAnswer:
    """The same of a request that was sent and refused."""
    waivable = bool(error.reasons) and all(reason.waivable for reason in error.reasons)
    return refused(
        error.reasons, error.alternatives, form, reader=reader, title=title, waivable=waivable
    )


def refused(
    reasons: Iterable[Reason],
    options: Iterable[Alternative],
    form: AskForm,
    *,
    reader: Reader,
    title: str,
    waivable: bool,
) -> PanelAnswer:
    told = tuple(reasons)
    return PanelAnswer(
        offsets=form.offsets,
        title=_("Not like that") if not waivable else rule_title(told),
        reasons=reason_items(told, reader=reader, zone=form.zone),
        options=option_items(
            options, reader=reader, fetched=form.fetched, typed=form.restated(), mine=title
        ),
        waivable=waivable,
        anyway=str(form.data.get("ask_anyway") or ""),
    )


def _possible(proposed: Proposed, reader: Reader, form: AskForm) -> PanelAnswer:
    zone = form.zone
    when = reader.clock.span(Span(proposed.use.start, proposed.use.end), zone)
    if proposed.waiting:
        kept = [("waiting_list", "on"), ("least_units", str(form.data.get("least_units") or ""))]
        return PanelAnswer(
            good=_("Taken, and you can wait for it: %(when)s") % {"when": when},
            detail=_("What comes free is offered in order, and kept for you for some hours."),
            offsets=(*form.offsets, *(pair for pair in kept if pair[1])),
        )
    detail, at_once = _("Its owner chooses among the requests and answers you."), False
    if proposed.state == "confirmed":
        detail, at_once = _("It is yours at once, nobody has to answer."), True
    elif proposed.state == "held" and proposed.expires_at:
        until = reader.clock.moment(datetime.fromisoformat(proposed.expires_at), zone)
        detail = _("It is reserved for you until %(moment)s while its owner answers.") % {
            "moment": until
        }
    return PanelAnswer(
        good=_("Free: %(when)s") % {"when": when},
        detail=detail,
        at_once=at_once,
        offsets=form.offsets,
    )
