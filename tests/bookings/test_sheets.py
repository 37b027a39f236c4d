"""Reading files of all kinds into rows, and rows into wishes; nothing but our own error comes out of any bytes."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bookings.sheets.columns import FIELDS, WORDS, field_of, guess, plain
from bookings.sheets.reading import read_file
from bookings.sheets.rows import (
    Reading,
    RowWish,
    clock_time,
    identity,
    read_day,
    read_row,
    texts_of,
)
from bookings.sheets.shape import MOST_BYTES, MOST_ROWS, Sheet, Unreadable
from cooperative.spreadsheet import spreadsheet
from tests.shared_data import shared_files

WARSAW = ZoneInfo("Europe/Warsaw")
HALL = UUID("5f3a7c1e-0000-4000-8000-000000000001")


def workbook(*rows: tuple[object, ...], merge: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(data: bytes) -> Sheet:
    return read_file(data, zone=WARSAW)


def cells(data: bytes) -> list[Mapping[str, str]]:
    return [dict(row.cells) for row in read(data).rows]


def wanted(told: Mapping[str, str], columns: tuple[str, ...] = ()) -> Any:
    reading = Reading({name: name for name in columns or told}, {}, {"sala": str(HALL)}, WARSAW)
    return read_row({"thing": "SALA", "title": "Próba", **told}, reading)


def span(told: Mapping[str, str]) -> tuple[str, str]:
    found = wanted(told)
    assert isinstance(found, RowWish), found
    assert found.line is not None
    starts, ends = (at.astimezone(WARSAW) for at in (found.line.starts_at, found.line.ends_at))
    return f"{starts:%Y-%m-%d %H:%M}", f"{ends:%Y-%m-%d %H:%M}"


def test_a_workbook_as_people_keep_it() -> None:
    data = workbook(
        ("Grafik 2027/28",),
        (),
        ("Sala", "Data", "Godziny", None, "Ile", "Uwagi"),
        ("A", date(2027, 9, 7), time(17), time(18, 30), 2.0, "x"),
        (None,) * 6,
        (
            "B",
            datetime.combine(date(2027, 9, 8), time(10)),
            0.5,
            timedelta(days=1),
            1.5,
            None,
            "dalej",
        ),
        merge="C3:D3",
    )
    sheet = read(data)
    assert sheet.headers == ("Sala", "Data", "Godziny", "Godziny (2)", "Ile", "Uwagi", "Uwagi (2)")
    assert [(row.number, dict(row.cells)) for row in sheet.rows] == [
        (
            4,
            {
                "Sala": "A",
                "Data": "2027-09-07",
                "Godziny": "17:00",
                "Godziny (2)": "18:30",
                "Ile": "2",
                "Uwagi": "x",
            },
        ),
        (
            6,
            {
                "Sala": "B",
                "Data": "2027-09-08 10:00",
                "Godziny": "0.5",
                "Godziny (2)": "24:00",
                "Ile": "1.5",
                "Uwagi (2)": "dalej",
            },
        ),
    ]
    assert guess(sheet.headers) == {
        "thing": "Sala",
        "day": "Data",
        "start": "Godziny",
        "end": "Godziny (2)",
        "units": "Ile",
        "remarks": "Uwagi",
    }


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_text_in_any_coding_and_with_any_sign(coding: str, sign: str) -> None:
    rows = [["Sala", "Data", "Tytuł"], ["Żółta", "7.09.2027", '"Gęś; jaźń, świt"']]
    text = "\r\n".join(sign.join(row) for row in rows)
    found = cells(text.encode(coding))
    assert found == [{"Sala": "Żółta", "Data": "7.09.2027", "Tytuł": "Gęś; jaźń, świt"}]


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 70_000_000)
    return written.getvalue()


def liar() -> bytes:
    """A part of 60 MB that says it has ten bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b" " * 60_000_000)
    data = bytearray(written.getvalue())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def test_what_says_that_it_is_small_is_not_unpacked() -> None:
    data = liar()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        read(data)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def entities() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        (b"one word", "no table"),
        (b"a;b\n" * (MOST_ROWS + 2), "5,000 rows"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no events"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "calendar"),
        (bomb(), "too much"),
        (entities(), "cannot be read"),
    ],
    ids=range(11),
)
def test_what_cannot_be_read_says_why(data: bytes, words: str) -> None:
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        read(data)
    with translation.override("en"):
        assert words in str(refused.value.message)
    assert set(refused.value.errors) == {"file"}


