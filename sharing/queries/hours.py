"""Hours and days off as they are edited and told. Whether something is open is answered in bookings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from sharing.models import ChangedHours, DayOff, Resource, WeeklyHours


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


def days_off_of(resource: Resource, *, since: date) -> list[DayOff]:
    """Days off on which `resource` is closed: its own, and the house's unless it is open always; in order."""
    theirs = Q(resource=resource.pk)
    if resource.hours_source != "always":
        theirs |= _place(resource.owner_id, None)
    return list(DayOff.objects.filter(theirs, until_on__gt=since).order_by("from_on", "id"))


@dataclass(frozen=True, slots=True)
class DayHours:
    """Other hours on one day, `(opens, closes)` as `HH:MM`, and why."""

    on: date
    times: tuple[tuple[str, str], ...]
    reason: str


def changed_hours(*, institution: int, resource: int | None = None, since: date) -> list[DayHours]:
    """Changed days of a house or of one resource from `since` on, in order."""
    return _by_day(ChangedHours.objects.filter(_place(institution, resource), on__gte=since))


def changed_hours_of(resource: Resource, *, since: date) -> list[DayHours]:
    """Changed days that hold for `resource`: its own, else, where it follows its house, the house's."""
    if resource.hours_source == "always":
        return []
    theirs = Q(resource=resource.pk)
    if resource.hours_source == "house":
        theirs |= _place(resource.owner_id, None)
    rows = list(ChangedHours.objects.filter(theirs, on__gte=since))
    own = {row.on for row in rows if row.resource_id is not None}
    return _by_day(row for row in rows if row.resource_id is not None or row.on not in own)


def _by_day(rows: Iterable[ChangedHours]) -> list[DayHours]:
    ordered = sorted(rows, key=lambda row: (row.on, row.opens_minute))
    found = []
    for day, of_day in groupby(ordered, key=lambda row: row.on):
        held = list(of_day)
        times = tuple((clock_face(row.opens_minute), clock_face(row.closes_minute)) for row in held)
        found.append(DayHours(day, times, held[0].reason))
    return found


def _place(institution: int, resource: int | None) -> Q:
    of_house = Q(institution_id=institution)
    return of_house & (Q(resource=None) if resource is None else Q(resource_id=resource))
