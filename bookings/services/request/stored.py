"""What was stored of a request, and what was left out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bookings.models import Booking, Line
from bookings.reasons import Alternative, Reason
from bookings.services.alternatives import alternatives_for
from cooperative.access.viewer import Viewer

from .plan import RequestPlan, refused_of


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line, or one date of a series, that was left out of a request that may be served in part.

    `index` counts what was asked for, a series as one. `watched` = it is offered when it comes free.
    """

    index: int
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...] = ()
    on: date | None = None
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Requested:
    """What was stored."""

    booking: Booking
    lines: tuple[Line, ...]
    refused: tuple[RefusedLine, ...] = ()


def refused_lines(plan: RequestPlan, *, by: Viewer) -> tuple[RefusedLine, ...]:
    """What was left out, in the order of lines and dates; for the first few of it what could be asked for instead."""
    refused = refused_of(plan.answers)
    options = alternatives_for(refused, by=by, wish=plan.wish)
    found = [
        RefusedLine(
            answer.place,
            answer.reasons,
            tuple(
                one
                for one in options
                if (one.line, one.on) == (answer.place, answer.wish.series_on)
            ),
            answer.wish.series_on,
            answer.index in plan.watched,
        )
        for answer in refused
    ]
    found += [RefusedLine(one.line or 0, (one,), on=one.on) for one in plan.impossible]
    return tuple(sorted(found, key=lambda one: (one.index, one.on or date.min)))
