"""Parts of the day, as a house says them."""

from __future__ import annotations

import pytest

from cooperative.errors import Invalid, NotFound
from cooperative.events.models import Event
from sharing.queries.day_parts import day_parts
from sharing.services.day_parts import set_day_parts
from sharing.wishes import TimesWish
from tests.bookings.stage import make_side
from tests.frontend.keeping import signed_in

pytestmark = pytest.mark.django_db


def test_a_house_says_when_its_evening_is() -> None:
    owner = make_side()
    house = owner.house.pk
    own = {"evening": TimesWish("17:00", "24:00"), "morning": None}
    for _again in range(2):
        set_day_parts(by=owner.viewer, institution=house, parts=own)
    assert day_parts(house)["evening"] == (1020, 1440)
    assert day_parts(house)["morning"] == (480, 780)
    assert Event.objects.filter(verb="institution.change_day_parts").count() == 1
    wrong = {"noon": TimesWish("12:00", "13:00"), "evening": TimesWish("22:00", "18:00")}
    with pytest.raises(Invalid) as no:
        set_day_parts(by=owner.viewer, institution=house, parts=wrong)
    assert set(no.value.errors) == {"noon", "evening"}
    with pytest.raises(NotFound):
        set_day_parts(by=make_side().viewer, institution=house, parts={})
    assert day_parts(house)["evening"] == (1020, 1440)


def test_on_the_page_of_hours() -> None:
    owner = make_side()
    client = signed_in(owner)
    sent = {"action": "parts", "parts-morning": "", "parts-afternoon": "12-17"}
    assert client.post("/hours/", {**sent, "parts-evening": "17:30–24"}).status_code == 302
    assert day_parts(owner.house.pk) == {
        "morning": (480, 780),
        "afternoon": (720, 1020),
        "evening": (1050, 1440),
    }
    answer = client.post("/hours/", {**sent, "parts-evening": "wieczorem"})
    assert answer.status_code == 422
    assert "wieczorem" in answer.content.decode()
    client.post("/hours/", {"action": "parts"})
    assert day_parts(owner.house.pk)["afternoon"] == (780, 1080)
