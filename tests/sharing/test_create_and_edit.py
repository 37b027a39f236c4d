"""Listing by four questions, and changing what was listed."""

from __future__ import annotations

from typing import Any

import pytest

from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid, NotFound, Stale
from cooperative.events.models import Event, EventParty
from sharing.models import Resource, ResourceText, SharingTerms, WeeklyHours
from sharing.presets import terms_of
from sharing.services.create_resource import create_resource
from sharing.services.edit_resource import confirm_resource, edit_resource
from sharing.services.set_terms import set_terms
from sharing.services.set_texts import set_texts
from sharing.wishes import HoursWish, TermsWish, TextWish

from .factories import keeper_of, make_house, make_listing, stored

pytestmark = pytest.mark.django_db


def texts_of(listing: Resource) -> dict[str, tuple[str, bool]]:
    rows = ResourceText.objects.visible_to(SYSTEM).filter(resource=listing)
    return {row.language: (row.title, row.is_original) for row in rows}


def audiences(listing: Resource) -> dict[str, tuple[bool, bool]]:
    rows = SharingTerms.objects.filter(resource=listing).select_related("audience")
    return {row.audience.kind: (row.may_see, row.may_ask) for row in rows}


def test_the_four_questions() -> None:
    house = make_house(time_zone="Europe/Vilnius")
    by = keeper_of(house)
    made = create_resource(
        by=by,
        owner=house.pk,
        category="chairs",
        texts=[
            TextWish("pl", " Krzesła  sztaplowane "),
            TextWish("en", "Stacking chairs"),
            TextWish("de", ""),
        ],
        units=120,
        attributes={"stackable": "yes", "weight": "4,5", "maker": ""},
        terms=terms_of(audience="cooperative_public", answer="keep_first", notice_minutes=2880),
        hours=[HoursWish(0, "08:00", "24:00")],
        place="Piwnica",
    )
    listing = stored(made)
    assert (listing.kind, listing.units, listing.state) == ("pooled", 120, "draft")
    assert listing.attributes == {"stackable": True, "weight": 4.5}
    assert listing.time_zone == "Europe/Vilnius"
    assert (listing.answering, listing.handover) == ("keep_first", "simple")
    assert listing.hours_source == "own"
    assert texts_of(listing) == {
        "pl": ("Krzesła sztaplowane", True),
        "en": ("Stacking chairs", False),
    }
    assert audiences(listing) == {
        "own": (True, True),
        "cooperative": (True, True),
        "public": (True, False),
    }
    assert list(
        WeeklyHours.objects.filter(resource=listing).values_list("opens_minute", "closes_minute")
    ) == [(480, 1440)]
    event = Event.objects.get(subject_uid=listing.uid)
    assert (event.verb, event.actor_id, event.acting_for_id) == (
        "resource.create",
        by.person,
        house.pk,
    )
    assert event.data == {"category": "chairs", "kind": "pooled"}
    assert list(EventParty.objects.filter(event=event).values_list("role", "institution")) == [
        ("owner", house.pk)
    ]


def test_presets_fill_what_was_not_answered() -> None:
    house = make_house()
    made = create_resource(
        by=keeper_of(house), owner=house.pk, category="stage", texts=[TextWish("pl", "Duża scena")]
    )
    assert (made.kind, made.units, made.answering, made.turnover_minutes) == (
        "exclusive", 1, "owner_chooses", 30,
    )  # fmt: skip
    terms = SharingTerms.objects.get(resource=made, audience__kind="cooperative")
    assert (terms.notice_minutes, terms.horizon_days, terms.fee_kind) == (3 * 1440, 365, "free")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"category": "castles"}, "category"),
    ({"units": 0}, "units"),
    ({"units": 1_000_001}, "units"),
    ({"units": True}, "units"),
    ({"kind": "exclusive", "units": 2}, "units"),
    ({"kind": "magic"}, "kind"),
    ({"texts": []}, "texts.0.title"),
    ({"texts": [TextWish("pl", "\u200b")]}, "texts.0.title"),
    ({"texts": [TextWish("pl", "a\x00")]}, "texts.0.title"),
    ({"texts": [TextWish("pl", "x" * 121)]}, "texts.0.title"),
    ({"texts": [TextWish("xx", "Sala")]}, "texts.0.language"),
    ({"texts": [TextWish("pl", "A"), TextWish("pl", "B")]}, "texts.1.language"),
    ({"texts": [TextWish("pl", "A"), TextWish("en", "", body="text")]}, "texts.1.title"),
    ({"texts": [TextWish("pl", "A", body="x" * 10_000_000)]}, "texts.0.body"),
    ({"attributes": {"people": "many"}}, "attributes.people"),
    ({"attributes": {"beds": 2}}, "attributes.beds"),
    ({"turnover_minutes": -1}, "turnover_minutes"),
    ({"latitude": 51.1}, "latitude"),
    ({"latitude": float("nan"), "longitude": 17.0}, "latitude"),
    ({"value_amount": "a lot"}, "value_amount"),
    ({"belongings": ["\ud800"]}, "belongings.0"),
    ({"needs_from_asker": ["shoe_size"]}, "needs_from_asker"),
    ({"terms": [TermsWish("public", may_ask=True)]}, "terms.0.may_ask"),
    ({"terms": [TermsWish("cooperative", may_see=False, may_ask=True)]}, "terms.0.may_see"),
    ({"terms": [TermsWish("cooperative"), TermsWish("cooperative")]}, "terms"),
    ({"terms": [TermsWish("friends")]}, "terms.0.audience"),
    ({"terms": [TermsWish("network:nothing")]}, "terms.0.audience"),
    ({"terms": [TermsWish("cooperative", notice_minutes=4000, horizon_days=2)]}, "terms.0.notice_minutes"),
    ({"terms": [TermsWish("cooperative", shortest_minutes=90, longest_minutes=60)]}, "terms.0.longest_minutes"),
    ({"hours": [HoursWish(7, "08:00", "09:00")]}, "hours.0.weekday"),
    ({"hours": [HoursWish(0, "8", "09:00")]}, "hours.0.opens"),
    ({"hours": [HoursWish(0, "08:00", "24:01")]}, "hours.0.closes"),
    ({"hours": [HoursWish(0, "08:00", "08:00")]}, "hours.0.closes"),
    ({"hours": [HoursWish(0, "08:00", "12:00"), HoursWish(0, "11:59", "13:00")]}, "hours.1.opens"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "field"), WRONG)
