"""Photos of a listing. Files are written before the row is committed, and removed again if it is not.

What an outer transaction rolls back later is found by `remove_orphans`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Invalid, NotFound
from cooperative.identifiers import new_uid
from cooperative.text import Fields
from sharing.models import Resource, ResourcePhoto
from sharing.pictures import WIDTHS, Picture, re_encoded

from .listing import opened, tell, touched

MOST_PHOTOS = 8
FOLDER = "photos"


def file_of(photo: ResourcePhoto, width: int) -> str:
    """The name in the media storage of `photo` in one of `WIDTHS`."""
    if width not in WIDTHS:
        raise NotFound
    return f"{photo.file}-{width}.webp"


def add_photo(
    *, by: Viewer, resource: UUID, data: bytes, alternative_text: str = ""
) -> ResourcePhoto:
    """Take `data` (a JPEG, PNG or WebP of at most 12 MB and 40 megapixels) as the last photo of the listing.

    It is re-encoded upright in three widths, without metadata. Raises as `opened`, `PhotoRefused`, `Invalid`, and
    `Conflict` (`photos_full`) at eight.
    """
    # Who may not do this does not make us decode anything.
    with transaction.atomic():
        _room_for_one(opened(by=by, resource=resource))
    fields = Fields()
    said = fields.line("alternative_text", alternative_text, longest=300)
    fields.check()
    picture = re_encoded(data)
    uid = new_uid()
    stem = f"{FOLDER}/{uid.hex[-2:]}/{uid}"
    try:
        with transaction.atomic():
            listing = opened(by=by, resource=resource)
            _room_for_one(listing)
            write_picture(stem, picture)
            last = ResourcePhoto.objects.visible_to(SYSTEM).filter(resource=listing)
            position = last.aggregate(last=Max("position"))["last"]
            photo = ResourcePhoto(
                uid=uid, resource=listing, file=stem, alternative_text=said, width=picture.width,
                height=picture.height, position=0 if position is None else position + 1,
                created_at=by.now,
            )  # fmt: skip
            photo.save()
            touched(listing)
            tell(by=by, listing=listing, verb="photo.add", data={"photo": str(uid)})
    except BaseException:
        delete_picture(stem)
        raise
    return photo


@transaction.atomic
def remove_photo(*, by: Viewer, photo: UUID) -> None:
    """Take a photo away; its files go when this is committed. Raises as `opened`."""
    found = _found(by, photo)
    listing = opened(by=by, resource=found.resource.uid)
    stem = found.file
    found.delete()
    touched(listing)
    tell(by=by, listing=listing, verb="photo.remove", data={"photo": str(photo)})
    transaction.on_commit(lambda: delete_picture(stem))


@transaction.atomic
def order_photos(*, by: Viewer, resource: UUID, photos: Sequence[UUID]) -> list[ResourcePhoto]:
    """Put the photos in the order of `photos`, which names each once. Raises as `opened`, and `Invalid`."""
    listing = opened(by=by, resource=resource)
    found = {photo.uid: photo for photo in _of(listing)}
    if set(photos) != set(found) or len(photos) != len(found):
        raise Invalid({"photos": _("Please name every photo once.")})
    for position, uid in enumerate(photos):
        found[uid].position = position
    ResourcePhoto.objects.visible_to(SYSTEM).bulk_update(found.values(), ["position"])
    touched(listing)
    return [found[uid] for uid in photos]


@transaction.atomic
def describe_photo(*, by: Viewer, photo: UUID, alternative_text: str) -> ResourcePhoto:
    """Say what is to be seen, for those who do not see it. Raises as `opened`, and `Invalid`."""
    found = _found(by, photo)
    listing = opened(by=by, resource=found.resource.uid)
    fields = Fields()
    found.alternative_text = fields.line("alternative_text", alternative_text, longest=300)
    fields.check()
    found.save(update_fields=["alternative_text"])
    touched(listing)
    return found


def remove_orphans(*, now: datetime, older_than: timedelta = timedelta(hours=1)) -> int:
    """Delete files of photos that no row names: what an outer transaction or a crash left behind; how many."""
    known = set(ResourcePhoto.objects.visible_to(SYSTEM).values_list("file", flat=True))
    return remove_unknown(FOLDER, known, now=now, older_than=older_than)


def remove_unknown(top: str, known: set[str], *, now: datetime, older_than: timedelta) -> int:
    """Delete the pictures below the folder `top` whose stem is not `known` and that are older; how many files."""
    removed = 0
    if not default_storage.exists(top):
        return removed
    for folder in default_storage.listdir(top)[0]:
        for name in default_storage.listdir(f"{top}/{folder}")[1]:
            path = f"{top}/{folder}/{name}"
            if path.rpartition("-")[0] in known:
                continue
            if default_storage.get_modified_time(path) < now - older_than:
                default_storage.delete(path)
                removed += 1
    return removed


def _found(by: Viewer, uid: UUID) -> ResourcePhoto:
    rows = ResourcePhoto.objects.visible_to(by).select_related("resource")
    found: ResourcePhoto | None = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _of(listing: Resource) -> list[ResourcePhoto]:
    rows = ResourcePhoto.objects.visible_to(SYSTEM).filter(resource=listing)
    return list(rows.order_by("position", "id"))


def _room_for_one(listing: Resource) -> None:
    if len(_of(listing)) >= MOST_PHOTOS:
        raise Conflict(
            _("There are eight photos already. Please take one away first."), code="photos_full"
        )


def write_picture(stem: str, picture: Picture) -> None:
    """Store a re-encoded picture in all its widths under `stem`."""
    for width, content in picture.files.items():
        default_storage.save(f"{stem}-{width}.webp", ContentFile(content))


def delete_picture(stem: str) -> None:
    """Take the files of a picture away; harmless where there are none."""
    for width in WIDTHS:
        default_storage.delete(f"{stem}-{width}.webp")
