"""A list as a spreadsheet (XLSX). What people wrote is text there, never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 50


def spreadsheet(title: str, header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """One sheet with a bold first row. Numbers stay numbers; texts are kept as they are."""
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    # Excel takes no more than 31 letters, and none of these.
    named = "".join(" " if sign in r"[]:*?/\'" else sign for sign in _kept(title))
    sheet.title = named[:31].strip()
    widths = [len(one) for one in header]
    for number, values in enumerate([header, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row=number, column=column)
            assert isinstance(cell, Cell)
            _put(cell, value)
            if number == 1:
                cell.font = Font(bold=True)
            widths[column - 1] = max(widths[column - 1], len(str(value)))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST) + 2
    sheet.freeze_panes = "A2"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _put(cell: Cell, value: str | int) -> None:
    """A text that begins like a formula (= + - @) is marked as text for whoever saves it in another form."""
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = _kept(value)
    cell.data_type = "s"
    if value[:1] in {"=", "+", "-", "@", "\t"}:
        cell.quotePrefix = True


def _kept(text: str) -> str:
    """Without the signs that XML does not know: one of them, and no program opens the sheet."""
    return "".join(
        sign for sign in text if (sign >= " " or sign in "\t\n") and sign not in "\ufffe\uffff"
    )
