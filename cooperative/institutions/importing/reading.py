"""From a file to rows of text, or one sentence saying why not. Pure but for opening the file."""

from __future__ import annotations

import csv
import io
import re
import stat
from dataclasses import dataclass
from pathlib import Path

COLUMNS = (
    "id",
    "nazwa",
    "nazwa_skr",
    "ulica",
    "numer",
    "numer_lok",
    "dzielnica",
    "rodzaj",
    "adresat",
    "typ",
    "niepelnospr",
    "uwagi",
    "x_epsg2177",
    "y_epsg2177",
    "data_mod",
)
MOST_BYTES = 10_000_000
MOST_ROWS = 5_000
_DELIMITERS = ",;\t"
# Signs that stand inside words only where ISO 8859-2 was read as Windows-1250 or the other way round.
_MISREAD = re.compile(r"[\x80-\x9f]|[a-złóżęąćńśź][¶±¦¬][a-złóżęąćńśź]|\ufffd")
_OTHER = "Say --encoding with the right one; Polish lists often are cp1250 or iso-8859-2."


class UnreadableList(ValueError):
    """The file is no list that can be read; the message is one sentence for whoever typed the command."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file: its last line there (from 1), values by column, or why there are none."""

    line: int
    values: dict[str, str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class RawList:
    """All rows of a file, and the columns that nobody knows and nothing is read from."""

    rows: tuple[RawRow, ...]
    unknown_columns: tuple[str, ...] = ()


def read_file(path: Path, *, encoding: str = "utf-8") -> RawList:
    """The rows of the file at `path`. Raises `UnreadableList`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableList(f"{path} is not a file.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableList(f"{path} cannot be opened: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise UnreadableList(
            f"{path} is larger than {MOST_BYTES // 1_000_000} MB; please split it."
        )
    return read_rows(decode(content, encoding=encoding))


def decode(content: bytes, *, encoding: str) -> str:
    """The text of `content`; a wrong `encoding` is found out. Raises `UnreadableList`."""
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except (LookupError, TypeError):
        raise UnreadableList(f"The encoding {encoding} is not known.") from None
    except ValueError:
        raise UnreadableList(f"The file is not written in {encoding}. {_OTHER}") from None
    if "\x00" in text:
        raise UnreadableList(
            "The file holds NUL characters: say --encoding utf-16, or save it as CSV."
        )
    if _MISREAD.search(text) or (
        not content.isascii() and _is_utf8(content) and not _utf(encoding)
    ):
        raise UnreadableList(f"Read as {encoding}, the file has broken letters. {_OTHER}")
    return text


def read_rows(text: str) -> RawList:
    """The rows of `text`: comma, semicolon or tab between values. Raises `UnreadableList`."""
    if not text.strip():
        raise UnreadableList("The file is empty.")
    header_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[RawRow] = []
    try:
        header = [name.strip().lower() for name in next(reader)]
        _must_know(header)
        for values in reader:
            if not values:
                continue
            if len(rows) == MOST_ROWS:
                raise UnreadableList(f"The list has more than {MOST_ROWS} rows; please split it.")
            rows.append(_row(reader.line_num, header, values))
    except csv.Error as error:
        raise UnreadableList(
            f"Quotes or separators are wrong in line {max(reader.line_num, 1)} ({error})."
        ) from None
    if not rows:
        raise UnreadableList("The list has a header and no rows.")
    return RawList(tuple(rows), tuple(name for name in header if name not in COLUMNS))


def _row(line: int, header: list[str], values: list[str]) -> RawRow:
    if len(values) != len(header):
        said = (
            f"it has {len(values)} values where the header has {len(header)}; is a quote missing?"
        )
        return RawRow(line, dict(zip(header, values, strict=False)), broken=said)
    return RawRow(line, dict(zip(header, values, strict=True)))


def _must_know(header: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing:
        raise UnreadableList(
            f"These columns are missing: {', '.join(missing)}. Expected are: {', '.join(COLUMNS)}."
        )
    if twice:
        raise UnreadableList(f"These columns stand there twice: {', '.join(twice)}.")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf(encoding: str) -> bool:
    return encoding.lower().replace("_", "-").startswith(("utf", "u8"))
