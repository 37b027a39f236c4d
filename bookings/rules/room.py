"""Whether it fits: the kind answer before the guard's. A use never counts against itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.periods import long_enough, stretches
from bookings.reasons import Reason
from bookings.spans import SHORTEST, Span, joined

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


def _at_most(ask: Ask, units: int) -> Ask | None:
    """The same for no more than so many: of what there is not, nothing is taken either. None where that is nothing."""
    units = min(ask.units, units)
    return replace(ask, units=units) if units > 0 and ask.demands else None


def _that_there_are(ask: Ask) -> Ask | None:
    return _at_most(ask, ask.resource.most_units(ask.use))


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
        (period.size < ask.units, abs(period.span.start - ask.use.start), period.span)
        for period in ask.resource.periods
        if period.span is not None and period.span.start > ask.now
    ]
    nearest = [span for _too_small, _away, span in sorted(ahead)[:3]]
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
        relax=_as_values(nearest[0]) if nearest else None,
    )


def enough_hours(ask: Ask) -> Reason | None:
    """Of what is metered only so many hours are given in each month; what goes over its end counts in both."""
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
    possible = _that_there_are(ask)
    if possible is None:
        return None
    ask = possible
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
    shortest = max(SHORTEST, timedelta(minutes=(ask.terms and ask.terms.shortest_minutes) or 0))
    if spans and spans[-1].end + shortest <= ask.use.end:
        since = spans[-1].end
    if spans and spans[0].start - ask.resource.turnover >= ask.use.start + shortest:
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
    """Over a hold one may ask as second in line: for as many as nobody has firmly."""
    rest = _at_most(ask, free_units(ask, firm(ask)))
    if rest is None or ask.second_in_line or free_units(ask, ask.taken) >= rest.units:
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
