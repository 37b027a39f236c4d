"""Asking for a length in a period, and answering with times, on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Offer
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.frontend.asking import TODAY, Houses, page, two_houses
from tests.sharing.factories import keeper_of, make_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


@pytest.fixture
def mentor(houses: Houses) -> Resource:
    return make_listing(
        keeper_of(houses.centre), "Doradczyni", category="mentor", kind="metered", units=10
    )


TYPED = {
    "title": "Grant advice",
    "hours": "2",
    "since": "2027-03-08",
    "until": "2027-03-26",
    "weekdays": ["0", "1", "2", "3", "4"],
    "after": "10:00",
    "before": "16:00",
}


def ask(houses: Houses, mentor: Resource, **typed: object) -> str:
    answer = houses.asker.post(f"/resources/{mentor.uid}/period/", {**TYPED, **typed})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_the_panel_of_people_leads_there(houses: Houses, mentor: Resource) -> None:
    link = f"/resources/{mentor.uid}/period/"
    assert link in page(houses.asker, f"/resources/{mentor.uid}/")
    assert "/period/" not in page(houses.asker, f"/resources/{houses.room.uid}/")
    assert "I do not know the time yet" in page(houses.asker, link)


def test_what_is_asked_is_said_in_words(houses: Houses, mentor: Resource) -> None:
    text = page(houses.asker, ask(houses, mentor))
    assert "2 h · Mon 8 March – Fri 26 March" in text
    assert "10:00–16:00" in text


def test_the_owner_ticks_times_and_the_asker_takes_one(houses: Houses, mentor: Resource) -> None:
    address = ask(houses, mentor)
    line = houses.lines()[0]
    assert "Propose times" in page(houses.keeper, "/requests/")
    assert f"/lines/{line.uid}/approve/" not in page(houses.keeper, address)
    form = page(houses.keeper, f"/lines/{line.uid}/propose/")
    assert "Mon 8 March, 10:00–12:00" in form
    assert "Tue 9 March, 10:00–12:00" in form
    times = [
        "2027-03-08T09:00:00+00:00/2027-03-08T11:00:00+00:00",
        "2027-03-09T09:00:00+00:00/2027-03-09T11:00:00+00:00",
    ]
    for time in times:
        assert f'value="{time}"' in form
    assert (
        houses.keeper.post(f"/lines/{line.uid}/propose/", {"times": times})["Location"] == address
    )
    offers = list(Offer.objects.visible_to(SYSTEM).order_by("pk"))
    assert [one.kind for one in offers] == ["time", "time"]
    shown = page(houses.asker, address)
    assert shown.count("has time then") == 1
    when = [re.search(rf'id="offer-{one.uid}"><strong[^>]*>([^<]+)<', shown) for one in offers]
    assert [one and one[1] for one in when] == [
        "Mon 8 March, 10:00–12:00",
        "Tue 9 March, 10:00–12:00",
    ]
    houses.asker.post(f"/offers/{offers[1].uid}/accept/")
    line.refresh_from_db()
    assert (line.state, line.use_starts_at.day) == ("confirmed", 9)


def test_what_cannot_be_stays_typed(houses: Houses, mentor: Resource) -> None:
    address = f"/resources/{mentor.uid}/period/"
    answer = houses.asker.post(address, {**TYPED, "hours": "9"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is not so much time between these hours." in text
    assert 'value="Grant advice"' in text
