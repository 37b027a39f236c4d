"""Own programme and closures: facts win, openly, and nobody gives way who need not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bookings.errors import BookingRefused, WouldHit
from bookings.models import Block, BookingMessage, Claim, Line
from bookings.queries.availability import free
from bookings.services.actions import act
from bookings.services.blocks import add_block, move_block, remove_block
from bookings.services.resources import change_units
from bookings.spans import Span
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden, Invalid, NotFound
from sharing.models import Resource
from tests.bookings.stage import (
    DAY,
    NOW,
    Side,
    ask,
    block,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    state_of,
)
from tests.factories import make_institution, make_member

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


def test_a_block_takes_time_and_gives_it_back() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    made = block(owner, hall, 10)
    with pytest.raises(BookingRefused) as refused:
        ask(guest, line(hall, 11))
    assert codes(refused.value.reasons) == ["taken"]
    move_block(
        by=owner.viewer, block=made.uid, starts_at=DAY + 11 * H, ends_at=DAY + 14 * H, title="Próba"
    )
    assert ask(guest, line(hall, 9)).lines
    [claim] = Claim.objects.filter(block=made.pk)
    assert (claim.span.lower, claim.span.upper) == (DAY + 11 * H, DAY + 14 * H)
    remove_block(by=owner.viewer, block=made.uid)
    remove_block(by=owner.viewer, block=made.uid)
    assert not Block.objects.exists()
    assert ask(guest, line(hall, 11)).lines


def test_the_owner_sees_who_is_in_the_way_before_anything_is_stored() -> None:
    owner, guest, other = make_side(), make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    first, second = ask(guest, line(hall, 10)), ask(other, line(hall, 12))
    ask(other, line(hall, 14))
    with pytest.raises(WouldHit) as told:
        block(owner, hall, 11)
    assert {one.pk for one in told.value.lines} == {first.lines[0].pk, second.lines[0].pk}
    assert not Block.objects.exists()
    block(owner, hall, 11, hit=tuple(one.uid for one in told.value.lines))
    for sent in (first, second):
        assert (fresh(sent.lines[0]).state, claims_of(sent.lines[0])) == ("to_settle", [])
        assert state_of(sent.booking) == "partly_confirmed"


def test_the_unanswered_give_way_first_then_the_latest_confirmed() -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=10, answering="keep_first")
    confirmed = [ask(make_side(), line(chairs, units=3)).lines[0] for _ in range(2)]
    for one in confirmed:
        do(owner, one, "approve")
    held = ask(make_side(), line(chairs, units=3)).lines[0]
    for units, hit in ((2, {held.pk}), (5, {held.pk, confirmed[1].pk})):
        with pytest.raises(WouldHit) as told:
            block(owner, chairs, 10, units=units)
        assert {one.pk for one in told.value.lines} == hit
    block(owner, chairs, 10, units=4, hit=(confirmed[0].uid,))
    assert [fresh(one).state for one in (*confirmed, held)] == ["to_settle", "confirmed", "held"]


def test_nobody_gives_way_whose_time_is_not_the_trouble() -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=10, answering="keep_first")
    big = ask(make_side(), line(chairs, 10, 1, units=6)).lines[0]
    do(owner, big, "approve")
    small = ask(make_side(), line(chairs, 12, 1, units=2)).lines[0]
    with pytest.raises(WouldHit) as told:
        block(owner, chairs, 10, 4, units=5)
    assert [one.pk for one in told.value.lines] == [big.pk]
    block(owner, chairs, 10, 4, units=5, hit=())
    assert (fresh(big).state, fresh(small).state) == ("to_settle", "held")


def test_moving_a_block_onto_a_booking_hits_it_and_not_itself() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    made = block(owner, hall, 10)
    sent = ask(guest, line(hall, 14)).lines[0]
    move_block(by=owner.viewer, block=made.uid, starts_at=DAY + 11 * H, ends_at=DAY + 13 * H)
    with pytest.raises(WouldHit):
        move_block(by=owner.viewer, block=made.uid, starts_at=DAY + 13 * H, ends_at=DAY + 15 * H)
    made.refresh_from_db()
    assert made.starts_at == DAY + 11 * H
    move_block(
        by=owner.viewer, block=made.uid, starts_at=DAY + 13 * H, ends_at=DAY + 15 * H, hit=()
    )
    assert fresh(sent).state == "to_settle"


def test_ones_own_use_does_not_give_way() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    block(owner, mixer, 14)
    with pytest.raises(BookingRefused) as refused:
        block(owner, mixer, 14, hit=())
    assert codes(refused.value.reasons) == ["taken_by_yourself"]


# --- over what is handed out ----------------------------------------------------------------------
def handed_out(owner: Side, thing: Resource, start: float, hours: float, units: int = 1) -> Line:
    out = ask(make_side(), line(thing, start, hours, units=units)).lines[0]
    return do(owner, out, "hand_over", now=out.use_starts_at)


def has(made: Block) -> list[tuple[float, float, int]]:
    """What a block claims: from and until in hours of the day, and how many."""
    rows = Claim.objects.filter(block=made.pk)
    return sorted(
        ((row.span.lower - DAY) / H, (row.span.upper - DAY) / H, row.units) for row in rows
    )


def free_at(thing: Resource, start: float, hours: float = 1) -> int:
    span = Span(DAY + start * H, DAY + (start + hours) * H)
    return free([thing.pk], span, now=NOW)[thing.pk].units_during(span)


def test_what_is_out_stays_out_and_the_block_has_the_rest_and_what_comes_back() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    out = handed_out(owner, mixer, 10, 4)
    made = block(owner, mixer, 9, 8)
    assert (made.starts_at, made.ends_at) == (DAY + 9 * H, DAY + 17 * H)
    assert (fresh(out).state, has(made)) == ("handed_over", [(9, 10, 1), (14, 17, 1)])
    do(owner, out, "give_back", now=DAY + 12 * H)
    assert (fresh(out).state, has(made)) == ("returned", [(9, 10, 1), (12, 17, 1)])
    assert [free_at(mixer, hour) for hour in (8, 9, 12, 16, 17)] == [1, 0, 0, 0, 1]


def test_a_closure_of_all_chairs_while_some_are_out() -> None:
    owner, guest = make_side(), make_side()
    chairs = make_thing(owner, kind="pooled", units=120, handover="simple", terms={"at_once": True})
    out = handed_out(owner, chairs, 10, 4, units=40)
    promised = ask(guest, line(chairs, 12, 1, units=60)).lines[0]
    with pytest.raises(WouldHit) as told:
        block(owner, chairs, 9, 8, kind="closure")
    assert [one.pk for one in told.value.lines] == [promised.pk]
    made = block(owner, chairs, 9, 8, kind="closure", hit=())
    assert (fresh(out).state, fresh(promised).state) == ("handed_over", "to_settle")
    assert has(made) == [(9, 10, 120), (10, 14, 80), (14, 17, 120)]
    assert [free_at(chairs, hour) for hour in range(8, 18)] == [120, *[0] * 8, 120]
    do(owner, out, "give_back", now=DAY + 11 * H)
    assert has(made) == [(9, 10, 120), (10, 11, 80), (11, 17, 120)]
    assert [free_at(chairs, hour) for hour in range(8, 18)] == [120, *[0] * 8, 120]


def test_a_block_of_some_leaves_what_is_neither_out_nor_blocked() -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=120, handover="simple", terms={"at_once": True})
    out = handed_out(owner, chairs, 10, 4, units=40)
    made = block(owner, chairs, 9, 8, units=70)
    assert (has(made), free_at(chairs, 12)) == ([(9, 17, 70)], 10)
    do(owner, out, "give_back", now=DAY + 11 * H)
    assert (has(made), free_at(chairs, 12)) == ([(9, 17, 70)], 50)


def test_a_block_wholly_over_what_is_out_is_moved_and_removed_like_any_other() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    out = handed_out(owner, mixer, 10, 4)
    made = block(owner, mixer, 11, 2)
    assert has(made) == []
    move_block(by=owner.viewer, block=made.uid, starts_at=DAY + 12 * H, ends_at=DAY + 16 * H)
    assert has(made) == [(14, 16, 1)]
    move_block(by=owner.viewer, block=made.uid, starts_at=DAY + 11 * H, ends_at=DAY + 13 * H)
    assert has(made) == []
    remove_block(by=owner.viewer, block=made.uid)
    do(owner, out, "give_back", now=DAY + 11 * H)
    assert (Claim.objects.filter(cause="block").count(), free_at(mixer, 12)) == (0, 1)


def test_what_is_not_back_in_time_is_no_way_around_a_block() -> None:
    owner = make_side()
    mixer = make_thing(owner, handover="simple", terms={"at_once": True})
    out = handed_out(owner, mixer, 10, 2)
    late = DAY + 13 * H
    do(owner, out, "overdue", now=late)
    made = add_block(
        by=owner.at(late),
        resource=mixer.uid,
        starts_at=DAY + 14 * H,
        ends_at=DAY + 24 * 10 * H,
    )
    # A week ahead of now it counts as out; then the block begins.
    assert has(made) == [(13 + 7 * 24, 240, 1)]
    do(owner, out, "give_back", now=DAY + 15 * H)
    assert has(made) == [(15, 240, 1)]


def test_more_of_a_thing_fills_the_block_over_what_is_out_first() -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=120, handover="simple", terms={"at_once": True})
    handed_out(owner, chairs, 10, 4, units=40)
    made = block(owner, chairs, 10, 4)
    change_units(by=owner.viewer, resource=chairs.uid, units=130)
    assert (has(made), free_at(chairs, 12)) == ([(10, 14, 90)], 0)


def test_own_use_of_what_is_given_away_counts_all_there_ever_was() -> None:
    owner, guest = make_side(), make_side()
    boards = make_thing(owner, kind="giveaway", units=10, terms={"at_once": True})
    sent = ask(guest, line(boards, DAY + timedelta(days=3), units=8)).lines[0]
    block(owner, boards, 10, units=2)
    with pytest.raises(WouldHit) as told:
        block(owner, boards, 15, units=1)
    assert [one.pk for one in told.value.lines] == [sent.pk]
    block(owner, boards, 15, units=1, hit=())
    assert fresh(sent).state == "to_settle"


def test_a_hit_line_is_settled_by_both_when_it_fits_again() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    sent = ask(guest, line(hall)).lines[0]
    made = block(owner, hall, 10, hit=())
    do(guest, sent, "settle")
    assert fresh(sent).state == "to_settle"
    with pytest.raises(BookingRefused):
        do(owner, sent, "settle")
    remove_block(by=owner.at(NOW + 2 * H), block=made.uid)  # no mistake any more
    do(guest, sent, "settle")
    assert fresh(sent).state == "to_settle"
    do(owner, sent, "settle")
    assert (fresh(sent).state, len(claims_of(sent))) == ("confirmed", 1)


def test_a_hold_that_ran_out_is_not_in_the_way() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, answering="keep_first")
    held = ask(guest, line(hall)).lines[0]
    assert held.expires_at is not None
    add_block(
        by=owner.at(held.expires_at),
        resource=hall.uid,
        starts_at=DAY + 10 * H,
        ends_at=DAY + 12 * H,
    )
    assert (fresh(held).state, claims_of(held)) == ("asked", [])


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"ends_at": DAY}, "ends_at"),
        ({"ends_at": DAY - H}, "ends_at"),
        ({"ends_at": DAY + timedelta(days=367)}, "ends_at"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, "starts_at"),
        ({"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": DAY + timedelta(seconds=1)}, "starts_at"),
        ({"units": 0}, "units"),
        ({"units": 11}, "units"),
        ({"kind": "party"}, "kind"),
        ({"title": "a" * 201}, "title"),
        ({"title": "a\x00"}, "title"),
        ({"note": "\ud83d"}, "note"),
        ({"note": "a" * 10_000_000}, "note"),
    ],
    ids=str,
)
def test_bad_input(fields: dict[str, Any], where: str) -> None:
    owner = make_side()
    chairs = make_thing(owner, kind="pooled", units=10)
    wanted: dict[str, Any] = {"starts_at": DAY, "ends_at": DAY + H, **fields}
    with pytest.raises(Invalid) as refused:
        add_block(by=owner.viewer, resource=chairs.uid, **wanted)
    assert set(refused.value.errors) == {where}


@pytest.mark.parametrize(("minutes", "code"), [(-60, "ends_before_start"), (0, "span_empty")])
def test_a_time_without_length_is_told_apart_from_one_that_runs_backwards(
    minutes: int, code: str
) -> None:
    owner = make_side()
    with pytest.raises(Invalid) as refused:
        add_block(
            by=owner.viewer,
            resource=make_thing(owner).uid,
            starts_at=DAY,
            ends_at=DAY + timedelta(minutes=minutes),
        )
    assert refused.value.code == code


def test_one_minute_is_enough_for_what_has_happened() -> None:
    owner = make_side()
    hall = make_thing(owner)
    assert block(owner, hall, 10, 1 / 60).pk


def test_a_block_is_its_owners() -> None:
    owner, guest, staff = make_side(), make_side(), make_side(role="staff")
    hall = make_thing(owner)
    made = block(owner, hall, 10)
    with pytest.raises(Forbidden):
        block(guest, hall, 14)
    with pytest.raises(NotFound):
        move_block(by=guest.viewer, block=made.uid, starts_at=DAY, ends_at=DAY + H)
    remove_block(by=guest.viewer, block=made.uid)
    assert Block.objects.filter(pk=made.pk).exists()
    with pytest.raises(Forbidden):
        block(staff, make_thing(staff), 14)


def test_other_things_of_a_booking_that_is_hit_stay_confirmed() -> None:
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    chairs = make_thing(owner, kind="pooled", units=50, terms={"at_once": True})
    sent = ask(guest, line(hall), line(chairs, units=40))
    with pytest.raises(WouldHit) as told:
        block(owner, hall, 9, 4)
    assert [one.pk for one in told.value.lines] == [sent.lines[0].pk]
    block(owner, hall, 9, 4, hit=())
    assert [fresh(one).state for one in sent.lines] == ["to_settle", "confirmed"]


def test_a_yes_counts_for_the_side_it_was_given_on_and_once() -> None:
    """Also from a keeper who happens to act for another of their houses."""
    owner, guest = make_side(), make_side()
    hall = make_thing(owner, terms={"at_once": True})
    sent = ask(guest, line(hall)).lines[0]
    made = block(owner, hall, 10, hit=())
    remove_block(by=owner.at(NOW + 2 * H), block=made.uid)  # no mistake any more
    elsewhere = make_institution("Inny dom")
    make_member(elsewhere, owner.person, role="keeper")
    away = viewer_for(person=owner.person, acting_for=elsewhere.pk, now=NOW)
    for _click in range(2):
        act(by=away, line=sent.uid, action="settle")
    notes = BookingMessage.objects.visible_to(SYSTEM).filter(line=sent.pk, action="settle")
    assert [note.author_for_id for note in notes] == [owner.house.pk]
    do(guest, sent, "settle")
    assert fresh(sent).state == "confirmed"
