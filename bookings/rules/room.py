"""Whether it fits: the kind answer before the guard's. A line never counts against itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bookings.facts import Ask, Taken
from bookings.reasons import Reason
from bookings.spans import Load, Span, joined, peak

MOST_HOLDS = 10


def free_units(ask: Ask, taken: Iterable[Taken]) -> int:
    """How many units are free during all of the claimed time."""
    if ask.resource.mode == "total":
        used = sum(claim.load.units for claim in taken)
    else:
        used = peak([claim.load for claim in taken], ask.claimed)
    return max(ask.resource.size - used, 0)


def in_time(ask: Ask, claim: Taken) -> bool:
    """Whether a claim stands where `ask` would: of what is given away any claim does, whenever it is."""
    return ask.resource.mode == "total" or claim.load.span.overlaps(ask.claimed)


def stands_behind(ask: Ask) -> bool:
    """Second in line of something that is kept for another: it would hold nothing itself."""
    return ask.second_in_line and free_units(ask, ask.taken) < ask.units


def firm(ask: Ask) -> list[Taken]:
    return [claim for claim in ask.taken if claim.hold_until is None]


def enough_exist(ask: Ask) -> Reason | None:
    if ask.resource.capacity is None or ask.units <= ask.resource.size:
        return None
    return Reason(
        "more_than_there_are",
        "fact",
        ngettext_lazy("There is only %(size)s.", "There are only %(size)s.", "size")
        % {"size": ask.resource.size},
        values={"units": ask.resource.size, "asked": ask.units},
        relax={"units": ask.resource.size} if ask.resource.size else None,
    )


def not_taken(ask: Ask) -> Reason | None:
    """What is firmly promised to others."""
    if ask.resource.capacity is None or ask.units > ask.resource.size:
        return None
    claims = firm(ask)
    free = free_units(ask, claims)
    if free >= ask.units:
        return None
    causes = [{"line": claim.line, "block": claim.block} for claim in claims if in_time(ask, claim)]
    if ask.resource.mode == "exclusive":
        return Reason(
            "taken",
            "fact",
            _("It is taken at that time."),
            values={"taken": _spans(claims, ask.claimed)},
            owner_values={"by": causes},
        )
    return Reason(
        "not_enough_units",
        "fact",
        ngettext_lazy(
            "Only %(free)s is free all that time.", "Only %(free)s are free all that time.", "free"
        )
        % {"free": free},
        values={"units": free, "asked": ask.units},
        owner_values={"by": causes},
        relax={"units": free} if free else None,
    )


def not_kept_for_another(ask: Ask) -> Reason | None:
    """Over a hold one may ask as second in line."""
    if ask.resource.capacity is None or ask.second_in_line or ask.units > ask.resource.size:
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
        _("It is kept for somebody who asked first. You can ask as second in line."),
        values={"until": until.isoformat()},
        relax={"second_in_line": True},
    )


def not_too_many_holds(ask: Ask) -> Reason | None:
    if ask.policy != "keep_first" or ask.open_holds < MOST_HOLDS or stands_behind(ask):
        return None
    return Reason(
        "too_many_holds",
        "rule",
        _(
            "Your institution already has 10 things kept for it. Wait for an answer or withdraw one."
        ),
        values={"open": ask.open_holds, "most": MOST_HOLDS},
    )


def _spans(claims: Iterable[Taken], within: Span) -> list[dict[str, str]]:
    """When it is taken, clipped to what was asked: no more than the calendar shows."""
    loads: list[Load] = [claim.load for claim in claims]
    parts = [part for load in loads if (part := load.span.meet(within)) is not None]
    return [
        {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}
        for span in joined(parts)
    ]
