"""Writing in what came by phone: a booking made by the owner's keeper, confirmed at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.facts.ask import Ask
from bookings.models import Booking, CameBy, Line
from bookings.permissions import may_write_in
from bookings.queries.claims import live_claims
from bookings.queries.keeping import Causes, causes
from bookings.reasons import Alternative, Reason
from bookings.recurrence import Dates
from bookings.spans import Span
from bookings.states import LineState
from bookings.wishes import DESCRIPTION, BookingWish, Errors, check_text, validate
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid, NotFound

from .alternatives import options_to_write_in
from .commit import DoesNotFit, commit, with_fresh_facts
from .judging.answers import Answer, answer_all
from .judging.asks import bring_along, capacities_of, hull, load_asks
from .months import begin_months
from .request.checking import Check, check_of
from .request.lines import fill_line
from .request.stored import RefusedLine, Requested
from .scene import Scene
from .series.rows import name_dates
from .series.unfolding import UnfoldedWish, unfold_series
from .starting_again import StaleFacts

GIVEN_BACK = frozenset({LineState.CONFIRMED, LineState.TO_SETTLE})


@dataclass(frozen=True, slots=True)
class WrittenFor:
    """For whom a keeper writes in, and how it came (`CameBy`).

    Either a member `borrower` (database id; the owner itself where people, papers or a hand-over belong to its own
    use), or an outside party by name. `source`, `source_id`: the row of a spreadsheet or calendar that it is, once.
    """

    borrower: int | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    came_by: str = CameBy.PHONE
    source: str = ""
    source_id: str = ""


@dataclass
class WriteInPlan:
    """Confirm `wish` for whom it is written in.

    `impossible` and `dates` are those of an `UnfoldedWish`; `refused` is filled with what could not be.
    """

    wish: BookingWish
    asks: list[Ask]
    by: Viewer
    lender: int
    whom: WrittenFor
    impossible: tuple[Reason, ...] = ()
    dates: tuple[Dates, ...] = ()
    refused: list[RefusedLine] = field(default_factory=list)
    instead_of: int | None = None
    """The booking (database id) of the same row as it was, whose dates to come are given back in the same commit."""

    @property
    def capacities(self) -> Collection[int]:
        return capacities_of(self.asks)

    @property
    def bookings(self) -> Collection[int]:
        return () if self.instead_of is None else (self.instead_of,)

    @property
    def window(self) -> Span:
        return hull(self.asks)

    def _give_back(self, scene: Scene) -> None:
        """What was booked of the same row, as far as it is to come; its id goes on to what is written now."""
        if self.instead_of is None:
            return
        before = scene.bookings.get(self.instead_of)
        if before is None or before.entered_for_id != self.lender:
            raise NotFound
        for line in scene.lines_of(before):
            if line.use_starts_at > scene.now and LineState(line.state) in GIVEN_BACK:
                scene.release(line)
                scene.move(line, "take_back", LineState.CANCELLED)
                said = str(_("It stands otherwise in the spreadsheet now."))
                scene.say(line, before, kind="reason", body=said, action="take_back")
        before.external_source = before.external_id = ""
        Booking.objects.visible_to(SYSTEM).filter(pk=before.pk).update(
            external_source="", external_id=""
        )

    def decide(self, scene: Scene) -> tuple[Booking, list[Line]]:
        self._give_back(scene)
        asks = [replace(ask, resource=scene.as_locked(ask.resource)) for ask in self.asks]
        answers = answer_all(
            self.wish,
            asks,
            scene.taken(self.capacities),
            verb="write_in",
        )
        left_out = [answer for answer in answers if answer.reasons]
        reasons = [*(one for answer in left_out for one in answer.reasons), *self.impossible]
        if reasons and (self.wish.all_or_nothing or len(left_out) == self.wish.asked_for):
            raise BookingRefused(reasons)
        self.refused = [
            *(
                RefusedLine(answer.place, answer.reasons, on=answer.wish.series_on)
                for answer in left_out
            ),
            *(RefusedLine(one.line or 0, (one,), on=one.on) for one in self.impossible),
        ]
        booking = Booking(
            borrower_id=self.whom.borrower,
            outside_name=self.whom.name,
            outside_phone=self.whom.phone,
            outside_email=self.whom.email,
            entered_by_id=self.by.person,
            entered_for_id=self.lender,
            came_by=self.whom.came_by,
            external_source=self.whom.source,
            external_id=self.whom.source_id,
            all_or_nothing=self.wish.all_or_nothing,
            created_at=scene.now,
            sent_at=scene.now,
            **{name: getattr(self.wish, name) for name in DESCRIPTION},
        )
        fresh = [
            (
                answer,
                Line(booking=booking, position=answer.index, resource_id=answer.ask.resource.id),
            )
            for answer in answers
        ]
        name_dates(scene, fresh, wish=self.wish, dates=self.dates, booking=booking, rows={})
        lines: dict[int, Line] = {}
        for answer, line in fresh:
            if answer.left_out or answer.reasons:
                continue
            if answer.wish.brought_by is not None:
                line.brought_by = lines[answer.wish.brought_by]
            fill_line(line, answer)
            line.sent_at = line.decided_at = scene.now
            line.decided_by_id = self.by.person
            scene.move(line, "write_in", LineState.CONFIRMED)
            scene.claim(line, answer.ask.demands, None)
            lines[answer.index] = line
        scene.create(booking, list(lines.values()))
        return booking, list(lines.values())


def write_in(
    *, by: Viewer, lender: int, wish: BookingWish, whom: WrittenFor, quiet: bool = False
) -> Booking:
    """Store a booking of the owner's own things that was agreed elsewhere, also one that lies in the past.

    Raises `Invalid`, `Forbidden`, `UnknownResource`, `BookingRefused`.
    """
    return _written(by, lender, wish, whom, quiet=quiet).booking


def write_in_series(*, by: Viewer, lender: int, wish: BookingWish, whom: WrittenFor) -> Requested:
    """The same of what repeats: with `all_or_nothing` false what can be is stored, and the dates that cannot are told.

    Nothing is watched: the keeper sees when it comes free.
    """
    series = tuple(replace(one, watch_skipped=False) for one in wish.series)
    return _written(by, lender, replace(wish, series=series), whom)


def write_in_row(
    *,
    by: Viewer,
    lender: int,
    wish: BookingWish,
    whom: WrittenFor,
    quiet: bool,
    instead_of: int | None = None,
    anew: bool = False,
) -> Booking:
    """A row of a spreadsheet, once or repeated. `instead_of` is its booking as it was (database id), whose dates to
    come are given back in the same commit; those that began stay with it, unless it was called off and all of its
    dates are written `anew`.

    Raises as `write_in`; `IntegrityError` of `booking_external_once` where the row is booked already.
    """
    return _written(by, lender, wish, whom, quiet=quiet, instead_of=instead_of, anew=anew).booking


def check_write_in(*, by: Viewer, lender: int, wish: BookingWish) -> Check:
    """What would become of each date, without locks; stores nothing. Raises as `write_in`."""
    return check_of(*_answered(by, lender, wish))


@dataclass(frozen=True, slots=True)
class Looked:
    """What would become of it: `in_way` are the owner's lines and blocks that have the time of what is refused."""

    check: Check
    in_way: Causes
    options: tuple[Alternative, ...]


