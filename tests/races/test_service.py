"""Races through the services: 8 processes, rooms and pools, requests, answers, closures, holds that run out.

PODEST_PROOF=1 makes 2,000 contended requests; without it the same races in a shorter form. One variant runs on a
database whose default isolation is SERIALIZABLE: the engine sets its own (in `make proof`).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import datetime, timedelta

import psycopg
import pytest
from psycopg import sql

from bookings.models import Block, Booking, Claim, Line, SeatedSession
from bookings.services.actions import act
from bookings.services.blocks import add_block
from bookings.services.sessions import add_session
from bookings.states import CLAIMING, booking_state
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import (
    DAY,
    ask,
    fresh,
    line,
    make_side,
    make_thing,
    states,
)
from tests.databases import Clone
from tests.races.service import PROCESSES, Answer, Company
from tests.races.stage import call, sound

pytestmark = [pytest.mark.committing, pytest.mark.alone]

PROOF = os.environ.get("PODEST_PROOF") == "1"
REQUESTS = 2_000 if PROOF else 80
ROUNDS = 40 if PROOF else 2


@pytest.fixture(params=["read committed", pytest.param("serializable", marks=pytest.mark.proof)])
def level(request: pytest.FixtureRequest, committed_db: Clone) -> str:
    """The server's default for everybody who does not say another."""
    with psycopg.connect(committed_db.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_isolation TO {}").format(
                sql.Identifier(committed_db.name), sql.Literal(request.param)
            )
        )
    return str(request.param)


def kept_word(db: Clone, answers: list[list[Answer]]) -> list[Answer]:
    """It is sound, and states and claims are as they must be; the answers in one list."""
    told = sound(db, answers)
    claims = Counter(Claim.objects.exclude(line=None).values_list("line", flat=True))
    lines = list(Line.objects.visible_to(SYSTEM))
    for one in lines:
        assert claims[one.pk] == (1 if one.state in CLAIMING else 0), (one.state, one.pk)
    for booking in Booking.objects.visible_to(SYSTEM):
        mine = [one.state for one in lines if one.booking_id == booking.pk]
        assert booking.state == booking_state(mine)
    return told


