"""Photos and files beside a hand-over or a case: who adds and sees them; nothing is left of what was refused."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from PIL import ExifTags, Image

from bookings.models import Attachment, Case, Line
from bookings.services.attachments import (
    MOST_FILES,
    add_to_case,
    add_to_hand_over,
    received,
    remove_orphan_files,
)
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from tests.cooperative.factories import make_moderator
from tests.frontend.asking import signed_in
from tests.sharing.factories import picture

from .stage import NOW, Side, ask, do, line, make_side, make_thing, open_case
from .test_files import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def stored() -> int:
    return sum(1 for path in Path(default_storage.path("")).rglob("*") if path.is_file())


def rows() -> list[Attachment]:
    return list(Attachment.objects.visible_to(SYSTEM).order_by("pk"))


def photo(name: str = "IMG_1.JPG", **options: Any) -> ContentFile[bytes]:
    return ContentFile(picture(64, 64, **options), name=name)


def paper(name: str = "Umowa.pdf", data: bytes = PDF) -> ContentFile[bytes]:
    return ContentFile(data, name=name)


def lent(**fields: Any) -> tuple[Side, Side, Line]:
    """An owner, who has it from them, and the loan."""
    owner, asker = make_side("Dom Kultury"), make_side("Chór")
    booking = ask(asker, line(make_thing(owner, "Mikser", **fields))).booking
    return owner, asker, Line.objects.visible_to(SYSTEM).get(booking=booking)


def look(client: Client, one: Attachment, rest: str = "/") -> Any:
    return client.get(f"/attachments/{one.uid}{rest}")


def test_the_keepers_show_what_went_out_and_both_sides_see_it() -> None:
    owner, asker, loan = lent()
    made = add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[photo(), paper()])
    assert [(one.name, one.media_type, one.moment, one.width) for one in rows()] == [
        ("IMG_1.webp", "image/webp", "out", 64),
        ("Umowa.pdf", "application/pdf", "out", None),
    ]
    assert Event.objects.filter(verb="booking.photographed").count() == 1
    picture_of, document = made
    for side in (owner, asker):
        client = signed_in(side.person)
        shown, saved = look(client, picture_of), look(client, document)
        assert shown["Content-Disposition"] == 'inline; filename="IMG_1.webp"'
        assert saved["Content-Disposition"] == 'attachment; filename="Umowa.pdf"'
        assert saved.content == PDF
        for answer in (shown, saved):
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["Cache-Control"] == "private, max-age=3600"
        assert look(client, picture_of, "-320.webp").content[:4] == b"RIFF"
        assert look(client, picture_of, "-999.webp").status_code == 404
        assert look(client, document, "-320.webp").status_code == 404


def test_nobody_else_sees_or_adds() -> None:
    owner, asker, loan = lent()
    [made] = add_to_hand_over(by=owner.viewer, line=loan.uid, moment="back", files=[photo()])
    stranger = make_side("Muzeum")
    staff = make_side(role="staff", house=owner.house)
    for side, error in ((stranger, NotFound), (asker, Forbidden), (staff, Forbidden)):
        with pytest.raises(error):
            add_to_hand_over(by=side.viewer, line=loan.uid, moment="out", files=[photo()])
    assert [
        look(signed_in(who), made).status_code for who in (stranger.person, make_moderator())
    ] == [404, 404]
    assert look(Client(), made).status_code == 302
    assert (stored(), len(rows())) == (3, 1)


def test_no_place_is_told_of_a_photo() -> None:
    owner, _asker, loan = lent()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Canary"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[photo(exif=exif)])
    [made] = rows()
    with default_storage.open(f"{made.file}-1600.webp") as file:
        data = file.read()
    assert b"Canary" not in data
    assert dict(Image.open(io.BytesIO(data)).getexif()) == {}


def test_one_that_cannot_be_taken_and_none_is() -> None:
    owner, _asker, loan = lent()
    files = [photo(), paper(), paper("pusty.pdf", b""), paper("a.svg", b"<svg/>")]
    with pytest.raises(Invalid) as no:
        add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=files)
    assert [str(said).partition(":")[0] for said in no.value.errors["files"]] == [
        "pusty.pdf",
        "a.svg",
    ]
    for files, code in (
        ([paper("a.jpg", b"\xff\xd8\xff\xe0 cut")], "photo_damaged"),
        ([paper("a.png", b"\x89PNG\r\n\x1a\n<script>")], "photo_damaged"),
        ([paper("a.pdf", PDF + b" " * 12 * 1024 * 1024)], "file_too_large"),
        ([photo()] * (MOST_FILES + 1), "too_many_files"),
    ):
        with pytest.raises(Invalid) as no:
            add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=files)
        assert no.value.code == code
    assert (stored(), rows()) == (0, [])


def test_eight_for_each_moment() -> None:
    owner, _asker, loan = lent()
    eight = [paper() for _ in range(MOST_FILES)]
    add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=eight)
    with pytest.raises(Invalid) as no:
        add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[paper()])
    assert no.value.code == "too_many_files"
    add_to_hand_over(by=owner.viewer, line=loan.uid, moment="back", files=[paper()])
    assert stored() == MOST_FILES + 1


def test_what_is_undone_leaves_no_file() -> None:
    owner, _asker, loan = lent()
    [kept] = add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[paper()])
    with (
        pytest.raises(ZeroDivisionError),
        received([photo(), paper()], by=owner.viewer, speaks_for=owner.house.pk),
    ):
        raise ZeroDivisionError
    assert stored() == 1
    with transaction.atomic():
        add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[photo(), paper()])
        transaction.set_rollback(True)
    assert (stored(), rows()) == (5, [kept])
    now = default_storage.get_modified_time(kept.file)
    assert remove_orphan_files(now=now) == 0
    assert remove_orphan_files(now=now + timedelta(hours=2)) == 4
    assert stored() == 1


def test_a_case_has_the_photos_of_both_and_moderators_see_those_that_were_brought() -> None:
    owner, asker, loan = lent()
    do(owner, loan, "approve", note="")
    case = Case.objects.create(
        line=loan,
        lender=owner.house,
        borrower=asker.house,
        line_from="finished",
        kind="dirty",
        opened_for=owner.house,
        opened_at=NOW,
        answer_due_at=NOW + timedelta(days=5),
    )
    made = [
        *add_to_case(by=owner.viewer, case=case.uid, files=[photo()]),
        *add_to_case(by=asker.viewer, case=case.uid, files=[paper()]),
    ]
    assert [one.added_for_id for one in rows()] == [owner.house.pk, asker.house.pk]
    with pytest.raises(NotFound):
        add_to_case(by=make_side("Muzeum").viewer, case=case.uid, files=[photo()])
    moderator = signed_in(make_moderator())
    assert [look(moderator, one).status_code for one in made] == [404, 404]
    Case.objects.visible_to(SYSTEM).update(brought_at=NOW, brought_for=owner.house)
    assert [look(moderator, one).status_code for one in made] == [200, 200]


def test_moderators_see_the_hand_overs_of_a_brought_case_and_programs_show_files() -> None:
    owner, asker, loan = lent(handover="simple")
    do(owner, loan, "approve", note="")
    do(owner, loan, "hand_over", now=loan.use_starts_at)
    out = add_to_hand_over(by=owner.viewer, line=loan.uid, moment="out", files=[photo("przed.jpg")])
    do(owner, loan, "give_back", now=loan.use_ends_at)
    back = add_to_hand_over(by=owner.viewer, line=loan.uid, moment="back", files=[photo()])
    ended = loan.use_ends_at + timedelta(hours=1)
    case = open_case(by=owner.at(ended), line=loan.uid, kind="damaged", words="Pęknięty.")
    lender, _asker, other = lent()
    judge = signed_in(make_moderator())
    assert [look(judge, one).status_code for one in (*out, *back)] == [404, 404]
    Case.objects.visible_to(SYSTEM).update(
        brought_at=ended, brought_for=owner.house, state="brought", brought_by=owner.person
    )
    assert [look(judge, one).status_code for one in (*out, *back)] == [200, 200]
    page = judge.get(f"/cases/{case.uid}/")
    assert [one.title for one in page.context["page"].handed] == ["Handed out", "Given back"]
    assert "przed" in page.content.decode()
    api = f"/api/v1/cases/{case.uid}/"
    read = judge.get(api).json()
    assert [one["moment"] for one in read["hand_over_files"]] == ["out", "back"]
    assert len(read["read_at"]) == 2
    add_to_hand_over(by=lender.viewer, line=other.uid, moment="out", files=[photo()])
    assert look(judge, rows()[-1]).status_code == 404  # of no case
    shown = signed_in(asker.person).post(f"{api}files/", {"files": [paper()]})
    assert shown.status_code == 200
    (file,) = shown.json()["files"]
    assert (file["name"], file["added_for"]["name"]) == ("Umowa.pdf", asker.house.name)
    assert (shown.json()["hand_over_files"], look(judge, rows()[-1]).status_code) == ([], 200)
    none = signed_in(asker.person).post(f"{api}files/", {})
    assert (none.status_code, none.json()["errors"][0]["field"]) == (400, "files")
    assert judge.post(f"{api}files/", {"files": [paper()]}).status_code == 404
