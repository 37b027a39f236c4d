"""A no of the engine in the reader's words: reasons, and options that one click takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.reasons import Alternative, Reason
from bookings.spans import Span
from bookings.why import why
from bookings.wishes import LineWish
from frontend.components import Action, OptionItem, ReasonItem
from frontend.forms.asking_filled import filled_in
from frontend.forms.options import fields_of
from frontend.presenters.moments import day_label
from frontend.presenters.reader import Reader
from frontend.presenters.texts import in_short, pieces, title_of

ASKED_ALREADY = "asked_already"


def reason_items(
    reasons: Iterable[Reason], *, reader: Reader, zone: ZoneInfo, dated: bool = False
) -> tuple[ReasonItem, ...]:
    """Reasons of one thing whose owner's clock is `zone`; `dated` = each says its dates, where there are several."""
    items: dict[ReasonItem, list[str]] = {}
    for reason in reasons:
        item = ReasonItem(
            code=reason.code,
            kind=reason.kind,
            message=str(reason.message),
            relax=_relax(reason, reader, zone),
            note=_("You can ask once more on purpose, with a word why.")
            if reason.code == ASKED_ALREADY
            else "",
            link=_link(reason),
        )
        days = items.setdefault(item, [])
        if dated and reason.on is not None:
            days.append(day_label(reason.on))
    return tuple(
        replace(item, message=f"{', '.join(in_short(days, most=4))}: {item.message}")
        if days
        else item
        for item, days in items.items()
    )


def _link(reason: Reason) -> tuple[str, str] | None:
    """To the booking that a reason is about; only the asker's own are ever named."""
    if "booking" not in reason.values:
        return None
    return _("See that request"), reverse("frontend:booking", args=[reason.values["booking"]])


def rule_title(reasons: Iterable[Reason]) -> str:
    """Over reasons that may all be asked to be waived."""
    if {reason.code for reason in reasons} == {ASKED_ALREADY}:
        return _("You have asked for this already")
    return _("The house has a rule here")


def _relax(reason: Reason, reader: Reader, zone: ZoneInfo) -> str:
    """What the calendar says besides the sentence, in the owner's clock."""
    if "taken" in reason.values:
        return _("Taken: %(times)s.") % {"times": _times(reason.values["taken"], reader, zone)}
    return ""


def _times(spans: Sequence[Mapping[str, str]], reader: Reader, zone: ZoneInfo) -> str:
    found = [
        Span(datetime.fromisoformat(one["starts_at"]), datetime.fromisoformat(one["ends_at"]))
        for one in spans[:4]
    ]
    return "; ".join(reader.clock.span(span, zone) for span in found)


def wish_of_option(option: Alternative) -> LineWish:
    same = (option.event_starts_at, option.event_ends_at) == (option.starts_at, option.ends_at)
    return LineWish(
        resource=option.resource,
        starts_at=option.starts_at,
        ends_at=option.ends_at,
        event_starts_at=None if same else option.event_starts_at,
        event_ends_at=None if same else option.event_ends_at,
        units=option.units,
        setup_minutes=option.setup_minutes,
        strike_minutes=option.strike_minutes,
        second_in_line=option.second_in_line,
        waiting_list=option.waiting_list,
        least_units=option.least_units,
    )


def option_items(
    options: Iterable[Alternative],
    *,
    reader: Reader,
    fetched: bool,
    typed: Mapping[str, str],
    mine: str = "",
    instead_of: UUID | None = None,
) -> tuple[OptionItem, ...]:
    """Options as buttons, each with why it is offered. With a title or purpose in `typed` one click asks, else it
    fills the form; what is several lines, or stands in for the line `instead_of` of my request, goes into that.

    `mine` is the title of the thing that was asked for: it is not said again for another time of it.
    """
    items = []
    for option in options:
        zone = ZoneInfo(option.zone)
        reason = (
            "" if option.kind == "waiting_list" else why(option)
        )  # its place in the queue says it
        said = (reason, _description(option, reader, zone, fetched=fetched))
        if option.pieces or (instead_of is not None and option.kind in PLAIN):
            action = _into_my_request(option, instead_of)
        else:
            action = _into_form(option, zone, fetched=fetched, typed=typed)
        items.append(
            OptionItem(
                label=_label(option, reader, zone, fetched=fetched, mine=mine),
                description=" · ".join(one for one in said if one),
                least=_least(option),
                action=action,
            )
        )
    return tuple(items)


def _take(option: Alternative) -> str:
    return _("Put me on the list") if option.kind == "waiting_list" else _("Ask for this")


def _place(option: Alternative) -> str:
    if option.place is None or option.place == 1:
        return _("You would be next. What comes free is kept for you for some hours.")
    return _(
        "You would be number %(place)s in the queue. What comes free is kept for you for some hours."
    ) % {"place": option.place}


def _least(option: Alternative) -> tuple[int, int] | None:
    """(offered, most) of the question how few would do; None where there is nothing to ask."""
    if option.kind != "waiting_list" or option.units <= 1:
        return None
    return option.least_units or option.units, option.units


PLAIN = frozenset({"other_time", "like_resource", "fewer_units", "split"})
"""What is an ordinary line of a request."""


def _into_my_request(option: Alternative, instead_of: UUID | None) -> Action:
    line = (("line", str(instead_of)),) if instead_of is not None else ()
    return Action(
        label=_("Take this instead") if instead_of is not None else _("Put into my request"),
        url=reverse("frontend:request"),
        method="post",
        fields=(*fields_of(option), *line, ("do", "instead")),
    )


def _into_form(
    option: Alternative, zone: ZoneInfo, *, fetched: bool, typed: Mapping[str, str]
) -> Action:
    fields = filled_in(wish_of_option(option), zone=zone, fetched=fetched) | dict(typed)
    ready = bool(typed.get("title") or typed.get("purpose"))
    return Action(
        label=_take(option) if ready else _("Choose"),
        url=f"{reverse('frontend:resource', args=[option.resource])}#ask",
        method="post",
        fields=(*fields.items(), ("do", "ask" if ready else "fill")),
    )


def _label(option: Alternative, reader: Reader, zone: ZoneInfo, *, fetched: bool, mine: str) -> str:
    title = title_of(option.titles, reader.language)
    core = Span(option.starts_at, option.ends_at)
    when = reader.clock.span(core, zone)
    if option.kind == "second_in_line":
        return _("Ask as the next in the queue")
    if option.kind == "waiting_list":
        return _("Wait for it, in case it comes free")
    if option.kind == "fewer_units":
        return _("%(pieces)s at the same time") % {"pieces": pieces(option.units)}
    if option.kind == "split":
        return " + ".join(
            f"{title_of(one.titles, reader.language)} ({one.owner}): {pieces(one.units)}"
            for one in option.pieces
        )
    if option.kind == "like_resource":
        return title
    return when if not mine or title == mine else f"{title}: {when}"


def _description(option: Alternative, reader: Reader, zone: ZoneInfo, *, fetched: bool) -> str:
    core = Span(option.starts_at, option.ends_at)
    event = Span(option.event_starts_at, option.event_ends_at)
    if option.kind == "second_in_line":
        return _("If the first request comes to nothing, it is your turn.")
    if option.kind == "waiting_list":
        return _place(option)
    if option.kind == "like_resource":
        return f"{option.owner} · {reader.clock.span(core, zone)}"
    if option.kind == "split":
        return ""
    if fetched and event != core:
        return _("Fetched and brought back then; your event stays %(event)s.") % {
            "event": reader.clock.span(event, zone)
        }
    return ""
