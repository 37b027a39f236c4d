"""What cannot be meant is refused with a sentence at its field, before anything else is looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from bookings.wishes import BookingWish, LineWish, validate, validate_description, validate_line
from cooperative.errors import Invalid

START = datetime(2027, 3, 10, 17, tzinfo=UTC)
GOOD = LineWish(resource=UUID(int=1), starts_at=START, ends_at=START + timedelta(hours=2))
WISH = BookingWish(lines=(GOOD,), title="Próba")
AHEAD, BEHIND = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
FIRST, LAST = datetime(1, 1, 1, tzinfo=AHEAD), datetime(9999, 12, 31, 23, 59, tzinfo=BEHIND)


def refused(line: LineWish) -> set[str]:
    with pytest.raises(Invalid) as caught:
        validate_line(line)
    with pytest.raises(Invalid) as in_booking:
        validate(BookingWish(lines=(GOOD, line), title="Próba"))
    assert set(in_booking.value.errors) == {f"lines.1.{name}" for name in caught.value.errors}
    assert all(str(sentence) for said in caught.value.errors.values() for sentence in said)
    return set(caught.value.errors)


BAD: dict[str, tuple[dict[str, Any], set[str]]] = {
    "ends before it starts": ({"ends_at": START - timedelta(hours=1)}, {"ends_at"}),
    "zero length": ({"ends_at": START}, {"ends_at"}),
    "one minute": ({"ends_at": START + timedelta(minutes=1)}, {"ends_at"}),
    "four minutes": ({"ends_at": START + timedelta(minutes=4)}, {"ends_at"}),
    "367 days": ({"ends_at": START + timedelta(days=367)}, {"ends_at"}),
    "366 days and a minute": ({"ends_at": START + timedelta(days=366, minutes=1)}, {"ends_at"}),
    "366 days and set-up": (
        {"ends_at": START + timedelta(days=366), "setup_minutes": 1},
        {"ends_at"},
    ),
    "year 1": ({"starts_at": FIRST}, {"starts_at"}),
    "year 1, both": ({"starts_at": FIRST, "ends_at": FIRST + timedelta(hours=1)}, {"starts_at"}),
    "year 1999": (
        {
            "starts_at": datetime(1999, 12, 31, 23, 59, tzinfo=UTC),
            "ends_at": datetime(2000, 1, 1, 3, tzinfo=UTC),
        },
        {"starts_at"},
    ),
    "set-up before 2000": (
        {
            "starts_at": datetime(2000, 1, 1, tzinfo=UTC),
            "ends_at": datetime(2000, 1, 1, 3, tzinfo=UTC),
            "setup_minutes": 5,
        },
        {"starts_at"},
    ),
    "year 9999": ({"ends_at": LAST}, {"starts_at"}),
    "year 9999, both": ({"starts_at": LAST - timedelta(hours=1), "ends_at": LAST}, {"starts_at"}),
    "year 2200": (
        {
            "starts_at": datetime(2199, 12, 31, 23, tzinfo=UTC),
            "ends_at": datetime(2200, 1, 1, tzinfo=UTC),
        },
        {"starts_at"},
    ),
    "strike into 2200": (
        {
            "starts_at": datetime(2199, 12, 31, 20, tzinfo=UTC),
            "ends_at": datetime(2199, 12, 31, 22, tzinfo=UTC),
            "strike_minutes": 180,
        },
        {"starts_at"},
    ),
    "no units": ({"units": 0}, {"units"}),
    "less than none": ({"units": -3}, {"units"}),
    "more than anybody has": ({"units": 10**9}, {"units"}),
    "more than fits a number": ({"units": 2**40}, {"units"}),
    "set-up below nothing": ({"setup_minutes": -1}, {"setup_minutes"}),
    "strike below nothing": ({"strike_minutes": -1}, {"strike_minutes"}),
    "set-up without end": ({"setup_minutes": 10**9}, {"setup_minutes"}),
    "strike without end": ({"strike_minutes": 10**12}, {"strike_minutes"}),
    "seconds": ({"starts_at": START + timedelta(seconds=1)}, {"starts_at"}),
    "microseconds": ({"ends_at": START + timedelta(hours=1, microseconds=1)}, {"ends_at"}),
    "an offset of seconds": (
        {"starts_at": START.astimezone(timezone(timedelta(seconds=30))).replace(second=0)},
        {"starts_at"},
    ),
    "event before the use": (
        {"event_starts_at": START - timedelta(minutes=1)},
        {"event_starts_at"},
    ),
    "event after the use": (
        {"event_ends_at": START + timedelta(hours=2, minutes=1)},
        {"event_starts_at"},
    ),
    "event ends before it starts": ({"event_ends_at": START}, {"event_ends_at"}),
    "event in year 1": ({"event_starts_at": FIRST}, {"event_starts_at"}),
    "event in year 9999": ({"event_ends_at": LAST}, {"event_starts_at"}),
    "event with seconds": (
        {"event_starts_at": START + timedelta(minutes=1, seconds=1)},
        {"event_starts_at"},
    ),
}


@pytest.mark.parametrize("case", sorted(BAD))
def test_a_line_that_cannot_be_meant(case: str) -> None:
    fields, where = BAD[case]
    assert refused(replace(GOOD, **fields)) == where


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": START + timedelta(minutes=5)},
        {"ends_at": START + timedelta(days=366)},
        {"setup_minutes": 7 * 1440, "strike_minutes": 7 * 1440},
        {"units": 1_000_000},
        {
            "starts_at": datetime(2000, 1, 1, tzinfo=UTC),
            "ends_at": datetime(2000, 1, 2, tzinfo=UTC),
        },
        {"event_starts_at": START, "event_ends_at": START + timedelta(minutes=1)},
        {"event_starts_at": START - timedelta(minutes=30), "setup_minutes": 30},
        {
            "starts_at": datetime(2028, 2, 29, tzinfo=UTC),
            "ends_at": datetime(2028, 3, 1, tzinfo=UTC),
        },
        {
            "starts_at": datetime(2027, 3, 10, 0, 0, tzinfo=AHEAD),
            "ends_at": datetime(2027, 3, 10, 0, 0, tzinfo=BEHIND),
        },
    ],
    ids=str,
)
def test_the_edges_of_what_can_be_meant(fields: dict[str, Any]) -> None:
    validate_line(replace(GOOD, **fields))


def booking(**fields: Any) -> set[str]:
    with pytest.raises(Invalid) as caught:
        validate(replace(WISH, **fields))
    return set(caught.value.errors)


def test_a_booking_that_cannot_be_meant() -> None:
    assert booking(lines=()) == {"lines"}
    assert booking(lines=(GOOD,) * 367) == {"lines"}
    assert booking(title=" ", purpose="\n") == {"title"}
    assert booking(expected_people=-1) == {"expected_people"}
    assert booking(expected_people=10**9) == {"expected_people"}
    validate(BookingWish(lines=(GOOD,) * 366, title="", purpose="Próba"))


TEXTS = (
    "title",
    "purpose",
    "event_kind",
    "responsible_person",
    "responsible_phone",
    "access_needs",
    "remarks",
    "ask_anyway",
)


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_cannot_be_kept(name: str) -> None:
    assert booking(**{name: "a" * 10_000_000}) == {name}
    assert booking(**{name: "nul \x00"}) == {name}
    assert booking(**{name: "lone \ud83d"}) == {name}
    assert booking(**{name: "lone \udc00 low"}) == {name}
    texts: dict[str, Any] = {name: "Gęś 🦆"}
    validate(replace(WISH, **texts))
    if name != "ask_anyway":
        with pytest.raises(Invalid):
            validate_description({name: "nul \x00"})


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert booking(
        title="a" * 300,
        expected_people=-1,
        lines=(replace(GOOD, units=0), replace(GOOD, ends_at=START)),
    ) == {"title", "expected_people", "lines.0.units", "lines.1.ends_at"}


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (-60, "ends_before_start"),
        (0, "span_empty"),
        (4, "span_too_short"),
        (367 * 24 * 60, "span_too_long"),
    ],
)
def test_a_wrong_length_has_a_code_of_its_own(minutes: int, code: str) -> None:
    line = replace(GOOD, ends_at=START + timedelta(minutes=minutes))
    with pytest.raises(Invalid) as caught:
        validate_line(line)
    assert caught.value.code == code


def test_different_mistakes_share_no_code() -> None:
    line = replace(GOOD, ends_at=START)
    with pytest.raises(Invalid) as caught:
        validate(BookingWish(lines=(line,), title=""))
    assert caught.value.code == "invalid"
