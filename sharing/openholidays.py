"""School holidays as the OpenHolidays project lays them out (CSV, semicolons), read into plain values.

`<country>/holidays/holidays.school*.csv` has a row for each stretch of days and names regions by short codes; what
these stand for is in `<country>/subdivisions.csv`. Nothing of it is shipped with Podest.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

NEEDED = ("Country", "StartDate", "EndDate", "Type", "RegionalScope", "Name")
NEEDED_OF_REGIONS = ("Code", "IsoCode", "ShortName")
MOST_BYTES = 5_000_000
MOST_SAID = 20
_NAME = re.compile(r"([A-Z]{2}) (.+)")


class UnreadableHolidays(ValueError):
    """Nothing can be taken from the file; the message says why to whoever typed the command, a line for each reason."""


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """No school from `from_on` until `until_on` (exclusive) in a region (ISO 3166-2) or, where empty, everywhere.

    `name` by language (two small letters).
    """

    country: str
    region: str
    from_on: date
    until_on: date
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadHolidays:
    """What a file holds, in order; `skipped` rows are of other kinds, `longer_kept` began on a day told already."""

    days: tuple[SchoolDays, ...]
    skipped: int
    longer_kept: int


def read_school_holidays(path: Path, *, regions: Path | None = None) -> ReadHolidays:
    """The school holidays of a file. `regions` is its `subdivisions.csv`; left out, it is looked for beside and above.

    Of several that begin on one day in one region (Croatia's schools choose) the longest is kept. Raises
    `UnreadableHolidays`: a file with a single wrong row is refused whole.
    """
    names = _regions(path, regions)
    wrong: list[str] = []
    found: dict[tuple[str, str, date], SchoolDays] = {}
    skipped = longer_kept = 0
    for line, row in _rows(path, NEEDED):
        if row["Type"] != "School":
            skipped += 1
            continue
        try:
            read = _read(row, names, path)
        except ValueError as problem:
            wrong.append(f"Line {line}: {problem}")
            continue
        for one in read:
            key = (one.country, one.region, one.from_on)
            there = found.get(key)
            longer_kept += there is not None
            if there is None or one.until_on > there.until_on:
                found[key] = one
    if wrong:
        more = [f"... and {len(wrong) - MOST_SAID} more."] if len(wrong) > MOST_SAID else []
        raise UnreadableHolidays("\n".join([*wrong[:MOST_SAID], *more]))
    if not found:
        raise UnreadableHolidays(f"{path} holds no school holidays (rows of Type School).")
    return ReadHolidays(tuple(found[key] for key in sorted(found)), skipped, longer_kept)


def _read(row: Mapping[str, str], names: Mapping[str, str], path: Path) -> list[SchoolDays]:
    """A row, for each of its regions. Raises `ValueError` with what is wrong."""
    country = row["Country"]
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise ValueError(f"{country!r} is not a country of two letters.")
    first = _day("StartDate", row["StartDate"])
    last = _day("EndDate", row["EndDate"]) if row["EndDate"] else first
    if last < first:
        raise ValueError(f"it ends on {last}, before it begins on {first}.")
    said = [_NAME.fullmatch(part.strip()) for part in re.split(r",(?=\s*[A-Z]{2} )", row["Name"])]
    name = {match[1].lower(): match[2].strip() for match in said if match is not None}
    if not name or None in said:
        raise ValueError(f"the name {row['Name']!r} is not written as PL Ferie zimowe,EN Winter.")
    until = last + timedelta(days=1)
    return [
        SchoolDays(country, region, first, until, name) for region in _of_scope(row, names, path)
    ]


def _of_scope(row: Mapping[str, str], names: Mapping[str, str], path: Path) -> list[str]:
    if row["RegionalScope"] == "National":
        return [""]
    codes = [code.strip() for code in row.get("Subdivisions", "").split(",") if code.strip()]
    if not codes:
        raise ValueError("it is not National and names no Subdivisions.")
    if not names:
        raise ValueError(
            f"it is for {', '.join(codes)}, and no subdivisions.csv beside or above {path} says what these are."
        )
    unknown = [code for code in codes if code not in names]
    if unknown:
        raise ValueError(f"subdivisions.csv does not know {', '.join(unknown)}.")
    return [names[code] for code in codes]


def _regions(path: Path, given: Path | None) -> dict[str, str]:
    """ISO 3166-2 codes by what the holidays' file calls them. The letters of both may differ: in Poland they do."""
    beside = (path.parent / "subdivisions.csv", path.parent.parent / "subdivisions.csv")
    found = given or next((one for one in beside if one.is_file()), None)
    if found is None:
        return {}
    names: dict[str, str] = {}
    for _line, row in _rows(found, NEEDED_OF_REGIONS):
        code = row["IsoCode"] or row["Code"]
        names[row["Code"]] = names[row["ShortName"]] = code
    return names


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line in the file, values by column), tidied."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableHolidays(f"{path} cannot be opened: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise UnreadableHolidays(f"{path} is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableHolidays(f"{path} is not written in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";", restval="")
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableHolidays(
            f"{path} lacks these columns: {', '.join(missing)}. They are parted by semicolons."
        )
    for row in reader:
        yield (
            reader.line_num,
            {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)},
        )


def _day(column: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} {text!r} is not a day as 2027-01-18.") from None
    if not 2000 <= day.year < 2200:
        raise ValueError(f"{column} {text} lies outside 2000 to 2199.")
    return day
