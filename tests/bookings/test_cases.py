"""Something was wrong: first between the two, then with a moderator; what may follow, and how it ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import translation

from bookings.case_steps import STEPS
from bookings.errors import BookingRefused
from bookings.models import BookingMessage, Case, CaseState, Line, Sanction
from bookings.permissions import case_actions
from bookings.queries.cases import case_file, case_for, cases_of, cases_on_desk, warned_until
from bookings.services.actions import act
from bookings.services.cases import (
    answer_case,
    answer_objection,
    bring_case,
    decide_case,
    object_to,
    read_case,
    settle_case,
)
from bookings.services.clockwork import tick
from bookings.services.offers import accept_offer, propose
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from tests.bookings.stage import (
    DAY,
    Side,
    ask,
    audited,
    codes,
    do,
    fresh,
    line,
    lines_of,
    make_side,
    make_thing,
    open_case,
    open_offers,
    refused,
    wish,
)
from tests.factories import make_moderator

pytestmark = pytest.mark.django_db
AFTER = DAY + timedelta(hours=13)
"""An hour after the use."""
FIVE, FOURTEEN = timedelta(days=5), timedelta(days=14)


@dataclass
class World:
    """A hall that somebody used this morning, and people around it."""

    owner: Side
    guest: Side
    line: Line

    def opened(self, by: Side | None = None, kind: str = "dirty") -> Case:
        side = by or self.owner
        return open_case(by=side.at(AFTER), line=self.line.uid, kind=kind, words="Brudna podłoga.")

    def brought(self) -> Case:
        """Answered, and brought by who answered."""
        made = self.opened()
        answer_case(by=self.guest.at(AFTER), case=made.uid, words="Była brudna, gdy przyszliśmy.")
        return bring_case(by=self.guest.at(AFTER), case=made.uid)


@pytest.fixture
def world() -> World:
    owner, guest = make_side("Dom"), make_side("Chór", role="staff")
    hall = make_thing(owner, "Sala", terms={"at_once": True})
    (one,) = ask(guest, line(hall)).lines
    tick(now=AFTER)
    return World(owner, guest, fresh(one))


@pytest.fixture(autouse=True)
def in_agreement() -> Iterator[None]:
    yield
    audited()


def moderator(*, now: datetime = AFTER, home: Side | None = None) -> Viewer:
    person = make_moderator()
    if home is not None:
        from tests.factories import make_member

        make_member(home.house, person, role="staff")
    return viewer_for(person=person, acting_for=home.house.pk if home else None, now=now)


def again(made: Case) -> Case:
    return Case.objects.visible_to(SYSTEM).get(pk=made.pk)


def verbs(one: Line) -> list[str]:
    told = Event.objects.filter(subject_uid=one.booking.uid).order_by("id")
    return list(told.values_list("verb", flat=True))


def test_it_is_said_answered_and_settled_between_the_two(world: World) -> None:
    made = world.opened()
    assert (made.state, made.kind, made.line_from, made.opened_for) == (
        "open", "dirty", "finished", world.owner.house,
    )  # fmt: skip
    assert made.answer_due_at == AFTER + FIVE
    assert fresh(world.line).state == "disputed"
    assert world.opened() == made, "said again it is the same"
    with pytest.raises(Conflict):  # the other side's words would be lost
        world.opened(world.guest)
    with pytest.raises(Invalid):
        answer_case(by=world.guest.at(AFTER), case=made.uid, words="  ")
    with pytest.raises(Conflict):
        answer_case(by=world.owner.at(AFTER), case=made.uid, words="Ja sam.")
    answer_case(by=world.guest.at(AFTER), case=made.uid, words="Była brudna.")
    assert answer_case(by=world.guest.at(AFTER), case=made.uid, words="Była brudna.").version == 2
    with pytest.raises(Conflict):
        answer_case(by=world.guest.at(AFTER), case=made.uid, words="Inaczej.")
    settle_case(by=world.owner.at(AFTER), case=made.uid)
    settle_case(by=world.owner.at(AFTER), case=made.uid)
    assert (again(made).state, fresh(world.line).state) == ("answered", "disputed")
    do(world.guest, world.line, "resolve", now=AFTER)
    closed = again(made)
    assert (closed.state, closed.closed_at, fresh(world.line).state) == ("settled", AFTER, "closed")
    assert verbs(world.line)[-4:] == [
        "booking.complain",
        "case.answer",
        "case.agree",
        "booking.resolve",
    ]
    said = BookingMessage.objects.visible_to(SYSTEM).filter(booking=world.line.booking_id)
    assert list(said.in_order().values_list("action", "body"))[:2] == [
        ("complain", "Brudna podłoga."),
        ("answer", "Była brudna."),
    ]


@pytest.mark.parametrize(
    ("state", "kind", "sentence"),
    [
        ("ahead", "not_there", "It has not begun yet."),
        (
            "begun",
            "dirty",
            "It is still under way: before its end one can only say that it was not there.",
        ),
        ("out", "damaged", "It is still out: say first that it is back, or that it is lost."),
        ("late", "dirty", "This can be said until 14 days after."),
        ("closed", "dirty", "This can be said until 14 days after."),
    ],
)
def test_the_time_to_say_it(state: str, kind: str, sentence: str) -> None:
    owner, guest = make_side("Dom"), make_side("Chór", role="staff")
    thing = make_thing(
        owner, "Krzesła", handover="simple" if state == "out" else "none", terms={"at_once": True}
    )
    (one,) = ask(guest, line(thing)).lines
    now = {
        "ahead": DAY, "begun": DAY + timedelta(hours=11), "out": AFTER,
        "late": AFTER + timedelta(days=15), "closed": AFTER + timedelta(days=16),
    }[state]  # fmt: skip
    if state == "out":
        do(owner, one, "hand_over", reason="", now=DAY + timedelta(hours=10))
    if state in {"late", "closed"}:
        tick(now=AFTER)
    if state == "closed":
        tick(now=AFTER + timedelta(days=15))
    with pytest.raises(Conflict) as no, translation.override("en"):
        open_case(by=guest.at(now), line=one.uid, kind=kind, words="Źle.")
    with translation.override("en"):
        assert str(no.value.message) == sentence


def test_what_is_not_there_is_said_at_the_door(world: World) -> None:
    (one,) = ask(
        world.guest, line(world.line.resource.uid, DAY + timedelta(days=1, hours=10))
    ).lines
    at_the_door = DAY + timedelta(days=1, hours=10, minutes=10)
    made = open_case(
        by=world.guest.at(at_the_door), line=one.uid, kind="not_there", words="Zamknięte na głucho."
    )
    assert (made.kind, made.line_from, fresh(one).state) == ("not_there", "finished", "disputed")
    rival = refused(
        make_side("Kino"), line(world.line.resource.uid, DAY + timedelta(days=1, hours=11), 1)
    )
    assert codes(rival.reasons) == ["taken"], "the time stays theirs"


def test_of_an_outside_party_it_is_the_owners_own_record(world: World) -> None:
    end = DAY + timedelta(days=1, hours=12)
    wanted = wish(line(world.line.resource.uid, DAY + timedelta(days=1, hours=10)))
    whom = WrittenFor(name="Jan Kos")
    booking = write_in(
        by=world.owner.at(AFTER), lender=world.owner.house.pk, wish=wanted, whom=whom
    )
    (one,) = lines_of(booking)
    tick(now=end)
    made = open_case(by=world.owner.at(end), line=one.uid, kind="nobody_came", words="Nikogo.")
    with pytest.raises(Conflict):
        bring_case(by=world.owner.at(end + FIVE), case=made.uid)
    assert tick(now=end + FIVE)["unanswered_cases"] == 0
    settle_case(by=world.owner.at(end + FIVE), case=made.uid)
    assert (again(made).state, fresh(one).state) == ("settled", "closed")


def test_silence_is_told_once_then_it_may_be_brought_and_else_it_lapses(world: World) -> None:
    made = world.opened()
    with pytest.raises(Conflict):
        bring_case(by=world.owner.at(AFTER + FIVE - timedelta(minutes=1)), case=made.uid)
    for _turn in range(2):
        assert tick(now=AFTER + FIVE)["lapsed_cases"] == 0
    assert verbs(world.line).count("case.unanswered") == 1
    other = World(world.owner, world.guest, world.line)
    assert other.opened() == made
    assert tick(now=AFTER + FIVE + FOURTEEN - timedelta(minutes=1))["lapsed_cases"] == 0
    assert tick(now=AFTER + FIVE + FOURTEEN)["lapsed_cases"] == 1
    assert (again(made).state, fresh(world.line).state) == ("lapsed", "closed")


def test_going_on_puts_the_end_off_and_what_is_brought_does_not_lapse(world: World) -> None:
    made = world.opened()
    late = AFTER + FIVE + timedelta(days=10)
    answer_case(by=world.guest.at(late), case=made.uid, words="Byliśmy na urlopie.")
    assert tick(now=AFTER + FIVE + FOURTEEN)["lapsed_cases"] == 0
    bring_case(by=world.owner.at(late), case=made.uid)
    assert tick(now=late + timedelta(days=100))["lapsed_cases"] == 0
    assert again(made).brought_for == world.owner.house


# --- moderators -----------------------------------------------------------------------------------
def test_nobody_else_reads_it_and_moderators_only_what_was_brought(world: World) -> None:
    third = make_side("Kino", role="manager").viewer
    judge = moderator()
    made = world.opened()
    for by in (third, judge):
        with pytest.raises(NotFound):
            case_for(viewer=by, uid=made.uid)
        with pytest.raises(NotFound):
            act(by=by, line=world.line.uid, action="resolve", note="Zgoda.")
        with pytest.raises(NotFound):
            bring_case(by=by, case=made.uid)
    assert list(cases_on_desk(judge)) == []
    bring_case(by=world.guest.at(AFTER), case=made.uid)  # waives its own five days
    with pytest.raises(NotFound):
        case_for(viewer=third, uid=made.uid)
    assert list(cases_on_desk(judge)) == [made]
    assert list(cases_on_desk(third)) == []
    found = case_for(viewer=judge, uid=made.uid)
    before = verbs(world.line)
    read_case(by=judge, case=found)
    read_case(by=world.owner.at(AFTER), case=found)
    assert verbs(world.line) == [*before, "case.read"]
    whole = case_file(found, viewer=judge, moderates=True)
    assert whole.readings == (AFTER,)
    assert [one.body for one in whole.messages] == ["Brudna podłoga."]
    assert {event.subject_uid for event in whole.events} == {world.line.booking.uid}
    ours = case_file(found, viewer=world.guest.at(AFTER), moderates=False)
    assert (ours.readings, ours.messages, ours.events) == ((AFTER,), (), ())


def test_moderators_read_the_thread_of_the_two_alone() -> None:
    owner, another, guest = make_side("Dom"), make_side("Teatr"), make_side("Chór", role="staff")
    free = {"terms": {"at_once": True}}
    wanted = [line(make_thing(owner, "Sala", **free)), line(make_thing(another, "Hol", **free))]
    lines = ask(guest, *wanted, all_or_nothing=False).lines
    tick(now=AFTER)
    one, other = (fresh(row) for row in lines)
    do(another, other, "complain", reason="Sekret teatru.", now=AFTER)
    made = open_case(by=owner.at(AFTER), line=one.uid, kind="dirty", words="Brudno.")
    assert [case.pk for case in cases_of(viewer=another.at(AFTER), houses=[another.house.pk])] != [
        made.pk
    ]
    with pytest.raises(NotFound):
        case_for(viewer=another.at(AFTER), uid=made.uid)
    bring_case(by=guest.at(AFTER), case=made.uid)
    judge = moderator()
    whole = case_file(case_for(viewer=judge, uid=made.uid), viewer=judge, moderates=True)
    assert [row.body for row in whole.messages] == ["Brudno."]
    said = [entry["line"] for event in whole.events for entry in event.data["lines"]]
    assert set(said) == {str(one.uid)}
    with pytest.raises(NotFound):
        act(by=judge, line=other.uid, action="resolve", note="Zgoda.")


def test_a_warning_is_decided_objected_to_and_lifted(world: World) -> None:
    made = world.brought()
    judge, partial = moderator(), moderator(home=world.guest)
    side = world.guest.house.uid
    with pytest.raises(Forbidden):
        decide_case(by=partial, case=made.uid, outcome="nothing", reason="Nic.")
    with pytest.raises(Forbidden):
        decide_case(by=world.owner.at(AFTER), case=made.uid, outcome="nothing", reason="Nic.")
    for wrong in (
        {"outcome": "warning", "reason": "Brudno."},
        {"outcome": "warning", "reason": " ", "on": side},
        {"outcome": "nothing", "reason": "Nic.", "on": side},
        {"outcome": "warning", "reason": "Nic.", "on": side, "until": AFTER + FIVE},
        {"outcome": "fine", "reason": "Nic."},
    ):
        with pytest.raises(Invalid):
            decide_case(by=judge, case=made.uid, **wrong)
    assert again(made).state == "brought"
    decide_case(by=judge, case=made.uid, outcome="warning", reason="Sprzątamy.", on=side)
    (given,) = Sanction.objects.all()
    assert (given.institution, given.ends_at) == (
        world.guest.house,
        datetime.fromisoformat("2027-07-11T00:00+02:00"),
    )
    decided = again(made)
    assert (decided.state, decided.objection_until) == ("decided", AFTER + FOURTEEN)
    assert fresh(world.line).state == "closed"
    guests = [world.guest.house.pk]
    assert warned_until(guests, now=AFTER) == {guests[0]: given.ends_at}
    assert warned_until(guests, now=given.ends_at) == {}
    with pytest.raises(Conflict):
        object_to(by=world.owner.at(AFTER), case=made.uid, words="Za mało.")
    with pytest.raises(Conflict):
        object_to(by=world.guest.at(AFTER + FOURTEEN), case=made.uid, words="Nie.")
    object_to(by=world.guest.at(AFTER), case=made.uid, words="Było brudno.")
    with pytest.raises(Conflict):
        object_to(by=world.guest.at(AFTER), case=made.uid, words="I jeszcze raz.")
    # The one who decided answers only where there is nobody else: the guests' own colleague does not count.
    another = moderator()
    with pytest.raises(Conflict):
        answer_objection(by=judge, case=made.uid, upheld=False, answer="Nie.")
    assert list(cases_on_desk(another)) == [made]
    answer_objection(by=another, case=made.uid, upheld=True, answer="Racja.")
    assert (list(cases_on_desk(another)), warned_until(guests, now=AFTER)) == ([], {})


def test_where_there_is_one_moderator_that_one_answers(world: World) -> None:
    made, judge = world.brought(), moderator()
    decide_case(by=judge, case=made.uid, outcome="note", reason="Uwaga.", on=world.owner.house.uid)
    object_to(by=world.owner.at(AFTER), case=made.uid, words="Nie.")
    answer_objection(by=judge, case=made.uid, upheld=False, answer="Jednak.")
    assert Sanction.objects.count() == 0


def test_under_a_pause_nothing_of_others_is_asked_for(world: World) -> None:
    (agreed,) = ask(world.guest, line(world.line.resource.uid, DAY + timedelta(days=2))).lines
    made, judge = world.brought(), moderator()
    end = datetime.fromisoformat("2027-04-01T00:00+02:00")
    for until in (AFTER, AFTER + timedelta(days=400)):
        with pytest.raises(Invalid):
            decide_case(by=judge, case=made.uid, outcome="pause", reason="Dość.",
                on=world.guest.house.uid, until=until)  # fmt: skip
    decide_case(by=judge, case=made.uid, outcome="pause", reason="Dość.",
        on=world.guest.house.uid, until=end)  # fmt: skip
    other = make_thing(make_side("Kino"), "Inna sala")
    no = refused(world.guest, line(other, DAY + timedelta(days=3)), now=AFTER)
    (why,) = no.reasons
    assert (why.code, why.kind, why.waivable, why.values) == (
        "asking_paused", "fact", False, {"until": "2027-03-31T22:00:00+00:00"},
    )  # fmt: skip
    assert "31 marca" in str(why.message)
    assert list(no.alternatives) == []
    own = make_thing(world.guest, "Własna")
    assert ask(world.guest, line(own, DAY + timedelta(days=3)), now=AFTER).lines[0].state == "asked"
    assert fresh(agreed).state == "confirmed"
    later = line(other, DAY + timedelta(days=40))
    assert ask(world.guest, later, now=end).lines[0].state == "asked"
    Sanction.objects.update(lifted_at=AFTER)
    assert (
        ask(world.guest, line(other, DAY + timedelta(days=3)), now=AFTER).lines[0].state == "asked"
    )


def test_under_a_pause_nothing_agreed_grows_into_something_else(world: World) -> None:
    chairs = make_thing(world.owner, kind="pooled", units=120, terms={"at_once": True})
    start = DAY + timedelta(days=5)
    one = ask(world.guest, line(chairs, start, 2, units=5)).lines[0]
    decide_case(
        by=moderator(), case=world.brought().uid, outcome="pause", reason="Dość.",
        on=world.guest.house.uid,
    )  # fmt: skip
    by = world.guest.at(AFTER)
    with pytest.raises(BookingRefused) as no:
        propose(by=by, line=one.uid, wish=line(chairs, start, 20, units=120))
    assert codes(no.value.reasons) == ["asking_paused"]
    propose(by=by, line=one.uid, wish=line(chairs, start, 2, units=4))
    assert fresh(one).units == 4


def test_under_a_pause_what_comes_free_passes_over_and_what_is_out_needs_a_yes(
    world: World,
) -> None:
    start = DAY + timedelta(days=5)
    hall = make_thing(world.owner, "Aula", terms={"at_once": True})
    piano = make_thing(world.owner, "Pianino", terms={"at_once": True}, handover="simple")
    taken = ask(make_side("Teatr"), line(hall, start)).lines[0]
    waits = [
        ask(side, line(hall, start, waiting_list=True), all_or_nothing=False).lines[0]
        for side in (world.guest, make_side("Klub"))
    ]
    loan = ask(world.guest, line(piano, AFTER, 30)).lines[0]
    do(world.owner, loan, "hand_over", now=AFTER)
    chosen = make_thing(world.owner, "Sala boczna")
    before = ask(world.guest, line(chosen, start)).lines[0]
    made = world.brought()
    decide_case(by=moderator(), case=made.uid, outcome="pause", reason="Dość.",
        on=world.guest.house.uid)  # fmt: skip
    do(world.owner, taken, "take_back", now=AFTER)
    (offer,) = open_offers()
    assert offer.line == waits[1]  # the first in order is passed over and keeps its place
    assert [fresh(one).waiting for one in waits] == [True, True]
    longer = line(piano, AFTER, 40)
    asked = propose(by=world.guest.at(AFTER), line=loan.uid, wish=longer).offer
    assert asked is not None  # confirmed at once otherwise
    accept_offer(by=world.owner.at(AFTER), offer=asked.uid)
    assert fresh(loan).use_ends_at == AFTER + timedelta(hours=40)
    assert do(world.owner, before, "approve", now=AFTER).state == "confirmed"
    later = line(chosen, start + timedelta(hours=4))
    named = propose(by=world.owner.at(AFTER), line=before.uid, wish=later).offer
    assert named is not None
    accept_offer(by=world.guest.at(AFTER), offer=named.uid)  # its owner's own word


def test_under_a_pause_what_was_offered_before_is_not_taken(world: World) -> None:
    start = DAY + timedelta(days=5)
    hall = make_thing(world.owner, "Aula", terms={"at_once": True})
    taken = ask(make_side("Teatr"), line(hall, start)).lines[0]
    ask(world.guest, line(hall, start, waiting_list=True))
    do(world.owner, taken, "take_back", now=AFTER)
    (offer,) = open_offers()
    decide_case(by=moderator(), case=world.brought().uid, outcome="pause", reason="Dość.",
        on=world.guest.house.uid)  # fmt: skip
    with pytest.raises(BookingRefused) as no:
        accept_offer(by=world.guest.at(AFTER), offer=offer.uid)
    assert codes(no.value.reasons) == ["asking_paused"]
    Sanction.objects.update(lifted_at=AFTER)
    assert accept_offer(by=world.guest.at(AFTER), offer=offer.uid).state == "confirmed"


def test_the_shortest_answer_closes_the_line_and_needs_a_reason(world: World) -> None:
    made, judge = world.brought(), moderator()
    with pytest.raises(Invalid):
        act(by=judge, line=world.line.uid, action="resolve")
    act(by=judge, line=world.line.uid, action="resolve", note="Nic się nie stało.")
    assert (again(made).outcome, again(made).outcome_reason) == ("nothing", "Nic się nie stało.")
    for side in (world.owner, world.guest):
        object_to(by=side.at(AFTER), case=made.uid, words="Nie.")
    assert case_file(again(made), viewer=judge, moderates=False).objections[1].upheld is None


# --- who may do what: the whole grid ---------------------------------------------------------------
ROLES = ("opener", "other", "colleague of the opener", "moderator", "moderator at home", "third")
MAY: dict[tuple[str, str], set[str]] = {
    ("open", "opener"): {"settle"},
    ("open", "other"): {"answer", "settle", "bring"},
    ("answered", "opener"): {"settle", "bring"},
    ("answered", "other"): {"settle", "bring"},
    ("brought", "opener"): {"settle"},
    ("brought", "other"): {"answer", "settle"},
    ("brought", "moderator"): {"decide"},
    ("decided", "opener"): {"object"},
    ("decided", "other"): {"object"},
}


def test_the_grid_of_states_and_roles(world: World) -> None:
    made = world.opened()
    colleague = make_side(role="staff", house=world.owner.house).at(
        AFTER
    )  # staff of the lender: no keeper
    viewers = {
        "opener": world.owner.at(AFTER),
        "other": world.guest.at(AFTER),
        "colleague of the opener": colleague,
        "moderator": moderator(),
        "moderator at home": moderator(home=world.owner),
        "third": make_side("Kino", role="manager").at(AFTER),
    }
    assert {"lapse", "agree", "answer_objection"} | {a for may in MAY.values() for a in may} == set(
        STEPS
    )
    brought: dict[str, Any] = {"brought_at": AFTER, "brought_for_id": made.lender_id}
    decided = {**brought, "outcome": "nothing", "objection_until": AFTER + FOURTEEN}
    facts = {"answered": {"answered_at": AFTER}, "brought": brought, "decided": decided}
    for state, role in product(CaseState.values, ROLES):
        case = again(made)
        case.state = state
        for name, value in facts.get(state, {}).items():
            setattr(case, name, value)
        found = case_actions(case, (), viewers[role], other_moderators=True)
        assert set(found) == MAY.get((state, role), set()), (state, role)
