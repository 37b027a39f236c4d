"""Looking a file over: what would become of each row, by one set of statements for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from bookings.errors import UnknownResource
from bookings.facts import Ask, Taken
from bookings.models import Booking, Line, ScheduleImport, ScheduleRow, ScheduleRowState
from bookings.queries.claims import live_claims
from bookings.queries.places import Place, holidays_for, places_of
from bookings.queries.schedules import Known, known_of, schedule_for
from bookings.reasons import Reason
from bookings.recurrence import Repetition
from bookings.recurrence.wish import Holidays, unfold
from bookings.rules.dates import no_such_time
from bookings.rules.room import in_time
from bookings.services.judging.answers import Answer, answer_all
from bookings.services.judging.asks import capacities_of, hull, load_asks
from bookings.sheets.rows import Reading, RowWish, identity, read_row, texts_of
from bookings.sheets.shape import Problem
from bookings.spans import Span
from bookings.states import CLAIMING, LineState
from bookings.wishes import MOST_LINES, BookingWish, LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer

from .taking import problems_of_file, reading_of

State = ScheduleRowState
UNDECIDED = (State.READY, State.CHANGED, State.CLASH, State.WRONG)
TAKEN_UP = "taken_up"
"""Stands among the corrections of a row that was left out of an earlier file and is wanted after all."""
ROOM = frozenset({"taken", "not_enough_units", "kept_for_another"})
_LONG = timedelta(days=60)


@dataclass
class Looked:
    """A row on its way: what it wants, the lines that this is, and what becomes of it."""

    row: ScheduleRow
    texts: Mapping[str, str]
    wish: RowWish | None = None
    lines: list[LineWish] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    booking: Booking | None = None
    state: State = State.READY

    @property
    def open(self) -> bool:
        """Still to be judged by what else there is."""
        return self.state in {State.READY, State.CHANGED} and bool(self.lines)


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
        _judge_all([one for one in looked if one.open], by)
        for one in looked:
            one.row.state, one.row.problems = one.state, [dict(said) for said in one.problems]
            one.row.booking = one.booking
        fields = ["state", "problems", "booking", "external_id"]
        ScheduleRow.objects.bulk_update(rows, fields, batch_size=500)
    return found


def read_rows(rows: Iterable[ScheduleRow], reading: Reading) -> list[Looked]:
    """Each row with what it wants, as corrected on the page; what cannot be read says why."""
    found = []
    for row in rows:
        told = texts_of(row.cells, reading)
        one = Looked(row, told)
        problems = [] if row.corrections.keys() - {TAKEN_UP} else problems_of_file(row)
        wish = None if problems else read_row({**told, **row.corrections}, reading)
        if isinstance(wish, RowWish):
            one.wish = wish
        else:
            one.problems = problems if wish is None else [wish]
            one.state = State.WRONG
        found.append(one)
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
        if booking is not None and one.booking is None and one.state == State.READY:
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


class _Room:
    """What is taken, found by capacity and day: of a year of dates each looks at its own days only."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self.days: dict[tuple[int, date], list[Taken]] = defaultdict(list)
        self.long: dict[int, list[Taken]] = defaultdict(list)
        self.add(taken)

    def add(self, taken: Iterable[Taken]) -> None:
        for one in taken:
            if one.load.span.length > _LONG:
                self.long[one.capacity].append(one)
                continue
            for day in _days(one.load.span):
                self.days[one.capacity, day].append(one)

    def near(self, asks: Iterable[Ask]) -> list[Taken]:
        """What is in time of `asks`, and all that was ever taken of what is used up."""
        found: dict[int, Taken] = {}
        for demand in (demand for ask in asks for demand in ask.demands):
            capacity = demand.share.capacity
            lists = [self.long[capacity]] if capacity in self.long else []
            if demand.share.mode == "total":
                lists += [some for (own, _day), some in self.days.items() if own == capacity]
            else:
                days = _days(demand.span)
                lists += [self.days[capacity, day] for day in days if (capacity, day) in self.days]
            found |= {id(one): one for some in lists for one in some}
        return list(found.values())


def _days(span: Span) -> list[date]:
    first = span.start.date()
    return [first + timedelta(days=n) for n in range((span.end.date() - first).days + 1)]


def _judge_all(looked: Sequence[Looked], by: Viewer) -> None:
    """Facts and claims are read once for all rows; each is then judged beside what the ones before it would book."""
    if not looked:
        return
    lines = tuple(line for one in looked for line in one.lines)
    try:
        asks = iter(
            load_asks(BookingWish(lines=lines), by=by, borrower=None, borrower_state="active")
        )
    except UnknownResource:  # withdrawn since its place was read: the next look says so
        return
    for one in looked:
        one.asks = [next(asks) for _line in one.lines]
    every = [ask for one in looked for ask in one.asks]
    room = _Room(row.taken() for row in live_claims(capacities_of(every), hull(every), now=by.now))
    for one in looked:
        _judge(one, room)


def _judge(one: Looked, room: _Room) -> None:
    own = one.booking.pk if one.booking is not None else None
    near = [claim for claim in room.near(one.asks) if own is None or claim.booking != own]
    wish = BookingWish(lines=tuple(replace(line, series=None) for line in one.lines))
    answers = answer_all(wish, one.asks, near, verb="write_in")
    refused = [answer for answer in answers if answer.reasons]
    one.problems += [problem for answer in refused for problem in _problems(answer)]
    if one.problems and one.wish is not None and one.wish.series is not None:
        one.problems.append({"code": "dates", "of": len(one.lines)})
    if one.problems:
        one.state = one.state if one.state == State.CHANGED else State.CLASH
    elif one.state == State.READY:
        mine = (
            demand.as_taken()
            for answer in answers
            if answer.state == LineState.CONFIRMED
            for demand in answer.ask.demands
        )
        room.add(replace(claim, cause=f"row:{one.row.number}") for claim in mine)


def _problems(answer: Answer) -> list[Problem]:
    in_way = [claim for claim in answer.ask.taken if in_time(answer.ask, claim)]
    return [
        problem_of(
            reason,
            on=answer.wish.series_on,
            by=[_cause(claim) for claim in in_way] if reason.code in ROOM else [],
        )
        for reason in answer.reasons
    ]


def _cause(claim: Taken) -> dict[str, Any]:
    """Who has it: a line or a block by database id, or a row of the same file by its number."""
    told: dict[str, Any] = {
        "from": claim.load.span.start.isoformat(),
        "until": claim.load.span.end.isoformat(),
    }
    if claim.cause.startswith("row:"):
        return told | {"row": int(claim.cause[4:])}
    if claim.line is not None:
        return told | {"line": claim.line}
    return told | ({"block": claim.block} if claim.block is not None else {})


def problem_of(
    reason: Reason, *, on: date | None = None, by: Sequence[Mapping[str, Any]] = ()
) -> Problem:
    """A reason as it is kept: its code, the date, who is in the way, and the numbers of its sentence."""
    kept: dict[str, Any] = {"code": reason.code}
    if day := on or reason.on:
        kept["on"] = day.isoformat()
    if by:
        kept["by"] = list(by)
    kept |= {
        name: value
        for name, value in reason.values.items()
        if name in {"units", "asked", "until"} and isinstance(value, int | str)
    }
    return kept
