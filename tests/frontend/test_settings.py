"""What a person and an institution say of themselves; tokens; joining."""

from __future__ import annotations

import pytest
from django.test import Client

from cooperative.institutions.models import Application, Institution
from cooperative.membership.models import ApiToken
from notifications.models import Preference
from tests.bookings.stage import Side, make_side, make_thing
from tests.cooperative.factories import make_person
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db

PROFILE = {"name": "Ada Lis", "phone": "600 1", "language": "en", "time_zone": "Europe/Vilnius"}


@pytest.fixture
def manager(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze", role="manager")


def test_the_profile_is_kept_and_its_language_is_the_pages(manager: Side) -> None:
    client = signed_in(manager)
    answer = client.post("/settings/", {**PROFILE, "language": "pl"})
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "pl"
    manager.person.refresh_from_db()
    assert (manager.person.phone, manager.person.time_zone) == ("600 1", "Europe/Vilnius")


def test_a_time_zone_that_is_none_is_said_at_its_field(manager: Side) -> None:
    answer = signed_in(manager).post("/settings/", {**PROFILE, "time_zone": "Wrocław"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["time_zone"]


def test_mails_are_chosen_topic_by_topic(manager: Side) -> None:
    client = signed_in(manager)
    offered = [choice.topic for choice in client.get("/settings/").context["topics"]]
    client.post("/settings/mails/", {"topic": offered[1:]})
    assert list(Preference.objects.values_list("topic", "wanted")) == [(offered[0], False)]
    client.post("/settings/mails/", {"topic": offered})
    assert list(Preference.objects.values_list("wanted", flat=True)) == [True]


def test_a_token_is_shown_once_and_taken_back(manager: Side) -> None:
    client = signed_in(manager)
    answer = client.post(
        "/settings/tokens/", {"name": "kalendarz", "institution": str(manager.house.uid)}
    )
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    token = ApiToken.objects.get()
    assert token.institution == manager.house
    assert secret not in client.get("/settings/tokens/").content.decode()
    client.post(f"/settings/tokens/{token.uid}/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_token_for_a_foreign_house_or_of_somebody_else_is_refused(manager: Side) -> None:
    client, other = signed_in(manager), make_side()
    data = {"name": "x", "institution": str(other.house.uid)}
    assert client.post("/settings/tokens/", data).status_code == 422
    client.post("/settings/tokens/", {"name": "mój"})
    token = ApiToken.objects.get()
    assert signed_in(other).post(f"/settings/tokens/{token.uid}/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_three_tokens_take_no_more_statements_than_one(manager: Side) -> None:
    client = signed_in(manager)
    client.post("/settings/tokens/", {"name": "1", "institution": str(manager.house.uid)})
    few = statements(client, "/settings/tokens/")
    for name in "23":
        client.post("/settings/tokens/", {"name": name, "institution": str(manager.house.uid)})
    assert statements(client, "/settings/tokens/") == few


# --- the institution ---------------------------------------------------------------------------------
def test_its_page_shows_who_they_are_and_what_one_may_see(manager: Side) -> None:
    make_thing(manager, "Sala prób")
    stranger = signed_in(make_side())
    said = text_of(stranger.get(f"/institutions/{manager.house.uid}/"))
    assert "Dom Kultury Nadrzecze" in said
    assert "Sala prób" in said
    assert "Sala prób" not in text_of(Client().get(f"/institutions/{manager.house.uid}/"))


def test_three_things_on_its_page_take_no_more_statements_than_one(manager: Side) -> None:
    client, url = signed_in(make_side()), f"/institutions/{manager.house.uid}/"
    make_thing(manager, "1")
    few = statements(client, url)
    make_thing(manager, "2")
    make_thing(manager, "3")
    assert statements(client, url) == few


def changed(client: Client, house: Institution, **fields: str) -> tuple[int, str]:
    url = f"/institutions/{house.uid}/edit/"
    form = client.get(url).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    answer = client.post(url, {**data, **fields})
    return answer.status_code, text_of(answer) if answer.status_code != 302 else ""


def test_the_voivodeship_is_chosen_by_name_and_goes_with_the_country(manager: Side) -> None:
    client, url = signed_in(manager), f"/institutions/{manager.house.uid}/edit/"

    def stored() -> tuple[str, str]:
        manager.house.refresh_from_db()
        return manager.house.country, manager.house.region

    page = client.get(url)
    assert "Lower Silesia" in text_of(page)
    assert len(page.context["form"].fields["region"].choices) == 17
    assert changed(client, manager.house, region="PL-02")[0] == 302
    assert stored() == ("PL", "PL-02")
    assert changed(client, manager.house, region="PL-DS")[0] == 422
    assert changed(client, manager.house, country="LT")[0] == 302
    assert stored() == ("LT", "")
    # Nobody has named Lithuania's regions here: what a program said of them stays.
    Institution.objects.filter(pk=manager.house.pk).update(region="LT-VL")
    assert "region" not in client.get(url).context["form"].fields
    assert changed(client, manager.house, city="Wilno")[0] == 302
    assert stored() == ("LT", "LT-VL")


def test_managers_change_it_and_others_do_not(manager: Side) -> None:
    client = signed_in(manager)
    assert (
        changed(client, manager.house, office_email="biuro@dom.example", access_lift="yes")[0]
        == 302
    )
    manager.house.refresh_from_db()
    assert manager.house.office_email == "biuro@dom.example"
    assert manager.house.accessibility == {"lift": "yes"}
    keeper = signed_in(make_side(house=manager.house))
    assert keeper.get(f"/institutions/{manager.house.uid}/edit/").status_code == 403


def test_who_saves_second_sees_what_stands_there(manager: Side) -> None:
    client = signed_in(manager)
    version = str(Institution.objects.get(pk=manager.house.pk).version)
    changed(client, manager.house, city="Opole")
    status, said = changed(client, manager.house, city="Brzeg", version=version)
    assert status == 409
    assert "Now it says: Opole" in said


# --- joining -----------------------------------------------------------------------------------------
def applicant() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")
    return client


JOIN = {"name": "Teatr Kieszonkowy", "kind": "association", "city": "Wrocław", "country": "PL"}


def test_applying_and_reading_the_answer(at: At) -> None:
    at(MONDAY)
    client = applicant()
    answer = client.post("/join/", {**JOIN, "message": "Mamy namiot."}, follow=True)
    assert "The moderators answer, and you are told by e-mail." in text_of(answer)
    row = Application.objects.get()
    assert (row.institution.state, row.message) == ("applied", "Mamy namiot.")
    client.post("/join/", JOIN)
    assert Application.objects.count() == 1
    Application.objects.update(state="refused", reason="Za daleko.", decided_at=row.submitted_at)
    assert "Za daleko." in text_of(client.get("/join/"))


@pytest.mark.parametrize("field", ["name", "city", "kind"])
def test_what_is_missing_is_said_and_the_rest_stays(at: At, field: str) -> None:
    at(MONDAY)
    answer = applicant().post("/join/", {**JOIN, field: "", "street": "Rzeczna 4"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Rzeczna 4" in answer.content.decode()


def test_a_guest_is_no_kind_to_apply_as(at: At) -> None:
    at(MONDAY)
    assert applicant().post("/join/", {**JOIN, "kind": "guest"}).status_code == 422
    assert not Application.objects.exists()
