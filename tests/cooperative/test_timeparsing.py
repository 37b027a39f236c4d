"""One parser for every time that is typed or sent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cooperative.timeparsing import (
    EARLIEST,
    LATEST,
    TimeError,
    parse_day,
    parse_instant,
    parse_wall,
)

WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = sorted(
    zone
    for zone in available_timezones()
    if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
)


def answer(day: str, time: str, zone: str) -> datetime | TimeError:
    try:
        return parse_wall(day, time, zone=zone)
    except TimeError as error:
        return error


def refused(text: object, **kwargs: str) -> str:
    with pytest.raises(TimeError) as caught:
        parse_instant(text, **kwargs)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-05-01T18:00:00+02:00", datetime(2027, 5, 1, 16, tzinfo=UTC)),
        ("2027-05-01T18:00:00Z", datetime(2027, 5, 1, 18, tzinfo=UTC)),
        ("2027-05-01t18:00:00z", datetime(2027, 5, 1, 18, tzinfo=UTC)),
        ("2027-05-01 18:00:00.000-05:30", datetime(2027, 5, 1, 23, 30, tzinfo=UTC)),
        ("2027-05-01T18:00+02:00", datetime(2027, 5, 1, 16, tzinfo=UTC)),
        ("2028-02-29T24:00:00+01:00", datetime(2028, 2, 29, 23, tzinfo=UTC)),
        ("2000-01-01T00:00:00Z", EARLIEST),
        ("2199-12-31T24:00:00Z", LATEST),
        ("2027-10-31T02:30:00+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31T02:30:00+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_rfc_3339_is_read(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-05-01T18:00:00", "time_offset_missing"),
        ("2027-05-01", "time_malformed"),
        ("", "time_malformed"),
        (" ", "time_malformed"),
        (None, "time_malformed"),
        (1_800_000_000, "time_malformed"),
        ("tomorrow", "time_malformed"),
        ("2027-05-01T18:00:60Z", "time_not_whole_minute"),
        ("2027-05-01T18:00:30Z", "time_not_whole_minute"),
        ("2027-05-01T18:00:00.5Z", "time_not_whole_minute"),
        ("2027-05-01T18:60:00Z", "time_malformed"),
        ("2027-05-01T24:01:00Z", "time_malformed"),
        ("2027-05-01T25:00:00Z", "time_malformed"),
        ("2027-02-29T18:00:00Z", "time_malformed"),
        ("2027-05-01T18:00:00+24:00", "time_malformed"),
        ("2027-05-01T18:00:00+0200", "time_malformed"),
        ("2027-05-01T18:00:00 02:00", "time_malformed"),
        ("２０２７-05-01T18:00:00Z", "time_malformed"),
        ("2027-05-01T18:00:00Z\x00", "time_malformed"),
        ("2027-05-01T18:00:00Z\n", "time_malformed"),
        ("2027-05-01T18:00:00Z" + " " * 100_000, "time_malformed"),
        ("0001-01-01T00:00:00Z", "time_out_of_range"),
        ("1999-12-31T23:59:00Z", "time_out_of_range"),
        ("2000-01-01T00:00:00+02:00", "time_out_of_range"),
        ("2199-12-31T23:59:00-02:00", "time_out_of_range"),
        ("2200-01-01T00:00:00Z", "time_out_of_range"),
        ("9999-12-31T23:59:00-23:59", "time_out_of_range"),
    ],
)
def test_anything_else_is_refused_with_its_code(text: object, code: str) -> None:
    assert refused(text) == code


def test_a_lost_plus_is_explained() -> None:
    with pytest.raises(TimeError, match="time_malformed") as caught:
        parse_instant("2027-05-01T18:00:00 02:00")
    assert "%2B" in str(caught.value.message)


def test_with_a_zone_a_time_without_offset_is_its_wall_clock() -> None:
    assert parse_instant("2027-05-01T18:00", zone="Europe/Warsaw") == datetime(
        2027, 5, 1, 16, tzinfo=UTC
    )
    assert parse_instant("2027-05-01T18:00Z", zone="Europe/Warsaw") == datetime(
        2027, 5, 1, 18, tzinfo=UTC
    )
    assert refused("2027-03-28T02:30", zone="Europe/Warsaw") == "time_does_not_exist"


def test_a_time_in_the_spring_gap_is_refused_with_its_neighbours() -> None:
    with pytest.raises(TimeError) as caught:
        parse_wall("2027-03-28", "02:30", zone=WARSAW)
    assert caught.value.code == "time_does_not_exist"
    assert caught.value.values == {"before": "01:59", "after": "03:00"}


def test_a_time_in_the_autumn_fold_is_asked_back_with_both_offsets() -> None:
    with pytest.raises(TimeError) as caught:
        parse_wall("2027-10-31", "02:30", zone=WARSAW)
    assert caught.value.code == "time_exists_twice"
    assert caught.value.values == {"offsets": ["+02:00", "+01:00"]}
    assert caught.value.at("starts_at").errors == {"starts_at": [caught.value.message]}


@pytest.mark.parametrize(("offset", "hour"), [("+02:00", 0), ("+01:00", 1)])
def test_in_the_fold_the_offset_decides(offset: str, hour: int) -> None:
    assert parse_wall("2027-10-31", "02:30", zone=WARSAW, offset=offset) == datetime(
        2027, 10, 31, hour, 30, tzinfo=UTC
    )


def test_in_the_fold_a_wrong_offset_is_asked_back_and_elsewhere_it_is_not_read() -> None:
    with pytest.raises(TimeError, match="time_exists_twice"):
        parse_wall("2027-10-31", "02:30", zone=WARSAW, offset="+05:00")
    assert parse_wall("2027-10-30", "18:00", zone=WARSAW, offset="+01:00") == datetime(
        2027, 10, 30, 16, tzinfo=UTC
    )


def test_the_day_ends_at_24_00_also_when_the_clock_changes() -> None:
    assert parse_wall("2027-03-27", "24:00", zone=WARSAW) == datetime(2027, 3, 27, 23, tzinfo=UTC)
    assert parse_wall("2027-10-31", "24:00", zone=WARSAW) == datetime(2027, 10, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2027-05-01", "1.5.2027", "01.05.2027", " 2027-05-01 "])
def test_days_as_people_write_them(text: str) -> None:
    assert parse_day(text) == date(2027, 5, 1)


@given(
    zone=st.sampled_from(ZONES),
    instant=st.datetimes(datetime(2000, 1, 3), datetime(2199, 12, 29), timezones=st.just(UTC)),  # noqa: DTZ001
)
@settings(max_examples=300, deadline=None)
def test_what_a_wall_clock_shows_is_read_back(zone: str, instant: datetime) -> None:
    """In every zone: each minute that exists comes back, or is asked back among exactly its two offsets."""
    instant = instant.replace(second=0, microsecond=0)
    local = instant.astimezone(ZoneInfo(zone))
    written = (f"{local:%Y-%m-%d}", f"{local:%H:%M}")
    offset = local.strftime("%z")
    offset = f"{offset[:3]}:{offset[3:5]}"
    read = answer(*written, zone)
    if isinstance(read, TimeError):
        assert read.code == "time_exists_twice"
        assert offset in read.values["offsets"]
        read = parse_wall(*written, zone=zone, offset=offset)
    assert read == instant
    assert parse_instant(local.isoformat()) == instant


@given(zone=st.sampled_from(ZONES), year=st.integers(2000, 2037), hour=st.integers(0, 8_759))
@settings(max_examples=300, deadline=None)
def test_a_refused_wall_clock_time_is_one_that_no_instant_shows(
    zone: str, year: int, hour: int
) -> None:
    place = ZoneInfo(zone)
    naive = datetime(year, 1, 2) + timedelta(hours=hour, minutes=30)  # noqa: DTZ001
    shown = [
        instant
        for fold in (0, 1)
        if (instant := naive.replace(tzinfo=place, fold=fold).astimezone(UTC))
        .astimezone(place)
        .replace(tzinfo=None)
        == naive
    ]
    read = answer(f"{naive:%Y-%m-%d}", f"{naive:%H:%M}", zone)
    if isinstance(read, TimeError):
        assert read.code == ("time_exists_twice" if shown else "time_does_not_exist")
        assert len(set(shown)) in {0, 2}
    else:
        assert set(shown) == {read}


@given(st.text(max_size=60) | st.binary().map(repr) | st.floats() | st.none() | st.lists(st.text()))
@settings(max_examples=300, deadline=None)
def test_nothing_but_a_time_error_comes_out(text: object) -> None:
    read: datetime | str
    try:
        read = parse_instant(text, zone="Europe/Kyiv")
    except TimeError as error:
        read = error.code
    if isinstance(read, str):
        assert read.startswith("time_")
    else:
        assert EARLIEST <= read <= LATEST
