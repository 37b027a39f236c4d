"""My request: several things, one set of dates, sent together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.frontend.asking import TODAY, Houses, page, two_houses

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def gathered(houses: Houses) -> Houses:
    houses.ask(do="add")
    houses.ask(houses.chairs, do="add", units="40")
    return houses


def do(houses: Houses, do: str, **typed: Any) -> Any:
    return houses.asker.post("/request/", {"do": do, **typed})


def test_empty_it_leads_to_the_catalogue(houses: Houses) -> None:
    text = page(houses.asker, "/request/")
    assert "Nothing is gathered yet" in text
    assert 'href="/catalogue/"' in text


def test_what_is_added_stands_there_with_its_answer(houses: Houses) -> None:
    text = page(gathered(houses).asker, "/request/")
    assert "Rehearsal room" in text
    assert "Free. Its owner chooses among the requests." in text
    assert "Free. Reserved for you while its owner answers." in text
    assert [line.state for line in houses.lines()] == ["draft", "draft"]


def test_the_next_listing_begins_with_the_same_dates(houses: Houses) -> None:
    houses.ask(do="add", date="2027-04-20", start="10:00", end="12:00")
    text = page(houses.asker, f"/resources/{houses.chairs.uid}/")
    assert 'value="2027-04-20"' in text
    assert 'value="10:00"' in text


def test_what_was_typed_is_kept_when_something_beside_it_is_changed(houses: Houses) -> None:
    gathered(houses)
    words = {"title": "Sąsiedzki bal", "purpose": "Dla całej ulicy.", "all_or_nothing": "on"}
    chairs = str(houses.lines()[1].uid)
    assert do(houses, "units", line=chairs, units="50", **words).status_code == 302
    text = page(houses.asker, "/request/")
    assert 'value="Sąsiedzki bal"' in text
    assert "Dla całej ulicy." in text
    later = {"date": "nigdy", "start": "09:00", "end_date": "2027-04-02", "end": "17:00"}
    answer = do(houses, "dates", **later, **{**words, "title": "Bal"})
    assert answer.status_code == 422
    assert 'value="Bal"' in answer.content.decode()


def test_one_set_of_dates_for_all(houses: Houses) -> None:
    gathered(houses)
    dates = {"date": "2027-04-01", "start": "09:00", "end_date": "2027-04-02", "end": "17:00"}
    assert do(houses, "dates", **dates).status_code == 302
    spans = {
        (line.use_starts_at.isoformat(), line.use_ends_at.isoformat()) for line in houses.lines()
    }
    assert spans == {("2027-04-01T07:00:00+00:00", "2027-04-02T15:00:00+00:00")}


def test_dates_in_the_wrong_order_stay_typed(houses: Houses) -> None:
    gathered(houses)
    dates = {"date": "2027-04-03", "start": "09:00", "end_date": "2027-04-02", "end": "17:00"}
    answer = do(houses, "dates", **dates)
    assert answer.status_code == 422
    assert "The end lies before the start." in answer.content.decode()
    assert 'value="2027-04-03"' in answer.content.decode()


def test_dates_without_length_are_told_so(houses: Houses) -> None:
    gathered(houses)
    dates = {"date": "2027-04-02", "start": "09:00", "end_date": "2027-04-02", "end": "09:00"}
    answer = do(houses, "dates", **dates)
    assert answer.status_code == 422
    assert "Start and end are the same: the length is zero." in answer.content.decode()


def test_how_many_can_be_changed(houses: Houses) -> None:
    gathered(houses)
    chairs = houses.lines()[1]
    assert do(houses, "units", line=chairs.uid, units="60").status_code == 302
    assert houses.lines()[1].units == 60
    wrong = do(houses, "units", line=chairs.uid, units="0")
    assert wrong.status_code == 422
    assert houses.lines()[1].units == 60


def test_taking_out_the_last_thing_empties_it(houses: Houses) -> None:
    gathered(houses)
    for line in houses.lines():
        assert do(houses, "remove", line=line.uid).status_code == 302
    assert houses.bookings() == []


def test_a_line_that_is_none_is_not_found(houses: Houses) -> None:
    gathered(houses)
    assert do(houses, "remove", line="nonsense").status_code == 404


def test_sending_needs_a_word_what_for(houses: Houses) -> None:
    gathered(houses)
    answer = do(houses, "send", title="", all_or_nothing="on")
    assert answer.status_code == 422
    assert "Say what it is for: a title or a purpose." in answer.content.decode()
    assert houses.bookings()[0].sent_at is None


def test_sending_asks_for_everything(houses: Houses) -> None:
    gathered(houses)
    answer = do(
        houses,
        "send",
        title="Spring concert",
        all_or_nothing="on",
        expected_people="90",
        open_to_public="yes",
        free_entry="",
    )
    booking = houses.bookings()[0]
    assert answer.url == f"/bookings/{booking.uid}/"
    assert [line.state for line in houses.lines()] == ["asked", "held"]
    said = (booking.title, booking.expected_people, booking.open_to_public, booking.free_entry)
    assert said == ("Spring concert", 90, True, None)


def test_a_second_click_sends_nothing_twice(houses: Houses) -> None:
    gathered(houses)
    do(houses, "send", title="Spring concert")
    again = do(houses, "send", title="Spring concert")
    assert again.status_code == 200
    assert "Nothing is gathered yet" in again.content.decode()
    assert len(houses.bookings()) == 1


def test_a_no_comes_in_place_with_reasons_and_options(houses: Houses) -> None:
    gathered(houses)
    chairs = houses.lines()[1]
    do(houses, "units", line=chairs.uid, units="121")
    answer = do(houses, "send", title="Spring concert", all_or_nothing="on")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "There are only 120." in text
    assert 'value="Spring concert"' in text
    assert houses.bookings()[0].sent_at is None


@pytest.mark.parametrize("things", [1, 3])
def test_as_many_statements_for_three_things_as_for_one(
    houses: Houses, things: int, django_assert_max_num_queries: Any
) -> None:
    for day in range(things):
        houses.ask(do="add", date=f"2027-03-1{day}")
    page(houses.asker, "/request/")
    with django_assert_max_num_queries(14):
        page(houses.asker, "/request/")
