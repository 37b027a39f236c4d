"""Who a person is: audiences, days, ranks and the acting institution."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperative.access.models import Audience
from cooperative.access.queries import viewer_for
from cooperative.access.viewer import ALWAYS, Days, Entitlement
from cooperative.institutions.models import Institution
from cooperative.networks.models import Network
from cooperative.people.models import Person
from tests.cooperative.factories import (
    link,
    make_institution,
    make_member,
    make_moderator,
    make_network,
    make_partnership,
    make_person,
)

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def public() -> int:
    return Audience.objects.get(kind="public").pk


def everybody() -> int:
    return Audience.objects.get(kind="cooperative").pk


def seen(
    person: Person, acting: Institution | None = None, now: datetime = NOW
) -> dict[int, Entitlement]:
    return dict(viewer_for(person=person, acting_for=acting.pk if acting else None, now=now).seeing)


def days_of(person: Person, named: Network, now: datetime = NOW) -> set[Days]:
    entitlement = seen(person, now=now).get(named.audience.pk)
    return set(entitlement.days) if entitlement else set()


def test_nobody_sees_what_is_public_and_asks_for_nothing() -> None:
    viewer = viewer_for(person=None, acting_for=None, now=NOW)
    assert set(viewer.seeing) == {public()}
    assert viewer.seeing[public()] == Entitlement(public(), "public", (ALWAYS,), rank=4)
    assert dict(viewer.asking) == {}
    assert (viewer.person, viewer.acting_for, viewer.roles) == (None, None, {})


def test_a_member_of_an_active_house_has_its_own_and_the_cooperative() -> None:
    house = make_institution()
    person = make_member(house, role="keeper")
    viewer = viewer_for(person=person, acting_for=house.pk, now=NOW)
    assert set(viewer.seeing) == {public(), everybody(), house.audience.pk}
    assert dict(viewer.asking) == {
        house.audience.pk: Entitlement(house.audience.pk, "own", (ALWAYS,), 0, owner=house.pk),
        everybody(): Entitlement(everybody(), "cooperative", (ALWAYS,), rank=3),
    }
    assert viewer.roles == {house.pk: "keeper"}
    assert viewer.may("keeper", house.pk)
    assert not viewer.may("manager", house.pk)


def test_two_statements_however_many_houses_and_networks() -> None:
    person = make_person()
    for _ in range(3):
        house = make_institution()
        make_member(house, person)
        network = make_network()
        link(network, house)
        link(make_network(), network)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        viewer = viewer_for(person=person, acting_for=house.pk, now=NOW)
    assert len(caught) == 2
    assert len(viewer.seeing) == 2 + 3 * 3


@pytest.mark.parametrize("state", ["suspended", "left", "applied"])
def test_a_house_that_is_not_active_keeps_its_own_alone(state: str) -> None:
    house = make_institution(state=state)
    network = make_network()
    link(network, house)
    make_partnership(house, make_institution())
    person = make_member(house, role="manager")
    viewer = viewer_for(person=person, acting_for=house.pk, now=NOW)
    assert set(viewer.seeing) == {public(), house.audience.pk}
    assert set(viewer.asking) == {house.audience.pk}
    assert viewer.roles == {house.pk: "manager"}


def test_a_guest_has_its_partners_and_what_is_public() -> None:
    guest, host = make_institution(kind="guest"), make_institution()
    partnership = make_partnership(host, guest, end=date(2027, 6, 1))
    network = make_network()
    link(network, guest)
    viewer = viewer_for(person=make_member(guest), acting_for=guest.pk, now=NOW)
    assert set(viewer.seeing) == {public(), guest.audience.pk, partnership.audience.pk}
    assert viewer.asking[partnership.audience.pk] == Entitlement(
        partnership.audience.pk,
        "partnership",
        (Days(date(2026, 1, 1), date(2027, 6, 1)),),
        rank=1,
        owner=host.pk,
    )


@pytest.mark.parametrize("state", ["proposed", "refused", "ended"])
def test_a_partnership_counts_only_when_agreed(state: str) -> None:
    house = make_institution()
    partnership = make_partnership(house, make_institution(), state=state)
    assert partnership.audience.pk not in seen(make_member(house))


def test_seeing_counts_every_house_asking_the_acting_one() -> None:
    one, other = make_institution(), make_institution()
    person = make_member(one)
    make_member(other, person)
    courtyard = make_network()
    link(courtyard, other)
    viewer = viewer_for(person=person, acting_for=one.pk, now=NOW)
    assert courtyard.audience.pk in viewer.seeing
    assert courtyard.audience.pk not in viewer.asking
    assert other.audience.pk not in viewer.asking


def test_an_institution_that_is_not_theirs_is_passed_over() -> None:
    person = make_member(make_institution())
    viewer = viewer_for(person=person, acting_for=make_institution().pk, now=NOW)
    assert viewer.acting_for is None
    assert dict(viewer.asking) == {}


def test_networks_nest_and_the_deeper_is_the_narrower() -> None:
    house = make_institution()
    courtyard, city, region = make_network(), make_network(), make_network()
    link(courtyard, house)
    link(city, courtyard)
    link(region, city)
    link(Network.objects.get(kind="cooperative"), region)
    got = seen(make_member(house))
    assert [got[n.audience.pk].depth for n in (region, city, courtyard)] == [1, 2, 3]
    assert {got[n.audience.pk].rank for n in (region, city, courtyard)} == {2}


def test_depth_is_the_longest_way_from_the_root() -> None:
    house = make_institution()
    courtyard, city = make_network(), make_network()
    link(courtyard, house)
    link(city, courtyard)
    link(Network.objects.get(kind="cooperative"), courtyard)
    got = seen(make_member(house))
    assert (got[city.audience.pk].depth, got[courtyard.audience.pk].depth) == (1, 2)


def test_depth_does_not_hang_on_the_days_of_the_house() -> None:
    house = make_institution()
    courtyard, city = make_network(), make_network()
    link(courtyard, house, end=date(2027, 9, 1))
    link(city, house)
    link(city, courtyard, start=date(2028, 1, 1))
    got = seen(make_member(house))
    assert (got[city.audience.pk].depth, got[courtyard.audience.pk].depth) == (1, 2)


def test_days_meet_along_a_path() -> None:
    house = make_institution()
    courtyard, city = make_network(), make_network()
    link(courtyard, house, date(2027, 3, 1), date(2027, 12, 1))
    link(city, courtyard, date(2027, 6, 1), date(2028, 6, 1))
    person = make_member(house)
    assert days_of(person, courtyard) == {Days(date(2027, 3, 1), date(2027, 12, 1))}
    assert days_of(person, city) == {Days(date(2027, 6, 1), date(2027, 12, 1))}


def test_a_path_whose_days_never_meet_leads_nowhere() -> None:
    house = make_institution()
    courtyard, city = make_network(), make_network()
    link(courtyard, house, date(2027, 3, 1), date(2027, 6, 1))
    link(city, courtyard, date(2027, 6, 1))
    assert days_of(make_member(house), city) == set()


def test_each_path_brings_its_days() -> None:
    house = make_institution()
    left, right, top = make_network(), make_network(), make_network()
    link(left, house, date(2027, 1, 1), date(2027, 7, 1))
    link(right, house, date(2027, 10, 1))
    link(top, left)
    link(top, right)
    person = make_member(house)
    assert days_of(person, top) == {
        Days(date(2027, 1, 1), date(2027, 7, 1)),
        Days(date(2027, 10, 1), None),
    }
    entitlement = seen(person)[top.audience.pk]
    assert entitlement.holds_on(date(2027, 6, 30))
    assert not entitlement.holds_on(date(2027, 7, 1))
    assert entitlement.holds_on(date(2027, 10, 1))


def test_what_is_past_is_gone_and_what_comes_is_there() -> None:
    house = make_institution()
    past, future = make_network(), make_network()
    link(past, house, end=date(2027, 5, 10))
    link(future, house, start=date(2028, 1, 1))
    got = seen(make_member(house))
    assert past.audience.pk not in got
    assert got[future.audience.pk].days == (Days(date(2028, 1, 1), None),)


def test_today_is_the_day_at_the_house() -> None:
    network = make_network()
    warsaw = make_institution(time_zone="Europe/Warsaw")
    lisbon = make_institution(time_zone="Europe/Lisbon")
    link(network, warsaw, end=date(2027, 5, 10))
    link(network, lisbon, end=date(2027, 5, 10))
    # 22:30 UTC on the 9th is the 10th in Warsaw already, not in Lisbon.
    night = datetime(2027, 5, 9, 22, 30, tzinfo=UTC)
    assert network.audience.pk not in seen(make_member(warsaw), now=night)
    assert network.audience.pk in seen(make_member(lisbon), now=night)


def test_a_cycle_that_got_in_ends() -> None:
    house = make_institution()
    one, two, three = make_network(), make_network(), make_network()
    link(one, house)
    link(two, one)
    link(three, two)
    link(one, three)
    got = seen(make_member(house))
    assert {n.audience.pk for n in (one, two, three)} <= set(got)


def test_membership_counts_from_its_start_until_its_end() -> None:
    house = make_institution()
    person = make_member(
        house,
        started_at=datetime(2027, 5, 10, 9, 0, tzinfo=UTC),
        ended_at=datetime(2027, 5, 10, 10, 0, tzinfo=UTC),
    )
    at = [datetime(2027, 5, 10, 8, 59, tzinfo=UTC), NOW, datetime(2027, 5, 10, 10, 0, tzinfo=UTC)]
    viewers = [viewer_for(person=person, acting_for=house.pk, now=now) for now in at]
    assert [bool(viewer.roles) for viewer in viewers] == [False, True, False]


def test_who_was_shut_out_is_nobody() -> None:
    person = make_member(make_institution(), make_person(is_active=False))
    viewer = viewer_for(person=person, acting_for=None, now=NOW)
    assert (viewer.person, set(viewer.seeing)) == (None, {public()})


def test_roles_in_the_whole_cooperative() -> None:
    moderator = viewer_for(person=make_moderator(), acting_for=None, now=NOW)
    administrator = viewer_for(person=make_moderator("administrator"), acting_for=None, now=NOW)
    assert (moderator.moderator, moderator.administrator) == (True, False)
    assert (administrator.moderator, administrator.administrator) == (True, True)
