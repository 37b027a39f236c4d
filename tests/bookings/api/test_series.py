"""Series over the API: asked for in one call, told date by date, changed, ended, watched."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookings.models import Line, Watch
from cooperative.access.querysets import SYSTEM
from tests.cooperative.api_caller import Caller, make_token, said
from tests.factories import make_booking, make_institution, make_member, make_resource, make_terms
from tests.shared_data import S10, shared

pytestmark = pytest.mark.django_db
TUESDAYS = [f"2027-0{month}-{day:02}" for month, day in [(3, 9), (3, 16), (3, 23), (3, 30)]]


@pytest.fixture(autouse=True)
def today(at: Callable[[str], datetime]) -> None:
    at("2027-01-11T09:00+01:00")


class World:
    """An owner with a room that is confirmed at once and a hall whose owner chooses, and somebody who asks."""

    def __init__(self) -> None:
        self.owner = make_institution("House by the Canal")
        self.asker = make_institution("Choir")
        self.room = make_resource(self.owner, "Sala prób")
        self.hall = make_resource(self.owner, "Sala")
        make_terms(self.room, at_once=True)
        make_terms(self.hall)
        self.caller = Caller(make_token(make_member(self.asker)))
        self.keeper = Caller(make_token(make_member(self.owner, role="keeper")))

    def body(self, thing: Any = None, **series: Any) -> dict[str, Any]:
        line = {
            "resource": str((thing or self.room).uid),
            "starts_at": "2027-03-09T17:00:00+01:00",
            "ends_at": "2027-03-09T20:00:00+01:00",
            "series": {"rule": "FREQ=WEEKLY;COUNT=4", **series},
        }
        return {"title": "Rehearsals", "lines": [line]}

    def asked(self, thing: Any = None, **series: Any) -> dict[str, Any]:
        answer = self.caller.post("bookings/", self.body(thing, **series))
        assert answer.status_code == 201, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def taken(self, starts_at: str) -> None:
        make_booking(
            make_institution("Band"), [self.room], starts_at=datetime.fromisoformat(starts_at)
        )
        line = Line.objects.visible_to(SYSTEM).order_by("-pk")[0]
        self.keeper.post(f"booking-lines/{line.uid}/approve/", {})


@pytest.fixture
def world() -> World:
    return World()


def test_one_call_books_every_date(world: World) -> None:
    body = world.asked()
    assert body["all_or_nothing"] is False
    assert (body["state"], "refused" in body) == ("confirmed", False)
    [series] = body["series"]
    assert [(line["series"], line["series_on"]) for line in body["lines"]] == [
        (series["id"], day) for day in TUESDAYS
    ]
    assert [line["use_starts_at"][11:] for line in body["lines"]] == [
        *["17:00:00+01:00"] * 3,
        "17:00:00+02:00",
    ]
    assert {name: series[name] for name in ("sentence", "rule", "first_on", "until_on")} == {
        "sentence": "every Tuesday 17:00–20:00, 4 times from 9 March 2027",
        "rule": "FREQ=WEEKLY;COUNT=4;BYDAY=TU",
        "first_on": "2027-03-09",
        "until_on": "2027-03-30",
    }
    again = world.caller.get(f"bookings/{body['id']}/").json()
    assert again["series"] == body["series"]
    # Its owner reads the same series, nobody else's.
    assert world.keeper.get(f"bookings/{body['id']}/").json()["series"] == body["series"]


def test_what_is_taken_comes_back_and_is_watched_and_left(world: World) -> None:
    world.taken("2027-03-16T17:00:00+01:00")
    checked = world.caller.post("bookings/check/", world.body()).json()
    assert checked["possible"] is False
    assert [(one["date"], one["state"]) for one in checked["proposed"]] == [
        (TUESDAYS[0], "confirmed"),
        (TUESDAYS[1], None),
        (TUESDAYS[2], "confirmed"),
        (TUESDAYS[3], "confirmed"),
    ]
    assert [one["code"] for one in checked["proposed"][1]["reasons"]] == ["taken"]
    body = world.asked()
    [no] = body["refused"]
    assert (no["index"], no["date"], no["watched"]) == (0, TUESDAYS[1], True)
    assert [(one["code"], one["line"], one["date"]) for one in no["reasons"]] == [
        ("taken", 0, TUESDAYS[1])
    ]
    assert {one["date"] for one in no["alternatives"]} == {TUESDAYS[1]}
    [watch] = body["series"][0]["watches"]
    assert (watch["date"], watch["state"], watch["use_starts_at"]) == (
        TUESDAYS[1],
        "waiting",
        "2027-03-16T17:00:00+01:00",
    )
    left = world.caller.post(f"watches/{watch['id']}/leave/", {})
    assert (left.status_code, left.json()["state"]) == (200, "left")
    assert world.caller.post(f"watches/{watch['id']}/leave/", {}).json() == left.json()
    assert said(world.keeper.post(f"watches/{watch['id']}/leave/", {})) == (403, "forbidden")


def test_all_or_nothing_and_one_that_nobody_watches(world: World) -> None:
    world.taken("2027-03-16T17:00:00+01:00")
    whole = world.caller.post("bookings/", {**world.body(), "all_or_nothing": True})
    assert said(whole) == (409, "not_possible")
    assert [one["date"] for one in whole.json()["reasons"]] == [TUESDAYS[1]]
    body = world.asked(watch_skipped=False)
    assert body["series"][0]["watches"] == []
    assert [(one["date"], one["reason"]) for one in body["series"][0]["left_out"]] == [
        (TUESDAYS[1], "not_possible")
    ]


def test_dates_left_out_and_times_of_their_own(world: World) -> None:
    body = world.asked(
        exceptions=["2027-03-16"],
        additions=["2027-03-17", "2027-03-29"],
        skip_public_holidays=True,
        moved=[
            {
                "date": "2027-03-23",
                "starts_at": "2027-03-23T09:00:00+01:00",
                "ends_at": "2027-03-23T10:00:00+01:00",
            }
        ],
    )
    assert [(line["series_on"], line["use_starts_at"][:16]) for line in body["lines"]] == [
        ("2027-03-09", "2027-03-09T17:00"),
        ("2027-03-17", "2027-03-17T17:00"),
        ("2027-03-23", "2027-03-23T09:00"),
        ("2027-03-29", "2027-03-29T17:00"),
        ("2027-03-30", "2027-03-30T17:00"),
    ]
    [series] = body["series"]
    assert series["left_out"] == [
        {"date": "2027-03-16", "reason": "exception", "message": "16 March – left out"}
    ]
    assert series["additions"] == ["2027-03-17", "2027-03-29"]


def test_times_that_do_not_exist_or_come_twice(world: World) -> None:
    body = world.body(rule="FREQ=DAILY;COUNT=2")
    body["lines"][0] |= {
        "starts_at": "2027-03-27T02:30:00+01:00",
        "ends_at": "2027-03-27T04:30:00+01:00",
    }
    [skipped] = world.caller.post("bookings/", body).json()["refused"]
    [reason] = skipped["reasons"]
    assert (skipped["date"], reason["code"]) == ("2027-03-28", "time_does_not_exist")
    assert (reason["values"]["before"], reason["values"]["after"]) == ("01:59", "03:00")
    body["lines"][0] |= {
        "starts_at": "2027-10-30T02:30:00+02:00",
        "ends_at": "2027-10-30T04:30:00+02:00",
    }
    made = world.caller.post("bookings/", body).json()
    [no] = made["refused"]
    assert (no["date"], no["reasons"][0]["code"]) == ("2027-10-31", "time_twice")
    assert no["reasons"][0]["values"]["offsets"] == ["+02:00", "+01:00"]
    assert [one["reason"] for one in made["series"][0]["left_out"]] == ["time_twice"]
    chosen = {
        "date": "2027-10-31",
        "starts_at": "2027-10-31T02:30:00+01:00",
        "ends_at": "2027-10-31T04:30:00+01:00",
    }
    body["lines"][0]["series"] |= {"moved": [chosen]}
    body["lines"][0]["resource"] = str(world.hall.uid)
    made = world.caller.post("bookings/", body).json()
    assert made["lines"][1]["use_starts_at"] == "2027-10-31T02:30:00+01:00"


@pytest.mark.parametrize(
    ("series", "field", "code"),
    [
        ({"rule": "FREQ=SECONDLY;COUNT=1000000000"}, "series.rule", "rule_frequency"),
        ({"rule": "FREQ=DAILY;UNTIL=21270101"}, "series.rule", "too_many_dates"),
        ({"rule": "FREQ=WEEKLY"}, "series.rule", "rule_without_end"),
        ({"rule": "FREQ=DAILY;UNTIL=20270101"}, "series.rule", "no_dates"),
        ({"exceptions": TUESDAYS}, "series.rule", "no_dates"),
        ({"exceptions": ["2027-03-09"] * 367}, "series.exceptions", "too_many"),
        ({"colour": "red"}, "series.colour", "unknown_field"),
        (
            {
                "moved": [
                    {
                        "date": "2027-03-10",
                        "starts_at": "2027-03-10T09:00:00+01:00",
                        "ends_at": "2027-03-10T10:00:00+01:00",
                    }
                ]
            },
            "series.moved",
            "not_a_date",
        ),
    ],
)
def test_what_cannot_be_meant_is_400(
    world: World, series: dict[str, Any], field: str, code: str
) -> None:
    answer = world.caller.post("bookings/", world.body(**series))
    assert said(answer) == (400, code)
    assert [one["field"] for one in answer.json()["errors"]] == [f"lines.0.{field}"]


def test_exceptions_said_twice_are_said_once(world: World) -> None:
    body = world.asked(exceptions=["2027-03-16"] * 3, additions=["2027-03-09", "2027-03-09"])
    assert len(body["lines"]) == 3


def test_one_answer_for_all_and_one_for_a_single_date(world: World) -> None:
    body = world.asked(world.hall, one_answer=True)
    first, second = (line["id"] for line in body["lines"][:2])
    alone = world.keeper.post(f"booking-lines/{first}/approve/", {"alone": True})
    assert alone.json()["state"] == "confirmed"
    answer = world.keeper.post(f"booking-lines/{second}/decline/", {"reason": "Remont"})
    assert answer.json()["state"] == "declined"
    states = [one["state"] for one in world.caller.get(f"bookings/{body['id']}/").json()["lines"]]
    assert states == ["confirmed", "declined", "declined", "declined"]


def test_this_and_following_changes(world: World) -> None:
    body = world.asked()
    [series] = body["series"]
    answer = world.caller.post(
        f"series/{series['id']}/change/",
        {
            "since": "2027-03-23",
            "starts_at": "2027-03-24T18:00:00+01:00",
            "ends_at": "2027-03-24T20:00:00+01:00",
            "note": "Wednesdays from now on",
        },
    )
    assert answer.status_code == 200, answer.content
    changed = answer.json()
    assert changed["ended"] == series["id"]
    assert changed["moved"] == [line["id"] for line in body["lines"][2:]]
    assert (changed["kept"], changed["asked"], changed["added"]) == ([], [], [])
    assert [one["sentence"] for one in changed["booking"]["series"]] == [
        "every Tuesday 17:00–20:00, 2 times from 9 March 2027",
        "every Wednesday 18:00–20:00, 2 times from 24 March 2027",
    ]
    assert changed["booking"]["series"][1]["follows"] == series["id"]
    stranger = Caller(make_token(make_member(make_institution("Band"))))
    path = f"series/{series['id']}/change/"
    assert said(stranger.post(path, {"since": "2027-03-09", "units": 2})) == (404, "not_found")
    assert said(world.keeper.post(path, {"since": "2027-03-09", "units": 2})) == (403, "forbidden")
    wrong = world.caller.post(
        path, {"since": "2027-03-10", "starts_at": "2027-03-11T18:00:00+01:00"}
    )
    assert said(wrong) == (400, "not_a_date")


def test_this_and_following_ends(world: World) -> None:
    body = world.asked()
    [series] = body["series"]
    path = f"series/{series['id']}/end/"
    assert said(world.keeper.post(path, {})) == (400, "invalid")
    answer = world.caller.post(path, {"since": "2027-03-23", "reason": "The concert is off"})
    assert [line["state"] for line in answer.json()["lines"]] == [
        "confirmed",
        "confirmed",
        "cancelled",
        "cancelled",
    ]
    assert [one["until_on"] for one in answer.json()["series"]] == ["2027-03-16"]
    owner = world.keeper.post(path, {"reason": "The roof leaks"})
    assert {line["state"] for line in owner.json()["lines"]} == {"cancelled"}


def test_the_same_call_again_with_its_key_is_one_series(world: World) -> None:
    first = world.caller.post("bookings/", world.body(), Idempotency_Key="tuesdays")
    again = world.caller.post("bookings/", world.body(), Idempotency_Key="tuesdays")
    assert json.loads(first.content) == json.loads(again.content)
    assert Line.objects.visible_to(SYSTEM).count() == 4


def test_a_year_of_dates_is_the_most(world: World) -> None:
    body = world.asked(rule="FREQ=DAILY;COUNT=366")
    assert len(body["lines"]) == 366
    many = {**world.body(), "lines": [world.body()["lines"][0]] * 21}
    assert said(world.caller.post("bookings/check/", many))[0] == 400


def test_s10_partners_in_five_zones(world: World) -> None:
    """Tuesdays at 17:00 in Warsaw from February to May, 4 May moved to Wednesday: the clock changes in between."""
    body = world.body(
        rule="FREQ=WEEKLY;UNTIL=20270525", exceptions=["2027-05-04"], additions=["2027-05-05"]
    )
    body["lines"][0] |= {
        "starts_at": "2027-02-02T17:00:00+01:00",
        "ends_at": "2027-02-02T19:00:00+01:00",
    }
    made = world.caller.post("bookings/", body)
    assert made.status_code == 201, made.content
    told = [line["use_starts_at"] for line in made.json()["lines"]]
    assert told[:1] + told[-4:-2] == [
        "2027-02-02T17:00:00+01:00",
        "2027-05-05T17:00:00+02:00",
        "2027-05-11T17:00:00+02:00",
    ]
    assert made.json()["series"][0]["sentence"] == (
        "every Tuesday 17:00–19:00 until 25 May 2027, not on 4 May, plus 5 May"
    )
    assert told == [week["warsaw"] for week in shared(S10)["weekly"]]
    assert not Watch.objects.visible_to(SYSTEM).exists()


def test_what_has_no_meaning_for_many_dates_is_refused() -> None:
    """A length in a period names no times, and dates that are taken are watched anyway: nothing is left unheard."""
    world = World()
    for name, value in {"wanted": {"minutes": 60}, "waiting_list": True, "least_units": 1}.items():
        body = world.body()
        body["lines"][0][name] = value
        answer = world.caller.post("bookings/", body)
        assert said(answer) == (400, "invalid")
        assert [one["field"] for one in answer.json()["errors"]] == [f"lines.0.{name}"]
