"""The demo while it is made: who is there, and what time it is for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bookings.spans import wall
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.networks.models import Network, Partnership
from cooperative.people.models import Person
from sharing.models import Resource
from sharing.public_holidays import public_holidays

BEFORE = timedelta(days=120)
"""How long the cooperative has been there when the demo begins."""


@dataclass
class World:
    """`now` is the instant of loading (UTC, whole minutes); `today` that day in Wrocław."""

    now: datetime
    today: date
    houses: dict[str, Institution] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    networks: dict[str, Network] = field(default_factory=dict)
    partnerships: dict[frozenset[str], Partnership] = field(default_factory=dict)
    things: dict[str, Resource] = field(default_factory=dict)
    _viewers: dict[tuple[str, str], Viewer] = field(default_factory=dict)
    _holidays: dict[int, set[date]] = field(default_factory=dict)

    @property
    def founded(self) -> datetime:
        return self.now - BEFORE

    def system(self, at: datetime | None = None) -> Viewer:
        return replace(SYSTEM, now=at or self.founded)

    def forget_viewers(self) -> None:
        """Networks and partnerships give rights: after making them everybody is looked up anew."""
        self._viewers.clear()

    def viewer(self, house: str, role: str = "keeper", at: datetime | None = None) -> Viewer:
        """Somebody of `house` at `at` (default: now); who they may be is read once, as of now."""
        key = (house, role)
        if key not in self._viewers:
            self._viewers[key] = viewer_for(
                person=self.people[f"{role}.{house}"],
                acting_for=self.houses[house].pk,
                now=self.now,
            )
        return replace(self._viewers[key], now=at or self.now)

    def moderator(self, at: datetime | None = None) -> Viewer:
        return viewer_for(person=self.people["moderator"], acting_for=None, now=at or self.now)

    def time(self, days: int, clock: str, zone: str = "Europe/Warsaw") -> datetime:
        """A wall-clock time so many days from today, as an instant."""
        hour, minute = clock.split(":")
        day = self.today + timedelta(days=days)
        return wall(day, int(hour) * 60 + int(minute), ZoneInfo(zone))

    def days_to(self, weekday: int, *, after: int = 0, quiet_days: bool = True) -> int:
        """Days until the first `weekday` (0 = Monday) more than `after` days ahead.

        With `quiet_days` a week later while a public holiday is near: nobody would hand anything out.
        """
        ahead = after + 1
        ahead += (weekday - (self.today + timedelta(days=ahead)).weekday()) % 7
        while quiet_days and self.near_holiday(ahead):
            ahead += 7
        return ahead

    def near_holiday(self, days: int) -> bool:
        """Whether a public holiday lies from the day before to three days after."""
        return any(self._is_holiday(days + near) for near in range(-1, 4))

    def office_hour(self, days: int, chance: Random) -> datetime:
        """Some minute of that day on which people write requests; never after now."""
        asked = self.time(days, f"{chance.randrange(8, 18)}:{chance.choice(('05', '20', '40'))}")
        return min(asked, self.now - timedelta(minutes=30 + chance.randrange(90)))

    def _is_holiday(self, days: int) -> bool:
        day = self.today + timedelta(days=days)
        if day.year not in self._holidays:
            self._holidays[day.year] = set(public_holidays("PL", day.year))
        return day in self._holidays[day.year]