def test_long_cells_and_other_sheets_are_told_as_rows() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(("Sala", "Data"))
    first.append(("A" * 3_000, "x"))
    for title, heading in (("Drugi", ("Sala", "Data")), ("Trzeci", ("Co innego", "Data"))):
        sheet = book.create_sheet(title)
        sheet.append(heading)
        sheet.append(("B", "y"))
    written = io.BytesIO()
    book.save(written)
    rows = read(written.getvalue()).rows
    assert [(row.number, [one["code"] for one in row.problems]) for row in rows] == [
        (2, ["cell_too_long"]),
        (4, []),
        (5, ["sheet_not_read"]),
    ]


@pytest.mark.parametrize(
    ("told", "starts", "ends"),
    [
        ({"day": "2027-09-07", "start": "17", "end": "18.30"}, "07 17:00", "07 18:30"),
        ({"day": "7.9.27", "start": "17:00-18:30"}, "07 17:00", "07 18:30"),
        ({"day": "wt, 7.09.2027 r.", "start": "17:00", "end": "24:00"}, "07 17:00", "08 00:00"),
        ({"day": "46637", "start": "0,75", "end": "0.875"}, "07 18:00", "07 21:00"),
        ({"day": "7/09/2027", "start": "22:00", "end": "2:00"}, "07 22:00", "08 02:00"),
        ({"start": "2027-09-07 17:00", "end": "2027-09-09 10:00"}, "07 17:00", "09 10:00"),
        ({"day": "2027-09-07 17:00", "end": "18:00"}, "07 17:00", "07 18:00"),
        ({"day": "2027-09-07", "end_day": "2027-09-08"}, "07 00:00", "09 00:00"),
    ],
    ids=str,
)
def test_days_and_times_as_people_write_them(told: dict[str, str], starts: str, ends: str) -> None:
    assert span(told) == (f"2027-09-{starts}", f"2027-09-{ends}")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"start": "17:00"}, "day_missing"),
        ({"day": "wczoraj"}, "day_missing"),
        ({"day": "7.09.2027", "start": "17:00"}, "end_missing"),
        ({"day": "7.09.2027", "start": "17:00", "end": "16:00"}, "not_taken"),
        ({"day": "7.09.2027", "start": "25:00", "end": "26:00"}, "time_unreadable"),
        ({"day": "28.03.2027", "start": "2:30", "end": "4:00"}, "time_does_not_exist"),
        ({"day": "31.10.2027", "start": "2:30", "end": "4:00"}, "time_exists_twice"),
        ({"day": "7.09.2027", "units": "kilka"}, "units_unreadable"),
        ({"day": "7.09.2027", "thing": "Kuchnia"}, "thing_unknown"),
        ({"day": "7.09.2027", "thing": ""}, "thing_missing"),
        ({"day": "7.09.2027", "title": ""}, "title_missing"),
        ({"day": "7.09.2027", "until": "31.12.2027", "weekday": "wtkorek"}, "weekday_unreadable"),
        ({"day": "7.09.2027", "until": "1.09.2027"}, "not_taken"),
    ],
    ids=str,
)
def test_what_a_row_lacks_is_a_code(told: dict[str, str], code: str) -> None:
    assert wanted(told)["code"] == code


