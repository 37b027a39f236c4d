"""Makes listings for tests, through the services that users go through."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from PIL import Image

from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.institutions.models import Institution
from cooperative.people.models import Person
from sharing.models import Resource
from sharing.presets import terms_of
from sharing.services.create_resource import create_resource
from sharing.services.publish import publish
from sharing.wishes import TextWish
from tests.cooperative.factories import make_institution, make_member, make_moderator

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def viewer(person: Person | None, institution: Institution | None = None, **fields: Any) -> Viewer:
    acting_for = institution.pk if institution is not None else None
    return viewer_for(person=person, acting_for=acting_for, now=fields.pop("now", NOW))


def keeper_of(institution: Institution) -> Viewer:
    return viewer(make_member(institution, role="keeper"), institution)


def moderator() -> Viewer:
    return viewer(make_moderator())


def make_house(*, trusted: bool = True, **fields: Any) -> Institution:
    return make_institution(trusted=trusted, **fields)


def make_listing(
    by: Viewer,
    title: str = "Sala prób",
    *,
    owner: int | None = None,
    category: str = "rehearsal-room",
    audience: str = "cooperative",
    published: bool = True,
    english: str = "",
    **fields: Any,
) -> Resource:
    texts = fields.pop("texts", None) or [TextWish("pl", title)]
    if english:
        texts.append(TextWish("en", english))
    house = owner if owner is not None else by.acting_for
    assert house is not None
    made = create_resource(
        by=by,
        owner=house,
        category=category,
        texts=texts,
        terms=fields.pop("terms", None) or terms_of(audience=audience),
        **fields,
    )
    return publish(by=by, resource=made.uid) if published else made


def stored(listing: Resource) -> Resource:
    return (
        Resource.objects.visible_to(SYSTEM).select_related("category", "owner").get(pk=listing.pk)
    )


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", **options: Any) -> bytes:
    """A plain picture, left half red, right half blue."""
    image = Image.new(options.pop("mode", "RGB"), (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()
