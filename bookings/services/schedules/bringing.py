"""Bringing in: what fits is booked row by row, what does not is decided row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused, UnknownResource
from bookings.models import Booking, CameBy, Line, ScheduleImport, ScheduleRow, ScheduleState
from bookings.queries.schedules import Members, called_off, members, schedule_for
from bookings.reasons import Reason
from bookings.services.write_in import WrittenFor, write_in_row
from bookings.sheets.rows import RowWish
from bookings.sheets.shape import Problem
from bookings.wishes import BookingWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid, NotFound, Stale

from .clashes import problem_of
from .looked import TAKEN_UP, Looked, State, read_rows
from .looking import UNDECIDED, look_over
from .taking import log, reading_of

MOST_AT_ONCE = 25
MOST_DATES_AT_ONCE = 250
CORRECTED = ("thing_uid", "weekday", "day", "start", "end", "until")
"""What can be changed of a row on the page."""
_ONCE = "booking_external_once"


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How many rows were booked this time, how many could not after all, and how many that fit are left to book."""

    stored: int
    refused: int
    left: int


def bring_in(*, by: Viewer, schedule: UUID) -> BroughtIn:
    """Book the next rows that fit, each in a transaction of its own: broken off half-way, it is simply repeated.

    A row that somebody else brought in meanwhile is known, not doubled. Raises `NotFound`, `Conflict` where the
    columns are not named yet.
    """
    found = schedule_for(by, schedule)
    if found.state not in {ScheduleState.PREVIEW, ScheduleState.DONE}:
        raise Conflict(_("Say what the columns are first."))
    ready = list(
        found.rows.filter(state=State.READY)
        .select_related("booking")
        .order_by("number")[:MOST_AT_ONCE]
    )
    people, told = members(), _told(found)
    stored = refused = dates = 0
    for one in read_rows(ready, reading_of(found)):
        series = one.wish.series if one.wish is not None else None
        dates += 1 if series is None else 40
        if stored + refused and dates > MOST_DATES_AT_ONCE:
            break
        if _store(one, found, by=by, people=people, told=told):
            stored += 1
        else:
            refused += 1
    left = found.rows.filter(state=State.READY).count()
    if not left:
        _finish(found, by, stored)
    return BroughtIn(stored, refused, left)


def _finish(schedule: ScheduleImport, by: Viewer, stored: int) -> None:
    """What was in the way of others within the file is booked by now: they say so."""
    look_over(by=by, schedule=schedule.uid)
    with transaction.atomic():
        locked = schedule_for(by, schedule.uid, lock=True)
        if locked.state == ScheduleState.PREVIEW:
            locked.state, locked.done_at = ScheduleState.DONE, by.now
            locked.version += 1
            locked.save(update_fields=["state", "done_at", "version"])
        log(locked, "bring_in", by, rows=stored)


def _told(schedule: ScheduleImport) -> set[int]:
    """The members who heard of this file already: each is told once, of its first booking."""
    rows = schedule.rows.filter(state=State.STORED, booking__borrower__isnull=False)
    return set(rows.values_list("booking__borrower", flat=True))


def _store(
    one: Looked,
    schedule: ScheduleImport,
    *,
    by: Viewer,
    people: Members,
    told: set[int],
    partly: bool = False,
    instead_of: Booking | None = None,
) -> bool:
    """Book one row; whether it is booked now. What could not is kept with why."""
    row = one.row
    if one.wish is None:
        _keep(row, State.WRONG, problems=one.problems)
        return False
    before = row.booking if instead_of is None and called_off(row.booking) else instead_of
    whom = _whom(one.wish, row, schedule, people)
    quiet = whom.borrower in {None, schedule.institution_id, *told}
    try:
        booking = write_in_row(
            by=by,
            lender=schedule.institution_id,
            wish=_wish(one.wish, partly=partly),
            whom=whom,
            quiet=quiet,
            instead_of=before.pk if before is not None else None,
            anew=instead_of is None,
        )
    except BookingRefused as refused:
        _keep(row, State.CLASH, problems=_problems(refused.reasons))
        return False
    except Invalid as error:
        said = str(next(iter(error.errors.values()))[0])
        _keep(row, State.WRONG, problems=[{"code": "not_taken", "text": said}])
        return False
    except UnknownResource:
        _keep(row, State.WRONG, problems=[{"code": "thing_missing"}])
        return False
    except IntegrityError as error:
        if _ONCE not in str(error):
            raise
        there = Booking.objects.visible_to(SYSTEM).get(
            entered_for=schedule.institution_id,
            external_source=schedule.source,
            external_id=row.external_id,
        )
        _keep(row, State.KNOWN, booking=there)
        return False
    if not quiet and whom.borrower is not None:
        told.add(whom.borrower)
    _keep(row, State.STORED, booking=booking)
    return True


