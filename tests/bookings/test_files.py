"""Files from outside: told by their content, refused with a sentence, named so that any machine can keep them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from bookings.files import LONGEST_NAME, MEDIA_TYPES, FileRefused, clean_name, document

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def packed(*parts: tuple[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


def office(main: str, *more: tuple[str, str]) -> bytes:
    return packed(("[Content_Types].xml", "<Types/>"), (main, "<x/>"), *more)


def odf(kind: str, *more: tuple[str, str]) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}"
    return packed(("mimetype", said), ("content.xml", "<x/>"), *more, method=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Umowa.PDF", PDF),
        ("pismo.docx", office("word/document.xml")),
        ("lista.xlsx", office("xl/workbook.xml")),
        ("pismo.odt", odf("text")),
        ("lista.ods", odf("spreadsheet")),
        ("rider.txt", "Głośniki: 2\n".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_documents_are_taken_as_they_are(name: str, data: bytes) -> None:
    made = document(data, name)
    ending = name.rpartition(".")[2].lower()
    assert (made.content, made.ending, made.media_type) == (data, ending, MEDIA_TYPES[ending])


def test_text_is_stored_as_utf_8() -> None:
    assert document("Żółte krzesła".encode("cp1250"), "a.txt").content == "Żółte krzesła".encode()
    assert document("\ufeffkrzesła".encode(), "a.txt").content == "krzesła".encode()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("strona.html", b"<html></html>", "file_format"),
        ("rysunek.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_format"),
        ("strona.txt", b"  <!DOCTYPE html><script>alert(1)</script>", "file_format"),
        ("rysunek.txt", b"<?xml version='1.0'?><svg/>", "file_format"),
        ("program.txt", b"MZ\x90\x00\x03", "file_format"),
        ("krzesla.pdf.exe", PDF, "file_format"),
        ("bez konca", PDF, "file_format"),
        ("ruch.gif", b"GIF89a/*", "file_format"),
        ("paczka.zip", packed(("a.txt", "a")), "file_format"),
        ("paczka.docx", packed(("a.txt", "a")), "file_format"),
        ("oba.docx", office("word/document.xml", ("xl/workbook.xml", "")), "file_format"),
        ("szablon.odt", odf("presentation"), "file_format"),
        ("lista.docx", office("xl/workbook.xml"), "file_misnamed"),
        ("umowa.txt", PDF, "file_misnamed"),
        ("strona.pdf", b"strona", "file_misnamed"),
        ("urwany.pdf", PDF[:30], "file_damaged"),
        ("urwany.docx", office("word/document.xml")[:60], "file_damaged"),
        ("dwa.pdf", PDF + 2_000 * b"<script>" + b"</script>", "file_damaged"),
        ("z przodu.odt", b"PK\x03\x04<script>" + odf("text"), "file_damaged"),
        ("z tylu.odt", odf("text") + b"<script>", "file_damaged"),
        ("wychodzi.docx", office("word/document.xml", ("../../a", "")), "file_damaged"),
        ("makro.docx", office("word/document.xml", ("word/vbaProject.bin", "")), "file_macros"),
        ("makro.ods", odf("spreadsheet", ("Basic/Standard/a.xml", "")), "file_macros"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as no:
        document(data, name)
    assert no.value.code == code


def test_an_archive_that_unpacks_to_more_than_there_is_room_for_is_not_unpacked() -> None:
    data = bytearray(office("word/document.xml", ("word/media/a", "a")))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    with pytest.raises(FileRefused) as no:
        document(bytes(data), "bomba.docx")
    assert no.value.code == "file_too_much_inside"


def test_the_kind_of_an_archive_is_never_unpacked() -> None:
    """It may say that it has a few bytes and have millions, or be broken inside."""
    data = bytearray(packed(("mimetype", " " * 60_000_000), ("content.xml", "<x/>")))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (39).to_bytes(4, "little")
    broken = bytearray(packed(("mimetype", "x" * 39), ("content.xml", "<x/>")))
    broken[38:42] = b"\xff\xff\xff\xff"
    tracemalloc.start()
    for one in (data, broken):
        with pytest.raises(FileRefused) as no:
            document(bytes(one), "pismo.odt")
        assert no.value.code == "file_format"
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    ("name", "ending", "cleaned"),
    [
        ("Umowa użyczenia.pdf", "pdf", "Umowa użyczenia.pdf"),
        ("../../etc/passwd.pdf", "pdf", "passwd.pdf"),
        ("C:\\Moje\\plan.JPG", "webp", "plan.webp"),
        ("fdp.\u202etxt.pdf", "pdf", "fdp.txt.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "pdf", "aSet-Cookie b.pdf"),
        ("CON.txt", "txt", "file-CON.txt"),
        ('"; x=".pdf', "pdf", "; x=.pdf"),
        ("\u200b.pdf", "pdf", "file.pdf"),
        ("", "webp", "file.webp"),
        ("scena 🎭.png", "webp", "scena 🎭.webp"),
    ],
)
def test_names(name: str, ending: str, cleaned: str) -> None:
    assert clean_name(name, ending) == cleaned


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = clean_name("ż" * 300 + ".pdf", "pdf")
    assert (len(name), name[-4:]) == (LONGEST_NAME, ".pdf")
