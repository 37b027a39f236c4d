"""Where a person stands: the houses they belong to and which of them they act for. Pure; `queries` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

SESSION_KEY = "acting_for"
"""Under this key a web session keeps the uid (text) of the institution that the person chose to act for."""


@dataclass(frozen=True, slots=True)
class House:
    """An institution as one of its people sees it: enough for the switch and for `acting for`.

    `id` is the database id (never shown), `uid` the public one, `time_zone` an IANA name, `country` and `region` ISO
    3166-1 and 3166-2 codes.
    """

    id: int
    uid: UUID
    name: str
    short_name: str
    kind: str
    state: str
    time_zone: str
    role: str
    country: str = ""
    region: str = ""

    @property
    def title(self) -> str:
        return self.short_name or self.name

    @property
    def active(self) -> bool:
        return self.state == "active"

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class Standing:
    """The houses of a person, in the order they came to them, and their roles in the whole cooperative."""

    houses: tuple[House, ...] = ()
    moderator: bool = False
    administrator: bool = False

    def house(self, institution: int | None) -> House | None:
        return next((house for house in self.houses if house.id == institution), None)


def chosen_house(houses: Sequence[House], chosen: object) -> House | None:
    """The house with the uid `chosen` (text or UUID); else the only or first one; None where there is none.

    A choice that is no longer theirs is passed over: it is never trusted.
    """
    for house in houses:
        if str(house.uid) == str(chosen):
            return house
    return houses[0] if houses else None
