"""What could be asked for instead, ready to be sent with one click. Nothing that the asker could not ask for, and
nothing of other borrowers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.queries.facts import facts_by_id
from bookings.queries.waiting import place_of_the_next
from bookings.reasons import Alternative, AlternativeKind, Piece, Why
from bookings.rules import Verb, judge
from bookings.rules.room import MOST_HOLDS, free_units
from bookings.spans import Span, enclosing
from bookings.wishes import BookingWish, LineWish
from cooperative.access.viewer import Viewer

from .alternative_things import (
    EACH_KIND,
    MOST_OWNERS,
    Beside,
    claimed,
    companions_of,
    divided,
    of,
    things_like,
    whole,
)
from .alternative_times import times_near
from .judging.answers import Answer, can_wait
from .judging.asks import AROUND, as_taken, ask_for, days_around

MOST_LINES = 5
"""Lines of one refusal that options are looked for."""
SHORT = frozenset({"not_enough_units", "more_than_there_are", "kept_for_another"})
"""Reasons that fewer units may take away."""


def alternatives_for(
    answers: Sequence[Answer], *, by: Viewer, wish: BookingWish
) -> list[Alternative]:
    """Options for each refused line, the best kind first: the same thing at the nearest times, things like it, fewer,
    several owners together, second in line, the waiting list."""
    refused = [
        one for one in answers if not (one.possible or one.left_out) and one.ask.wanted is None
    ]
    found: list[Alternative] = []
    for answer in refused[:MOST_LINES]:
        found.extend(_for_line(answer, _beside(answer, answers), by=by))
    return found


def options_to_write_in(answers: Sequence[Answer], *, by: Viewer) -> list[Alternative]:
    """For what a keeper writes in and cannot be: its nearest free times, the house's other things like it, fewer.

    House rules do not count, as they do not for what is written in.
    """
    refused = [one for one in answers if one.reasons and not one.left_out]
    found: list[Alternative] = []
    for answer in refused[:MOST_LINES]:
        beside = _beside(answer, answers)
        if answer.ask.resource.bookable:
            found.extend(_other_times(answer, beside, by=by, verb="write_in"))
        likes = things_like(answer, beside, by=by, verb="write_in")
        found.extend(_like(answer, like) for like in whole(likes, answer.ask.units))
        codes = {reason.code for reason in answer.reasons}
        if left := _left(answer, codes, verb="write_in"):
            fewer = replace(answer.wish, units=left)
            why = Why(answer.wish.starts_at, free=left)
            found.append(_option("fewer_units", answer, fewer, answer.ask.resource, why=why))
    return found


def instead_of(answer: Answer, *, by: Viewer) -> Iterator[Alternative]:
    """Options for what its owner said no to, though it may well be free: things like it, several owners together, the
    same thing at times apart from that."""
    likes = things_like(answer, (), by=by)
    for like in whole(likes, answer.ask.units):
        yield _like(answer, like)
    yield from _split(answer, likes, 0, {"taken"})
    if answer.ask.resource.bookable:
        yield from _other_times(answer, (), by=by, apart=True)


def _beside(answer: Answer, answers: Sequence[Answer]) -> list[Taken]:
    """What the other lines of the same request would claim: an option leaves room for them."""
    return [
        claim
        for other in answers
        if other.index != answer.index and other.counts
        for claim in as_taken(other.ask)
    ]


def _for_line(answer: Answer, beside: Sequence[Taken], *, by: Viewer) -> Iterator[Alternative]:
    codes = {reason.code for reason in answer.reasons}
    if answer.ask.resource.bookable:
        yield from _other_times(answer, beside, by=by)
    likes = [] if codes == {"in_the_past"} else things_like(answer, beside, by=by)
    for like in whole(likes, answer.ask.units):
        yield _like(answer, like)
    left = _left(answer, codes)
    if left:
        yield _option(
            "fewer_units",
            answer,
            replace(answer.wish, units=left),
            answer.ask.resource,
            why=Why(answer.wish.starts_at, free=left),
        )
    yield from _split(answer, likes, left, codes)
    if codes == {"kept_for_another"}:
        until = answer.reasons[0].values.get("until")
        yield _option(
            "second_in_line",
            answer,
            replace(answer.wish, second_in_line=True),
            answer.ask.resource,
            why=Why(answer.wish.starts_at, until=datetime.fromisoformat(until) if until else None),
        )
    if can_wait(answer.reasons) and not answer.wish.waiting_list:
        wish = replace(answer.wish, waiting_list=True)
        place = place_of_the_next(answer.ask.resource.id, answer.ask.use, now=by.now)
        option = _option("waiting_list", answer, wish, answer.ask.resource)
        yield replace(option, place=place)


def _left(answer: Answer, codes: set[str], *, verb: Verb = "ask") -> int:
    """How many of it could be had, where that is fewer than were asked for but some."""
    if not codes & SHORT or "companion_not_free" in codes:
        return 0
    left = free_units(answer.ask, answer.ask.taken)
    fewer = replace(answer.ask, units=left)
    return left if 0 < left < answer.ask.units and not judge(fewer, verb) else 0


def _split(
    answer: Answer, likes: Sequence[Beside], left: int, codes: set[str]
) -> Iterator[Alternative]:
    """What is left of the thing asked for, and the rest of it from others; without it where it has nothing."""
    if answer.ask.resource.kind != "pooled" or not codes & (SHORT | {"taken"}):
        return
    others = [one for one in likes if one.ask.resource.owner != answer.ask.resource.owner]
    missing = answer.ask.units - left
    parts = divided(others, missing, owners=MOST_OWNERS - bool(left))
    if not parts or (not left and len(parts) == 1):  # one that has all is no split
        return
    resource = answer.ask.resource
    mine = [Piece(resource.uid, resource.titles, resource.owner_name, left)] if left else []
    pieces = [
        *mine,
        *(
            Piece(one.ask.resource.uid, one.ask.resource.titles, one.ask.resource.owner_name, units)
            for one, units in parts
        ),
    ]
    if answer.ask.open_holds + len(pieces) > MOST_HOLDS:
        return
    first = replace(answer.wish, resource=pieces[0].resource, units=pieces[0].units)
    yield _option(
        "split",
        answer,
        first,
        resource if left else parts[0][0].ask.resource,
        why=Why(
            answer.wish.starts_at, missing=missing, parts=tuple(units for _one, units in parts)
        ),
        pieces=tuple(pieces),
    )


def _like(answer: Answer, like: Beside) -> Alternative:
    resource = like.ask.resource
    return _option(
        "like_resource",
        answer,
        replace(answer.wish, resource=resource.uid),
        resource,
        why=Why(
            answer.wish.starts_at,
            km=like.like.km,
            free=like.free if resource.kind != "exclusive" else None,
            of_house=like.like.own,
        ),
    )


def _option(
    kind: AlternativeKind,
    answer: Answer,
    wish: LineWish,
    resource: ResourceFacts,
    *,
    why: Why | None = None,
    pieces: tuple[Piece, ...] = (),
) -> Alternative:
    return Alternative(
        kind=kind,
        line=answer.place,
        on=answer.wish.series_on,
        resource=resource.uid,
        titles=dict(resource.titles),
        owner=resource.owner_name,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        event_starts_at=wish.event.start,
        event_ends_at=wish.event.end,
        units=wish.units,
        zone=resource.zone_name,
        setup_minutes=wish.setup_minutes,
        strike_minutes=wish.strike_minutes,
        second_in_line=wish.second_in_line,
        waiting_list=wish.waiting_list,
        least_units=min(wish.least_units, wish.units) if wish.least_units else None,
        why=why or Why(answer.wish.starts_at),
        pieces=pieces,
    )


def _other_times(
    answer: Answer,
    beside: Sequence[Taken],
    *,
    by: Viewer,
    apart: bool = False,
    verb: Verb = "ask",
) -> Iterator[Alternative]:
    """The nearest that do not overlap each other; with `apart` none that overlaps what was asked for either."""
    resource = answer.ask.resource
    candidates = times_near(answer.wish, resource, answer.reasons)
    if apart:
        candidates = [wish for wish in candidates if not wish.use.overlaps(answer.ask.use)]
    if not candidates:
        return
    (since, until), read = (
        days_around([wish.use for wish in candidates]),
        days_around([answer.ask.use]),
    )
    if since < read[0] - AROUND or until >= read[1] + AROUND:
        # Farther than the days off were read for the request itself.
        resource = facts_by_id([resource.id], since=since, until=until)[resource.id]
    reach = enclosing(wish.use for wish in candidates)
    together = companions_of([resource], reach)
    everything = [resource, *together.facts.values()]
    longest = max(one.turnover for one in everything)
    taken = claimed(everything, reach.widen(after=longest + timedelta(minutes=1)), beside, by=by)
    offered: list[Span] = []
    for wish in candidates:
        if any(wish.use.overlaps(other) for other in offered):
            continue
        bare = ask_for(
            resource,
            wish,
            by=by,
            borrower=answer.ask.borrower,
            borrower_state=answer.ask.borrower_state,
        )
        ask = replace(
            bare,
            taken=of(resource, taken),
            open_holds=answer.ask.open_holds,
            paused_until=answer.ask.paused_until,
        )
        along = verb == "write_in" or together.come_along(ask, taken)
        if not judge(ask, verb) and along:
            yield _option("other_time", answer, wish, resource)
            offered.append(wish.use)
            if len(offered) == EACH_KIND:
                return
