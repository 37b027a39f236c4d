"""Whether it fits: the kind answer before the guard's. A use never counts against itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts import Ask, Taken
from bookings.periods import long_enough, stretches
from bookings.reasons import Reason
from bookings.spans import Span, joined

from . import saying

MOST_HOLDS = 10


def free_units(ask: Ask, taken: Iterable[Taken]) -> int:
    """How many units are free during all of the claimed time."""
    return ask.resource.units_left(ask.use, taken)


def in_time(ask: Ask, claim: Taken) -> bool:
    """Whether a claim stands where `ask` would: of what is given away any claim does, whenever it is."""
    return any(
        demand.share.capacity == claim.capacity
        and (demand.share.mode == "total" or claim.load.span.overlaps(demand.span))
        for demand in ask.demands
    )


def stands_behind(ask: Ask) -> bool:
    """Second in line of something that is kept for another: it would hold nothing itself."""
    return ask.second_in_line and free_units(ask, ask.taken) < ask.units


def firm(ask: Ask) -> list[Taken]:
    return [claim for claim in ask.taken if claim.hold_until is None]


def _can_be(ask: Ask) -> bool:
    """Whether there is enough of it at all: else nothing is said of what is taken."""
    return bool(ask.demands) and ask.units <= ask.resource.most_units(ask.use)


def long_enough_free(ask: Ask) -> Reason | None:
    """Of a length in a period: at least one place where so long is open and free."""
    if ask.wanted is None or ask.use.end <= ask.now:
        return None
    found = stretches(ask, ask.wanted)
    if long_enough(found, ask.wanted):
        return None
    values: dict[str, Any] = {"minutes": ask.wanted.minutes}
    if not found:
        return Reason("not_free_in_period", "fact", _("It is not free in that time."), values)
    longest = max(found, key=lambda span: span.length)
    minutes = int(longest.length.total_seconds() // 60)
    values["longest"] = [
        {"starts_at": longest.start.isoformat(), "ends_at": longest.end.isoformat()}
    ]
    return Reason(
        "not_free_so_long",
        "fact",
        _("It is nowhere free for so long in that time."),
        values,
        relax={"wanted": {"minutes": minutes}},
    )


def enough_exist(ask: Ask) -> Reason | None:
    if not ask.demands:
        return None
    most = ask.resource.most_units(ask.use)
    if ask.units <= most:
        return None
    return Reason(
        "more_than_there_are",
        "fact",
        ngettext("There is only %(size)s.", "There are only %(size)s.", most) % {"size": most},
        values={"units": most, "asked": ask.units},
        relax={"units": most} if most else None,
    )


def at_a_session(ask: Ask) -> Reason | None:
    """What has seats is booked for one of its dates, as long as that lasts."""
    if ask.resource.kind != "seated" or ask.demands or not ask.resource.bookable:
        return None
    ahead = [
        period.span
        for period in ask.resource.periods
        if period.span is not None and period.span.start > ask.now
    ]
    nearest = sorted(ahead, key=lambda span: abs(span.start - ask.use.start))[:3]
    dates = [_as_values(span) for span in sorted(nearest)]
    near = _("The nearest: %(dates)s.") % {"dates": saying.spans(sorted(nearest), ask)}
    return Reason(
        "no_session_then",
        "fact",
        saying.both(
            _("There is no date at that time. Please choose one of its dates."),
            near if nearest else "",
        ),
        values={"sessions": dates},
        relax=dates[0] if dates else None,
    )


def enough_hours(ask: Ask) -> Reason | None:
    """Of what is metered only so many hours are given in each month; what goes over its end counts in both."""
    if not _can_be(ask):
        return None
    short = {}
    following: datetime | None = None
    for demand in ask.demands:
        if demand.share.mode != "total" or demand.share.span is None:
            continue
        left = demand.room(firm(ask))
        if left < demand.units:
            month = demand.share.span.start.astimezone(ask.resource.zone).strftime("%Y-%m")
            short[month] = {"minutes": max(left, 0), "asked": demand.units}
            following = demand.share.span.end
    if not short or following is None:
        return None
    least = min(value["minutes"] for value in short.values())
    words = {
        "time": saying.length(least),
        "day": saying.day(following.astimezone(ask.resource.zone).date(), ask),
    }
    return Reason(
        "not_enough_hours",
        "fact",
        _("Only %(time)s are left in that month; a new one begins on %(day)s.") % words
        if least
        else _("No hours are left in that month; a new one begins on %(day)s.") % words,
        values={"months": short},
        relax={"starts_at": following.isoformat()} | ({"minutes": least} if least else {}),
    )


def not_taken(ask: Ask) -> Reason | None:
    """What is firmly promised to others."""
    if not _can_be(ask):
        return None
    claims = [claim for claim in firm(ask) if in_time(ask, claim)]
    if not any(
        demand.room(claims) < demand.units
        for demand in ask.demands
        if not (demand.share.mode == "total" and demand.share.span is not None)
    ):
        return None
    free = free_units(ask, claims)
    causes = [{"line": claim.line, "block": claim.block} for claim in claims]
    if ask.resource.kind in {"exclusive", "metered"}:
        return _taken(ask, claims, {"by": causes})
    return Reason(
        "not_enough_units",
        "fact",
        _still_free(ask.resource.kind, free),
        values={"units": free, "asked": ask.units},
        owner_values={"by": causes},
        relax={"units": free} if free else None,
    )


def _still_free(kind: str, free: int) -> str:
    """How many can be had, as its kind counts."""
    if kind == "seated":
        if not free:
            return _("No place is left on that date.")
        said = ngettext(
            "%(free)s place is left on that date.", "%(free)s places are left on that date.", free
        )
    elif kind == "giveaway":
        if not free:
            return _("All of it is promised.")
        said = ngettext("%(free)s of them is left.", "%(free)s of them are left.", free)
    else:
        if not free:
            return _("None of them is free all that time.")
        said = ngettext(
            "Up to %(free)s is free all that time.", "Up to %(free)s are free all that time.", free
        )
    return said % {"free": free}


def _taken(ask: Ask, claims: list[Taken], told: dict[str, Any]) -> Reason:
    """Of one at a time: when it is taken, and the part of the time asked for that is free before or after."""
    short = [
        claim
        for demand in ask.demands
        if demand.share.mode != "total" and demand.room(claims) < demand.units
        for claim in claims
        if claim.capacity == demand.share.capacity
    ]
    spans = joined(
        part for claim in short if (part := claim.load.span.meet(ask.claimed)) is not None
    )
    since, until = None, None
    if spans and spans[-1].end < ask.use.end:
        since = spans[-1].end
    if spans and spans[0].start - ask.resource.turnover > ask.use.start:
        until = spans[0].start - ask.resource.turnover
    relax = {"starts_at": since, "ends_at": until}
    first = (
        _("A part of it is taken at that time.")
        if ask.resource.is_whole
        else _("It is taken at that time.")
    )
    return Reason(
        "taken",
        "fact",
        saying.both(first, saying.free_then(ask, since, until)),
        values={"taken": [_as_values(span) for span in spans]},
        owner_values=told,
        relax={name: at.isoformat() for name, at in relax.items() if at is not None} or None,
    )


def not_kept_for_another(ask: Ask) -> Reason | None:
    """Over a hold one may ask as second in line."""
    if not _can_be(ask) or ask.second_in_line:
        return None
    if free_units(ask, ask.taken) >= ask.units or free_units(ask, firm(ask)) < ask.units:
        return None
    until = max(
        claim.hold_until
        for claim in ask.taken
        if claim.hold_until is not None and in_time(ask, claim)
    )
    return Reason(
        "kept_for_another",
        "fact",
        _(
            "It is kept for somebody who asked first, until %(moment)s at the latest. "
            "You can ask as second in line."
        )
        % {"moment": saying.at(until, ask)},
        values={"until": until.isoformat()},
        relax={"second_in_line": True},
    )


def too_many_held(ask: Ask) -> bool:
    return ask.policy == "keep_first" and ask.open_holds >= MOST_HOLDS


def not_too_many_holds(ask: Ask) -> Reason | None:
    if not too_many_held(ask) or ask.in_series or stands_behind(ask):
        return None
    return Reason(
        "too_many_holds",
        "rule",
        _(
            "Your institution already has 10 things kept for it. Wait for an answer or withdraw one."
        ),
        values={"open": ask.open_holds, "most": MOST_HOLDS},
        relax={"open": MOST_HOLDS - 1},
    )


def _as_values(span: Span) -> dict[str, str]:
    return {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
