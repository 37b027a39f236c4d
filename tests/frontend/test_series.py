"""What repeats on the pages of both sides: one fold with its sentence, one card with one answer, this and following."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Line, Series, Watch
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


def asked(houses: Houses, **typed: str) -> str:
    """Ask for four Wednesdays; the address of the booking."""
    answer = houses.ask(**{**WEEKLY, **typed})
    assert answer.status_code == 302
    return str(answer.url)


def taken(houses: Houses, day: str) -> None:
    rival = signed_in(make_member(make_institution("Zespół")))
    typed = {"date": day, "start": "17:00", "end": "19:00", "title": "Concert", "do": "ask"}
    rival.post(f"/resources/{houses.room.uid}/", typed)
    line = houses.lines()[-1]
    houses.keeper.post(f"/requests/{line.uid}/", {"action": "approve"})


def of_series(houses: Houses) -> list[Line]:
    return [line for line in houses.lines() if line.series_id is not None]


def chips(text: str) -> list[str]:
    """The states of the dates in the fold, in order."""
    fold = text[text.index('class="waiting series-dates"') :]
    fold = fold[: fold.index("</ul>")]
    return re.findall(r'class="chip[^"]*"[^>]*>.*?</svg>\s*([^<]+?)\s*<', fold, re.DOTALL)


def test_a_booking_shows_a_series_in_one_fold(houses: Houses) -> None:
    taken(houses, "2027-03-24")
    text = page(houses.asker, asked(houses, skip_holidays="on"))
    assert "every Wednesday 18:00–20:00, 4 times from 10 March 2027, not on public holidays" in text
    assert "0 of 3 confirmed, 3 wait for an answer, 1 watched" in text
    assert "All 4 dates" in text
    assert chips(text) == ["asked", "asked", "watched", "asked"]
    assert text.count('class="waiting series-dates"') == 1
    # In the story it is one row.
    assert text.count("The request was sent") == 1
    assert "Rehearsal room (3 dates)" in text


def test_dates_that_are_none_are_named_with_why(houses: Houses) -> None:
    url = asked(houses, skip_holidays="on", date="2027-04-26", times="2")
    text = page(houses.asker, url)
    assert "1 date left out" in text
    assert "3 May – National Day of the Third of May" in text


def test_a_watched_date_is_left_by_one_click(houses: Houses) -> None:
    taken(houses, "2027-03-24")
    url = asked(houses)
    watch = Watch.objects.visible_to(SYSTEM).get()
    text = page(houses.asker, url)
    assert f"/watches/{watch.uid}/leave/" in text
    assert f"/watches/{watch.uid}/leave/" not in page(houses.keeper, url)
    answer = houses.asker.post(f"/watches/{watch.uid}/leave/", {"next": url})
    assert answer["Location"] == url
    text = page(houses.asker, url)
    assert "This date is watched no longer." in text
    assert chips(text) == ["asked", "asked", "asked"]


def test_this_and_following_at_another_hour(houses: Houses) -> None:
    url = asked(houses)
    series = Series.objects.get()
    assert f"/series/{series.uid}/" in page(houses.asker, url)
    at = f"/series/{series.uid}/"
    text = page(houses.asker, at, since="2027-03-24")
    assert '<option value="2027-03-24" selected>' in text
    assert 'name="change-start" value="18:00"' in text
    typed = {
        "do": "change",
        "change-since": "2027-03-24",
        "change-weekday": "3",
        "change-start": "19:00",
        "change-end": "21:00",
        "change-note": "Nowy grafik",
    }
    answer = houses.asker.post(at, typed)
    assert answer.status_code == 302
    text = page(houses.asker, url)
    assert "2 dates have their new time." in text
    assert "every Wednesday 18:00–20:00, 2 times from 10 March 2027" in text
    assert "every Thursday 19:00–21:00, 2 times from 25 March 2027" in text
    assert "Nowy grafik" in text
    assert [line.use_starts_at.day for line in of_series(houses)] == [10, 17, 25, 1]


def test_what_cannot_have_the_new_time_is_named(houses: Houses) -> None:
    taken(houses, "2027-03-24")
    asked(houses, start="10:00", end="12:00")
    typed = {
        "do": "change",
        "change-since": "2027-03-17",
        "change-weekday": "2",
        "change-start": "17:00",
        "change-end": "19:00",
    }
    answer = houses.asker.post(f"/series/{Series.objects.get().uid}/", typed)
    text = page(houses.asker, answer["Location"])
    assert "2 dates have their new time." in text
    assert "Wed 24 March stays as it was: It is taken at that time." in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "This is the time it has already."),
        ({"change-start": "25:00"}, "A day has the times from 00:00 to 24:00."),
        ({"change-since": "2030-01-01"}, "is not one of the available choices"),
    ],
)
def test_a_change_that_is_none_is_said(
    houses: Houses, typed: dict[str, str], sentence: str
) -> None:
    asked(houses)
    at = f"/series/{Series.objects.get().uid}/"
    given = {"change-since": "2027-03-17", "change-weekday": "2"}
    given |= {"change-start": "18:00", "change-end": "20:00", "do": "change"}
    answer = houses.asker.post(at, {**given, **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_this_and_following_is_called_off_by_either_side(houses: Houses) -> None:
    url = asked(houses)
    at = f"/series/{Series.objects.get().uid}/"
    assert "This and following, otherwise" not in page(houses.keeper, at)
    without = houses.keeper.post(at, {"do": "end", "end-since": "2027-03-31", "end-reason": ""})
    assert without.status_code == 422
    said = {"do": "end", "end-since": "2027-03-31", "end-reason": "Remont dachu"}
    assert houses.keeper.post(at, said).status_code == 302
    assert [line.state for line in of_series(houses)] == ["asked"] * 3 + ["declined"]
    assert "Remont dachu" in page(houses.asker, url)
    assert houses.asker.post(at, {"do": "end", "end-since": "2027-03-17"}).status_code == 302
    assert [line.state for line in of_series(houses)] == [
        "asked",
        "withdrawn",
        "withdrawn",
        "declined",
    ]


def test_strangers_find_no_series(houses: Houses) -> None:
    asked(houses)
    stranger = signed_in(make_member(make_institution("Obcy")))
    assert stranger.get(f"/series/{Series.objects.get().uid}/").status_code == 404


def test_the_owner_has_one_card_and_one_answer(houses: Houses) -> None:
    url = asked(houses, one_answer="on")
    text = page(houses.keeper, "/requests/")
    assert "One answer for all dates is wished for" in text
    assert "4 of 4 dates fit" in text
    assert text.count("<h3>") == 1
    first = of_series(houses)[0]
    answer = houses.keeper.post(
        f"/requests/{first.uid}/",
        {"action": "approve", "alone": "0", f"{str(first.uid)[-8:]}-note": "Zapraszamy"},
    )
    assert answer.status_code == 302
    assert {line.state for line in of_series(houses)} == {"confirmed"}
    text = page(houses.asker, url)
    assert "4 of 4 confirmed" in text
    assert text.count("Zapraszamy") == 1


def test_the_owner_answers_date_by_date(houses: Houses) -> None:
    asked(houses)
    text = page(houses.keeper, "/requests/")
    assert "Each date may be answered for itself" in text
    lines = of_series(houses)
    houses.keeper.post(f"/requests/{lines[1].uid}/", {"action": "approve", "alone": "1"})
    assert [line.state for line in of_series(houses)] == ["asked", "confirmed", "asked", "asked"]
    assert "3 of 3 dates fit" in page(houses.keeper, "/requests/")
    decline = f"/lines/{lines[2].uid}/decline/"
    houses.keeper.post(
        f"{decline}?next=/requests/&alone=1", {"reason": "Próba", "next": "/requests/"}
    )
    assert [line.state for line in of_series(houses)][2] == "declined"


def test_declined_together_it_is_taken_back_together(houses: Houses) -> None:
    asked(houses)
    first = of_series(houses)[0]
    prefix = str(first.uid)[-8:]
    houses.keeper.post(
        f"/requests/{first.uid}/", {"action": "decline", "alone": "0", f"{prefix}-reason": "Remont"}
    )
    assert {line.state for line in of_series(houses)} == {"declined"}
    text = page(houses.keeper, "/requests/")
    assert text.count('value="reopen"') == 1
    assert "4 dates" in text
    houses.keeper.post(f"/requests/{first.uid}/", {"action": "reopen", "alone": "0"})
    assert {line.state for line in of_series(houses)} == {"asked"}


def test_the_same_reason_for_several_dates_is_said_once(houses: Houses) -> None:
    houses.ask(houses.chairs, units="10", **WEEKLY)
    series, first = Series.objects.get(), of_series(houses)[0]
    typed = {
        "do": "change",
        "change-since": str(first.series_on),
        "change-start": "18:00",
        "change-end": "20:00",
        "change-units": "500",
    }
    answer = houses.asker.post(f"/series/{series.uid}/", typed)
    assert answer.status_code == 409
    said = [one.message for one in answer.context["reasons"]]
    assert said == ["Wed 10 March, Wed 17 March, Wed 24 March, Wed 31 March: There are only 120."]


def test_dates_that_no_longer_fit_are_told_and_the_others_confirmed_alone(houses: Houses) -> None:
    asked(houses, one_answer="on")
    taken(houses, "2027-03-24")
    text = page(houses.keeper, "/requests/")
    assert "3 of 4 dates fit" in text
    assert "Not all of them fit: confirm the others one by one." in text
    first = of_series(houses)[0]
    refused = houses.keeper.post(f"/requests/{first.uid}/", {"action": "approve"})
    assert refused.status_code == 409
    assert "Wed 24 March: It is taken at that time." in refused.content.decode()
    houses.keeper.post(f"/requests/{first.uid}/", {"action": "approve", "alone": "1"})
    assert [line.state for line in of_series(houses)] == ["confirmed", "asked", "asked", "asked"]


def test_a_rival_for_one_date_stands_beside_it(houses: Houses) -> None:
    asked(houses)
    rival = signed_in(make_member(make_institution("Zespół")))
    typed = {"date": "2027-03-17", "start": "19:00", "end": "21:00", "title": "Trio", "do": "ask"}
    rival.post(f"/resources/{houses.room.uid}/", typed)
    text = page(houses.keeper, "/requests/")
    assert "Not all of these can be served: choose." in text
    assert "also asked for: Trio, Zespół" in text
    assert "4 of 4 dates fit" in text
