"""Other things at the time that was wished for: one that has it all, or several owners together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bookings.facts.ask import Ask
from bookings.facts.demands import Taken
from bookings.facts.resource import ResourceFacts
from bookings.queries.claims import live_claims
from bookings.queries.facts import facts_by_id, facts_by_uid
from bookings.queries.likes import Like, likes_of
from bookings.rules import Verb, judge
from bookings.rules.room import free_units
from bookings.spans import Span
from cooperative.access.viewer import Viewer

from .judging.answers import Answer
from .judging.asks import ask_for, days_around

MOST_OWNERS = 4
EACH_KIND = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """A thing like the one asked for, as it would be asked for; `free` of it at that time, 0 where it may not be."""

    like: Like
    ask: Ask
    free: int


@dataclass(frozen=True, slots=True)
class Companions:
    """What things come only with, by public id, and all that is claimed around."""

    facts: Mapping[UUID, ResourceFacts]

    def come_along(self, ask: Ask, taken: Sequence[Taken]) -> bool:
        """Whether what it comes only with is free as well."""
        counted = [*taken, *(one.as_taken() for one in ask.demands)]
        for brought in ask.resource.comes_with:
            resource = self.facts.get(brought.uid)
            if resource is None:
                return False
            bare = replace(ask, resource=resource, units=brought.units, brought=True)
            beside = replace(bare, taken=of(resource, counted))
            if judge(beside, "bring"):
                return False
            counted.extend(one.as_taken() for one in beside.demands)
        return True


def companions_of(resources: Sequence[ResourceFacts], around: Span) -> Companions:
    """One statement, none where nothing comes along."""
    wanted = {brought.uid for one in resources for brought in one.comes_with}
    if not wanted:
        return Companions({})
    since, until = days_around([around])
    return Companions(facts_by_uid(wanted, since=since, until=until))


def things_like(
    answer: Answer, beside: Sequence[Taken], *, by: Viewer, verb: Verb = "ask"
) -> list[Beside]:
    """Things like the one asked for that may be asked for at that time, the most alike first, with what is free.

    `beside` is what the rest of the request takes. What is written in is the owner's own: of nobody else's things.
    At most five statements.
    """
    likes = likes_of(answer.ask.resource, viewer=by, own_alone=verb == "write_in")
    if not likes:
        return []
    since, until = days_around([answer.wish.use])
    facts = facts_by_id([like.id for like in likes], since=since, until=until)
    together = companions_of(list(facts.values()), answer.wish.use)
    everything = [*facts.values(), *together.facts.values()]
    longest = max(resource.turnover for resource in everything)
    taken = claimed(everything, answer.wish.use.widen(after=longest), beside, by=by)
    found = []
    for like in likes:
        resource = facts[like.id]
        bare = ask_for(
            resource,
            answer.wish,
            by=by,
            borrower=answer.ask.borrower,
            borrower_state=answer.ask.borrower_state,
        )
        ask = replace(
            bare,
            taken=of(resource, taken),
            open_holds=answer.ask.open_holds,
            paused_until=answer.ask.paused_until,
        )
        free = min(free_units(ask, ask.taken), ask.units)
        fitting = replace(ask, units=free)
        along = verb == "write_in" or together.come_along(fitting, taken)
        if free and not judge(fitting, verb) and along:
            fee = bool(ask.terms and ask.terms.agreed.get("fee_amount"))
            found.append(Beside(replace(like, fee=fee), ask, free_units(ask, ask.taken)))
    return sorted(found, key=lambda one: one.like.key)


def whole(found: Sequence[Beside], units: int) -> list[Beside]:
    """Those that have as many as are wanted."""
    return [one for one in found if one.free >= units][:EACH_KIND]


def divided(found: Sequence[Beside], missing: int, *, owners: int) -> list[tuple[Beside, int]]:
    """`missing` units over as few as will do, the largest first, of at most `owners` owners; empty where too few."""
    parts: list[tuple[Beside, int]] = []
    houses: set[int] = set()
    for one in sorted(found, key=lambda other: -other.free):
        if missing <= 0:
            break
        house = one.ask.resource.owner
        if house not in houses and len(houses) == owners:
            continue
        houses.add(house)
        units = min(one.free, missing)
        parts.append((one, units))
        missing -= units
    return parts if missing <= 0 else []


def claimed(
    resources: Sequence[ResourceFacts], within: Span, beside: Sequence[Taken], *, by: Viewer
) -> tuple[Taken, ...]:
    """What is taken of things around a time, and what the rest of the request takes besides. One statement or two."""
    capacities = {number for resource in resources for number in resource.capacities}
    rows = live_claims(capacities, within, now=by.now)
    return (*beside, *(row.taken() for row in rows))


def of(resource: ResourceFacts, taken: Sequence[Taken]) -> tuple[Taken, ...]:
    mine = set(resource.capacities)
    return tuple(claim for claim in taken if claim.capacity in mine)
