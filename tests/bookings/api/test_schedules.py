"""The timetable of a house over the API: for its keepers, in three formats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.services.write_in import WrittenFor, write_in
from tests.bookings.stage import line, make_side, make_thing, wish
from tests.cooperative.api_caller import Caller, make_token

pytestmark = pytest.mark.django_db
PERIOD = "starts_at=2027-03-01T00:00:00%2B01:00&ends_at=2027-04-01T00:00:00%2B02:00"


@pytest.mark.parametrize(
    ("kind", "media", "begins"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("csv", "text/csv; charset=utf-8", "\ufeffId;".encode()),
        ("ics", "text/calendar; charset=utf-8", b"BEGIN:VCALENDAR"),
    ],
)
def test_a_file_for_the_keepers(
    at: Callable[[str], datetime], kind: str, media: str, begins: bytes
) -> None:
    at("2027-03-01T10:00+01:00")
    owner, stranger = make_side("Dom"), make_side("Inny")
    write_in(
        by=owner.viewer,
        lender=owner.house.pk,
        wish=wish(line(make_thing(owner)), title="Próba"),
        whom=WrittenFor(name="Jan"),
    )
    path = f"institutions/{owner.house.uid}/schedule.{kind}/?{PERIOD}"
    answer = Caller(make_token(owner.person)).get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, media)
    assert answer.content.startswith(begins)
    if kind != "xlsx":
        assert answer.content.decode().count("Próba") == 1
    assert Caller(make_token(stranger.person)).get(path).status_code == 404
    long = path.replace("2027-04-01", "2029-04-01")
    assert Caller(make_token(owner.person)).get(long).status_code == 400
    assert Caller(make_token(owner.person)).get(path.replace("ends_at", "end")).status_code == 400
