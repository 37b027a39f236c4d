"""This and following at another time, for another length, on another day of the week or in another number.

One commit ends the old series and begins a new one. Nobody loses a date by it: what cannot have the new time keeps the
old one, and what is promised and grows keeps it until its owner has said yes to the new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bookings.models import Line, Series, Watch
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer
from bookings.queries.places import Place, holidays_for
from bookings.queries.series import repetition_of, series_for
from bookings.recurrence import Dates, Repetition, shifted, split
from bookings.recurrence.reading import NO_DATES, check_around
from bookings.recurrence.rule import RuleRefused
from bookings.recurrence.wish import SeriesWish, check_series, unfold
from bookings.rules.dates import no_such_time
from bookings.services.commit import commit
from bookings.services.judging.asks import bring_along, days_around, load_asks
from bookings.services.months import begin_months
from bookings.services.offers.context import Context, guarded, said
from bookings.services.request.plan import RequestPlan
from bookings.services.request.stored import RefusedLine, refused_lines
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span
from bookings.states import WatchState
from bookings.wishes import BookingWish, Errors, LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid

from .change_plan import ChangedSeries, ChangePlan


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What becomes different: so many `days` later or earlier, minutes of the owner's day, units. None = as it is."""

    days: int = 0
    starts_minute: int | None = None
    length_minutes: int | None = None
    units: int | None = None


def change_series(
    *, by: Viewer, series: UUID, since: date, change: SeriesChange, note: str = ""
) -> ChangedSeries:
    """Change all dates of `series` from `since` on (a local day of the owner), as far as they have not begun.

    By the side that asked; for somebody written in by the keeper. Raises `NotFound`, `Forbidden`, `Invalid` (fields of
    `change`), `Conflict` (no date is left), `BookingRefused` (not one date can have it).
    """
    words = said(note)

    def store() -> ChangedSeries:
        found = series_for(viewer=by, uid=series)
        assert found.booking is not None
        borrower = found.booking.borrower_id
        if not (
            by.may("staff", borrower) if borrower else by.may("keeper", found.resource.owner_id)
        ):
            raise Forbidden
        plan = _plan(found, since, change, by=by, note=words)
        result = commit(plan, now=by.now, by=by)
        if plan.adding is not None:
            result.refused = tuple(
                sorted((*plan.impossible, *refused_lines(plan.adding, by=by)), key=_by_date)
            )
        return result

    return guarded(store)


def _by_date(one: RefusedLine) -> date:
    return one.on or date.min


def _plan(found: Series, since: date, change: SeriesChange, *, by: Viewer, note: str) -> ChangePlan:
    before, after = split(repetition_of(found), since)
    if after is None:
        raise Conflict(_("There is no date left that could be changed."))
    wish = _changed(found, after, change)
    owner = found.resource.owner
    place = Place(ZoneInfo(found.zone), owner.country, owner.region)
    unfolded = unfold(wish, 0, place.zone, holidays_for(wish.repetition, place))
    if not unfolded.lines and not unfolded.troubled:
        raise Invalid({"days": NO_DATES}, code="no_dates")
    booked = list(
        Line.objects.visible_to(SYSTEM).filter(booking=found.booking_id).select_related("booking")
    )
    by_on = timedelta(days=change.days)
    old = _by_new_date(found, booked, since, by_on)
    dates = {*old, *(one.local_date for one in unfolded.dates.occurrences)}
    if change.days and since + by_on not in dates:
        raise Invalid({"since": _("This is no date of the series.")}, code="not_a_date")
    watches = list(
        Watch.objects.visible_to(SYSTEM).filter(series=found, local_date__gte=since).order_by("pk")
    )
    offered = {one.local_date + by_on for one in watches if one.state == WatchState.OFFERED}
    wishes = {line.series_on or since: line for line in unfolded.lines}
    fresh = [wishes[on] for on in wishes if on not in old and on not in offered]
    context = _context(found, booked, wishes, old, by)
    adding = _adding(found, wish, fresh, unfolded.dates, by) if fresh else None
    return ChangePlan(
        found=found,
        before=before,
        wish=wish,
        dates=unfolded.dates,
        old=old,
        wishes=wishes,
        watches=[one for one in watches if one.state == WatchState.WAITING],
        context=context,
        actor=by,
        note=note,
        adding=adding,
        impossible=tuple(
            RefusedLine(0, (no_such_time(one, line=0),), on=one.on)
            for one in unfolded.troubled
            if one.on not in old
        ),
        troubles={one.on: no_such_time(one, line=0) for one in unfolded.troubled},
    )


