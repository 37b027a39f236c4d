"""Coming in: applying, being admitted or refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event, EventParty, Outbox
from cooperative.identifiers import new_uid
from cooperative.institutions.models import Application, Institution
from cooperative.institutions.queries import (
    alike,
    application,
    applications_of,
    applications_waiting,
    institution,
    institutions,
)
from cooperative.institutions.services.applications import admit, apply, refuse
from cooperative.people.models import Person
from tests.cooperative.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_person,
)

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
HOUSE: dict[str, Any] = {
    "name": "Dom Kultury  Zachodni",
    "kind": "municipal",
    "city": "Wrocław",
    "contact_email": "biuro@zachodni.example",
    "languages": ["pl", "uk"],
    "registry": {"nip": "526-104-08-28"},
}

pytestmark = pytest.mark.django_db


def view(person: Person) -> Viewer:
    return viewer_for(person=person, acting_for=None, now=NOW)


def test_applying_makes_the_institution_its_audience_and_tells_moderators() -> None:
    person = make_person()
    made = apply(by=view(person), message="We share chairs.", **HOUSE)
    house = made.institution
    assert (house.name, house.state) == ("Dom Kultury Zachodni", "applied")
    assert house.registry == {"nip": "5261040828"}
    assert house.audience.kind == "own"
    assert (made.applicant, made.state, made.submitted_at) == (person, "submitted", NOW)
    event = Event.objects.get(verb="institution.apply")
    assert event.data == {"application": str(made.uid)}
    assert Outbox.objects.filter(event=event).exists()
    assert view(person).roles == {}


def test_admitted_the_applicant_manages_it() -> None:
    person, moderator = make_person(), make_moderator()
    made = apply(by=view(person), **HOUSE)
    decided = admit(by=view(moderator), application=made.uid, reason="Welcome.")
    admit(by=view(moderator), application=made.uid, reason="Welcome again.")
    assert (decided.state, decided.decided_by, decided.reason) == (
        "admitted",
        moderator,
        "Welcome.",
    )
    house = Institution.objects.get(pk=made.institution_id)
    assert house.state == "active"
    assert view(person).roles == {house.pk: "manager"}
    event = Event.objects.get(verb="institution.admit")
    parties = EventParty.objects.filter(event=event)
    assert {(p.role, p.institution_id, p.person_id) for p in parties} == {
        ("institution", house.pk, None),
        ("applicant", None, person.pk),
    }
    with pytest.raises(Conflict):
        refuse(by=view(moderator), application=made.uid, reason="No.")


def test_refused_with_a_reason_and_applying_again() -> None:
    person, moderator = make_person(), make_moderator()
    first = apply(by=view(person), **HOUSE)
    with pytest.raises(Invalid) as wrong:
        refuse(by=view(moderator), application=first.uid, reason="  ")
    assert list(wrong.value.errors) == ["reason"]
    refuse(by=view(moderator), application=first.uid, reason="Please name your register number.")
    second = apply(by=view(person), **{**HOUSE, "street": "Rynek 1"})
    assert second.uid != first.uid
    assert second.institution_id == first.institution_id
    assert second.institution.street == "Rynek 1"
    assert [one.state for one in applications_of(view(person))] == ["submitted", "refused"]


def test_a_second_click_applies_once() -> None:
    person = make_person()
    first = apply(by=view(person), **HOUSE)
    assert apply(by=view(person), **HOUSE).pk == first.pk
    assert (Application.objects.count(), Institution.objects.count()) == (1, 1)
    assert Event.objects.filter(verb="institution.apply").count() == 1


def test_a_person_has_three_open_applications_at_most() -> None:
    by = view(make_person())
    for number in range(3):
        apply(by=by, **{**HOUSE, "name": f"House {number}"})
    with pytest.raises(Conflict) as refused:
        apply(by=by, **{**HOUSE, "name": "House 3"})
    assert refused.value.code == "too_many_open"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 10_000_000}, "name"),
        ({"kind": "guest"}, "kind"),
        ({"kind": "bank"}, "kind"),
        ({"city": None}, "city"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"registry": {"nip": "1234567890"}}, "registry.nip"),
        ({"registry": {"vat": "1"}}, "registry"),
        ({"accessibility": {"lift": "maybe"}}, "accessibility.lift"),
        ({"languages": ["polish"]}, "languages"),
        ({"audiences_served": ["everyone"]}, "audiences_served"),
        ({"latitude": 91.0, "longitude": 17.0}, "latitude"),
        ({"latitude": 51.0}, "latitude"),
        ({"latitude": float("nan"), "longitude": 1}, "latitude"),
        ({"state": "active"}, "state"),
        ({"trusted": True}, "trusted"),
    ],
)
def test_bad_input_gets_a_sentence_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        apply(by=view(make_person()), **{**HOUSE, **changes})
    assert field in wrong.value.errors
    assert Institution.objects.count() == 0


def test_who_may_apply_decide_and_read() -> None:
    person, stranger = make_person(), make_person()
    nobody = viewer_for(person=None, acting_for=None, now=NOW)
    with pytest.raises(Forbidden):
        apply(by=nobody, **HOUSE)
    made = apply(by=view(person), **HOUSE)
    for by in (view(person), view(stranger), nobody):
        with pytest.raises(Forbidden):
            admit(by=by, application=made.uid, reason="Yes")
    with pytest.raises(NotFound):
        admit(by=view(make_moderator()), application=new_uid(), reason="Yes")
    assert application(view(person), made.uid) == made
    with pytest.raises(NotFound):
        application(view(stranger), made.uid)
    assert list(applications_waiting(view(make_moderator()))) == [made]
    assert list(applications_waiting(view(person))) == []


def test_who_sees_which_institutions() -> None:
    active, suspended = make_institution("A"), make_institution("B", state="suspended")
    mine = view(make_member(suspended))
    other = view(make_member(active))
    assert list(institutions(mine)) == [active, suspended]
    assert list(institutions(other)) == [active]
    assert list(institutions(view(make_moderator()))) == [active, suspended]
    with pytest.raises(NotFound):
        institution(other, suspended.uid)


def test_moderators_see_who_may_be_the_same_house() -> None:
    there = make_institution("Dom Kultury Zachodni")
    make_institution("Dom Kultury Zachodni", city="Poznań")
    made = apply(by=view(make_person()), **HOUSE)
    assert list(alike(made.institution)) == [there]
