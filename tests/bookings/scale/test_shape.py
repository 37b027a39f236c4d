"""The dice of a world of a size: how much of what, and nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from bookings.scale.shape import (
    AHEAD,
    PAST_DAYS,
    SLOTS_A_DAY,
    Shape,
    Thing,
    Use,
    things_of,
    uses_of,
)

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> tuple[list[Thing], list[Use]]:
    dice = Random(1)
    things = things_of(Shape(20_000, 400, NOW), dice)
    return things, uses_of(things, dice)


def leaves(things: list[Thing], use: Use) -> tuple[int, ...]:
    return things[use.thing].parts or (use.thing,)


def claims(things: list[Thing], uses: list[Use]) -> Counter[int]:
    """Claims on each thing; of a person's the month's besides."""
    found: Counter[int] = Counter()
    for use in uses:
        for leaf in leaves(things, use) if use.claims else ():
            found[leaf] += 2 if things[leaf].kind == "metered" else 1
    return found


def test_there_are_as_many_claims_as_were_wished_for(world: tuple[list[Thing], list[Use]]) -> None:
    assert sum(claims(*world).values()) == pytest.approx(20_000, rel=0.03)


def test_a_hundredth_are_wholes_and_a_fifth_pools(world: tuple[list[Thing], list[Use]]) -> None:
    kinds = Counter(one.kind for one in world[0])
    assert (kinds["whole"], kinds["pooled"], sum(kinds.values())) == (4, 80, 400)
    for one in world[0]:
        assert {world[0][part].house for part in one.parts} <= {one.house}


def test_two_of_a_hundred_take_four_of_ten(world: tuple[list[Thing], list[Use]]) -> None:
    found = claims(*world)
    busiest = sum(several for _thing, several in found.most_common(8))
    assert busiest / sum(found.values()) == pytest.approx(0.4, abs=0.03)


def test_most_lies_in_ten_years_of_past(world: tuple[list[Thing], list[Use]]) -> None:
    ahead = [use for use in world[1] if use.slot >= PAST_DAYS * SLOTS_A_DAY]
    assert len(ahead) / len(world[1]) == pytest.approx(AHEAD, abs=0.02)
    assert [use.slot for use in world[1]] == sorted(use.slot for use in world[1])


def test_nothing_is_used_twice_and_no_more_than_there_is(
    world: tuple[list[Thing], list[Use]],
) -> None:
    things, uses = world
    taken: Counter[tuple[int, int]] = Counter()
    for use in uses:
        for leaf in leaves(things, use) if use.claims else ():
            for slot in range(use.slot, use.slot + use.slots):
                taken[leaf, slot] += use.units
    given: Counter[int] = Counter()
    for (leaf, _slot), units in taken.items():
        if things[leaf].kind == "giveaway":
            given[leaf] += units
        else:
            assert units <= things[leaf].size, things[leaf]
    for leaf, units in given.items():
        assert units <= things[leaf].size, things[leaf]
