"""The week of a thing: who has what, own programme and what is in its way, what came by phone; all things' week."""

from __future__ import annotations

from typing import Any

import pytest

from bookings.models import Block, Booking
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, ask, do, fresh, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def entry(**fields: Any) -> dict[str, Any]:
    """Wednesday 10 March, 11 to 13 o'clock in Wrocław: where the stage's requests lie."""
    return {
        "kind": "own_programme",
        "date": "2027-03-10",
        "start": "11:00",
        "end": "13:00",
        "title": "Próba generalna",
        **fields,
    }


def test_own_programme_is_entered_and_told_to_its_owner(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    answer = client.post(f"/things/{hall.uid}/week/", entry(), follow=True)
    said = text_of(answer)
    assert "Entered. Others see this time as taken." in said
    assert "Próba generalna" in said
    assert "Wed 10 March, 11:00–13:00" in said
    block = Block.objects.get()
    assert (block.starts_at.hour, block.kind) == (10, "own_programme")
    client.post(f"/things/{hall.uid}/week/", {"action": "remove", "block": str(block.uid)})
    assert not Block.objects.exists()


def test_bookings_in_the_way_are_listed_before_anything_is_entered(keeper: Side) -> None:
    hall = make_thing(keeper)
    one = ask(make_side("Chór Echo"), line(hall), title="Koncert").lines[0]
    do(keeper, one, "approve")
    client = signed_in(keeper)
    answer = client.post(f"/things/{hall.uid}/week/", entry())
    assert answer.status_code == 409
    said = text_of(answer)
    assert "There are bookings in the way" in said
    assert "Koncert , Chór Echo" in said
    assert "Próba generalna" in answer.content.decode()
    assert not Block.objects.exists()
    sure = entry(hit_known="1", hit=str(one.uid))
    assert client.post(f"/things/{hall.uid}/week/", sure).status_code == 302
    assert fresh(one).state == "to_settle"
    assert Block.objects.count() == 1


def test_of_a_pool_the_owner_chooses_who_gives_way(keeper: Side) -> None:
    chairs = make_thing(keeper, kind="pooled", units=10, category="equipment")
    rows = [ask(make_side(), line(chairs, units=5)).lines[0] for _number in range(2)]
    for one in rows:
        do(keeper, one, "approve")
    client = signed_in(keeper)
    answer = client.post(f"/things/{chairs.uid}/week/", entry(units="4"))
    assert answer.status_code == 409
    client.post(
        f"/things/{chairs.uid}/week/", entry(units="4", hit_known="1", hit=str(rows[0].uid))
    )
    assert [fresh(one).state for one in rows] == ["to_settle", "confirmed"]


def test_what_came_by_phone_is_written_in(keeper: Side) -> None:
    hall = make_thing(keeper)
    data = entry(kind="phone", title="", outside_name="Rada Osiedla", outside_phone="700 200 300")
    answer = signed_in(keeper).post(f"/things/{hall.uid}/week/", data, follow=True)
    booking = Booking.objects.visible_to(SYSTEM).get()
    assert (booking.outside_name, booking.title) == ("Rada Osiedla", "Rada Osiedla")
    assert booking.state == "confirmed"
    assert "700 200 300" in text_of(answer)


def test_a_member_is_written_in_by_its_name_and_all_things_lead_to_the_form(keeper: Side) -> None:
    hall, choir = make_thing(keeper), make_side("Chór Echo", role="staff")
    client = signed_in(keeper)
    data = entry(kind="phone", title="", whom="member", member="chor echo", came_by="email")
    client.post(f"/things/{hall.uid}/week/", data)
    booking = Booking.objects.visible_to(SYSTEM).get()
    assert (booking.borrower, booking.title, booking.came_by) == (choir.house, "Chór Echo", "email")
    answer = client.post(f"/things/{hall.uid}/week/", {**data, "member": "Nikt"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["member"])
    (row,) = client.get("/week/").context["timeline"].rows
    assert row.pick_url == f"/write-in/?thing-0={hall.uid}"
    asked = client.get(f"{row.pick_url}&date=2027-03-11&start=10:00&end=12:00")
    assert asked.context["answer"].missing == ()
    assert client.get("/write-in/?date=x&start=99&thing-0=y").status_code == 200


def test_a_name_is_needed_and_what_was_typed_stays(keeper: Side) -> None:
    hall = make_thing(keeper)
    answer = signed_in(keeper).post(f"/things/{hall.uid}/week/", entry(kind="phone"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["outside_name"]
    assert "Próba generalna" in answer.content.decode()


def test_who_rings_up_for_some_of_many_says_how_many(keeper: Side) -> None:
    chairs = make_thing(keeper, kind="pooled", units=10, category="equipment")
    client, data = signed_in(keeper), entry(kind="phone", outside_name="Rada Osiedla")
    answer = client.post(f"/things/{chairs.uid}/week/", data)
    assert list(answer.context["form"].errors) == ["units"]
    client.post(f"/things/{chairs.uid}/week/", {**data, "units": "4"})
    assert Booking.objects.visible_to(SYSTEM).get().lines.visible_to(SYSTEM).get().units == 4


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": "10:00"}, "end"),
        ({"end": "11:00"}, "end"),
        ({"start": "25:00"}, "start"),
        ({"date": "0001-03-10"}, "date"),
        ({"date": "2027-02-30"}, "date"),
        ({"date": "2027-03-28", "start": "02:30", "end": "05:00"}, "start"),
        ({"date": "2027-10-31", "start": "01:00", "end": "02:30"}, "end"),
        ({"start": ""}, "start"),
        ({"kind": "war"}, "kind"),
        ({"title": "x" * 300}, "title"),
    ],
)
def test_a_time_that_cannot_be_is_refused_at_its_field(
    keeper: Side, fields: dict[str, str], field: str
) -> None:
    hall = make_thing(keeper)
    answer = signed_in(keeper).post(f"/things/{hall.uid}/week/", entry(**fields))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Block.objects.exists()


def test_an_hour_that_exists_twice_is_asked_back(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    data = entry(date="2027-10-31", start="01:00", end="02:30")
    body = client.post(f"/things/{hall.uid}/week/", data).content.decode()
    assert 'name="end_offset"' in body
    assert "+01:00" in body
    client.post(f"/things/{hall.uid}/week/", {**data, "end_offset": "+01:00"})
    block = Block.objects.get()
    assert (block.ends_at - block.starts_at).total_seconds() == 2.5 * 3600


def test_over_midnight_and_to_the_end_of_the_day(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    client.post(f"/things/{hall.uid}/week/", entry(start="20:00", end="24:00"))
    client.post(
        f"/things/{hall.uid}/week/",
        entry(start="00:00", date="2027-03-11", end="02:00", end_date="2027-03-12"),
    )
    hours = [
        (block.ends_at - block.starts_at).total_seconds() / 3600
        for block in Block.objects.order_by("starts_at")
    ]
    assert hours == [4, 26]


def test_a_hold_is_told_with_its_end_and_let_go_from_here(keeper: Side) -> None:
    room = make_thing(keeper, answering="keep_first")
    one = ask(make_side("Chór Echo"), line(room), title="Koncert").lines[0]
    said = text_of(signed_in(keeper).get(f"/things/{room.uid}/week/?day=2027-03-10"))
    assert one.state == "held"
    for word in ("Koncert", "Chór Echo", "until Thu 4 March", "Let it go"):
        assert word in said


def test_a_keeper_of_another_house_sees_nothing_of_it(keeper: Side) -> None:
    hall = make_thing(make_side())
    assert signed_in(keeper).get(f"/things/{hall.uid}/week/").status_code == 403


def test_three_bookings_take_no_more_statements_than_one(keeper: Side) -> None:
    hall = make_thing(keeper)
    client, url = signed_in(keeper), f"/things/{hall.uid}/week/?day=2027-03-10"

    def fill(start: int) -> None:
        do(keeper, ask(make_side(), line(hall, start, 1)).lines[0], "approve")
        data = entry(start=f"{start + 2}:00", end=f"{start + 3}:00")
        assert client.post(f"/things/{hall.uid}/week/", data).status_code == 302

    fill(8)
    few = statements(client, url)
    fill(11)
    fill(14)
    assert statements(client, url) == few


def test_all_our_things_stand_under_one_ruler(keeper: Side) -> None:
    client = signed_in(keeper)
    make_thing(keeper, "Sala")
    few = statements(client, "/week/?day=2027-03-10")
    make_thing(keeper, "Pracownia")
    make_thing(keeper, "Ogród")
    assert statements(client, "/week/?day=2027-03-10") == few
    answer = client.get("/week/?day=2027-03-10")
    titles = [row.title for row in answer.context["timeline"].rows]
    assert sorted(titles) == ["Ogród", "Pracownia", "Sala"]
    assert client.get("/week/?day=dziś").status_code == 200


def test_a_closure_over_what_is_handed_out_is_entered_shown_and_removed(keeper: Side) -> None:
    mixer = make_thing(keeper, handover="simple", terms={"at_once": True})
    out = ask(make_side("Chór Echo"), line(mixer, hours=4), title="Koncert").lines[0]
    do(keeper, out, "hand_over", now=out.use_starts_at)
    client = signed_in(keeper)
    page = f"/things/{mixer.uid}/week/"
    # Wholly inside the loan: the block has no time of its own yet.
    answer = client.post(page, entry(kind="closure", start="12:00", title="Zalane"), follow=True)
    said = text_of(answer)
    assert "Entered. Others see this time as taken." in said
    assert "Zalane" in said
    assert fresh(out).state == "handed_over"
    block = Block.objects.get()
    client.post(page, {"action": "remove", "block": str(block.uid)})
    assert not Block.objects.exists()


def test_what_is_lost_is_in_its_owners_week_until_it_is_found(keeper: Side) -> None:
    mixer = make_thing(keeper, handover="simple", terms={"at_once": True})
    out = ask(make_side("Chór Echo"), line(mixer, hours=4), title="Koncert").lines[0]
    do(keeper, out, "hand_over", now=out.use_starts_at)
    do(keeper, out, "lost", now=out.use_starts_at)
    client = signed_in(keeper)
    said = text_of(client.get(f"/things/{mixer.uid}/week/?day=2027-05-05"))
    assert "It was found" in said
    block = Block.objects.get()
    client.post(f"/things/{mixer.uid}/week/", {"action": "remove", "block": str(block.uid)})
    assert not Block.objects.exists()
    later = text_of(client.get(f"/things/{mixer.uid}/week/?day=2027-05-05"))
    assert "It was found" not in later