def _by_new_date(
    found: Series, booked: list[Line], since: date, later: timedelta
) -> dict[date, Line]:
    """The lines of the series from `since` on, by the date of the new series that each stands for."""
    return {
        line.series_on + later: line
        for line in booked
        if line.series_id == found.pk and line.series_on is not None and line.series_on >= since
    }


def _changed(row: Series, after: Repetition, change: SeriesChange) -> SeriesWish:
    """What is asked for from now on. Raises `Invalid`."""
    starts = row.starts_minute if change.starts_minute is None else change.starts_minute
    length = row.length_minutes if change.length_minutes is None else change.length_minutes
    units = row.units if change.units is None else change.units
    if (change.days, starts, length, units) == (
        0,
        row.starts_minute,
        row.length_minutes,
        row.units,
    ):
        raise Invalid({"starts_at": _("This is the time it has already.")}, code="nothing_changed")
    errors = Errors()
    try:
        moved = shifted(after, change.days)
    except (RuleRefused, OverflowError):
        said_why = _("What repeats by days of the month keeps its days.")
        raise Invalid({"days": said_why}, code="rule_not_shifted") from None
    check_around(
        errors,
        first_on=moved.first_on,
        starts_minute=starts,
        length_minutes=length,
        exceptions=moved.exceptions,
        additions=moved.additions,
    )
    errors.refuse()
    later, longer = starts - row.starts_minute, length - row.length_minutes
    event, lasts = row.event_starts_minute, row.event_length_minutes
    wish = SeriesWish(
        resource=row.resource.uid,
        repetition=replace(moved, starts_minute=starts, length_minutes=length),
        units=units,
        setup_minutes=row.setup_minutes,
        strike_minutes=row.strike_minutes,
        # A shorter event moves along and grows or shrinks as much.
        event_starts_minute=None if event is None else event + later,
        event_length_minutes=None if lasts is None else lasts + longer,
        one_answer=row.one_answer,
    )
    check_series(wish, errors, "")
    errors.refuse()
    return wish


def _context(
    row: Series, booked: list[Line], wishes: dict[date, LineWish], old: dict[date, Line], by: Viewer
) -> Context:
    spans = [wish.use for wish in wishes.values()]
    spans += [Span(line.use_starts_at, line.use_ends_at) for line in old.values()]
    since, until = days_around([*spans, Span(by.now, by.now + timedelta(days=30))])
    facts = facts_by_id(
        {row.resource_id, *(one.resource_id for one in booked)}, since=since, until=until
    )
    resource = facts[row.resource_id]
    if begin_months(
        demand for wish in wishes.values() for demand in resource.demands(wish.use, wish.units)
    ):
        raise StaleFacts
    view = None
    if row.booking is not None and row.booking.borrower_id is not None:
        view = institution_viewer(row.booking.borrower_id, now=by.now)
    return Context(facts, resource, view)


def _adding(
    row: Series, series: SeriesWish, fresh: list[LineWish], dates: Dates, by: Viewer
) -> RequestPlan:
    """The dates that were not there before, to be asked for like any others."""
    wish = BookingWish(lines=tuple(fresh), series=(series,), all_or_nothing=False)
    assert row.booking is not None
    asks = load_asks(wish, by=by, borrower=row.booking.borrower_id, borrower_state=by.acting_state)
    wish, asks = bring_along(wish, asks, by=by)
    if begin_months(demand for ask in asks for demand in ask.demands):
        raise StaleFacts
    action = "send" if row.booking.borrower_id is not None else "write_in"
    return RequestPlan(wish, asks, row.booking.borrower_id or 0, by, dates=(dates,), action=action)
