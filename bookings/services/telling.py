"""What the event log says of the moves of one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bookings.models import Booking, Line
from bookings.services.parties import parties_of
from cooperative.access.viewer import Viewer
from cooperative.events.services import NewEvent, Party


@dataclass(slots=True)
class Move:
    """A line on its way from a state to another."""

    line: Line
    action: str
    source: str
    target: str
    data: dict[str, Any] = field(default_factory=dict)
    by_clock: bool = False
    """Nobody did it: time, or the last missing answer."""


MERGED = frozenset({"booking.change", "booking.recompute", "offer.make", "offer.accept"})


def events_of(moves: Sequence[Move], *, by: Viewer | None) -> list[NewEvent]:
    """To each owner its own lines, to the borrower all of them; in one event where there is one owner.

    What the clock did (`by_clock`) has no actor, whoever's commit cleared it away. Of what was never sent its owner
    hears nothing.
    """
    groups: dict[tuple[int, str, bool], list[Move]] = {}
    for move in moves:
        groups.setdefault((move.line.booking.pk, move.action, move.by_clock), []).append(move)
    return [event for group in groups.values() for event in _of_one_action(group, by)]


def merged(events: Iterable[NewEvent]) -> list[NewEvent]:
    """What one commit does to many lines of a booking in the same way is one event: nobody hears it line by line."""
    found: dict[tuple[object, ...], NewEvent] = {}
    for event in events:
        key: tuple[object, ...] = (event.verb, event.subject_uid, event.parties, event.actor)
        first = found.get(key) if event.verb in MERGED else None
        if first is None:
            found[key if event.verb in MERGED else (id(event),)] = event
            continue
        data = {**first.data, "lines": [*first.data.get("lines", ()), *event.data.get("lines", ())]}
        if "offer" in event.data:
            data["offers"] = [*data.get("offers", [first.data["offer"]]), event.data["offer"]]
        found[key] = replace(first, data=data)
    return list(found.values())


def _of_one_action(moves: Sequence[Move], by: Viewer | None) -> list[NewEvent]:
    """The events of one action on one booking."""
    booking = moves[0].line.booking
    borrowing = parties_of(booking)
    by_lender: dict[int, list[Move]] = {}
    for move in moves:
        if move.line.sent_at is not None:
            by_lender.setdefault(move.line.lender_id, []).append(move)
    if len(by_lender) == 1 and len(next(iter(by_lender.values()))) == len(moves):
        return [_event(booking, moves, parties_of(booking, by_lender), by)]
    events = [
        _event(booking, theirs, (Party("lender", institution=lender),), by)
        for lender, theirs in by_lender.items()
    ]
    return [*events, _event(booking, moves, borrowing, by)] if borrowing else events


def _event(
    booking: Booking, moves: Sequence[Move], told: tuple[Party, ...], by: Viewer | None
) -> NewEvent:
    lines = []
    for move in moves:
        entry: dict[str, Any] = {
            "line": str(move.line.uid),
            "from": move.source,
            "to": move.target,
            **move.data,
        }
        if move.line.expires_at is not None:
            entry["hold_until"] = move.line.expires_at.isoformat()
        if move.line.shown.get("uid"):
            entry["resource"] = move.line.shown["uid"]
        lines.append(entry)
    actor = None if moves[0].by_clock else by
    return NewEvent(
        verb=f"booking.{moves[0].action}",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=told,
        data={"state": booking.state, "lines": lines},
        actor=actor.person if actor else None,
        acting_for=actor.acting_for if actor else None,
    )


def units_event(
    line: Line, action: str, before: int, *, by: Viewer | None, **data: Any
) -> NewEvent:
    """That a line goes on with another number of units; `before` = how many it had."""
    booking = line.booking
    entry = {
        "line": str(line.uid),
        "from": line.state,
        "to": line.state,
        "resource": line.shown.get("uid"),
        "units": line.units,
        "units_before": before,
        **data,
    }
    return NewEvent(
        verb=f"booking.{action}",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking, [line.lender_id]),
        data={"state": booking.state, "lines": [entry]},
        actor=by.person if by else None,
        acting_for=by.acting_for if by else None,
    )
