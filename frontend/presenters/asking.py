"""The answer in the ask panel: what would become of it, or why not and what instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.errors import BookingRefused
from bookings.reasons import Alternative, Reason
from bookings.recurrence.wish import SeriesWish
from bookings.services.request.checking import Check, Proposed
from bookings.services.request.stored import Requested
from bookings.spans import Span
from bookings.states import LineState
from frontend.components import OptionItem, ReasonItem
from frontend.forms.asking import AskForm
from frontend.forms.describing import DescriptionForm
from frontend.forms.repeating import RepeatForm
from frontend.forms.wall_times import TwiceChoice
from frontend.presenters.reader import Reader
from frontend.presenters.refusal import option_items, reason_items, rule_title
from frontend.presenters.repeating import DatesPreview, dates_preview


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
    fetching: str = ""
    """When it is fetched and brought back, where the event's own ends are outside the keeper's hours."""
    missing: str = ""
    """What has to be said when it is sent, and is not typed yet."""
    dates: DatesPreview | None = None
    """Where it repeats: every date with what becomes of it."""


def unfinished(form: AskForm, repeat: RepeatForm | None = None) -> PanelAnswer:
    """For a form that cannot be judged: what is missing or cannot be read."""
    if form.half:
        return PanelAnswer(hint=str(form.HINT))
    wrong = [*form.errors.items(), *(repeat.errors.items() if repeat is not None else ())]
    problems = [str(error) for name, errors in wrong for error in errors if name != "title"]
    questions = {one.question for one in form.twice}
    return PanelAnswer(
        problems=tuple(dict.fromkeys(p for p in problems if p not in questions)),
        twice=tuple(form.twice),
        overnight=form.overnight,
    )


def when_fetched(form: AskForm, *, reader: Reader) -> str:
    """The keeper's hours before and after the event, as proposed; nothing where the event's own ends will do."""
    found = form.fetching
    if found is None:
        return ""
    return fetching_words(
        None if form.data.get("fetch_time") else found.fetch,
        None if form.data.get("back_time") else found.back,
        zone=form.zone,
        reader=reader,
    )


def fetching_words(fetch: Span | None, back: Span | None, *, zone: ZoneInfo, reader: Reader) -> str:
    """ "fetch it Fri 13-15, bring it back Mon 8-10": the hours of the desk, as far as there are any to say."""
    said = []
    if fetch is not None:
        said.append(_("fetch it %(when)s") % {"when": reader.clock.span(fetch, zone)})
    if back is not None:
        said.append(_("bring it back %(when)s") % {"when": reader.clock.span(back, zone)})
    return ", ".join(said)


def checked(check: Check, form: AskForm, *, reader: Reader, title: str) -> PanelAnswer:
    """The engine's answer to a question."""
    if check.possible:
        return _possible(check.proposed, reader, form)
    return refused(
        check.reasons,
        check.alternatives,
        form,
        reader=reader,
        title=title,
        waivable=check.waivable,
    )


def checked_series(
    check: Check, wish: SeriesWish, form: AskForm, *, reader: Reader, typed: Mapping[str, str]
) -> PanelAnswer:
    """The engine's answer to a series: it can be asked for while one date can be had."""
    dates = dates_preview(check, wish.repetition, reader=reader, zone=form.zone, typed=typed)
    states = {one.state for one in check.proposed if one.state is not None}
    detail = ""
    if dates.free:
        detail = _("Each date is answered for itself; what is taken is left out, and you are told.")
    if states == {"confirmed"}:
        detail = _("What is free is yours at once, nobody has to answer.")
    return PanelAnswer(
        dates=dates,
        detail=detail,
        at_once=states == {"confirmed"},
        waivable=any(
            one.reasons and all(reason.waivable for reason in one.reasons) for one in check.proposed
        ),
        anyway=str(form.data.get("ask_anyway") or ""),
        offsets=form.offsets,
    )


def missing_words(check: Check, form: AskForm) -> str:
    """The names of what owners need to know and is still empty."""
    fields = DescriptionForm.base_fields
    names = dict.fromkeys(one.name for one in check.still_to_say if one.name in fields)
    labels = [
        str(form.fields[one].label if one in form.fields else fields[one].label) for one in names
    ]
    return ", ".join(labels)


def sent_series(asked: Requested) -> str:
    """What became of a series that was sent, in a sentence or two."""
    count = sum(line.series_id is not None for line in asked.lines)
    confirmed = all(line.state == LineState.CONFIRMED for line in asked.lines)
    words = (
        ngettext("%(count)d date is confirmed.", "%(count)d dates are confirmed.", count)
        if confirmed
        else ngettext("%(count)d date is asked for.", "%(count)d dates are asked for.", count)
    )
    said = [words % {"count": count}]
    watched = sum(one.watched for one in asked.refused)
    if watched:
        said.append(
            ngettext(
                "%(count)d is taken and watched: it is offered to you when it comes free.",
                "%(count)d are taken and watched: they are offered to you when they come free.",
                watched,
            )
            % {"count": watched}
        )
    if others := len(asked.refused) - watched:
        said.append(
            ngettext(
                "%(count)d could not be asked for: see below.",
                "%(count)d could not be asked for: see below.",
                others,
            )
            % {"count": others}
        )
    return " ".join(said)


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
        reasons=_of_each(told, form, reader),
        options=option_items(
            [one for one in options if not one.line],
            reader=reader,
            fetched=form.fetched,
            typed=form.restated(),
            mine=title,
        ),
        waivable=waivable,
        anyway=str(form.data.get("ask_anyway") or ""),
    )


def _of_each(reasons: Iterable[Reason], form: AskForm, reader: Reader) -> tuple[ReasonItem, ...]:
    """What is in the way of the thing itself, then of what was ticked beside it, by name."""
    told = tuple(reasons)
    items = reason_items(told, reader=reader, zone=form.zone)
    named = dict(enumerate((one.title for one in form.chosen), start=1))
    return tuple(
        replace(item, message=f"{named[reason.line]}: {item.message}")
        if reason.line in named
        else item
        for reason, item in zip(told, items, strict=True)
    )


def _possible(proposed: Sequence[Proposed], reader: Reader, form: AskForm) -> PanelAnswer:
    """What would become of the thing itself, and of what is asked for beside it."""
    zone, use = form.zone, proposed[0].use
    states = {one.state for one in proposed}
    when = reader.clock.span(use, zone) if use is not None else ""
    if proposed[0].waiting:
        kept = [("waiting_list", "on"), ("least_units", str(form.data.get("least_units") or ""))]
        return PanelAnswer(
            good=_("Taken, and you can wait for it: %(when)s") % {"when": when},
            detail=_("What comes free is offered in order, and kept for you for some hours."),
            offsets=(*form.offsets, *(pair for pair in kept if pair[1])),
        )
    detail, at_once = _("Its owner chooses among the requests and answers you."), False
    if states <= {"confirmed", "accepted"}:
        detail, at_once = _("It is yours at once, nobody has to answer."), True
    elif "asked" not in states and (ends := [one.expires_at for one in proposed if one.expires_at]):
        until = reader.clock.moment(min(map(datetime.fromisoformat, ends)), zone)
        detail = _("It is reserved for you until %(moment)s while its owner answers.") % {
            "moment": until
        }
    return PanelAnswer(
        good=_("Free: %(when)s") % {"when": when},
        detail=detail,
        at_once=at_once,
        offsets=form.offsets,
    )
