"""Invitations: sent, accepted once by the right person in time, taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from cooperative.membership.models import Invitation, Membership
from cooperative.membership.queries import invitation_by_token, invitations_of
from cooperative.membership.services.invitations import (
    accept_invitation,
    invite,
    revoke_invitation,
)
from cooperative.membership.tokens import invitation_token, token_hash
from cooperative.people.models import Person
from tests.cooperative.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_person,
)

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
EMAIL = "Nowa@Dom.example"

pytestmark = pytest.mark.django_db


def view(person: Person, now: datetime = NOW) -> Viewer:
    return viewer_for(person=person, acting_for=None, now=now)


def manager(house: Institution) -> Viewer:
    return view(make_member(house, role="manager"))


def invited(house: Institution, role: str = "keeper") -> Invitation:
    return invite(by=manager(house), institution=house.uid, email=EMAIL, role=role)


def test_the_token_is_known_to_the_mail_and_never_stored() -> None:
    house = make_institution()
    made = invited(house)
    token = invitation_token(made.uid)
    assert made.token_hash == token_hash(token)
    assert made.expires_at == NOW + timedelta(days=14)
    event = Event.objects.get(verb="invitation.send")
    assert event.subject_uid == made.uid
    assert set(event.data) == {"role", "expires_at"}
    assert invitation_by_token(token, now=NOW) == made


def test_accepting_makes_a_member_once() -> None:
    house = make_institution()
    token = invitation_token(invited(house).uid)
    person = make_person(email="nowa@dom.example")
    member = accept_invitation(by=view(person), token=token)
    assert accept_invitation(by=view(person), token=token) == member
    assert (member.person, member.institution, member.role) == (person, house, "keeper")
    assert view(person).roles == {house.pk: "keeper"}
    assert Event.objects.filter(verb="invitation.accept").count() == 1


def test_accepting_never_takes_a_role_away() -> None:
    house = make_institution()
    made = invited(house, "staff")
    person = make_member(house, make_person(email="nowa@dom.example"), "manager")
    assert accept_invitation(by=view(person), token=invitation_token(made.uid)).role == "manager"


def refusal(by: Viewer, token: str) -> str:
    with pytest.raises(DomainError) as refused:
        accept_invitation(by=by, token=token)
    return refused.value.code


def test_each_way_of_being_wrong_has_its_sentence() -> None:
    house = make_institution()
    made = invited(house)
    token = invitation_token(made.uid)
    right = make_person(email="nowa@dom.example")
    for wrong in ("", "x", token[:-1], token + "x", "ż" * 43, "\ud800"):
        assert refusal(view(right), wrong) == "invitation_unknown"
    assert refusal(view(make_person()), token) == "invitation_other_email"
    assert refusal(view(right, NOW + timedelta(days=14)), token) == "invitation_expired"
    assert refusal(viewer_for(person=None, acting_for=None, now=NOW), token) == "forbidden"
    accept_invitation(by=view(right), token=token)
    assert refusal(view(make_person()), token) == "invitation_used"


def test_taken_back_it_stops_at_once() -> None:
    house = make_institution()
    made = invited(house)
    by = manager(house)
    revoke_invitation(by=by, invitation=made.uid)
    revoke_invitation(by=by, invitation=made.uid)
    right = make_person(email=EMAIL)
    assert refusal(view(right), invitation_token(made.uid)) == "invitation_revoked"
    assert list(invitations_of(by, house.uid)) == []
    again = invited(house)
    assert again.uid != made.uid
    accept_invitation(by=view(right), token=invitation_token(again.uid))
    with pytest.raises(Conflict):
        revoke_invitation(by=by, invitation=again.uid)


def test_of_a_suspended_house_nothing_can_be_accepted() -> None:
    house = make_institution()
    made = invited(house)
    Institution.objects.filter(pk=house.pk).update(state="suspended")
    right = make_person(email=EMAIL)
    assert refusal(view(right), invitation_token(made.uid)) == "invitation_revoked"


def test_another_address_counts_once_it_is_verified() -> None:
    house = make_institution()
    token = invitation_token(invited(house).uid)
    person = make_person(email="private@post.example")
    address = EmailAddress.objects.create(user=person, email=EMAIL.lower(), verified=False)
    assert refusal(view(person), token) == "invitation_other_email"
    address.verified = True
    address.save()
    assert accept_invitation(by=view(person), token=token).person == person


def test_inviting_again_renews_and_sends_again_only_later() -> None:
    house = make_institution()
    by = make_member(house, role="manager")

    def again(hours: int, role: str = "staff") -> Invitation:
        now = NOW + timedelta(hours=hours)
        return invite(by=view(by, now), institution=house.uid, email=EMAIL.upper(), role=role)

    first = again(0)
    assert again(0).pk == first.pk
    assert Event.objects.filter(verb="invitation.send").count() == 1
    assert again(0, "keeper").role == "keeper"
    later = again(20 * 24, "keeper")
    assert (later.pk, later.expires_at) == (first.pk, NOW + timedelta(days=34))
    assert Event.objects.filter(verb="invitation.send").count() == 3
    assert Invitation.objects.count() == 1


def test_who_may_invite_whom() -> None:
    house = make_institution()
    for role in ("staff", "keeper"):
        with pytest.raises(Forbidden):
            invite(by=view(make_member(house, role=role)), institution=house.uid, email=EMAIL)
    with pytest.raises(NotFound):
        invite(by=manager(make_institution()), institution=house.uid, email=EMAIL)
    assert invite(by=view(make_moderator()), institution=house.uid, email=EMAIL).role == "staff"
    colleague = make_member(house)
    with pytest.raises(Conflict) as refused:
        invite(by=manager(house), institution=house.uid, email=colleague.email.upper())
    assert refused.value.code == "already_member"
    for fields in ({"email": "x"}, {"email": ""}, {"email": EMAIL, "role": "king"}):
        with pytest.raises(Invalid):
            invite(by=manager(house), institution=house.uid, **fields)
    assert Membership.objects.filter(institution=house, role="staff").exists()
