"""A change of a series under its locks, date by date, and what became of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.models import Booking, Line, Offer, Series, Watch
from bookings.queries.parties import open_holds_locked
from bookings.queries.series import dates_of
from bookings.reasons import Reason
from bookings.recurrence import Dates, Repetition
from bookings.recurrence.wish import SeriesWish
from bookings.rules import judge
from bookings.services.judging.answers import answer_all
from bookings.services.judging.asks import capacities_of
from bookings.services.judging.asks import hull as hull_of
from bookings.services.offers.along import Along, along, not_free
from bookings.services.offers.context import Context, change_now, hull
from bookings.services.offers.proposing import ProposalPlan
from bookings.services.request.asks import holding
from bookings.services.request.plan import RequestPlan
from bookings.services.request.stored import RefusedLine
from bookings.services.scene import Scene
from bookings.services.starting_again import StaleFacts
from bookings.spans import Span, enclosing
from bookings.states import OVER, PROPOSED_BY_ASKER, WatchState
from bookings.wishes import LineWish
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict

from .rows import series_row, write_repetition


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
        plan.answers = answer_all(
            plan.wish,
            plan.asks,
            scene.taken(plan.capacities),
            verb="ask" if booking.borrower_id is not None else "write_in",
            open_holds=open_holds_locked(booking.borrower_id, now=scene.now)
            if booking.borrower_id is not None and holding(plan.asks)
            else 0,
        )
        position = max((line.position for line in scene.lines_of(booking)), default=0) + 1
        fresh = [
            Line(booking=booking, position=position + number, resource_id=ask.resource.id)
            for number, ask in enumerate(plan.asks)
        ]
        result.added = plan.keep(scene, booking, fresh, {0: begun})
        scene.add_lines(result.added)
