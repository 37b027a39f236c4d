"""The engine once more, slow and obvious: every half hour of every thing is looked at by itself. No database.

Whoever reads DESIGN 6 should find each sentence of it here. Time is counted in cells of 30 minutes from `EPOCH`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.properties.slow_world import (
    DAY,
    END,
    HITTABLE,
    HOUR,
    Hold,
    Refused,
    Slot,
    Thing,
    WouldHit,
    working_days_on,
)

from .slow_requests import SlowRequests


@dataclass
class SlowEngine(SlowRequests):
    """With what owners take for themselves, and what time does."""

    def _lost(self, slot: Slot) -> None:
        self._cut(slot)
        self._move(slot, "lost")
        if not slot.thing.total:  # what was given away is not missed
            self.lost.append(
                self.block(slot.thing, self.now, END, slot.units, agreed=True, lost=True)
            )

    # --- own use ------------------------------------------------------------------------------
    def block(
        self,
        thing: Thing,
        start: int,
        end: int,
        units: int,
        *,
        agreed: bool,
        old: Hold | None = None,
        lost: bool = False,
    ) -> Hold:
        """The owner takes time; `old` is moved. Who must give way is told first unless `agreed`.

        What is out stays out, and the block takes the rest. Beside what is lost the owner's own use stays as well.
        """
        claims = [claim for claim in thing.claims if claim is not old]
        if not thing.total:
            claims = [claim for claim in claims if self._meet(claim, start, end)]
        stays = [
            claim
            for claim in claims
            if (claim.line is None and lost)
            or (claim.line is not None and claim.line.state not in HITTABLE)
        ]
        claims = [claim for claim in claims if claim not in stays]
        order = sorted(
            (claim for claim in claims if claim.line is not None),
            key=lambda claim: (
                claim.line is not None and claim.line.state == "confirmed",
                -(claim.line.number if claim.line else 0),
            ),
        )
        hit: list[Slot] = []

        def load(cell: int) -> tuple[int, int]:
            return sum(c.at(cell) for c in claims), sum(c.at(cell) for c in stays)

        def too_full(cell: int) -> bool:
            promised, out = load(cell)
            room = thing.size - out
            return promised + min(units, room) > room

        while True:
            full = [cell for cell in range(start, end) if too_full(cell)]
            if not full:
                break
            # Whoever lies in the first stretch of one and the same load may give way.
            last = full[0]
            while last + 1 < end and load(last + 1) == load(full[0]):
                last += 1
            way = [c for c in order if thing.total or self._meet(c, full[0], last + 1)]
            if not way:
                raise Refused(("taken_by_yourself", 0))
            order.remove(way[0])
            claims.remove(way[0])
            assert way[0].line is not None
            hit.append(way[0].line)
        if hit and not agreed:
            raise WouldHit(hit)
        made = Hold(thing, start, end, units, lost=lost)
        for slot in hit:
            self._hit(slot, made)
        if old is not None:
            for slot in self.slots():
                slot.hit_by = made if slot.hit_by is old else slot.hit_by
            thing.claims[thing.claims.index(old)] = made
        else:
            thing.claims.append(made)
        if thing not in self.blocked:
            self.blocked.append(thing)
        self.fill()
        return made

    def _hit(self, slot: Slot, by: Hold | None) -> None:
        slot.hit_by, slot.hit_from, slot.hit_at = by, slot.state, self.now
        self._release(slot)
        self._move(slot, "to_settle")

    def remove(self, hold: Hold) -> None:
        """Within the hour it was a mistake: who gave way has it again, who had more first, as far as it is free."""
        hold.thing.claims.remove(hold)
        order = ["confirmed", "accepted", "held"]
        hit = [
            slot
            for slot in self.slots()
            if slot.hit_by is hold
            and slot.state == "to_settle"
            and self.now - slot.hit_at < HOUR
            and slot.end > self.now
        ]
        for slot in sorted(hit, key=lambda one: (order.index(one.hit_from), one.number)):
            if self._room(slot.thing, slot.start, slot.end, slot.units):
                continue
            until: int | None = None
            if slot.hit_from != "confirmed":
                until = min(working_days_on(self.now, 3), slot.start)
                if slot.hit_from == "accepted":
                    assert slot.decided is not None
                    until = min(until, slot.decided + 14 * DAY)
                if until <= self.now:
                    continue
            self._claim(slot, until)
            self._move(slot, slot.hit_from)
        for slot in hit:
            assert slot.ask is not None
            self._complete(slot.ask)
        self.fill()

    def fill(self) -> None:
        """Whatever is not taken by others a block has, as far as it wants it."""
        for thing in self.blocked:
            for hold in thing.claims:
                if hold.line is None:
                    self._fill(hold)

    @staticmethod
    def _fill(hold: Hold) -> None:
        others = [claim for claim in hold.thing.claims if claim is not hold]
        cells = [hold.start] if hold.thing.total else range(hold.start, min(hold.end, END))
        hold.got = {
            cell: min(hold.units, hold.thing.size - sum(one.at(cell) for one in others))
            for cell in cells
        }

    # --- time ---------------------------------------------------------------------------------
    def push(self) -> None:
        """What is not back is out for 7 days more, as far as it does not meet what no longer fits beside it."""
        late = [s for s in self.slots() if s.state == "overdue" and s.claim and not s.thing.total]
        for slot in sorted(late, key=lambda one: (one.start, one.number)):
            assert slot.claim is not None
            while slot.claim.end < self.now + 7 * DAY:
                if self.taken(slot.thing, slot.claim.end) + slot.units > slot.thing.size:
                    break
                slot.claim.end += 1
        self.fill()

    def tick(self) -> None:
        """What the clock does besides."""
        for slot in self.slots():
            if slot.state == "asked" and slot.start <= self.now:
                self._move(slot, "expired")
        for slot in sorted(self.slots(), key=lambda one: -one.number):
            thing = slot.thing
            if slot.state != "confirmed" or not slot.start <= self.now < slot.end:
                continue
            late = [s for s in self.slots() if s.thing is thing and s.state == "overdue"]
            if not late or thing.total:
                continue
            out = sum(one.units for one in late)
            used = sum(claim.at(self.now) for claim in thing.claims if claim.line not in late)
            missing = out + used - thing.size
            if missing >= slot.units:
                self._hit(slot, None)
            elif missing > 0:  # it goes on with those that are there
                assert slot.claim is not None
                slot.units -= missing
                slot.claim.units = slot.units
        for slot in self.slots():
            if slot.state == "confirmed" and not slot.thing.handover and slot.end <= self.now:
                self._move(slot, "finished")
        for slot in self.slots():
            if slot.state == "handed_over" and slot.end + DAY <= self.now:
                self._move(slot, "overdue")
        for slot in self.slots():
            done = slot.state in {"finished", "returned", "lost", "not_used"}
            if done and slot.since + 14 * DAY <= self.now:
                self._move(slot, "closed")
