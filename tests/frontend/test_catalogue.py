"""The catalogue: words, time, number and filters; cards and timeline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.frontend.asking import TODAY, Houses, page, two_houses
from tests.sharing.factories import keeper_of, make_listing

pytestmark = pytest.mark.django_db
HERE = "/catalogue/"


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def confirm(houses: Houses) -> None:
    houses.ask()
    houses.keeper.post(f"/lines/{houses.lines()[0].uid}/approve/", {})


def test_words_find_and_nothing_says_what_to_change(houses: Houses) -> None:
    assert "Chairs" in page(houses.asker, HERE, q="krzesla")
    text = page(houses.asker, HERE, q="nosorożec", units="5")
    assert "Nothing like that is free" in text
    assert "Any number" in text


def test_with_a_time_only_what_is_free_then(houses: Houses) -> None:
    when = {"date": "2027-03-10", "start": "18:00", "end": "20:00"}
    assert "Rehearsal room" in page(houses.asker, HERE, **when)
    confirm(houses)
    assert "Rehearsal room" not in page(houses.asker, HERE, **when)
    assert "Rehearsal room" in page(houses.asker, HERE, date="2027-03-10")


def test_how_many_are_free_then_is_said(houses: Houses) -> None:
    houses.ask(houses.chairs, units="80")
    text = page(
        houses.asker, HERE, q="krzesla", date="2027-03-10", start="18:00", end="20:00", units="30"
    )
    assert "40 of 120 free then" in text


def test_the_dates_go_along_to_the_listing(houses: Houses) -> None:
    text = page(houses.asker, HERE, date="2027-03-10", start="18:00", end="20:00")
    assert f"/resources/{houses.room.uid}/?date=2027-03-10&amp;start=18%3A00" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"start": "18:00"}, "Say the day too."),
        (
            {"date": "2027-03-10", "start": "20:00", "end": "18:00"},
            "The end lies before the start.",
        ),
        (
            {"date": "2027-03-10", "start": "18:00", "end": "18:00"},
            "Start and end are the same: the length is zero.",
        ),
        ({"date": "yesterday"}, "A day is written as 2027-05-01."),
        ({"units": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"category": "nonsense"}, "Please choose a category on the list."),
    ],
)
def test_what_cannot_be_meant_is_said(houses: Houses, query: dict[str, str], sentence: str) -> None:
    assert sentence in page(houses.asker, HERE, **query)


def test_categories_narrow_and_bring_their_attributes(houses: Houses) -> None:
    text = page(houses.asker, HERE, category="spaces")
    assert "Rehearsal room" in text
    assert "Chairs</a>" not in text
    assert 'name="a_' in text


def test_the_timeline_has_a_week_and_turns(houses: Houses) -> None:
    confirm(houses)
    text = page(houses.asker, HERE, view="timeline", date="2027-03-08")
    assert "What is free, 8–14 March 2027" in text
    assert "t-taken" in text
    assert "date=2027-03-15" in text


def test_htmx_gets_the_results_alone(houses: Houses) -> None:
    text = houses.asker.get(HERE, headers={"HX-Request": "true"}).content.decode()
    assert "Rehearsal room" in text
    assert "<html" not in text


@pytest.mark.parametrize("view", ["list", "timeline"])
def test_as_many_statements_for_three_things_as_for_one(houses: Houses, view: str) -> None:
    counts = []
    for words in ("krzesla", "sala"):
        if words == "sala":
            by = keeper_of(houses.centre)
            make_listing(by, "Sala lustrzana")
            make_listing(by, "Sala kameralna")
        with CaptureQueriesContext(connection) as statements:
            text = page(houses.asker, HERE, q=words, view=view)
        counts.append(len(statements))
    assert "Sala lustrzana" in text
    assert "Sala kameralna" in text
    assert counts[0] == counts[1]
