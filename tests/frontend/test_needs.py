"""What an owner wants to know is asked where one asks, and judged when it is sent; who is there on the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from bookings.models import Line
from bookings.services.actions import act
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from notifications.services.relay import relay
from notifications.services.send.sending import send_due
from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(at: Callable[[str], datetime]) -> Houses:
    at(TODAY)
    return two_houses()


def need(houses: Houses, *fields: str) -> None:
    houses.room.needs_from_asker = list(fields)
    houses.room.save()


def test_the_panel_asks_for_what_the_owner_needs(houses: Houses) -> None:
    need(houses, "expected_people", "open_to_public")
    shown = page(houses.asker, f"/resources/{houses.room.uid}/")
    assert 'name="expected_people"' in shown
    refused = houses.ask()
    said = refused.content.decode()
    assert (refused.status_code, "Dom Kultury needs to know this for “Sala prób”." in said) == (
        422,
        True,
    )
    for name in ("expected_people", "open_to_public"):
        assert f'id="id_{name}_error"' in said
    assert houses.bookings() == []
    assert houses.ask(expected_people="20", open_to_public="no").status_code == 302
    [booking] = houses.bookings()
    assert (booking.expected_people, booking.open_to_public) == (20, False)


def test_so_do_my_request_the_period_and_the_api(houses: Houses) -> None:
    need(houses, "responsible_phone")
    houses.ask(do="add")
    shown = page(houses.asker, "/request/")
    assert shown.index('name="responsible_phone"') < shown.index("What owners often want to know")
    sent = houses.asker.post("/request/", {"do": "send", "title": "Próba"})
    assert (sent.status_code, "needs to know this" in sent.content.decode()) == (422, True)
    body = {
        "title": "Próba",
        "lines": [
            {
                "resource": str(houses.room.uid),
                "starts_at": "2027-03-10T18:00:00+01:00",
                "ends_at": "2027-03-10T20:00:00+01:00",
            }
        ],
    }
    refused = houses.asker.post("/api/v1/bookings/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "needed_by_owner")
    assert [one["field"] for one in refused.json()["errors"]] == ["responsible_phone"]
    told = {**body, "responsible_phone": "600 100 200"}
    made = houses.asker.post("/api/v1/bookings/", told, content_type="application/json")
    assert made.status_code == 201
    period = f"/resources/{houses.room.uid}/period/"
    assert 'name="responsible_phone"' in page(houses.asker, period)


def test_a_check_names_what_is_still_to_be_said_and_refuses_no_time_for_it(houses: Houses) -> None:
    need(houses, "expected_people", "responsible_phone")
    lines = [
        {
            "resource": str(houses.room.uid),
            "starts_at": f"2027-03-{day}T18:00:00+01:00",
            "ends_at": f"2027-03-{day}T20:00:00+01:00",
        }
        for day in (10, 11)
    ]

    def check(**said: Any) -> tuple[bool, list[tuple[Any, ...]]]:
        body = {"lines": lines, **said}
        path = "/api/v1/bookings/check/"
        answer = houses.asker.post(path, body, content_type="application/json").json()
        missing = [(one["line"], one["field"], one["code"]) for one in answer["still_to_say"]]
        return answer["possible"], missing

    people = (0, "expected_people", "needed_by_owner")
    phone = (0, "responsible_phone", "needed_by_owner")
    assert check() == (True, [(None, "title", "required"), people, phone])
    assert check(title="Próba", expected_people=0) == (True, [phone])
    assert check(purpose="Próba", expected_people=9, responsible_phone="600") == (True, [])
    path = f"/resources/{houses.room.uid}/check/"
    typed = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "responsible_phone": "600"}
    panel = houses.asker.post(path, typed).content.decode()
    assert "Still to be said before you send it: How many people." in panel
    panel = houses.asker.post(path, {**typed, "expected_people": "9"}).content.decode()
    assert "Still to be said" not in panel


def test_who_is_there_is_told_with_the_yes_to_both_and_to_nobody_else(
    houses: Houses, at: Callable[[str], datetime]
) -> None:
    houses.room.arrival_note = "Wejście od podwórza, klucz na portierni"
    houses.room.save()
    houses.centre.day_contact_name, houses.centre.day_contact_phone = "Pan Zenek", "+48 600 1"
    houses.centre.save()
    address = houses.ask().url
    theirs = {"responsible_person": "Ola Nowak", "responsible_phone": "+48 700 2"}
    booking = houses.bookings()[0]
    for name, value in theirs.items():
        setattr(booking, name, value)
    booking.save()
    api = f"/api/v1{address}"

    def seen(client: Any) -> list[bool]:
        both = page(client, address) + client.get(api).content.decode()
        return [word in both for word in ("Pan Zenek", "+48 600 1", "klucz na", "+48 700 2")]

    assert (seen(houses.asker), seen(houses.keeper)) == (
        [False, False, False, True],  # their own, in the API
        [False] * 4,
    )
    assert "+48 700 2" not in page(houses.keeper, "/requests/")
    [line] = houses.lines()
    by = viewer_for(
        person=houses.kim, acting_for=houses.centre.pk, now=line.sent_at or line.state_since
    )
    act(by=by, line=line.uid, action="approve")
    assert (seen(houses.asker), seen(houses.keeper)) == ([True] * 4, [False, False, False, True])
    assert 'href="tel:+486001"' in page(houses.asker, address)
    assert 'href="tel:+487002"' in page(houses.keeper, address)
    relay(now=by.now)
    send_due(clock=lambda: by.now + timedelta(hours=2))
    told = [str(one.body) for one in mail.outbox if one.to == [houses.ada.email]]
    assert ["Pan Zenek, +48 600 1" in one and "klucz na portierni" in one for one in told] == [True]
    assert [
        one for one in mail.outbox if "Zenek" in str(one.body) and one.to != [houses.ada.email]
    ] == []
    stranger = signed_in(make_member(make_institution("Muzeum")))
    for where in (f"/resources/{houses.room.uid}/", f"/api/v1/resources/{houses.room.uid}/"):
        for client in (stranger, houses.asker):
            assert ["Zenek" in page(client, where), "klucz" in page(client, where)] == [
                False,
                False,
            ]
    at("2027-03-25T12:00+01:00")
    Line.objects.visible_to(SYSTEM).update(state="finished")
    assert (seen(houses.asker), seen(houses.keeper)) == ([False, False, False, True], [False] * 4)
