"""The desk, the first page, acting for another house, and what every page carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.cooperative.factories import make_institution, make_member, make_person
from tests.factories import make_membership
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses
from tests.sharing.factories import keeper_of, make_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def test_visitors_are_shown_what_is_public(houses: Houses) -> None:
    make_listing(keeper_of(houses.centre), "Ogród", audience="cooperative_public")
    text = page(Client(headers={"accept-language": "en"}), "/")
    assert "Ogród" in text
    assert str(houses.room.uid) not in text
    assert "/accounts/login/" in text


def test_people_at_work_come_to_their_desk(houses: Houses) -> None:
    assert houses.asker.get("/").headers["Location"] == "/desk/"
    assert Client().get("/desk/").headers["Location"] == "/accounts/login/?next=/desk/"


def test_who_belongs_to_no_house_is_told_how_to_begin(houses: Houses) -> None:
    text = page(signed_in(make_person()), "/")
    assert "How to begin" in text
    assert signed_in(make_person()).get("/request/").headers["Location"] == "/"


def test_what_waits_stands_on_both_desks(houses: Houses) -> None:
    assert "Nothing waits for you" in page(houses.asker, "/desk/")
    houses.ask(title="Choir rehearsal")
    mine, theirs = page(houses.asker, "/desk/"), page(houses.keeper, "/desk/")
    assert "Our requests on their way" in mine
    assert "Waiting for our answer" in theirs
    assert f"/lines/{houses.lines()[0].uid}/approve/" in theirs
    assert theirs.count("btn-next") == 1


def test_before_a_yes_of_one_tap_the_desk_says_what_it_decides(houses: Houses) -> None:
    houses.ask()
    text = page(houses.keeper, "/desk/")
    assert "others ask for the same time" not in text
    assert "Asks for an exception" not in text
    houses.ask(start="19:00", end="21:00", title="Another")
    houses.ask(date="2027-03-01", do="anyway", ask_anyway="The boiler broke.")
    text = page(houses.keeper, "/desk/")
    assert text.count("others ask for the same time") == 2
    assert text.count("Asks for an exception: asked later than you wish") == 1


def test_what_goes_out_today_has_its_hour(houses: Houses, at: Callable[[str], datetime]) -> None:
    houses.ask(houses.chairs, units="10", start="12:00", end="20:00")
    houses.keeper.post(f"/lines/{houses.lines()[0].uid}/approve/", {})
    at("2027-03-10T09:00+01:00")
    text = page(houses.keeper, "/desk/")
    assert "Out and back today" in text
    assert "Out: today, 12:00" in text


def test_the_inbox_counts_opens_and_marks(houses: Houses) -> None:
    assert "Nothing yet" in page(houses.asker, "/inbox/")
    assert houses.asker.post("/inbox/", {"up_to": "nonsense"}).status_code == 302


def test_acting_for_another_of_ones_houses(houses: Houses) -> None:
    second = make_institution("Galeria")
    make_membership(houses.ada, second)
    assert "Galeria" in page(houses.asker, "/desk/")
    answer = houses.asker.post("/acting/", {"institution": str(second.uid), "next": "/catalogue/"})
    assert answer.headers["Location"] == "/catalogue/"
    assert houses.asker.session["acting_for"] == str(second.uid)


def test_acting_for_a_strangers_house_is_not_found(houses: Houses) -> None:
    stranger = make_institution("Muzeum")
    make_member(stranger)
    answer = houses.asker.post("/acting/", {"institution": str(stranger.uid)})
    assert answer.status_code == 404
    assert "acting_for" not in houses.asker.session


def test_ways_follow_from_the_role(houses: Houses) -> None:
    mine, theirs = page(houses.asker, "/desk/"), page(houses.keeper, "/desk/")
    assert 'href="/request/"' in mine
    assert 'href="/requests/"' not in mine
    assert 'aria-current="page"' in mine
    assert 'href="/bookings/"' in theirs
