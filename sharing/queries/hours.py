"""Weekly hours and days off as they are edited. Whether something is open is answered in bookings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sharing.models import DayOff, WeeklyHours


def clock_face(minute: int) -> str:
    """A minute of the day as people write it: 0 -> "00:00", 1440 -> "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A weekday (0 = Monday) with its opening times `(opens, closes)` as `HH:MM`; none = closed."""

    weekday: int
    times: tuple[tuple[str, str], ...]


def weekly_rows(*, institution: int, resource: int | None = None) -> list[WeeklyHours]:
    """The rows of a house (`resource` None) or of one resource, in order."""
    rows = WeeklyHours.objects.filter(_place(institution, resource))
    return list(rows.order_by("weekday", "opens_minute", "id"))


def week(rows: Iterable[WeeklyHours], *, on: date | None = None) -> list[WeekRow]:
    """Seven rows, Monday first; only what is valid on `on`, if given."""
    times: dict[int, list[tuple[str, str]]] = {weekday: [] for weekday in range(7)}
    for row in rows:
        if on is not None and (
            (row.valid_from is not None and on < row.valid_from)
            or (row.valid_until is not None and on >= row.valid_until)
        ):
            continue
        times[row.weekday].append((clock_face(row.opens_minute), clock_face(row.closes_minute)))
    return [WeekRow(weekday, tuple(sorted(found))) for weekday, found in times.items()]


def days_off(*, institution: int, resource: int | None = None, since: date) -> list[DayOff]:
    """Days off of a house or of one resource that end after `since`, in order."""
    rows = DayOff.objects.filter(_place(institution, resource), until_on__gt=since)
    return list(rows.order_by("from_on", "id"))


def _place(institution: int, resource: int | None) -> Q:
    of_house = Q(institution_id=institution)
    return of_house & (Q(resource=None) if resource is None else Q(resource_id=resource))
