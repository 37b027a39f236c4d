"""Every reason for a no, one small function each.

All rules of a verb run and all their reasons come back. `ask` = sending; `period` and `length` = sending a length that
is wished for in a period, of which no more can be said yet; `bring` = what a thing comes only with;
`approve` = the owner answers, judged by what can have become false since; `accept` = a proposal is taken; `move` = what
is promised is to be changed; `extend` = what is out is to stay out, which only facts refuse; `revive` = reopening and
settling; `block` judges nothing: facts are never refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from bookings.facts.ask import Ask
from bookings.reasons import Reason

from . import hours, parties, room, terms

Verb = Literal[
    "ask", "period", "length", "bring", "write_in", "approve", "accept", "move", "extend", "revive"
]
Rule = Callable[[Ask], Reason | None]

RULES: dict[Verb, tuple[Rule, ...]] = {
    "ask": (
        parties.resource_is_there,
        parties.kind_is_bookable,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.asking_not_paused,
        parties.may_ask,
        parties.not_asked_already,
        hours.not_in_the_past,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
        room.not_too_many_holds,
        hours.open_during_use,
        hours.open_to_fetch_and_return,
        terms.enough_notice,
        terms.within_horizon,
        terms.long_enough,
        terms.short_enough,
        terms.in_steps,
    ),
    "period": (
        parties.resource_is_there,
        parties.kind_is_bookable,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.asking_not_paused,
        parties.may_ask,
        hours.not_over,
        room.enough_exist,
        room.long_enough_free,
    ),
    "length": (
        terms.long_enough,
        terms.short_enough,
        terms.in_steps,
    ),
    "bring": (
        parties.resource_is_there,
        parties.kind_is_bookable,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
        hours.open_during_use,
        hours.open_to_fetch_and_return,
    ),
    "write_in": (
        parties.kind_is_bookable,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
    ),
    "approve": (
        parties.resource_is_there,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.may_see,
        hours.not_over,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
    ),
    "accept": (
        parties.resource_is_there,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.asking_not_paused,
        parties.may_see,
        hours.not_over,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
    ),
    "move": (
        parties.resource_is_there,
        parties.kind_is_bookable,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.asking_not_paused,
        parties.may_ask,
        hours.not_in_the_past,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
        hours.open_during_use,
        hours.open_to_fetch_and_return,
        terms.enough_notice,
        terms.within_horizon,
        terms.long_enough,
        terms.short_enough,
        terms.in_steps,
    ),
    "extend": (
        hours.not_over,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
    ),
    "revive": (
        parties.resource_is_there,
        parties.owner_is_active,
        parties.borrower_is_active,
        parties.may_see,
        hours.not_over,
        room.at_a_session,
        room.enough_exist,
        room.not_taken,
        room.enough_hours,
        room.not_kept_for_another,
    ),
}


def judge(ask: Ask, verb: Verb) -> list[Reason]:
    """All reasons why `ask` cannot be; none = it can."""
    return [reason for rule in RULES[verb] if (reason := rule(ask)) is not None]
