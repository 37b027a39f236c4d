"""Dates with seats, and hours a month: counted by the database as by the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Capacity, Claim, SeatedSession
from bookings.queries.availability import free
from bookings.queries.dates import dates_of, months_of
from bookings.queries.search import Wanted, search
from bookings.queries.timeline import timeline
from bookings.services.blocks import add_block, remove_block
from bookings.services.clockwork import tick
from bookings.services.request.checking import check_booking
from bookings.services.sessions import add_session, cancel_session, change_session
from bookings.spans import Span
from cooperative.errors import Conflict, Forbidden, Invalid, Stale
from sharing.models import Resource

from .stage import (
    DAY,
    NOW,
    Side,
    ask,
    audited,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    refused,
    states,
    wish,
)

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


@pytest.fixture
def owner() -> Side:
    return make_side("Dom")


@pytest.fixture
def asker() -> Side:
    return make_side("A")


@pytest.fixture
def workshop(owner: Side) -> Resource:
    """Ten seats; its dates are on `DAY` at ten and at two o'clock (UTC), two hours each."""
    thing = make_thing(owner, "Warsztat", kind="seated", units=10, terms={"at_once": True})
    for hour in (10, 14):
        add_session(
            by=owner.viewer,
            resource=thing.uid,
            starts_at=DAY + timedelta(hours=hour),
            ends_at=DAY + timedelta(hours=hour + 2),
        )
    return thing


def test_a_date_under_a_closure_is_closed_like_the_others(
    workshop: Resource, owner: Side, asker: Side
) -> None:
    begin = DAY + timedelta(hours=8)
    block(owner, workshop, 8, 9)
    late = add_session(
        by=owner.viewer, resource=workshop.uid, starts_at=begin + 8 * H, ends_at=begin + 10 * H
    )
    refused(asker, line(workshop, 16))
    change_session(by=owner.viewer, session=late.uid, units=12)
    refused(asker, line(workshop, 16))
    change_session(
        by=owner.viewer, session=late.uid, starts_at=begin + 10 * H, ends_at=begin + 12 * H
    )
    assert states(ask(asker, line(workshop, 18, units=12)).booking) == ["confirmed"]
    audited()


def test_a_place_that_is_only_offered_gives_way_to_fewer_places(
    workshop: Resource, owner: Side, asker: Side
) -> None:
    first = SeatedSession.objects.order_by("starts_at")[0]
    sold = ask(make_side(), line(workshop, 10, units=10)).lines[0]
    ask(asker, line(workshop, 10, units=8, waiting_list=True, least_units=1))
    do(owner, sold, "take_back")
    assert Claim.objects.get(capacity=first.capacity_id).units == 8
    change_session(by=owner.viewer, session=first.uid, units=5)
    assert Claim.objects.get(capacity=first.capacity_id).units == 5
    audited()


def test_seats_of_a_date_are_counted(workshop: Resource, asker: Side) -> None:
    sent = ask(asker, line(workshop, 10, 2, units=7))
    assert states(sent.booking) == ["confirmed"]
    assert [one.units for one in claims_of(sent.lines[0])] == [7]
    no = refused(make_side("B"), line(workshop, 10, 2, units=4))
    assert codes(no.reasons) == ["not_enough_units"]
    assert no.reasons[0].relax == {"units": 3}
    assert states(ask(make_side("C"), line(workshop, 10, 2, units=3)).booking) == ["confirmed"]
    assert states(ask(make_side("D"), line(workshop, 14, 2, units=10)).booking) == ["confirmed"]


def test_only_at_a_date(workshop: Resource, asker: Side) -> None:
    no = refused(asker, line(workshop, 11, 2))
    assert codes(no.reasons) == ["no_session_then"]
    assert [one["starts_at"] for one in no.reasons[0].values["sessions"]] == [
        (DAY + timedelta(hours=hour)).isoformat() for hour in (10, 14)
    ]
    assert codes(refused(asker, line(workshop, 10, 2, units=11)).reasons) == ["more_than_there_are"]
    bare = make_thing(make_side("E"), "Nowy", kind="seated", units=5)
    assert codes(refused(asker, line(bare, 10, 2)).reasons) == ["no_dates_yet"]


