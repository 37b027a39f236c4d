"""Everything that takes time at once: rooms, wholes and parts, pools, seats, hours of a month and bundles; beside them
answers, cancellations, proposals, run-out holds, closures and changes of parts.

PODEST_PROOF=1 makes 10,000 requests by 32 clients for 500 slots; without it the same in a short form.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bookings.models import Booking, Claim, Line, Offer
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.offers import propose
from bookings.services.pending import counted
from bookings.services.sessions import add_session
from bookings.states import CLAIMING, booking_state
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import DAY, Side, ask, line, make_side, make_thing
from tests.databases import Clone, Server
from tests.races.service import Answer, Call, Company
from tests.races.stage import Use, call, sound

pytestmark = [pytest.mark.committing, pytest.mark.alone]

PROOF = os.environ.get("PODEST_PROOF") == "1"
CLIENTS = 32 if PROOF else 8
SLOTS = 500 if PROOF else 16
RIVALS = 20 if PROOF else 8
NOISE = 60 if PROOF else 4
SLOWEST = 2.0
"""Seconds that 99 of 100 calls take at most, on a machine that does nothing else."""


@pytest.fixture(scope="module")
def crowd(database_server: Server) -> Iterator[Company]:
    made = Company(database_server.url, CLIENTS)
    yield made
    made.dismiss()


class Town:
    """One house with a thing of each kind; a slot is a time of its own at which all rivals exclude each other."""

    def __init__(self) -> None:
        self.owner = make_side("Dom")
        at_once = {"at_once": True}
        self.room, self.left, self.right, self.floor, self.mixer, self.kit, self.mentor = (
            make_thing(self.owner, name, terms=at_once, kind=kind)
            for name, kind in (
                ("Sala", "exclusive"),
                ("Lewa", "exclusive"),
                ("Prawa", "exclusive"),
                ("Parter", "exclusive"),
                ("Mikser", "exclusive"),
                ("Zestaw", "exclusive"),
                ("Mentor", "metered"),
            )
        )
        self.pool = make_thing(self.owner, "Krzesła", kind="pooled", units=10, terms=at_once)
        self.seats = make_thing(self.owner, "Warsztat", kind="seated", units=10, terms=at_once)
        Resource.objects.visible_to(SYSTEM).filter(pk=self.mentor.pk).update(units=700)
        self.mentor.refresh_from_db()
        self.make(self.floor, (self.left, 1), (self.right, 1))
        self.make(self.kit, (self.mixer, 1), (self.pool, 6))

    def make(self, whole: Resource, *parts: tuple[Resource, int]) -> None:
        wishes = [PartWish(part.uid, units) for part, units in parts]
        change_parts(by=self.owner.viewer, resource=whole.uid, parts=wishes)

    def rivals(self, number: int) -> list[tuple[Use, ...]]:
        """The ways to ask for slot `number`: each of them excludes all others."""
        start = DAY + timedelta(hours=number)
        kinds: tuple[list[tuple[Use, ...]], ...] = (
            [((self.room, start, 1, 1),)],
            [((self.left, start, 1, 1),), ((self.floor, start, 1, 1),)],
            [((self.pool, start, 1, 6),), ((self.kit, start, 1, 1),)],
            [((self.seats, start, 1, 6),)],
            [((self.mentor, start, 1, 1),)],
            [
                ((self.room, start, 1, 1), (self.pool, start, 1, 6), (self.left, start, 1, 1)),
                ((self.left, start, 1, 1), (self.room, start, 1, 1)),
                ((self.pool, start, 1, 6), (self.floor, start, 1, 1)),
            ],
        )
        ways = kinds[number % len(kinds)]
        if number % len(kinds) == 3:
            add_session(
                by=self.owner.viewer,
                resource=self.seats.uid,
                starts_at=start,
                ends_at=start + timedelta(hours=1),
            )
        return ways


class Noise:
    """What goes on beside the slots, on things of its own: every verb that takes or frees time."""

    def __init__(self, owner: Side) -> None:
        self.owner = owner
        self.guests: list[Side] = []
        self.hall = make_thing(owner, "Aula")
        self.tools = make_thing(owner, "Narzędzia", kind="pooled", units=6, answering="keep_first")
        self.parts = [make_thing(owner, f"Część {n}") for n in range(3)]
        self.whole = make_thing(owner, "Całość")
        change_parts(
            by=owner.viewer,
            resource=self.whole.uid,
            parts=[PartWish(one.uid) for one in self.parts[:2]],
        )

    def calls(self, days: int) -> list[Call]:
        found: list[Call] = []
        for n in range(days):
            if n % 8 == 0:  # ten things are kept for one house at most
                self.guests = [make_side() for _ in range(3)]
            found.extend(self._of(DAY + timedelta(days=n), n))
        return found

    def _of(self, day: datetime, n: int) -> list[Call]:
        """A day's worth: four requests are answered, moved, called off and closed over at once."""
        one, two = (ask(guest, line(self.hall, day, 2)).lines[0] for guest in self.guests[:2])
        offer = propose(
            by=self.owner.viewer, line=two.uid, wish=line(self.hall, day + timedelta(hours=4), 2)
        ).offer
        assert offer is not None
        held = [ask(guest, line(self.tools, day, 3, units=2)).lines[0] for guest in self.guests]
        assert held[0].expires_at is not None
        at = day.replace(minute=0)
        wholes = [(self.whole, at, 1, 1), *((one, at, 1, 1) for one in self.parts[n % 2 :][:2])]
        guest = self.guests[2]
        return [
            call(self.owner, "approve", line=one.uid),
            call(self.owner, "approve", line=two.uid),
            call(self.guests[1], "offer_accept", line=offer.uid),
            call(self.owner, "offer_withdraw", line=offer.uid),
            call(self.guests[0], "withdraw", line=one.uid),
            call(self.guests[0], "cancel", line=one.uid),
            call(guest, "request", (self.hall, day + timedelta(hours=5), 2, 1)),
            call(self.owner, "block", (self.hall, day + timedelta(hours=1), 1, 1)),
            call(self.owner, "approve", line=held[0].uid),
            call(self.guests[1], "withdraw", line=held[1].uid),
            call(guest, "request", (self.tools, day, 3, 4), waiting=True),
            call(self.owner, "parts", *wholes),
            call(guest, "request", (self.whole, at, 1, 1)),
            call(self.owner, "block", (self.parts[n % 3], at + timedelta(hours=1), 1, 1)),
            call(self.owner, "tick", now=held[0].expires_at)
            if n % 10 == 0
            else call(self.owner, "tick"),
        ]


