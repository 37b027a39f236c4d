"""What came along with a line moves with it: the hall with its technician."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bookings.facts.ask import Ask
from bookings.models import Line
from bookings.reasons import Reason
from bookings.rules import Verb, judge
from bookings.rules.parties import companion_not_free
from bookings.services.judging.answers import Answer
from bookings.services.request.lines import fill_line
from bookings.services.scene import Scene
from bookings.spans import Span
from bookings.states import CLAIMING, IS_OUT, LIVE, LineState
from bookings.wishes import LineWish

from .context import Context, refuse_to_lose


@dataclass(frozen=True, slots=True)
class Along:
    """A line that came along, with the time it is to have now, and how the rules judge that."""

    line: Line
    wish: LineWish
    ask: Ask


def along(scene: Scene, line: Line, wish: LineWish, context: Context) -> list[Along]:
    """What moves with `line` where `wish` is another time; what was answered otherwise stays as it is.

    Raises `Conflict` where it is out and would not stay so.
    """
    same_time = wish.use == Span(line.use_starts_at, line.use_ends_at)
    if same_time or line.resource_id != context.resource.id:
        return []
    moved = []
    for other in scene.brought_by(line):
        if other.state != line.state and not (other.state in LIVE and line.state in LIVE):
            continue
        resource = context.facts[other.resource_id]
        theirs = replace(wish, resource=resource.uid, units=other.units)
        if other.state in IS_OUT:
            refuse_to_lose(other, theirs)
        bare = replace(context, resource=resource)
        ask = bare.ask(scene, other, theirs, instead_of=scene.offers.open_of(other))
        if missing := ask.locked - scene.capacities.keys():
            scene.need_capacities(missing)
        moved.append(Along(other, theirs, ask))
    return moved


def brought(scene: Scene, line: Line, wish: LineWish, context: Context) -> list[Along]:
    """What its thing comes only with, as lines to be: nothing came along while only a period, or another thing, was
    named."""
    if not line.wanted_minutes and line.resource_id == context.resource.id:
        return []
    first = len(scene.lines_of(line.booking))
    fresh = []
    for number, companion in enumerate(context.resource.comes_with):
        resource = next(one for one in context.facts.values() if one.uid == companion.uid)
        theirs = replace(wish, resource=companion.uid, units=companion.units)
        bare = replace(context, resource=resource)
        ask = bare.ask_for(scene, line.booking, theirs, instead_of=())
        if missing := ask.locked - scene.capacities.keys():
            scene.need_capacities(missing)
        other = Line(
            booking=line.booking,
            position=first + number,
            resource_id=resource.id,
            brought_by=line,
            sent_at=scene.now,
            decided_at=line.decided_at,
        )
        fresh.append(Along(other, theirs, replace(ask, brought=True)))
    return fresh


def bring(scene: Scene, line: Line, fresh: Iterable[Along]) -> None:
    """Add what comes along with a line that has a time now, as far as that was answered."""
    state = LineState(line.state)
    for one in fresh:
        fill_line(one.line, Answer(0, one.wish, one.ask, (), state, line.expires_at))
        one.line.expires_at = line.expires_at
        scene.add_lines([one.line])
        scene.move(one.line, "send", state)
        if state in CLAIMING:
            scene.claim(one.line, one.ask.demands, line.expires_at)


def not_free(moved: Iterable[Along], verb: Verb) -> list[Reason]:
    """Why what comes along cannot have the time."""
    return [
        companion_not_free(one.ask.resource, reasons, waivable=False)
        for one in moved
        if (reasons := judge(one.ask, verb))
    ]