def test_a_full_date_leads_to_the_other_ones(workshop: Resource, asker: Side) -> None:
    ask(asker, line(workshop, 10, 2, units=9))
    full = refused(make_side("B"), line(workshop, 10, 2, units=3))
    kinds = [(one.kind, one.starts_at, one.units) for one in full.alternatives]
    assert ("fewer_units", DAY + timedelta(hours=10), 1) in kinds
    assert ("other_time", DAY + timedelta(hours=14), 3) in kinds
    between = refused(make_side("C"), line(workshop, 13, 1))
    assert [(one.kind, one.starts_at) for one in between.alternatives] == [
        ("other_time", DAY + timedelta(hours=14)),
        ("other_time", DAY + timedelta(hours=10)),
    ]


def test_dates_are_what_is_free_and_found(workshop: Resource, asker: Side) -> None:
    ask(asker, line(workshop, 10, 2, units=10))
    day = Span(DAY, DAY + timedelta(days=1))
    got = free([workshop.pk], day, now=NOW)[workshop.pk]
    assert [(one.span.start, one.units) for one in got.free] == [(DAY + timedelta(hours=14), 10)]
    assert len(got.open) == 2
    found = search(viewer=asker.viewer, wanted=Wanted(window=day, units=5))
    assert [(hit.resource.pk, hit.free_units) for hit in found.results] == [(workshop.pk, 10)]
    short = Span(DAY + timedelta(hours=14), DAY + timedelta(hours=15))
    assert not search(viewer=asker.viewer, wanted=Wanted(window=short)).results
    kinds = [tile.kind for tile in timeline([workshop.pk], day, viewer=asker.viewer)[workshop.pk]]
    assert kinds == ["closed", "taken", "closed", "free", "closed"]


def test_check_says_what_sending_does(workshop: Resource, asker: Side) -> None:
    body = wish(line(workshop, 10, 2, units=10))
    assert check_booking(by=asker.viewer, institution=asker.house.pk, wish=body).possible
    ask(asker, line(workshop, 10, 2))
    assert not check_booking(by=asker.viewer, institution=asker.house.pk, wish=body).possible


def test_a_date_is_changed_and_cancelled(workshop: Resource, owner: Side, asker: Side) -> None:
    first = SeatedSession.objects.get(starts_at=DAY + timedelta(hours=10))
    sent = ask(asker, line(workshop, 10, 2, units=4))
    with pytest.raises(WouldHit):
        change_session(by=owner.viewer, session=first.uid, units=3)
    with pytest.raises(WouldHit):
        change_session(
            by=owner.viewer, session=first.uid, starts_at=DAY, ends_at=DAY + timedelta(hours=1)
        )
    change_session(by=owner.viewer, session=first.uid, units=4, title="Glina")
    assert codes(refused(make_side("B"), line(workshop, 10, 2)).reasons) == ["not_enough_units"]
    with pytest.raises(Forbidden):
        cancel_session(by=asker.viewer, session=first.uid)
    with pytest.raises(WouldHit) as hit:
        cancel_session(by=owner.viewer, session=first.uid)
    assert [one.pk for one in hit.value.lines] == [sent.lines[0].pk]
    cancel_session(by=owner.viewer, session=first.uid, confirmed=True)
    cancel_session(by=owner.viewer, session=first.uid, confirmed=True)
    assert fresh(sent.lines[0]).state == "to_settle"
    assert codes(refused(asker, line(workshop, 10, 2)).reasons) == ["no_session_then"]
    with pytest.raises(Conflict):
        change_session(by=owner.viewer, session=first.uid, units=9)


def test_places_are_given_back_also_while_it_is_on(workshop: Resource, owner: Side) -> None:
    now = DAY + timedelta(hours=11)
    guest = make_side("A")
    for side, action in ((owner, "not_used"), (guest, "cancel")):
        sent = ask(guest, line(workshop, 10, 2, units=5))
        do(side, sent.lines[0], action, now=now)
        assert claims_of(sent.lines[0]) == []
    got = dates_of(workshop.pk, Span(DAY, DAY + timedelta(days=1)), now=now)
    assert [(one.units, one.left) for one in got] == [(10, 10), (10, 10)]


