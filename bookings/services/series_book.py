"""The series and watched dates of one commit: those it makes and those it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bookings.models import Series, Watch
from bookings.states import WatchState
from cooperative.access.querysets import SYSTEM
from cooperative.statements import insert_all

_SERIES = ("rule", "exceptions", "additions", "first_on", "until_on", "version")
_WATCH = ("state", "state_since", "version")


@dataclass
class SeriesBook:
    """Lines, blocks and sessions that are made in the same commit may name a series of `made` before it has an id."""

    made: list[Series] = field(default_factory=list)
    changed: list[Series] = field(default_factory=list)
    watched: list[Watch] = field(default_factory=list)
    watches_changed: list[Watch] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    """Watches (database ids) that nobody is to be offered anything for any more."""

    def write(self) -> None:
        """Series and watches whose bookings are stored by now; the others when it is called again, after those."""
        insert_all(_ready(self.made))
        insert_all(_ready(self.watched))
        self.made = [one for one in self.made if not one.pk]
        self.watched = [one for one in self.watched if not one.pk]
        for series in self.changed:
            series.version += 1
        if self.changed:
            Series.objects.bulk_update(self.changed, _SERIES)
        if self.watches_changed:
            Watch.objects.visible_to(SYSTEM).bulk_update(self.watches_changed, _WATCH)
        self.changed, self.watches_changed = [], []

    def end_watches(self, watches: Iterable[Watch], state: WatchState, *, now: datetime) -> None:
        """They are watched no longer."""
        for watch in watches:
            watch.state = state
            watch.state_since = now
            watch.version += 1
            self.watches_changed.append(watch)
            self.left.add(watch.pk)


_Row = TypeVar("_Row", Series, Watch)


def _ready(rows: Iterable[_Row]) -> list[_Row]:
    return [row for row in rows if row.booking is None or row.booking.pk]
