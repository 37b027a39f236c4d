"""Asking and answering once more, slow and obvious: the half of `slow_engine` that is about requests. No database.

Whoever reads DESIGN 6 should find each sentence of it here. Time is counted in cells of 30 minutes from `EPOCH`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.properties.slow_world import (
    CLAIMING,
    DAY,
    FIRM,
    HOUR,
    MOVES,
    WAITING,
    WAIVABLE,
    Ask,
    Conflict,
    Hold,
    Refused,
    Slot,
    Thing,
    Wanted,
    working_days_on,
)


@dataclass
class SlowRequests:
    now: int = 0
    asks: list[Ask] = field(default_factory=list)
    lost: list[Hold] = field(default_factory=list)
    blocked: list[Thing] = field(default_factory=list)

    def slots(self) -> Iterator[Slot]:
        for ask in self.asks:
            yield from ask.slots

    # --- counting -----------------------------------------------------------------------------
    def taken(
        self, thing: Thing, cell: int, *, firm: bool = False, apart: Slot | None = None
    ) -> int:
        return sum(
            claim.at(cell)
            for claim in thing.claims
            if not (firm and self._gives_way(claim, apart))
            and (apart is None or claim.line is not apart)
        )

    @staticmethod
    def _gives_way(claim: Hold, to: Slot | None) -> bool:
        """What is only kept, for another request."""
        own = to is not None and claim.line is not None and claim.line.ask is to.ask
        return claim.until is not None and not own

    def free(
        self, thing: Thing, start: int, end: int, *, firm: bool = False, apart: Slot | None = None
    ) -> int:
        """What a use from `start` to `end` could have, its turnover counted."""
        cells = range(start, end + thing.turnover)
        most = max(self.taken(thing, cell, firm=firm, apart=apart) for cell in cells)
        return max(thing.size - most, 0)

    # --- asking -------------------------------------------------------------------------------
    def judge(self, wanted: Wanted, borrower: int) -> list[str]:
        thing, codes = wanted.thing, []
        if any(
            (slot.thing, slot.start, slot.end, slot.units)
            == (thing, wanted.start, wanted.end, wanted.units)
            and slot.state in {*WAITING, "confirmed"}
            for ask in self.asks
            if ask.borrower == borrower
            for slot in ask.slots
        ):
            codes.append("asked_already")
        if wanted.start < self.now:
            codes.append("in_the_past")
        codes += self._room(
            wanted.thing, wanted.start, wanted.end, wanted.units, second=wanted.second
        )
        if thing.notice and wanted.start < self.now + thing.notice:
            codes.append("too_late_to_ask")
        return codes

    def _room(
        self,
        thing: Thing,
        start: int,
        end: int,
        units: int,
        *,
        second: bool = False,
        kept: bool = True,
        apart: Slot | None = None,
    ) -> list[str]:
        codes = ["more_than_there_are"] if units > thing.size else []
        firm = self.free(thing, start, end, firm=True, apart=apart)
        if firm < min(units, thing.size):
            exclusive = thing.size == 1 and not thing.total
            codes.append("taken" if exclusive else "not_enough_units")
        if kept and not second and self.free(thing, start, end, apart=apart) < min(units, firm):
            codes.append("kept_for_another")
        return codes

    def ask(
        self, borrower: int, wishes: list[Wanted], *, whole: bool, anyway: bool, dry: bool = False
    ) -> Ask:
        """A request. `dry`: only look, raise or not."""
        refused: list[tuple[str, int]] = []
        slots: list[Slot] = []
        mine: list[Hold] = []
        asked: list[Hold] = []
        bad = 0
        for index, wanted in enumerate(wishes):
            thing = wanted.thing
            slot = Slot(0, thing, wanted.start, wanted.end, wanted.units, wanted.second)
            codes = self.judge(wanted, borrower)
            behind = wanted.second and self.free(thing, wanted.start, wanted.end) < wanted.units
            if thing.policy == "keep_first" and self._holds(borrower, slots) >= 10 and not behind:
                codes.append("too_many_holds")
            until: int | None = None
            if codes and not (anyway and set(codes) <= WAIVABLE):
                refused += [(code, index) for code in codes]
                bad += 1
                continue
            if not codes:
                slot.state, until = self._outcome(wanted, whole and len(wishes) > 1)
            slots.append(slot)
            if slot.state in CLAIMING:
                slot.claim = Hold(
                    thing, slot.start, slot.end + thing.turnover, slot.units, slot, None
                )
                thing.claims.append(slot.claim)  # counts for the lines after it as if it were firm
                mine.append(slot.claim)
                slot.decided = self.now if slot.state != "held" else None
            elif not behind:  # holds nothing, but nobody asks for more than there is in one request
                asked.append(Hold(thing, slot.start, slot.end + thing.turnover, slot.units, slot))
                thing.claims.append(asked[-1])
            slot.since = until or 0
        for claim in asked:
            claim.thing.claims.remove(claim)
        if dry or (bad and (whole or bad == len(wishes))):
            for claim in mine:
                claim.thing.claims.remove(claim)
            if bad and (dry or whole or bad == len(wishes)):
                raise Refused(*refused)
            return Ask(0, [], whole, borrower)
        ask = Ask(0, slots, whole, borrower)
        for slot in slots:
            slot.ask = ask
            if slot.claim is not None and slot.state in {"held", "accepted"}:
                slot.claim.until = slot.since
            slot.since = self.now
        self.asks.append(ask)
        self._complete(ask)
        return ask

    def _holds(self, borrower: int, new: list[Slot]) -> int:
        old = [s for s in self.slots() if s.ask is not None and s.ask.borrower == borrower]
        return sum(slot.state == "held" for slot in (*old, *new))

    def _outcome(self, wanted: Wanted, together: bool) -> tuple[str, int | None]:
        thing = wanted.thing
        behind = wanted.second and self.free(thing, wanted.start, wanted.end) < wanted.units
        if behind or thing.policy == "owner_chooses":
            return "asked", None
        until = min(working_days_on(self.now, 3), wanted.start)
        if thing.policy == "at_once":
            if not together:
                return "confirmed", None
            until = min(until, self.now + 14 * DAY)
        if until <= self.now:
            return "asked", None
        return ("held" if thing.policy == "keep_first" else "accepted"), until

    def write_in(self, wishes: list[Wanted]) -> Ask:
        slots: list[Slot] = []
        refused: list[tuple[str, int]] = []
        for index, wanted in enumerate(wishes):
            codes = self._room(
                wanted.thing, wanted.start, wanted.end, wanted.units, second=wanted.second
            )
            refused += [(code, index) for code in codes]
            if not codes:
                slot = Slot(0, wanted.thing, wanted.start, wanted.end, wanted.units, wanted.second)
                slot.state, slot.decided, slot.since = "confirmed", self.now, self.now
                self._claim(slot, None)
                slots.append(slot)
        if refused:
            for slot in slots:
                self._release(slot)
            raise Refused(*refused)
        ask = Ask(0, slots, True, None)
        for slot in slots:
            slot.ask = ask
        self.asks.append(ask)
        return ask

    # --- moving -------------------------------------------------------------------------------
    def _move(self, slot: Slot, state: str) -> None:
        slot.state, slot.since = state, self.now

    def _claim(self, slot: Slot, until: int | None) -> None:
        self._release(slot)
        thing = slot.thing
        slot.claim = Hold(thing, slot.start, slot.end + thing.turnover, slot.units, slot, until)
        thing.claims.append(slot.claim)

    def _release(self, slot: Slot) -> None:
        if slot.claim is not None:
            slot.thing.claims.remove(slot.claim)
            slot.claim = None

    def _cut(self, slot: Slot) -> None:
        """The claim ends now; what was given away stays given away."""
        claim = slot.claim
        if claim is None or slot.thing.total:
            return
        claim.end = min(claim.end, self.now)
        if claim.start >= claim.end:
            self._release(slot)

    def _complete(self, ask: Ask) -> None:
        rest = [slot for slot in ask.slots if slot.state != "withdrawn"]
        if ask.whole and all(slot.state == "accepted" or slot.state in FIRM for slot in rest):
            for slot in rest:
                if slot.state == "accepted":
                    self._move(slot, "confirmed")
                    assert slot.claim is not None
                    slot.claim.until = None

    def act(self, slot: Slot, action: str) -> None:
        """A person's action; raises `Conflict` or `Refused` and changes nothing then."""
        sources, target = MOVES[action]
        if slot.state not in sources:
            if slot.state in target:
                return
            raise Conflict
        verb = "complete_by_borrower" if action == "complete" else action
        getattr(self, f"_{verb}")(slot)
        assert slot.ask is not None
        self._complete(slot.ask)

    def _judge_again(self, slot: Slot, *, kept: bool) -> None:
        codes = ["in_the_past"] if slot.end <= self.now else []
        codes += self._room(
            slot.thing, slot.start, slot.end, slot.units, second=slot.second, kept=kept, apart=slot
        )
        if codes:
            raise Refused(*((code, 0) for code in codes))

    def _approve(self, slot: Slot) -> None:
        self._judge_again(slot, kept=False)
        ask = slot.ask
        assert ask is not None
        others = [one for one in ask.slots if one is not slot and one.state != "withdrawn"]
        together = ask.whole and not all(one.state in FIRM for one in others)
        until = min(working_days_on(self.now, 3), self.now + 14 * DAY, slot.start)
        if together and until <= self.now:
            raise Conflict
        rivals = [
            claim
            for claim in slot.thing.claims
            if self._gives_way(claim, slot)
            and claim.line is not slot
            and (slot.thing.total or self._meet(claim, slot.start, slot.end + slot.thing.turnover))
        ]
        rivals.sort(key=lambda claim: (claim.until, claim.line.number if claim.line else 0))
        while self.free(slot.thing, slot.start, slot.end, apart=slot) < slot.units:
            rival = rivals.pop().line
            assert rival is not None
            self._release(rival)
            self._move(rival, "asked")
        slot.decided = self.now
        self._claim(slot, until if together else None)
        self._move(slot, "accepted" if together else "confirmed")
        if together:
            for one in ask.slots:
                if one.state == "accepted" and one is not slot and one.claim is not None:
                    assert one.decided is not None
                    longer = min(working_days_on(self.now, 3), one.decided + 14 * DAY, one.start)
                    one.claim.until = max(one.claim.until or 0, longer)

    @staticmethod
    def _meet(claim: Hold, start: int, end: int) -> bool:
        return claim.start < end and start < claim.end

    def _decline(self, slot: Slot) -> None:
        self._release(slot)
        slot.decided = self.now
        self._move(slot, "declined")

    def _reopen(self, slot: Slot) -> None:
        if slot.decided is None or self.now - slot.decided > HOUR:
            raise Conflict
        self._judge_again(slot, kept=True)
        slot.decided = None
        self._move(slot, "asked")

    def _withdraw(self, slot: Slot) -> None:
        self._release(slot)
        self._move(slot, "withdrawn")

    def _let_go(self, slot: Slot) -> None:
        self._release(slot)
        self._move(slot, "asked")

    def run_out(self) -> None:
        """Needs nobody: at its minute a hold is none."""
        for slot in self.slots():
            if (
                slot.claim is not None
                and slot.claim.until is not None
                and slot.claim.until <= self.now
            ):
                self._let_go(slot)

    def _complete_by_borrower(self, slot: Slot) -> None:
        ask = slot.ask
        assert ask is not None
        ask.went_ahead = True
        for one in ask.slots:
            if one.state == "accepted":
                assert one.claim is not None
                one.claim.until = None
                self._move(one, "confirmed")
            elif one.state in {"asked", "held"}:
                self._withdraw(one)

    def _cancel(self, slot: Slot) -> None:
        if slot.start <= self.now and not slot.thing.handover:
            self._cut(slot)
        else:
            self._release(slot)
        self._move(slot, "cancelled")

    _take_back = _cancel

    def _settle(self, slot: Slot) -> None:
        self._judge_again(slot, kept=True)
        self._claim(slot, None)
        self._move(slot, "confirmed")

    def _hand_over(self, slot: Slot) -> None:
        if not slot.thing.handover:
            raise Conflict
        self._move(slot, "handed_over")

    def _give_back(self, slot: Slot) -> None:
        self._cut(slot)
        self._move(slot, "returned")

    def _overdue(self, slot: Slot) -> None:
        if slot.end > self.now:
            raise Conflict
        self._move(slot, "overdue")

    def _not_used(self, slot: Slot) -> None:
        if slot.start > self.now:
            raise Conflict
        if slot.thing.total:
            self._release(slot)
        self._cut(slot)
        self._move(slot, "not_used")
