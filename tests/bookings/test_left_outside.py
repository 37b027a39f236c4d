"""Hours that are changed: which bookings would lie outside them is told before anything is saved; they stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bookings.errors import WouldLieOutside
from bookings.models import Line
from bookings.services.hours import change_hours
from cooperative.errors import NotFound
from cooperative.events.models import Event
from sharing.models import ChangedHours, DayOff, Resource, WeeklyHours
from sharing.services.changed_hours import set_changed_hours
from sharing.services.days_off import add_days_off
from sharing.services.set_weekly_hours import set_weekly_hours
from sharing.wishes import HoursWish, TimesWish
from tests.bookings.stage import NOW, Side, ask, do, fresh, line, make_side, make_thing
from tests.cooperative.api_caller import Caller, make_token, said
from tests.frontend.keeping import MONDAY, At, signed_in, text_of

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Warsaw")
DAY = date(2027, 3, 10)
"""A Wednesday, on which everything is asked for."""


def at_wall(hour: float, *, days: int = 0) -> datetime:
    return datetime(2027, 3, 10, tzinfo=ZONE) + timedelta(hours=hour, days=days)


@pytest.fixture
def owner() -> Side:
    """Open every day from eight to ten in the evening."""
    side = make_side("Dom Kultury")
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=side.house, weekday=day, opens_minute=480, closes_minute=1320)
        for day in range(7)
    )
    return side


@pytest.fixture
def hall(owner: Side) -> Resource:
    return make_thing(owner, "Sala", hours_source="house", terms={"at_once": True})


@pytest.fixture
def drill(owner: Side) -> Resource:
    """Fetched at the desk and brought back."""
    return make_thing(
        owner, "Wiertarka", hours_source="house", handover="simple", terms={"at_once": True}
    )


def booked(thing: Resource, start: float, hours: float, *, days: int = 0) -> Line:
    return ask(make_side(), line(thing, at_wall(start, days=days), hours)).lines[0]


def week(owner: Side, opens: str, closes: str) -> partial[list[WeeklyHours]]:
    hours = [HoursWish(day, opens, closes) for day in range(7)]
    return partial(set_weekly_hours, by=owner.viewer, institution=owner.house.pk, hours=hours)


def left_out(
    owner: Side, change: Callable[[], object], resource: Resource | None = None
) -> list[Line]:
    with pytest.raises(WouldLieOutside) as told:
        change_hours(
            change,
            by=owner.viewer,
            institution=owner.house.pk,
            resource=resource.uid if resource else None,
        )
    return list(told.value.lines)


def test_what_would_lie_outside_is_told_and_stays(
    owner: Side, hall: Resource, drill: Resource
) -> None:
    evening = booked(hall, 18, 3)
    over_it = booked(drill, 9, 8)  # the desk may close meanwhile
    late = booked(drill, 10, 11, days=1)
    booked(hall, 10, 2)
    # What was outside already is no news; what only waits, or is over, counts on nothing.
    always = make_thing(owner, "Dziedziniec", terms={"at_once": True})
    booked(always, 22, 2)
    ask(make_side(), line(hall, at_wall(18), 3, waiting_list=True))
    cancelled = ask(borrower := make_side(), line(hall, at_wall(18, days=2), 3)).lines[0]
    do(borrower, cancelled, "cancel")
    change = week(owner, "09:00", "20:00")
    assert [one.pk for one in left_out(owner, change)] == [evening.pk, late.pk]
    assert not WeeklyHours.objects.filter(opens_minute=540).exists()
    assert not Event.objects.filter(verb="institution.hours").exists()
    change_hours(change, by=owner.viewer, institution=owner.house.pk, confirmed=True)
    assert WeeklyHours.objects.filter(opens_minute=540).count() == 7
    assert [fresh(one).state for one in (evening, over_it, late)] == ["confirmed"] * 3
    # The same again leaves nothing new outside.
    change_hours(change, by=owner.viewer, institution=owner.house.pk)


def test_a_thing_of_its_own_one_day_and_days_off(
    owner: Side, hall: Resource, drill: Resource
) -> None:
    mine, theirs = booked(hall, 18, 3), booked(drill, 18, 3)
    own = partial(
        set_weekly_hours,
        by=owner.viewer,
        institution=owner.house.pk,
        resource=hall.uid,
        hours=[HoursWish(2, "08:00", "19:00")],
    )
    assert [one.pk for one in left_out(owner, own, hall)] == [mine.pk]
    short = partial(
        set_changed_hours,
        by=owner.viewer,
        institution=owner.house.pk,
        on=DAY,
        hours=[TimesWish("10:00", "19:00")],
    )
    assert [one.pk for one in left_out(owner, short)] == [mine.pk, theirs.pk]
    off = partial(
        add_days_off,
        by=owner.viewer,
        institution=owner.house.pk,
        from_on=DAY,
        until_on=DAY + timedelta(days=1),
    )
    assert [one.pk for one in left_out(owner, off)] == [mine.pk, theirs.pk]
    assert not ChangedHours.objects.exists()
    assert not DayOff.objects.exists()
    # What is out already is asked only whether it can be brought back.
    do(owner, theirs, "hand_over", now=at_wall(18))
    now = owner.at(at_wall(18.5))
    later = partial(short, by=now, hours=[TimesWish("19:00", "22:00")])
    change_hours(later, by=now, institution=owner.house.pk, confirmed=False, resource=drill.uid)


def test_who_may_not_change_hours_learns_nothing(owner: Side, hall: Resource) -> None:
    booked(hall, 18, 3)
    stranger = make_side()
    change = partial(week(owner, "09:00", "12:00"), by=stranger.viewer)
    with pytest.raises(NotFound):
        change_hours(change, by=stranger.viewer, institution=owner.house.pk)


def test_over_the_api(at: At, owner: Side, hall: Resource) -> None:
    at(MONDAY)
    one = booked(hall, 18, 3)
    keeper = Caller(make_token(owner.person))
    house, thing = f"institutions/{owner.house.uid}", f"resources/{hall.uid}"
    short = {"on": str(DAY), "hours": [{"opens": "10:00", "closes": "19:00"}]}
    weekly = {"weekly": [{"weekday": 2, "opens": "08:00", "closes": "19:00"}]}
    for method, path, body in (
        ("POST", f"{house}/changed-hours/", short),
        ("POST", f"{thing}/changed-hours/", short),
        ("PUT", f"{house}/hours/", weekly),
        ("PUT", f"{thing}/hours/", weekly),
    ):
        told = keeper.call(method, path, body)
        assert said(told) == (409, "would_hit")
        assert told.json()["detail"] == "1 booking lies outside these hours."
        assert [hit["line"] for hit in told.json()["hits"]] == [str(one.uid)]
        assert not ChangedHours.objects.exists()
        done = keeper.call(method, path, {**body, "confirmed": True})
        assert done.status_code == 200
        if method == "POST":
            assert keeper.delete(f"{path}{DAY}/").status_code == 204
        elif path.startswith(house):
            whole = {"weekly": [{"weekday": 2, "opens": "08:00", "closes": "22:00"}]}
            assert keeper.put(path, whole).status_code == 200
    assert done.json()["weekly"] == [
        {
            "weekday": 2,
            "opens": "08:00",
            "closes": "19:00",
            "valid_from": None,
            "valid_until": None,
        }
    ]
    # A day that is open for it, and is as every week again; and the thing following its house again.
    wide = {"on": str(DAY), "hours": [{"opens": "10:00", "closes": "22:00"}]}
    assert keeper.post(f"{thing}/changed-hours/", wide).status_code == 200
    day = f"{thing}/changed-hours/{DAY}/"
    assert said(keeper.delete(day)) == (409, "would_hit")
    assert keeper.delete(f"{day}?confirmed=true").status_code == 204
    WeeklyHours.objects.filter(resource=hall).update(closes_minute=1320)
    WeeklyHours.objects.filter(resource=None).update(closes_minute=1140)
    follows = {"hours_source": "house"}
    tag = {"If_Match": keeper.get(f"{thing}/").headers["ETag"]}
    assert said(keeper.patch(f"{thing}/", follows, **tag)) == (409, "would_hit")
    assert keeper.patch(f"{thing}/", {**follows, "confirmed": True}, **tag).status_code == 200
    assert fresh(one).state == "confirmed"


def test_on_the_page(at: At, owner: Side, hall: Resource) -> None:
    at(MONDAY)
    one = booked(hall, 18, 3)
    client = signed_in(owner)
    typed = {"action": "hours", **{f"day_{day}": "9-19" for day in range(7)}}
    told = client.post("/hours/", typed)
    assert told.status_code == 409
    assert "1 booking lies outside these hours" in text_of(told)
    assert f"/bookings/{one.booking.uid}/" in told.content.decode()
    assert told.context["hours"]["day_0"].value() == "9-19"
    assert WeeklyHours.objects.filter(closes_minute=1320).count() == 7
    again = dict(told.context["again"])
    assert again == typed
    assert client.post("/hours/", {**again, "confirmed": "1"}).status_code == 302
    assert WeeklyHours.objects.filter(closes_minute=1140).count() == 7
    day = {"changed-on": str(DAY), "changed-times": "9-22"}
    assert client.post("/hours/", {"action": "changed", **day}).status_code == 302
    usual = {"action": "as-usual", "on": str(DAY)}
    assert "lies outside these hours" in text_of(client.post("/hours/", usual))
    assert client.post("/hours/", {**usual, "confirmed": "1"}).status_code == 302
    # The listing that is to follow other hours says so too, and keeps what was typed.
    Resource.objects.visible_to(owner.viewer).filter(pk=hall.pk).update(hours_source="always")
    place = f"/things/{hall.uid}/"
    form = {
        name: value
        for name, value in client.get(place).context["form"].initial.items()
        if value not in (None, False)
    }
    follows = {**form, "hours_source": "house", "title": "Sala duża"}
    listed = client.post(place, follows)
    assert "1 booking lies outside these hours" in text_of(listed)
    assert listed.context["form"]["title"].value() == "Sala duża"
    assert client.post(place, {**follows, "confirmed": "1"}).status_code == 302
    hall.refresh_from_db()
    assert hall.hours_source == "house"
    assert fresh(one).state == "confirmed"
    assert fresh(one).use_starts_at > NOW
