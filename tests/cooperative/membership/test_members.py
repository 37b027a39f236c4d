"""Members: roles change, people go, somebody always manages."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from cooperative.membership.models import ApiToken, CooperativeRole, Membership
from cooperative.membership.queries import members_of
from cooperative.membership.services.members import (
    act_for,
    add_member,
    change_role,
    end_membership,
)
from cooperative.membership.services.roles import end_role, grant_role
from cooperative.membership.services.tokens import create_api_token
from cooperative.people.models import Person
from tests.cooperative.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_person,
)

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)


def view(person: Person) -> Viewer:
    return viewer_for(person=person, acting_for=None, now=NOW)


def of(person: Person, house: Institution) -> UUID:
    return Membership.objects.get(person=person, institution=house).uid


@pytest.mark.django_db
def test_a_role_changes_and_is_told() -> None:
    house = make_institution()
    boss, colleague = make_member(house, role="manager"), make_member(house)
    changed = change_role(by=view(boss), membership=of(colleague, house), role="keeper")
    change_role(by=view(boss), membership=of(colleague, house), role="keeper")
    assert changed.role == "keeper"
    assert view(colleague).may("keeper", house.pk)
    assert Event.objects.get(verb="membership.change").data == {"role": "keeper"}
    with pytest.raises(Invalid):
        change_role(by=view(boss), membership=of(colleague, house), role="king")


@pytest.mark.django_db
def test_the_last_manager_stays_one() -> None:
    house = make_institution()
    boss = make_member(house, role="manager")
    for verb in (
        lambda: change_role(by=view(boss), membership=of(boss, house), role="staff"),
        lambda: end_membership(by=view(boss), membership=of(boss, house)),
    ):
        with pytest.raises(Conflict) as refused:
            verb()
        assert refused.value.code == "last_manager"
    second = make_member(house, role="manager")
    end_membership(by=view(boss), membership=of(boss, house))
    assert view(boss).roles == {}
    assert [member.person for member in members_of(view(second), house.uid)] == [second]


@pytest.mark.django_db
def test_who_goes_loses_roles_and_tokens_at_once() -> None:
    house, other = make_institution(), make_institution()
    boss, colleague = make_member(house, role="manager"), make_member(house)
    make_member(other, colleague)
    bound = create_api_token(by=view(colleague), name="here", institution=house.uid)
    elsewhere = create_api_token(by=view(colleague), name="there", institution=other.uid)
    end_membership(by=view(boss), membership=of(colleague, house))
    assert view(colleague).roles == {other.pk: "staff"}
    assert ApiToken.objects.get(pk=bound.token.pk).revoked_at == NOW
    assert ApiToken.objects.get(pk=elsewhere.token.pk).revoked_at is None
    with pytest.raises(NotFound):
        end_membership(by=view(boss), membership=of(colleague, house))


@pytest.mark.django_db
def test_anybody_may_go_but_only_managers_send() -> None:
    house = make_institution()
    make_member(house, role="manager")
    one, two = make_member(house), make_member(house, role="keeper")
    with pytest.raises(Forbidden):
        end_membership(by=view(two), membership=of(one, house))
    stranger = make_member(make_institution(), role="manager")
    with pytest.raises(NotFound):
        end_membership(by=view(stranger), membership=of(one, house))
    end_membership(by=view(one), membership=of(one, house))
    assert list(members_of(view(stranger), house.uid)) == []


@pytest.mark.django_db
def test_one_acts_for_ones_own_houses_only() -> None:
    house, foreign = make_institution(), make_institution()
    person = make_member(house)
    assert act_for(by=view(person), institution=house.uid) == house
    with pytest.raises(NotFound):
        act_for(by=view(person), institution=foreign.uid)


@pytest.mark.django_db
def test_adding_without_invitation_is_for_moderators_and_the_demo() -> None:
    house, person = make_institution(), make_person()
    with pytest.raises(Forbidden):
        add_member(
            by=view(make_member(house, role="manager")),
            institution=house.uid,
            person=person.uid,
            role="staff",
        )
    for role in ("staff", "manager"):
        add_member(by=view(make_moderator()), institution=house.uid, person=person.uid, role=role)
    assert view(person).roles == {house.pk: "manager"}


@pytest.mark.django_db
def test_cooperative_roles_are_given_by_administrators_and_one_stays() -> None:
    administrator, person = make_moderator("administrator"), make_person()
    with pytest.raises(Forbidden):
        grant_role(by=view(make_moderator()), person=person.uid, role="moderator")
    grant_role(by=view(administrator), person=person.uid, role="moderator")
    grant_role(by=SYSTEM, person=person.uid, role="moderator")
    assert CooperativeRole.objects.filter(person=person).count() == 1
    assert view(person).moderator
    end_role(by=view(administrator), person=person.uid, role="moderator")
    assert not view(person).moderator
    with pytest.raises(Conflict) as refused:
        end_role(by=view(administrator), person=administrator.uid, role="administrator")
    assert refused.value.code == "last_administrator"


@pytest.mark.committing
def test_two_managers_who_go_at_once_leave_one() -> None:
    house = make_institution()
    pair = [make_member(house, role="manager") for _ in range(2)]
    leaving = [(view(person), of(person, house)) for person in pair]
    start = threading.Barrier(2)
    said: list[str] = []

    def go(by: Viewer, membership: UUID) -> None:
        start.wait(timeout=10)
        try:
            end_membership(by=by, membership=membership)
            said.append("gone")
        except DomainError as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=one) for one in leaving]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(said) == ["gone", "last_manager"]
