"""When a country changes its time law: the owner's hour is kept, what moved is told, what clashes is to be settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from bookings.models import Block, Line, SeatedSession
from bookings.services.blocks import add_block
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.drafts import add_line
from bookings.services.sessions import add_session
from bookings.services.time_zones.recomputing import recompute_time_zones
from cooperative.access.querysets import SYSTEM
from cooperative.events.models import Event
from sharing.models import Resource
from tests.factories import make_institution

from .series_stage import ask_series, series_of, watches_of, weekly
from .stage import (
    NOW,
    Side,
    ask,
    claims_of,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    states,
)
from .zone_law import law

__all__ = ["law"]
pytestmark = pytest.mark.django_db
Law = Callable[[str, int], None]
KYIV = "Europe/Kyiv"
HOUR = timedelta(hours=1)
SUMMER = datetime(2027, 6, 1, 15, tzinfo=UTC)
"""18:00 in Kyiv while there is summer time, 17:00 without."""


@pytest.fixture
def kyiv() -> Side:
    return make_side(house=make_institution("Сцена", country="UA", time_zone=KYIV))


@pytest.fixture
def asker() -> Side:
    return make_side("Chór")


@pytest.fixture
def room(kyiv: Side) -> Resource:
    return make_thing(kyiv, "Зала", time_zone=KYIV, terms={"at_once": True})


def moved(apply: bool = True) -> list[tuple[str, int, bool]]:
    """Kind, by how many hours, and whether it fits."""
    return [
        (one.kind, (one.after.start - one.before.start) // HOUR, one.fits)
        for one in recompute_time_zones(now=NOW, apply=apply)
    ]


def test_nothing_moves_while_the_law_stands(room: Resource, asker: Side) -> None:
    ask(asker, line(room, SUMMER))
    assert moved() == []


def test_summer_evenings_keep_their_hour_and_winter_ones_stay(
    room: Resource, asker: Side, law: Law
) -> None:
    sent = ask_series(
        asker, series_of(room, weekly(6, first_on=datetime(2027, 3, 9, tzinfo=UTC).date()))
    )
    before = [one.use_starts_at for one in lines_of(sent.booking)]
    assert [one.hour for one in before] == [15, 15, 15, 14, 14, 14]
    law(KYIV, 2)
    assert moved() == [("line", 1, True)] * 3
    lines = lines_of(sent.booking)
    assert [one.use_starts_at.hour for one in lines] == [15] * 6
    assert [one.starts_offset for one in lines] == [120] * 6
    assert [claims_of(one)[0].span.lower for one in lines] == [one.use_starts_at for one in lines]
    assert states(sent.booking) == ["confirmed"] * 6
    # Both sides are told once, of all three.
    [told] = Event.objects.filter(verb="booking.recompute")
    assert len(told.data["lines"]) == 3
    assert {party.role for party in told.parties.all()} == {"lender", "borrower", "asker"}
    assert moved() == []


def test_it_is_only_listed_unless_it_is_to_be_applied(
    room: Resource, asker: Side, law: Law
) -> None:
    sent = ask(asker, line(room, SUMMER))
    law(KYIV, 2)
    assert moved(apply=False) == [("line", 1, True)]
    assert fresh(sent.lines[0]).use_starts_at == SUMMER
    said = StringIO()
    call_command("recompute_time_zones", stdout=said)
    assert f"line {sent.lines[0].uid}  2027-06-01 18:00 Europe/Kyiv" in said.getvalue()
    assert "1 to move, 0 of them do not fit any more." in said.getvalue()
    call_command("recompute_time_zones", "--apply", stdout=said)
    assert "1 moved, 0 of them" in said.getvalue()
    assert fresh(sent.lines[0]).use_starts_at == SUMMER + HOUR


def test_neighbours_move_together(room: Resource, asker: Side, law: Law) -> None:
    """Back to back, none is in the way of the next."""
    sent = [ask(asker, line(room, SUMMER + n * HOUR, 1)).lines[0] for n in range(4)]
    law(KYIV, 2)
    assert moved() == [("line", 1, True)] * 4
    assert [fresh(one).use_starts_at for one in sent] == [SUMMER + (n + 1) * HOUR for n in range(4)]


def test_what_was_agreed_after_the_law_stays_and_the_older_is_to_be_settled(
    kyiv: Side, room: Resource, asker: Side, law: Law
) -> None:
    old = ask(asker, line(room, SUMMER, 1)).lines[0]
    law(KYIV, 2)
    # Somebody who knows the new law asks for what looks free.
    new = ask(make_side("Klub"), line(room, SUMMER + HOUR, 1)).lines[0]
    assert moved() == [("line", 1, False)]
    stuck = fresh(old)
    assert (stuck.state, stuck.use_starts_at, stuck.hit_from) == (
        "to_settle",
        SUMMER + HOUR,
        "confirmed",
    )
    assert claims_of(stuck) == []
    assert fresh(new).state == "confirmed"
    assert Event.objects.filter(verb="booking.hit").count() == 1
    do(kyiv, old, "take_back")
    assert moved() == []


def test_blocks_move_and_what_they_meet_is_hit(
    kyiv: Side, room: Resource, asker: Side, law: Law
) -> None:
    add_block(by=kyiv.viewer, resource=room.uid, starts_at=SUMMER, ends_at=SUMMER + HOUR)
    law(KYIV, 2)
    late = ask(asker, line(room, SUMMER + HOUR, 1)).lines[0]
    assert moved() == [("block", 1, True)]
    assert fresh(late).state == "to_settle"
    block = Block.objects.get()
    assert (block.starts_at, block.starts_offset) == (SUMMER + HOUR, 120)
    assert [one.span.lower for one in block.claims.all()] == [SUMMER + HOUR]


def test_dates_with_seats_take_their_seats_along(kyiv: Side, asker: Side, law: Law) -> None:
    workshop = make_thing(
        kyiv, "Майстерня", kind="seated", units=5, time_zone=KYIV, terms={"at_once": True}
    )
    for number in range(2):
        start = SUMMER + number * HOUR
        add_session(by=kyiv.viewer, resource=workshop.uid, starts_at=start, ends_at=start + HOUR)
    sent = ask(asker, line(workshop, SUMMER, 1, units=3)).lines[0]
    law(KYIV, 2)
    assert sorted(moved()) == [("line", 1, True), ("session", 1, True), ("session", 1, True)]
    assert [one.starts_at for one in SeatedSession.objects.order_by("starts_at")] == [
        SUMMER + HOUR,
        SUMMER + 2 * HOUR,
    ]
    seat = fresh(sent)
    [claim] = claims_of(seat)
    assert (seat.use_starts_at, claim.span.lower, claim.units) == (SUMMER + HOUR, SUMMER + HOUR, 3)
    again = ask(make_side("Klub"), line(workshop, SUMMER + HOUR, 1, units=2))
    assert states(again.booking) == ["confirmed"]


def test_parts_and_wholes_of_one_house_move_together(kyiv: Side, asker: Side, law: Law) -> None:
    left = make_thing(kyiv, "Ліва", time_zone=KYIV, terms={"at_once": True})
    right = make_thing(kyiv, "Права", time_zone=KYIV, terms={"at_once": True})
    both = make_thing(kyiv, "Обидві", time_zone=KYIV, terms={"at_once": True})
    change_parts(by=kyiv.viewer, resource=both.uid, parts=[PartWish(left.uid), PartWish(right.uid)])
    first = ask(asker, line(left, SUMMER, 1)).lines[0]
    second = ask(asker, line(both, SUMMER + HOUR, 1)).lines[0]
    law(KYIV, 2)
    assert moved() == [("line", 1, True)] * 2
    assert {fresh(one).state for one in (first, second)} == {"confirmed"}


def test_watches_drafts_and_requests_move_without_claims(
    kyiv: Side, room: Resource, asker: Side, law: Law
) -> None:
    hall = make_thing(kyiv, "Хол", time_zone=KYIV)
    waits = ask(asker, line(hall, SUMMER, 1)).lines[0]
    first_on = SUMMER.date()
    ask(make_side("Klub"), line(room, SUMMER - HOUR, 2))
    sent = ask_series(asker, series_of(room, weekly(2, first_on=first_on)))
    add_line(by=asker.viewer, wish=line(hall, SUMMER))
    law(KYIV, 2)
    told = moved()
    assert sorted(kind for kind, _hours, _fits in told) == ["line"] * 4 + ["watch"]
    assert {(hours, fits) for _kind, hours, fits in told} == {(1, True)}
    assert fresh(waits).use_starts_at == SUMMER + HOUR
    [watch] = watches_of(sent.booking)
    assert watch.starts_offset == 120
    draft = Line.objects.visible_to(SYSTEM).get(state="draft")
    assert draft.use_starts_at == SUMMER + HOUR


def test_what_is_over_stays_as_it_was(room: Resource, asker: Side, law: Law) -> None:
    past = ask(asker, line(room, SUMMER)).lines[0]
    law(KYIV, 2)
    assert recompute_time_zones(now=SUMMER + timedelta(days=2)) == []
    assert fresh(past).use_starts_at == SUMMER


def test_nights_over_a_change_that_is_no_more(room: Resource, asker: Side, law: Law) -> None:
    """22:00 to 06:00 over the night of 28 March had seven hours; without the change it has eight."""
    night = ask(asker, line(room, datetime(2027, 3, 27, 20, tzinfo=UTC), 7)).lines[0]
    law(KYIV, 2)
    assert len(moved()) == 1
    longer = fresh(night)
    assert longer.use_ends_at - longer.use_starts_at == 8 * HOUR
    assert longer.use_starts_at == datetime(2027, 3, 27, 20, tzinfo=UTC)


def test_other_zones_are_left_alone(asker: Side, law: Law) -> None:
    here = make_thing(make_side("Teatr"), terms={"at_once": True})
    sent = ask(asker, line(here, SUMMER)).lines[0]
    law(KYIV, 2)
    assert moved() == []
    assert fresh(sent).starts_offset == 120
