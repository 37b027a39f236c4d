"""Why a commit is begun once more."""

from __future__ import annotations

from collections.abc import Collection


class StartAgain(Exception):
    """Bookings or capacities outside the locked set turned out to matter: lock them too, from the start."""

    def __init__(self, bookings: Collection[int] = (), capacities: Collection[int] = ()) -> None:
        super().__init__()
        self.bookings = frozenset(bookings)
        self.capacities = frozenset(capacities)


class StaleFacts(Exception):
    """What was read before the locks is no longer so: read it again, from the start."""