def test_bad_input_is_said_and_nothing_stored(given: dict[str, Any], field: str) -> None:
    house = make_house()
    wish: dict[str, Any] = {"category": "chairs", "texts": [TextWish("pl", "Krzesła")], **given}
    if "people" in wish.get("attributes", {}):
        wish["category"] = "stage"
    with pytest.raises(Invalid) as refused:
        create_resource(by=keeper_of(house), owner=house.pk, **wish)
    assert field in refused.value.errors
    assert all(str(sentence) for sentence in refused.value.errors[field])
    assert Resource.objects.visible_to(SYSTEM).count() == 0


def test_a_suspended_house_lists_nothing() -> None:
    house = make_house(state="suspended")
    with pytest.raises(Conflict) as refused:
        make_listing(keeper_of(house), owner=house.pk)
    assert refused.value.code == "institution_not_active"


def test_an_applicant_may_list_for_its_own_house() -> None:
    house = make_house(state="applied")
    made = make_listing(keeper_of(house), owner=house.pk, published=False)
    assert stored(made).state == "draft"


def test_edit_counts_versions_and_refuses_stale_ones() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    edited = edit_resource(by=by, resource=listing.uid, version=listing.version, place="I piętro")
    assert edited.version == listing.version + 1
    with pytest.raises(Stale):
        edit_resource(by=by, resource=listing.uid, version=listing.version, place="II piętro")
    again = edit_resource(by=by, resource=listing.uid, place="I piętro")
    assert again.version == edited.version
    assert stored(listing).place == "I piętro"


def test_moving_keeps_what_can_still_be_said() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by, attributes={"people": 30, "daylight": True})
    edit_resource(by=by, resource=listing.uid, category="gallery")
    assert stored(listing).attributes == {"people": 30, "daylight": True}
    edit_resource(by=by, resource=listing.uid, category="van")
    assert stored(listing).attributes == {}


def test_texts_replace_each_other_and_one_is_the_original() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by, "Sala", english="Room")
    set_texts(
        by=by,
        resource=listing.uid,
        texts=[TextWish("en", "Hall"), TextWish("uk", "Зала")],
        original="en",
    )
    assert texts_of(listing) == {"en": ("Hall", True), "uk": ("Зала", False)}
    version = stored(listing).version
    set_texts(
        by=by,
        resource=listing.uid,
        texts=[TextWish("en", "Hall"), TextWish("uk", "Зала")],
        original="en",
    )
    assert stored(listing).version == version
    with pytest.raises(Invalid) as refused:
        set_texts(by=by, resource=listing.uid, texts=[TextWish("en", "Hall")], original="pl")
    assert list(refused.value.errors) == ["original"]


def test_terms_replace_each_other_and_conditions_have_versions() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    set_terms(
        by=by,
        resource=listing.uid,
        terms=[TermsWish("cooperative", may_ask=True, conditions="Buty na zmianę")],
    )
    row = SharingTerms.objects.get(resource=listing, audience__kind="cooperative")
    assert row.conditions_version == 2
    assert audiences(listing) == {"own": (True, True), "cooperative": (True, True)}
    set_terms(by=by, resource=listing.uid, terms=[TermsWish("own", may_ask=True, at_once=True)])
    assert audiences(listing) == {"own": (True, True)}


def test_a_network_and_a_partner_can_be_named() -> None:
    from tests.cooperative.factories import make_network, make_partnership

    house, other, third = make_house(), make_house(), make_house()
    by = keeper_of(house)
    network, mine = make_network(), make_partnership(house, other)
    theirs = make_partnership(other, third)
    listing = make_listing(by)
    wanted = [
        TermsWish(f"partnership:{mine.uid}", may_ask=True, at_once=True),
        TermsWish(f"network:{network.uid}", may_ask=True),
    ]
    set_terms(by=by, resource=listing.uid, terms=wanted)
    assert set(audiences(listing)) == {"own", "partnership", "network"}
    with pytest.raises(Invalid):
        set_terms(by=by, resource=listing.uid, terms=[TermsWish(f"partnership:{theirs.uid}")])


def test_a_withdrawn_listing_is_not_changed() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    Resource.objects.visible_to(SYSTEM).filter(pk=listing.pk).update(state="withdrawn")
    with pytest.raises(Conflict) as refused:
        edit_resource(by=by, resource=listing.uid, place="x")
    assert refused.value.code == "resource_withdrawn"


def test_unknown_is_unknown() -> None:
    by = keeper_of(make_house())
    with pytest.raises(NotFound) as refused:
        edit_resource(
            by=by,
            resource=stored(
                make_listing(keeper_of(make_house()), audience="own", published=False)
            ).uid,
        )
    assert refused.value.code == "unknown_resource"


def test_the_yearly_word() -> None:
    by = keeper_of(make_house())
    listing = make_listing(by)
    assert confirm_resource(by=by, resource=listing.uid).confirmed_at == by.now
