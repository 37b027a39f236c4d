"""Series as both sides read them: with the dates that are lines, those that are watched, and those that are neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from bookings.models import Line, Series, Watch
from bookings.recurrence import Dates, LeftOut, Repetition, dates, timed
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound

from .places import Place, holidays_for


@dataclass(frozen=True, slots=True)
class MissingDate:
    """A date of the rule that nobody asked for: it was not to be had, or it has no such time."""

    on: date
    code: str


@dataclass(frozen=True)
class WholeSeries:
    """A series with the lines and watches that the viewer may read, in order of time.

    `left_out` are dates that do not stand, on purpose or as holidays; `missing` those that stand and are neither a
    line nor watched.
    """

    series: Series
    repetition: Repetition
    lines: tuple[Line, ...]
    watches: tuple[Watch, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[MissingDate, ...]


def repetition_of(row: Series) -> Repetition:
    """The repetition that a row keeps."""
    return Repetition(
        rule=row.rule,
        first_on=row.first_on,
        starts_minute=row.starts_minute,
        length_minutes=row.length_minutes,
        exceptions=_days(row.exceptions),
        additions=_days(row.additions),
        skip_holidays=row.skips_public_holidays,
        skip_school_holidays=row.skips_school_holidays,
    )


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def dates_of(row: Series, repetition: Repetition) -> Dates:
    """The dates of a repetition at the place of the row's resource, which is read with it (`resource__owner`)."""
    owner = row.resource.owner
    place = Place(ZoneInfo(row.zone), owner.country, owner.region)
    holidays = holidays_for(repetition, place)
    return dates(repetition, holidays=holidays.public, school_holidays=holidays.school)


def series_for(*, viewer: Viewer, uid: UUID) -> Series:
    """A series of a booking, with booking, resource and its owner. Raises `NotFound` for what is not the viewer's.

    A lender sees those of its own things, never another owner's in the same booking.
    """
    lines = Line.objects.visible_to(viewer).filter(series=OuterRef("pk"))
    watches = Watch.objects.visible_to(viewer).filter(series=OuterRef("pk"))
    found = (
        Series.objects.filter(Exists(lines) | Exists(watches), uid=uid, booking__isnull=False)
        .select_related("booking", "resource__owner")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def series_of(
    bookings: Collection[int], lines: Iterable[Line], *, viewer: Viewer
) -> dict[int, list[WholeSeries]]:
    """The series of bookings (database ids) by booking, in order. `lines` are theirs, as the viewer may read them.

    Two statements, none where no line belongs to a series.
    """
    by_series: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.series_id is not None:
            by_series[line.series_id].append(line)
    if not by_series:
        return {}
    watched: defaultdict[int, list[Watch]] = defaultdict(list)
    for watch in (
        Watch.objects.visible_to(viewer)
        .filter(booking__in=bookings, series__isnull=False)
        .order_by("use_starts_at", "pk")
    ):
        watched[watch.series_id or 0].append(watch)
    rows = Series.objects.filter(pk__in={*by_series, *watched}).select_related(
        "resource__owner", "follows"
    )
    found: defaultdict[int, list[WholeSeries]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.booking_id or 0].append(_whole(row, by_series[row.pk], watched[row.pk]))
    return dict(found)


def _whole(row: Series, lines: list[Line], watches: list[Watch]) -> WholeSeries:
    repetition = repetition_of(row)
    found = dates_of(row, repetition)
    known = {line.series_on for line in lines} | {watch.local_date for watch in watches}
    zone = ZoneInfo(row.zone)
    missing = []
    for one in found.occurrences:
        if one.local_date not in known:
            troubles = timed(repetition, one.local_date, zone).troubles
            code = f"time_{troubles[0].reason}" if troubles else "not_possible"
            missing.append(MissingDate(one.local_date, code))
    return WholeSeries(
        row,
        repetition,
        tuple(sorted(lines, key=lambda line: (line.use_starts_at, line.pk))),
        tuple(watches),
        found.left_out,
        tuple(missing),
    )
