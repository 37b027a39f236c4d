"""What is no question to the house alone any more: refusals that can be taken back, and what waits for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.models import Line
from frontend.components import Action, Waiting
from frontend.presenters.lines import booking_title, line_chip, thing_title, when, who
from frontend.presenters.moments import due_label, moment_label

from .cards import booking_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A refusal that can still be taken back."""

    title: str
    detail: str
    url: str
    undo_url: str
    until: str
    alone: str = "1"


def answered(lines: Sequence[Line]) -> list[Answered]:
    """Refusals of the last hour; the dates of a series that were declined together are one."""
    together: dict[tuple[int | None, datetime | None, int], list[Line]] = {}
    for line in lines:
        key = (line.series_id, line.decided_at, 0 if line.series_id else line.pk)
        together.setdefault(key, []).append(line)
    return [_answered(group[0], len(group)) for group in together.values()]


def _answered(line: Line, count: int) -> Answered:
    dates = ngettext("%(count)d date", "%(count)d dates", count) % {"count": count}
    said = when(line) if count == 1 else dates
    return Answered(
        title=booking_title(line.booking),
        detail=" · ".join([thing_title(line), who(line.booking), said, *_by_whom(line)]),
        url=booking_url(line),
        undo_url=reverse("frontend:request-answer", args=[line.uid]),
        alone="1" if count == 1 else "0",
        until=moment_label(line.decided_at + timedelta(hours=1), line.zone)
        if line.decided_at
        else "",
    )


def _by_whom(line: Line) -> list[str]:
    """Which colleague answered."""
    who = line.decided_by
    return [_("answered by %(who)s") % {"who": who}] if who is not None else []


def waiting(lines: Sequence[Line]) -> tuple[Waiting, ...]:
    """Rows for what is no longer a question to the house alone: to settle, waiting for the rest."""
    return tuple(
        Waiting(
            title=booking_title(line.booking),
            url=booking_url(line),
            detail=f"{thing_title(line)} · {who(line.booking)} · {when(line)}",
            chip=line_chip(line),
            due=due_label(line.expires_at, line.zone, now=line.state_since)
            if line.expires_at
            else "",
            actions=tuple(
                Action(
                    label=str(label),
                    url=reverse("frontend:request-answer", args=[line.uid]),
                    method="post",
                    fields=(("action", action),),
                )
                for action, label in _OPEN.get(line.state, {}).items()
            ),
        )
        for line in lines
    )


_OPEN: dict[str, dict[str, object]] = {
    "to_settle": {"settle": gettext_lazy("Agreed from our side")},
    "accepted": {"let_go": gettext_lazy("Let it go")},
}
