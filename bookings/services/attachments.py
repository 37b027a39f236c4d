"""Photos and files that go with a message, a hand-over or a case. Nothing of a photo but its picture is stored.

Files are written before their rows are, and taken away again if those are not. What an outer transaction rolls back
later is found by `remove_orphan_files`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bookings.files import LARGEST_BYTES, FileRefused, clean_name, document
from bookings.models import Attachment, Case, Line, Moment
from bookings.permissions import sides
from bookings.services.parties import parties_of
from bookings.states import Who
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Forbidden, Invalid, NotFound
from cooperative.events.services import NewEvent, record
from cooperative.identifiers import new_uid
from cooperative.statements import insert_all
from sharing.errors import PhotoRefused
from sharing.pictures import WIDTHS, re_encoded
from sharing.services.photos import delete_picture, remove_unknown, write_picture

MOST_FILES = 8
FOLDER = "attachments"
_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")


@contextmanager
def received(
    files: Sequence[File[Any]], *, by: Viewer, speaks_for: int | None
) -> Iterator[list[Attachment]]:
    """Store `files` (each with a `name`; at most eight of at most 12 MB) for as long as the block goes through.

    Yields rows that are not saved yet: `attach` them inside. Who may do this is asked before. Raises `Invalid` with
    one sentence for each file that cannot be taken; then none is.
    """
    if len(files) > MOST_FILES:
        raise Invalid({"files": _("At most eight files at once.")}, code="too_many_files")
    found: list[Attachment] = []
    wrong: list[Any] = []
    try:
        for file in files:
            try:
                found.append(_stored(file, by=by, speaks_for=speaks_for))
            except (PhotoRefused, FileRefused) as no:
                named = clean_name(file.name or "", _ending(file.name or ""))
                wrong.append((no.code, format_lazy("{name}: {said}", name=named, said=no.message)))
        if wrong:
            codes = {code for code, _said in wrong}
            raise Invalid(
                {"files": [said for _code, said in wrong]},
                code=codes.pop() if len(codes) == 1 else "file_refused",
            )
        yield found
    except BaseException:
        for one in found:
            _delete(one)
        raise


def attach(found: Sequence[Attachment], **of: Any) -> None:
    """Save what was `received` as `message=`, `line=` with its `moment=`, or `case=`, in the caller's transaction."""
    for one in found:
        for name, value in of.items():
            setattr(one, name, value)
    insert_all(list(found))