def test_what_is_over_is_not_cancelled(workshop: Resource, owner: Side, asker: Side) -> None:
    first = SeatedSession.objects.get(starts_at=DAY + timedelta(hours=10))
    ask(asker, line(workshop, 10, 2))
    later = DAY + timedelta(hours=13)
    tick(now=later)
    with pytest.raises(Conflict):
        cancel_session(by=owner.at(later), session=first.uid, confirmed=True)


def test_who_changes_a_date_knows_what_it_was(workshop: Resource, owner: Side) -> None:
    first = SeatedSession.objects.get(starts_at=DAY + timedelta(hours=10))
    change_session(by=owner.viewer, session=first.uid, title="Glina", version=1)
    with pytest.raises(Stale):
        change_session(by=owner.viewer, session=first.uid, title="Wiklina", version=1)
    changed = change_session(by=owner.viewer, session=first.uid, note="Fartuchy", version=2)
    assert (changed.title, changed.note, changed.version) == ("Glina", "Fartuchy", 3)


def test_what_is_left_of_each_date(workshop: Resource, owner: Side, asker: Side) -> None:
    ask(asker, line(workshop, 10, 2, units=4))
    second = SeatedSession.objects.get(starts_at=DAY + timedelta(hours=14))
    cancel_session(by=owner.viewer, session=second.uid)
    ahead = Span(NOW, NOW + timedelta(days=30))
    got = dates_of(workshop.pk, ahead, now=NOW)
    assert [(one.span.start, one.taken, one.left) for one in got] == [
        (DAY + timedelta(hours=10), 4, 6)
    ]
    assert [one.left for one in dates_of(workshop.pk, ahead, now=NOW, cancelled=True)] == [6, 0]
    during = DAY + timedelta(hours=11)
    assert dates_of(workshop.pk, ahead, now=during, begun=False) == []


def test_two_dates_at_one_time_are_refused(workshop: Resource, owner: Side) -> None:
    again: dict[str, Any] = {
        "starts_at": DAY + timedelta(hours=10),
        "ends_at": DAY + timedelta(hours=12),
    }
    with pytest.raises(Conflict):
        add_session(by=owner.viewer, resource=workshop.uid, **again)
    hall = make_thing(owner, "Sala")
    with pytest.raises(Invalid):
        add_session(by=owner.viewer, resource=hall.uid, **again)
    with pytest.raises(Invalid):
        add_session(by=owner.viewer, resource=workshop.uid, starts_at=DAY, ends_at=DAY, units=3)


def test_a_closure_takes_every_seat_of_the_dates_it_touches(
    workshop: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, line(workshop, 14, 2, units=2))
    closed: dict[str, Any] = {
        "starts_at": DAY + timedelta(hours=13),
        "ends_at": DAY + timedelta(hours=15),
        "kind": "closure",
    }
    with pytest.raises(WouldHit):
        add_block(by=owner.viewer, resource=workshop.uid, **closed)
    block = add_block(by=owner.viewer, resource=workshop.uid, hit=(), **closed)
    assert fresh(sent.lines[0]).state == "to_settle"
    assert codes(refused(asker, line(workshop, 14, 2)).reasons) == ["not_enough_units"]
    assert states(ask(asker, line(workshop, 10, 2)).booking) == ["confirmed"]
    remove_block(by=owner.viewer, block=block.uid)
    assert states(ask(asker, line(workshop, 14, 2)).booking) == ["confirmed"]


