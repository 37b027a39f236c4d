"""Photos of a listing as its owner's page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from frontend.components import Photo
from sharing.models import Resource

THUMBNAIL = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """A photo with the address that its buttons send to."""

    photo: Photo
    url: str
    described: str
    first: bool


def photo_rows(resource: Resource) -> tuple[PhotoRow, ...]:
    return tuple(
        PhotoRow(
            photo=Photo(
                url=reverse("frontend:photo", args=[one.uid, THUMBNAIL]),
                alt=one.alternative_text,
                width=THUMBNAIL,
                height=max(round(THUMBNAIL * one.height / one.width), 1),
                full_url=reverse("frontend:photo", args=[one.uid, 1600]),
            ),
            url=reverse("frontend:thing-photo", args=[resource.uid, one.uid]),
            described=one.alternative_text,
            first=index == 0,
        )
        for index, one in enumerate(resource.photos.all())
    )
