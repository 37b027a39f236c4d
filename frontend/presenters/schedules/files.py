"""The files that were brought in."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import ngettext

from bookings.models import ScheduleImport
from frontend.components import StateChip
from frontend.presenters.moments import clock_label, day_label


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file in the list of those that were brought in."""

    name: str
    url: str
    made: str
    chip: StateChip
    detail: str


def listed(schedule: ScheduleImport, zone: str) -> ListedFile:
    """A file with `total` and `waiting` rows."""
    total, waiting = getattr(schedule, "total", 0), getattr(schedule, "waiting", 0)
    detail = ngettext("%(count)d row", "%(count)d rows", total) % {"count": total}
    if waiting and schedule.state != "dropped":
        waits = ngettext("%(count)d waits", "%(count)d wait", waiting) % {"count": waiting}
        detail = f"{detail} · {waits}"
    who = f" · {schedule.made_by}" if schedule.made_by is not None else ""
    made = day_label(schedule.made_at.astimezone(ZoneInfo(zone)).date())
    tone = {"mapping": "asked", "preview": "asked", "done": "confirmed"}.get(schedule.state)
    return ListedFile(
        schedule.name,
        reverse("frontend:schedule", args=[schedule.uid]),
        f"{made}, {clock_label(schedule.made_at, zone)}{who}",
        StateChip(state=tone or "withdrawn", label=schedule.get_state_display()),
        detail,
    )
