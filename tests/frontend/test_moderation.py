"""The moderators' desk: institutions and listings; cases have their own test."""

from __future__ import annotations

import pytest
from django.test import Client

from cooperative.access.queries import viewer_for
from cooperative.institutions.models import Application, Institution
from cooperative.institutions.services.applications import apply
from cooperative.membership.models import Membership
from cooperative.people.models import Person
from sharing.models import Resource, Review
from sharing.services.photos import add_photo
from sharing.services.set_texts import set_texts
from sharing.wishes import TextWish
from tests.bookings.stage import NOW, make_side
from tests.cooperative.factories import make_moderator, make_person
from tests.frontend.keeping import MONDAY, At, statements, text_of
from tests.sharing.factories import keeper_of, make_house, make_listing, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(at: At) -> Client:
    at(MONDAY)
    return browser(make_moderator())


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def application(name: str = "Teatr Kieszonkowy") -> Application:
    by = viewer_for(person=make_person("Marta Wilk"), acting_for=None, now=NOW)
    return apply(by=by, name=name, kind="association", city="Wrocław", message="Mamy namiot.")


def admitted(client: Client, row: Application, action: str, reason: str) -> int:
    data = {"action": action, f"{str(row.uid)[-8:]}-reason": reason}
    return client.post(f"/moderation/institutions/{row.uid}/", data).status_code


def test_an_institution_is_admitted_with_a_reason(moderator: Client) -> None:
    row = application()
    said = text_of(moderator.get("/moderation/"))
    assert "Teatr Kieszonkowy" in said
    assert "Mamy namiot." in said
    assert admitted(moderator, row, "admit", "") == 422
    assert admitted(moderator, row, "admit", "Witamy.") == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == ("admitted", "Witamy.")
    assert Membership.objects.get(institution=row.institution).role == "manager"


def test_an_institution_is_refused_and_not_admitted_afterwards(moderator: Client) -> None:
    row = application()
    admitted(moderator, row, "refuse", "Już jesteście pod inną nazwą.")
    admitted(moderator, row, "admit", "Jednak.")
    row.refresh_from_db()
    assert row.state == "refused"


def test_one_of_the_same_name_in_the_city_is_pointed_out(moderator: Client) -> None:
    make_house(name="Teatr Kieszonkowy")
    make_house(name="Teatr Kieszonkowy", city="Kraków")
    application()
    card = moderator.get("/moderation/").context["applications"][0]
    assert card.alike == "Teatr Kieszonkowy"


def waiting(title: str = "Sala prób") -> Review:
    by = keeper_of(make_house(trusted=False))
    return Review.objects.get(resource=make_listing(by, title))


def test_many_listings_are_decided_at_once(moderator: Client) -> None:
    rows = [waiting(), waiting("Krzesła"), waiting("Namiot")]
    data = {"review": [str(row.uid) for row in rows[:2]], "decision": "accept"}
    moderator.post("/moderation/listings/", data)
    assert [Review.objects.get(pk=row.pk).state for row in rows] == [
        "accepted",
        "accepted",
        "submitted",
    ]


def test_asking_for_changes_needs_a_reason_and_keeps_the_choice(moderator: Client) -> None:
    row = waiting()
    data = {"review": str(row.uid), "decision": "ask_changes"}
    answer = moderator.post("/moderation/listings/", data)
    assert answer.status_code == 422
    assert "reason" in answer.context["form"].errors
    assert answer.context["reviews"][0].chosen
    moderator.post("/moderation/listings/", {**data, "reason": "Dopiszcie wymiary."})
    row.refresh_from_db()
    assert (row.state, row.reason) == ("changes_asked", "Dopiszcie wymiary.")


def test_nothing_chosen_is_said(moderator: Client) -> None:
    waiting()
    answer = moderator.post("/moderation/listings/", {"decision": "accept"})
    assert answer.status_code == 422
    assert "Please choose from 1 to 200 listings." in text_of(answer)


def test_a_change_stands_beside_what_is_published(moderator: Client) -> None:
    by = keeper_of(make_house(trusted=True))
    listing = make_listing(by, "Świetlica")
    Institution.objects.update(trusted=False)
    set_texts(by=by, resource=listing.uid, texts=[TextWish("pl", "Świetlica z kuchnią")])
    card = moderator.get("/moderation/?tab=listings").context["reviews"][0]
    assert [(one.old, one.new) for one in card.differences] == [
        ("Świetlica", "Świetlica z kuchnią")
    ]


def test_moderators_see_the_photo_of_a_draft_that_waits_and_others_do_not(
    moderator: Client,
) -> None:
    by = keeper_of(make_house(trusted=False))
    listing = make_listing(by)
    add_photo(by=by, resource=listing.uid, data=picture())
    url = moderator.get("/moderation/?tab=listings").context["reviews"][0].photo.url
    answer = moderator.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "private" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"

    assert Client().get(url).status_code == 404
    assert browser(make_side().person).get(url).status_code == 404
    Resource._base_manager.update(state="draft")
    Review.objects.all().delete()
    assert moderator.get(url).status_code == 404


def test_nobody_else_comes_in(at: At) -> None:
    at(MONDAY)
    row, listed = application(), waiting()
    keeper = browser(make_side(role="manager").person)
    assert keeper.get("/moderation/").status_code == 403
    assert admitted(keeper, row, "admit", "Sami się przyjmujemy.") == 403
    data = {"review": str(listed.uid), "decision": "accept"}
    assert keeper.post("/moderation/listings/", data).status_code == 403
    assert Client().get("/moderation/").status_code == 302
    listed.refresh_from_db()
    assert listed.state == "submitted"


@pytest.mark.parametrize("tab", ["institutions", "listings"])
def test_three_rows_take_no_more_statements_than_one(moderator: Client, tab: str) -> None:
    url = f"/moderation/?tab={tab}"
    for number in range(3):
        application(f"Teatr {number}")
        waiting(f"Sala {number}")
        if number == 0:
            few = statements(moderator, url)
    assert statements(moderator, url) == few
