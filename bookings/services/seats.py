"""Who comes: names and needs of the people on a line's seats, written by both sides, and one seat given back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.facts.resource import ResourceFacts
from bookings.models import Line, Seat
from bookings.permissions import may_name_people
from bookings.queries.facts import facts_by_id
from bookings.queries.seats import tag_of_seats
from bookings.services.parties import parties_of
from bookings.spans import Span
from bookings.states import FIRM, LIVE, WAITING, LineState
from bookings.wishes import Errors, check_text
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from cooperative.events.services import NewEvent, record
from cooperative.text import LANGUAGES

from .commit import commit
from .judging.asks import days_around
from .scene import Scene
from .seating import seats_locked

ERASED_AFTER = timedelta(days=30)
BATCH = 1_000
GIVES_BACK = WAITING | {LineState.CONFIRMED, LineState.TO_SETTLE}
"""States in which one place can go and the others stay."""
LONGEST = {"name": 200, "email": 254, "access_needs": 500, "food_needs": 500}


@dataclass(frozen=True, slots=True)
class SeatWish:
    """What is to be known of the person on one seat of a line, by its `position`; empty = not known."""

    position: int
    name: str = ""
    email: str = ""
    language: str = ""
    access_needs: str = ""
    food_needs: str = ""


SAID = tuple(one.name for one in fields(SeatWish) if one.name != "position")


def set_seat(
    *,
    by: Viewer,
    line: UUID,
    position: int,
    name: str = "",
    email: str = "",
    language: str = "",
    access_needs: str = "",
    food_needs: str = "",
) -> Seat:
    """Write who comes on one seat; what is left out is emptied. Both sides may, while it is not called off.

    Raises `Invalid`, `Conflict`, `Forbidden`, `NotFound`.
    """
    wish = SeatWish(position, name, email, language, access_needs, food_needs)
    with transaction.atomic():
        found, seats = _opened(by, line)
        return _write(by, found, seats, [wish])[0]


def set_seats(
    *, by: Viewer, line: UUID, seats: Sequence[SeatWish], seen: str | None = None
) -> list[Seat]:
    """Write who comes on all seats of a line; a seat that is left out is emptied.

    `seen` is the `tag_of_seats` that the list was made from, None = whatever there is. Raises as `set_seat`, and
    `Stale`.
    """
    with transaction.atomic():
        found, there = _opened(by, line)
        if seen is not None and seen != tag_of_seats(there):
            raise Stale
        named = {wish.position for wish in seats}
        empty = [SeatWish(seat.position) for seat in there if seat.position not in named]
        _write(by, found, there, [*seats, *empty])
        return there


def _opened(by: Viewer, uid: UUID) -> tuple[Line, list[Seat]]:
    """The line and its seats, locked, for somebody who may write there."""
    line = Line.objects.visible_to(by).select_related("booking").filter(uid=uid).first()
    if line is None:
        raise NotFound
    if not may_name_people(line, line.booking, by):
        raise Forbidden
    if line.session_id is None:
        raise Invalid({"seats": _("Only what has places per date has a list of people.")})
    if line.state not in LIVE | FIRM:
        raise Conflict(_("It was called off: nobody comes."))
    seats = seats_locked(line)
    line.refresh_from_db(fields=["units"])  # one may have been given back while we waited
    return line, seats[: line.units]


def _write(by: Viewer, line: Line, seats: Sequence[Seat], wishes: Sequence[SeatWish]) -> list[Seat]:
    by_position = {seat.position: seat for seat in seats}
    errors = Errors()
    for index, wish in enumerate(wishes):
        at = f"seats.{index}."
        once = wish.position not in {one.position for one in wishes[:index]}
        errors.check(once, f"{at}position", _("Each place only once."))
        there = wish.position in by_position
        errors.check(there, f"{at}position", _("There is no such place."))
        _check(wish, errors, at)
    errors.refuse()
    changed = []
    for wish in wishes:
        seat = by_position[wish.position]
        said = {name: getattr(wish, name).strip() for name in SAID}
        if all(getattr(seat, name) == value for name, value in said.items()):
            continue
        if seat.erased_at is not None:
            raise Conflict(_("Names are not kept longer than 30 days after the date."))
        for name, value in said.items():
            setattr(seat, name, value)
        seat.version += 1
        seat.save(update_fields=[*SAID, "version"])
        changed.append(seat)
    if changed:
        record([_event("name_seats", line, changed, by)], now=by.now)
    return [by_position[wish.position] for wish in wishes]


def _check(wish: SeatWish, errors: Errors, at: str) -> None:
    known = not wish.language or wish.language in LANGUAGES
    errors.check(known, f"{at}language", _("Choose one of the languages."))
    if wish.email.strip():
        try:
            validate_email(wish.email.strip())
        except ValidationError:
            errors.check(False, f"{at}email", _("This is not an e-mail address."))
    for name, longest in LONGEST.items():
        check_text(getattr(wish, name), errors, f"{at}{name}", longest)


# --- one seat given back ------------------------------------------------------------------------------
@dataclass
class DropPlan:
    """Give one seat of a line back; the others stay."""

    seat: Seat
    line: Line
    resource: ResourceFacts
    actor: Viewer

    @property
    def capacities(self) -> Collection[int]:
        return () if self.line.session is None else (self.line.session.capacity_id,)

    @property
    def bookings(self) -> Collection[int]:
        return (self.line.booking_id,)

    @property
    def window(self) -> Span:
        return Span(self.line.use_starts_at, self.line.use_ends_at)

    def decide(self, scene: Scene) -> Line:
        line = scene.lines[self.line.pk]
        seat = Seat.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=self.seat.pk)
        if seat.dropped_at is not None:
            return line
        if line.state not in GIVES_BACK:
            raise Conflict(
                _("This is no longer possible: it is “%(state)s” now.")
                % {"state": LineState(line.state).label}
            )
        if line.units <= 1:
            raise Conflict(_("It is the last place. Cancel the booking instead."), code="last_seat")
        self._shrink(scene, line)
        seat.dropped_at = scene.now
        seat.version += 1
        seat.save(update_fields=["dropped_at", "version"])
        scene.log(_event("drop_seat", line, [seat], self.actor))
        return line

    def _shrink(self, scene: Scene, line: Line) -> None:
        """One unit less of the line and of what it claims; who waits for a place is offered it in the same commit."""
        claimed, until = bool(scene.claims_of(line)), line.expires_at
        line.units -= 1
        scene.end_offers_of(line)
        if line.least_units is not None:
            line.least_units = min(line.least_units, line.units)
        if claimed:
            scene.release(line)
            scene.claim(line, self.resource.demands(self.window, line.units), until)
            line.expires_at = until
        scene.touch(line)


def drop_seat(*, by: Viewer, seat: UUID) -> Line:
    """Give one place back without cancelling the rest; the other side is told. Repeating is harmless.

    Raises `Conflict` (`last_seat` for the only one), `Forbidden`, `NotFound`.
    """
    found = (
        Seat.objects.visible_to(by)
        .select_related("line__booking", "line__session")
        .filter(uid=seat)
        .first()
    )
    if found is None:
        raise NotFound
    if not may_name_people(found.line, found.line.booking, by):
        raise Forbidden
    since, until = days_around([Span(found.line.use_starts_at, found.line.use_ends_at)])
    facts = facts_by_id([found.line.resource_id], since=since, until=until)
    plan = DropPlan(found, found.line, facts[found.line.resource_id], by)
    return commit(plan, now=by.now, by=by)


# --- nothing is kept of people longer than it is needed -----------------------------------------------
def erase_seats(*, now: datetime) -> int:
    """Empty names and needs 30 days after the end of use; how many seats. At most 1,000 at a time."""
    with transaction.atomic():
        old = list(
            Seat.objects.visible_to(SYSTEM)
            .filter(erased_at=None, line__use_ends_at__lte=now - ERASED_AFTER)
            .select_related("line__booking")
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .order_by("line_id", "position")[:BATCH]
        )
        said = [seat for seat in old if any(getattr(seat, name) for name in SAID)]
        events = [
            _event("erase_seats", seats[0].line, seats, None)
            for _line, found in groupby(said, key=lambda seat: seat.line_id)
            if (seats := list(found))
        ]
        Seat.objects.visible_to(SYSTEM).filter(pk__in=[seat.pk for seat in old]).update(
            erased_at=now, **dict.fromkeys(SAID, "")
        )
        record(events, now=now)
    return len(old)


def _event(verb: str, line: Line, seats: Sequence[Seat], by: Viewer | None) -> NewEvent:
    """Told by the numbers of places; whose they are stands in none of it."""
    booking = line.booking
    return NewEvent(
        verb=f"booking.{verb}",
        subject_kind="booking",
        subject_uid=booking.uid,
        parties=parties_of(booking, [line.lender_id]),
        data={
            "lines": [
                {
                    "line": str(line.uid),
                    "resource": line.shown.get("uid", ""),
                    "units": line.units,
                    "seats": [str(seat.uid) for seat in seats],
                }
            ]
        },
        actor=by.person if by else None,
        acting_for=by.acting_for if by else None,
    )