def test_raw_sql_cannot_oversell_a_date(workshop: Resource, asker: Side) -> None:
    sent = ask(asker, line(workshop, 10, 2, units=9))
    claim = claims_of(sent.lines[0])[0]
    for units, span in (
        (2, claim.span),
        (1, (DAY + timedelta(hours=10), DAY + timedelta(hours=11))),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.create(
                capacity=claim.capacity,
                mode="peak",
                span=span,
                units=units,
                cause="line",
                line=sent.lines[0],
            )


# --- hours a month ------------------------------------------------------------------------------------
@pytest.fixture
def mentor(owner: Side) -> Resource:
    """Six hours in each month, one person."""
    return make_thing(owner, "Mentor", kind="metered", units=6, terms={"at_once": True})


def test_hours_of_a_month_are_counted_in_minutes(mentor: Resource, asker: Side) -> None:
    sent = ask(asker, line(mentor, 10, 4))
    assert sorted((one.mode, one.units) for one in claims_of(sent.lines[0])) == [
        ("exclusive", 1),
        ("total", 240),
    ]
    no = refused(make_side("B"), line(mentor, 15, 3))
    assert codes(no.reasons) == ["not_enough_hours"]
    assert no.reasons[0].values["months"] == {"2027-03": {"minutes": 120, "asked": 180}}
    april = datetime(2027, 3, 31, 22, tzinfo=UTC)  # its first midnight in Wrocław
    assert no.reasons[0].relax == {"minutes": 120, "starts_at": april.isoformat()}
    assert codes(refused(make_side("C"), line(mentor, 11, 1)).reasons) == ["taken"]
    assert states(ask(make_side("D"), line(mentor, 15, 2)).booking) == ["confirmed"]
    assert codes(refused(make_side("E"), line(mentor, 20, 1)).reasons) == ["not_enough_hours"]


def test_a_use_over_the_end_of_a_month_counts_in_both(mentor: Resource, asker: Side) -> None:
    """Midnight of the owner: 22:00 UTC on 31 March, as the clocks have gone forward."""
    start = datetime(2027, 3, 31, 20, tzinfo=UTC)
    sent = ask(asker, line(mentor, start, 5))
    minutes = [one.units for one in claims_of(sent.lines[0]) if one.mode == "total"]
    assert sorted(minutes) == [120, 180]
    do(asker, sent.lines[0], "cancel")
    assert not claims_of(sent.lines[0])


def test_real_hours_over_a_clock_change(mentor: Resource, asker: Side) -> None:
    """22:00 to 06:00 of the wall lasts seven hours on the night of 28 March 2027: one too many."""
    start = datetime(2027, 3, 27, 21, tzinfo=UTC)
    no = refused(asker, line(mentor, start, 7))
    assert no.reasons[0].values["months"]["2027-03"]["asked"] == 420


def test_what_is_left_of_each_month(mentor: Resource, asker: Side) -> None:
    ask(asker, line(mentor, 10, 4))
    got = months_of(mentor.pk, Span(DAY, DAY + timedelta(days=60)), now=NOW)
    assert [(f"{one.month:%Y-%m-%d}", one.minutes, one.left) for one in got] == [
        ("2027-03-01", 360, 120),
        ("2027-04-01", 360, 360),
        ("2027-05-01", 360, 360),
    ]


def test_check_of_a_month_nobody_asked_for_stores_nothing(mentor: Resource, asker: Side) -> None:
    body = wish(line(mentor, 10, 4))
    before = Capacity.objects.count()
    assert check_booking(by=asker.viewer, institution=asker.house.pk, wish=body).possible
    assert Capacity.objects.count() == before
    too_long = wish(line(mentor, 10, 7))
    told = check_booking(by=asker.viewer, institution=asker.house.pk, wish=too_long)
    assert codes(told.reasons) == ["not_enough_hours"]


def test_an_answer_begins_the_month(owner: Side, asker: Side) -> None:
    person = make_thing(owner, "Ekspertka", kind="metered", units=2)
    sent = ask(asker, line(person, 10, 2))
    other = ask(make_side("B"), line(person, 14, 1))
    assert states(sent.booking) == ["asked"]
    do(owner, sent.lines[0], "approve")
    assert sorted(one.units for one in claims_of(sent.lines[0])) == [1, 120]
    with pytest.raises(BookingRefused) as no:
        do(owner, other.lines[0], "approve")
    assert codes(no.value.reasons) == ["not_enough_hours"]


def test_raw_sql_cannot_oversell_a_month(mentor: Resource, asker: Side) -> None:
    sent = ask(asker, line(mentor, 10, 6))
    month = next(one for one in claims_of(sent.lines[0]) if one.mode == "total")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            capacity=month.capacity,
            mode="total",
            span=(DAY + timedelta(hours=20), DAY + timedelta(hours=21)),
            units=1,
            cause="line",
            line=sent.lines[0],
        )


def test_a_day_of_illness_uses_up_no_hours(mentor: Resource, owner: Side, asker: Side) -> None:
    block(owner, mentor, 0, 20, kind="closure")
    assert codes(refused(asker, line(mentor, 10, 1)).reasons) == ["taken"]
    next_day = DAY + timedelta(days=1, hours=10)
    assert states(ask(asker, line(mentor, next_day, 6)).booking) == ["confirmed"]
