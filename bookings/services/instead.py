"""What could be had in place of what came to nothing, for who asked: when its owner said no, took the yes back, did not
answer, something came in the way, or some of it is not back from somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bookings.models import Line
from bookings.permissions import not_answered
from bookings.queries.cases import asking_paused_until
from bookings.queries.facts import facts_by_id
from bookings.queries.overview import line_for
from bookings.reasons import Alternative
from bookings.states import OVER, LineState
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden

from .alternatives import instead_of
from .drafts import wish_of_line
from .judging.answers import Answer
from .judging.asks import ask_for, days_around

MOST_LINES = 3
CAME_TO_NOTHING = OVER - {LineState.WITHDRAWN} | {LineState.TO_SETTLE}


def options_instead(lines: Iterable[Line], *, by: Viewer) -> dict[int, tuple[Alternative, ...]]:
    """By line id, for the first lines that the institution acted for could still have something instead of.

    Lines of others, periods, and what has begun have none. Stores and claims nothing.
    """
    open_ = [
        line
        for line in lines
        if (line.state in CAME_TO_NOTHING or _lacks_some(line) or not_answered(line, by.now))
        and line.borrower_id is not None
        and line.borrower_id == by.acting_for
        and line.wanted_minutes is None
        and line.use_starts_at > by.now
    ][:MOST_LINES]
    paused = asking_paused_until(by.acting_for, now=by.now) if open_ else None
    return {
        line.pk: options
        for line in open_
        if (options := _options(line, open_, by=by, paused_until=paused))
    }


def _lacks_some(line: Line) -> bool:
    """Agreed, and some of it is not back from somebody else: those may be had elsewhere."""
    return line.state == LineState.CONFIRMED and line.short_units is not None


def _options(
    line: Line, lines: Sequence[Line], *, by: Viewer, paused_until: datetime | None
) -> tuple[Alternative, ...]:
    wish = replace(wish_of_line(line), second_in_line=False)
    if _lacks_some(line):
        wish = replace(wish, units=line.short_units or 1)
    since, until = days_around([wish.use])
    resource = facts_by_id([line.resource_id], since=since, until=until)[line.resource_id]
    ask = ask_for(resource, wish, by=by, borrower=line.borrower_id, borrower_state=by.acting_state)
    ask = replace(ask, paused_until=paused_until)
    found = instead_of(Answer(lines.index(line), wish, ask, (), None), by=by)
    return tuple(one for one in found if not _lacks_some(line) or one.kind == "like_resource")


def options_instead_of(*, by: Viewer, line: UUID) -> tuple[Alternative, ...]:
    """The same for one line. Raises `NotFound`, `Forbidden` for who did not ask for it."""
    found = line_for(viewer=by, uid=line)
    if found.borrower_id is None or not by.may("staff", found.borrower_id):
        raise Forbidden
    return options_instead([found], by=by).get(found.pk, ())