def test_every_slot_has_one_winner_whatever_goes_on_beside(
    committed_db: Clone, crowd: Company
) -> None:
    town = Town()
    dice = random.Random(20270301)
    guests = [make_side() for _ in range(CLIENTS)]
    rivals: list[Call] = []
    for number in range(SLOTS):
        ways = town.rivals(number)
        rivals += [
            call(guests[(number + n) % CLIENTS], "request", *ways[n % len(ways)])
            for n in range(RIVALS)
        ]
    noise = Noise(make_side("Drugi dom")).calls(NOISE)
    work = [*rivals, *noise]
    dice.shuffle(work)
    answers = crowd.race(
        committed_db.url, [work[n::CLIENTS] for n in range(CLIENTS)], patience=1_800
    )
    told = kept_word(committed_db, answers)
    assert {kind for kind, _what in told} <= {"done", "refused", "conflict"}
    done = {what for kind, what in told if kind == "done"}
    assert {"parts", "block", "tick", "confirmed", "asked", "withdrawn"} <= done, done
    won = winners(town, SLOTS)
    assert Counter(won.values()) == {1: SLOTS}, {n: c for n, c in won.items() if c != 1}
    if PROOF:
        taken = sorted(crowd.seconds)
        print(
            f"\n{len(work)} calls, {CLIENTS} clients: median {taken[len(taken) // 2]:.3f} s, "
            f"99 % {taken[len(taken) * 99 // 100]:.3f} s, slowest {taken[-1]:.3f} s"
        )
        assert taken[len(taken) * 99 // 100] <= SLOWEST


def winners(town: Town, slots: int) -> dict[int, int]:
    """How many bookings hold the time of each of so many slots."""
    things = [town.room, town.left, town.right, town.floor, town.pool, town.kit, town.seats]
    rows = Line.objects.visible_to(SYSTEM).filter(
        resource__in=[*things, town.mentor], state="confirmed"
    )
    found: dict[int, set[int]] = {number: set() for number in range(slots)}
    for one in rows:
        number = round((one.use_starts_at - DAY) / timedelta(hours=1))
        found[number].add(one.booking_id)
    return {number: len(bookings) for number, bookings in found.items()}


def kept_word(db: Clone, answers: list[list[Answer]]) -> list[Answer]:
    """It is sound, none is booked in part, claims are there where states say so; the answers in one list."""
    told = sound(db, answers)
    claimed = set(Claim.objects.exclude(line=None).values_list("line", flat=True))
    lines = list(Line.objects.visible_to(SYSTEM))
    assert claimed == {one.pk for one in lines if one.state in CLAIMING}
    offering = set(Claim.objects.exclude(offer=None).values_list("offer", flat=True))
    still_open = Offer.objects.visible_to(SYSTEM).filter(state="open")
    assert offering <= set(still_open.values_list("pk", flat=True))
    for booking in Booking.objects.visible_to(SYSTEM):
        mine = [one for one in lines if one.booking_id == booking.pk]
        assert booking.state == booking_state([one.state for one in counted(mine)])
        states = {one.state for one in mine}
        if booking.all_or_nothing and "confirmed" in states and len(mine) > 1:
            assert states == {"confirmed"}
    return told
