"""Whose terms hold on a day, and how they are said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cooperative.access.models import Audience
from sharing.models import Resource, SharingTerms
from sharing.presets import audience_choice, preset_for, terms_from, terms_of
from sharing.queries.terms import terms_by_resource, terms_for, terms_sentence
from sharing.wishes import TermsWish
from tests.cooperative.factories import link, make_member, make_network, make_partnership

from .factories import keeper_of, make_house, make_listing, viewer

DAY = date(2027, 5, 3)


def said(language: str = "en", *, kind: str = "cooperative", answering: str = "owner_chooses",
         for_owner: bool = True, **fields: object) -> str:  # fmt: skip
    terms = SharingTerms(audience=Audience(kind=kind), **{"may_ask": True, **fields})
    return terms_sentence(terms, language=language, answering=answering, for_owner=for_owner)


def test_the_sentence_of_the_house_preset() -> None:
    assert (
        said(notice_minutes=1440, horizon_days=365)
        == "Members may ask from 1 day up to 12 months ahead, free, you decide."
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Members may ask at any time, free, you decide."),
        ({"may_ask": False, "kind": "public"}, "Everybody may only see it."),
        ({"kind": "own", "at_once": True}, "Colleagues in the house may ask at any time, free, confirmed at once."),
        ({"notice_minutes": 120}, "Members may ask from 2 hours ahead, free, you decide."),
        ({"notice_minutes": 45, "horizon_days": 10},
         "Members may ask from 45 minutes up to 10 days ahead, free, you decide."),
        ({"horizon_days": 183}, "Members may ask up to 6 months ahead, free, you decide."),
        ({"longest_minutes": 20160, "answering": "keep_first"},
         "Members may ask at any time, for 14 days at most, free, kept for who asks first until you answer."),
        ({"fee_kind": "cost_recovery", "fee_amount": Decimal("58.00"), "fee_unit": "h", "for_owner": False},
         "Members may ask at any time, cost recovery 58 PLN / h, the owner decides."),
        ({"fee_kind": "price", "fee_amount": Decimal("1200.50")},
         "Members may ask at any time, price 1200.50 PLN, you decide."),
        ({"fee_kind": "to_be_agreed"}, "Members may ask at any time, fee to be agreed, you decide."),
    ],
)  # fmt: skip
def test_sentences(fields: dict[str, object], sentence: str) -> None:
    assert said(**fields) == sentence  # type: ignore[arg-type]


def test_presets_amount_to_choices() -> None:
    for choice in ("own", "cooperative", "cooperative_public"):
        assert audience_choice(terms_of(audience=choice)) == choice
    assert audience_choice([TermsWish("own"), TermsWish("network:x")]) == ""
    assert preset_for("castles").code == "house"
    assert terms_from(preset_for("equipment"))[1].longest_minutes == 14 * 1440


@pytest.mark.django_db
def test_the_narrowest_audience_wins_on_the_day_of_use() -> None:
    owner, reader = make_house(), make_house()
    city, yard = make_network(kind="city"), make_network(kind="courtyard")
    link(city, yard)
    link(yard, reader, date(2027, 1, 1), date(2027, 6, 1))
    link(city, reader)
    partnership = make_partnership(owner, reader, date(2027, 9, 1))
    listing = make_listing(
        keeper_of(owner),
        terms=[
            TermsWish("cooperative", may_ask=True),
            TermsWish("public"),
            TermsWish(f"network:{city.uid}", may_ask=True),
            TermsWish(f"network:{yard.uid}"),
            TermsWish(f"partnership:{partnership.uid}", may_ask=True, at_once=True),
        ],
    )
    rows = terms_by_resource([listing])[listing.pk]

    def winner(by: object, day: date) -> str | None:
        terms = terms_for(rows, viewer=by, day=day)  # type: ignore[arg-type]
        return None if terms is None else (terms.audience.network or terms.audience).kind

    by = keeper_of(reader)
    assert winner(by, DAY) == "courtyard"
    assert winner(by, date(2027, 6, 1)) == "city"
    assert winner(by, date(2027, 9, 1)) == "partnership"
    assert winner(keeper_of(owner), DAY) == "own"
    assert winner(keeper_of(make_house()), DAY) == "cooperative"
    assert winner(viewer(None), DAY) is None


@pytest.mark.django_db
def test_one_is_shown_terms_as_the_acting_house() -> None:
    owner, reader = make_house(), make_house()
    listing = make_listing(keeper_of(owner), audience="cooperative")
    person = make_member(owner, role="keeper")
    make_member(reader, person)
    rows = terms_by_resource([listing])[listing.pk]
    for house, kind in ((owner, "own"), (reader, "cooperative")):
        terms = terms_for(rows, viewer=viewer(person, house), day=DAY)
        assert terms is not None
        assert terms.audience.kind == kind
    assert terms_for(rows, viewer=viewer(person), day=DAY) is None
    assert Resource.objects.visible_to(viewer(person)).get() == listing
