"""The seats of a line as rows: made when it is sent, and again where it grew since."""

from __future__ import annotations

from collections.abc import Iterable

from bookings.models import Line, Seat
from cooperative.access.querysets import SYSTEM
from cooperative.statements import insert_all


def make_seats(lines: Iterable[Line]) -> None:
    """Nameless seats for lines that are sent now. One statement, none where nothing has seats."""
    insert_all(
        [
            Seat(line=line, position=position)
            for line in lines
            if line.session_id is not None
            for position in range(line.units)
        ]
    )


def seats_locked(line: Line) -> list[Seat]:
    """The seats that a line (read afresh) has now, in order, locked; made where there are too few."""
    mine = Seat.objects.visible_to(SYSTEM).filter(line=line)
    kept = mine.filter(dropped_at=None).order_by("position")
    found = list(kept.select_for_update(no_key=True)[: line.units])
    missing = line.units - len(found)
    if missing:
        last = mine.order_by("-position").values_list("position", flat=True).first()
        first = 0 if last is None else last + 1
        rows = [Seat(line=line, position=first + number) for number in range(missing)]
        Seat.objects.bulk_create(rows, ignore_conflicts=True)
        found = list(kept.select_for_update(no_key=True)[: line.units])
    return found