def test_what_repeats() -> None:
    told = {"day": "6.09.2027", "weekday": "wt i czw", "start": "17", "end": "18"}
    found = wanted({**told, "until": "30.09.2027", "except": "16.09.2027"})
    whole = found.series.repetition
    assert (whole.rule, whole.first_on) == (
        "FREQ=WEEKLY;UNTIL=20270930;BYDAY=TU,TH",
        date(2027, 9, 7),
    )
    assert whole.exceptions == {date(2027, 9, 16)}
    # "From day, until day, day of the week" says the same.
    other = wanted({**told, "end_day": "30.09.2027"})
    assert other.series.repetition.rule == whole.rule
    # A calendar's rule without an end has it from the page; what is no rule of ours says so.
    rule = {"day": "6.09.2027", "start": "17", "end": "18", "rule": "FREQ=WEEKLY;BYDAY=TU"}
    assert wanted(rule)["code"] == "not_taken"
    ended = wanted({**rule, "until": "30.09.2027"}).series.repetition
    assert ended.additions == {date(2027, 9, 6)}
    assert wanted({**rule, "rule": "FREQ=YEARLY;COUNT=3"})["code"] == "not_taken"


def test_every_header_that_we_write_is_understood() -> None:
    for field, languages in WORDS.items():
        for words in languages.values():
            assert all(field_of(word) is not None for word in words), field
            if words:
                assert field_of(words[0]) == field
    assert set(guess([WORDS[name]["de"][0] for name in FIELDS if WORDS[name]["de"]])) == {
        name for name in FIELDS if WORDS[name]["de"]
    }
    assert guess(["Godz. od", "Godz. do", "Data zajęć", "E-mail najemcy"]) == {
        "start": "Godz. od",
        "end": "Godz. do",
        "day": "Data zajęć",
        "email": "E-mail najemcy",
    }


def test_what_makes_a_row_the_same() -> None:
    told = {"thing": "Sala", "day": "7.09", "start": "17", "title": "Chór"}
    assert identity(told) == identity({**told, "title": " CHÓR ", "phone": "600"})
    assert identity(told) != identity({**told, "start": "18"})
    assert identity({**told, "id": " A  7 "}) == "A 7"


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a
SUMMARY:Joga
LOCATION:Sala
DTSTART;TZID=Europe/Kiev:20270906T180000
DURATION:PT90M
END:VEVENT
BEGIN:VEVENT
UID:b
SUMMARY:Taniec
DTSTART;TZID=Europe/Warsaw:20270907T170000
DTEND;TZID=Europe/Warsaw:20270907T183000
RRULE:FREQ=WEEKLY;UNTIL=20271012T150000Z
EXDATE;TZID=Europe/Warsaw:20270914T170000
END:VEVENT
BEGIN:VEVENT
UID:b
SUMMARY:Taniec inaczej
RECURRENCE-ID;TZID=Europe/Warsaw:20270921T170000
DTSTART;TZID=Europe/Warsaw:20270922T170000
DTEND;TZID=Europe/Warsaw:20270922T183000
END:VEVENT
BEGIN:VEVENT
UID:b
RECURRENCE-ID;TZID=Europe/Warsaw:20270928T170000
STATUS:CANCELLED
DTSTART;TZID=Europe/Warsaw:20270928T170000
END:VEVENT
BEGIN:VEVENT
UID:c
SUMMARY:Festyn
DTSTART;VALUE=DATE:20270910
DTEND;VALUE=DATE:20270912
END:VEVENT
BEGIN:VEVENT
UID:d
SUMMARY:Zdalnie
DTSTART;TZID=America/New_York:20270910T100000
DTEND;TZID=America/New_York:20270910T110000
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
BEGIN:VEVENT
UID:e
STATUS:CANCELLED
SUMMARY:Nie ma
DTSTART:20270910T100000Z
DTEND:20270910T110000Z
END:VEVENT
BEGIN:VEVENT
UID:f
SUMMARY:Gdzie indziej
DTSTART;TZID=Nowhere/There:20270910T100000
DTEND;TZID=Nowhere/There:20270910T110000
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def test_a_calendar_with_all_that_calendars_have() -> None:
    rows = read(CALENDAR).rows
    assert [[one["code"] for one in row.problems] for row in rows] == [
        [], [], [], [], ["rule_other_zone"], ["cancelled"], ["zone_unknown"],
    ]  # fmt: skip
    columns = guess(tuple(rows[1].cells) + tuple(rows[0].cells))
    told = [
        texts_of(row.cells, Reading(columns, {"thing": "sala"}, {"sala": str(HALL)}, WARSAW))
        for row in rows
    ]
    names = tuple(columns)
    assert span(told[0]) == ("2027-09-06 17:00", "2027-09-06 18:30")
    whole = wanted(told[1], names).series.repetition
    assert sorted(whole.exceptions) == [date(2027, 9, day) for day in (14, 21, 28)]
    assert span({**told[2], "rule": ""}) == ("2027-09-22 17:00", "2027-09-22 18:30")
    assert identity(told[2]) == "b/2027-09-21"
    assert span(told[3]) == ("2027-09-10 00:00", "2027-09-12 00:00")


