"""Asking: one request for one or many things, sent as a whole, judged under the locks of one commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.answers import freeze_fee, terms_fee
from bookings.errors import BookingRefused
from bookings.facts import Ask
from bookings.models import Booking, Line, Series
from bookings.permissions import may_ask_for
from bookings.queries.claims import live_claims
from bookings.queries.parties import open_holds, open_holds_locked
from bookings.reasons import Alternative, Reason
from bookings.recurrence import Dates, LeftOut
from bookings.spans import Span, offset_minutes
from bookings.states import LineState
from bookings.wishes import DESCRIPTION, BookingWish, Errors, check_number, validate
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, NotFound

from .alternatives import alternatives_for
from .answer_times import UNANSWERED, answer_due, latest_answer
from .commit import DoesNotFit, commit, with_fresh_facts
from .judging import (
    Answer,
    answer_all,
    bring_along,
    capacities_of,
    frozen,
    hull,
    load_asks,
    refuse_what_is_gone,
    refuse_what_is_not_said,
)
from .months import begin_months
from .scene import Scene, StaleFacts
from .series.rows import name_dates
from .series.unfolding import UnfoldedWish, unfold_series


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line, or one date of a series, that was left out of a request that may be served in part.

    `index` counts what was asked for, a series as one. `watched` = it is offered when it comes free.
    """

    index: int
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...] = ()
    on: date | None = None
    watched: bool = False


