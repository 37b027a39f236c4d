"""This and following at another time, for another length, on another day of the week or in another number.

One commit ends the old series and begins a new one. Nobody loses a date by it: what cannot have the new time keeps the
old one, and what is promised and grows keeps it until its owner has said yes to the new one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts import Ask
from bookings.models import Booking, Line, Offer, Series, Watch
from bookings.queries.facts import facts_by_id
from bookings.queries.parties import institution_viewer, open_holds_locked
from bookings.queries.places import Place, holidays_for
from bookings.queries.series import dates_of, repetition_of, series_for
from bookings.reasons import Reason
from bookings.recurrence import Dates, Repetition, shifted, split
from bookings.recurrence.reading import NO_DATES, check_around
from bookings.recurrence.rule import RuleRefused
from bookings.recurrence.wish import SeriesWish, check_series, unfold
from bookings.rules import judge
from bookings.rules.dates import no_such_time
from bookings.services.commit import commit
from bookings.services.judging.answers import answer_all
from bookings.services.judging.asks import bring_along, capacities_of, days_around, load_asks
from bookings.services.judging.asks import hull as hull_of
from bookings.services.months import begin_months
from bookings.services.offers.along import Along, along, not_free
from bookings.services.offers.context import Context, change_now, guarded, hull, said
from bookings.services.offers.proposing import ProposalPlan
from bookings.services.request.plan import RequestPlan
from bookings.services.request.stored import RefusedLine, refused_lines
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span, enclosing
from bookings.states import OVER, PROPOSED_BY_ASKER, WatchState
from bookings.wishes import BookingWish, Errors, LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid

from .rows import series_row, write_repetition


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """What becomes different: so many `days` later or earlier, minutes of the owner's day, units. None = as it is."""

    days: int = 0
    starts_minute: int | None = None
    length_minutes: int | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class KeptDate:
    """A date that stays at its old time, and why. `on` is the date of the new series that it stands for."""

    line: Line
    on: date
    reasons: tuple[Reason, ...]


@dataclass
class ChangedSeries:
    """What became of it. `moved` have the new time, `asked` keep the old one until their owner says yes to the new
    (an open `Offer` each), `kept` keep it; `added` are dates that were not there before, `refused` those not to be had.
    """

    ended: Series
    begun: Series
    moved: list[Line] = field(default_factory=list)
    asked: list[Offer] = field(default_factory=list)
    kept: list[KeptDate] = field(default_factory=list)
    added: list[Line] = field(default_factory=list)
    refused: tuple[RefusedLine, ...] = ()


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
    old = {
        line.series_on + by_on: line
        for line in booked
        if line.series_id == found.pk and line.series_on is not None and line.series_on >= since
    }
    if change.days and since + by_on not in {
        *old,
        *(one.local_date for one in unfolded.dates.occurrences),
    }:
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


