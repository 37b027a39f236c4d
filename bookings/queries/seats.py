"""Who comes: the seats of lines, and all people of one date."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from bookings.models import Line, Seat, SeatedSession
from bookings.states import FIRM, LIVE
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound


@dataclass(frozen=True, slots=True)
class SeatedParty:
    """A booking that has places on a date: its line, with booking and borrower, and its seats in order.

    `given_back` were places of it once, kept so that the list tells who was to come.
    """

    line: Line
    seats: tuple[Seat, ...]
    given_back: tuple[Seat, ...]


def seats_of(lines: Collection[Line], *, viewer: Viewer) -> dict[int, list[Seat]]:
    """The seats that each line has now, by its database id, in order. One statement, none for none."""
    dated = {line.pk: line.units for line in lines if line.session_id is not None}
    found: dict[int, list[Seat]] = {number: [] for number in dated}
    if dated:
        rows = Seat.objects.visible_to(viewer).filter(line__in=list(dated), dropped_at=None)
        for seat in rows.order_by("line_id", "position"):
            if len(found[seat.line_id]) < dated[seat.line_id]:
                found[seat.line_id].append(seat)
    return found


def seat_for(*, viewer: Viewer, uid: UUID) -> Seat:
    """One seat with its line. Raises `NotFound`."""
    found = Seat.objects.visible_to(viewer).select_related("line").filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def parties_of(session: SeatedSession, *, viewer: Viewer) -> list[SeatedParty]:
    """All bookings with places on a date, as far as the viewer may read them: those that hold, then those that wait.

    Two statements.
    """
    lines = list(
        Line.objects.visible_to(viewer)
        .filter(session=session, lender__in=list(viewer.institutions), state__in=LIVE | FIRM)
        .select_related("booking", "booking__borrower", "booking__person")
        .order_by("sent_at", "pk")
    )
    lines.sort(key=lambda line: line.state not in FIRM)
    rows = Seat.objects.visible_to(viewer).filter(line__in=lines).order_by("position")
    by_line: dict[int, list[Seat]] = {}
    for seat in rows:
        by_line.setdefault(seat.line_id, []).append(seat)
    return [
        SeatedParty(
            line,
            tuple(s for s in by_line.get(line.pk, ()) if s.dropped_at is None)[: line.units],
            tuple(s for s in by_line.get(line.pk, ()) if s.dropped_at is not None),
        )
        for line in lines
    ]


def tag_of_seats(seats: Iterable[Seat]) -> str:
    """What is known of them now in one short word: a list made from another word is out of date."""
    said = " ".join(f"{seat.uid}:{seat.version}" for seat in seats)
    return hashlib.sha256(said.encode()).hexdigest()[:20]
