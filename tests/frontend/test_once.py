"""A second click on the same button, and the back button after the first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bookings.models import Block, BookingMessage
from tests.frontend.asking import TODAY, Houses, two_houses

pytestmark = pytest.mark.django_db
At = Callable[[str], datetime]
ASKED = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "title": "Rehearsal", "do": "ask"}


@pytest.fixture
def houses(at: At) -> Houses:
    at(TODAY)
    return two_houses()


def key(client: Client, at: str) -> str:
    """What the form of a page carries."""
    (found,) = re.findall(r'name="once" value="([0-9a-f-]{36})"', client.get(at).content.decode())
    return str(found)


def twice(client: Client, at: str, values: dict[str, Any]) -> list[Any]:
    """The same form, with the same words, sent two times."""
    sent = {**values, "once": key(client, at)}
    return [client.post(at, sent), client.post(at, sent)]


def test_a_request_sent_twice_is_one_request(houses: Houses) -> None:
    first, second = twice(houses.asker, f"/resources/{houses.room.uid}/", ASKED)
    (booking,) = houses.bookings()
    assert [first.status_code, second.status_code] == [302, 302]
    assert first.url == second.url == f"/bookings/{booking.uid}/"


def test_chairs_asked_for_twice_are_kept_once(houses: Houses) -> None:
    twice(houses.asker, f"/resources/{houses.chairs.uid}/", {**ASKED, "units": "40"})
    assert [(line.state, line.units) for line in houses.lines()] == [("held", 40)]


def test_other_words_in_the_same_form_are_another_wish(houses: Houses) -> None:
    at = f"/resources/{houses.room.uid}/"
    form = key(houses.asker, at)
    houses.asker.post(at, {**ASKED, "once": form})
    houses.asker.post(at, {**ASKED, "once": form, "date": "2027-03-11"})
    assert len(houses.bookings()) == 2


def test_a_form_shown_anew_is_another_wish(houses: Houses) -> None:
    at = f"/resources/{houses.room.uid}/"
    houses.asker.post(at, {**ASKED, "once": key(houses.asker, at)})
    again = {**ASKED, "once": key(houses.asker, at)}
    # A wish of its own, so it is judged: it may be the other one once more, or meant.
    assert houses.asker.post(at, again).status_code == 409
    assert len(houses.bookings()) == 1
    meant = {**again, "do": "anyway", "ask_anyway": "For the second choir."}
    assert houses.asker.post(at, meant).status_code == 302
    assert len(houses.bookings()) == 2


def test_a_refusal_is_judged_again(houses: Houses) -> None:
    at = f"/resources/{houses.room.uid}/"
    first, second = twice(houses.asker, at, {**ASKED, "end": "17:00"})
    assert [first.status_code, second.status_code] == [422, 422]


def test_own_programme_of_some_of_many_is_entered_once(houses: Houses) -> None:
    values = {"kind": "own_programme", "date": "2027-03-10", "start": "10:00", "end": "12:00"}
    twice(
        houses.keeper,
        f"/things/{houses.chairs.uid}/week/",
        {**values, "units": "10", "title": "Choir"},
    )
    assert list(Block.objects.values_list("units", flat=True)) == [10]


def test_a_message_is_written_once(houses: Houses) -> None:
    houses.ask()
    twice(houses.asker, f"/bookings/{houses.bookings()[0].uid}/", {"body": "Is there a piano?"})
    assert [one.body for one in BookingMessage._base_manager.all()] == ["Is there a piano?"]
