"""Who of a house hears of its things: who is named for them, else all who look after things. Pure.

Who is away is left out and their deputy hears instead; where nobody would be left all hear, never nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

KEEPING = ("keeper", "manager")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a house: person and deputy by database id; `away` today, on the house's calendar."""

    person: int
    role: str
    email: str = ""
    away: bool = False
    deputy: int | None = None


def hearers(people: Sequence[Colleague], named: Collection[int] = ()) -> list[int]:
    """The persons who hear of a thing for which `named` are named (empty = nobody), in the order of `people`."""
    keeping = [one for one in people if one.role in KEEPING]
    there = [one.person for one in keeping if not one.away]
    meant = [one for one in keeping if one.person in named]
    found = {person for one in meant if (person := _or_deputy(one, keeping)) is not None}
    if not meant or not found:
        found = set(there) or {one.person for one in keeping}
    return [one.person for one in keeping if one.person in found]


def deputies(people: Sequence[Colleague], named: Collection[int] = ()) -> list[int]:
    """Who is asked next where those who hear did not answer: deputies of who is named, else all who are there."""
    keeping = [one for one in people if one.role in KEEPING]
    chosen = {one.deputy for one in keeping if one.person in named and one.deputy is not None}
    first = set(hearers(people, named))
    next_ones = [one for one in keeping if one.person in chosen and not one.away]
    later = [one.person for one in next_ones if one.person not in first]
    return later or hearers(people)


def managers(people: Sequence[Colleague]) -> list[int]:
    """Who runs the house and is there; where all of them are away all of them, where there is none who keeps."""
    running = [one for one in people if one.role == "manager"]
    there = [one.person for one in running if not one.away]
    return there or [one.person for one in running] or hearers(people)


def _or_deputy(one: Colleague, keeping: Sequence[Colleague]) -> int | None:
    """The person, or while they are away the first of their deputies, and of theirs, who is there."""
    by_person = {other.person: other for other in keeping}
    seen: set[int] = set()
    while one.away:
        seen.add(one.person)
        following = by_person.get(one.deputy or 0)
        if following is None or following.person in seen:
            return None
        one = following
    return one.person
