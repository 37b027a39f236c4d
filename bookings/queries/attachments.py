"""Photos and files: what is given out, to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from bookings.models import Attachment
from cooperative.access.viewer import Viewer
from cooperative.errors import NotFound
from sharing.pictures import WIDTHS


@dataclass(frozen=True, slots=True)
class Stored:
    """A file to be given out: `path` in the media storage."""

    path: str
    name: str
    media_type: str
    is_photo: bool


def stored_file(*, by: Viewer, attachment: UUID, width: int | None = None) -> Stored:
    """The file behind an attachment that `by` may see; a photo in one of its widths, the largest unless said.

    Raises `NotFound`.
    """
    found = Attachment.objects.on_desk_of(by).filter(uid=attachment).first()
    if found is None or (width is not None and (found.width is None or width not in WIDTHS)):
        raise NotFound
    if found.width is None:
        return Stored(found.file, found.name, found.media_type, is_photo=False)
    path = f"{found.file}-{width or WIDTHS[-1]}.webp"
    return Stored(path, found.name, found.media_type, is_photo=True)


def files_of(
    kind: Literal["message", "line"], ids: Collection[int], *, viewer: Viewer
) -> dict[int, list[Attachment]]:
    """Of messages or of lines (database ids), in order, by that id. One statement."""
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    if ids:
        rows = Attachment.objects.on_desk_of(viewer).filter(**{f"{kind}__in": ids})
        for one in rows.order_by("pk"):
            found[getattr(one, f"{kind}_id")].append(one)
    return dict(found)
