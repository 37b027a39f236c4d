"""Tables: XLSX and CSV, read into the same shape."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from .columns import field_of
from .shape import (
    MOST_COLUMNS,
    MOST_ROWS,
    Sheet,
    SheetRow,
    Unreadable,
    named,
    row_of,
    text_of,
    tidy,
)

MOST_UNPACKED = 60_000_000
MOST_PARTS = 500
LOOKED_FOR_HEADERS = 20
MOST_EMPTY_ROWS = 20_000
"""Spreadsheets say of columns that were once coloured that they are a million rows long."""

Numbered = Iterable[tuple[int, list[str]]]
TOO_MANY = _("The file has more than 5,000 rows. Please bring it in in parts.")
NOTHING = _("There is no table in this file: a row of headings with rows below it.")
NOT_A_WORKBOOK = _(
    "This file cannot be read as a spreadsheet. Please save it again as XLSX or CSV."
)


def read_xlsx(data: bytes) -> Sheet:
    """The first sheet with a table, and all others with the same headings; what others say is told as one row each.

    Formulas count with their last value. Raises `Unreadable`.
    """
    _check_package(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            tables = [
                _of_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"
            ]
        finally:
            book.close()
    except Unreadable:
        raise
    except (
        Exception
    ) as error:  # a damaged workbook breaks the library anywhere; nothing of ours is inside
        raise Unreadable(NOT_A_WORKBOOK) from error
    found = [table for table in tables if table is not None]
    if not found:
        raise Unreadable(NOTHING)
    _title, headers, rows = found[0]
    for title, others, more in found[1:]:
        after = rows[-1].number if rows else 1
        if others == headers:
            rows += [SheetRow(after + one.number, one.cells, one.problems) for one in more]
        elif more:
            problem = {"code": "sheet_not_read", "sheet": title, "rows": len(more)}
            rows.append(SheetRow(after + 1, {headers[0]: title}, (problem,)))
    if len(rows) > MOST_ROWS:
        raise Unreadable(TOO_MANY)
    return Sheet("xlsx", headers, tuple(rows))


def _check_package(data: bytes) -> None:
    """Look at how much there is before any of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            too_much = (
                len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED
            )
            if too_much:
                raise Unreadable(
                    _("There is too much in this file. Please save only the timetable in it.")
                )
            for one in parts:
                _check_size(package, one)
                if one.filename.endswith((".xml", ".rels")):
                    with package.open(one) as part:
                        if b"<!DOCTYPE" in part.read(2_000).upper():
                            raise Unreadable(NOT_A_WORKBOOK)
    except Unreadable:
        raise
    except Exception as error:  # zipfile raises whatever the bytes make it
        raise Unreadable(NOT_A_WORKBOOK) from error


def _check_size(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Whether a part is as long as it says: the library unpacks it at once, and would hold whatever comes out."""
    said, left = part.file_size, part.file_size + 1
    part.file_size = left  # so that one byte more is looked for
    with package.open(part) as unpacked:
        while left and (piece := unpacked.read(min(left, 65_536))):
            left -= len(piece)
    part.file_size = said
    if left != 1:
        raise Unreadable(NOT_A_WORKBOOK)


def _of_sheet(sheet: Any) -> tuple[str, tuple[str, ...], list[SheetRow]] | None:
    sheet.reset_dimensions()
    rows = (
        (number, [text_of(value) for value in values])
        for number, values in enumerate(
            sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1
        )
    )
    table = _table(rows)
    return None if table is None else (str(sheet.title), *table)


def read_csv(data: bytes) -> Sheet:
    """Text with `;`, `,` or tabs, in UTF-8, UTF-16 or the Windows code page of Central Europe. Raises `Unreadable`."""
    text = _decoded(data).replace("\x00", "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        table = _table((rows.line_num, [_bare(cell) for cell in cells]) for cells in rows)
    except csv.Error as error:
        raise Unreadable(NOT_A_WORKBOOK) from error
    if table is None:
        raise Unreadable(NOTHING)
    return Sheet("csv", table[0], tuple(table[1]))


def _bare(cell: str) -> str:
    """Without the mark that keeps a text from being taken for a formula."""
    text = tidy(cell)
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1250", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the same number of columns, as many as can be."""

    def cut(sign: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(text[:20_000]), delimiter=sign), 20))
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if row]
        most = max(widths, default=0)
        return (sum(width == most for width in widths) * (most > 1), most)

    return max(";,\t|", key=cut)


def _table(rows: Numbered) -> tuple[tuple[str, ...], list[SheetRow]] | None:
    """Headings and what stands below them; None where there is no table. Raises `Unreadable`."""
    ahead: list[tuple[int, list[str]]] = []
    rest = iter(rows)
    for number, cells in rest:
        if any(cells):
            ahead.append((number, cells[:MOST_COLUMNS]))
        if len(ahead) == LOOKED_FOR_HEADERS or number > MOST_EMPTY_ROWS:
            break
    place = _header_row([cells for _number, cells in ahead])
    if place is None:
        return None
    return _below(ahead[place][1], [*ahead[place + 1 :]], rest)


def _below(
    heading: list[str], ahead: list[tuple[int, list[str]]], rest: Iterator[tuple[int, list[str]]]
) -> tuple[tuple[str, ...], list[SheetRow]]:
    kept, empty = list(ahead), 0
    for number, cells in rest:
        if any(cells):
            kept.append((number, cells[:MOST_COLUMNS]))
            empty = 0
        else:
            empty += 1
        if len(kept) > MOST_ROWS:
            raise Unreadable(TOO_MANY)
        if empty > MOST_EMPTY_ROWS:
            break
    width = max((_filled(cells) for cells in (heading, *(row for _number, row in kept))), default=0)
    headers = named(heading, width)
    found = [row_of(number, headers, cells) for number, cells in kept]
    return headers, [row for row in found if row is not None]


def _filled(cells: Sequence[str]) -> int:
    return max((place for place, text in enumerate(cells, start=1) if text), default=0)


def _header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The row that has most of the words we know; else the first with two texts. Titles may stand above it."""
    known = [len({field for cell in cells if (field := field_of(cell))}) for cells in rows]
    if known and max(known) >= 2:
        return known.index(max(known))
    for place, cells in enumerate(rows):
        if sum(bool(cell) for cell in cells) >= 2:
            return place
    return None