def _problems(reasons: Sequence[Reason]) -> list[Problem]:
    return [problem_of(reason, by=reason.owner_values.get("by", ())) for reason in reasons]


def _keep(
    row: ScheduleRow,
    state: State,
    *,
    problems: Sequence[Problem] = (),
    booking: Booking | None = None,
) -> None:
    """Written only where nobody decided the row meanwhile."""
    ScheduleRow.objects.filter(pk=row.pk, state__in=UNDECIDED).update(
        state=state, problems=[dict(one) for one in problems], booking=booking
    )


def _whom(wish: RowWish, row: ScheduleRow, schedule: ScheduleImport, people: Members) -> WrittenFor:
    """A member by name or address, else an outside party; nobody named = the house itself."""
    named = wish.whom or wish.email
    member = people.find(wish.whom, wish.email) if named else schedule.institution_id
    return WrittenFor(
        borrower=member,
        name="" if member is not None else named,
        phone="" if member is not None else wish.phone,
        email="" if member is not None or "@" not in wish.email else wish.email,
        came_by=CameBy.SPREADSHEET,
        source=schedule.source,
        source_id=row.external_id,
    )


def _wish(row: RowWish, *, partly: bool) -> BookingWish:
    return BookingWish(
        lines=(row.line,) if row.line is not None else (),
        series=(row.series,) if row.series is not None else (),
        title=row.title,
        remarks=row.remarks,
        all_or_nothing=not partly,
    )


def leave_out(*, by: Viewer, row: UUID) -> ScheduleRow:
    """A row is not brought in; the next file knows that. Repeating it is harmless. Raises `NotFound`."""
    with transaction.atomic():
        found = _row(by, row, lock=True)
        if found.state in UNDECIDED:
            kept = found.state == State.CHANGED
            found.state = State.KNOWN if kept else State.LEFT_OUT
            found.problems = []
            found.save(update_fields=["state", "problems"])
            log(found.schedule, "leave_out", by, row=found.number)
    return found


def take_up_again(*, by: Viewer, row: UUID) -> ScheduleRow:
    """A row that was left out is to be looked at again. Raises `NotFound`."""
    with transaction.atomic():
        found = _row(by, row, lock=True)
        if found.state == State.LEFT_OUT:
            found.state, found.corrections = State.READY, {**found.corrections, TAKEN_UP: "1"}
            found.save(update_fields=["state", "corrections"])
            log(found.schedule, "take_up", by, row=found.number)
    look_over(by=by, schedule=found.schedule.uid)
    return _row(by, row)


def try_row(
    *,
    by: Viewer,
    row: UUID,
    corrections: Mapping[str, str] | None = None,
    partly: bool = False,
    seen: str = "",
) -> ScheduleRow:
    """Book one row now, as corrected; `partly` books of a class the dates that fit. A changed row changes its booking.

    `seen` is the state in which it was decided: `Stale` where another keeper was quicker. Raises `NotFound`.
    """
    with transaction.atomic():
        found = _row(by, row, lock=True)
        if seen and found.state != seen:
            raise Stale
        if found.state not in UNDECIDED:
            return found
        if corrections is not None:
            kept = {name: corrections[name] for name in CORRECTED if corrections.get(name)}
            found.corrections = {**found.corrections, **kept}
            found.save(update_fields=["corrections"])
    schedule = found.schedule
    if found.state == State.CHANGED and not changeable(found):
        raise Conflict(
            _("This booking has more in it than this row. Please change it on its own page.")
        )
    looked = read_rows([found], reading_of(schedule))[0]
    changes = found.booking if found.state == State.CHANGED else None
    stored = _store(
        looked,
        schedule,
        by=by,
        people=members(),
        told=_told(schedule),
        partly=partly,
        instead_of=changes,
    )
    if not stored and changes is not None:
        ScheduleRow.objects.filter(pk=found.pk, state=State.CLASH).update(
            state=State.CHANGED, booking=changes
        )
    if not stored:
        look_over(by=by, schedule=schedule.uid)
    return _row(by, row)


def changeable(row: ScheduleRow) -> bool:
    """Whether the booking of a changed row is the house's own, and this row all of it."""
    booking = row.booking
    if booking is None or booking.entered_for_id != row.schedule.institution_id:
        return False
    lines = Line.objects.visible_to(SYSTEM).filter(booking=booking, brought_by__isnull=True)
    return len({series or -line for line, series in lines.values_list("pk", "series")}) == 1


def _row(by: Viewer, uid: UUID, *, lock: bool = False) -> ScheduleRow:
    rows = ScheduleRow.objects.select_related("schedule", "booking")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    found.schedule = schedule_for(by, found.schedule.uid)
    return found
