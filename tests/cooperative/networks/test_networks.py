"""Networks: making, joining, leaving; no circles, not even between two that join at once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection

from cooperative.access.models import Audience
from cooperative.access.queries import viewer_for
from cooperative.access.querysets import SYSTEM
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from cooperative.events.models import Event, Outbox
from cooperative.identifiers import new_uid
from cooperative.institutions.models import Institution
from cooperative.networks.models import Network, NetworkMembership
from cooperative.networks.queries import members_of, networks_of, root
from cooperative.networks.services.networks import (
    create_network,
    join_institution,
    join_network,
    leave_network,
)
from tests.cooperative.factories import (
    make_institution,
    make_member,
    make_moderator,
    make_network,
)

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
MAY, JUNE, JULY = date(2027, 5, 1), date(2027, 6, 1), date(2027, 7, 1)


def moderator() -> Viewer:
    return viewer_for(person=make_moderator(), acting_for=None, now=NOW)


def manager_of(house: Institution, role: str = "manager") -> Viewer:
    return viewer_for(person=make_member(house, role=role), acting_for=house.pk, now=NOW)


@pytest.mark.django_db
def test_a_network_is_made_with_its_audience_and_its_event() -> None:
    operator = make_institution()
    network = create_network(by=moderator(), name=" My  city ", kind="city", operator=operator.uid)
    assert (network.name, network.operator) == ("My city", operator)
    assert Audience.objects.get(network=network).kind == "network"
    event = Event.objects.get(verb="network.create")
    assert (event.subject_uid, event.at) == (network.uid, NOW)
    assert Outbox.objects.filter(event=event).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kind"), [("", "city"), ("X", "cooperative"), ("X", "club")])
def test_a_network_needs_a_name_and_a_kind(name: str, kind: str) -> None:
    with pytest.raises(Invalid):
        create_network(by=moderator(), name=name, kind=kind)


@pytest.mark.django_db
def test_who_may_make_and_fill_networks() -> None:
    operator, house = make_institution(), make_institution()
    network = make_network(operator=operator)
    with pytest.raises(Forbidden):
        create_network(by=manager_of(operator), name="X", kind="city")
    for refused in (manager_of(house), manager_of(operator, "keeper")):
        with pytest.raises(Forbidden):
            join_institution(by=refused, network=network.uid, institution=house.uid, valid_from=MAY)
    join_institution(
        by=manager_of(operator), network=network.uid, institution=house.uid, valid_from=MAY
    )
    assert list(networks_of(house.uid, day=JUNE)) == [network]
    assert [link.institution for link in members_of(network.uid, day=JUNE)] == [house]
    assert list(members_of(network.uid, day=date(2027, 4, 30))) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code"),
    [({"kind": "guest"}, "guests_stay_out"), ({"state": "suspended"}, "not_active")],
)
def test_who_cannot_join(fields: dict[str, str], code: str) -> None:
    house = make_institution(**fields)
    with pytest.raises(Conflict) as refused:
        join_institution(
            by=SYSTEM, network=make_network().uid, institution=house.uid, valid_from=MAY
        )
    assert refused.value.code == code


@pytest.mark.django_db
def test_the_cooperative_is_joined_by_admission_and_joins_nothing() -> None:
    with pytest.raises(Conflict) as refused:
        join_institution(
            by=SYSTEM, network=root().uid, institution=make_institution().uid, valid_from=MAY
        )
    assert refused.value.code == "join_by_admission"
    with pytest.raises(Conflict) as refused:
        join_network(by=SYSTEM, network=make_network().uid, member=root().uid, valid_from=MAY)
    assert refused.value.code == "network_cycle"


@pytest.mark.django_db
def test_one_link_at_a_time_but_again_afterwards() -> None:
    house, network = make_institution(), make_network()

    def join(start: date, end: date | None) -> None:
        join_institution(
            by=SYSTEM,
            network=network.uid,
            institution=house.uid,
            valid_from=start,
            valid_until=end,
        )

    join(MAY, JUNE)
    with pytest.raises(Conflict, match="already_member"):
        join(date(2027, 5, 31), None)
    join(JUNE, None)
    with pytest.raises(Invalid):
        join(JULY, JULY)
    assert NetworkMembership.objects.count() == 2


@pytest.mark.django_db
def test_circles_are_refused_at_any_depth_on_days_that_meet() -> None:
    one, two, three = make_network(), make_network(), make_network()

    def nest(outer: Network, inner: Network, start: date, end: date | None = None) -> None:
        join_network(
            by=SYSTEM, network=outer.uid, member=inner.uid, valid_from=start, valid_until=end
        )

    nest(two, one, MAY, JULY)
    nest(three, two, MAY)
    for outer, inner in [(one, one), (one, two), (one, three), (two, three)]:
        with pytest.raises(Conflict) as refused:
            nest(outer, inner, JUNE)
        assert refused.value.code == "network_cycle"
    nest(one, two, JULY)  # the first link has ended by then
    assert NetworkMembership.objects.count() == 3


@pytest.mark.django_db
def test_leaving_ends_what_began_and_drops_what_did_not() -> None:
    house, network = make_institution(), make_network()
    for start, end in ((MAY, JUNE), (JULY, None)):
        join_institution(
            by=SYSTEM,
            network=network.uid,
            institution=house.uid,
            valid_from=start,
            valid_until=end,
        )
    by = manager_of(house)
    day = date(2027, 5, 20)
    leave_network(by=by, network=network.uid, institution=house.uid, on=day)
    leave_network(by=by, network=network.uid, institution=house.uid, on=day)
    link = NetworkMembership.objects.get()
    assert (link.valid_from, link.valid_until) == (MAY, day)
    assert Event.objects.filter(verb="network.leave").count() == 1
    with pytest.raises(Forbidden):
        leave_network(
            by=manager_of(make_institution()), network=network.uid, institution=house.uid, on=JUNE
        )
    with pytest.raises(Invalid):
        leave_network(by=by, network=network.uid, on=JUNE)


@pytest.mark.django_db
def test_what_is_not_there_is_not_found() -> None:
    for network, house in ((new_uid(), make_institution().uid), (make_network().uid, new_uid())):
        with pytest.raises(NotFound):
            join_institution(by=SYSTEM, network=network, institution=house, valid_from=MAY)


@pytest.mark.committing
def test_two_that_join_each_other_at_once_do_not_close_a_circle() -> None:
    one, two = make_network(), make_network()
    start = threading.Barrier(2)
    said: list[str] = []

    def nest(outer: UUID, inner: UUID) -> None:
        start.wait(timeout=10)
        try:
            join_network(by=SYSTEM, network=outer, member=inner, valid_from=MAY)
            said.append("joined")
        except DomainError as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=nest, args=pair)
        for pair in ((one.uid, two.uid), (two.uid, one.uid))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(said) == ["joined", "network_cycle"]
    assert NetworkMembership.objects.count() == 1
