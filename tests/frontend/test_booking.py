"""Lists of bookings, one booking whole, what is done with it and written in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def act(houses: Houses, action: str, *, keeper: bool = True, **typed: Any) -> Any:
    client = houses.keeper if keeper else houses.asker
    return client.post(f"/lines/{houses.lines()[0].uid}/{action}/", typed)


def test_both_sides_see_it_and_nobody_else(houses: Houses) -> None:
    address = houses.ask().url
    assert "Dom Kultury" in page(houses.asker, address)
    assert "Chór" in page(houses.keeper, address)
    stranger = signed_in(make_member(make_institution("Muzeum")))
    assert stranger.get(address).status_code == 404


def test_buttons_are_what_the_table_allows(houses: Houses) -> None:
    address = houses.ask().url
    line = houses.lines()[0].uid
    mine, theirs = page(houses.asker, address), page(houses.keeper, address)
    assert f"/lines/{line}/withdraw/" in mine
    assert f"/lines/{line}/approve/" not in mine
    assert f"/lines/{line}/approve/" in theirs
    assert f"/lines/{line}/decline/" in theirs
    assert f"/lines/{line}/withdraw/" not in theirs


def test_the_owner_confirms_with_a_word(houses: Houses) -> None:
    address = houses.ask().url
    answer = act(houses, "approve", note="The key is at the desk.", next=address)
    assert answer.url == address
    text = page(houses.asker, address)
    assert "The key is at the desk." in text
    assert [line.state for line in houses.lines()] == ["confirmed"]


def test_declining_needs_a_reason_and_keeps_the_page(houses: Houses) -> None:
    houses.ask()
    answer = act(houses, "decline", reason=" ")
    assert answer.status_code == 422
    assert "Say why, in a sentence: the other side reads it." in answer.content.decode()
    assert act(houses, "decline", reason="We rehearse ourselves.").status_code == 302
    assert [line.state for line in houses.lines()] == ["declined"]
    said = page(houses.asker, f"/bookings/{houses.bookings()[0].uid}/")
    card, _conversation, _rest = said.partition("Conversation")
    assert "Reason:</span> We rehearse ourselves." in card


def test_a_repeated_click_is_harmless(houses: Houses) -> None:
    houses.ask()
    assert act(houses, "approve").status_code == 302
    assert act(houses, "approve").status_code == 302
    assert [line.state for line in houses.lines()] == ["confirmed"]


def test_what_is_no_longer_possible_says_so(houses: Houses) -> None:
    houses.ask()
    act(houses, "withdraw", keeper=False)
    line = houses.lines()[0].uid
    text = houses.keeper.get(f"/lines/{line}/approve/").content.decode()
    assert "This is no longer possible" in text
    answer = act(houses, "approve")
    assert answer.status_code == 409
    assert f'href="/bookings/{houses.bookings()[0].uid}/"' in answer.content.decode()


def test_who_may_not_do_it_is_told_kindly(houses: Houses) -> None:
    houses.ask()
    answer = act(houses, "approve", keeper=False)
    assert answer.status_code == 403
    assert 'class="calm-sheet"' in answer.content.decode()


def test_an_action_that_is_none_is_not_found(houses: Houses) -> None:
    houses.ask()
    assert act(houses, "explode").status_code == 404


def test_one_never_returns_to_another_site(houses: Houses) -> None:
    address = houses.ask().url
    answer = act(houses, "approve", next=quote("https://elsewhere.example/", safe=":/"))
    assert answer.url == address


def test_how_many_came_back_is_written_down(houses: Houses, at: Callable[[str], datetime]) -> None:
    address = houses.ask(houses.chairs, units="80").url
    act(houses, "approve")
    assert act(houses, "hand_over", units="80", condition="").status_code == 302
    at("2027-03-10T20:30+01:00")
    assert act(houses, "give_back", units="79", condition="One is broken.").status_code == 302
    line = houses.lines()[0]
    assert (line.state, line.units_back) == ("returned", 79)
    assert "One is broken." in page(houses.asker, address)


def test_they_write_to_each_other(houses: Houses) -> None:
    address = houses.ask().url
    answer = houses.asker.post(address, {"body": "May we come in by the yard?"})
    assert answer.headers["Location"] == f"{address}#talk"
    assert "May we come in by the yard?" in page(houses.keeper, address)
    empty = houses.asker.post(address, {"body": "  "})
    assert empty.status_code == 422


def test_the_story_says_what_happened_in_order(houses: Houses) -> None:
    address = houses.ask().url
    act(houses, "approve")
    text = page(houses.asker, address)
    assert text.index("The request was sent") < text.index("Confirmed</p>")


def test_cancelling_everything_at_once(houses: Houses) -> None:
    houses.ask(do="add")
    houses.ask(houses.chairs, do="add", units="10")
    houses.asker.post("/request/", {"do": "send", "title": "Concert"})
    address = f"/bookings/{houses.bookings()[0].uid}/"
    assert f"{address}withdraw/" in page(houses.asker, address)
    assert houses.asker.post(f"{address}withdraw/", {}).headers["Location"] == address
    assert {line.state for line in houses.lines()} == {"withdrawn"}


def test_lists_have_both_sides_and_groups(houses: Houses) -> None:
    houses.ask(title="Rehearsal on Wednesday")
    assert "Rehearsal on Wednesday" in page(houses.asker, "/bookings/")
    assert "Rehearsal on Wednesday" not in page(houses.asker, "/bookings/", side="lender")
    assert "Rehearsal on Wednesday" in page(houses.keeper, "/bookings/", side="lender")
    assert "Rehearsal on Wednesday" not in page(houses.asker, "/bookings/", group="confirmed")


@pytest.mark.parametrize("address", ["/bookings/", "/bookings/?side=lender", "/desk/", "/inbox/"])
def test_as_many_statements_for_three_rows_as_for_one(houses: Houses, address: str) -> None:
    client = houses.keeper if "lender" in address or address == "/desk/" else houses.asker
    counts = []
    for rows in (1, 2):
        for day in range(rows):
            houses.ask(date=f"2027-03-{rows}{day}")
        page(client, address)
        with CaptureQueriesContext(connection) as statements:
            page(client, address)
        counts.append(len(statements))
    assert len(houses.bookings()) == 3
    assert counts[0] == counts[1]
