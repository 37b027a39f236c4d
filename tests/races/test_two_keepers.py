"""Two keepers say something else of the same line at the same moment: one holds, the other is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bookings.answers import AnswerWith, FeeWish
from bookings.errors import AnsweredAlready
from bookings.models import Line
from bookings.services.actions import act
from bookings.services.shortages import note_shortages
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict
from tests.bookings.stage import (
    Side,
    ask,
    audited,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
)
from tests.races.test_one_file_twice import at_once

pytestmark = [pytest.mark.committing, pytest.mark.alone]


def told(no: type[Conflict], verb: Callable[[], object], refused: list[str]) -> Callable[[], None]:
    def run() -> None:
        try:
            verb()
        except no as error:
            refused.append(str(error.message))

    return run


def test_two_numbers_came_back_while_the_clock_counts_what_is_missing() -> None:
    owner, guest = make_side(), make_side()
    other = make_side(house=owner.house)
    chairs = make_thing(owner, kind="pooled", units=120, handover="simple", terms={"at_once": True})
    loan = ask(guest, line(chairs, 10, 4, units=120)).lines[0]
    coming = ask(guest, line(chairs, 16, 2, units=120)).lines[0]
    do(owner, loan, "hand_over", now=loan.use_starts_at)
    now, refused = loan.use_ends_at, list[str]()

    def back(side: Side, units: int) -> Callable[[], None]:
        return told(
            Conflict,
            lambda: act(by=side.at(now), line=loan.uid, action="give_back", units=units),
            refused,
        )

    at_once(back(owner, 114), back(other, 110), lambda: note_shortages(now=now))
    noted = fresh(loan).units_back or 0
    assert noted in {110, 114}
    assert [str(noted) in one for one in refused] == [True]
    rest = Line.objects.visible_to(SYSTEM).get(rest_of=loan)
    note_shortages(now=now)
    assert (rest.units, fresh(coming).short_units) == (120 - noted, 120 - noted)
    audited(now)


def test_two_fees_are_agreed() -> None:
    owner, guest = make_side(), make_side()
    other = make_side(house=owner.house)
    hall = make_thing(owner, terms={"fee_kind": "to_be_agreed"})
    asked = ask(guest, line(hall)).lines[0]
    refused: list[str] = []

    def yes(side: Side, amount: str) -> Callable[[], None]:
        answer = AnswerWith(fee=FeeWish(amount), inner_note=amount)
        return told(
            AnsweredAlready,
            lambda: act(by=side.viewer, line=asked.uid, action="approve", answer=answer),
            refused,
        )

    at_once(yes(owner, "10"), yes(other, "20"))
    (one,) = lines_of(asked.booking)
    assert (one.state, len(refused)) == ("confirmed", 1)
    assert (str(one.fee_amount), one.inner_note) in {("10.00", "10"), ("20.00", "20")}
    audited()
