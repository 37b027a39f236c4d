"""What is fetched is asked for by its event: the desk's last hours before it, and its first after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bookings.models import Line
from bookings.opening import Fetching
from bookings.queries.fetching import fetching_for, open_minutes
from bookings.queries.search import Wanted, search
from bookings.services.drafts import add_line, current_request, set_dates
from bookings.spans import Span, local_day
from cooperative.access.querysets import SYSTEM
from sharing.models import DayOff, DayPart, Resource, WeeklyHours
from sharing.queries.day_parts import day_parts
from tests.bookings.stage import DAY, NOW, Side, ask, line, make_side, make_thing
from tests.cooperative.api_caller import Caller, make_token
from tests.journeys.visits import searchable

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)
HOUSE: dict[str, Any] = {"hours_source": "house"}
# A concert on Saturday 13 March 2027, 18 to 22 in Wrocław (UTC+1).
CONCERT = Span(datetime(2027, 3, 13, 17, tzinfo=UTC), datetime(2027, 3, 13, 21, tzinfo=UTC))
FRIDAY = Span(datetime(2027, 3, 12, 12, tzinfo=UTC), datetime(2027, 3, 12, 14, tzinfo=UTC))
MONDAY = Span(datetime(2027, 3, 15, 7, tzinfo=UTC), datetime(2027, 3, 15, 9, tzinfo=UTC))


@pytest.fixture
def owner() -> Side:
    side = make_side("Dom Kultury Zachodni")
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=side.house, weekday=day, opens_minute=480, closes_minute=900)
        for day in range(5)
    )
    return side


@pytest.fixture
def chairs(owner: Side) -> Resource:
    return make_thing(owner, "Krzesła", kind="pooled", units=120, handover="simple", **HOUSE)


def test_the_last_hours_before_and_the_first_after(owner: Side, chairs: Resource) -> None:
    [weekend] = fetching_for([(chairs.pk, CONCERT)])
    assert weekend == Fetching(Span(FRIDAY.start, MONDAY.end), FRIDAY, MONDAY)
    # Within opening hours the event's own ends will do; only the end that is outside is moved.
    day = Span(DAY + 9 * H, DAY + 11 * H)
    evening = Span(DAY + 9 * H, DAY + 20 * H)
    plain, late = fetching_for([(chairs.pk, day), (chairs.pk, evening)])
    assert plain == Fetching(day)
    assert (late.use.start, late.fetch) == (evening.start, None)
    assert late.back == Span(DAY + 31 * H, DAY + 33 * H)
    # A house holiday is passed over; with none open for two weeks the event stands as it is.
    for first, last in (("2027-03-12", "2027-03-13"), ("2027-03-15", "2027-03-16")):
        DayOff.objects.create(institution=owner.house, from_on=first, until_on=last)
    [moved] = fetching_for([(chairs.pk, CONCERT)])
    assert (moved.fetch, moved.back) == (FRIDAY.shift(-24 * H), MONDAY.shift(24 * H))
    DayOff.objects.create(institution=owner.house, from_on="2027-02-01", until_on="2027-05-01")
    assert fetching_for([(chairs.pk, CONCERT)]) == [Fetching(CONCERT)]


def test_a_room_is_used_when_the_event_is(owner: Side, chairs: Resource) -> None:
    room = make_thing(owner, "Sala", **HOUSE)
    assert fetching_for([(room.pk, CONCERT)]) == [Fetching(CONCERT)]
    assert open_minutes(room.pk, FRIDAY.start.date()) == (480, 900)
    assert open_minutes(room.pk, CONCERT.start.date()) is None
    assert fetching_for([]) == []


def test_over_the_api_the_event_is_enough(owner: Side, chairs: Resource) -> None:
    asker = make_side("Chór", role="staff")
    api = Caller(make_token(asker.person))
    event = {
        "resource": str(chairs.uid),
        "event_starts_at": "2027-03-13T18:00+01:00",
        "event_ends_at": "2027-03-13T22:00+01:00",
    }
    made = api.post("bookings/", {"title": "Koncert", "lines": [event]})
    assert made.status_code == 201
    [row] = made.json()["lines"]
    assert (row["use_starts_at"], row["use_ends_at"]) == (
        "2027-03-12T13:00:00+01:00",
        "2027-03-15T10:00:00+01:00",
    )
    assert row["event_starts_at"] == "2027-03-13T18:00:00+01:00"
    half = {**event, "starts_at": "2027-03-12T13:00+01:00"}
    for wrong in (half, {"resource": str(chairs.uid)}):
        answer = api.post("bookings/", {"title": "Koncert", "lines": [wrong]})
        assert (answer.status_code, "required" in answer.content.decode()) == (400, True)


def test_one_set_of_dates_for_things_of_several_houses(chairs: Resource) -> None:
    asker, other = make_side("Chór"), make_side("Biblioteka")
    room = make_thing(other, "Sala")
    for thing in (chairs, room):
        add_line(by=asker.viewer, wish=line(thing, 10, 2))
    draft = current_request(by=asker.viewer)
    assert draft is not None
    set_dates(by=asker.viewer, booking=draft.uid, starts_at=CONCERT.start, ends_at=CONCERT.end)
    lines = Line.objects.visible_to(SYSTEM).filter(booking=draft).order_by("position")
    uses = [Span(one.use_starts_at, one.use_ends_at) for one in lines]
    assert uses == [Span(FRIDAY.start, MONDAY.end), CONCERT]
    assert {Span(one.event_starts_at, one.event_ends_at) for one in lines} == {CONCERT}


def test_parts_of_the_day_are_the_houses_own(owner: Side) -> None:
    usual = {"morning": (480, 780), "afternoon": (780, 1080), "evening": (1080, 1380)}
    assert day_parts(owner.house.pk) == usual
    DayPart.objects.create(
        institution=owner.house, part="evening", starts_minute=1020, ends_minute=1440
    )
    assert day_parts(owner.house.pk) == {**usual, "evening": (1020, 1440)}


def test_a_search_by_a_day_alone(owner: Side) -> None:
    """What is free for an hour on end at some time of the day."""
    asker = make_side("Chór")
    room, full, busy = (
        make_thing(owner, name, terms={"at_once": True}, **HOUSE) for name in ("A", "B", "C")
    )
    searchable(room, full, busy)
    ask(make_side(), line(full, 7, 7))
    ask(make_side(), line(busy, 7, 6.5))
    ask(make_side(), line(room, 8, 2))

    def found(day: str) -> list[str]:
        whole = local_day(datetime.fromisoformat(day).date(), owner_zone())
        hits = search(viewer=asker.at(NOW), wanted=Wanted(day=whole)).results
        return sorted(hit.resource.texts.all()[0].title for hit in hits)

    assert found("2027-03-10") == ["A"]  # half an hour is no time
    assert found("2027-03-11") == ["A", "B", "C"]
    assert found("2027-03-13") == []  # Saturday


def owner_zone() -> ZoneInfo:
    return ZoneInfo("Europe/Warsaw")