def look_at_write_in(*, by: Viewer, lender: int, wish: BookingWish) -> Looked:
    """The same with who has the time, and of what does not repeat with what could be had instead."""
    unfolded, answers = _answered(by, lender, wish)
    refused = [answer for answer in answers if answer.reasons]
    taken = [one for answer in refused for one in answer.ask.taken]
    in_way = causes(
        {one.line for one in taken if one.line is not None},
        {one.block for one in taken if one.block is not None},
        viewer=by,
    )
    options = options_to_write_in(answers, by=by) if not wish.series else []
    return Looked(check_of(unfolded, answers), in_way, tuple(options))


def _answered(by: Viewer, lender: int, wish: BookingWish) -> tuple[UnfoldedWish, list[Answer]]:
    asks, unfolded = _asks(by, lender, wish, None)
    if not asks:
        return unfolded, []
    rows = live_claims(capacities_of(asks), hull(asks), now=by.now)
    taken = [row.taken() for row in rows]
    return unfolded, answer_all(unfolded.wish, asks, taken, verb="write_in")


def checked_party(whom: WrittenFor) -> WrittenFor:
    """For whom it is, tidied. Raises `Invalid`."""
    if whom.borrower is None and not whom.name.strip():
        raise Invalid({"outside_name": _("Say who it is for.")})
    errors = Errors()
    check_text(whom.name, errors, "outside_name", 200)
    check_text(whom.phone, errors, "outside_phone", 40)
    check_text(whom.email, errors, "outside_email", 254)
    check_text(whom.source_id, errors, "source_id", 200)
    errors.check(whom.came_by in CameBy.values, "came_by", _("Choose how it came."))
    errors.refuse()
    name, phone, email = whom.name.strip(), whom.phone.strip(), whom.email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid({"outside_email": _("Give an e-mail address.")}) from None
    return replace(whom, name=name, phone=phone, email=email)


def _asks(
    by: Viewer, lender: int, wish: BookingWish, borrower: int | None, *, to_come: bool = False
) -> tuple[list[Ask], UnfoldedWish]:
    if not may_write_in(by, lender):
        raise Forbidden
    unfolded = unfold_series(wish, by=by)
    if to_come:
        lines = tuple(line for line in unfolded.wish.lines if line.starts_at > by.now)
        unfolded = replace(unfolded, wish=replace(unfolded.wish, lines=lines))
        if not lines:
            return [], unfolded
    asked = load_asks(unfolded.wish, by=by, borrower=borrower, borrower_state="active")
    if any(ask.resource.owner != lender for ask in asked):
        raise Forbidden(_("Only what is yours can be written in."))
    whole, asks = bring_along(unfolded.wish, asked, by=by)
    return asks, replace(unfolded, wish=whole)


def _written(
    by: Viewer,
    lender: int,
    wish: BookingWish,
    whom: WrittenFor,
    *,
    quiet: bool = False,
    instead_of: int | None = None,
    anew: bool = False,
) -> Requested:
    if not may_write_in(by, lender):
        raise Forbidden
    whom = checked_party(whom)
    validate(wish)

    def store() -> Requested:
        changes = instead_of is not None and not anew
        asks, unfolded = _asks(by, lender, wish, whom.borrower, to_come=changes)
        if not asks:
            raise BookingRefused(unfolded.impossible)
        if begin_months(demand for ask in asks for demand in ask.demands):
            raise StaleFacts
        plan = WriteInPlan(
            unfolded.wish,
            asks,
            by,
            lender,
            whom,
            impossible=unfolded.impossible,
            dates=unfolded.dates,
            instead_of=instead_of,
        )
        booking, lines = commit(plan, now=by.now, by=by, quiet=quiet)
        told = sorted(plan.refused, key=lambda one: (one.index, one.on or date.min))
        return Requested(booking, tuple(lines), tuple(told))

    try:
        return with_fresh_facts(store)
    except DoesNotFit:
        raise BookingRefused([Reason("taken", "fact", _("It is taken at that time."))]) from None
