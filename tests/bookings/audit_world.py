"""A world with one of everything that the audit looks at, made by the services, and the names of its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bookings.models import Block, Capacity, Line, Offer
from bookings.services.actions import act_on_booking
from bookings.services.blocks import add_block
from bookings.services.clockwork import tick
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.offers import propose, withdraw_offer
from bookings.services.sessions import add_session, cancel_session
from bookings.wishes import LineWish
from sharing.models import Resource

from .stage import DAY, NOW, Side, ask, do, line, make_side, make_thing, only_with

AT = DAY + timedelta(hours=11)
"""When the audit looks: a Wednesday at noon in Wrocław."""
LATER = timedelta(days=1)
AT_ONCE = {"at_once": True}


@dataclass
class World:
    """`ids` are database ids by name, for statements by hand."""

    owner: Side
    guest: Side
    ids: dict[str, int] = field(default_factory=dict)

    def thing(self, name: str, **fields: object) -> Resource:
        made = make_thing(self.owner, name, **{"terms": AT_ONCE, **fields})
        self.ids[name] = made.pk
        for standing in Capacity.objects.filter(resource=made, span=None):
            self.ids[f"{name}_capacity"] = standing.pk
        return made

    def asked(self, name: str, *wanted: LineWish, now: datetime = NOW, **fields: object) -> Line:
        """The first line of a request; `name`, and `name_booking`, are its ids."""
        first = ask(self.guest, *wanted, now=now, title=name, **fields).lines[0]
        self.ids[name], self.ids[f"{name}_booking"] = first.pk, first.booking_id
        return first

    def block(
        self, name: str, thing: Resource, start: float, hours: float, units: int = 1
    ) -> Block:
        made = add_block(
            by=self.owner.at(AT),
            resource=thing.uid,
            starts_at=DAY + timedelta(hours=start),
            ends_at=DAY + timedelta(hours=start + hours),
            units=units,
        )
        self.ids[name] = made.pk
        return made

    def offer(self, name: str, one: Line, thing: Resource, start: float, *, by: Side) -> Offer:
        begin = DAY + timedelta(hours=start)
        wish = LineWish(thing.uid, begin, begin + timedelta(hours=4))
        made = propose(by=by.at(AT), line=one.uid, wish=wish).offer
        assert made is not None
        self.ids[name] = made.pk
        return made


def world() -> World:
    """Everything is as the services leave it at `AT`."""
    made = World(make_side("Dom"), make_side("Goście"))
    _one_at_a_time(made)
    _several(made)
    _wholes(made)
    _seats_and_hours(made)
    _together(made)
    tick(now=AT)
    return made


def _one_at_a_time(made: World) -> None:
    owner = made.owner
    hall = made.thing("hall", turnover_minutes=30)
    made.asked("confirmed", line(hall, 34))
    made.asked("finished", line(hall, 8, 2.75))
    do(made.guest, made.asked("cancelled", line(made.thing("yard"), 10, 3)), "cancel", now=AT)
    made.block("own_programme", hall, 40, 3)
    made.thing("spare")
    studio = made.thing("studio", terms={}, answering="keep_first")
    made.asked("held", line(studio, 34), now=AT)
    do(owner, made.asked("declined", line(studio, 40), now=AT), "decline", now=AT)
    made.asked("asked", line(made.thing("gallery", terms={}), 34))
    mixer = made.thing("mixer", handover="simple")
    late = made.asked("overdue", line(mixer, 8, 2))
    do(owner, late, "hand_over", now=late.use_starts_at)
    do(owner, late, "overdue", now=late.use_ends_at)
    lamp = made.thing("lamp", handover="simple")
    back = made.asked("returned", line(lamp, 8, 12))
    do(owner, back, "hand_over", now=back.use_starts_at)
    do(owner, back, "give_back", now=AT)
    terrace = made.thing("terrace", terms={})
    unmoved = made.asked("proposed", line(terrace, 34, 4))
    do(owner, unmoved, "approve", now=AT)
    made.offer("change", unmoved, terrace, 36, by=owner)
    gone = made.offer("withdrawn", made.asked("second", line(terrace, 60)), terrace, 64, by=owner)
    withdraw_offer(by=owner.at(AT), offer=gone.uid)


def _several(made: World) -> None:
    owner = made.owner
    chairs = made.thing("chairs", kind="pooled", units=10, handover="simple")
    made.asked("some", line(chairs, 34, units=4))
    out = made.asked("handed_over", line(chairs, 8, 10, units=3))
    do(owner, out, "hand_over", now=out.use_starts_at)
    made.block("closed", chairs, 10, 4, units=10)
    boards = made.thing("boards", kind="giveaway", units=9, handover="simple")
    made.asked("promised", line(boards, 34, units=2))
    used = made.asked("used", line(boards, 8, units=3))
    do(owner, used, "hand_over", now=used.use_starts_at)
    do(owner, used, "give_back", now=AT)


def _wholes(made: World) -> None:
    owner = made.owner
    floor, left, right = made.thing("floor"), made.thing("left"), made.thing("right")
    running = made.asked("running", line(floor, 10, 4))
    microphones = made.thing("microphones", kind="pooled", units=6)
    kit = made.thing("kit")
    for whole, parts in ((floor, ((left, 1), (right, 1))), (kit, ((microphones, 4),))):
        wishes = [PartWish(part.uid, units) for part, units in parts]
        change_parts(by=owner.at(AT), resource=whole.uid, parts=wishes)
    assert running.pk
    made.asked("whole", line(floor, 34))
    made.asked("kit_line", line(kit, 34))
    made.block("of_the_whole", floor, 40, 4)


def _seats_and_hours(made: World) -> None:
    owner = made.owner
    workshop = made.thing("workshop", kind="seated", units=10)
    for name, start in (("session", 34), ("closed_session", 40), ("cancelled_session", 46)):
        begin = DAY + timedelta(hours=start)
        session = add_session(
            by=owner.viewer,
            resource=workshop.uid,
            starts_at=begin,
            ends_at=begin + timedelta(hours=2),
        )
        made.ids[name], made.ids[f"{name}_capacity"] = session.pk, session.capacity_id
    cancel_session(by=owner.viewer, session=session.uid)
    made.asked("seats", line(workshop, 34, units=3))
    made.block("closed_workshop", workshop, 40, 4)
    expert = made.thing("expert", kind="metered", units=10)
    turn = datetime.fromisoformat("2027-03-31T21:00+00:00")  # the owner's month ends an hour later
    made.asked("hours", line(expert, turn, 3))
    for month in Capacity.objects.filter(resource=expert, mode="total"):
        assert month.span is not None
        made.ids["march" if month.span.lower < turn else "april"] = month.pk


def _together(made: World) -> None:
    owner, other = made.owner, make_side("Drugi dom")
    stage, technician = made.thing("stage"), made.thing("technician")
    only_with(owner, stage, technician)
    made.asked("main", line(stage, 34))
    brought = Line._base_manager.get(brought_by=made.ids["main"])
    made.ids["brought"] = brought.pk
    slow = make_thing(other, "elsewhere")
    made.asked("accepted", line(made.thing("foyer"), 34), line(slow, 34), now=AT)
    part = made.asked("part", line(made.thing("loft"), 34), line(slow, 60), now=AT)
    act_on_booking(by=made.guest.at(AT), booking=part.booking.uid, action="complete")
