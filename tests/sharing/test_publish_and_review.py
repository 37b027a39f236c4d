"""New owners' listings are looked at; what is published stays live meanwhile."""

from __future__ import annotations

import pytest

from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event, EventParty
from cooperative.institutions.models import Institution
from sharing.errors import AlreadyDecided, HouseNotActive
from sharing.models import Resource, ResourceText, Review, SharingTerms
from sharing.presets import terms_of
from sharing.queries.listings import last_review, open_review, resource_on_desk, review_desk
from sharing.services.decide_review import decide_review, restore_resource, suspend_resource
from sharing.services.edit_resource import edit_resource
from sharing.services.publish import publish, unpublish
from sharing.services.set_terms import set_terms
from sharing.services.set_texts import set_texts
from sharing.wishes import TextWish
from tests.cooperative.factories import make_member

from .factories import keeper_of, make_house, make_listing, moderator, stored, viewer

pytestmark = pytest.mark.django_db


def verbs(listing: Resource) -> list[str]:
    rows = Event.objects.filter(subject_uid=listing.uid).order_by("id")
    return [verb.removeprefix("resource.") for verb in rows.values_list("verb", flat=True)]


def sees(by: Viewer, listing: Resource) -> bool:
    return Resource.objects.visible_to(by).filter(pk=listing.pk).exists()


def title(listing: Resource, language: str = "pl") -> str:
    rows = ResourceText.objects.visible_to(SYSTEM).filter(resource=listing, language=language)
    return str(rows.values_list("title", flat=True).get())


def submitted(house: Institution | None = None) -> tuple[Viewer, Resource, Review]:
    by = keeper_of(house or make_house(trusted=False))
    listing = make_listing(by)
    review = open_review(listing)
    assert review is not None
    return by, listing, review


def test_a_trusted_owner_publishes_at_once() -> None:
    by = keeper_of(make_house())
    reader = keeper_of(make_house())
    listing = make_listing(by, published=False)
    assert (sees(by, listing), sees(reader, listing)) == (True, False)
    publish(by=by, resource=listing.uid)
    assert (stored(listing).state, sees(reader, listing)) == ("published", True)
    publish(by=by, resource=listing.uid)
    assert verbs(listing) == ["create", "publish"]
    assert Review.objects.count() == 0


def test_a_new_owner_waits_for_a_moderator() -> None:
    reader, judge = keeper_of(make_house()), moderator()
    by, listing, review = submitted()
    assert (stored(listing).state, review.change, sees(reader, listing)) == ("draft", None, False)
    assert [row.resource.uid for row in review_desk(judge)] == [listing.uid]
    assert list(review_desk(by)) == []
    assert resource_on_desk(judge, listing.uid).pk == listing.pk
    with pytest.raises(NotFound):
        resource_on_desk(by, listing.uid)
    decide_review(by=judge, reviews=[review.uid], decision="accept")
    assert (stored(listing).state, sees(reader, listing)) == ("published", True)
    assert verbs(listing) == ["create", "submit", "accept", "publish"]
    last = Event.objects.filter(verb="resource.publish").get()
    assert set(
        EventParty.objects.filter(event=last).values_list("role", "person", "institution")
    ) == {
        ("owner", None, listing.owner_id),
        ("asker", by.person, None),
    }


def test_changes_are_asked_for_with_a_reason_and_the_same_review_comes_back() -> None:
    judge = moderator()
    by, listing, review = submitted()
    with pytest.raises(Invalid) as refused:
        decide_review(by=judge, reviews=[review.uid], decision="ask_changes", reason=" \u200b ")
    assert list(refused.value.errors) == ["reason"]
    decide_review(
        by=judge, reviews=[review.uid], decision="ask_changes", reason="Proszę dodać adres."
    )
    found = last_review(listing)
    assert found is not None
    assert (found.state, found.reason) == ("changes_asked", "Proszę dodać adres.")
    assert list(review_desk(judge)) == []
    publish(by=by, resource=listing.uid)
    assert [row.uid for row in review_desk(judge)] == [review.uid]
    assert verbs(listing) == ["create", "submit", "ask_changes", "submit"]


def test_refused_and_tried_again() -> None:
    judge = moderator()
    by, listing, review = submitted()
    decide_review(by=judge, reviews=[review.uid], decision="refuse", reason="To reklama.")
    assert stored(listing).state == "draft"
    publish(by=by, resource=listing.uid)
    assert Review.objects.filter(resource=listing).count() == 2


def test_many_at_once_or_none() -> None:
    judge = moderator()
    made = [submitted() for _ in range(3)]
    uids = [review.uid for _, _, review in made]
    decide_review(by=judge, reviews=uids[:1], decision="refuse", reason="Nie")
    with pytest.raises(AlreadyDecided):
        decide_review(by=judge, reviews=uids, decision="accept")
    assert {stored(listing).state for _, listing, _ in made} == {"draft"}
    decide_review(by=judge, reviews=uids[1:], decision="accept", trust_owner=True)
    decide_review(by=judge, reviews=uids[1:], decision="accept")
    assert [stored(listing).state for _, listing, _ in made] == ["draft", "published", "published"]
    assert [stored(listing).owner.trusted for _, listing, _ in made] == [False, True, True]
    assert verbs(made[1][1]).count("publish") == 1


