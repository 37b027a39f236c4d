"""School holidays: what law makes countable, what lists bring, and what is marked."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from sharing.models import SchoolHoliday
from sharing.openholidays import UnreadableHolidays, read_school_holidays
from sharing.queries.holidays import marked_days
from sharing.school_holidays import by_law

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("PODEST_SHARED_DATA", ROOT.parent / "shared" / "data"))
LISTS = SHARED / "holidays-openholidays"
needs_lists = pytest.mark.skipif(
    not LISTS.is_dir(), reason="the lists of school holidays are not beside this checkout"
)

HEADER = "Id;Country;StartDate;EndDate;Type;RegionalScope;Name;Subdivisions;Comment"
WINTER = "x;PL;2027-01-18;2027-01-31;School;Regional;PL Ferie zimowe,EN Winter holidays;DS,LB;"
SUMMER = "x;PL;2027-06-26;2027-08-31;School;National;PL Ferie letnie,EN Summer holidays;DS,LB;"
REGIONS = "Country;Code;IsoCode;ShortName\nPL;PL-DS;PL-02;DS\nPL;PL-LB;PL-06;LB\n"


def write(tmp_path: Path, *rows: str, regions: str = REGIONS, header: str = HEADER) -> Path:
    folder = tmp_path / "holidays"
    folder.mkdir(exist_ok=True)
    if regions:
        (tmp_path / "subdivisions.csv").write_text("\ufeff" + regions)
    file = folder / "holidays.school.csv"
    file.write_text("\ufeff" + "\n".join([header, *rows]) + "\n")
    return file


def bring(file: Path, capsys: Any, **options: Any) -> str:
    call_command("import_school_holidays", str(file), **options)
    said: str = capsys.readouterr().out
    return said


# --- by law ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("year", "first_day"),
    [
        (2020, date(2020, 6, 27)),
        (2024, date(2024, 6, 22)),
        (2025, date(2025, 6, 28)),  # 20 June is a Friday itself
        (2026, date(2026, 6, 27)),
        (2027, date(2027, 6, 26)),
        (2030, date(2030, 6, 20)),  # Corpus Christi on the Thursday: lessons end on Wednesday
    ],
)
def test_summer_begins_the_day_after_the_last_lessons(year: int, first_day: date) -> None:
    summer = by_law("PL", year)[1]
    assert (summer.from_on, summer.until_on) == (first_day, date(year, 9, 1))


@pytest.mark.parametrize(("year", "first"), [(2024, 23), (2025, 22), (2026, 23), (2031, 22)])
def test_christmas_begins_on_the_22nd_where_that_is_a_monday(year: int, first: int) -> None:
    christmas = by_law("PL", year)[2]
    assert (christmas.from_on, christmas.until_on) == (date(year, 12, first), date(year + 1, 1, 1))


def test_spring_is_from_the_thursday_before_easter_to_the_tuesday_after() -> None:
    spring = by_law("PL", 2027)[0]
    assert (spring.from_on, spring.until_on) == (date(2027, 3, 25), date(2027, 3, 31))
    assert by_law("LT", 2027) == ()


@needs_lists
def test_law_says_what_was_announced() -> None:
    read = read_school_holidays(LISTS / "pl/holidays/holidays.school.csv")
    announced = {(one.from_on, one.until_on) for one in read.days if not one.region}
    # In 2021 all of Poland had winter holidays at once.
    announced.remove((date(2021, 1, 4), date(2021, 1, 18)))
    first, last = min(announced)[0], max(announced)[1]
    counted = {
        (one.from_on, one.until_on)
        for year in range(2019, 2028)
        for one in by_law("PL", year)
        if first <= one.from_on and one.until_on <= last
    }
    assert counted == announced
    assert len(counted) == 21


# --- lists -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_list_comes_in_once_and_its_corrections_too(tmp_path: Path, capsys: Any) -> None:
    file = write(tmp_path, WINTER, SUMMER)
    assert "3 added, 0 changed, 0 unchanged, 0 removed." in bring(file, capsys)
    rows = SchoolHoliday.objects.order_by("from_on", "region")
    assert list(rows.values_list("country", "region", "from_on", "until_on")) == [
        ("PL", "PL-02", date(2027, 1, 18), date(2027, 2, 1)),
        ("PL", "PL-06", date(2027, 1, 18), date(2027, 2, 1)),
        ("PL", "", date(2027, 6, 26), date(2027, 9, 1)),
    ]
    assert rows[0].name == {"pl": "Ferie zimowe", "en": "Winter holidays"}
    before = list(rows)
    assert "0 added, 0 changed, 3 unchanged, 0 removed." in bring(file, capsys)
    assert list(rows) == before
    late = WINTER.replace("2027-01-31", "2027-02-02").replace("DS,LB", "DS")
    moved = WINTER.replace("2027-01-18", "2027-01-17").replace("DS,LB", "LB")
    early = moved.replace("2027-01-17", "2027-01-10").replace("2027-01-31", "2027-01-16")
    said = bring(write(tmp_path, late, early, moved, SUMMER), capsys, dry_run=True)
    assert "2 added, 1 changed, 1 unchanged, 0 removed. Dry run: nothing was changed." in said
    assert list(rows) == before


@pytest.mark.django_db
def test_what_a_newer_list_leaves_out_goes_where_the_list_is_about(
    tmp_path: Path, capsys: Any
) -> None:
    def winter(first: str, last: str, region: str) -> str:
        return f"x;PL;{first};{last};School;Regional;PL Ferie zimowe;{region}"

    kept = winter("2026-02-02", "2026-02-15", "DS")
    bring(
        write(
            tmp_path,
            kept,
            winter("2027-01-18", "2027-01-31", "DS"),
            winter("2027-02-01", "2027-02-14", "LB"),
            winter("2028-01-17", "2028-01-30", "DS"),
        ),
        capsys,
    )
    said = bring(
        write(
            tmp_path,
            winter("2027-01-11", "2027-01-24", "DS"),
            winter("2028-01-17", "2028-01-30", "DS"),
        ),
        capsys,
    )
    assert "1 added, 0 changed, 1 unchanged, 1 removed." in said
    left = SchoolHoliday.objects.order_by("from_on").values_list("region", "from_on")
    assert [(region, str(day)) for region, day in left] == [
        ("PL-02", "2026-02-02"),
        ("PL-02", "2027-01-11"),
        ("PL-06", "2027-02-01"),
        ("PL-02", "2028-01-17"),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["x;PL;2027-02-30;2027-03-01;School;National;PL Ferie;"],
            "Line 2: StartDate '2027-02-30'",
        ),
        (["x;PL;2027-02-03;2027-02-01;School;National;PL Ferie;"], "before it begins"),
        (["x;Polska;2027-02-03;;School;National;PL Ferie;"], "not a country"),
        (["x;PL;2027-02-03;;School;National;Ferie;"], "is not written as"),
        (["x;PL;2027-02-03;;School;Regional;PL Ferie;"], "names no Subdivisions"),
        (["x;PL;2027-02-03;;School;Regional;PL Ferie;DS,QQ"], "does not know QQ"),
        (["x;PL;1999-02-03;;School;National;PL Ferie;"], "lies outside 2000 to 2199"),
        (["x;PL;2027-02-03;;Public;National;PL Ferie;"], "holds no school holidays"),
        ([], "holds no school holidays"),
    ],
)
@pytest.mark.django_db
def test_a_wrong_row_is_named_and_nothing_comes_in(
    rows: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_school_holidays", str(write(tmp_path, *rows)))
    assert said in str(refused.value)
    assert SchoolHoliday.objects.count() == 0


@pytest.mark.django_db
def test_one_wrong_row_keeps_all_out_and_the_first_twenty_are_told(tmp_path: Path) -> None:
    wrong = "x;PL;2027-02-30;;School;National;PL Ferie;"
    with pytest.raises(CommandError) as refused:
        call_command("import_school_holidays", str(write(tmp_path, SUMMER, *[wrong] * 25)))
    told = str(refused.value).split("\n")
    assert told[0].startswith("Line 3: StartDate")
    assert (len(told), told[-1]) == (21, "... and 5 more.")
    assert SchoolHoliday.objects.count() == 0


def test_files_that_are_no_such_list_say_so(tmp_path: Path) -> None:
    for file, said in (
        (tmp_path / "nowhere.csv", "cannot be opened"),
        (write(tmp_path, SUMMER, header="a,b,c"), "lacks these columns: Country"),
    ):
        with pytest.raises(UnreadableHolidays) as refused:
            read_school_holidays(file)
        assert said in str(refused.value)
    latin = tmp_path / "latin.csv"
    latin.write_bytes(f"{HEADER}\n{SUMMER}\n".replace("letnie", "ł").encode("cp1250"))
    with pytest.raises(UnreadableHolidays, match="not written in UTF-8"):
        read_school_holidays(latin)


def test_regions_need_their_list_and_it_may_be_named(tmp_path: Path) -> None:
    file = write(tmp_path, WINTER, regions="")
    with pytest.raises(UnreadableHolidays, match=r"no subdivisions.csv beside or above"):
        read_school_holidays(file)
    elsewhere = tmp_path / "regions.csv"
    elsewhere.write_text(REGIONS)
    read = read_school_holidays(file, regions=elsewhere)
    assert [one.region for one in read.days] == ["PL-02", "PL-06"]


def test_of_several_from_one_day_the_longest_counts(tmp_path: Path) -> None:
    rows = [
        f"x;HR;2027-12-23;2028-01-{last:02};School;National;HR Zimski odmor,EN Winter, part {last};;"
        for last in (3, 10, 7)
    ]
    read = read_school_holidays(write(tmp_path, *rows))
    assert [(one.until_on, one.name["en"]) for one in read.days] == [
        (date(2028, 1, 11), "Winter, part 10")
    ]
    assert read.longer_kept == 2


@needs_lists
@pytest.mark.django_db
def test_the_countries_lists_can_be_read(capsys: Any) -> None:
    files = sorted(LISTS.glob("*/holidays/holidays.school*.csv"))
    assert len(files) == 6
    for file in files:
        assert " 0 removed." in bring(file, capsys)
        assert " 0 added, 0 changed," in bring(file, capsys)
    # The list calls Silesia SK and Świętokrzyskie SL; in ISO's former letters it was the other way round.
    winter = (date(2027, 1, 7), date(2027, 3, 1))
    assert marks("PL", "PL-24", *winter) == ["01-18 02-01 school: Ferie zimowe"]
    assert marks("PL", "PL-26", *winter) == ["02-01 02-15 school: Ferie zimowe"]


# --- marks -------------------------------------------------------------------------------------------
def marks(country: str, region: str, since: date, until: date, language: str = "pl") -> list[str]:
    return [
        f"{one.from_on:%m-%d} {one.until_on:%m-%d} {one.kind}: {one.name}"
        for one in marked_days(country, region, since, until, language)
    ]


@pytest.mark.django_db
def test_public_and_school_holidays_are_marked_in_order() -> None:
    assert marks("PL", "PL-02", date(2027, 12, 24), date(2028, 1, 7)) == [
        "12-23 01-01 school: Zimowa przerwa świąteczna",
        "12-24 12-25 public: Wigilia Bożego Narodzenia",
        "12-25 12-26 public: Boże Narodzenie (pierwszy dzień)",
        "12-26 12-27 public: Boże Narodzenie (drugi dzień)",
        "01-01 01-02 public: Nowy Rok",
        "01-06 01-07 public: Święto Trzech Króli",
    ]
    assert marks("PL", "", date(2027, 5, 4), date(2027, 5, 5)) == []
    assert marks("LT", "", date(2027, 7, 6), date(2027, 7, 7), "en") == [
        "07-06 07-07 public: Statehood Day"
    ]
    assert marks("UA", "", date(2027, 8, 24), date(2027, 8, 25), "uk") == [
        "08-24 08-25 public: День незалежності України"
    ]


@pytest.mark.django_db
def test_a_region_has_its_own_and_the_countrys(tmp_path: Path, capsys: Any) -> None:
    bring(write(tmp_path, WINTER, SUMMER.replace("06-26", "06-25")), capsys)
    winter = (date(2027, 1, 20), date(2027, 1, 21))
    assert marks("PL", "PL-02", *winter) == ["01-18 02-01 school: Ferie zimowe"]
    assert marks("PL", "PL-30", *winter) == marks("PL", "", *winter) == []
    assert marks("LT", "PL-02", *winter) == []
    # What was announced replaces what law makes countable, also on days that only the count has.
    assert marks("PL", "PL-02", date(2027, 7, 1), date(2027, 7, 2), "en") == [
        "06-25 09-01 school: Summer holidays"
    ]
    SchoolHoliday.objects.filter(region="").update(from_on=date(2027, 6, 28))
    assert marks("PL", "", date(2027, 6, 26), date(2027, 6, 28)) == []
