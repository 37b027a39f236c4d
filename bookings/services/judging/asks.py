"""A wish with the facts of its things: one `Ask` for each line, and for each thing that comes along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bookings.errors import UnknownResource
from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.queries.facts import facts_by_uid, facts_to_ask
from bookings.spans import Span, enclosing
from bookings.wishes import BookingWish, LineWish
from cooperative.access.viewer import Viewer

from .until import ACCEPTED_AT_MOST

AROUND = timedelta(days=15)
"""Days off are read this far around a wish, so that alternatives need no second look."""


def days_around(spans: Sequence[Span]) -> tuple[date, date]:
    """The days whose closures matter to wishes at `spans`."""
    first = min(span.start for span in spans) - AROUND
    last = max(span.end for span in spans) + AROUND
    return first.date(), last.date()


def load_asks(
    wish: BookingWish, *, by: Viewer, borrower: int | None, borrower_state: str
) -> list[Ask]:
    """One `Ask` for each line, without what is taken yet. Raises `UnknownResource` for what `by` may not see."""
    # Working days are counted from now, whenever the use is.
    deciding = Span(by.now, by.now + ACCEPTED_AT_MOST)
    since, until = days_around([deciding, *(line.use for line in wish.lines)])
    facts = facts_to_ask(
        {line.resource for line in wish.lines},
        since=since,
        until=until,
        borrower=borrower,
        starts={line.use.start for line in wish.lines} if wish.once else (),
    )
    asks = []
    for line in wish.lines:
        resource = facts.get(line.resource)
        if resource is None or not resource.seen_by(by):
            raise UnknownResource
        asks.append(
            ask_for(resource, line, by=by, borrower=borrower, borrower_state=borrower_state)
        )
    return asks


def ask_for(
    resource: ResourceFacts,
    line: LineWish,
    *,
    by: Viewer,
    borrower: int | None,
    borrower_state: str,
) -> Ask:
    use = line.use
    return Ask(
        resource=resource,
        terms=resource.terms_to_ask(by, use.start.astimezone(resource.zone).date()),
        use=use,
        event=line.event,
        units=line.units,
        borrower=borrower,
        borrower_state=borrower_state,
        now=by.now,
        second_in_line=line.second_in_line,
        in_series=line.series is not None,
        wanted=line.wanted,
        paused_until=resource.asker_paused_until,
    )


def as_taken(ask: Ask) -> list[Taken]:
    """What `ask` would claim, as the lines beside it in the same request count it."""
    return [demand.as_taken() for demand in ask.demands]


def capacities_of(asks: Iterable[Ask]) -> set[int]:
    """Everything that the asks could claim of: what a commit locks."""
    return {capacity for ask in asks for capacity in ask.locked}


def hull(asks: Sequence[Ask]) -> Span:
    """From the first to the last instant that the asks would claim."""
    return enclosing(ask.claimed for ask in asks)


def bring_along(
    wish: BookingWish, asks: Sequence[Ask], *, by: Viewer
) -> tuple[BookingWish, list[Ask]]:
    """The wish and its asks with what its things come only with, unless that was asked for besides.

    Such a line has the times of the one that brings it, and its terms where it has none of its own for the asker.
    """
    wanted = {one.uid for ask in asks for one in ask.resource.comes_with if ask.wanted is None}
    if not wanted:
        return wish, list(asks)
    since, until = days_around([Span(by.now, by.now + ACCEPTED_AT_MOST), *(a.use for a in asks)])
    facts = facts_by_uid(wanted, since=since, until=until)
    lines, brought = list(wish.lines), list(asks)
    for index, ask in enumerate(asks):
        for companion in ask.resource.comes_with if ask.wanted is None else ():
            resource = facts[companion.uid]
            beside = next(
                (
                    number
                    for number, other in enumerate(asks)
                    if other.resource.id == resource.id
                    and other.use.contains(ask.use)
                    and other.units >= companion.units
                    and lines[number].brought_by is None
                ),
                None,
            )
            if beside is not None:
                lines[beside] = replace(lines[beside], brought_by=index)
                continue
            line = replace(
                wish.lines[index],
                resource=companion.uid,
                units=companion.units,
                second_in_line=False,
                brought_by=index,
                series=None,
                series_on=None,
                place=None,
            )
            bare = ask_for(
                resource, line, by=by, borrower=ask.borrower, borrower_state=ask.borrower_state
            )
            lines.append(line)
            brought.append(replace(bare, terms=bare.terms or ask.terms, brought=True))
    return replace(wish, lines=tuple(lines)), brought