@dataclass(frozen=True, slots=True)
class Requested:
    """What was stored."""

    booking: Booking
    lines: tuple[Line, ...]
    refused: tuple[RefusedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a line would become: spans UTC, the state, and until when that would hold.

    Of a series there is one for each of its dates (`on`, the owner's local day); those that cannot be have `reasons`
    and no state, and no spans where there is no such time.
    """

    index: int
    resource: UUID
    use: Span | None
    event: Span | None
    state: LineState | None
    expires_at: str | None
    policy: str
    on: date | None = None
    reasons: tuple[Reason, ...] = ()
    waiting: bool = False
    """Taken now: it would wait for what comes free."""


@dataclass(frozen=True, slots=True)
class Check:
    """The answer to a question; nothing is stored."""

    possible: bool
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    proposed: tuple[Proposed, ...]
    waivable: bool
    """Only house rules stand in the way, and their owners leave exceptions open to be asked for."""
    left_out: tuple[tuple[int, LeftOut], ...] = ()
    """Dates of series that are not asked for, on purpose or as holidays, each with the index of its line."""


@dataclass
class RequestPlan:
    """Send `wish`. `draft` is an existing booking with its draft lines in the order of the wish, or None.

    `impossible` and `dates` are those of an `UnfoldedWish`.
    """

    wish: BookingWish
    asks: list[Ask]
    borrower: int
    by: Viewer
    draft: int | None = None
    impossible: tuple[Reason, ...] = ()
    dates: tuple[Dates, ...] = ()
    action: str = "send"
    answers: list[Answer] = field(default_factory=list)
    watched: set[int] = field(default_factory=set)
    """Indexes of lines that are not sent and watched instead."""

    @property
    def capacities(self) -> Collection[int]:
        return capacities_of(self.asks)

    @property
    def bookings(self) -> Collection[int]:
        return () if self.draft is None else (self.draft,)

    @property
    def window(self) -> Span:
        return hull(self.asks)

    def decide(self, scene: Scene) -> tuple[Booking, list[Line]]:
        if self.draft is not None:
            draft = scene.bookings.get(self.draft)
            if draft is None:
                raise NotFound
            if draft.sent_at is not None:  # a second click: the first one's answer
                return draft, scene.lines_of(draft)
            self._still_as_read(scene.lines_of(draft))
        self.asks = [replace(ask, resource=scene.as_locked(ask.resource)) for ask in self.asks]
        self.answers = answer_all(
            self.wish,
            self.asks,
            scene.taken(self.capacities),
            open_holds=open_holds_locked(self.borrower, now=scene.now)
            if _holding(self.asks)
            else 0,
        )
        refused = _refused(self.answers)
        reasons = [*(one for no in refused for one in no.reasons), *self.impossible]
        if reasons and (self.wish.all_or_nothing or len(refused) == self.wish.asked_for):
            raise BookingRefused(reasons)
        promised = {LineState.CONFIRMED, LineState.ACCEPTED}
        sure = [answer.ask.resource for answer in self.answers if answer.state in promised]
        if sure:
            refuse_what_is_gone(sure)
        booking, lines = self._rows(scene)
        kept = self.keep(scene, booking, lines)
        if self.draft is None:
            scene.create(booking, kept)
        else:
            scene.add_lines([line for line in kept if not line.pk])
        return booking, kept

    def keep(
        self,
        scene: Scene,
        booking: Booking,
        lines: Sequence[Line],
        rows: dict[int, Series] | None = None,
    ) -> list[Line]:
        """Write the answers on `lines`, one for each; those that are sent. `rows` are series that are there already."""
        self.watched = name_dates(
            scene,
            list(zip(self.answers, lines, strict=True)),
            wish=self.wish,
            dates=self.dates,
            booking=booking,
            rows={} if rows is None else rows,
        )
        return [
            line
            for answer, line in zip(self.answers, lines, strict=True)
            if self._store(scene, booking, answer, line, lines)
        ]

    def _store(
        self, scene: Scene, booking: Booking, answer: Answer, line: Line, lines: Sequence[Line]
    ) -> bool:
        """Move one line to where its answer has it; whether it is a part of what is sent."""
        if answer.state is None:
            if line.pk:
                scene.move(line, "withdraw", LineState.WITHDRAWN)
            return False
        if answer.wish.brought_by is not None:
            line.brought_by = lines[answer.wish.brought_by]
        self._fill(line, answer, scene)
        data: dict[str, Any] = {"waived": list(answer.waived)} if answer.waived else {}
        if answer.wish.second_in_line:
            data["second_in_line"] = True
        if answer.waiting:
            data["waiting"] = True
        scene.move(line, self.action, answer.state, **data)
        if answer.claims:
            scene.claim(line, answer.ask.demands, answer.expires_at)
        if answer.waived:
            word = self.wish.ask_anyway.strip()
            scene.say(line, booking, kind="waiver", body=word, action=self.action)
        return True

    def _still_as_read(self, lines: list[Line]) -> None:
        """What is judged is what lies in the draft now: somebody may have added or changed a line meanwhile."""
        there = [
            (line.resource_id, line.use_starts_at, line.use_ends_at, line.units)
            for line in lines
            if line.state == LineState.DRAFT
        ]
        read = [
            (ask.resource.id, ask.use.start, ask.use.end, ask.units)
            for ask in self.asks[: self.wish.asked_for]
        ]
        if there != read:
            raise Conflict(_("Your request was changed meanwhile. Please look at it again."))

    def _rows(self, scene: Scene) -> tuple[Booking, list[Line]]:
        if self.draft is not None:
            booking = scene.bookings[self.draft]
            booking.sent_at = scene.now
            drafts = [line for line in scene.lines_of(booking) if line.state == LineState.DRAFT]
            return booking, [*drafts, *self._lines(booking, len(drafts))]
        booking = Booking(
            borrower_id=self.borrower,
            person_id=self.by.person,
            all_or_nothing=self.wish.all_or_nothing,
            created_at=scene.now,
            sent_at=scene.now,
            **{name: getattr(self.wish, name) for name in DESCRIPTION},
        )
        return booking, self._lines(booking, 0)

    def _lines(self, booking: Booking, first: int) -> list[Line]:
        """Fresh lines from position `first` on: of a draft what its lines bring."""
        return [
            Line(booking=booking, position=position, resource_id=ask.resource.id)
            for position, ask in enumerate(self.asks)
            if position >= first
        ]

    @staticmethod
    def _fill(line: Line, answer: Answer, scene: Scene) -> None:
        fill_line(line, answer)
        line.sent_at = scene.now
        line.expires_at = answer.expires_at
        line.waived = list(answer.waived)
        if answer.state in UNANSWERED and not answer.waiting:
            line.answer_due_at = answer_due(
                answer.ask.resource, latest_answer(line), since=scene.now
            )
        if answer.state in {LineState.CONFIRMED, LineState.ACCEPTED}:
            line.decided_at = scene.now
            freeze_fee(line, terms_fee(line))


def fill_line(line: Line, answer: Answer) -> None:
    """Write a judged wish on its line: spans, the owner's zone and day, frozen terms."""
    ask = answer.ask
    line.borrower_id = ask.borrower
    line.lender_id = ask.resource.owner
    line.units = ask.units
    line.use_starts_at, line.use_ends_at = ask.use.start, ask.use.end
    line.event_starts_at, line.event_ends_at = ask.event.start, ask.event.end
    line.setup_minutes = answer.wish.setup_minutes
    line.strike_minutes = answer.wish.strike_minutes
    line.turnover_minutes = ask.resource.turnover_minutes
    line.zone = ask.resource.zone_name
    line.local_date = ask.event.start.astimezone(ask.resource.zone).date()
    line.starts_offset = offset_minutes(ask.use.start, ask.resource.zone)
    line.ends_offset = offset_minutes(ask.use.end, ask.resource.zone)
    line.session_id = next((one.share.session for one in ask.demands), None)
    line.second_in_line = answer.wish.second_in_line
    line.waiting = answer.waiting
    line.waiting_since = ask.now if answer.waiting else None
    line.least_units = answer.wish.least_units if answer.waiting else None
    line.handover = ask.resource.handover
    wanted = ask.wanted
    line.wanted_minutes = wanted.minutes if wanted else None
    line.wanted_weekdays = wanted.weekdays if wanted else None
    line.wanted_from_minute = wanted.from_minute if wanted else None
    line.wanted_until_minute = wanted.until_minute if wanted else None
    line.terms, line.shown = frozen(ask)


def request_booking(
    *,
    by: Viewer,
    institution: int,
    wish: BookingWish,
    draft: int | None = None,
    quiet: bool = False,
) -> Requested:
    """Ask for everything in `wish` on behalf of `institution` (database id).

    Raises `Invalid` (cannot be meant), `Forbidden`, `UnknownResource`, `BookingRefused` with all reasons and
    alternatives. `draft` is the id of a draft booking whose lines these are.
    """
    validate(wish)

    return with_fresh_facts(
        lambda: _send(by=by, institution=institution, wish=wish, draft=draft, quiet=quiet)
    )


def _send(
    *, by: Viewer, institution: int, wish: BookingWish, draft: int | None, quiet: bool
) -> Requested:
    unfolded, asks = _asks(by=by, institution=institution, wish=wish)
    if not asks:
        raise BookingRefused(unfolded.impossible)
    refuse_what_is_not_said(wish, asks)
    if begin_months(demand for ask in asks if ask.wanted is None for demand in ask.demands):
        raise StaleFacts
    plan = RequestPlan(
        unfolded.wish, asks, institution, by, draft, unfolded.impossible, unfolded.dates
    )
    try:
        booking, lines = commit(plan, now=by.now, by=by, quiet=quiet, in_turn=True)
    except BookingRefused as refused:
        raise BookingRefused(
            refused.reasons, alternatives_for(plan.answers, by=by, wish=plan.wish)
        ) from None
    except DoesNotFit:
        raise BookingRefused(_guard_said_no(plan.asks), ()) from None
    return Requested(booking, tuple(lines), refused_lines(plan, by=by))


def refused_lines(plan: RequestPlan, *, by: Viewer) -> tuple[RefusedLine, ...]:
    """What was left out, in the order of lines and dates; for the first few of it what could be asked for instead."""
    refused = _refused(plan.answers)
    options = alternatives_for(refused, by=by, wish=plan.wish)
    found = [
        RefusedLine(
            answer.place,
            answer.reasons,
            tuple(
                one
                for one in options
                if (one.line, one.on) == (answer.place, answer.wish.series_on)
            ),
            answer.wish.series_on,
            answer.index in plan.watched,
        )
        for answer in refused
    ]
    found += [RefusedLine(one.line or 0, (one,), on=one.on) for one in plan.impossible]
    return tuple(sorted(found, key=lambda one: (one.index, one.on or date.min)))


def _holding(asks: Sequence[Ask]) -> bool:
    return any(ask.policy == "keep_first" for ask in asks)


def _guard_said_no(asks: Sequence[Ask]) -> list[Reason]:
    return [
        Reason("taken", "fact", _("Somebody was quicker. Please look again."), line=index)
        for index, _ask in enumerate(asks)
    ]


def _refused(answers: Sequence[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.possible and not answer.left_out]


def _asks(*, by: Viewer, institution: int, wish: BookingWish) -> tuple[UnfoldedWish, list[Ask]]:
    """The wish with a line for each date and for what comes along, and an `Ask` for each of its lines."""
    if by.acting_for != institution or not may_ask_for(by, institution):
        raise Forbidden(_("You do not act for this institution."))
    unfolded = unfold_series(wish, by=by)
    if not unfolded.wish.lines:
        return unfolded, []
    asks = load_asks(unfolded.wish, by=by, borrower=institution, borrower_state=by.acting_state)
    whole, asks = bring_along(unfolded.wish, asks, by=by)
    errors = Errors()
    check_number(len(whole.lines), errors)
    errors.refuse()
    return replace(unfolded, wish=whole), asks


def check_booking(*, by: Viewer, institution: int, wish: BookingWish) -> Check:
    """What would become of `wish`, with all reasons and options; stores nothing, locks nothing.

    A title may still be missing. Raises `Invalid`, `Forbidden`, `UnknownResource`.
    """
    named = wish if wish.title.strip() or wish.purpose.strip() else replace(wish, title="?")
    validate(named)
    unfolded, asks = _asks(by=by, institution=institution, wish=wish)
    answers: list[Answer] = []
    if asks:
        rows = live_claims(capacities_of(asks), hull(asks), now=by.now)
        answers = answer_all(
            unfolded.wish,
            asks,
            [row.taken() for row in rows],
            open_holds=open_holds(institution, now=by.now) if _holding(asks) else 0,
        )
    found = check_of(unfolded, answers)
    if found.possible:
        return found
    options = alternatives_for(answers, by=by, wish=unfolded.wish)
    return replace(found, alternatives=tuple(options))


def check_of(unfolded: UnfoldedWish, answers: Sequence[Answer]) -> Check:
    """What `answers` say, without alternatives."""
    reasons = (*(one for answer in answers for one in answer.reasons), *unfolded.impossible)
    return Check(
        possible=not reasons,
        reasons=reasons,
        alternatives=(),
        proposed=_proposed(unfolded, answers),
        waivable=bool(reasons) and all(reason.waivable for reason in reasons),
        left_out=tuple(
            (series.place, one)
            for series, dates in zip(unfolded.wish.series, unfolded.dates, strict=True)
            for one in dates.left_out
        ),
    )


def _proposed(unfolded: UnfoldedWish, answers: Sequence[Answer]) -> tuple[Proposed, ...]:
    """What can be, and each date of a series whether it can be or not, in order."""
    found = [
        Proposed(
            answer.place,
            answer.wish.resource,
            answer.ask.use,
            answer.ask.event,
            answer.state,
            answer.expires_at.isoformat() if answer.expires_at else None,
            answer.ask.policy,
            answer.wish.series_on,
            answer.reasons,
            answer.waiting,
        )
        for answer in answers
        if answer.state is not None or answer.wish.series is not None
    ]
    at = {series.place: series.resource for series in unfolded.wish.series}
    found += [
        Proposed(one.line, at[one.line], None, None, None, None, "", one.on, (one,))
        for one in unfolded.impossible
        if one.line is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.index, one.on or date.min)))