@dataclass
class ChangePlan:
    """Give the lines of `old` what `wishes` say, both by the date of the new series; `adding` asks for the rest."""

    found: Series
    before: Repetition | None
    wish: SeriesWish
    dates: Dates
    old: dict[date, Line]
    wishes: dict[date, LineWish]
    watches: list[Watch]
    context: Context
    actor: Viewer
    note: str
    adding: RequestPlan | None
    impossible: tuple[RefusedLine, ...]
    troubles: dict[date, Reason]

    @property
    def capacities(self) -> Collection[int]:
        resource = self.context.resource
        demands = [
            demand
            for wish in self.wishes.values()
            for demand in resource.demands(wish.use, wish.units)
        ]
        return resource.locked_for(demands) | capacities_of(self.adding.asks if self.adding else ())

    @property
    def bookings(self) -> Collection[int]:
        return (self.found.booking_id or 0,)

    @property
    def window(self) -> Span:
        spans = [
            hull(self.old[on], wish, self.context)
            for on, wish in self.wishes.items()
            if on in self.old
        ]
        if self.adding is not None:
            spans.append(hull_of(self.adding.asks))
        if not spans:
            return Span(self.actor.now, self.actor.now + timedelta(days=1))
        return enclosing(spans)

    def decide(self, scene: Scene) -> ChangedSeries:
        stored = Series.objects.select_related("resource__owner").get(pk=self.found.pk)
        if stored.version != self.found.version:
            raise StaleFacts
        booking = scene.bookings[self.found.booking_id or 0]
        begun = series_row(
            self.wish,
            resource=self.found.resource_id,
            zone=self.found.zone,
            dates=self.dates,
            by=self.actor.person,
            now=scene.now,
            booking=booking,
            follows=stored,
        )
        result = ChangedSeries(stored, begun)
        for on in self._in_order():
            self._one(scene, on, scene.lines[self.old[on].pk], result)
        result.moved.sort(key=lambda line: line.use_starts_at)
        result.kept.sort(key=lambda one: one.on)
        scene.series.made.append(begun)
        scene.series.end_watches(self.watches, WatchState.LEFT, now=scene.now)
        self._add(scene, booking, begun, result)
        if not (result.moved or result.asked or result.added):
            raise BookingRefused([reason for one in result.kept for reason in one.reasons])
        if self.before is not None:
            write_repetition(stored, self.before, dates_of(stored, self.before))
        scene.series.changed.append(stored)
        first = (*result.moved, *(one.line for one in result.kept), *result.added)[0]
        scene.say(first, booking, kind="note", body=self.note, action="change")
        return result

    def _in_order(self) -> list[date]:
        """Those first that make room for the others: later dates where all move later."""
        later = self.wish.repetition.first_on > self.found.first_on
        return sorted(self.old, reverse=later)

    def _one(self, scene: Scene, on: date, line: Line, result: ChangedSeries) -> None:
        """One date of the old series: what is over stays with it, all else belongs to the new one."""
        if line.state in OVER:
            return
        before = line.use_ends_at <= scene.now or line.state not in PROPOSED_BY_ASKER
        if before or line.use_starts_at <= scene.now:
            return
        line.series, line.series_on = result.begun, on
        wish = self.wishes.get(on)
        try:
            if wish is None:
                raise BookingRefused([self._no_date(on)])
            offer = self._change(scene, line, wish)
        except BookingRefused as no:
            reasons = tuple(reason.at(0, on) for reason in no.reasons)
            result.kept.append(KeptDate(line, on, reasons))
        except Conflict as no:
            reason = Reason("state_conflict", "fact", no.message, line=0, on=on)
            result.kept.append(KeptDate(line, on, (reason,)))
        else:
            if offer is None:
                result.moved.append(line)
            else:
                result.asked.append(offer)
        scene.touch(line)

    def _no_date(self, on: date) -> Reason:
        """The new series has no such date: it is a holiday, or its time does not exist."""
        if on in self.troubles:
            return self.troubles[on]
        return Reason("left_out", "fact", _("This date is left out of the series."))

    def _change(self, scene: Scene, line: Line, wish: LineWish) -> Offer | None:
        """Change a line and what came along with it; the offer to its owner where that has to agree."""
        if line.booking.borrower_id is not None:
            plan = ProposalPlan(line, wish, self.context, self.actor, by_owner=False)
            return plan.decide(scene).offer
        ask = self._ask(scene, line, wish)
        others = along(scene, line, wish, self.context)
        if reasons := [*judge(ask, "accept"), *not_free(others, "accept")]:
            raise BookingRefused(reasons)
        for one in (Along(line, wish, ask), *others):
            change_now(scene, one.line, one.ask, one.wish)
        return None

    def _ask(self, scene: Scene, line: Line, wish: LineWish) -> Ask:
        resource = self.context.facts[line.resource_id]
        return replace(self.context, resource=resource).ask(scene, line, wish, instead_of=())

    def _add(self, scene: Scene, booking: Booking, begun: Series, result: ChangedSeries) -> None:
        """Ask for the dates that were not there before."""
        plan = self.adding
        if plan is None:
            return
        plan.asks = [replace(ask, resource=scene.as_locked(ask.resource)) for ask in plan.asks]
        holding = any(ask.policy == "keep_first" for ask in plan.asks) and booking.borrower_id
        plan.answers = answer_all(
            plan.wish,
            plan.asks,
            scene.taken(plan.capacities),
            verb="ask" if booking.borrower_id is not None else "write_in",
            open_holds=open_holds_locked(booking.borrower_id or 0, now=scene.now) if holding else 0,
        )
        position = max((line.position for line in scene.lines_of(booking)), default=0) + 1
        fresh = [
            Line(booking=booking, position=position + number, resource_id=ask.resource.id)
            for number, ask in enumerate(plan.asks)
        ]
        result.added = plan.keep(scene, booking, fresh, {0: begun})
        scene.add_lines(result.added)