@pytest.mark.parametrize("kind", ["ics", "csv"])
def test_real_files_are_read_or_refused(kind: str) -> None:
    found = {True: 0, False: 0}
    for path in shared_files(f"*.{kind}"):
        try:
            sheet = read(path.read_bytes())
        except Unreadable:
            found[False] += 1
            continue
        found[True] += 1
        columns = guess(sheet.headers)
        reading = Reading(columns, {"thing": "x", "title": "?"}, {"x": str(HALL)}, WARSAW)
        for row in sheet.rows:
            texts = {**texts_of(row.cells, reading), "thing_uid": str(HALL)}
            assert isinstance(read_row(texts, reading), RowWish | dict)
    assert found[True] > found[False]


HEADS = st.sampled_from(
    [b"", b"PK\x03\x04", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"Sala;Data\n"]
)
LINES = st.lists(
    st.sampled_from(CALENDAR.split(b"\r\n")) | st.binary(max_size=30), max_size=30
).map(b"\r\n".join)


@given(HEADS, st.binary(max_size=300) | LINES)
@settings(max_examples=75, deadline=None)
def test_no_bytes_raise_anything_else(head: bytes, rest: bytes) -> None:
    try:
        sheet = read(head + rest)
    except Unreadable:
        return
    assert sheet.rows


TEXTS = st.text(max_size=12) | st.sampled_from(
    ["7.09.2027", "17:00", "46637", "0.5", "24:00", "wt", "FREQ=WEEKLY;COUNT=3", "2027-09-07 10:00"]
)


@given(st.dictionaries(st.sampled_from([name for name in FIELDS if name != "thing"]), TEXTS))
@settings(max_examples=150, deadline=None)
def test_no_row_raises_anything(told: dict[str, str]) -> None:
    found = wanted({name: text for name, text in told.items() if text})
    assert isinstance(found, RowWish | dict)


def test_small_pieces() -> None:
    assert plain(" Żółta-SALA nr 2 ") == "zolta sala nr 2"
    assert (clock_time("9"), clock_time("24:00"), clock_time("0,5")) == ("09:00", "24:00", "12:00")
    assert read_day("45000") == date(2023, 3, 15)


def test_a_sheet_that_we_write_can_be_opened_whatever_people_typed() -> None:
    """One title of signs that XML does not know, and nobody of the house could open its timetable."""
    title = "=1+1 \uffff\ufffe\x0b\U0001fffe <&]]> 🎭\u202e"
    written = spreadsheet(title, ["Sala", "Data"], [[title, "7.09.2027"]])
    assert cells(written) == [{"Sala": "=1+1 \U0001fffe <&]]> 🎭\u202e", "Data": "7.09.2027"}]
