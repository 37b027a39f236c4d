"""The pages of the season's spreadsheet: by whom, in which words, and what is kept when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings.models import Booking, ScheduleImport, ScheduleRow
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, line, make_side, make_thing, wish
from tests.bookings.test_schedules import row, sheet
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db
LIST = "/timetable/"


@pytest.fixture
def owner(at: At) -> Side:
    at(MONDAY)
    side = make_side("Dom Kultury")
    make_thing(side, "Sala lustrzana")
    return side


def sent(client: Client, *rows: str, data: bytes | None = None) -> Any:
    content = sheet(*rows) if data is None else data
    return client.post(LIST, {"file": SimpleUploadedFile("grafik.csv", content)}, follow=True)


def named(client: Client, answer: Any, **changes: str) -> Any:
    """Send the columns as they were guessed, with `changes`."""
    form = answer.context["form"]
    typed = {name: value for name, value in form.initial.items() if value not in (None, False)}
    return client.post(answer.request["PATH_INFO"], {**typed, **changes}, follow=True)


def test_from_the_file_to_the_bookings(owner: Side) -> None:
    client = signed_in(owner)
    answer = sent(client, row(day="7.09.2027", whom="Jan Kos"), row(thing="SL", day="8.09.2027"))
    assert "What the columns are" in text_of(answer)
    assert "Data: 7.09.2027" in text_of(answer)
    assert [str(field.label) for field in answer.context["form"].called] == ["SL (1 row)"]
    thing = answer.context["form"].fields["name_0"].choices[1][0]
    wrong = named(client, answer, col_day="", name_0=thing)
    assert wrong.status_code == 422
    assert "Say which column this is" in text_of(wrong)
    asked = named(client, answer)
    assert "One more question" in text_of(asked)
    preview = named(client, asked, name_0=thing)
    assert "Book 2 rows" in text_of(preview)
    assert "Nothing is to be decided" in text_of(preview)
    done = client.post(preview.request["PATH_INFO"], {"do": "bring"}, follow=True)
    assert "2 rows are booked." in text_of(done)
    assert Booking.objects.visible_to(SYSTEM).count() == 2
    again = sent(client, row(day="7.09.2027", whom="Jan Kos"), row(thing="SL", day="8.09.2027"))
    assert [chip.label for chip, _count in again.context["counts"]] == ["was there already"]
    listed = text_of(client.get(LIST))
    assert listed.count("grafik.csv") == 2


def test_a_clash_says_who_has_it_and_when(owner: Side) -> None:
    client = signed_in(owner)
    hall = make_thing(owner, "Sala duża")
    at = datetime(2027, 9, 7, 15, tzinfo=UTC)
    write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(hall, at), title="Próba"),
        whom=WrittenFor(name="Chór Cantabile"),
    )
    told = [
        row(thing="Sala duża", day="7.09.2027", title="Joga"),
        row(thing="Sala duża", day="31.08.2027", until="21.09.2027", title="Taniec"),
        row(thing="Sala duża", day="bzdura", title="Nic"),
    ]
    page = named(client, sent(client, *told))
    why = [card.why for card in page.context["waiting"]]
    assert why == [
        ("Sala duża, Tue 7 September, 17:00–18:30: Chór Cantabile, Próba 17:00–19:00",),
        (
            "1 of 4 dates clashes:",
            "Sala duża, Tue 7 September: Chór Cantabile, Próba 17:00–19:00",
        ),
        ("The day is missing, or is not one.",),
    ]
    first, second, third = page.context["waiting"]
    refused = client.post(first.url, {"do": "again", "seen": "clash"}, follow=True)
    assert "is not booked: see why below" in text_of(refused)
    stale = client.post(first.url, {"do": "again", "seen": "wrong"}, follow=True)
    assert "Somebody else decided this row meanwhile." in text_of(stale)
    client.post(second.url, {"do": "partly", "seen": "clash"})
    typed = {"number": "4", "4-day": "2027-09-09", "4-start": "10:00", "4-end": "11:00"}
    client.post(third.url, {"do": "edit", "seen": "wrong", **typed})
    left = client.post(first.url, {"do": "leave"}, follow=True)
    assert left.context["waiting"] == []
    states = ScheduleRow.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["left_out", "stored", "stored"]
    taken_up = client.post(first.url, {"do": "take_up"}, follow=True)
    assert [card.state for card in taken_up.context["waiting"]] == ["clash"]


def test_a_class_that_ends_after_midnight_keeps_its_minutes_in_the_form(owner: Side) -> None:
    client = signed_in(owner)
    hall = make_thing(owner, "Sala duża")
    write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(hall, datetime(2027, 9, 7, 20, tzinfo=UTC)), title="Próba"),
        whom=WrittenFor(name="Chór Cantabile"),
    )
    late = row(
        thing="Sala duża",
        day="7.09.2027",
        until="21.09.2027",
        start="22:00",
        end="0:30",
        title="Noc",
    )
    page = named(client, sent(client, late))
    [card] = page.context["waiting"]
    assert (card.form.initial["start"], card.form.initial["end"]) == ("22:00", "00:30")


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"%PDF-1.4", "not a spreadsheet"), (b"PK\x03\x04", "cannot be read"), (b"\n ", "empty")],
)
def test_a_file_that_is_none_is_said_at_its_field(owner: Side, data: bytes, words: str) -> None:
    answer = sent(signed_in(owner), data=data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ScheduleImport.objects.exists()


def test_others_find_nothing(owner: Side) -> None:
    client = signed_in(owner)
    page = named(client, sent(client, row(day="bzdura")))
    mine, of_row = page.request["PATH_INFO"], page.context["waiting"][0].url
    file = "/timetable/podest.csv?from_on=2027-09-01&until_on=2027-09-30"
    assert client.get(file)["Content-Disposition"] == 'attachment; filename="podest-2027-09-01.csv"'
    for other in (make_side(role="keeper"), make_side(role="staff", house=owner.house)):
        there = signed_in(other)
        assert [
            there.get(mine).status_code,
            there.get(f"{mine}columns/").status_code,
            there.post(mine, {"do": "bring"}).status_code,
            there.post(of_row, {"do": "leave"}).status_code,
        ] == [404, 404, 404, 404]
    staff = signed_in(make_side(role="staff", house=owner.house))
    assert [staff.get(path).status_code for path in (LIST, file)] == [404, 404]
    assert client.post(mine, {"do": "nonsense"}).status_code == 404
    assert client.get(f"{file}x").status_code == 400
    dropped = client.post(mine, {"do": "drop"}, follow=True)
    assert "Put aside." in text_of(dropped)


def test_a_page_of_rows_takes_as_many_statements_with_one_and_with_three(owner: Side) -> None:
    client = signed_in(owner)
    assert "No file yet." in text_of(client.get(LIST))
    counts = []
    for rows in (1, 3):
        told = [row(day="7.09.2027", title=f"W {n}", start="8:00", end="9:00") for n in range(rows)]
        page = sent(client, *told)
        page = named(client, page) if "form" in (page.context or {}) else page
        counts.append(statements(client, page.request["PATH_INFO"]))
    assert counts[0] <= counts[1] <= counts[0] + 2  # who is in the way is read once for all
    two = statements(client, LIST)
    sent(client, row(day="9.09.2027"))
    assert statements(client, LIST) == two


def test_what_is_the_same_for_all_rows_is_said_once(owner: Side) -> None:
    client = signed_in(owner)
    data = "Data;Od;Do;Grupa\n7.09.2027;10;12;Żaki\n8.09.2027;10;12;Żaki\n".encode("cp1250")
    answer = sent(client, data=data)
    lacking = named(client, answer)
    assert list(lacking.context["form"].errors) == ["col_thing"]
    page = named(client, answer, all_thing="Sala lustrzana", all_until="2027-09-28")
    assert "Book 2 rows" in text_of(page)
    assert [card.when for card in page.context["others"]] == [
        "every Tuesday 10:00–12:00 until 28 September 2027, first on Tue 7 September",
        "every Wednesday 10:00–12:00 until 28 September 2027, first on Wed 8 September",
    ]
    gone = sent(client, data=data.replace(b"7.09.2027", b"14.09.2027"))
    assert gone.context["gone"] == []
    client.post(page.request["PATH_INFO"], {"do": "bring"})
    gone = sent(client, data=data.replace(b"\n7.09.2027", b"\n14.09.2027"))
    assert [told["title"] for told in gone.context["gone"]] == ["Żaki"]
