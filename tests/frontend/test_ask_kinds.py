"""The asker's page of what is not simply one at a time: dates with places, hours, wholes, gifts, what is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.models import Booking, Line
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.sessions import add_session, cancel_session
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import DAY, Side, ask, line, make_side, make_thing
from tests.bookings.test_seats import Workshop
from tests.frontend.keeping import MONDAY, At, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at: At) -> None:
    at(MONDAY)


def where(thing: Resource) -> str:
    return f"/resources/{thing.uid}/"


def asked(client: Client, thing: Resource, do: str = "ask", **typed: Any) -> Any:
    return client.post(where(thing), {"title": "Klasa 4b", "do": do, **typed})


def newest() -> list[Line]:
    booking = Booking.objects.visible_to(SYSTEM).order_by("-pk")[0]
    return list(Line.objects.visible_to(SYSTEM).filter(booking=booking).order_by("position"))


# --- dates with places --------------------------------------------------------------------------------
class Dates(Workshop):
    """Two dates: of the first a school has four places of ten."""

    def __init__(self) -> None:
        super().__init__()
        self.second = add_session(
            by=self.owner.viewer,
            resource=self.thing.uid,
            starts_at=DAY + timedelta(days=2, hours=10),
            ends_at=DAY + timedelta(days=2, hours=12),
            units=3,
            title="Glina",
            note="Fartuchy",
        )
        self.client = signed_in(make_side("Klub"))


@pytest.fixture
def dates() -> Dates:
    return Dates()


def test_dates_stand_in_place_of_a_calendar(dates: Dates) -> None:
    page = dates.client.get(where(dates.thing))
    assert [(one.when, one.title, one.left) for one in page.context["dates"]] == [
        ("Wed 10 March, 11:00–13:00", "", "6 places left"),
        ("Fri 12 March, 11:00–13:00", "Glina", "3 places left"),
    ]
    said = text_of(page)
    assert "Fartuchy" in said
    assert "When it is free" not in said
    assert "10 places on each date" in said


def test_places_are_asked_for_on_one_of_the_dates(dates: Dates) -> None:
    sent = asked(dates.client, dates.thing, session=str(dates.second.uid), units="2")
    assert sent.status_code == 302
    (one,) = newest()
    assert (one.state, one.units, one.session_id) == ("confirmed", 2, dates.second.pk)
    full = asked(dates.client, dates.thing, session=str(dates.second.uid), units="2", title="B")
    assert full.status_code == 409
    said = text_of(full)
    assert "1 place is left on that date." in said
    options = full.context["answer"].options
    assert "Wed 10 March, 11:00–13:00" in [one.label for one in options]
    other = next(one for one in options if one.label.startswith("Wed"))
    done = dates.client.post(where(dates.thing), dict(other.action.fields))
    assert done.status_code == 302
    assert newest()[0].session_id == dates.session.pk


def test_the_panel_answers_while_one_chooses(dates: Dates) -> None:
    check = f"{where(dates.thing)}check/"
    nothing = dates.client.post(check, {"title": "Klasa"})
    assert "Choose one of the dates." in text_of(nothing)
    good = dates.client.post(check, {"session": str(dates.second.uid), "units": "3"})
    assert "Free: Fri 12 March, 11:00–13:00" in text_of(good)
    assert "It is yours at once" in text_of(good)
    none = asked(dates.client, dates.thing)
    assert (none.status_code, list(none.context["form"].errors)) == (422, ["session"])


def test_a_full_date_is_said_to_be_and_a_cancelled_one_is_not_there(dates: Dates) -> None:
    ask(make_side("B"), line(dates.thing, 10, 2, units=6))
    page = dates.client.get(where(dates.thing))
    assert [one.left for one in page.context["dates"]] == ["no places left", "3 places left"]
    cancel_session(by=dates.owner.viewer, session=dates.second.uid)
    page = dates.client.get(where(dates.thing))
    assert len(page.context["dates"]) == 1
    gone = asked(dates.client, dates.thing, session=str(dates.second.uid))
    assert "session" in gone.context["form"].errors


def test_a_date_goes_into_my_request_and_keeps_its_time_there(dates: Dates) -> None:
    asked(dates.client, dates.thing, "add", session=str(dates.second.uid), units="2")
    hall = make_thing(dates.owner, "Sala")
    times = {"date": "2027-03-11", "start": "10:00", "end": "12:00"}
    asked(dates.client, hall, "add", **times)
    dates.client.post(
        "/request/",
        {"do": "dates", **times, "end_date": "2027-03-11", "start": "14:00", "end": "15:00"},
    )
    assert [one.use_starts_at.hour for one in newest()] == [10, 13]


def test_many_dates_come_a_few_at_a_time(dates: Dates) -> None:
    for days in range(3, 16):
        start = DAY + timedelta(days=days, hours=10)
        add_session(
            by=dates.owner.viewer,
            resource=dates.thing.uid,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
        )
    page = dates.client.get(where(dates.thing))
    assert len(page.context["dates"]) == 12
    later = dates.client.get(f"{where(dates.thing)}?date={page.context['later']}")
    assert later.context["dates"][0].when == "Tue 23 March, 11:00–13:00"
    named = f"{where(dates.thing)}?session={dates.session.uid}&date={page.context['later']}"
    shown = dates.client.get(named)
    assert shown.context["dates"][0].uid == str(dates.session.uid)
    assert shown.context["form"]["session"].value() == str(dates.session.uid)


# --- hours a month ------------------------------------------------------------------------------------
def test_what_is_left_of_the_hours_is_said_for_the_month_looked_at() -> None:
    owner, guest = make_side("Dom"), make_side("Klub")
    mentor = make_thing(owner, "Mentorka", kind="metered", units=6, terms={"at_once": True})
    ask(guest, line(mentor, 10, 4))
    page = signed_in(guest).get(f"{where(mentor)}?date=2027-03-15")
    assert page.context["calendar"].hours_left == (
        "March 2027: 2 hours of 6 hours left",
        "April 2027: 6 hours of 6 hours left",
    )
    assert "units" not in page.context["form"].fields
    assert "6 hours a month" in text_of(page)


# --- wholes, parts, and what comes along --------------------------------------------------------------
class Floor:
    def __init__(self) -> None:
        self.owner, self.guest = make_side("Dom"), make_side("Klub")
        at_once = {"at_once": True}
        self.floor = make_thing(self.owner, "Parter", terms=at_once)
        self.hall = make_thing(self.owner, "Sala", terms=at_once)
        self.technician = make_thing(self.owner, "Realizatorka", state="draft")
        self.chairs = make_thing(self.owner, "Krzesła", kind="pooled", units=50, terms=at_once)
        change_parts(by=self.owner.viewer, resource=self.floor.uid, parts=[PartWish(self.hall.uid)])
        self.client = signed_in(self.guest)
        self.tick = f"with_{self.chairs.uid.hex}"
        self.times = {"date": "2027-03-10", "start": "18:00", "end": "20:00"}

    def comes_with(self, *companions: CompanionWish) -> None:
        set_companions(by=self.owner.viewer, resource=self.hall.uid, companions=companions)


@pytest.fixture
def house() -> Floor:
    return Floor()


def test_a_whole_names_its_parts_and_a_part_its_whole(house: Floor) -> None:
    whole = house.client.get(where(house.floor))
    assert [(one.title, one.url) for one in whole.context["page"].parts] == [
        ("Sala", where(house.hall))
    ]
    part = house.client.get(where(house.hall))
    assert [(one.title, one.url) for one in part.context["page"].wholes] == [
        ("Parter", where(house.floor))
    ]


def test_what_it_comes_only_with_is_said_before_one_asks_and_asked_for_along(
    house: Floor,
) -> None:
    house.comes_with(CompanionWish(house.technician.uid, "only_with"))
    page = house.client.get(where(house.hall))
    assert "Asked for along with it: Realizatorka" in text_of(page)
    assert page.context["page"].only_with[0].url == ""  # not for them to look up
    asked(house.client, house.hall, **house.times)
    assert [one.resource_id for one in newest()] == [house.hall.pk, house.technician.pk]


def test_what_brings_something_along_repeats_with_it_and_is_not_watched(house: Floor) -> None:
    house.comes_with(CompanionWish(house.technician.uid, "only_with"))
    assert 'name="watch"' not in house.client.get(where(house.hall)).content.decode()
    assert 'name="watch"' in house.client.get(where(house.floor)).content.decode()
    weekly = {**house.times, "repeats": "week", "times": "3", "title": "Kurs", "do": "ask"}
    sent = house.client.post(where(house.hall), weekly)
    said = text_of(house.client.get(sent["Location"]))
    assert "Along with each date: Realizatorka" in said


def test_what_goes_well_with_it_is_ticked_with_a_number(house: Floor) -> None:
    house.comes_with(CompanionWish(house.chairs.uid, "well_with", 20))
    page = house.client.get(where(house.hall))
    (offered,) = page.context["form"].beside
    assert (offered.thing.title, offered.units.value()) == ("Krzesła", 20)
    check = f"{where(house.hall)}check/"
    good = house.client.post(check, {**house.times, house.tick: "on", f"{house.tick}_units": "30"})
    assert "It is yours at once" in text_of(good)
    sent = asked(
        house.client, house.hall, **house.times, **{house.tick: "on", f"{house.tick}_units": "30"}
    )
    assert sent.status_code == 302
    assert [(one.resource_id, one.units, one.state) for one in newest()] == [
        (house.hall.pk, 1, "confirmed"),
        (house.chairs.pk, 30, "confirmed"),
    ]


def test_what_is_not_ticked_is_not_asked_for(house: Floor) -> None:
    house.comes_with(CompanionWish(house.chairs.uid, "well_with", 20))
    asked(house.client, house.hall, **house.times, **{f"{house.tick}_units": "20"})
    assert [one.resource_id for one in newest()] == [house.hall.pk]


def test_what_is_in_the_way_of_a_companion_is_said_by_its_name(house: Floor) -> None:
    house.comes_with(CompanionWish(house.chairs.uid, "well_with", 20))
    ask(make_side("B"), line(house.chairs, 17, 2, units=40))
    ticked = {house.tick: "on", f"{house.tick}_units": "20"}
    no = asked(house.client, house.hall, **house.times, **ticked)
    assert no.status_code == 409
    assert [one.message for one in no.context["answer"].reasons] == [
        "Krzesła: Up to 10 are free all that time."
    ]
    assert no.context["form"][house.tick].value()
    fewer = {house.tick: "on", f"{house.tick}_units": "10"}
    assert asked(house.client, house.hall, **house.times, **fewer).status_code == 302


def test_companions_go_into_my_request_together(house: Floor) -> None:
    house.comes_with(CompanionWish(house.chairs.uid, "well_with", 20))
    asked(house.client, house.hall, "add", **house.times, **{house.tick: "on"})
    assert [(one.resource_id, one.units, one.state) for one in newest()] == [
        (house.hall.pk, 1, "draft"),
        (house.chairs.pk, 20, "draft"),
    ]


# --- to give away, to read ----------------------------------------------------------------------------
def test_a_gift_says_how_many_are_left_and_when_one_fetches_it() -> None:
    owner, guest = make_side("Dom"), make_side("Klub")
    walls = make_thing(owner, "Ścianki", kind="giveaway", units=14, terms={"at_once": True})
    client = signed_in(guest)
    times = {"date": "2027-03-10", "start": "11:00", "end": "12:00"}
    assert asked(client, walls, **times, units="4").status_code == 302
    said = text_of(client.get(where(walls)))
    assert "10 are left." in said
    assert "When you can fetch it" in said
    assert "bringing back" not in said
    assert "setting up" not in said


def test_what_is_read_is_asked_of_nobody() -> None:
    owner: Side = make_side("Dom")
    guide = make_thing(owner, "Poradnik", kind="open")
    page = signed_in(make_side("Klub")).get(where(guide))
    assert page.status_code == 200
    said = text_of(page)
    assert "Nobody has to be asked" in said
    assert 'id="ask-form"' not in page.content.decode()
    assert "When it is free" not in said