def add_to_hand_over(
    *, by: Viewer, line: UUID, moment: str, files: Sequence[File[Any]]
) -> list[Attachment]:
    """What a thing looked like when it went `out` or came `back`, by its owner's keepers.

    At most eight for each moment. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    found = Line.objects.visible_to(by).select_related("booking").filter(uid=line).first()
    if found is None:
        raise NotFound
    if Who.KEEPER not in sides(found, found.booking, by):
        raise Forbidden
    if moment not in Moment.values:
        raise Invalid({"moment": _("Either “out” or “back”.")})
    with _some(files, by=by, speaks_for=found.lender_id) as made, transaction.atomic():
        Line.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=found.pk)
        rows = Attachment.objects.visible_to(SYSTEM).filter(line=found, moment=moment)
        _refuse_too_many(rows, made)
        attach(made, line=found, moment=moment)
        subject = ("booking", found.booking.uid)
        _tell(by, found, made, verb="booking.photographed", subject=subject, moment=moment)
    return made


def add_to_case(*, by: Viewer, case: UUID, files: Sequence[File[Any]]) -> list[Attachment]:
    """What one side of a case shows; `by` is of its staff. Raises `NotFound`, `Forbidden`, `Invalid`."""
    rows = Case.objects.visible_to(by).select_related("line__booking")
    found = rows.filter(uid=case).first()
    if found is None:
        raise NotFound
    mine = [one for one in (found.lender_id, found.borrower_id) if by.may("staff", one)]
    if not mine:
        raise Forbidden
    speaks_for = by.acting_for if by.acting_for in mine else mine[0]
    with _some(files, by=by, speaks_for=speaks_for) as made, transaction.atomic():
        Case.objects.visible_to(SYSTEM).select_for_update(no_key=True).get(pk=found.pk)
        held = Attachment.objects.visible_to(SYSTEM).filter(case=found, added_for=speaks_for)
        _refuse_too_many(held, made)
        attach(made, case=found)
        _tell(by, found.line, made, verb="case.add_files", subject=("case", found.uid))
    return made


@contextmanager
def _some(
    files: Sequence[File[Any]], *, by: Viewer, speaks_for: int | None
) -> Iterator[list[Attachment]]:
    """As `received`, where nothing else comes along: there has to be a file."""
    if not files:
        raise Invalid({"files": _("Choose a photo or a file first.")})
    with received(files, by=by, speaks_for=speaks_for) as found:
        yield found


def _refuse_too_many(there: QuerySet[Attachment], more: Sequence[Attachment]) -> None:
    if there.count() + len(more) > MOST_FILES:
        said = _("There are eight already: no more fit here.")
        raise Invalid({"files": said}, code="too_many_files")


def remove_orphan_files(*, now: datetime, older_than: timedelta = timedelta(hours=1)) -> int:
    """Delete files that no row names: what an outer transaction or a crash left behind; how many."""
    rows = Attachment.objects.visible_to(SYSTEM).values_list("file", "width")
    known = {file if width is not None else file.rpartition("-")[0] for file, width in rows}
    return remove_unknown(FOLDER, known, now=now, older_than=older_than)


def _stored(file: File[Any], *, by: Viewer, speaks_for: int | None) -> Attachment:
    data: bytes = file.read(LARGEST_BYTES + 1)
    if not data:
        raise FileRefused("file_empty", _("This file is empty."))
    if len(data) > LARGEST_BYTES:
        raise FileRefused(
            "file_too_large", _("This file is larger than 12 MB. Please send a smaller one.")
        )
    uid = new_uid()
    stem = f"{FOLDER}/{uid.hex[-2:]}/{uid}"
    name = file.name or ""
    made = Attachment(uid=uid, added_at=by.now, added_by_id=by.person, added_for_id=speaks_for)
    if data.startswith(_PHOTOS):
        picture = re_encoded(data)
        made.name, made.media_type = clean_name(name, "webp"), "image/webp"
        made.file, made.width, made.height = stem, picture.width, picture.height
        made.size = len(picture.files[WIDTHS[-1]])
        try:
            write_picture(stem, picture)
        except BaseException:
            delete_picture(stem)
            raise
        return made
    paper = document(data, name)
    made.name, made.media_type = clean_name(name, paper.ending), paper.media_type
    # A dash before the ending, as the widths of a photo have: one sweep knows both by their stem.
    made.file, made.size = f"{stem}-0.{paper.ending}", len(paper.content)
    default_storage.save(made.file, ContentFile(paper.content))
    return made


def _delete(one: Attachment) -> None:
    if one.width is not None:
        delete_picture(one.file)
    else:
        default_storage.delete(one.file)


def _ending(name: str) -> str:
    """Of a file that was not taken, as far as it can be shown."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return ending[:10] if ending.isalnum() else "?"


def _tell(
    by: Viewer,
    line: Line,
    made: Sequence[Attachment],
    *,
    verb: str,
    subject: tuple[str, UUID],
    **more: str,
) -> None:
    data = {"lines": [{"line": str(line.uid)}], "files": [str(one.uid) for one in made], **more}
    event = NewEvent(
        verb=verb,
        subject_kind=subject[0],
        subject_uid=subject[1],
        parties=parties_of(line.booking, [line.lender_id]),
        data=data,
        actor=by.person,
        acting_for=by.acting_for,
    )
    record([event], now=by.now)
