"""The timetable of a house as a file: what is booked of its things, in the shape in which it is brought in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from bookings.models import Line, ScheduleFormat, Series
from bookings.queries.schedules import timetable_of
from bookings.recurrence import dates
from bookings.recurrence.repetition import Repetition
from bookings.sheets.columns import CODES
from bookings.sheets.writing import Told, as_csv, as_ics, as_xlsx
from bookings.spans import LONGEST
from bookings.wishes import Errors, check_span
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from cooperative.institutions.models import Institution
from cooperative.spreadsheet import XLSX

TYPES = {
    ScheduleFormat.XLSX: XLSX,
    ScheduleFormat.CSV: "text/csv; charset=utf-8",
    ScheduleFormat.ICS: "text/calendar; charset=utf-8",
}
Wall = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class TimetableFile:
    name: str
    content_type: str
    content: bytes


def timetable_file(
    *, by: Viewer, house: int, starts_at: datetime, ends_at: datetime, kind: str
) -> TimetableFile:
    """All bookings of the things of `house` that touch the time (at most 366 days), for its keepers.

    `kind` as of `ScheduleFormat`. Of what repeats only the dates within are told. Raises `NotFound`, `Invalid`.
    """
    if kind not in ScheduleFormat.values:
        raise NotFound
    errors = Errors()
    window = check_span(starts_at, ends_at, errors, longest=LONGEST)
    errors.refuse()
    lines = timetable_of(by, house, window)
    owner = Institution.objects.get(pk=house)
    zone, language = ZoneInfo(owner.time_zone), (get_language() or "en")[:2]
    rows = told_rows(lines, zone, house=house, language=language)
    if kind == ScheduleFormat.XLSX:
        content = as_xlsx(rows, title=gettext("Timetable"), language=language)
    elif kind == ScheduleFormat.CSV:
        content = as_csv(rows, language=language)
    else:
        content = as_ics(rows, zone=zone, now=by.now)
    first = window.start.astimezone(zone).date().isoformat()
    return TimetableFile(f"podest-{first}.{kind}", TYPES[ScheduleFormat(kind)], content)


def told_rows(lines: Sequence[Line], zone: ZoneInfo, *, house: int, language: str) -> list[Told]:
    """A row for each line; those of a weekly series that keep its hour are one row, with the dates it leaves out."""
    kept: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.series is not None and _weekly(line.series):
            kept[line.series.pk].append(line)
    together: dict[int, list[Line]] = {}
    for several in kept.values():
        usual = Counter(_shape(line, zone) for line in several).most_common(1)[0][0]
        same = [line for line in several if _shape(line, zone) == usual]
        if len(same) > 1:
            together |= {line.pk: same for line in same}
    rows = []
    for line in lines:
        same = together.get(line.pk, [])
        if not same:
            rows.append(_told(line, zone, house, language))
        elif same[0] is line:
            rows.append(_of_series(same, zone, house, language))
    return rows


def _weekly(series: Series) -> bool:
    return series.rule.startswith("FREQ=WEEKLY") and "INTERVAL=" not in series.rule


def _shape(line: Line, zone: ZoneInfo) -> tuple[object, ...]:
    starts, ends = _wall(line, zone)
    own_day = line.series_on == starts.date()
    return starts.time(), ends - starts, line.units, own_day, line.resource_id


def _wall(line: Line, zone: ZoneInfo) -> Wall:
    """Start and end on the house's clock, without set-up and strike."""
    starts = line.use_starts_at + timedelta(minutes=line.setup_minutes)
    ends = line.use_ends_at - timedelta(minutes=line.strike_minutes)
    return starts.astimezone(zone).replace(tzinfo=None), ends.astimezone(zone).replace(tzinfo=None)


def _told(line: Line, zone: ZoneInfo, house: int, language: str) -> Told:
    booking = line.booking
    starts, ends = _wall(line, zone)
    own = booking.borrower_id == house
    whom = str(booking.borrower) if booking.borrower_id and not own else booking.outside_name
    titles = line.shown.get("titles", {})
    return Told(
        id=str(line.uid),
        thing=str(titles.get(language) or titles.get(line.shown.get("original", "")) or ""),
        starts=starts,
        ends=ends,
        title=booking.title or whom,
        units=line.units,
        whom=whom,
        phone=booking.outside_phone,
        email=booking.outside_email,
        remarks=booking.remarks,
    )


def _of_series(lines: Sequence[Line], zone: ZoneInfo, house: int, language: str) -> Told:
    """The dates of `lines` as every week on their weekdays, from the first to the last."""
    first = _told(lines[0], zone, house, language)
    series = lines[0].series
    assert series is not None
    stand = {_wall(line, zone)[0].date() for line in lines}
    weekdays = tuple(sorted({day.weekday() for day in stand}))
    until = max(stand)
    codes = ",".join(CODES[day] for day in weekdays)
    rule = f"FREQ=WEEKLY;BYDAY={codes};UNTIL={until:%Y%m%d}"
    whole = Repetition(rule, first.starts.date(), 0, 60)
    every = [one.local_date for one in dates(whole).occurrences]
    return replace(
        first,
        id=str(series.uid),
        until=until,
        weekdays=weekdays,
        left_out=tuple(day for day in every if day not in stand),
    )
