"""Out of order from now on, looked at again, mended."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from bookings.errors import WouldHit
from bookings.models import Block
from bookings.queries.blocks import in_repair
from bookings.services.blocks import remove_block
from bookings.services.repair import (
    Until,
    mended,
    out_of_order,
    remove_orphans,
    still_broken,
    store_photo,
)
from cooperative import clock
from cooperative.errors import Forbidden, Invalid
from sharing.errors import PhotoRefused
from sharing.models import Resource
from tests.bookings.stage import NOW, Side, ask, fresh, line, make_side, make_thing

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


def broken(owner: Side, thing: Resource, **fields: Any) -> Block:
    return out_of_order(by=owner.viewer, resource=thing.uid, zone=thing.time_zone, **fields)


def photo() -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (640, 480), "red").save(raw, "JPEG")
    return raw.getvalue()


def test_as_many_as_are_broken_from_this_minute_until_midnight_there() -> None:
    owner = make_side()
    lamps = make_thing(owner, "Lampy", kind="pooled", units=6)
    made = broken(owner, lamps, units=2, until=Until.TODAY, note="nie świecą")
    assert (made.kind, made.units, made.starts_at, made.note) == ("repair", 2, NOW, "nie świecą")
    assert made.ends_at == datetime(2027, 3, 1, 23, tzinfo=UTC)  # midnight in Wrocław
    week = broken(owner, make_thing(owner), until=Until.WEEK)
    assert (week.ends_at, week.review_on) == (datetime(2027, 3, 7, 23, tzinfo=UTC), None)


def test_until_further_notice_is_asked_about_again() -> None:
    owner, hall = make_side(), make_thing(make_side())
    hall = make_thing(owner)
    made = broken(owner, hall, until=Until.FURTHER)
    assert (made.ends_at - NOW, made.review_on) == (timedelta(days=366), date(2027, 3, 15))
    then = NOW + timedelta(days=20)
    assert still_broken(by=owner.at(then), block=made.uid).review_on == date(2027, 4, 4)
    assert [one.pk for one in in_repair(owner.at(then), owner.house.pk)] == [made.pk]
    mended(by=owner.at(then), block=made.uid)
    made.refresh_from_db()
    assert made.ends_at == then
    assert in_repair(owner.at(then), owner.house.pk) == []
    assert ask(make_side(), line(hall, then + H), now=then).lines


def test_mended_within_the_hour_was_a_mistake() -> None:
    owner = make_side()
    hall = make_thing(owner, terms={"at_once": True})
    sure = ask(make_side(), line(hall, NOW + 20 * H)).lines[0]
    with pytest.raises(WouldHit):
        broken(owner, hall)
    made = broken(owner, hall, hit=(sure.uid,), shrink={})
    assert fresh(sure).state == "to_settle"
    done = mended(by=owner.at(NOW + 0.5 * H), block=made.uid)
    assert [one.pk for one in done.restored] == [sure.pk]
    assert not Block.objects.exists()


def test_only_its_keepers_and_only_repairs() -> None:
    owner, other = make_side(), make_side()
    hall = make_thing(owner)
    with pytest.raises(Forbidden):
        out_of_order(by=other.viewer, resource=hall.uid, zone=hall.time_zone)
    made = broken(owner, hall)
    Block.objects.filter(pk=made.pk).update(kind="closure")
    with pytest.raises(Invalid):
        mended(by=owner.viewer, block=made.uid)


def test_a_photo_is_re_encoded_and_goes_with_the_repair(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    owner = make_side()
    with pytest.raises(PhotoRefused):
        store_photo(b"no picture")
    stem, left = store_photo(photo()), store_photo(photo())
    made = broken(owner, make_thing(owner), photo=stem)
    with default_storage.open(f"{made.photo}-320.webp") as file:
        assert Image.open(file).format == "WEBP"
    later = clock.now() + timedelta(hours=3)
    assert remove_orphans(now=later) == 3
    assert (
        default_storage.exists(f"{stem}-320.webp"),
        default_storage.exists(f"{left}-320.webp"),
    ) == (True, False)
    remove_block(by=owner.viewer, block=made.uid)
    assert remove_orphans(now=later) == 3
