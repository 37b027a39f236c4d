"""S10 of the domain on the pages: a weekly rehearsal with partners in other zones, over two changes of the clock.

The API's half: `tests/bookings/api/test_series.py`; a law that moves a zone: `tests/bookings/test_time_zones.py`.
What belongs to later issues is left out: imported calendars, and a rehearsal that an alarm interrupts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import Houses, page, signed_in, two_houses
from tests.shared_data import S10, shared

pytestmark = pytest.mark.django_db
At = Callable[[str], datetime]
WARSAW = ZoneInfo("Europe/Warsaw")
PARTNERS = ("Europe/Vilnius", "Europe/Kyiv", "Asia/Tokyo", "Europe/Minsk")
TUESDAYS = {
    "date": "2027-02-02",
    "start": "17:00",
    "end": "19:00",
    "repeats": "week",
    "until": "2027-05-25",
    "skip": "2027-05-04",
    "additions": "5.5.2027",
    "watch": "on",
}


@pytest.fixture
def houses(at: At) -> Houses:
    at("2027-01-11T09:00+01:00")
    return two_houses()


def partner(zone: str) -> Client:
    return signed_in(make_member(make_institution(zone, time_zone=zone)))


def checked(houses: Houses, client: Client, **typed: Any) -> str:
    answer = client.post(f"/resources/{houses.room.uid}/check/", typed)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def rows(text: str) -> dict[str, tuple[str, str, str]]:
    """Tone, hours and words of each date of the preview, by its day."""
    found = {}
    for part in text.split('<li data-tone="')[1:]:
        hours = re.search(r'<span class="nowrap">([^<]*)', part)
        [day] = re.findall(r'id="date-([\d-]+)"', part)
        [words] = re.findall(r'<p class="small">([^<]*)', part)
        found[day] = (part[: part.index('"')], hours[1] if hours else "", words.strip())
    return found


def hours_in(zone: str, start: datetime) -> str:
    """What a partner is to read of two hours from `start`: the owner's clock first."""
    there = [at.astimezone(ZoneInfo(zone)) for at in (start, start + timedelta(hours=2))]
    hours = f"{there[0]:%H:%M}–{there[1]:%H:%M}"
    if there[0].date() != start.date():
        hours = f"{there[0]:%a} {there[0].day} {there[0]:%B}, {hours}"
    return f"17:00–19:00 (Warsaw time; {hours} where you are)"


def test_each_partner_reads_every_date_on_both_clocks(houses: Houses) -> None:
    seen = {zone: rows(checked(houses, partner(zone), **TUESDAYS)) for zone in PARTNERS}
    told = {zone: (found["2027-03-23"][1], found["2027-03-30"][1]) for zone, found in seen.items()}
    before, after = "17:00–19:00 (Warsaw time; ", " where you are)"
    assert told == {
        "Europe/Vilnius": (f"{before}18:00–20:00{after}",) * 2,
        "Europe/Kyiv": (f"{before}18:00–20:00{after}",) * 2,
        "Asia/Tokyo": (
            f"{before}Wed 24 March, 01:00–03:00{after}",
            f"{before}Wed 31 March, 00:00–02:00{after}",
        ),
        "Europe/Minsk": (f"{before}19:00–21:00{after}", f"{before}18:00–20:00{after}"),
    }
    for found in seen.values():
        assert found.pop("2027-05-04") == ("past", "", "left out")
        assert found["2027-05-05"][0] == "yes"
        assert len(found) == 17


def test_every_week_is_as_the_vectors_say(houses: Houses) -> None:
    weekly = shared(S10)["weekly"]
    seen = {zone: rows(checked(houses, partner(zone), **TUESDAYS)) for zone in PARTNERS}
    for week in weekly:
        start = datetime.fromisoformat(week["warsaw"])
        for zone, found in seen.items():
            assert start == datetime.fromisoformat(week[zone])
            assert found[f"{start:%Y-%m-%d}"][1] == hours_in(zone, start)


def test_what_is_sent_keeps_the_owners_hour_for_both_sides(houses: Houses) -> None:
    tokyo = partner("Asia/Tokyo")
    assert "every Tuesday 17:00–19:00 until 25 May 2027, not on 4 May, plus 5 May" in checked(
        houses, tokyo, **TUESDAYS
    )
    typed = {**TUESDAYS, "title": "Online", "do": "ask"}
    sent = tokyo.post(f"/resources/{houses.room.uid}/", typed)
    assert sent.status_code == 302
    lines = houses.lines()
    assert len(lines) == 17
    walls = {line.use_starts_at.astimezone(WARSAW).strftime("%H:%M") for line in lines}
    assert walls == {"17:00"}
    assert {line.use_starts_at.hour for line in lines} == {16, 15}
    theirs, ours = page(tokyo, sent["Location"]), page(houses.keeper, sent["Location"])
    assert "Tue 23 March, 17:00–19:00 (Warsaw time; Wed 24 March, 01:00–03:00 where" in theirs
    assert "Tue 30 March, 17:00–19:00 (Warsaw time; Wed 31 March, 00:00–02:00 where" in theirs
    assert "Wed 5 May, 17:00–19:00 (Warsaw time; Thu 6 May, 00:00–02:00 where" in theirs
    assert "Tue 30 March, 17:00–19:00" in ours
    assert "where you are" not in ours


def test_an_hour_that_is_not_there_is_refused_and_one_that_is_twice_is_asked(
    houses: Houses,
) -> None:
    nightly = {"start": "02:30", "end": "04:30", "repeats": "day", "times": "2", "watch": "on"}
    spring = rows(checked(houses, houses.asker, date="2027-03-27", **nightly))
    assert [row[0] for row in spring.values()] == ["yes", "no"]
    assert "it does not exist" in spring["2027-03-28"][2]
    # Shifted by hand, with a time of its own, it can be had.
    own = {"from-2027-03-28": "03:30", "to-2027-03-28": "05:30"}
    shifted = rows(checked(houses, houses.asker, date="2027-03-27", **nightly, **own))
    assert shifted["2027-03-28"][:2] == ("yes", "03:30–05:30")
    autumn = checked(houses, houses.asker, date="2027-10-30", **nightly)
    assert [row[0] for row in rows(autumn).values()] == ["yes", "no"]
    assert re.findall(r'name="offset-2027-10-31" value="([^"]+)"', autumn) == ["+02:00", "+01:00"]
    chosen = {"offset-2027-10-31": "+01:00"}
    second = rows(checked(houses, houses.asker, date="2027-10-30", **nightly, **chosen))
    assert second["2027-10-31"][0] == "yes"
    # In Kyiv the same instant is another hour: there 03:30 is not there, and 02:30 is.
    houses.room.time_zone = "Europe/Kyiv"
    houses.room.save()
    kyiv = rows(checked(houses, houses.asker, date="2027-03-27", **nightly))
    assert [row[0] for row in kyiv.values()] == ["yes", "yes"]
    later = {**nightly, "start": "03:30", "end": "05:30"}
    kyiv = rows(checked(houses, houses.asker, date="2027-03-27", **later))
    assert [row[0] for row in kyiv.values()] == ["yes", "no"]
