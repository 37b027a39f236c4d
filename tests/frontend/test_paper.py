"""One A4 for each booking and owner: what stands on it, who may print it, and that it stays one page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils.html import escape

from bookings.answers import AnswerWith, FeeWish
from bookings.services.actions import act
from cooperative.access.queries import viewer_for
from frontend.presenters.paper import MOST_ROWS
from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def test_both_sides_print_it_and_nobody_else(houses: Houses) -> None:
    address = houses.ask(purpose="x" * 5_000).url
    [line] = houses.lines()
    line.terms = {**line.terms, "conditions": "Bez jedzenia.", "conditions_version": 3}
    line.save()
    by = viewer_for(person=houses.kim, acting_for=houses.centre.pk, now=line.state_since)
    note = AnswerWith(inner_note="KANAREK", fee=FeeWish("40", ground="Zarządzenie 3/2027"))
    act(by=by, line=line.uid, action="approve", answer=note)
    sheet = f"{address}paper/"
    assert f'href="{sheet}"' in page(houses.asker, address)
    for client in (houses.asker, houses.keeper):
        shown = page(client, sheet)
        for words in (
            "Dom Kultury",
            "Chór",
            "Wed 10 March 2027, 18:00–20:00",
            "price 40 PLN",
            "Ground of the fee: Zarządzenie 3/2027",
            "Conditions, version 3",
            "Bez jedzenia.",
            "Decision of the director",
            escape("asked by Ada") if "Ada" in houses.ada.name else houses.ada.name,
        ):
            assert words in shown
        assert ("KANAREK" in shown, "x" * 400 in shown) == (False, False)
    stranger = signed_in(make_member(make_institution("Muzeum")))
    assert stranger.get(sheet).status_code == 404
    assert houses.asker.get(f"{sheet}?owner=x").status_code == 404


def test_a_request_of_many_things_stays_one_page(houses: Houses) -> None:
    for hour in range(6, 6 + MOST_ROWS + 3):
        houses.ask(do="add", start=f"{hour:02}:00", end=f"{hour:02}:30")
    houses.asker.post("/request/", {"do": "send", "title": "Festyn"})
    [booking] = houses.bookings()
    shown = page(houses.keeper, f"/bookings/{booking.uid}/paper/")
    assert (shown.count("<tr><td>"), "and 3 more" in shown) == (MOST_ROWS, True)
