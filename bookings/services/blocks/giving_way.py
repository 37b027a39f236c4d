"""Who gives way to what an owner takes for itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused
from bookings.queries.claims import ClaimRow
from bookings.reasons import Reason
from bookings.spans import Load, Span, loads
from bookings.states import HITTABLE, LineState


def gives_way(row: ClaimRow) -> bool:
    return row.offer is not None or row.line_state in HITTABLE


def choose_hit(
    rows: Collection[ClaimRow],
    window: Span,
    units: int,
    size: int,
    *,
    prefer: Collection[int] | None = None,
    beside_own: bool = False,
) -> list[ClaimRow]:
    """The claims that have to give way so that `units` fit beside what is out: proposals, the owner's choice, then
    unanswered lines, then the latest confirmed. Raises `BookingRefused` where the owner's own use is in the way, unless
    it fits `beside_own`."""
    stays = [row for row in rows if (beside_own or row.line is not None) and not gives_way(row)]
    left = [row for row in rows if row not in stays]
    chosen: list[ClaimRow] = []

    def order(row: ClaimRow) -> tuple[bool, bool, bool, int]:
        return (
            row.offer is None,
            row.line not in (prefer or ()),
            row.line_state == LineState.CONFIRMED,
            -(row.line or 0),
        )

    movable = sorted((row for row in left if gives_way(row)), key=order)
    while (over := _too_full(left, stays, window, units, size)) is not None:
        row = next((row for row in movable if row.span.overlaps(over)), None)
        if row is None:
            raise BookingRefused(
                [
                    Reason(
                        "taken_by_yourself",
                        "fact",
                        _("You have entered this time for yourself already."),
                    )
                ]
            )
        movable.remove(row)
        left.remove(row)
        chosen.append(row)
    return chosen


def _too_full(
    rows: Iterable[ClaimRow], stays: Iterable[ClaimRow], window: Span, units: int, size: int
) -> Span | None:
    """The first time at which `rows` leave no room for `units`, or for as many of them as are not out then."""
    load = [Load(row.span, row.units) for row in rows]
    for out in loads([Load(row.span, row.units) for row in stays], window):
        room = size - out.units
        for step in loads(load, out.span):
            if step.units + min(units, room) > room:
                return step.span
    return None
