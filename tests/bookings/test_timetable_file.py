"""The timetable as a file: only the house's own, nothing that runs, and known again when it comes back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from openpyxl import load_workbook

from bookings.models import Booking
from bookings.services.schedules.bringing import bring_in, try_row
from bookings.services.schedules.looking import look_over
from bookings.services.schedules.taking import name_columns, take_schedule
from bookings.services.schedules.telling import timetable_file
from bookings.services.write_in import WrittenFor, write_in
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid, NotFound
from tests.bookings.stage import Side, ask, audited, do, line, lines_of, make_side, make_thing, wish
from tests.bookings.test_schedules import looked, row, states

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2027, 8, 31, 22, tzinfo=UTC)
LATER = datetime(2028, 6, 30, 22, tzinfo=UTC)


def exported(side: Side, kind: str, language: str = "pl") -> bytes:
    with translation.override(language):
        return timetable_file(
            by=side.viewer, house=side.house.pk, starts_at=SEPTEMBER, ends_at=LATER, kind=kind
        ).content


def season() -> Side:
    """A class with a date left out and one moved, a hire over midnight, chairs, a member's request, whole days."""
    owner, choir = make_side("Dom Kultury"), make_side("Chór")
    hall = make_thing(owner, "Sala lustrzana")
    make_thing(owner, "Krzesła", kind="pooled", units=100)
    made = looked(
        owner,
        row(day="7.09.2027", until="30.11.2027", weekday="wt, pt", title="Taniec"),
        row(day="8.09.2027", start="22:00", end="02:00", title="=1+1", whom="@Jan"),
        row(thing="krzesła", day="9.09.2027", start="", end="", units="60", whom="Rada"),
    )
    assert bring_in(by=owner.viewer, schedule=made.uid).stored == 3
    dance = made.rows.get(number=2).booking
    assert dance is not None
    do(owner, lines_of(dance)[3], "take_back")
    asked = ask(choir, line(hall, datetime(2027, 9, 20, 8, tzinfo=UTC)), title="Próba chóru")
    if asked.lines[0].state != "confirmed":
        do(owner, asked.lines[0], "approve")
    return owner


@pytest.mark.parametrize("language", ["pl", "en", "de", "uk"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "ics"])
def test_what_goes_out_comes_back_as_known(kind: str, language: str) -> None:
    owner = season()
    before = Booking.objects.visible_to(SYSTEM).count()
    data = exported(owner, kind, language)
    made = take_schedule(by=owner.viewer, house=owner.house.pk, name=f"a.{kind}", data=data)
    mapping = {name: text for name, text in made.mapping.items() if isinstance(text, str)}
    named = name_columns(
        by=owner.viewer, schedule=made.uid, version=1, mapping=mapping, fixed={}, names={}
    )
    assert named.state == "preview"
    look_over(by=owner.viewer, schedule=made.uid)
    assert states(made) == ["known"] * 4
    bring_in(by=owner.viewer, schedule=made.uid)
    assert Booking.objects.visible_to(SYSTEM).count() == before
    audited()


def test_the_shape_of_it() -> None:
    owner = season()
    text = exported(owner, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [told["Tytuł"] for told in rows] == ["Taniec", "'=1+1", "Próba", "Próba chóru"]
    dance, night, chairs, choir = rows
    assert (dance["Dzień tygodnia"], dance["Powtarza się do"], dance["Bez"]) == (
        "wtorek, piątek",
        "2027-11-30",
        "2027-09-17",
    )
    assert (night["Od"], night["Do"], night["Do dnia"], night["Dla kogo"]) == (
        "22:00",
        "02:00",
        "2027-09-09",
        "'@Jan",
    )
    assert (chairs["Od"], chairs["Do"], chairs["Ile"], chairs["Dla kogo"]) == (
        "00:00",
        "24:00",
        "60",
        "Rada",
    )
    assert choir["Dla kogo"] == "Chór"
    sheet = load_workbook(io.BytesIO(exported(owner, "xlsx"))).active
    assert sheet is not None
    assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)


def test_for_the_keepers_of_the_house_alone() -> None:
    owner, stranger, staff = season(), make_side(), make_side(role="staff")
    for side in (stranger, staff):
        with pytest.raises(NotFound):
            timetable_file(
                by=side.viewer, house=owner.house.pk, starts_at=SEPTEMBER, ends_at=LATER, kind="csv"
            )
    assert len(exported(stranger, "csv").splitlines()) == 1
    with pytest.raises(NotFound):
        exported(owner, "pdf")
    with pytest.raises(Invalid):
        timetable_file(
            by=owner.viewer, house=owner.house.pk, starts_at=LATER, ends_at=SEPTEMBER, kind="csv"
        )


def test_a_row_of_a_larger_booking_is_changed_on_its_page() -> None:
    owner = make_side()
    hall, chairs = make_thing(owner, "Sala lustrzana"), make_thing(owner, "Krzesła")
    at = datetime(2027, 9, 7, 15, tzinfo=UTC)
    write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(hall, at), line(chairs, at)),
        whom=WrittenFor(name="Jan"),
    )
    text = exported(owner, "csv").decode("utf-8-sig").replace(";17:00;", ";17:30;", 1)
    made = take_schedule(by=owner.viewer, house=owner.house.pk, name="a", data=text.encode())
    mapping = {name: told for name, told in made.mapping.items() if isinstance(told, str)}
    name_columns(by=owner.viewer, schedule=made.uid, version=1, mapping=mapping, fixed={}, names={})
    look_over(by=owner.viewer, schedule=made.uid)
    assert states(made) == ["changed", "known"]
    with pytest.raises(Conflict):
        try_row(by=owner.viewer, row=made.rows.get(number=2).uid)
    assert timedelta() < LATER - SEPTEMBER