def test_every_slot_has_exactly_one_winner(
    committed_db: Clone, company: Company, level: str
) -> None:
    """8 rivals for each slot of rooms and of the last places of a pool; touching slots never hinder each other."""
    owner = make_side()
    rooms = [make_thing(owner, terms={"at_once": True}) for _ in range(2)]
    pool = make_thing(owner, kind="pooled", units=5, terms={"at_once": True})
    sides = [make_side() for _ in range(PROCESSES)]
    slots = [
        (thing, DAY + timedelta(hours=2 * n), 2, 3 if thing is pool else 1)
        for n in range(REQUESTS // PROCESSES // 3)
        for thing in (*rooms, pool)
    ]
    calls = []
    for number, side in enumerate(sides):
        mine = [call(side, "request", slot) for slot in slots]
        random.Random(number).shuffle(mine)
        calls.append(mine)
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert Counter(told)["done", "confirmed"] == len(slots)
    assert set(told) == {
        ("done", "confirmed"),
        ("refused", "taken"),
        ("refused", "not_enough_units"),
    }
    assert Claim.objects.count() == len(slots)
    with psycopg.connect(committed_db.url) as connection:
        row = connection.execute("SHOW default_transaction_isolation").fetchone()
    assert row == (level,)


def test_crossing_spans_are_refused_only_where_they_cross(
    committed_db: Clone, company: Company
) -> None:
    """Whatever was refused does not fit at the end either: nothing but winners stood in its way."""
    owner = make_side()
    room = make_thing(owner, terms={"at_once": True}, turnover_minutes=15)
    pool = make_thing(owner, kind="pooled", units=10, terms={"at_once": True})
    dice = random.Random(20270301)
    sides = [make_side() for _ in range(PROCESSES)]

    def use() -> tuple[Resource, datetime, int, int]:
        start = DAY + timedelta(minutes=15 * dice.randrange(400))
        if dice.random() < 0.5:
            return room, start, dice.randrange(1, 5), 1
        return pool, start, dice.randrange(1, 9), dice.randrange(1, 7)

    calls = [[call(side, "request", use()) for _ in range(REQUESTS // PROCESSES)] for side in sides]
    answers = company.race(committed_db.url, calls)
    told = kept_word(committed_db, answers)
    assert {kind for kind, _what in told} == {"done", "refused"}
    again = company.race(
        committed_db.url,
        [
            [one for one, (kind, _what) in zip(mine, got, strict=True) if kind == "refused"]
            for mine, got in zip(calls, answers, strict=True)
        ],
    )
    assert {kind for mine in again for kind, _what in mine} == {"refused"}


def test_bundles_in_opposite_orders(committed_db: Clone, company: Company, level: str) -> None:
    """All or nothing over several things, asked for forwards and backwards: no deadlock, none in part."""
    owners = [make_side(), make_side()]
    things = [make_thing(owners[n % 2], terms={"at_once": True}) for n in range(4)]
    pool = make_thing(owners[0], kind="pooled", units=6, terms={"at_once": True})
    sides = [make_side() for _ in range(PROCESSES)]
    dice = random.Random(20270302)
    calls = []
    for number, side in enumerate(sides):
        mine = []
        for n in range(REQUESTS // PROCESSES // 2):
            start = DAY + timedelta(hours=n % 60)
            uses = [
                (thing, start, 1, 2 if thing is pool else 1)
                for thing in dice.sample([*things, pool], 3)
            ]
            mine.append(call(side, "request", *(uses if number % 2 else uses[::-1])))
        calls.append(mine)
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert ("done", "confirmed,confirmed,confirmed") in told
    assert {kind for kind, _what in told} == {"done", "refused"}
    for booking in Booking.objects.visible_to(SYSTEM):
        assert states(booking) == ["confirmed"] * 3


def test_simultaneous_yeses_complete_an_all_or_nothing_booking(
    committed_db: Clone, company: Company, level: str
) -> None:
    owners = [make_side() for _ in range(PROCESSES)]
    things = [make_thing(owner) for owner in owners]
    guest = make_side()
    sent = [
        ask(guest, *(line(thing, DAY + timedelta(days=n), 2) for thing in things))
        for n in range(ROUNDS)
    ]
    calls = [
        [call(owner, "approve", line=request.lines[number].uid) for request in sent]
        for number, owner in enumerate(owners)
    ]
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert {kind for kind, _what in told} == {"done"}
    for request in sent:
        assert states(request.booking) == ["confirmed"] * PROCESSES
    assert set(Claim.objects.values_list("expires_at", flat=True)) == {None}


def test_yeses_race_with_withdrawals_cancels_and_rivals(
    committed_db: Clone, company: Company
) -> None:
    """Four requests for each slot; two keepers say yes to different ones while their borrowers go back."""
    owner, other = make_side(), make_side(house=None)
    second_keeper = make_side(house=owner.house)
    room = make_thing(owner)
    guests = [make_side() for _ in range(4)]
    rounds = [
        [ask(guest, line(room, DAY + timedelta(days=n), 2)).lines[0] for guest in guests]
        for n in range(ROUNDS * 3)
    ]
    calls = [
        [call(owner, "approve", line=lines[0].uid) for lines in rounds],
        [call(second_keeper, "approve", line=lines[1].uid) for lines in rounds],
        [call(owner, "approve", line=lines[0].uid) for lines in rounds],
        [call(second_keeper, "decline", line=lines[2].uid) for lines in rounds],
        [call(guests[0], "withdraw", line=lines[0].uid) for lines in rounds],
        [call(guests[1], "cancel", line=lines[1].uid) for lines in rounds],
        [call(guests[2], "withdraw", line=lines[2].uid) for lines in rounds],
        [call(owner, "approve", line=lines[3].uid) for lines in rounds],
    ]
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert {kind for kind, _what in told} <= {"done", "refused", "conflict"}
    for lines in rounds:
        ended = [fresh(one).state for one in lines]
        assert ended.count("confirmed") <= 1
        assert set(ended) <= {"asked", "confirmed", "withdrawn", "cancelled", "declined"}
    assert other.house.pk != owner.house.pk


def test_two_keepers_give_the_last_forty_chairs_once(committed_db: Clone, company: Company) -> None:
    """S1 of the domain: two projects, two keepers, the same second; and S6: two who take the one ladder at once."""
    owner = make_side()
    second_keeper = make_side(house=owner.house)
    chairs = make_thing(owner, kind="pooled", units=60, answering="owner_chooses")
    ladder = make_thing(owner, terms={"at_once": True})
    days = [DAY + timedelta(days=n) for n in range(ROUNDS * 2)]
    for day in days:
        ask(make_side(), line(chairs, day, 2, units=20))
    for one in list(Line.objects.visible_to(SYSTEM)):
        act(by=owner.viewer, line=one.uid, action="approve")
    guests = [make_side() for _ in range(2)]
    rounds = [
        [ask(guest, line(chairs, day, 2, units=40)).lines[0] for guest in guests] for day in days
    ]
    calls = [
        [call(owner, "approve", line=lines[0].uid) for lines in rounds],
        [call(second_keeper, "approve", line=lines[1].uid) for lines in rounds],
        *([call(guest, "request", (ladder, day, 2, 1)) for day in days] for guest in guests),
        *([] for _ in range(PROCESSES - 4)),
    ]
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert Counter(kind for kind, _what in told) == {
        "done": 2 * len(days),
        "refused": 2 * len(days),
    }
    for lines in rounds:
        assert sorted(fresh(one).state for one in lines) == ["asked", "confirmed"]


def test_closures_race_with_requests_and_both_keep_their_word(
    committed_db: Clone, company: Company
) -> None:
    """What was booked before the closure came is to be settled; what came after it is refused."""
    owner = make_side()
    things = [
        make_thing(owner, terms={"at_once": True}),
        make_thing(owner, kind="pooled", units=4, terms={"at_once": True}),
    ]
    sides = [make_side() for _ in range(PROCESSES - 1)]
    hours = REQUESTS // PROCESSES // 2
    calls = [
        [
            call(
                side,
                "request",
                *((thing, DAY + timedelta(hours=n), 1, 1) for thing in things[::way]),
            )
            for n in range(hours)
        ]
        for side, way in zip(sides, [1, -1] * 4, strict=False)
    ]
    calls.append(
        [
            call(owner, "block", (thing, DAY + timedelta(hours=n), 1, thing.units))
            for n in range(hours)
            for thing in things
        ]
    )
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert Counter(told)["done", "block"] == 2 * hours
    assert Claim.objects.filter(cause="block").count() == 2 * hours
    assert not Claim.objects.filter(cause="line").exists()


def test_a_block_moved_and_removed_at_once(committed_db: Clone, company: Company) -> None:
    """Whoever comes second finds it gone, or moves it nowhere; nobody stumbles."""
    owner = make_side()
    room = make_thing(owner)
    hour = timedelta(hours=1)
    made = [
        add_block(
            by=owner.viewer,
            resource=room.uid,
            starts_at=DAY + 2 * n * hour,
            ends_at=DAY + (2 * n + 1) * hour,
        )
        for n in range(ROUNDS)
    ]
    calls = []
    for number in range(PROCESSES):
        verb = "remove_block" if number % 2 else "move_block"
        calls.append([call(owner, verb, (room, one.ends_at, 1, 1), line=one.uid) for one in made])
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert {kind for kind, _what in told} <= {"done", "conflict"}
    assert not Claim.objects.exists()


def test_holds_that_run_out_race_with_requests(committed_db: Clone, company: Company) -> None:
    """All holds ran out a moment ago: whoever comes first gets the time, the clock tidies beside them."""
    owner, first = make_side(), make_side()
    things = [make_thing(owner, answering="keep_first") for _ in range(9)]
    pool = make_thing(owner, kind="pooled", units=3, answering="keep_first")
    held = [ask(make_side(), line(thing)).lines[0] for thing in things]
    whole = ask(first, *(line(thing, 14) for thing in things[:4]), line(pool, 14, units=3))
    assert held[0].expires_at is not None
    now = held[0].expires_at
    sides = [make_side() for _ in range(PROCESSES - 2)]
    calls = [
        [
            call(side, "request", (thing, DAY + timedelta(hours=10), 2, 1), now=now)
            for thing in (things if number % 2 else things[::-1])
        ]
        + [
            call(
                side,
                "request",
                (pool, DAY + timedelta(hours=14), 2, 2),
                (things[number % 4], DAY + timedelta(hours=14), 2, 1),
                now=now,
            )
        ]
        for number, side in enumerate(sides)
    ]
    calls.append([call(owner, "tick", now=now) for _ in range(4)])
    calls.append([call(owner, "approve", line=one.uid, now=now) for one in whole.lines])
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert {kind for kind, _what in told} <= {"done", "refused", "conflict"}
    for one in held:
        assert fresh(one).state == "asked"
    for thing in things:
        now_held = Line.objects.visible_to(SYSTEM).filter(
            resource=thing, state="held", use_starts_at=DAY + timedelta(hours=10)
        )
        assert now_held.count() == 1


def test_the_last_of_ten_holds_is_not_given_twice(committed_db: Clone, company: Company) -> None:
    owner, guest = make_side(), make_side()
    things = [make_thing(owner, answering="keep_first") for _ in range(PROCESSES * 4)]
    for thing in things[:8]:
        ask(guest, line(thing, 18))
    calls = [
        [call(guest, "request", (thing, DAY + timedelta(hours=10), 1, 1)) for thing in things[n::8]]
        for n in range(PROCESSES)
    ]
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert Counter(told) == {("done", "held"): 2, ("refused", "too_many_holds"): 30}


def test_cancel_and_cancel_is_one_cancel(committed_db: Clone, company: Company) -> None:
    from cooperative.events.models import Event

    owner, guest = make_side(), make_side()
    room = make_thing(owner, terms={"at_once": True})
    sent = [ask(guest, line(room, DAY + timedelta(days=n), 2)).lines[0] for n in range(ROUNDS)]
    calls = [[call(guest, "cancel", line=one.uid) for one in sent] for _ in range(PROCESSES)]
    told = kept_word(committed_db, company.race(committed_db.url, calls))
    assert set(told) == {("done", "cancelled")}
    assert Event.objects.filter(verb="booking.cancel").count() == len(sent)


def test_a_date_and_a_closure_over_it_meet(committed_db: Clone, company: Company) -> None:
    """Whichever comes first: no place of a date under a closure is to be had."""
    owner = make_side()
    second = make_side(house=owner.house)
    workshop = make_thing(owner, kind="seated", units=4, terms={"at_once": True})
    days = [DAY + timedelta(days=n) for n in range(ROUNDS * 3)]
    for day in days:
        add_session(
            by=owner.viewer,
            resource=workshop.uid,
            starts_at=day,
            ends_at=day + timedelta(hours=1),
        )
    told = kept_word(
        committed_db,
        company.race(
            committed_db.url,
            [
                [
                    call(owner, "session", (workshop, day + timedelta(hours=2), 2, 3))
                    for day in days
                ],
                [call(second, "block", (workshop, day, 4, 1)) for day in days],
                *([] for _ in range(PROCESSES - 2)),
            ],
        ),
    )
    assert {kind for kind, _what in told} <= {"done", "conflict"}
    blocks = Block.objects.filter(resource=workshop)
    dates = SeatedSession.objects.filter(resource=workshop, units=3)
    assert len(dates) == len(days)
    for date in dates:
        over = blocks.filter(starts_at__lt=date.ends_at, ends_at__gt=date.starts_at)
        claims = Claim.objects.filter(capacity=date.capacity_id)
        assert [claim.units for claim in claims] == [3] * len(over)
