"""Who may do what to a listing: a full grid of people and verbs, through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cooperative.access.viewer import Viewer
from cooperative.errors import DomainError
from sharing.models import Resource
from sharing.presets import terms_of
from sharing.services.changed_hours import set_changed_hours
from sharing.services.create_resource import create_resource
from sharing.services.days_off import add_days_off, add_public_holidays
from sharing.services.edit_resource import confirm_resource, edit_resource
from sharing.services.photos import add_photo, order_photos
from sharing.services.publish import publish, unpublish
from sharing.services.set_terms import set_terms
from sharing.services.set_texts import set_texts
from sharing.services.set_weekly_hours import set_weekly_hours
from sharing.wishes import HoursWish, TextWish, TimesWish
from tests.cooperative.factories import make_member, make_moderator

from .factories import keeper_of, make_house, make_listing, picture, viewer

pytestmark = pytest.mark.django_db

VERBS: dict[str, Callable[[Viewer, Resource], object]] = {
    "create": lambda by, at: create_resource(
        by=by, owner=at.owner_id, category="chairs", texts=[TextWish("pl", "Krzesła")]
    ),
    "edit": lambda by, at: edit_resource(by=by, resource=at.uid, place="x"),
    "confirm": lambda by, at: confirm_resource(by=by, resource=at.uid),
    "texts": lambda by, at: set_texts(by=by, resource=at.uid, texts=[TextWish("pl", "Nowa")]),
    "terms": lambda by, at: set_terms(by=by, resource=at.uid, terms=terms_of(audience="own")),
    "hours": lambda by, at: set_weekly_hours(
        by=by, institution=at.owner_id, resource=at.uid, hours=[HoursWish(0, "08:00", "09:00")]
    ),
    "house hours": lambda by, at: set_weekly_hours(by=by, institution=at.owner_id, hours=[]),
    "days off": lambda by, at: add_days_off(
        by=by, institution=at.owner_id, from_on=date(2027, 7, 1), until_on=date(2027, 8, 1)
    ),
    "changed hours": lambda by, at: set_changed_hours(
        by=by,
        institution=at.owner_id,
        on=date(2027, 7, 1),
        hours=[TimesWish("08:00", "09:00")],
    ),
    "changed hours of a thing": lambda by, at: set_changed_hours(
        by=by,
        institution=at.owner_id,
        resource=at.uid,
        on=date(2027, 7, 1),
        hours=[TimesWish("08:00", "09:00")],
    ),
    "holidays": lambda by, at: add_public_holidays(by=by, institution=at.owner_id, year=2027),
    "photo": lambda by, at: add_photo(by=by, resource=at.uid, data=picture(64, 64)),
    "order": lambda by, at: order_photos(by=by, resource=at.uid, photos=[]),
    "publish": lambda by, at: publish(by=by, resource=at.uid),
    "unpublish": lambda by, at: unpublish(by=by, resource=at.uid),
}
PEOPLE = {
    "staff": "forbidden",
    "keeper": "may",
    "manager": "may",
    "keeper elsewhere": "hidden",
    "moderator": "hidden",
    "administrator": "hidden",
    "anonymous": "hidden",
}


@pytest.mark.parametrize("public", [False, True], ids=["draft", "published"])
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("verb", VERBS)
def test_grid(verb: str, who: str, public: bool) -> None:
    house = make_house()
    listing = make_listing(keeper_of(house), audience="cooperative_public", published=public)
    match who:
        case "staff" | "keeper" | "manager":
            by = viewer(make_member(house, role=who), house)
        case "keeper elsewhere":
            by = keeper_of(make_house())
        case "moderator" | "administrator":
            by = viewer(make_moderator(who))
        case _:
            by = viewer(None)
    if PEOPLE[who] == "may":
        VERBS[verb](by, listing)
        return
    with pytest.raises(DomainError) as refused:
        VERBS[verb](by, listing)
    # For strangers it is not theirs to know about, also where they may read it.
    assert refused.value.status == (403 if PEOPLE[who] == "forbidden" else 404)
