"""What is in a week, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Block, BlockKind, Line
from bookings.queries.keeping import Causes
from bookings.states import UNANSWERED, LineState
from frontend.components import Action, StateChip
from frontend.presenters.lines import (
    block_title,
    booking_title,
    contact,
    line_chip,
    units_label,
    when,
    who,
    written_words,
)
from frontend.presenters.moments import due_label, span_label


@dataclass(frozen=True, slots=True, kw_only=True)
class InWeek:
    """Something that takes time this week: what, who, when, until when it is only reserved, what can be done."""

    anchor: str
    title: str
    url: str
    who: str
    when: str
    units: str
    chip: StateChip
    until: str
    actions: tuple[Action, ...]
    order: datetime


def anchor_of(thing: Line | Block) -> str:
    return f"e-{thing.uid}"


def entries(causes: Causes, *, zone: ZoneInfo, now: datetime, here: str) -> list[InWeek]:
    """What is in the week, in order of time."""
    rows = [_of_line(line, now, here) for line in causes.lines.values()]
    rows += [_of_block(block, zone, here) for block in causes.blocks.values()]
    return sorted(rows, key=lambda row: (row.order, row.anchor))


def _of_line(line: Line, now: datetime, here: str) -> InWeek:
    actions: list[Action] = []
    if line.state in {LineState.HELD, LineState.ACCEPTED}:
        actions.append(
            Action(
                label=_("Let it go"),
                url=reverse("frontend:request-answer", args=[line.uid]),
                method="post",
                fields=(("action", "let_go"), ("next", here)),
            )
        )
    if line.state in UNANSWERED:
        actions.append(Action(label=_("Answer"), url=f"{reverse('frontend:requests')}#r{line.uid}"))
    people = [who(line.booking), contact(line), written_words(line.booking)]
    return InWeek(
        anchor=anchor_of(line),
        title=booking_title(line.booking),
        url=reverse("frontend:booking", args=[line.booking.uid]),
        who=" · ".join(dict.fromkeys(one for one in people if one)),
        when=when(line),
        units=units_label(line),
        chip=line_chip(line),
        until=due_label(line.expires_at, line.zone, now=now) if line.expires_at else "",
        actions=tuple(actions),
        order=line.use_starts_at,
    )


def _of_block(block: Block, zone: ZoneInfo, here: str) -> InWeek:
    return InWeek(
        anchor=anchor_of(block),
        title=block_title(block),
        url="",
        who="",
        when=span_label(block.starts_at, block.ends_at, zone),
        units="",
        chip=StateChip(state="closed", label=block.get_kind_display()),
        until="",
        actions=_removing(block, here),
        order=block.starts_at,
    )


def _removing(block: Block, here: str) -> tuple[Action, ...]:
    """Giving its time free; of what repeats this date, or it and all that follow."""
    one = Action(
        label=_("It was found") if block.kind == BlockKind.LOST else _("Remove"),
        url=here,
        method="post",
        fields=(("action", "remove"), ("block", str(block.uid))),
    )
    if block.series_id is None:
        return (one,)
    following = Action(
        label=_("Remove this and following"),
        url=here,
        method="post",
        fields=(("action", "remove_following"), ("block", str(block.uid))),
        kind="quiet",
    )
    return (one, following)
