"""The parts of a house's day: its own hours of morning, afternoon and evening, else the usual ones."""

from __future__ import annotations

from sharing.models import DayPart, PartOfDay

USUAL = {
    PartOfDay.MORNING: (8 * 60, 13 * 60),
    PartOfDay.AFTERNOON: (13 * 60, 18 * 60),
    PartOfDay.EVENING: (18 * 60, 23 * 60),
}


def day_parts(institution: int) -> dict[str, tuple[int, int]]:
    """First and last minute (exclusive) of the local day, by part, in order. One statement."""
    own = {row.part: row for row in DayPart.objects.filter(institution=institution)}
    return {
        part.value: (own[part].starts_minute, own[part].ends_minute) if part in own else usual
        for part, usual in USUAL.items()
    }
