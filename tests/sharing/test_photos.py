"""Photos of a listing: stored by our own name, gone with the row, left nowhere by a refusal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from sharing.errors import PhotoRefused
from sharing.models import ResourcePhoto
from sharing.pictures import WIDTHS
from sharing.services.photos import (
    MOST_PHOTOS,
    add_photo,
    describe_photo,
    file_of,
    order_photos,
    remove_orphans,
    remove_photo,
)
from tests.cooperative.factories import make_member

from .factories import NOW, keeper_of, make_house, make_listing, picture, stored, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def files() -> int:
    return sum(1 for path in Path(default_storage.path("")).rglob("*") if path.is_file())


def rows() -> list[ResourcePhoto]:
    return list(ResourcePhoto.objects.visible_to(SYSTEM).order_by("position"))


def test_a_photo_is_stored_in_three_widths() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    photo = add_photo(by=by, resource=listing.uid, data=picture(), alternative_text="Sala z oknami")
    assert (photo.position, photo.width, photo.height) == (0, 640, 480)
    for width in WIDTHS:
        with default_storage.open(file_of(photo, width)) as file:
            assert file.read(4) == b"RIFF"
    with pytest.raises(NotFound):
        file_of(photo, 999)
    assert stored(listing).version == listing.version + 1
    assert Event.objects.filter(verb="photo.add", subject_uid=listing.uid).count() == 1


def test_a_refused_file_leaves_nothing() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    with pytest.raises(PhotoRefused):
        add_photo(by=by, resource=listing.uid, data=b"<svg/>")
    assert (files(), rows()) == (0, [])


def test_eight_at_most() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    for _ in range(MOST_PHOTOS):
        add_photo(by=by, resource=listing.uid, data=picture(64, 64))
    with pytest.raises(Conflict) as refused:
        add_photo(by=by, resource=listing.uid, data=picture(64, 64))
    assert refused.value.code == "photos_full"
    assert files() == 3 * MOST_PHOTOS


def test_removed_with_its_files(django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    by = keeper_of(make_house())
    photo = add_photo(by=by, resource=make_listing(by).uid, data=picture())
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(by=by, photo=photo.uid)
    assert (files(), rows()) == (0, [])
    with pytest.raises(NotFound):
        remove_photo(by=by, photo=photo.uid)


def test_files_of_an_undone_transaction_are_swept() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    kept = add_photo(by=by, resource=listing.uid, data=picture())
    with transaction.atomic():
        add_photo(by=by, resource=listing.uid, data=picture())
        transaction.set_rollback(True)
    assert files() == 6
    now = default_storage.get_modified_time(file_of(kept, 320))
    assert remove_orphans(now=now) == 0
    assert remove_orphans(now=now + timedelta(hours=2)) == 3
    assert default_storage.exists(file_of(kept, 1600))


def test_order_and_words() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    one, two = (add_photo(by=by, resource=listing.uid, data=picture(64, 64)) for _ in range(2))
    order_photos(by=by, resource=listing.uid, photos=[two.uid, one.uid])
    assert [photo.uid for photo in rows()] == [two.uid, one.uid]
    for wrong in ([one.uid], [one.uid, one.uid], [one.uid, two.uid, listing.uid]):
        with pytest.raises(Invalid):
            order_photos(by=by, resource=listing.uid, photos=wrong)
    describe_photo(by=by, photo=one.uid, alternative_text="Okno")
    assert rows()[1].alternative_text == "Okno"


def test_only_keepers_of_the_owner() -> None:
    house, other = make_house(), make_house()
    listing = make_listing(keeper_of(house))
    photo = add_photo(by=keeper_of(house), resource=listing.uid, data=picture())
    staff = viewer(make_member(house), house)
    for by, error in ((staff, Forbidden), (keeper_of(other), NotFound), (viewer(None), NotFound)):
        with pytest.raises(error):
            add_photo(by=by, resource=listing.uid, data=picture())
        with pytest.raises(error):
            remove_photo(by=by, photo=photo.uid)
    assert len(rows()) == 1
    assert NOW.year == 2027