def test_only_moderators_decide() -> None:
    house = make_house(trusted=False)
    by, _listing, review = submitted(house)
    manager = viewer(make_member(house, role="manager"), house)
    for who in (by, manager, keeper_of(make_house()), viewer(None)):
        with pytest.raises(Forbidden):
            decide_review(by=who, reviews=[review.uid], decision="accept")
    with pytest.raises(NotFound):
        decide_review(by=moderator(), reviews=[house.uid], decision="accept")


def test_title_category_and_audience_wait_and_the_rest_does_not() -> None:
    judge = moderator()
    by, listing, review = submitted()
    decide_review(by=judge, reviews=[review.uid], decision="accept")
    edit_resource(by=by, resource=listing.uid, category="gallery", place="I piętro")
    set_texts(by=by, resource=listing.uid, texts=[TextWish("pl", "Inna nazwa", "krótko")])
    set_terms(
        by=by,
        resource=listing.uid,
        terms=terms_of(audience="cooperative_public", notice_minutes=60),
    )
    now = stored(listing)
    assert (now.category.code, now.place, title(listing)) == (
        "rehearsal-room",
        "I piętro",
        "Sala prób",
    )
    kinds = set(
        SharingTerms.objects.filter(resource=listing).values_list("audience__kind", flat=True)
    )
    assert kinds == {"own", "cooperative"}
    assert (
        SharingTerms.objects.get(resource=listing, audience__kind="cooperative").notice_minutes
        == 60
    )
    waiting = open_review(listing)
    assert waiting is not None
    assert set(waiting.change or {}) == {"category", "texts", "terms"}
    assert not sees(viewer(None), listing)
    decide_review(by=judge, reviews=[waiting.uid], decision="accept")
    now = stored(listing)
    assert (now.category.code, title(listing)) == ("gallery", "Inna nazwa")
    assert sees(viewer(None), listing)
    assert now.search_words.startswith("inna nazwa")


def test_a_refused_change_leaves_what_is_published() -> None:
    judge = moderator()
    by, listing, review = submitted()
    decide_review(by=judge, reviews=[review.uid], decision="accept")
    set_texts(
        by=by, resource=listing.uid, texts=[TextWish("pl", "Sala prób"), TextWish("en", "Spam")]
    )
    waiting = open_review(listing)
    assert waiting is not None
    decide_review(by=judge, reviews=[waiting.uid], decision="refuse", reason="Nie")
    assert (stored(listing).state, title(listing)) == ("published", "Sala prób")
    assert (
        not ResourceText.objects.visible_to(SYSTEM).filter(resource=listing, language="en").exists()
    )


def test_narrowing_the_audience_holds_at_once() -> None:
    judge, reader = moderator(), keeper_of(make_house())
    by, listing, review = submitted()
    decide_review(by=judge, reviews=[review.uid], decision="accept")
    assert sees(reader, listing)
    set_terms(by=by, resource=listing.uid, terms=terms_of(audience="own"))
    assert not sees(reader, listing)
    assert open_review(listing) is None


def test_nothing_to_publish_for_nobody_else_or_no_active_house() -> None:
    by = keeper_of(make_house())
    with pytest.raises(Conflict) as refused:
        make_listing(by, audience="own")
    assert refused.value.code == "only_own_house"
    applied = make_house(state="applied")
    with pytest.raises(HouseNotActive):
        make_listing(keeper_of(applied), owner=applied.pk)


def test_back_into_the_own_house() -> None:
    by, listing, _review = submitted()
    unpublish(by=by, resource=listing.uid)
    assert open_review(listing) is None
    trusted = keeper_of(make_house())
    other = make_listing(trusted)
    unpublish(by=trusted, resource=other.uid)
    assert stored(other).state == "draft"


def test_suspended_and_restored_with_reasons() -> None:
    judge, reader = moderator(), keeper_of(make_house())
    by = keeper_of(make_house())
    listing = make_listing(by)
    with pytest.raises(Invalid):
        suspend_resource(by=judge, resource=listing.uid, reason="")
    suspend_resource(by=judge, resource=listing.uid, reason="Zdjęcie obcej sali.")
    assert (sees(reader, listing), sees(by, listing)) == (False, True)
    with pytest.raises(Conflict) as refused:
        publish(by=by, resource=listing.uid)
    assert refused.value.code == "resource_suspended"
    found = last_review(listing)
    assert found is not None
    assert found.reason == "Zdjęcie obcej sali."
    restore_resource(by=judge, resource=listing.uid, reason="Poprawione.")
    assert sees(reader, listing)
    with pytest.raises(Forbidden):
        suspend_resource(by=by, resource=listing.uid, reason="x")
