"""Asking for something again and again, as forms without a script send it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bookings.models import Series, Watch
from cooperative.access.querysets import SYSTEM
from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses

pytestmark = pytest.mark.django_db
At = Callable[[str], datetime]
WEEKLY = {"repeats": "week", "times": "4", "watch": "on"}


@pytest.fixture
def houses(at: At) -> Houses:
    at(TODAY)
    return two_houses()


def rows(text: str) -> list[tuple[str, str, str]]:
    """Day, tone and words of each date of the table."""
    found = re.findall(
        r'<li data-tone="(\w+)" id="date-([\d-]+)">.*?<p class="small">([^<]*)', text, re.DOTALL
    )
    return [(day, tone, words.strip()) for tone, day, words in found]


def check(houses: Houses, **typed: Any) -> str:
    values = {"date": "2027-03-10", "start": "18:00", "end": "20:00", **WEEKLY, **typed}
    answer = houses.asker.post(f"/resources/{houses.room.uid}/check/", values)
    assert answer.status_code == 200
    return answer.content.decode()


def taken(houses: Houses, day: str) -> None:
    """Somebody else has the room then."""
    rival = signed_in(make_member(make_institution("Zespół")))
    typed = {"date": day, "start": "17:00", "end": "19:00", "title": "Concert", "do": "ask"}
    rival.post(f"/resources/{houses.room.uid}/", typed)
    line = houses.lines()[-1]
    houses.keeper.post(f"/requests/{line.uid}/", {"action": "approve"})
    line.refresh_from_db()
    assert line.state == "confirmed"


def test_the_fold_stands_closed_until_something_repeats(houses: Houses) -> None:
    text = page(houses.asker, f"/resources/{houses.room.uid}/")
    assert '<details class="fold repeat" id="repeats">' in text
    text = houses.ask(do="check", **WEEKLY).content.decode()
    assert '<details class="fold repeat" id="repeats" open>' in text


def test_every_date_is_shown_with_its_own_state_before_asking(houses: Houses) -> None:
    taken(houses, "2027-03-24")
    text = check(houses, skip="2027-03-17", skip_holidays="on", additions="29.3.2027")
    assert "every Wednesday 18:00–20:00, 4 times from 10 March 2027" in text
    assert "not on 17 March" in text
    assert rows(text) == [
        ("2027-03-10", "yes", "free"),
        ("2027-03-17", "past", "left out"),
        ("2027-03-24", "no", "It is taken at that time. It is free from 19:30."),
        ("2027-03-29", "yes", "free"),
        ("2027-03-31", "yes", "free"),
    ]
    assert "3 of 4 dates can be had" in text
    assert "Ask for 3 dates" in text
    assert 'id="skip-2027-03-17" name="skip" value="2027-03-17" checked' in text
    assert "Add to my request" not in text
    assert len(houses.bookings()) == 1


def test_without_a_script_the_button_shows_the_same(houses: Houses) -> None:
    text = houses.ask(do="check", **WEEKLY).content.decode()
    assert [day for day, _tone, _words in rows(text)] == [
        "2027-03-10",
        "2027-03-17",
        "2027-03-24",
        "2027-03-31",
    ]
    assert houses.bookings() == []


def test_holidays_are_named(houses: Houses) -> None:
    text = check(houses, date="2027-04-26", times="2", skip_holidays="on")
    assert rows(text) == [
        ("2027-04-26", "yes", "free"),
        ("2027-05-03", "past", "National Day of the Third of May"),
    ]


def test_asking_sends_what_is_free_and_watches_the_rest(houses: Houses) -> None:
    taken(houses, "2027-03-24")
    answer = houses.ask(**WEEKLY)
    assert answer.status_code == 302
    text = page(houses.asker, answer.url)
    assert "3 dates are asked for." in text
    assert "1 is taken and watched" in text
    assert [line.state for line in houses.lines()] == ["confirmed", "asked", "asked", "asked"]
    assert Watch.objects.visible_to(SYSTEM).count() == 1


def test_a_date_gets_a_time_of_its_own(houses: Houses) -> None:
    typed = {
        **WEEKLY,
        "from-2027-03-17": "19:00",
        "to-2027-03-17": "01:00",
        "from-2027-03-24": "17:00",
    }
    assert houses.ask(**typed).status_code == 302
    times = [(line.use_starts_at.hour, line.use_ends_at.hour) for line in houses.lines()]
    assert times == [(17, 19), (18, 0), (16, 19), (16, 18)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"times": ""}, "Say when it ends: on a day, or after how many times."),
        ({"until": "2027-06-01"}, "Choose either the last day or how many times."),
        ({"until": "soon", "times": ""}, "A day is written as 2027-05-01."),
        ({"additions": "5.5.2027, soon"}, "soon is no day; write it as 5.5.2027."),
        ({"times": "400"}, "Ensure this value is less than or equal to 366."),
        ({"every": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"from-2027-03-17": "25:00"}, "A day has the times from 00:00 to 24:00."),
        (
            {"skip": ["2027-03-10", "2027-03-17", "2027-03-24", "2027-03-31"]},
            "There is no date in this.",
        ),
        ({"repeats": "century"}, "is not one of the available choices"),
    ],
)
def test_what_cannot_be_meant_is_said(houses: Houses, typed: dict[str, Any], sentence: str) -> None:
    answer = houses.ask(**{**WEEKLY, **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sentence in check(houses, **typed)
    assert houses.bookings() == []


def test_where_not_one_date_can_be_had_nothing_is_asked(houses: Houses) -> None:
    taken(houses, "2027-03-10")
    answer = houses.ask(**{**WEEKLY, "times": "1"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "0 of 1 date can be had" in text
    assert 'value="ask"' not in text
    assert len(houses.bookings()) == 1


def test_an_hour_that_exists_twice_is_chosen_for_its_date(houses: Houses) -> None:
    typed = {"date": "2027-10-30", "start": "02:30", "end": "04:30", "repeats": "day", "times": "2"}
    text = check(houses, **typed)
    assert [tone for _day, tone, _words in rows(text)] == ["yes", "no"]
    assert re.findall(r'name="offset-2027-10-31" value="([^"]+)"', text) == ["+02:00", "+01:00"]
    answer = houses.ask(**{**WEEKLY, **typed, "offset-2027-10-31": "+01:00"})
    assert answer.status_code == 302
    assert houses.lines()[1].use_starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_what_is_fetched_the_day_before_repeats_on_the_days_of_the_event(houses: Houses) -> None:
    typed = {
        **WEEKLY,
        "units": "20",
        "fetch_date": "2027-03-09",
        "fetch_time": "12:00",
        "back_date": "2027-03-11",
        "back_time": "10:00",
    }
    answer = houses.ask(houses.chairs, **typed)
    assert answer.status_code == 302, re.findall(
        "errorlist[^>]*>(.*?)</ul>", answer.content.decode()
    )
    series = Series.objects.get()
    assert (series.rule, series.starts_minute) == ("FREQ=WEEKLY;COUNT=4;BYDAY=TU", 720)
    assert (series.event_starts_minute, series.event_length_minutes) == (1440 + 18 * 60, 120)
    first = houses.lines()[0]
    assert first.event_starts_at.isoformat() == "2027-03-10T17:00:00+00:00"
    monthly = {**typed, "repeats": "month"}
    refused = houses.ask(houses.chairs, **monthly)
    assert "can only be fetched on the same day" in refused.content.decode()


def test_several_days_of_the_week_and_the_second_one_of_the_month(houses: Houses) -> None:
    text = check(houses, weekdays=["0", "2"], every="2", times="4")
    assert "every second week on Mondays and Wednesdays 18:00–20:00" in text
    text = check(houses, repeats="month", monthly="nth", times="3")
    assert [day for day, _tone, _words in rows(text)] == ["2027-03-10", "2027-04-14", "2027-05-12"]
    text = check(houses, repeats="month", monthly="last_day", times="2")
    assert [day for day, _tone, _words in rows(text)] == ["2027-03-31", "2027-04-30"]


def test_a_year_of_dates_fits_on_the_page(houses: Houses) -> None:
    text = check(houses, repeats="day", times="366")
    assert len(rows(text)) == 366
    assert "from-2027-03-10" not in text
    assert len(text) < 300_000


def test_a_partner_in_another_zone_reads_both_clocks(houses: Houses) -> None:
    houses.choir.time_zone = "Asia/Tokyo"
    houses.choir.save()
    text = check(houses, date="2027-03-24", start="17:00", end="19:00", times="2")
    told = re.findall(r'<span class="nowrap">([^<]*)</span>', text)
    assert told == [
        "17:00–19:00 (Warsaw time; Thu 25 March, 01:00–03:00 where you are)",
        "17:00–19:00 (Warsaw time; Thu 1 April, 00:00–02:00 where you are)",
    ]
