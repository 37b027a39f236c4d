"""Lines that something came between, with what could be proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.errors import is_today
from bookings.models import Line, Offer
from bookings.moments import moment_label, span_label
from bookings.on_the_day import askers_side
from bookings.services.offers.suggesting import Suggestion
from bookings.services.told import gets_fewer, was_called
from bookings.states import LineState
from frontend.components import Action, StateChip

from .lines import (
    booking_title,
    contact,
    language,
    line_chip,
    thing_title,
    units_label,
    when,
    who,
)
from .moments import due_label
from .reader import Reader
from .texts import pieces, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlingRow:
    """`suggestion` is what one tap proposes, `proposed` what is proposed already."""

    uid: str
    thing: str
    units: str
    title: str
    url: str
    who: str
    contact: str
    when: str
    chip: StateChip
    today: bool
    suggestion: str
    proposed: str
    phone: str
    told: str
    """When who was told by phone, where they were."""
    fewer: str
    """Of what stays booked, how many fewer they get."""
    only_by_phone: bool
    """Nobody of theirs has an account."""


def settling_rows(
    lines: Sequence[Line],
    proposed: Mapping[int, Offer],
    suggestions: Mapping[int, Suggestion],
    *,
    now: datetime,
) -> tuple[SettlingRow, ...]:
    """Who can only be told by phone and was not yet first, else as `lines` are."""
    by_phone = sorted(
        lines, key=lambda line: line.booking.borrower_id is not None or was_called(line)
    )
    return tuple(
        _row(line, proposed.get(line.pk), suggestions.get(line.pk), now) for line in by_phone
    )


def _told(line: Line, now: datetime) -> str:
    if not was_called(line) or line.told_at is None:
        return ""
    return _("told by phone %(when)s") % {"when": moment_label(line.told_at, line.zone, now=now)}


def _row(
    line: Line, offer: Offer | None, suggestion: Suggestion | None, now: datetime
) -> SettlingRow:
    return SettlingRow(
        uid=str(line.uid),
        thing=thing_title(line),
        units=units_label(line),
        title=booking_title(line.booking),
        url=reverse("frontend:booking", args=[line.booking.uid]),
        who=who(line.booking),
        contact=contact(line),
        when=when(line),
        chip=line_chip(line),
        today=is_today(line, now),
        suggestion=suggestion_words(line, suggestion) if suggestion is not None else "",
        proposed=_proposed(offer, now) if offer is not None else "",
        phone=askers_side(line.booking).phone,
        told=_told(line, now),
        fewer=_fewer(line),
        only_by_phone=line.booking.borrower_id is None and not line.booking.outside_email,
    )


def _fewer(line: Line) -> str:
    if not gets_fewer(line):
        return ""
    if line.short_units is not None:
        values = {"missing": line.short_units, "all": line.units}
        return _("%(missing)s of %(all)s are not back yet from somebody else.") % values
    return _("%(units)s instead of %(before)s") % {"units": line.units, "before": line.hit_units}


def suggestion_words(line: Line, found: Suggestion) -> str:
    """The other thing, the other time, or that it is free again."""
    same_time = (found.wish.use.start, found.wish.use.end) == (
        line.use_starts_at,
        line.use_ends_at,
    )
    if found.resource.id == line.resource_id:
        if same_time and found.wish.units < line.units:
            return _("%(pieces)s at the same time") % {"pieces": pieces(found.wish.units)}
        if same_time:
            return _("as it was: it is free again")
        return span_label(found.wish.use.start, found.wish.use.end, found.resource.zone)
    title = title_of(found.resource.titles, language())
    return _("%(thing)s, at the same time") % {"thing": title}


def _proposed(offer: Offer, now: datetime) -> str:
    times = span_label(offer.use_starts_at, offer.use_ends_at, offer.zone)
    titles = offer.shown.get("titles") or {}
    until = due_label(offer.expires_at, offer.zone, now=now)
    return f"{title_of(titles, language())}, {times}, {until}"


def told_by_phone(line: Line, reader: Reader, *, back: str, taken_back: bool) -> tuple[Action, ...]:
    """For its owner, on the booking's page: the other side was called of what came in the way, or not after all."""
    ours = reader.viewer.may("keeper", line.lender_id) and line.use_ends_at > reader.viewer.now
    if not ours or not (taken_back or line.state == LineState.TO_SETTLE or gets_fewer(line)):
        return ()
    told = _told(line, reader.viewer.now)
    return (
        Action(
            label=f"{told} · {_('undo')}" if told else _("Told by phone"),
            url=reverse("frontend:to-settle"),
            method="post",
            fields=(("line", str(line.uid)), ("told", "no" if told else "yes"), ("next", back)),
            kind="quiet" if told else "plain",
        ),
    )
