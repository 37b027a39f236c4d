"""What goes out and comes back on a day, in order of time, as on one sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Line
from bookings.spans import Span
from bookings.states import LineState
from frontend.components import StateChip
from frontend.forms.handover import HandoverForm

from .lines import booking_title, contact, line_chip, thing_title, units_label, who
from .moments import clock_label, moment_label


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One thing that happens: `what` is out, back or in the house. `form` is there where something can be done."""

    anchor: str
    at: datetime
    clock: str
    late: str
    what: str
    word: str
    thing: str
    units: str
    title: str
    url: str
    who: str
    contact: str
    place: str
    belongings: str
    note: str
    chip: StateChip
    action_url: str = ""
    actions: tuple[tuple[str, str, str], ...] = ()
    form: HandoverForm | None = None
    counted: bool = False
    open: bool = False
    first: bool = False
    broken_url: str = ""


def rows_of(
    lines: Iterable[Line], day: Span, *, now: datetime, sent: dict[str, HandoverForm]
) -> list[DayRow]:
    rows = [row for line in lines for row in _rows(line, day, now, sent)]
    rows.sort(key=lambda row: (row.at, row.anchor))
    # What waits to be handed over. That nobody came, or that it is back early, may be noted, but waits for nobody.
    waits = {"out", "back"}
    todo = next((index for index, row in enumerate(rows) if row.what in waits), None)
    if todo is not None:
        rows[todo] = replace(rows[todo], first=True)
    return rows


def _rows(line: Line, day: Span, now: datetime, sent: dict[str, HandoverForm]) -> Sequence[DayRow]:
    state = line.state

    def row(what: str, at: datetime) -> DayRow:
        return _row(line, what, at, begins=day.start, now=now, form=sent.get(str(line.uid)))

    if line.handover == "none":
        return [row("here", line.use_starts_at)]
    found = []
    if state == LineState.CONFIRMED:
        found.append(row("out", line.use_starts_at))
        if line.use_ends_at < day.end:
            found.append(row("due", line.use_ends_at))
    elif state in {LineState.HANDED_OVER, LineState.OVERDUE}:
        if line.use_starts_at >= day.start and state == LineState.HANDED_OVER:
            found.append(row("gone", line.use_starts_at))
        if line.use_ends_at < day.end:
            found.append(row("back", line.use_ends_at))
    elif line.returned_at is not None:
        found.append(row("returned", line.returned_at))
    return found


def _row(
    line: Line,
    what: str,
    at: datetime,
    *,
    begins: datetime,
    now: datetime,
    form: HandoverForm | None,
) -> DayRow:
    booking, uid = line.booking, str(line.uid)
    actions = _actions(line, what, now)
    words = {
        "out": pgettext("today", "out"),
        "gone": pgettext("today", "is out"),
        "due": pgettext("today", "back"),
        "back": pgettext("today", "back"),
        "returned": pgettext("today", "is back"),
        "here": pgettext("today", "in the house"),
    }
    if line.shown.get("kind") == "giveaway":
        words["here"] = pgettext("today", "is fetched")
    clock = clock_label(at, line.zone)
    if what == "here":
        clock = f"{clock}–{clock_label(line.use_ends_at, line.zone)}"
    return DayRow(
        anchor=f"{what}-{uid}",
        at=at,
        clock=clock,
        late=moment_label(at, line.zone) if at < begins else "",
        what=what,
        word=words[what],
        thing=thing_title(line),
        units=units_label(line),
        title=booking_title(booking),
        url=reverse("frontend:booking", args=[booking.uid]),
        who=who(booking),
        contact=contact(booking),
        place=line.resource.place,
        belongings=", ".join(line.resource.belongings) if what in {"out", "back"} else "",
        note=line.condition_back if what == "returned" else line.condition_out,
        chip=line_chip(line),
        action_url=reverse("frontend:handover", args=[line.uid]) if actions else "",
        actions=actions,
        form=(form or HandoverForm(prefix=uid[-8:])) if actions else None,
        counted=line.units > 1,
        open=form is not None,
        broken_url=f"{reverse('frontend:broken', args=[line.resource.uid])}?next={reverse('frontend:today')}",
    )


def _actions(line: Line, what: str, now: datetime) -> tuple[tuple[str, str, str], ...]:
    """(action, label, kind of button) as far as the state allows."""
    if what == "out":
        return (("hand_over", _("Hand out"), "plain"),)
    if what == "back":
        rows = [("give_back", _("It is back"), "plain")]
        if line.state == LineState.HANDED_OVER and line.use_ends_at <= now:
            rows.append(("overdue", _("Not back in time"), "quiet"))
        rows.append(("lost", _("Lost"), "quiet"))
        return tuple(rows)
    if what == "gone":
        return (("give_back", _("Back already"), "quiet"),)
    if what == "here" and line.use_starts_at <= now and line.state in {"confirmed", "finished"}:
        return (("not_used", _("Nobody came"), "quiet"),)
    return ()
