"""What goes out and comes back on a day, in order of time, as on one sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Attachment, Line
from bookings.on_the_day import askers_side
from bookings.services.told import gets_fewer
from bookings.spans import Span
from bookings.states import DONE, LineState
from frontend.components import StateChip
from frontend.forms.handover import HandoverForm
from sharing.models import Resource

from .lines import (
    booking_title,
    contact,
    line_chip,
    name_on_the_day,
    thing_title,
    units_label,
    who,
    written_words,
)
from .listing import title_of
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
    phone: str
    place: str
    belongings: str
    note: str
    entered: str
    chip: StateChip
    action_url: str = ""
    actions: tuple[tuple[str, str, str], ...] = ()
    form: HandoverForm | None = None
    counted: bool = False
    open: bool = False
    first: bool = False
    broken_url: str = ""
    rest: bool = False
    short: str = ""
    tell_url: str = ""
    """Where it is ticked that who gets fewer was called."""
    photos: int = 0
    wrong_url: str = ""
    """Where to say that something was wrong, once it is over."""


@dataclass(frozen=True, slots=True)
class ThingSeen:
    """The thing alone that is looked at, after its code was scanned."""

    uid: str
    title: str
    week_url: str
    broken_url: str


def thing_seen(resource: Resource) -> ThingSeen:
    uid = resource.uid
    return ThingSeen(
        uid=str(uid),
        title=title_of(resource),
        week_url=reverse("frontend:week", args=[uid]),
        broken_url=reverse("frontend:broken", args=[uid]),
    )


def rows_of(
    lines: Iterable[Line],
    day: Span,
    *,
    now: datetime,
    sent: dict[str, HandoverForm],
    photos: Mapping[int, Sequence[Attachment]],
) -> list[DayRow]:
    """In order of time; `photos` of the lines by their id."""
    rows = [
        replace(row, photos=len(photos.get(line.pk, ())))
        for line in lines
        for row in _rows(line, day, now, sent)
    ]
    rows.sort(key=lambda row: (row.at, row.anchor))
    # What waits to be handed over. That nobody came, or that it is back early, may be noted, but waits for nobody.
    waits = {"out", "back"}
    todo = next((index for index, row in enumerate(rows) if row.what in waits), None)
    if todo is not None:
        rows[todo] = replace(rows[todo], first=True)
    return rows


def told_of(lines: Iterable[Line]) -> list[str]:
    """Who comes next and has just been told that some are missing, with a number to call."""
    said = []
    for line in lines:
        values = {
            "who": who(line.booking),
            "at": moment_label(line.use_starts_at, line.zone),
            "units": line.units,
            "missing": line.short_units,
        }
        words = _("%(who)s comes %(at)s for %(units)s and was told that %(missing)s are missing.")
        said.append(" ".join(one for one in (words % values, contact(line)) if one))
    return said


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
    if line.rest_of_id is not None and what == "back":
        words["back"] = pgettext("today", "still missing")
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
        units=_how_many(line, what),
        title=booking_title(booking),
        url=reverse("frontend:booking", args=[booking.uid]),
        who=who(booking),
        contact=name_on_the_day(booking),
        phone=askers_side(booking).phone,
        place=line.resource.place,
        belongings=", ".join(line.resource.belongings) if what in {"out", "back"} else "",
        note=line.condition_back if what == "returned" else line.condition_out,
        entered=written_words(booking),
        chip=line_chip(line),
        action_url=reverse("frontend:handover", args=[line.uid]) if actions else "",
        actions=actions,
        form=(form or HandoverForm(prefix=uid[-8:], most=_most(line, what), usual=_there(line)))
        if actions
        else None,
        counted=line.units > 1,
        open=form is not None,
        rest=line.rest_of_id is not None,
        short=_short(line) if what == "out" else "",
        tell_url=f"{reverse('frontend:to-settle')}#s-{uid}"
        if what == "out" and gets_fewer(line)
        else "",
        wrong_url=_wrong_url(line),
        broken_url=f"{reverse('frontend:broken', args=[line.resource.uid])}?next={reverse('frontend:today')}",
    )


def _how_many(line: Line, what: str) -> str:
    """114 of 120, where some are not back; else how many."""
    out = line.units_out or line.units
    if what == "returned" and line.units_back is not None and line.units_back < out:
        return _("%(some)s of %(all)s") % {"some": line.units_back, "all": out}
    whole = line.rest_of
    if whole is not None:
        all_ = whole.units_out or whole.units
        return _("%(some)s of %(all)s") % {"some": line.units, "all": all_}
    return units_label(line)


def _most(line: Line, what: str) -> int:
    return line.units if what == "out" else line.units_out or line.units


def _there(line: Line) -> int | None:
    """How many can be handed out where somebody else has not brought some back."""
    return None if line.short_units is None else max(line.units - line.short_units, 1)


def _short(line: Line) -> str:
    if line.short_units is None:
        return ""
    values = {"missing": line.short_units, "there": line.units - line.short_units}
    return _("%(missing)s not back yet from somebody else: %(there)s are there.") % values


def _wrong_url(line: Line) -> str:
    if line.state not in DONE:
        return ""
    url = reverse("frontend:line-action", args=[line.uid, "complain"])
    return f"{url}?next={reverse('frontend:today')}"


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
