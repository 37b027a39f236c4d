"""The page of a listing and its ask panel, as forms without a script send them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.cooperative.factories import make_institution, make_member
from tests.frontend.asking import TODAY, Houses, page, signed_in, two_houses

pytestmark = pytest.mark.django_db
At = Callable[[str], datetime]


@pytest.fixture
def houses(at: At) -> Houses:
    at(TODAY)
    return two_houses()


def test_the_page_says_terms_place_and_what_is_not_known(houses: Houses) -> None:
    text = page(houses.asker, f"/resources/{houses.room.uid}/")
    assert "<h1>Rehearsal room</h1>" in text
    assert "Members may ask" in text
    assert "Not known yet" in text
    assert "1–7 March 2027" in text
    assert 'id="ask-form"' in text


def test_visitors_see_only_what_is_public(houses: Houses) -> None:
    assert Client().get(f"/resources/{houses.room.uid}/").status_code == 404


def test_asking_sends_a_request_and_leads_to_it(houses: Houses) -> None:
    answer = houses.ask()
    assert answer.status_code == 302
    assert answer.url == f"/bookings/{houses.bookings()[0].uid}/"
    assert [line.state for line in houses.lines()] == ["asked"]


def test_things_are_kept_for_who_asks_first(houses: Houses) -> None:
    houses.ask(houses.chairs, units="80")
    assert [(line.state, line.units) for line in houses.lines()] == [("held", 80)]


def kept_for_a_rival(houses: Houses) -> None:
    rival = signed_in(make_member(make_institution("Zespół")))
    values = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "units": "80", "do": "ask"}
    rival.post(f"/resources/{houses.chairs.uid}/", {**values, "title": "First"})
    assert [line.state for line in houses.lines()] == ["held"]


def test_a_taken_time_is_refused_in_place_with_options(houses: Houses) -> None:
    kept_for_a_rival(houses)
    answer = houses.ask(houses.chairs, units="80", title="Second")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="kept_for_another"' in text
    assert "Ask as the next in the queue" in text
    assert 'value="Second"' in text
    assert len(houses.bookings()) == 1


def test_the_same_asked_again_is_told_with_its_request_and_may_be_meant(houses: Houses) -> None:
    houses.ask()
    first = houses.bookings()[0]
    answer = houses.ask()
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="asked_already"' in text
    assert "You have asked for this already" in text
    assert f'href="/bookings/{first.uid}/"' in text
    assert len(houses.bookings()) == 1
    meant = houses.ask(do="anyway", ask_anyway="Two choirs, one after the other.")
    assert meant.status_code == 302
    assert [line.waived for line in houses.lines()] == [[], ["asked_already"]]
    assert "Two choirs, one after the other." in page(houses.asker, meant.url)


def test_nobody_is_told_of_what_others_asked(houses: Houses) -> None:
    houses.ask()
    rival = signed_in(make_member(make_institution("Zespół")))
    values = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "title": "Trio", "do": "ask"}
    assert rival.post(f"/resources/{houses.room.uid}/", values).status_code == 302
    assert len(houses.bookings()) == 2


def test_an_option_with_a_title_books_by_one_click(houses: Houses) -> None:
    kept_for_a_rival(houses)
    text = houses.ask(houses.chairs, units="80", title="Second").content.decode()
    option = text[text.index("Ask as the next in the queue") :]
    form = option[: option.index("</form>")]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    assert fields["do"] == "ask"
    answer = houses.asker.post(f"/resources/{houses.chairs.uid}/", fields)
    assert answer.status_code == 302
    assert [line.state for line in houses.lines()] == ["held", "asked"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"end": "17:00"}, "The end lies before the start."),
        ({"end": "18:00"}, "Start and end are the same: the length is zero."),
        ({"date": "0001-01-01"}, "Times are from 2000 until 2199."),
        ({"date": "2027-02-30"}, "This day is not in the calendar."),
        ({"start": "25:00"}, "A day has the times from 00:00 to 24:00."),
        ({"start": "soon"}, "A time is written as 18:00."),
        ({"title": ""}, "Say what it is for: a title or a purpose."),
        ({"date": ""}, "This field is required."),
        ({"setup": "-5"}, "Ensure this value is greater than or equal to 0."),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_meant_is_said_beside_it_and_stays_typed(
    houses: Houses, typed: dict[str, str], sentence: str
) -> None:
    answer = houses.ask(purpose="", **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    if typed.get("title") != "" and "\x00" not in typed.get("title", ""):
        assert 'value="Rehearsal"' in text
    assert houses.bookings() == []


LATE = {"start": "22:00", "end": "02:00"}
OVERNIGHT = "For an end on the next day, fill in “Until another day”."


def unfolded(text: str) -> bool:
    """Whether the fold with the last day stands open."""
    (fold,) = re.findall(r'<details class="fold" id="longer"( open)?>', text)
    return bool(fold)


@pytest.mark.parametrize("do", ["ask", "check"])
def test_an_end_after_midnight_leads_to_the_field_of_the_last_day(houses: Houses, do: str) -> None:
    text = houses.ask(**LATE, do=do).content.decode()
    (beside,) = re.findall(r'<ul class="errorlist" id="id_end_error">(.*?)</ul>', text, re.DOTALL)
    assert "The end lies before the start." in beside
    assert OVERNIGHT in beside
    assert unfolded(text)
    assert houses.bookings() == []


def test_while_one_types_an_end_after_midnight_unfolds_the_last_day(houses: Houses) -> None:
    typed = {"date": "2027-03-10", **LATE}
    at = f"/resources/{houses.room.uid}/check/"
    text = houses.asker.post(at, typed).content.decode()
    assert OVERNIGHT in text
    assert 'data-unfold="longer"' in text
    assert "data-unfold" not in houses.asker.post(at, {**typed, "end": "23:00"}).content.decode()


def test_a_last_day_that_was_said_needs_no_such_hint(houses: Houses) -> None:
    text = houses.ask(**LATE, end_date="2027-03-09").content.decode()
    assert "The end lies before the start." in text
    assert OVERNIGHT not in text
    assert houses.ask(**LATE, end_date="2027-03-11").status_code == 302


def test_the_fold_stays_shut_where_nothing_in_it_is_meant(houses: Houses) -> None:
    assert not unfolded(page(houses.asker, f"/resources/{houses.room.uid}/"))
    assert not unfolded(houses.ask(end="17:70").content.decode())
    assert unfolded(houses.ask(setup="-5").content.decode())


@pytest.mark.parametrize("units", ["0", "-1", "many"])
def test_numbers_that_are_none_are_refused(houses: Houses, units: str) -> None:
    assert houses.ask(houses.chairs, units=units).status_code == 422


def test_more_than_there_are_is_a_fact_with_an_option(houses: Houses) -> None:
    answer = houses.ask(houses.chairs, units="200")
    assert answer.status_code == 409
    assert "There are only 120." in answer.content.decode()
    assert "120 pieces at the same time" in answer.content.decode()


def test_the_past_is_refused(houses: Houses) -> None:
    answer = houses.ask(date="2027-02-10")
    assert answer.status_code == 409
    assert 'data-code="in_the_past"' in answer.content.decode()


def test_an_hour_that_does_not_exist_is_refused(houses: Houses) -> None:
    answer = houses.ask(date="2027-03-28", start="02:30", end="06:00")
    assert answer.status_code == 422
    assert "it does not exist" in answer.content.decode()


def test_an_hour_that_exists_twice_is_asked_back_and_the_choice_is_taken(houses: Houses) -> None:
    typed = {"date": "2027-10-31", "start": "02:30", "end": "06:00"}
    text = houses.ask(**typed).content.decode()
    assert re.findall(r'name="start_offset" value="([^"]+)"', text) == ["+02:00", "+01:00"]
    assert 'value="02:30"' in text
    answer = houses.ask(**typed, start_offset="+01:00")
    assert answer.status_code == 302
    assert houses.lines()[0].use_starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_only_a_time_that_exists_twice_is_kept_with_its_offset(houses: Houses) -> None:
    at = f"/resources/{houses.room.uid}/check/"
    winter = {"date": "2027-03-10", "start": "18:00", "end": "20:00", "start_offset": "+01:00"}
    assert "start_offset" not in houses.asker.post(at, winter).content.decode()
    twice = {"date": "2027-10-31", "start": "02:30", "end": "06:00", "start_offset": "+01:00"}
    text = houses.asker.post(at, twice).content.decode()
    assert re.findall(r'name="start_offset" value="([^"]+)"', text)[0] == "+01:00"
    assert "end_offset" not in text


def test_house_rules_alone_can_be_asked_past_with_a_word_why(houses: Houses) -> None:
    too_soon = {"date": "2027-03-01", "start": "18:00", "end": "20:00"}
    refused = houses.ask(**too_soon)
    assert refused.status_code == 409
    assert 'value="anyway"' in refused.content.decode()
    answer = houses.ask(**too_soon, do="anyway", ask_anyway="The boiler broke.")
    assert answer.status_code == 302
    line = houses.lines()[0]
    assert (line.state, line.waived) == ("asked", ["too_late_to_ask"])
    assert "The boiler broke." in page(houses.asker, answer.url)


def test_the_check_answers_a_fragment_and_stores_nothing(houses: Houses) -> None:
    typed = {"date": "2027-03-10", "start": "18:00", "end": "20:00"}
    answer = houses.asker.post(
        f"/resources/{houses.room.uid}/check/", typed, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert "Free: Wed 10 March, 18:00–20:00" in text
    assert "<html" not in text
    assert "calendar" not in text
    assert houses.bookings() == []


def test_the_calendar_follows_the_day_that_is_typed(houses: Houses) -> None:
    answer = houses.asker.post(
        f"/resources/{houses.room.uid}/check/", {"date": "2027-05-10", "shown": "2027-03-01"}
    )
    assert "10–16 May 2027" in answer.content.decode()


def test_the_check_sends_who_is_signed_out_to_sign_in(houses: Houses) -> None:
    answer = Client().post(f"/resources/{houses.room.uid}/check/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/"


def test_filling_the_form_keeps_what_was_typed(houses: Houses) -> None:
    answer = houses.ask(do="fill", title="")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="2027-03-10"' in text
    assert 'value="18:00"' in text
    assert houses.bookings() == []


def test_the_owners_zone_is_named_where_it_differs(houses: Houses) -> None:
    houses.choir.time_zone = "Europe/Vilnius"
    houses.choir.save()
    text = page(
        houses.asker,
        f"/resources/{houses.room.uid}/",
        date="2027-03-10",
        start="18:00",
        end="20:00",
    )
    assert "Free: Wed 10 March, 18:00–20:00 (Warsaw time; 19:00–21:00 where you are)" in text
