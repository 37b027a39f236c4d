"""My request: several things gathered with one set of dates, before they are sent. Holds no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Line
from bookings.permissions import may_ask_for
from bookings.queries.fetching import fetching_for
from bookings.spans import Span
from bookings.states import BookingState, LineState
from bookings.wishes import (
    DESCRIPTION,
    MOST_LINES,
    BookingWish,
    LineWish,
    validate_description,
    validate_line,
)
from cooperative.access.viewer import Viewer
from cooperative.errors import Busy, Conflict, Forbidden, Invalid, NotFound

from .judging.answers import Answer
from .judging.asks import load_asks
from .request.lines import fill_line
from .request.sending import request_booking
from .request.stored import Requested


def current_request(*, by: Viewer) -> Booking | None:
    """The request that this person is putting together for the institution they act for."""
    if by.person is None or by.acting_for is None:
        return None
    return (
        Booking.objects.visible_to(by)
        .filter(person=by.person, borrower=by.acting_for, state=BookingState.DRAFT)
        .order_by("-pk")
        .first()
    )


def add_line(*, by: Viewer, wish: LineWish) -> Line:
    """Put one more thing into my request, which is begun where there is none.

    Raises `Invalid`, `Forbidden`, `UnknownResource`.
    """
    if by.acting_for is None or not may_ask_for(by, by.acting_for):
        raise Forbidden(_("You do not act for an institution yet."))
    validate_line(wish)
    ask = load_asks(
        BookingWish((wish,)), by=by, borrower=by.acting_for, borrower_state=by.acting_state
    )[0]
    with transaction.atomic():
        booking = _begun(by)
        lines = Line.objects.visible_to(by).filter(booking=booking)
        count = lines.count()
        if count >= MOST_LINES:
            raise Invalid({"lines": _("A request has at most 366 items.")})
        same = lines.filter(
            resource=ask.resource.id,
            use_starts_at=ask.use.start,
            use_ends_at=ask.use.end,
            units=ask.units,
        ).first()
        if same is not None:  # a second click
            return same
        line = Line(
            booking=booking, position=count, resource_id=ask.resource.id, state_since=by.now
        )
        fill_line(line, Answer(count, wish, ask, (), None))
        line.terms = {}
        line.save(force_insert=True)
        return line


def add_instead(*, by: Viewer, wishes: Sequence[LineWish], line: UUID | None = None) -> list[Line]:
    """Put all of `wishes` into my request, in place of its `line` where one is given. All or none.

    Raises as `add_line`.
    """
    with transaction.atomic():
        added = [add_line(by=by, wish=wish) for wish in wishes]
        if line is not None and all(one.uid != line for one in added):
            remove_line(by=by, line=line)
    return added


def _begun(by: Viewer) -> Booking:
    """My request, locked so that it is not sent meanwhile; begun where there is none."""
    for _attempt in range(3):
        booking = current_request(by=by)
        if booking is None:
            # Of two first clicks at once one makes the draft; the other finds it.
            fresh = Booking(borrower_id=by.acting_for, person_id=by.person, created_at=by.now)
            Booking.objects.bulk_create([fresh], ignore_conflicts=True)
            booking = current_request(by=by)
        locked = _locked(by, booking.pk) if booking is not None else None
        if locked is not None:
            return locked
    raise Busy


def _locked(by: Viewer, booking: int) -> Booking | None:
    """A draft, locked to the end of the transaction; None where it was sent or thrown away."""
    drafts = Booking.objects.visible_to(by).filter(pk=booking, state=BookingState.DRAFT)
    return drafts.select_for_update(no_key=True, of=("self",)).first()


def _draft_line(by: Viewer, line: UUID) -> Line | None:
    """A line of a draft that is locked with it; None where it is no longer one."""
    mine = Line.objects.visible_to(by).filter(uid=line, state=LineState.DRAFT)
    found = mine.filter(booking__person=by.person).first()
    if found is None or _locked(by, found.booking_id) is None:
        return None
    return mine.select_related("booking").first()


def remove_line(*, by: Viewer, line: UUID) -> None:
    """Take a thing out of my request; an emptied request is gone. Repeating is harmless."""
    with transaction.atomic():
        found = _draft_line(by, line)
        if found is None:
            return
        booking = found.booking
        found.delete()
        if not Line.objects.visible_to(by).filter(booking=booking).exists():
            booking.delete()


def change_units(*, by: Viewer, line: UUID, units: int) -> Line:
    """How many of it. Raises `Invalid`, `NotFound`."""
    with transaction.atomic():
        found = _draft_line(by, line)
        if found is None:
            raise NotFound
        validate_line(replace(wish_of_line(found), units=units))
        found.units = units
        found.save(update_fields=["units"])
        return found


def set_dates(*, by: Viewer, booking: UUID, starts_at: datetime, ends_at: datetime) -> Booking:
    """One set of dates, those of the event, for everything in the request but what has dates of its own.

    Set-up and strike are kept; what is fetched is fetched before and brought back after, in its keeper's hours.
    """
    if starts_at >= ends_at:
        raise Invalid({"ends_at": _("The end must be after the start.")})
    with transaction.atomic():
        found = _draft(by, booking)
        changed = []
        mine = Line.objects.visible_to(by).filter(booking=found, state=LineState.DRAFT)
        lines = list(mine.filter(session=None))
        event = Span(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
        desks = fetching_for([(line.resource_id, event) for line in lines])
        for line, desk in zip(lines, desks, strict=True):
            use = desk.use
            wish = LineWish(
                resource=UUID(int=0),
                starts_at=use.start,
                ends_at=use.end,
                event_starts_at=event.start,
                event_ends_at=event.end,
                units=line.units,
                setup_minutes=line.setup_minutes,
                strike_minutes=line.strike_minutes,
            )
            validate_line(wish)
            line.use_starts_at, line.use_ends_at = wish.use.start, wish.use.end
            line.event_starts_at, line.event_ends_at = wish.event.start, wish.event.end
            changed.append(line)
        Line.objects.visible_to(by).bulk_update(
            changed, ["use_starts_at", "use_ends_at", "event_starts_at", "event_ends_at"]
        )
        return found


def describe(*, by: Viewer, booking: UUID, **fields: Any) -> Booking:
    """Save what the request is for (fields of `wishes.DESCRIPTION`, `all_or_nothing`)."""
    known = {
        name: value for name, value in fields.items() if name in {*DESCRIPTION, "all_or_nothing"}
    }
    validate_description(known)
    with transaction.atomic():
        found = _draft(by, booking)
        for name, value in known.items():
            setattr(found, name, value)
        if known:
            found.save(update_fields=list(known))
        return found


def wish_of(
    booking: Booking, lines: list[Line], *, uids: dict[int, UUID], ask_anyway: str = ""
) -> BookingWish:
    """The stored request as a wish; `uids` maps resource ids to public ids."""
    return BookingWish(
        lines=tuple(wish_of_line(line, uids[line.resource_id]) for line in lines),
        all_or_nothing=booking.all_or_nothing,
        ask_anyway=ask_anyway,
        **{name: getattr(booking, name) for name in DESCRIPTION},
    )


def send(*, by: Viewer, booking: UUID, ask_anyway: str = "") -> Requested:
    """Send my request. A second click gets the first one's answer.

    Raises as `request_booking`, and `Conflict` for one that was taken back; the draft stays as it was.
    """
    found = Booking.objects.visible_to(by).filter(uid=booking).first()
    if found is None:
        raise NotFound
    if by.acting_for is None or found.borrower_id != by.acting_for:
        raise Forbidden
    lines = list(
        Line.objects.visible_to(by)
        .filter(booking=found)
        .select_related("resource")
        .order_by("position", "pk")
    )
    if found.sent_at is not None:
        return Requested(found, tuple(lines))
    lines = [line for line in lines if line.state == LineState.DRAFT]
    if not lines:  # taken back, by oneself or by a colleague
        raise Conflict
    wish = wish_of(
        found,
        lines,
        uids={line.resource_id: line.resource.uid for line in lines},
        ask_anyway=ask_anyway,
    )
    return request_booking(by=by, institution=by.acting_for, wish=wish, draft=found.pk)


def _draft(by: Viewer, booking: UUID) -> Booking:
    """My request, locked to the end of the transaction."""
    mine = Booking.objects.visible_to(by).filter(uid=booking, person=by.person)
    number = mine.values_list("pk", flat=True).first()
    found = _locked(by, number) if number is not None else None
    if found is None:
        raise NotFound
    return found


def wish_of_line(line: Line, resource: UUID | None = None) -> LineWish:
    """A line as it would be asked for again."""
    setup, strike = timedelta(minutes=line.setup_minutes), timedelta(minutes=line.strike_minutes)
    core = Span(line.use_starts_at + setup, line.use_ends_at - strike)
    event = Span(line.event_starts_at, line.event_ends_at)
    return LineWish(
        resource=resource or UUID(line.shown["uid"]),
        starts_at=core.start,
        ends_at=core.end,
        event_starts_at=None if event == core else event.start,
        event_ends_at=None if event == core else event.end,
        units=line.units,
        setup_minutes=line.setup_minutes,
        strike_minutes=line.strike_minutes,
        second_in_line=line.second_in_line,
    )
