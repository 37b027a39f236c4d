"""What is in the way of rows: each judged beside what is taken and what the rows before it would book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bookings.errors import UnknownResource
from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.queries.claims import live_claims
from bookings.reasons import Reason
from bookings.rules.room import in_time
from bookings.services.judging.answers import Answer, answer_all
from bookings.services.judging.asks import capacities_of, hull, load_asks
from bookings.sheets.shape import Problem
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import BookingWish
from cooperative.access.viewer import Viewer

from .looked import Looked, State

ROOM = frozenset({"taken", "not_enough_units", "kept_for_another"})
_LONG = timedelta(days=60)


class _Room:
    """What is taken, found by capacity and day: of a year of dates each looks at its own days only."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self.days: dict[tuple[int, date], list[Taken]] = defaultdict(list)
        self.long: dict[int, list[Taken]] = defaultdict(list)
        self.add(taken)

    def add(self, taken: Iterable[Taken]) -> None:
        for one in taken:
            if one.load.span.length > _LONG:
                self.long[one.capacity].append(one)
                continue
            for day in _days(one.load.span):
                self.days[one.capacity, day].append(one)

    def near(self, asks: Iterable[Ask]) -> list[Taken]:
        """What is in time of `asks`, and all that was ever taken of what is used up."""
        found: dict[int, Taken] = {}
        for demand in (demand for ask in asks for demand in ask.demands):
            capacity = demand.share.capacity
            lists = [self.long[capacity]] if capacity in self.long else []
            if demand.share.mode == "total":
                lists += [some for (own, _day), some in self.days.items() if own == capacity]
            else:
                days = _days(demand.span)
                lists += [self.days[capacity, day] for day in days if (capacity, day) in self.days]
            found |= {id(one): one for some in lists for one in some}
        return list(found.values())


def _days(span: Span) -> list[date]:
    first = span.start.date()
    return [first + timedelta(days=n) for n in range((span.end.date() - first).days + 1)]


def judge_all(looked: Sequence[Looked], by: Viewer) -> None:
    """Facts and claims are read once for all rows; each is then judged beside what the ones before it would book."""
    if not looked:
        return
    lines = tuple(line for one in looked for line in one.lines)
    try:
        asks = iter(
            load_asks(BookingWish(lines=lines), by=by, borrower=None, borrower_state="active")
        )
    except UnknownResource:  # withdrawn since its place was read: the next look says so
        return
    for one in looked:
        one.asks = [next(asks) for _line in one.lines]
    every = [ask for one in looked for ask in one.asks]
    room = _Room(row.taken() for row in live_claims(capacities_of(every), hull(every), now=by.now))
    for one in looked:
        _judge(one, room)


def _judge(one: Looked, room: _Room) -> None:
    own = one.booking.pk if one.booking is not None else None
    near = [claim for claim in room.near(one.asks) if own is None or claim.booking != own]
    wish = BookingWish(lines=tuple(replace(line, series=None) for line in one.lines))
    answers = answer_all(wish, one.asks, near, verb="write_in")
    refused = [answer for answer in answers if answer.reasons]
    one.problems += [problem for answer in refused for problem in _problems(answer)]
    if one.problems and one.wish is not None and one.wish.series is not None:
        one.problems.append({"code": "dates", "of": len(one.lines)})
    if one.problems:
        one.state = one.state if one.state == State.CHANGED else State.CLASH
    elif one.state == State.READY:
        mine = (
            demand.as_taken()
            for answer in answers
            if answer.state == LineState.CONFIRMED
            for demand in answer.ask.demands
        )
        room.add(replace(claim, cause=f"row:{one.row.number}") for claim in mine)


def _problems(answer: Answer) -> list[Problem]:
    in_way = [claim for claim in answer.ask.taken if in_time(answer.ask, claim)]
    return [
        problem_of(
            reason,
            on=answer.wish.series_on,
            by=[_cause(claim) for claim in in_way] if reason.code in ROOM else [],
        )
        for reason in answer.reasons
    ]


def _cause(claim: Taken) -> dict[str, Any]:
    """Who has it: a line or a block by database id, or a row of the same file by its number."""
    told: dict[str, Any] = {
        "from": claim.load.span.start.isoformat(),
        "until": claim.load.span.end.isoformat(),
    }
    if claim.cause.startswith("row:"):
        return told | {"row": int(claim.cause[4:])}
    if claim.line is not None:
        return told | {"line": claim.line}
    return told | ({"block": claim.block} if claim.block is not None else {})


def problem_of(
    reason: Reason, *, on: date | None = None, by: Sequence[Mapping[str, Any]] = ()
) -> Problem:
    """A reason as it is kept: its code, the date, who is in the way, and the numbers of its sentence."""
    kept: dict[str, Any] = {"code": reason.code}
    if day := on or reason.on:
        kept["on"] = day.isoformat()
    if by:
        kept["by"] = list(by)
    kept |= {
        name: value
        for name, value in reason.values.items()
        if name in {"units", "asked", "until"} and isinstance(value, int | str)
    }
    return kept
