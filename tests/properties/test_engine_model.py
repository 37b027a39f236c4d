"""The engine against the slow one, step by step: whatever people and time do, both say the same.

After every step states, claims of every half hour, and what `free`, `check_booking`, `search` and `timeline` answer
are compared; nothing overlaps, nothing is oversold, only claiming states claim, and an all-or-nothing booking is
confirmed in part only where its borrower went ahead. Holds run out in both worlds whether or not the clock ticks.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Block, Booking, Claim, Line
from bookings.queries.availability import free
from bookings.queries.claims import live_claims
from bookings.queries.search import Wanted as Sought
from bookings.queries.search import search
from bookings.queries.timeline import timeline
from bookings.services.actions import act
from bookings.services.blocks import add_block, move_block, remove_block
from bookings.services.clockwork import tick
from bookings.services.request.checking import check_booking
from bookings.services.request.sending import request_booking
from bookings.services.write_in import WrittenFor, write_in
from bookings.spans import Span
from bookings.states import booking_state
from bookings.wishes import BookingWish, LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict
from tests.bookings.stage import Side, audited
from tests.properties import slow_world as world
from tests.properties.slow_engine import SlowEngine
from tests.properties.slow_world import CELL, DAY, EPOCH, instant
from tests.properties.stage import Stage
from tests.races.support import OVERLAPS, OVERSOLD

pytestmark = pytest.mark.django_db

PROOF = os.environ.get("PODEST_PROOF") == "1"
MIXED = {
    "approve": 6, "decline": 2, "reopen": 2, "withdraw": 2, "let_go": 1, "complete": 2,
    "cancel": 2, "take_back": 1, "settle": 3, "hand_over": 5, "give_back": 2, "overdue": 3,
    "lost": 1, "not_used": 1,
}  # fmt: skip
BORROWERS = {"withdraw", "complete", "cancel"}


names = st.sampled_from(["hall", "studio", "mixer", "mixer", "chairs", "chairs", "mats", "boards"])
starts = st.integers(0, 16).map(lambda n: DAY + 16 + n * 2) | st.integers(0, 5 * DAY)
lengths = st.integers(1, 12)


@st.composite
def wanted(draw: st.DrawFn) -> tuple[str, int, int, int, bool]:
    name, start = draw(names), draw(starts)
    units = 1 if name in {"hall", "studio", "mixer"} else draw(st.integers(1, 4))
    return name, start, start + draw(lengths), units, draw(st.sampled_from([False, False, True]))


class Engines(RuleBasedStateMachine):
    stage: Stage

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.slow = SlowEngine()
        self.things = {
            name: world.Thing(name, **fields) for name, fields in self.stage.slow.items()
        }
        self.blocks: list[tuple[str, Block, world.Hold]] = []
        self.lost: list[world.Hold] = []
        self.ids: dict[world.Slot, int] = {}
        self.probe = 0

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            audited(instant(self.slow.now))
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- both at once -------------------------------------------------------------------------
    def at(self, side: Side) -> Viewer:
        return side.at(instant(self.slow.now))

    def both(self, quick: Any, obvious: Any) -> tuple[Any, Any]:
        """Do it in both worlds; the same thing comes back, or the same refusal."""
        told: list[Any] = []
        answer = mine = None
        try:
            with transaction.atomic():
                answer = quick()
            told.append("done")
        except BookingRefused as refused:
            told.append(sorted((reason.code, reason.line or 0) for reason in refused.reasons))
        except WouldHit as hit:
            told.append(("would hit", {line.pk for line in hit.lines}))
        except Conflict:
            told.append("conflict")
        try:
            mine = obvious()
            told.append("done")
        except world.Refused as refused:
            told.append(sorted(refused.codes))
        except world.WouldHit as hit:
            told.append(("would hit", {self.ids[slot] for slot in hit.slots}))
        except world.Conflict:
            told.append("conflict")
        assert told[0] == told[1]
        return answer, mine

    def wishes(self, rows: list[tuple[str, int, int, int, bool]]) -> tuple[LineWish, ...]:
        return tuple(
            LineWish(
                self.stage.things[name].uid,
                instant(start),
                instant(end),
                units=units,
                second_in_line=second,
            )
            for name, start, end, units, second in rows
        )

    def obvious(self, rows: list[tuple[str, int, int, int, bool]]) -> list[world.Wanted]:
        return [
            world.Wanted(self.things[name], start, end, units, second)
            for name, start, end, units, second in rows
        ]

    def remember(self, lines: list[Line], ask: world.Ask) -> None:
        assert len(lines) == len(ask.slots)
        for line, slot in zip(lines, ask.slots, strict=True):
            slot.number = self.ids[slot] = line.pk
        ask.number = lines[0].booking_id

    # --- what people do -----------------------------------------------------------------------
    @rule(
        who=st.integers(0, 1),
        rows=st.lists(wanted(), min_size=1, max_size=3),
        whole=st.booleans(),
        anyway=st.sampled_from([False, False, True]),
    )
    def request(self, who: int, rows: list[Any], whole: bool, anyway: bool) -> None:
        self.send(who, rows, whole=whole, anyway=anyway)

    def send(self, who: int, rows: list[Any], *, whole: bool, anyway: bool) -> None:
        side = self.stage.borrowers[who]
        wish = BookingWish(
            self.wishes(rows),
            title="Próba",
            all_or_nothing=whole,
            ask_anyway="bo" if anyway else "",
            once=True,
        )
        said = check_booking(by=self.at(side), institution=side.house.pk, wish=wish)
        done, ask = self.both(
            lambda: request_booking(by=self.at(side), institution=side.house.pk, wish=wish),
            lambda: self.slow.ask(who, self.obvious(rows), whole=whole, anyway=anyway),
        )
        assert said.possible == (done is not None and not done.refused)
        if done is not None:
            self.remember(list(done.lines), ask)

    @precondition(lambda self: self.ids)
    @rule(pick=st.integers(0, 10_000), units=st.integers(1, 2), anyway=st.booleans())
    def request_again(self, pick: int, units: int, anyway: bool) -> None:
        slots = [slot for slot in self.slow.slots() if slot.ask and slot.ask.borrower is not None]
        if not slots:
            return
        slot = slots[pick % len(slots)]
        assert slot.ask is not None
        assert slot.ask.borrower is not None
        row = (slot.thing.name, slot.start, slot.end, min(units, slot.thing.size), False)
        self.send(slot.ask.borrower, [row], whole=True, anyway=anyway)

    @rule(rows=st.lists(wanted(), min_size=1, max_size=2), who=st.integers(0, 1))
    def by_phone(self, rows: list[Any], who: int) -> None:
        owner = self.stage.owners[who]
        mine = [
            (*row[:4], False)
            for row in rows
            if self.stage.things[row[0]].owner_id == owner.house.pk
        ]
        if not mine:
            return
        wish = BookingWish(self.wishes(mine), title="Telefon")
        booking, ask = self.both(
            lambda: write_in(
                by=self.at(owner),
                lender=owner.house.pk,
                wish=wish,
                whom=WrittenFor(name="Pani Zosia"),
            ),
            lambda: self.slow.write_in(self.obvious(mine)),
        )
        if booking is not None:
            rows_ = Line.objects.visible_to(SYSTEM).filter(booking=booking).order_by("position")
            self.remember(list(rows_), ask)

    @precondition(lambda self: self.ids)
    @rule(
        action=st.sampled_from([name for name, n in MIXED.items() for _ in range(n)]),
        pick=st.integers(0, 10_000),
        fitting=st.sampled_from([True] * 9 + [False]),
    )
    def move(self, action: str, pick: int, fitting: bool) -> None:
        slots = list(self.slow.slots())
        if fitting:  # mostly where it makes sense
            sources, _targets = world.MOVES[action]
            slots = [slot for slot in slots if slot.state in sources] or slots
        slot = slots[pick % len(slots)]
        assert slot.ask is not None
        owner = self.stage.owner(slot.thing.name)
        if slot.ask.borrower is None and action in BORROWERS:
            return
        side = owner if action not in BORROWERS else self.stage.borrowers[slot.ask.borrower or 0]
        uid = Line.objects.visible_to(SYSTEM).get(pk=self.ids[slot]).uid
        if action == "settle" and slot.state == "to_settle" and slot.ask.borrower is not None:
            # The borrower's yes comes first and changes nothing by itself.
            borrower = self.stage.borrowers[slot.ask.borrower]
            act(by=self.at(borrower), line=uid, action="settle")
        self.both(
            lambda: act(by=self.at(side), line=uid, action=action, reason="bo tak"),
            lambda: self.slow.act(slot, action),
        )
        if len(self.slow.lost) > len(self.lost):
            hold = self.slow.lost[-1]
            self.lost.append(hold)
            thing = self.stage.things[slot.thing.name]
            block = Block.objects.filter(resource=thing, kind="lost").latest("pk")
            self.blocks.append((slot.thing.name, block, hold))

    @rule(name=names, start=starts, length=lengths, units=st.integers(1, 4), agreed=st.booleans())
    def block(self, name: str, start: int, length: int, units: int, agreed: bool) -> None:
        self.enter(name, start, length, units, agreed=agreed)

    def enter(self, name: str, start: int, length: int, units: int, *, agreed: bool) -> None:
        thing = self.things[name]
        units = min(units, thing.size)
        owner = self.stage.owner(name)
        made, hold = self.both(
            lambda: add_block(
                by=self.at(owner),
                resource=self.stage.things[name].uid,
                starts_at=instant(start),
                ends_at=instant(start + length),
                units=units,
                hit=() if agreed else None,
            ),
            lambda: self.slow.block(thing, start, start + length, units, agreed=agreed),
        )
        if made is not None:
            self.blocks.append((name, made, hold))

    @precondition(lambda self: self.out())
    @rule(
        pick=st.integers(0, 100),
        before=st.integers(-4, 4),
        length=st.integers(1, 24),
        units=st.integers(1, 4),
    )
    def block_over_what_is_out(self, pick: int, before: int, length: int, units: int) -> None:
        slots = self.out()
        slot = slots[pick % len(slots)]
        self.enter(slot.thing.name, max(slot.start - before, 0), length, units, agreed=True)

    def out(self) -> list[world.Slot]:
        return [slot for slot in self.slow.slots() if slot.state in {"handed_over", "overdue"}]

    @precondition(lambda self: self.blocks)
    @rule(pick=st.integers(0, 100), start=starts, length=lengths, agreed=st.booleans())
    def move_a_block(self, pick: int, start: int, length: int, agreed: bool) -> None:
        name, block, hold = self.blocks.pop(pick % len(self.blocks))
        owner = self.stage.owner(name)
        made, moved = self.both(
            lambda: move_block(
                by=self.at(owner),
                block=block.uid,
                starts_at=instant(start),
                ends_at=instant(start + length),
                hit=() if agreed else None,
            ),
            lambda: self.slow.block(
                self.things[name],
                start,
                start + length,
                hold.units,
                agreed=agreed,
                old=hold,
                lost=hold.lost,
            ),
        )
        self.blocks.append((name, block, moved if made is not None else hold))

    @precondition(lambda self: self.blocks)
    @rule(pick=st.integers(0, 100))
    def remove_a_block(self, pick: int) -> None:
        name, block, hold = self.blocks.pop(pick % len(self.blocks))
        remove_block(by=self.at(self.stage.owner(name)), block=block.uid)
        self.slow.remove(hold)

    # --- what time does -----------------------------------------------------------------------
    @rule(cells=st.sampled_from([1, 1, 2, 5, 16, 32, DAY, 2 * DAY]), ticks=st.booleans())
    def time_passes(self, cells: int, ticks: bool) -> None:
        if (
            self.slow.now + cells > 15 * DAY
        ):  # what ends three working days later meets no clock change
            return
        self.slow.now += cells
        self.slow.run_out()
        self.slow.push()
        if ticks:
            self.clock_ticks()

    @rule()
    def clock_ticks(self) -> None:
        tick(now=instant(self.slow.now))
        self.slow.tick()

    # --- what must be so ----------------------------------------------------------------------
    def ready(self) -> bool:
        """Begun; and what is not back is out as long as it is, though nobody wrote it down."""
        if not hasattr(self, "slow"):
            return False
        self.slow.push()
        return True

    def effective(self, line: Line) -> str:
        """The state with what ran out read as such, whether or not anybody wrote it down."""
        ran_out = line.expires_at is not None and line.expires_at <= instant(self.slow.now)
        return "asked" if ran_out and line.state in {"held", "accepted"} else line.state

    @invariant()
    def the_same_states(self) -> None:
        if not self.ready():
            return
        lines = {line.pk: line for line in Line.objects.visible_to(SYSTEM)}
        states = {pk: self.effective(line) for pk, line in lines.items()}
        assert states == {self.ids[slot]: slot.state for slot in self.slow.slots()}
        stored = dict(Booking.objects.visible_to(SYSTEM).values_list("pk", "state"))
        for ask in self.slow.asks:
            mine = [lines[self.ids[slot]] for slot in ask.slots]
            if all(self.effective(line) == line.state for line in mine):
                assert stored[ask.number] == booking_state([slot.state for slot in ask.slots])
            for line, slot in zip(mine, ask.slots, strict=True):
                until = slot.claim.until if slot.claim is not None else None
                if self.effective(line) == line.state:
                    assert line.expires_at == (instant(until) if until is not None else None)
            firm = [slot for slot in ask.slots if slot.state in {"confirmed", "finished"}]
            open_ = [slot for slot in ask.slots if slot.state in world.WAITING]
            if ask.whole and firm and open_ and not ask.went_ahead:
                assert Counter(slot.state for slot in open_) == {"asked": len(open_)} or any(
                    slot.state == "to_settle" for slot in ask.slots
                ), "confirmed in part"

    @invariant()
    def the_same_claims(self) -> None:
        if not self.ready():
            return
        now = instant(self.slow.now)
        window = Span(EPOCH, instant(world.END))
        rows = live_claims(list(self.stage.capacities.values()), window, now=now)
        for name, thing in self.things.items():
            mine = [row for row in rows if row.capacity == self.stage.capacities[name]]
            told = [
                (row.line, row.span.start, row.span.end, row.units, row.expires_at)
                for row in mine
                if row.line is not None
            ]
            expected = [
                (
                    self.ids[claim.line],
                    instant(claim.start),
                    instant(claim.end),
                    claim.units,
                    instant(claim.until) if claim.until is not None else None,
                )
                for claim in thing.claims
                if claim.line is not None
            ]
            assert sorted(told, key=str) == sorted(expected, key=str), name
            has: dict[tuple[int, int], int] = {}
            for row in mine:
                if row.block is not None:
                    first = int((row.span.start - EPOCH) / CELL)
                    last = first + 1 if thing.total else int((row.span.end - EPOCH) / CELL)
                    for cell in range(first, min(last, world.END)):
                        assert (row.block, cell) not in has, "one claim of a block at a time"
                        has[row.block, cell] = row.units
            wants = {
                (block.pk, cell): units
                for where, block, hold in self.blocks
                if where == name
                for cell, units in hold.got.items()
                if units
            }
            assert has == wants, name
        for claim in Claim.objects.filter(line__isnull=False).select_related("line"):
            assert claim.line is not None
            if self.effective(claim.line) not in world.CLAIMING and claim.mode != "total":
                stale = claim.expires_at is not None and claim.expires_at <= now
                # Of what took place the turnover may still go on.
                over = claim.line.use_ends_at <= now
                assert claim.span.upper <= now or stale or over
        claiming = [slot for slot in self.slow.slots() if slot.state in world.CLAIMING]
        assert all(slot.claim is not None for slot in claiming)
        with connection.cursor() as cursor:
            for wrong in (OVERLAPS, OVERSOLD):
                cursor.execute(wrong)
                assert cursor.fetchone() == (0,)

    @invariant()
    def the_same_answers(self) -> None:
        if not self.ready():
            return
        self.probe += 7
        now, side = self.slow.now, self.stage.borrowers[self.probe % 2]
        viewer = self.at(side)
        start = max(now, DAY) + self.probe * 5 % (2 * DAY)
        end = start + 1 + self.probe % 9
        window = Span(instant(start), instant(end))
        ids = {name: thing.pk for name, thing in self.stage.things.items()}
        shown = free(list(ids.values()), window, now=viewer.now)
        found = search(viewer=viewer, wanted=Sought(window=window), limit=50)
        by_search = {one.resource.pk: one.free_units for one in found.results}
        tiles = timeline(list(ids.values()), window, viewer=viewer)
        for name, thing in self.things.items():
            units = self.slow.free(thing, start, end)
            assert shown[ids[name]].units_during(window) == units, name
            assert by_search.get(ids[name], 0) == units, name
            for tile in tiles[ids[name]]:
                first = int((tile.span.start - EPOCH) / CELL)
                last = int((tile.span.end - EPOCH) / CELL)
                for cell in range(first, last):
                    left = max(thing.size - self.slow.taken(thing, cell), 0)
                    assert tile.units == left, (name, tile)
                    assert (tile.kind in {"free", "some", "asked"}) == (left > 0), (name, tile)
            row = (name, start, end, 1 + self.probe % thing.size, self.probe % 3 == 0)
            told = check_booking(
                by=viewer,
                institution=side.house.pk,
                wish=BookingWish(self.wishes([row]), title="?", once=True),
            )
            expected: list[str] = []
            try:
                who = self.stage.borrowers.index(side)
                self.slow.ask(who, self.obvious([row]), whole=True, anyway=False, dry=True)
            except world.Refused as refused:
                expected = [code for code, _line in refused.codes]
            assert sorted(reason.code for reason in told.reasons) == sorted(expected), name
            assert told.possible == (not expected)


def test_the_engine_does_what_the_slow_one_does() -> None:
    machine = type("Here", (Engines,), {"stage": Stage.made()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=200 if PROOF else 4,
            stateful_step_count=60 if PROOF else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            # Steps that fail are printed as they were; making them fewer takes minutes.
            phases=[Phase.generate, Phase.shrink] if PROOF else [Phase.generate],
        ),
    )
    assert replace(self_check(), now=0).now == 0


def self_check() -> SlowEngine:
    """The slow engine by itself: two firm uses of one hall are refused, touching ones are not."""
    engine, hall = SlowEngine(), world.Thing("hall", policy="at_once")
    engine.ask(0, [world.Wanted(hall, 10, 12)], whole=True, anyway=False)
    engine.ask(0, [world.Wanted(hall, 12, 14)], whole=True, anyway=False)
    with pytest.raises(world.Refused):
        engine.ask(1, [world.Wanted(hall, 11, 13)], whole=True, anyway=False)
    assert timedelta(minutes=30) == CELL
    return engine
