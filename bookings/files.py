"""What a file from outside is, told by its content: a document that people send each other, or nothing we take.

Pure: bytes in, a kind out. No archive is unpacked: names and sizes are read from its directory.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cooperative.errors import Invalid, Sentence

LARGEST_BYTES = 12 * 1024 * 1024
LONGEST_NAME = 120
_MOST_PARTS = 5_000
_MOST_UNPACKED = 300 * 1024 * 1024
_ODF = "application/vnd.oasis.opendocument."
_OOXML = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "odt": f"{_ODF}text",
    "ods": f"{_ODF}spreadsheet",
    "docx": f"{_OOXML}wordprocessingml.document",
    "xlsx": f"{_OOXML}spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}
"""What is taken besides photos, by the ending of its name, and how it is given out."""

_MAIN_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MARKUP = re.compile(
    r"\s*<(?:!doctype|\?xml|html|head|body|svg|script|iframe|math)\b", re.IGNORECASE
)
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNSAFE = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


class FileRefused(Invalid):
    """The file cannot be taken. `code` says why."""

    code = "file_refused"
    title = _("This file could not be taken")

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__({"files": sentence}, sentence, code=code)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it is stored: `ending` without a dot."""

    content: bytes
    ending: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.ending]


def document(data: bytes, name: str) -> Document:
    """`data` as a document whose name ends as its content says. Raises `FileRefused`."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in MEDIA_TYPES:
        raise _not_taken()
    if data.startswith(b"%PDF-"):
        found = Document(_whole_pdf(data), "pdf")
    elif data.startswith(b"PK\x03\x04"):
        found = Document(data, _office_kind(data))
    else:
        found = Document(_plain_text(data), "txt")
    if found.ending != ending:
        raise FileRefused(
            "file_misnamed",
            _("Inside it is not what the end of its name says. Please save it anew and send that."),
        )
    return found


def clean_name(name: str, ending: str) -> str:
    """What its sender called it, fit to be shown and saved anywhere, with the `ending` that it is stored with."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _BIDI.sub("", unicodedata.normalize("NFC", last))
    seen = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    stem = _UNSAFE.sub("", seen.rpartition(".")[0] if "." in seen else seen)
    stem = " ".join(stem.split()).strip(". ")[: LONGEST_NAME - len(ending) - 1].strip(". ")
    if not any(sign.isalnum() for sign in stem) or _DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"file-{stem}".rstrip("-. ")
    return f"{stem}.{ending}"


def _not_taken() -> FileRefused:
    return FileRefused(
        "file_format",
        _(
            "Only photos (JPEG, PNG, WebP) and PDF, ODT, DOCX, ODS, XLSX and TXT files can be sent here."
        ),
    )


def _damaged() -> FileRefused:
    return FileRefused(
        "file_damaged",
        _("This file is damaged or was cut off on its way. Please send it again."),
    )


def _whole_pdf(data: bytes) -> bytes:
    """Nothing is hung on behind its end: another file could be."""
    if b"%%EOF" not in data[-1_024:]:
        raise _damaged()
    return data


def _office_kind(data: bytes) -> str:
    """The ending of an office document: an archive that says what it is, from its first byte to its last."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _checked_parts(parts, data)
            if archive.comment:
                raise _damaged()
            # Stored as it is, as the format wants it: nothing is unpacked, whatever size it says it has.
            if (
                parts[0].filename == "mimetype"
                and parts[0].compress_type == zipfile.ZIP_STORED
                and parts[0].compress_size <= 200
            ):
                said = archive.read("mimetype").decode("ascii", "replace").strip()
                known = {kind: ending for ending, kind in MEDIA_TYPES.items()}
                ending = known.get(said, "")
            else:
                found = [_MAIN_PART[name] for name in names & _MAIN_PART.keys()]
                ending = found[0] if "[Content_Types].xml" in names and len(found) == 1 else ""
    except FileRefused:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError):
        raise _damaged() from None
    if not ending:
        raise _not_taken()
    return ending


def _checked_parts(parts: list[zipfile.ZipInfo], data: bytes) -> None:
    if not parts:
        raise _damaged()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise FileRefused("file_too_much_inside", _("There is too much packed into this file."))
    if min(part.header_offset for part in parts) != 0 or data[-22:-18] != b"PK\x05\x06":
        raise _damaged()  # something stands before its beginning or behind its end
    for part in parts:
        name = part.filename.lower()
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise _damaged()
        if name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")):
            raise FileRefused(
                "file_macros", _("This file has macros in it. Please send it without, or as a PDF.")
            )


def _plain_text(data: bytes) -> bytes:
    """As UTF-8, whatever older editors here wrote it in; no page and no program under another name."""
    if b"\x00" in data:
        raise _not_taken()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1250")
        except UnicodeDecodeError:
            raise _not_taken() from None
    if _MARKUP.match(text) or any(sign < " " and sign not in "\t\n\r\f" for sign in text):
        raise _not_taken()
    return text.encode()
