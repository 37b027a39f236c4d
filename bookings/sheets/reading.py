"""From the bytes of a file to its rows. What it is, is seen in it: names of files say little."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from .calendars import read_ics
from .shape import MOST_BYTES, Sheet, Unreadable
from .tables import NOTHING, read_csv, read_xlsx

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def read_file(data: bytes, *, zone: ZoneInfo) -> Sheet:
    """The rows of an XLSX, CSV or ICS file; `zone` is the house's. Raises `Unreadable` and nothing else."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 10 MB. Please save only the timetable in it."))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(_("This is an old Excel file. Please save it as XLSX."))
    if data.startswith(_PICTURES):
        raise Unreadable(_("This is not a spreadsheet. We read XLSX, CSV and ICS."))
    if data.startswith(b"PK"):
        sheet = read_xlsx(data)
    elif data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        sheet = read_ics(data, zone)
    else:
        sheet = read_csv(data)
    if not sheet.rows:
        raise Unreadable(NOTHING)
    return sheet
