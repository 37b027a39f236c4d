"""The pages of dates with places, and of who comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from bookings.models import Seat, SeatedSession
from bookings.services.seats import drop_seat, set_seat
from bookings.services.sessions import add_session
from tests.bookings.stage import DAY, ask, fresh, line, make_side, make_thing
from tests.bookings.test_seats import Workshop
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db


class Pages(Workshop):
    """The workshop with its ten places; a school has four of them."""

    def __init__(self) -> None:
        super().__init__()
        self.keeper, self.teacher = signed_in(self.owner), signed_in(self.school)
        self.list = f"/things/{self.thing.uid}/dates/"
        self.date = f"{self.list}{self.session.uid}/"
        self.booking = f"/bookings/{self.sent.booking.uid}/"
        self.names = f"/lines/{self.line.uid}/seats/"

    def changed(self, **typed: Any) -> Any:
        """Send the form of the date as it came, with what was `typed` over it."""
        form = self.keeper.get(self.date).context["form"]
        return self.keeper.post(self.date, {**form.initial, "action": "change", **typed})

    def sent_names(self, client: Client, *rows: dict[str, str], **more: str) -> Any:
        """Send the list of people of the booking, each row over what was there."""
        shown = client.get(self.names).context["list"]
        data = {
            "seen": shown.seen,
            "seats-TOTAL_FORMS": str(len(rows)),
            "seats-INITIAL_FORMS": str(len(rows)),
            **more,
        }
        for number, (form, row) in enumerate(zip(shown.rows, rows, strict=False)):
            for name, value in {**form.initial, **row}.items():
                data[f"seats-{number}-{name}"] = str(value)
        return client.post(self.names, data)


@pytest.fixture
def pages(at: At) -> Pages:
    at(MONDAY)
    return Pages()


def test_a_date_is_added_on_the_owners_clock(pages: Pages) -> None:
    typed = {
        "date": "2027-03-12",
        "start": "17:00",
        "end": "19:30",
        "units": "12",
        "title": "Glina",
    }
    answer = pages.keeper.post(pages.list, typed, follow=True)
    assert "One more date." in text_of(answer)
    made = SeatedSession.objects.get(title="Glina")
    assert (made.starts_at, made.units) == (datetime(2027, 3, 12, 16, tzinfo=UTC), 12)
    rows = answer.context["dates"]
    assert [(row.when, row.taken) for row in rows] == [
        ("Wed 10 March, 11:00–13:00", "4 of 10 places taken"),
        ("Fri 12 March, 17:00–19:30", "0 of 12 places taken"),
    ]
    assert "Over several days" in text_of(pages.keeper.get(pages.list))


def test_a_time_that_is_wrong_twice_or_taken_is_said_at_its_field(pages: Pages) -> None:
    backwards = {"date": "2027-03-12", "start": "17:00", "end": "16:00", "units": "5"}
    answer = pages.keeper.post(pages.list, backwards)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["end"])
    twice = {"date": "2027-10-31", "start": "02:30", "end": "04:00", "units": "5"}
    answer = pages.keeper.post(pages.list, twice)
    assert "the first one, still in summer time" in answer.content.decode()
    same = {"date": "2027-03-10", "start": "11:00", "end": "13:00", "units": "5"}
    answer = pages.keeper.post(pages.list, same)
    assert "There is a date at that time already." in text_of(answer)


def test_a_date_is_changed_and_what_would_hit_is_listed(pages: Pages) -> None:
    assert pages.changed(title="Glina", units="8").status_code == 302
    pages.session.refresh_from_db()
    assert (pages.session.title, pages.session.units) == ("Glina", 8)
    for typed in ({"units": "3"}, {"start": "12:00"}):
        answer = pages.changed(**typed)
        assert answer.status_code == 409
        assert [one.who for one in answer.context["hits"]] == ["Szkoła"]
        name, value = next(iter(typed.items()))
        assert answer.context["form"][name].value() == value


def test_who_saves_a_date_second_is_told(pages: Pages) -> None:
    old = pages.keeper.get(pages.date).context["form"].initial["version"]
    pages.changed(title="Glina")
    answer = pages.changed(title="Wiklina", version=old)
    assert answer.status_code == 422
    assert "Somebody else changed this date meanwhile" in text_of(answer)
    fresh_one = answer.context["form"]["version"].value()
    assert pages.changed(title="Wiklina", version=fresh_one).status_code == 302


def test_a_date_is_cancelled_once_one_knows_whom_it_hits(pages: Pages) -> None:
    answer = pages.keeper.post(pages.date, {"action": "cancel"})
    assert answer.status_code == 409
    assert "Nothing is cancelled yet." in text_of(answer)
    assert fresh(pages.line).state == "confirmed"
    sure = {"action": "cancel", "confirmed": "1"}
    answer = pages.keeper.post(pages.date, sure, follow=True)
    assert [row.chip.state for row in answer.context["dates"]] == ["cancelled"]
    assert fresh(pages.line).state == "to_settle"


def test_places_asked_by_phone_are_written_in_from_the_date(pages: Pages) -> None:
    row = pages.keeper.get(pages.list).context["dates"][0]
    form = pages.keeper.get(row.actions[0].url).context["form"]
    typed = {**form.initial, "outside_name": "Pani Zofia", "units": "2"}
    answer = pages.keeper.post(f"/things/{pages.thing.uid}/week/", typed)
    assert answer.status_code == 302
    assert pages.left == 4


def test_people_are_named_by_both_sides_in_the_booking(pages: Pages) -> None:
    assert "Who comes: 0 of 4 names" in text_of(pages.teacher.get(pages.booking))
    saved = pages.sent_names(
        pages.teacher, {"name": "Ola", "food_needs": "bez orzechów"}, {}, {}, {}
    )
    assert saved.status_code == 302
    assert pages.sent_names(pages.keeper, {}, {"name": "Jan"}, {}, {}).status_code == 302
    assert [seat.name for seat in pages.seats] == ["Ola", "Jan", "", ""]
    assert "Who comes: 2 of 4 names" in text_of(pages.keeper.get(pages.booking))


def test_what_is_wrong_or_late_stays_as_it_was_typed(pages: Pages) -> None:
    wrong = pages.sent_names(pages.teacher, {"name": "Ola", "email": "ola"}, {}, {}, {})
    assert wrong.status_code == 422
    assert "email" in wrong.context["list"].rows.forms[0].errors
    old = pages.teacher.get(pages.names).context["list"].seen
    pages.sent_names(pages.keeper, {"name": "Jan"}, {}, {}, {})
    late = pages.sent_names(pages.teacher, {"name": "Ola"}, {}, {}, {}, seen=old)
    assert late.status_code == 409
    assert late.context["list"].rows.forms[0]["name"].value() == "Ola"
    assert [seat.name for seat in pages.seats][:1] == ["Jan"]


def test_one_place_is_given_back_on_a_page_of_its_own(pages: Pages) -> None:
    where = f"/seats/{pages.seats[1].uid}/drop/"
    assert "Give one place back" in text_of(pages.teacher.get(where))
    answer = pages.teacher.post(where, follow=True)
    assert "Who comes: 0 of 3 names" in text_of(answer)
    assert fresh(pages.line).units == 3
    stranger = signed_in(make_side("Obcy"))
    assert stranger.get(where).status_code == 404
    assert stranger.get(pages.names).status_code == 404


def test_staff_of_the_owner_reads_names_and_writes_none(pages: Pages) -> None:
    pages.name(pages.school, 0, "Ola")
    staff = signed_in(make_side(role="staff", house=pages.owner.house))
    page = staff.get(pages.booking)
    assert "Ola" in text_of(page)
    assert "Save who comes" not in text_of(page)
    assert staff.get(pages.date).status_code == 403


def test_all_people_of_a_date_on_one_page_and_in_one_file(pages: Pages) -> None:
    pages.name(pages.school, 0, "Ola", food_needs="bez orzechów")
    pages.name(pages.school, 1, "Jan")
    drop_seat(by=pages.school.viewer, seat=pages.seats[1].uid)
    club = make_side("Klub")
    evil = ask(club, line(pages.thing, 10, 2, units=2), title="Drugi").lines[0]
    names = ["=HYPERLINK(1)", "+48 600"]
    for position, name in enumerate(names):
        set_seat(by=club.viewer, line=evil.uid, position=position, name=name)
    said = text_of(pages.keeper.get(pages.date))
    for word in ("Ola", "bez orzechów", "place given back", "Klub"):
        assert word in said
    answer = pages.keeper.get(f"{pages.date}people.xlsx")
    assert answer["Content-Disposition"].endswith('-2027-03-10.xlsx"')
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, max_col=6, values_only=True))
    assert [row[:2] for row in rows] == [
        (1, "Ola"),
        (2, None),
        (3, None),
        (4, "=HYPERLINK(1)"),
        (5, "+48 600"),
    ]
    assert rows[0][5] == "bez orzechów"
    cells = [sheet.cell(row=number, column=2) for number in (5, 6)]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True), ("s", True)]
    foreign = signed_in(club)
    assert foreign.get(f"{pages.date}people.xlsx").status_code == 403


def test_dates_that_were_stand_on_their_own_page(pages: Pages, at: At) -> None:
    at("2027-03-20T10:00+01:00")
    assert pages.keeper.get(pages.list).context["dates"] == []
    (row,) = pages.keeper.get(f"{pages.list}?past=1").context["dates"]
    assert row.url == pages.date
    page = pages.keeper.get(pages.date)
    assert page.context["over"]


def test_only_what_has_places_has_dates(pages: Pages) -> None:
    hall = make_thing(pages.owner, "Sala")
    assert pages.keeper.get(f"/things/{hall.uid}/dates/").status_code == 404
    other = make_thing(pages.owner, "Wizyta", kind="seated", units=4)
    assert pages.keeper.get(f"/things/{other.uid}/dates/{pages.session.uid}/").status_code == 404
    tabs = pages.keeper.get(pages.list).context["head"].tabs
    assert [tab.value for tab in tabs] == [
        "week",
        "thing",
        "thing-photos",
        "thing-dates",
        "thing-parts",
    ]


def test_more_dates_and_people_take_no_more_statements(pages: Pages) -> None:
    few = statements(pages.keeper, pages.list)
    few_people = statements(pages.keeper, pages.date)
    few_names = statements(pages.teacher, pages.booking)
    for days in (1, 2):
        start = DAY + timedelta(days=days, hours=10)
        add_session(
            by=pages.owner.viewer,
            resource=pages.thing.uid,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
        )
    ask(make_side("B"), line(pages.thing, 10, 2, units=3))
    ask(make_side("C"), line(pages.thing, 10, 2, units=1))
    assert statements(pages.keeper, pages.list) == few
    assert statements(pages.keeper, pages.date) == few_people
    assert statements(pages.teacher, pages.booking) == few_names
    assert Seat.objects.visible_to(pages.owner.viewer).count() == 8
