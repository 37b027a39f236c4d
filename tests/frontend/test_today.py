"""Today: what goes out and comes back, done where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from bookings.models import Line
from tests.bookings.stage import NOW, Side, ask, do, fresh, line, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of
from tests.sharing.factories import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def lent(keeper: Side, title: str = "Jarmark", units: int = 40, hours: float = 26) -> Line:
    """Chairs that go out on Wednesday 10 March at 11 and come back the day after."""
    chairs = make_thing(
        keeper, "Krzesła", kind="pooled", units=100, category="equipment", handover="simple"
    )
    one = ask(make_side("Fundacja Podwórko"), line(chairs, 10, hours, units=units), title=title)
    do(keeper, one.lines[0], "approve")
    return one.lines[0]


def test_out_and_back_stand_in_order_of_time(keeper: Side) -> None:
    lent(keeper)
    room = make_thing(keeper, "Sala prób")
    do(keeper, ask(make_side(), line(room, 8), title="Próba").lines[0], "approve")
    client = signed_in(keeper)
    rows = client.get("/today/?day=2027-03-10").context["rows"]
    assert [(row.clock, row.word) for row in rows] == [
        ("09:00–11:00", "in the house"),
        ("11:00", "out"),
    ]
    assert client.get("/today/").context["rows"] == []


def test_handing_out_fewer_and_taking_back_with_a_note(keeper: Side, at: At) -> None:
    one = lent(keeper)
    at("2027-03-10T11:05+01:00")
    client, prefix = signed_in(keeper), str(one.uid)[-8:]
    client.post(f"/today/{one.uid}/", {"action": "hand_over", f"{prefix}-units": "38"})
    assert (fresh(one).state, fresh(one).units_out) == ("handed_over", 38)
    at("2027-03-11T13:00+01:00")
    data = {"action": "give_back", f"{prefix}-units": "37", f"{prefix}-condition": "jedno złamane"}
    answer = client.post(f"/today/{one.uid}/", {**data, "day": "2027-03-11"}, follow=True)
    assert (fresh(one).state, fresh(one).units_back) == ("returned", 37)
    assert "jedno złamane" in text_of(answer)


def test_more_back_than_went_out_is_refused_in_place(keeper: Side, at: At) -> None:
    one = lent(keeper)
    at("2027-03-10T11:05+01:00")
    client, prefix = signed_in(keeper), str(one.uid)[-8:]
    data = {"action": "hand_over", f"{prefix}-units": "41", f"{prefix}-condition": "piszę"}
    answer = client.post(f"/today/{one.uid}/", {**data, "day": "2027-03-10"})
    assert answer.status_code == 422
    assert "Between 1 and 40." in text_of(answer)
    assert "piszę" in answer.content.decode()
    again = {"action": "hand_over", f"{prefix}-units": "40", "day": "2027-03-10"}
    client.post(f"/today/{one.uid}/", again)
    client.post(f"/today/{one.uid}/", again)
    assert fresh(one).units_out == 40


def test_what_should_be_back_stays_on_the_list_the_next_days(keeper: Side, at: At) -> None:
    one = lent(keeper)
    at("2027-03-10T11:05+01:00")
    client = signed_in(keeper)
    client.post(f"/today/{one.uid}/", {"action": "hand_over"})
    at("2027-03-13T09:00+01:00")
    rows = client.get("/today/").context["rows"]
    assert [(row.word, bool(row.late)) for row in rows] == [("back", True)]
    client.post(f"/today/{one.uid}/", {"action": "overdue"})
    assert fresh(one).state == "overdue"


def test_staff_may_not_hand_out(keeper: Side) -> None:
    one = lent(keeper)
    staff = signed_in(make_side(role="staff", house=keeper.house))
    assert staff.post(f"/today/{one.uid}/", {"action": "hand_over"}).status_code == 403
    assert fresh(one).state == "confirmed"


def neon(client: Client, url: str) -> list[str]:
    """The rows that have the neon button, one entry for each button."""
    body = client.get(url).content.decode()
    rows = re.findall(r'<li id="(\w+)-[^"]*" class="day-.*?</li>', body, re.DOTALL)
    assert len(rows) == body.count('<li id="')
    return [
        f"{row}:{button}"
        for row, text in re.findall(r'<li id="(\w+)-(.*?)</li>', body, re.DOTALL)
        for button in re.findall(r'btn-next" name="action" value="(\w+)"', text)
    ] + ["elsewhere"] * (body.count("btn-next") - body.count('btn-next" name="action"'))


def test_the_neon_is_for_the_first_thing_to_hand_over(keeper: Side, at: At) -> None:
    room = make_thing(keeper, "Sala prób")
    do(keeper, ask(make_side(), line(room, 8), title="Próba").lines[0], "approve")
    one = lent(keeper)
    other = lent(keeper, "Drugi")
    at("2027-03-10T11:05+01:00")
    client = signed_in(keeper)
    # Nobody came is not what one does next with a room that is in use.
    assert neon(client, "/today/") == ["out:hand_over"]
    do(keeper, one, "hand_over")
    assert neon(client, "/today/") == ["out:hand_over"]
    do(keeper, other, "hand_over")
    # All is out: that it may come back early is no next step.
    assert neon(client, "/today/") == []
    at("2027-03-11T13:30+01:00")
    assert neon(client, "/today/") == ["back:give_back"]
    at("2027-03-12T13:30+01:00")
    assert neon(client, "/today/") == ["back:give_back"]


def test_three_rows_take_no_more_statements_than_one(keeper: Side) -> None:
    assert NOW.year == 2027
    client, url = signed_in(keeper), "/today/?day=2027-03-10"
    lent(keeper, "Pierwszy")
    few = statements(client, url)
    lent(keeper, "Drugi")
    lent(keeper, "Trzeci")
    assert statements(client, url) == few


def test_a_photo_goes_with_what_comes_back(
    keeper: Side, at: At, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    one = lent(keeper)
    at("2027-03-10T11:05+01:00")
    client, prefix = signed_in(keeper), str(one.uid)[-8:]
    client.post(f"/today/{one.uid}/", {"action": "hand_over"})
    at("2027-03-11T13:00+01:00")
    url = f"/today/{one.uid}/"
    # What is no photo is refused in place, and nothing is half done.
    wrong = SimpleUploadedFile("krzesla.jpg", b"not a photo")
    answer = client.post(
        url, {"action": "give_back", f"{prefix}-photo": wrong, "day": "2027-03-11"}
    )
    assert (answer.status_code, fresh(one).state) == (422, "handed_over")
    good = SimpleUploadedFile("krzesla.jpg", picture())
    client.post(url, {"action": "give_back", f"{prefix}-photo": good, "day": "2027-03-11"})
    assert fresh(one).state == "returned"
    rows = client.get("/today/?day=2027-03-11").context["rows"]
    assert [row.photos for row in rows] == [1]
    [card] = client.get(f"/bookings/{one.booking.uid}/").context["page"].things
    assert [photo.alt for photo in card.photos] == ["krzesla.webp"]
