"""When a length that is wished for somewhere in a period could be: what its owner may answer with."""

from __future__ import annotations

from datetime import timedelta

from bookings.facts.ask import Ask
from bookings.models import Line
from bookings.periods import Wanted, stretches, suggestions
from bookings.spans import Span
from cooperative.access.viewer import Viewer

from .availability import claims_of, facts_of

MOST_SUGGESTED = 8


def wanted_of(line: Line) -> Wanted | None:
    """The length that a line wishes for, None where it names its time."""
    if line.wanted_minutes is None:
        return None
    return Wanted(
        line.wanted_minutes,
        line.wanted_weekdays,
        line.wanted_from_minute,
        line.wanted_until_minute,
    )


def times_for(line: Line, *, viewer: Viewer, most: int = MOST_SUGGESTED) -> list[Span]:
    """Free times of use of the length wished for, on different days first, in order, UTC. At most four statements."""
    wanted = wanted_of(line)
    use = Span(line.use_starts_at, line.use_ends_at)
    resource = facts_of([line.resource_id], use).get(line.resource_id) if wanted else None
    if wanted is None or resource is None:
        return []
    reach = use.widen(after=resource.turnover + timedelta(minutes=1))
    claims = claims_of([resource], reach, now=viewer.now).get(resource.id, ())
    ask = Ask(
        resource=resource,
        terms=None,
        use=use,
        event=use,
        units=line.units,
        borrower=line.borrower_id,
        borrower_state="active",
        now=viewer.now,
        taken=tuple(row.taken() for row in claims),
    )
    return suggestions(stretches(ask, wanted), wanted, most=most)
