"""Who gave way to a fact, who was only made smaller, and what a mistake taken back within the hour gives back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings.errors import WouldHit
from bookings.models import Block, Claim, Line
from bookings.queries.availability import free
from bookings.services.blocks import add_block, remove_block
from bookings.services.clockwork import tick
from bookings.services.offers import propose
from bookings.services.sessions import add_session, cancel_session, restore_session
from bookings.spans import Span
from cooperative.errors import Conflict, Invalid
from cooperative.events.models import Event
from sharing.models import Resource
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    claims_of,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    state_of,
)

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
SOON, LATER = NOW + 0.9 * H, NOW + 1.1 * H


def block(owner: Side, thing: Resource, start: float = 9, hours: float = 8, **fields: Any) -> Block:
    begin = DAY + start * H
    fields = {"kind": "repair", **fields}
    return add_block(
        by=owner.viewer, resource=thing.uid, starts_at=begin, ends_at=begin + hours * H, **fields
    )


def chairs_of(owner: Side, units: int = 100) -> Resource:
    return make_thing(owner, "Krzesła", kind="pooled", units=units, terms={"at_once": True})


def was(one: Line) -> tuple[str, str, int, int | None]:
    found = fresh(one)
    return (found.state, found.hit_from, found.units, found.hit_units)


def told(verb: str) -> list[dict[str, Any]]:
    return [entry for e in Event.objects.filter(verb=verb) for entry in e.data["lines"]]


def test_every_hit_says_by_what_and_from_where() -> None:
    owner = make_side()
    hall = make_thing(owner, answering="keep_first")
    held = ask(make_side(), line(hall)).lines[0]
    made = block(owner, hall, hit=())
    found = fresh(held)
    assert (found.hit_by_id, found.hit_session_id, found.hit_from) == (made.pk, None, "held")
    assert (found.hit_at, found.state, claims_of(held)) == (NOW, "to_settle", [])

    ladder = make_thing(owner, "Drabina", handover="simple", terms={"at_once": True})
    out = ask(make_side(), line(ladder, 8, 2)).lines[0]
    do(owner, out, "hand_over", now=out.use_starts_at)
    following = ask(make_side(), line(ladder, 10, 4)).lines[0]
    do(owner, out, "overdue", now=DAY + 10 * H)
    tick(now=DAY + 10.1 * H)
    found = fresh(following)
    assert (found.state, found.hit_from, found.hit_by_id) == ("to_settle", "confirmed", None)

    course = make_thing(owner, "Warsztat", kind="seated", units=5, terms={"at_once": True})
    date = add_session(
        by=owner.viewer, resource=course.uid, starts_at=DAY + 10 * H, ends_at=DAY + 12 * H
    )
    seat = ask(make_side(), line(course, units=2)).lines[0]
    cancel_session(by=owner.viewer, session=date.uid, confirmed=True)
    found = fresh(seat)
    assert (found.hit_session_id, found.hit_by_id, found.hit_from) == (date.pk, None, "confirmed")


def test_the_list_is_in_order_of_urgency_and_says_how_many_are_today() -> None:
    owner = make_side()
    hall = make_thing(owner, terms={"at_once": True})
    today = NOW + 3 * H
    later = [ask(make_side(), line(hall, DAY + hour * H)).lines[0] for hour in (12, 9)]
    first = ask(make_side(), line(hall, today)).lines[0]
    with pytest.raises(WouldHit) as no:
        add_block(by=owner.viewer, resource=hall.uid, starts_at=NOW, ends_at=DAY + 20 * H)
    assert [one.pk for one in no.value.lines] == [first.pk, later[1].pk, later[0].pk]
    assert (no.value.today, str(no.value.message)) == (1, "3 rezerwacje, 1 dzisiaj")


def test_several_are_shrunk_instead_of_one_hit_whole() -> None:
    owner = make_side()
    chairs = chairs_of(owner, 160)
    two = [ask(make_side(), line(chairs, units=80)).lines[0] for _ in range(2)]
    with pytest.raises(WouldHit) as no:
        block(owner, chairs, units=4)
    assert [one.pk for one in no.value.lines] == [two[1].pk]
    assert [one.pk for one in no.value.others] == [two[0].pk]
    block(owner, chairs, units=4, shrink={one.uid: 78 for one in two})
    assert [was(one) for one in two] == [("confirmed", "confirmed", 78, 80)] * 2
    assert [claim.units for one in two for claim in claims_of(one)] == [78, 78]
    assert [(e["units_before"], e["units"]) for e in told("booking.shrink")] == [(80, 78)] * 2
    assert state_of(two[0].booking) == "confirmed"


def test_who_has_chosen_everything_hits_nobody_unseen() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    two = [ask(make_side(), line(chairs, units=50)).lines[0] for _ in range(2)]
    with pytest.raises(WouldHit) as no:
        block(owner, chairs, units=20, shrink={two[0].uid: 45})
    assert [one.pk for one in no.value.lines] == [two[1].pk]
    assert not Block.objects.exists()
    assert was(two[0]) == ("confirmed", "", 50, None)
    block(owner, chairs, units=20, hit=(two[0].uid,), shrink={})
    assert [fresh(one).state for one in two] == ["to_settle", "confirmed"]
    aside = ask(make_side(), line(chairs, 20, units=50)).lines[0]
    for uid, units in ((two[1].uid, 50), (two[1].uid, 0), (aside.uid, 10), (two[0].uid, 10)):
        with pytest.raises(Invalid):
            block(owner, chairs, 9, 5, units=40, shrink={uid: units})


def test_a_mistake_within_the_hour_gives_everything_back() -> None:
    owner = make_side()
    hall = make_thing(owner, answering="keep_first")
    held = ask(make_side(), line(hall)).lines[0]
    sure = do(owner, ask(make_side(), line(hall, 12)).lines[0], "approve")
    made = block(owner, hall, hit=())
    done = remove_block(by=owner.at(SOON), block=made.uid)
    assert {one.pk for one in done.restored} == {held.pk, sure.pk}
    assert done.left == ()
    assert [fresh(one).state for one in (held, sure)] == ["held", "confirmed"]
    assert fresh(sure).hit_at is None
    kept = fresh(held).expires_at
    assert kept is not None
    assert kept > SOON + timedelta(days=2)
    assert [claim.expires_at for one in (held, sure) for claim in claims_of(one)] == [kept, None]
    assert {(e["from"], e["to"]) for e in told("booking.restore")} == {
        ("to_settle", "held"),
        ("to_settle", "confirmed"),
    }
    assert remove_block(by=owner.at(SOON), block=made.uid).restored == ()


def test_who_was_made_smaller_has_its_units_again() -> None:
    owner = make_side()
    chairs = chairs_of(owner, 160)
    two = [ask(make_side(), line(chairs, units=80)).lines[0] for _ in range(2)]
    made = block(owner, chairs, units=4, shrink={one.uid: 78 for one in two})
    done = remove_block(by=owner.at(SOON), block=made.uid)
    assert len(done.restored) == 2
    assert [was(one) for one in two] == [("confirmed", "", 80, None)] * 2
    assert [claim.units for one in two for claim in claims_of(one)] == [80, 80]


def test_what_somebody_else_got_meanwhile_stays_to_be_settled() -> None:
    owner = make_side()
    chairs = chairs_of(owner)
    first, second = (ask(make_side(), line(chairs, units=50)).lines[0] for _ in range(2))
    made = block(owner, chairs, units=60, hit=())
    assert [fresh(one).state for one in (first, second)] == ["to_settle", "to_settle"]
    quick = ask(make_side(), line(chairs, units=20), now=SOON).lines[0]
    done = remove_block(by=owner.at(SOON), block=made.uid)
    assert [[one.pk for one in part] for part in (done.restored, done.left)] == [
        [first.pk],
        [second.pk],
    ]
    assert [fresh(one).state for one in (first, second, quick)] == [
        "confirmed",
        "to_settle",
        "confirmed",
    ]


def test_after_an_hour_the_time_is_just_free() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    sure = ask(guest, line(hall)).lines[0]
    made = block(owner, hall, hit=())
    assert remove_block(by=owner.at(LATER), block=made.uid).restored == ()
    assert fresh(sure).state == "to_settle"
    span = Span(DAY + 10 * H, DAY + 12 * H)
    assert free([hall.pk], span, now=LATER)[hall.pk].units_during(span) == 1
    assert not Claim.objects.exists()


def test_what_was_agreed_anew_is_left_alone() -> None:
    owner, guest = make_side(), make_side()
    chairs = chairs_of(owner)
    sure = ask(guest, line(chairs, units=100)).lines[0]
    made = block(owner, chairs, units=10, shrink={sure.uid: 90})
    propose(by=guest.at(NOW), line=sure.uid, wish=line(chairs, units=70))
    assert remove_block(by=owner.at(SOON), block=made.uid).restored == ()
    assert was(sure) == ("confirmed", "", 70, None)


def test_a_proposal_meanwhile_does_not_stand_in_the_way() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    sure = ask(guest, line(hall)).lines[0]
    made = block(owner, hall, 9, 2, hit=())
    offer = propose(by=owner.viewer, line=sure.uid, wish=line(hall, 11)).offer
    assert offer is not None
    remove_block(by=owner.at(SOON), block=made.uid)
    offer.refresh_from_db()
    assert (fresh(sure).state, offer.state) == ("confirmed", "withdrawn")
    assert [claim.span.lower for claim in Claim.objects.all()] == [DAY + 10 * H]


def test_an_accepted_line_is_restored_and_its_booking_can_complete() -> None:
    owner, other, guest = make_side(), make_side(), make_side()
    hall, mixer = make_thing(owner), make_thing(other, "Mikser")
    sent = ask(guest, line(hall), line(mixer))
    one, two = sent.lines
    do(owner, one, "approve")
    made = block(owner, hall, hit=())
    assert (fresh(one).hit_from, state_of(sent.booking)) == ("accepted", "open")
    remove_block(by=owner.at(SOON), block=made.uid)
    assert fresh(one).state == "accepted"
    do(other, two, "approve", now=SOON)
    assert [fresh(o).state for o in (one, two)] == ["confirmed", "confirmed"]


def test_a_cancelled_date_takes_place_after_all() -> None:
    owner, guest = make_side(), make_side()
    course = make_thing(owner, "Warsztat", kind="seated", units=5, terms={"at_once": True})
    date = add_session(
        by=owner.viewer, resource=course.uid, starts_at=DAY + 10 * H, ends_at=DAY + 12 * H
    )
    seats = ask(guest, line(course, units=3)).lines[0]
    cancel_session(by=owner.viewer, session=date.uid, confirmed=True)
    done = restore_session(by=owner.at(SOON), session=date.uid)
    assert [one.pk for one in done.restored] == [seats.pk]
    assert (fresh(seats).state, [claim.units for claim in claims_of(seats)]) == ("confirmed", [3])
    assert restore_session(by=owner.at(SOON), session=date.uid).restored == ()
    assert ask(make_side(), line(course, units=2)).lines
    cancel_session(by=owner.at(SOON), session=date.uid, confirmed=True)
    assert restore_session(by=owner.at(SOON + 2 * H), session=date.uid).restored == ()
    assert fresh(seats).state == "to_settle"
    cancel_session(by=owner.at(SOON + 2 * H), session=date.uid)
    with pytest.raises(Conflict):
        restore_session(by=owner.at(DAY + 13 * H), session=date.uid)
