"""Who is there on the day, for many lines at once."""

from __future__ import annotations

from collections.abc import Iterable

from bookings.models import Line
from bookings.on_the_day import DayContact, contacts_open, owners_side
from cooperative.access.viewer import Viewer


def owners_on_the_day(lines: Iterable[Line], *, viewer: Viewer) -> dict[int, DayContact]:
    """The owner's contact by line id, for those that the viewer's institutions borrow and may know. One statement."""
    told = [
        line.pk
        for line in lines
        if line.borrower_id in viewer.institutions and contacts_open(line, viewer.now)
    ]
    if not told:
        return {}
    rows = Line.objects.visible_to(viewer).filter(pk__in=told)
    return {line.pk: owners_side(line) for line in rows.select_related("resource", "lender")}
