"""The columns of a file: what stands under them, and which names nobody has explained yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bookings.models import ScheduleImport
from bookings.services.schedules.taking import names_in, reading_of


def examples_of(cells: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The first text under each header."""
    found: dict[str, str] = {}
    for one in cells:
        for header, text in one.items():
            found.setdefault(header, text)
    return found


def names_to_tell(
    schedule: ScheduleImport, cells: Sequence[Mapping[str, str]]
) -> dict[str, tuple[str, int]]:
    """{as compared: (as written, rows)} of the names that were not said yet, or said of this file by hand."""
    asked = [name for name, uid in schedule.names.items() if uid is None]
    written, reading = names_in(schedule, cells), reading_of(schedule)
    counts = dict.fromkeys(asked, 0)
    for one in cells:
        told = names_in(schedule, [one]) if reading.columns.get("thing") else {}
        for name in told:
            if name in counts:
                counts[name] += 1
    return {name: (written.get(name, name), counts[name]) for name in asked}


def initial_of(schedule: ScheduleImport) -> dict[str, Any]:
    """What the form of its columns begins with."""
    mapping = schedule.mapping
    found: dict[str, Any] = {"version": schedule.version}
    found |= {f"col_{name}": text for name, text in mapping.items() if isinstance(text, str)}
    found |= {f"all_{name}": text for name, text in mapping.get("fixed", {}).items()}
    return found | {
        name: bool(mapping.get(name)) for name in ("skip_holidays", "skip_school_holidays")
    }
