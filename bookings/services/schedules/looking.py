"""Looking a file over: what would become of each row, by one set of statements for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from bookings.errors import UnknownResource
from bookings.models import Line, ScheduleImport, ScheduleRow
from bookings.queries.places import Place, holidays_for, places_of
from bookings.queries.schedules import Known, called_off, known_of, schedule_for
from bookings.recurrence import Repetition
from bookings.recurrence.wish import Holidays, unfold
from bookings.rules.dates import no_such_time
from bookings.sheets.rows import identity, texts_of
from bookings.states import CLAIMING
from bookings.wishes import MOST_LINES
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer

from .clashes import judge_all, problem_of
from .looked import Looked, State, read_rows
from .taking import reading_of

UNDECIDED = (State.READY, State.CHANGED, State.CLASH, State.WRONG)


def look_over(*, by: Viewer, schedule: UUID) -> ScheduleImport:
    """Say of each row that is not decided what would become of it; stores that, and nothing else. Raises `NotFound`.

    What an earlier row of the file would book counts for the later ones. What clashes books nothing.
    """
    with transaction.atomic():
        found = schedule_for(by, schedule, lock=True)
        rows = list(found.rows.filter(state__in=UNDECIDED).order_by("number"))
        if not rows:
            return found
        looked = read_rows(rows, reading_of(found))
        _name_rows(found, looked)
        known = known_of(found, {one.row.external_id for one in looked})
        for one in looked:
            _look_back(one, known)
        _unfold_all(looked, by)
        _compare(looked, known)
        judge_all([one for one in looked if one.open], by)
        for one in looked:
            one.row.state, one.row.problems = one.state, [dict(said) for said in one.problems]
            one.row.booking = one.booking
        fields = ["state", "problems", "booking", "external_id"]
        ScheduleRow.objects.bulk_update(rows, fields, batch_size=500)
    return found


def _name_rows(schedule: ScheduleImport, looked: Sequence[Looked]) -> None:
    """Give each row its id. The same row twice is one too many; others of the same digest are counted."""
    reading = reading_of(schedule)
    decided = schedule.rows.exclude(state__in=UNDECIDED).exclude(external_id="")
    first: dict[str, tuple[int, Mapping[str, str]]] = {
        row.external_id: (row.number, texts_of(row.cells, reading)) for row in decided
    }
    for one in looked:
        own = base = identity(one.texts)
        for number in range(2, 1_000):
            if own not in first or first[own][0] == one.row.number:
                break
            there, texts = first[own]
            same = texts == one.texts
            if same or one.texts.get("id"):
                code = "row_twice" if same else "id_twice"
                one.state, one.problems = State.WRONG, [{"code": code, "row": there}]
                own = f"{base[:180]}#again{one.row.number}"
                break
            own = f"{base}#{number}"
        one.row.external_id = own
        first[own] = (one.row.number, one.texts)


def _look_back(one: Looked, known: Known) -> None:
    """What became of the same row before. The sheet is asked, not the booking: that may have moved since."""
    if one.state == State.WRONG and one.wish is None:
        return
    before = known.rows.get(one.row.external_id)
    if before is None or one.row.corrections:
        return
    earlier = texts_of(before.cells, reading_of(before.schedule))
    same = earlier == dict(one.texts)
    if called_off(before.booking):
        # A slip is offered again; what was called off for a reason comes back only where a keeper says so.
        undone = before.booking_id in known.undone
        one.state, one.booking = (
            State.READY if undone or not same else State.LEFT_OUT,
            before.booking,
        )
        return
    if before.state == State.LEFT_OUT:
        one.state = State.LEFT_OUT if same else State.READY
    else:
        one.state = State.KNOWN if same else State.CHANGED
        one.booking = before.booking


def _unfold_all(looked: Sequence[Looked], by: Viewer) -> None:
    """The lines of each row. One statement for the places, one for each season of school holidays."""
    wanted = [one for one in looked if one.wish is not None and one.state != State.WRONG]
    try:
        places = places_of({one.wish.thing for one in wanted if one.wish}, by=by)
    except UnknownResource:
        places = {}
    holidays: dict[tuple[str, str, str, bool, bool], Holidays] = {}
    for one in wanted:
        assert one.wish is not None
        place = places.get(one.wish.thing)
        if place is None:
            one.state, one.problems = State.WRONG, [{"code": "thing_missing"}]
        elif one.wish.line is not None:
            one.lines = [one.wish.line]
        elif one.wish.series is not None:
            whole = one.wish.series.repetition
            unfolded = unfold(one.wish.series, 0, place.zone, _holidays(whole, place, holidays))
            one.lines = list(unfolded.lines)
            one.problems = [
                problem_of(no_such_time(trouble, line=0)) for trouble in unfolded.troubled
            ]
            if len(one.lines) > MOST_LINES or not one.lines:
                one.state, one.problems = State.WRONG, [{"code": "not_so_many_dates"}]
                one.lines = []


def _holidays(
    whole: Repetition, place: Place, kept: dict[tuple[str, str, str, bool, bool], Holidays]
) -> Holidays:
    until = whole.parts.until
    key = (
        place.country,
        place.region,
        f"{whole.first_on.year}-{until.year if until else whole.parts.count}",
        whole.skip_holidays,
        whole.skip_school_holidays,
    )
    if key not in kept:
        kept[key] = holidays_for(whole, place)
    return kept[key]


def _compare(looked: Sequence[Looked], known: Known) -> None:
    """Rows of which only the booking is known, as of our own files: are they as they are booked? One statement."""
    found: dict[int, list[Looked]] = defaultdict(list)
    for one in looked:
        told = one.row.external_id
        booking = known.bookings.get(told) or known.exported.get(told)
        if booking is None or one.booking is not None or one.state != State.READY:
            continue
        if called_off(booking):
            one.booking = known.bookings.get(told)
            continue
        one.booking = booking
        found[booking.pk].append(one)
    if not found:
        return
    there: dict[int, list[Line]] = defaultdict(list)
    rows = Line.objects.visible_to(SYSTEM).filter(booking__in=found, state__in=CLAIMING)
    for line in rows.select_related("resource"):
        there[line.booking_id].append(line)
    for number, several in found.items():
        for one in several:
            same = _as_booked(one, there[number])
            one.state = State.KNOWN if same else State.CHANGED


def _as_booked(one: Looked, lines: Sequence[Line]) -> bool:
    """Whether what the row wants is what is booked of that thing in the time of the row."""
    assert one.wish is not None
    if not one.lines:
        return False
    first = min(line.starts_at for line in one.lines)
    last = max(line.ends_at for line in one.lines)
    booked = set()
    for line in lines:
        start = line.use_starts_at + timedelta(minutes=line.setup_minutes)
        end = line.use_ends_at - timedelta(minutes=line.strike_minutes)
        if line.resource.uid == one.wish.thing and start < last and end > first:
            booked.add((start, end, line.units))
    return booked == {(line.starts_at, line.ends_at, line.units) for line in one.lines}
