"""Everything that people do, in any order: whatever comes of it, the audit finds nothing after each step.

A walk asks, answers, proposes, closes, changes parts, numbers and dates, and lets time go by, as dice say. What is
refused leaves nothing; any error that is not meant for people is a failure, told with its seed and its last steps.
PODEST_PROOF=1 makes 300 walks of 80 steps; without it two short ones.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from bookings.models import (
    Block,
    Booking,
    Case,
    Line,
    Offer,
    Outcome,
    Seat,
    SeatedSession,
    Series,
)
from bookings.periods import Wanted
from bookings.queries.audit import audit
from bookings.services.actions import act
from bookings.services.answer_times import keep_waiting
from bookings.services.blocks import add_block, move_block, remove_block
from bookings.services.cases import (
    answer_case,
    answer_objection,
    bring_case,
    decide_case,
    object_to,
    settle_case,
)
from bookings.services.clockwork import tick
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.correcting import undo_write_in
from bookings.services.offers import accept_offer, decline_offer, propose, withdraw_offer
from bookings.services.request.sending import request_booking
from bookings.services.resources import change_units
from bookings.services.seats import drop_seat, set_seat
from bookings.services.series.changing import SeriesChange, change_series
from bookings.services.series.ending import end_series
from bookings.services.sessions import (
    add_session,
    cancel_session,
    change_session,
    restore_session,
)
from bookings.services.told import told_by_phone
from bookings.services.write_in import WrittenFor, write_in
from bookings.states import PERSONAL_ACTIONS, TRANSITIONS
from bookings.wishes import BookingWish, LineWish
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Busy, DomainError
from sharing.models import Resource
from tests.bookings.series_stage import series_of, weekly
from tests.bookings.stage import DAY, NOW, Side, line, make_side, make_thing, only_with, wish
from tests.factories import make_moderator

pytestmark = pytest.mark.django_db
PROOF = os.environ.get("PODEST_PROOF") == "1"
WALKS, STEPS = (300, 80) if PROOF else (2, 40)
HOUR = timedelta(hours=1)
COUNTED = {"chairs": 6, "mics": 6, "gifts": 8}
MONTH_END = datetime(2027, 3, 31, 20, tzinfo=UTC)


class Town:
    """One house with a thing of every kind, wholes three deep that share a leaf, and three that ask."""

    def __init__(self, dice: random.Random) -> None:
        self.owner, self.other = make_side(), make_side()
        self.askers = [make_side() for _ in range(3)]
        self.moderator = viewer_for(person=make_moderator(), acting_for=None, now=NOW)
        self.things: dict[str, Resource] = {}
        listed: tuple[tuple[str, dict[str, Any]], ...] = (
            ("hall", {}),
            ("room", {"turnover_minutes": dice.choice([0, 30])}),
            ("chairs", {"kind": "pooled", "handover": "simple"}),
            ("mics", {"kind": "pooled", "handover": dice.choice(["none", "simple"])}),
            *((name, {}) for name in ("mixer", "kit", "floor", "top", "stage")),
            ("workshop", {"kind": "seated", "units": 4}),
            ("mentor", {"kind": "metered", "units": 6}),
            ("gifts", {"kind": "giveaway", "handover": "simple"}),
            ("crew", {"state": "draft"}),
        )
        for name, fields in listed:
            given: dict[str, Any] = {
                "terms": dice.choice([{"at_once": True}, {}]),
                "answering": dice.choice(["keep_first", "owner_chooses"]),
                **fields,
            }
            if name in COUNTED:
                given["units"] = COUNTED[name]
            self.things[name] = make_thing(self.owner, name, **given)
        self.things["far"] = make_thing(self.other, "far", terms={"at_once": True})
        self.make("kit", ("mixer", 1), ("mics", 3))
        self.make("floor", ("hall", 1), ("room", 1))
        self.make("top", ("floor", 1), ("kit", 1), ("mics", 1))
        only_with(self.owner, self.things["stage"], self.things["crew"])
        for hour in (10, 14, 34):
            start = DAY + hour * HOUR
            add_session(
                by=self.owner.viewer,
                resource=self.things["workshop"].uid,
                starts_at=start,
                ends_at=start + 2 * HOUR,
            )

    def make(self, whole: str, *parts: tuple[str, int], now: datetime = NOW) -> None:
        wishes = [PartWish(self.things[name].uid, units) for name, units in parts]
        change_parts(by=self.owner.at(now), resource=self.things[whole].uid, parts=wishes)


class Walk:
    """Steps by dice of one seed. A step that finds nothing to do does nothing."""

    def __init__(self, seed: int) -> None:
        self.dice, self.now = random.Random(seed), NOW
        self.town = Town(self.dice)
        self.steps: tuple[tuple[int, Callable[[], object]], ...] = (
            (9, self.ask),
            (1, self.ask_again_and_again),
            (9, self.act),
            (6, self.propose),
            (7, self.answer),
            (3, self.block),
            (3, self.unblock),
            (1, self.change_parts),
            (1, self.change_number),
            (2, self.change_date),
            (1, self.change_seat),
            (1, self.write_in),
            (1, self.undo_write_in),
            (2, self.case),
            (1, self.wait_on),
            (1, self.change_series),
            (3, self.let_time_go_by),
        )

    def step(self, number: int) -> str:
        """Take one; its name."""
        weights = [weight for weight, _step in self.steps]
        [(_weight, chosen)] = self.dice.choices(self.steps, weights)
        if number < 6:
            chosen = self.ask
        try:
            with transaction.atomic():
                chosen()
        except Busy:
            raise
        except DomainError as refused:
            return f"{chosen.__name__}: {type(refused).__name__}"
        return chosen.__name__

    # --- dice ---
    def start(self) -> datetime:
        if self.dice.random() < 0.07:
            return MONTH_END
        hour = self.dice.choice([9, 10, 11, 12, 13, 14, 15, 34, 35])
        return DAY + hour * HOUR + timedelta(minutes=self.dice.choice([0, 30]))

    def wish(self, name: str | None = None, **fields: Any) -> LineWish:
        name = name or self.dice.choice([one for one in self.town.things if one != "crew"])
        thing = self.town.things[name]
        if name == "workshop":
            date = self.dice.choice(self.dates())
            hours = (date.ends_at - date.starts_at) / HOUR
            units = self.dice.randint(1, 3)
            return line(thing, date.starts_at, hours, units=units, **fields)
        units = self.dice.randint(1, 4) if name in COUNTED else 1
        return line(thing, self.start(), self.dice.choice([1, 2, 3, 4.5]), units=units, **fields)

    def waiting(self) -> dict[str, Any]:
        chance = self.dice.random()
        if chance < 0.25:
            return {"waiting_list": True, "least_units": self.dice.choice([None, 1])}
        return {"second_in_line": True} if chance < 0.35 else {}

    def by(self, side: Side) -> Viewer:
        return side.at(self.now)

    def asker(self) -> Side:
        return self.dice.choice(self.town.askers)

    def name_of(self, thing: int | None) -> str | None:
        return next((name for name, one in self.town.things.items() if one.pk == thing), None)

    def borrower(self, house: int | None) -> Side:
        return next((one for one in self.town.askers if one.house.pk == house), self.town.owner)

    def lender(self, one: Line) -> Side:
        return self.town.other if one.lender_id == self.town.other.house.pk else self.town.owner

    def lines(self) -> list[Line]:
        rows = Line.objects.visible_to(SYSTEM).select_related("booking")
        return list(rows.order_by("-pk")[:40])

    def dates(self) -> list[SeatedSession]:
        rows = SeatedSession.objects.filter(resource=self.town.things["workshop"])
        return list(rows.order_by("pk"))

    # --- steps ---
    def ask(self) -> None:
        side = self.asker()
        wishes = [self.wish(**self.waiting()) for _ in range(self.dice.choice([1, 1, 1, 2, 3]))]
        if self.dice.random() < 0.06:
            thing = self.town.things[self.dice.choice(["hall", "mentor", "stage", "chairs"])]
            wishes[0] = replace(line(thing, DAY, 60), wanted=Wanted(60))
        request_booking(
            by=self.by(side),
            institution=side.house.pk,
            wish=wish(
                *wishes,
                all_or_nothing=self.dice.random() < 0.6,
                ask_anyway=self.dice.choice(["", "", "proszę"]),
            ),
        )

    def ask_again_and_again(self) -> None:
        side = self.asker()
        thing = self.town.things[self.dice.choice(["hall", "chairs", "stage", "kit"])]
        dates = weekly(
            self.dice.randint(2, 4),
            first_on=date(2027, 3, 10),
            starts_minute=11 * 60,
            length_minutes=120,
        )
        series = series_of(thing, dates, one_answer=self.dice.random() < 0.3)
        request_booking(
            by=self.by(side),
            institution=side.house.pk,
            wish=BookingWish(series=(series,), title="Próby", all_or_nothing=False),
        )

    def act(self) -> None:
        one = self.dice.choice(self.lines())
        usual = ("approve", "hand_over", "give_back", "overdue", "lost", "settle", "cancel")
        actions = usual if self.dice.random() < 0.5 else tuple(PERSONAL_ACTIONS)
        possible = [action for action in actions if one.state in TRANSITIONS[action].sources]
        if not possible:
            return
        action = self.dice.choice(possible)
        fields: dict[str, Any] = {}
        if action in {"give_back", "lost", "hand_over"} and self.dice.random() < 0.3:
            fields["units"] = self.dice.randint(0, one.units)
        if action in {"give_back", "hand_over"} and self.dice.random() < 0.3:
            ago = timedelta(minutes=self.dice.choice([1, 45, 8 * 60, 30 * 60]))
            fields["happened_at"] = self.now - ago
        if action in {"decline", "take_back"} and self.dice.random() < 0.4:
            fields["proposal"] = self.wish(self.name_of(one.resource_id))
        side = self.dice.choice([self.town.owner, self.borrower(one.booking.borrower_id)])
        act(by=self.by(side), line=one.uid, action=action, reason="bo tak", **fields)

    def propose(self) -> None:
        one = self.dice.choice(self.lines())
        name = self.name_of(one.resource_id)
        lender = self.lender(one)
        side = self.dice.choice([lender, self.borrower(one.booking.borrower_id)])
        wanted = self.wish(name if side is not lender or self.dice.random() < 0.7 else None)
        if self.dice.random() < 0.5 and name is not None and name != "workshop":
            hours = (one.use_ends_at - one.use_starts_at) / HOUR + self.dice.choice([-1, 0, 1, 2])
            units = max(1, one.units + self.dice.choice([-1, 0, 1]))
            thing = self.town.things[name]
            wanted = line(thing, one.use_starts_at, max(hours, 0.5), units=units)
        propose(by=self.by(side), line=one.uid, wish=wanted)

    def answer(self) -> None:
        offers = list(
            Offer.objects.visible_to(SYSTEM).select_related("booking").order_by("-pk")[:15]
        )
        if not offers:
            return
        offer = self.dice.choice(offers)
        house = offer.booking.borrower_id if offer.booking is not None else None
        side = self.dice.choice([self.town.owner, self.borrower(house)])
        verb = self.dice.choice([accept_offer, accept_offer, decline_offer, withdraw_offer])
        verb(by=self.by(side), offer=offer.uid)

    def block(self) -> None:
        name = self.dice.choice(list(self.town.things))
        thing, start = self.town.things[name], self.start()
        fields: dict[str, Any] = {}
        if name in COUNTED:
            fields["units"] = self.dice.randint(1, COUNTED[name])
        chance = self.dice.random()
        if chance < 0.6:
            fields["hit"] = ()
        elif chance < 0.8:
            fields["shrink"] = {
                one.uid: self.dice.randint(1, max(1, one.units - 1))
                for one in self.lines()
                if one.resource_id == thing.pk and one.units > 1
            }
        add_block(
            by=self.by(self.town.owner),
            resource=thing.uid,
            starts_at=start,
            ends_at=start + self.dice.choice([1, 3, 30]) * HOUR,
            kind=self.dice.choice(["closure", "own_programme", "repair"]),
            **fields,
        )

    def unblock(self) -> None:
        blocks = list(Block.objects.order_by("pk"))
        if not blocks:
            return
        block, by, start = self.dice.choice(blocks), self.by(self.town.owner), self.start()
        if self.dice.random() < 0.6:
            remove_block(by=by, block=block.uid)
            return
        hit = self.dice.choice([None, ()])
        move_block(by=by, block=block.uid, starts_at=start, ends_at=start + 2 * HOUR, hit=hit)

    def change_parts(self) -> None:
        name = self.dice.choice(["kit", "floor", "top"])
        of = {
            "kit": [("mixer", 1), ("mics", self.dice.randint(1, 4))],
            "floor": [("hall", 1), ("room", 1)],
            "top": [("floor", 1), ("kit", 1), ("mics", self.dice.randint(1, 3))],
        }
        kept = [part for part in of[name] if self.dice.random() < 0.8]
        self.town.make(name, *kept, now=self.now)

    def change_number(self) -> None:
        name = self.dice.choice([*COUNTED, "mentor", "workshop"])
        units = self.dice.randint(2, 9)
        thing = self.town.things[name]
        change_units(by=self.by(self.town.owner), resource=thing.uid, units=units)

    def change_date(self) -> None:
        date, by = self.dice.choice(self.dates()), self.by(self.town.owner)
        start, chance = self.start(), self.dice.random()
        if chance < 0.25:
            thing = self.town.things["workshop"].uid
            add_session(by=by, resource=thing, starts_at=start, ends_at=start + 2 * HOUR)
        elif chance < 0.5:
            cancel_session(by=by, session=date.uid, confirmed=True)
        elif chance < 0.75:
            restore_session(by=by, session=date.uid)
        elif chance < 0.85:
            end = start + 2 * HOUR
            change_session(by=by, session=date.uid, starts_at=start, ends_at=end)
        else:
            change_session(by=by, session=date.uid, units=self.dice.randint(1, 6))

    def change_seat(self) -> None:
        seats = list(Seat.objects.visible_to(SYSTEM).select_related("line__booking"))
        if not seats:
            return
        seat = self.dice.choice(seats)
        side = self.dice.choice([self.town.owner, self.borrower(seat.line.booking.borrower_id)])
        if self.dice.random() < 0.5:
            drop_seat(by=self.by(side), seat=seat.uid)
        else:
            set_seat(by=self.by(side), line=seat.line.uid, position=seat.position, name="Ala")

    def write_in(self) -> None:
        owner = self.town.owner
        write_in(
            by=self.by(owner),
            lender=owner.house.pk,
            wish=wish(self.wish()),
            whom=WrittenFor(
                borrower=self.dice.choice([None, self.town.askers[0].house.pk]), name="Jan"
            ),
        )

    def undo_write_in(self) -> None:
        rows = Booking.objects.visible_to(SYSTEM).filter(entered_for__isnull=False)
        if (written := rows.order_by("-pk").first()) is not None:
            undo_write_in(by=self.by(self.town.owner), booking=written.uid)

    def case(self) -> None:
        rows = Case.objects.visible_to(SYSTEM).select_related("line__booking").order_by("-pk")[:5]
        if not rows:
            return
        case = self.dice.choice(list(rows))
        owner, borrower = self.town.owner, self.borrower(case.borrower_id)
        by, other = self.by(self.dice.choice([owner, borrower])), self.moderator()
        step = self.dice.choice(["answer", "settle", "bring", "decide", "object", "lift"])
        if step == "answer":
            answer_case(by=by, case=case.uid, words="nie my")
        elif step == "settle":
            settle_case(by=by, case=case.uid)
        elif step == "bring":
            bring_case(by=by, case=case.uid)
        elif step == "object":
            object_to(by=by, case=case.uid, words="nie tak")
        elif step == "lift":
            upheld = self.dice.random() < 0.5
            answer_objection(by=other, case=case.uid, upheld=upheld, answer="bo tak")
        else:
            outcome = self.dice.choice(list(Outcome.values))
            on = None if outcome == "nothing" else borrower.house.uid
            decide_case(by=other, case=case.uid, outcome=outcome, reason="bo tak", on=on)

    def moderator(self) -> Viewer:
        return replace(self.town.moderator, now=self.now)

    def wait_on(self) -> None:
        one = self.dice.choice(self.lines())
        if self.dice.random() < 0.5:
            told_by_phone(by=self.by(self.lender(one)), line=one.uid, told=self.dice.random() < 0.7)
        else:
            keep_waiting(by=self.by(self.borrower(one.borrower_id)), booking=one.booking.uid)

    def change_series(self) -> None:
        rows = list(Series.objects.filter(booking__isnull=False).select_related("booking"))
        if not rows:
            return
        series = self.dice.choice(rows)
        house = series.booking.borrower_id if series.booking is not None else None
        by = self.by(self.dice.choice([self.town.owner, self.borrower(house)]))
        since = date(2027, 3, 10) + timedelta(days=7 * self.dice.randint(0, 2))
        if self.dice.random() < 0.5:
            end_series(by=by, series=series.uid, since=since, reason="bo tak")
            return
        starts, length = self.dice.choice([None, 600, 720]), self.dice.choice([None, 60, 180])
        change = SeriesChange(starts_minute=starts, length_minutes=length)
        change_series(by=by, series=series.uid, since=since, change=change)

    def let_time_go_by(self) -> None:
        minutes = self.dice.choice([0, 5, 40, 7 * 60, 26 * 60, 72 * 60])
        self.now += timedelta(minutes=minutes)
        if self.dice.random() < 0.2:
            self.now = max(self.now, DAY + 8 * HOUR)
        tick(now=self.now)


@pytest.mark.parametrize("seed", range(1, WALKS + 1))
def test_the_audit_finds_nothing_wherever_one_goes(seed: int) -> None:
    walk, trail = Walk(seed), []
    for number in range(STEPS):
        trail.append(walk.step(number))
        found = [str(one) for one in audit(now=walk.now).findings]
        assert found == [], f"seed {seed}, step {number}: {trail[-12:]}"
