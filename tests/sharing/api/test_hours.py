"""Hours over the API: read by whoever may see, changed for a day by keepers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from cooperative.institutions.models import Institution
from sharing.models import ChangedHours, DayOff, Resource, WeeklyHours
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import make_institution, make_member, make_resource, make_terms

pytestmark = pytest.mark.django_db

EVE: dict[str, Any] = {
    "on": "2027-12-24",
    "hours": [{"opens": "15:00", "closes": "24:00"}, {"opens": "09:00", "closes": "12:00"}],
    "reason": "Wigilia",
}
SHOWN = {
    "on": "2027-12-24",
    "hours": [{"opens": "09:00", "closes": "12:00"}, {"opens": "15:00", "closes": "24:00"}],
    "reason": "Wigilia",
}


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-03-01T09:00+01:00")


@pytest.fixture
def house() -> Institution:
    return make_institution("House by the Canal")


@pytest.fixture
def hall(house: Institution) -> Resource:
    hall = make_resource(house, "Hall", hours_source="house")
    make_terms(hall)
    return hall


@pytest.fixture
def keeper(house: Institution) -> Caller:
    return Caller(make_token(make_member(house, role="keeper")))


@pytest.fixture
def member() -> Caller:
    return Caller(make_token(make_member(make_institution("Choir"))))


def test_hours_of_a_house_hold_for_what_follows_it(
    house: Institution, hall: Resource, keeper: Caller, member: Caller
) -> None:
    WeeklyHours.objects.create(
        institution=house,
        weekday=0,
        opens_minute=480,
        closes_minute=960,
        valid_until=date(2027, 7, 1),
    )
    for first in (date(2027, 2, 1), date(2027, 5, 3)):
        DayOff.objects.create(
            institution=house,
            from_on=first,
            until_on=first.replace(day=first.day + 1),
            kind="public_holiday",
            reason="Święto",
        )
    changed = keeper.post(f"institutions/{house.uid}/changed-hours/", EVE)
    expected = {
        "time_zone": "Europe/Warsaw",
        "weekly": [
            {
                "weekday": 0,
                "opens": "08:00",
                "closes": "16:00",
                "valid_from": None,
                "valid_until": "2027-07-01",
            }
        ],
        "days_off": [
            {
                "from_on": "2027-05-03",
                "until_on": "2027-05-04",
                "kind": "public_holiday",
                "reason": "Święto",
            }
        ],
        "changed": [SHOWN],
    }
    assert (changed.status_code, changed.json()) == (200, expected)
    for path in (f"institutions/{house.uid}/hours/", f"resources/{hall.uid}/hours/"):
        assert member.get(path).json() == expected


def test_a_resources_own_day_wins_and_goes_again(
    house: Institution, hall: Resource, keeper: Caller, member: Caller
) -> None:
    keeper.post(f"institutions/{house.uid}/changed-hours/", EVE)
    own = {"on": "2027-12-24", "hours": [{"opens": "10:00", "closes": "11:00"}]}
    answer = keeper.post(f"resources/{hall.uid}/changed-hours/", own)
    assert answer.json()["changed"] == [{**own, "reason": ""}]
    assert member.get(f"institutions/{house.uid}/hours/").json()["changed"] == [SHOWN]
    path = f"resources/{hall.uid}/changed-hours/2027-12-24/"
    assert keeper.call("DELETE", path).status_code == 204
    assert keeper.call("DELETE", path).status_code == 404
    assert member.get(f"resources/{hall.uid}/hours/").json()["changed"] == [SHOWN]
    path = f"institutions/{house.uid}/changed-hours/2027-12-24/"
    assert keeper.call("DELETE", path).status_code == 204
    assert not ChangedHours.objects.exists()
    assert keeper.call("DELETE", path.replace("2027-12-24", "soon")).status_code == 404


def test_the_window_of_a_day_follows(hall: Resource, house: Institution, keeper: Caller) -> None:
    keeper.post(f"institutions/{house.uid}/changed-hours/", EVE)
    window = "starts_at=2027-12-24T00:00:00%2B01:00&ends_at=2027-12-25T00:00:00%2B01:00"
    shown = keeper.get(f"resources/{hall.uid}/availability/?{window}").json()
    assert [span["starts_at"][11:16] for span in shown["open"]] == ["09:00", "15:00"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": "on Friday"}, "on"),
        ({"on": None}, "on"),
        ({"hours": []}, "hours"),
        ({"hours": [{"opens": "12:00", "closes": "09:00"}]}, "hours.0.closes"),
        ({"hours": [{"opens": "9", "closes": "10:00"}]}, "hours.0.opens"),
        ({"hours": [{"opens": "09:00", "closes": "10:00", "weekday": 1}]}, "hours.0.weekday"),
        ({"until": "2027-12-31"}, "until"),
    ],
)
def test_what_cannot_be_is_said_by_field(
    house: Institution, keeper: Caller, change: dict[str, Any], field: str
) -> None:
    refused = keeper.post(f"institutions/{house.uid}/changed-hours/", {**EVE, **change})
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert not ChangedHours.objects.exists()


def test_others_change_nothing_and_what_is_hidden_is_not_there(
    house: Institution, hall: Resource, member: Caller
) -> None:
    staff = Caller(make_token(make_member(house, role="staff")))
    for caller, status in ((staff, 403), (member, 404)):
        for path in (f"institutions/{house.uid}/", f"resources/{hall.uid}/"):
            assert caller.post(f"{path}changed-hours/", EVE).status_code == status
            assert caller.call("DELETE", f"{path}changed-hours/2027-12-24/").status_code == status
    secret = make_resource(house, "Cellar")
    assert said(member.get(f"resources/{secret.uid}/hours/")) == (404, "unknown_resource")
    assert said(member.post(f"resources/{secret.uid}/changed-hours/", EVE)) == (
        404,
        "unknown_resource",
    )
    assert not ChangedHours.objects.exists()
