"""What owners enter again and again: own programme, a phone call, dates with places; and giving it free."""

from __future__ import annotations

from typing import Any

import pytest

from bookings.models import Block, Booking, SeatedSession, Series
from cooperative.access.querysets import SYSTEM
from tests.bookings.stage import Side, ask, do, fresh, line, make_side, make_thing, states
from tests.frontend.keeping import MONDAY, At, signed_in, text_of
from tests.frontend.test_repeating import rows

pytestmark = pytest.mark.django_db
WEEKLY = {"repeats": "week", "times": "4"}


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def entry(**fields: Any) -> dict[str, Any]:
    """Four Wednesdays from 10 March, 11 to 13 o'clock in Wrocław: where the stage's requests lie."""
    first = {"kind": "own_programme", "date": "2027-03-10", "start": "11:00", "end": "13:00"}
    return {**first, "title": "Próba chóru", **WEEKLY, **fields}


def days() -> list[str]:
    return [f"{one.local_date:%d.%m}" for one in Block.objects.order_by("starts_at")]


def test_own_programme_is_shown_date_by_date_and_then_entered(keeper: Side) -> None:
    hall = make_thing(keeper)
    client, url = signed_in(keeper), f"/things/{hall.uid}/week/"
    answer = client.post(url, entry(do="check", skip="2027-03-17"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "every Wednesday 11:00–13:00, 4 times from 10 March 2027, not on 17 March" in text
    assert rows(text) == [
        ("2027-03-10", "yes", "free"),
        ("2027-03-17", "past", "left out"),
        ("2027-03-24", "yes", "free"),
        ("2027-03-31", "yes", "free"),
    ]
    assert not Block.objects.exists()
    own = {"from-2027-03-24": "12:00", "to-2027-03-24": "15:00"}
    said = text_of(client.post(url, entry(skip="2027-03-17", **own), follow=True))
    assert "Entered on 3 dates." in said
    assert days() == ["10.03", "24.03", "31.03"]
    assert [(one.starts_at.hour, one.ends_at.hour) for one in Block.objects.order_by("pk")] == [
        (10, 12),
        (11, 14),
        (9, 11),  # summer time since 28 March: the wall clock stays
    ]


def test_whom_it_hits_is_told_on_its_date_and_asked_before(keeper: Side) -> None:
    hall = make_thing(keeper)
    one = ask(make_side("Chór Echo"), line(hall), title="Koncert").lines[0]
    do(keeper, one, "approve")
    client, url = signed_in(keeper), f"/things/{hall.uid}/week/"
    text = client.post(url, entry(do="check")).content.decode()
    assert rows(text)[0] == ("2027-03-10", "warn", "somebody has it: Koncert, Chór Echo")
    answer = client.post(url, entry())
    assert answer.status_code == 409
    assert "There are bookings in the way" in text_of(answer)
    # What repeats stays open, with its dates.
    assert "every Wednesday 11:00–13:00" in answer.content.decode()
    assert not Block.objects.exists()
    assert client.post(url, entry(hit_known="1", hit=str(one.uid))).status_code == 302
    assert fresh(one).state == "to_settle"
    assert Block.objects.count() == 4


def test_one_date_or_all_following_are_given_free(keeper: Side) -> None:
    hall = make_thing(keeper)
    client, url = signed_in(keeper), f"/things/{hall.uid}/week/"
    client.post(url, entry())
    blocks = list(Block.objects.order_by("starts_at"))
    assert "Remove this and following" in text_of(client.get(f"{url}?day=2027-03-24"))
    client.post(url, {"action": "remove", "block": str(blocks[1].uid)})
    assert days() == ["10.03", "24.03", "31.03"]
    following = {"action": "remove_following", "block": str(blocks[2].uid)}
    assert "2 dates are free again." in text_of(client.post(url, following, follow=True))
    assert days() == ["10.03"]


def test_a_phone_call_about_many_dates_is_written_in(keeper: Side) -> None:
    hall = make_thing(keeper)
    do(keeper, ask(make_side("Chór Echo"), line(hall)).lines[0], "approve")
    client, url = signed_in(keeper), f"/things/{hall.uid}/week/"
    data = entry(kind="phone", title="", outside_name="Rada Osiedla", outside_phone="700 200 300")
    text = client.post(url, {**data, "do": "check"}).content.decode()
    assert [(day, tone) for day, tone, _words in rows(text)] == [
        ("2027-03-10", "no"),
        ("2027-03-17", "yes"),
        ("2027-03-24", "yes"),
        ("2027-03-31", "yes"),
    ]
    said = text_of(client.post(url, data, follow=True))
    assert "Entered on 3 dates." in said
    assert "Not on Wed 10 March: It is taken at that time." in said
    written = Booking.objects.visible_to(SYSTEM).get(outside_name="Rada Osiedla")
    assert states(written) == ["confirmed"] * 3


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"times": ""}, "Say when it ends: on a day, or after how many times."),
        ({"until": "soon", "times": ""}, "A day is written as 2027-05-01."),
        ({"start": "25:00"}, "A day has the times from 00:00 to 24:00."),
    ],
)
@pytest.mark.parametrize("step", ["check", ""])
def test_what_cannot_be_meant_is_said(
    keeper: Side, typed: dict[str, str], sentence: str, step: str
) -> None:
    hall = make_thing(keeper)
    answer = signed_in(keeper).post(f"/things/{hall.uid}/week/", entry(do=step, **typed))
    assert answer.status_code == (200 if step else 422)
    assert sentence in answer.content.decode()
    assert not Block.objects.exists()


def test_dates_with_places_are_added_at_once(keeper: Side) -> None:
    workshop = make_thing(keeper, kind="seated", units=10, category="workshop")
    client, url = signed_in(keeper), f"/things/{workshop.uid}/dates/"
    typed = entry(units="12", title="Glina")
    text = client.post(url, {**typed, "do": "check"}).content.decode()
    assert [tone for _day, tone, _words in rows(text)] == ["yes"] * 4
    assert not SeatedSession.objects.exists()
    answer = client.post(url, {**typed, "skip": "2027-03-17"}, follow=True)
    assert "Entered on 3 dates." in text_of(answer)
    made = list(SeatedSession.objects.order_by("starts_at"))
    assert [f"{one.local_date:%d.%m}" for one in made] == ["10.03", "24.03", "31.03"]
    assert {(one.units, one.title, one.series_id) for one in made} == {
        (12, "Glina", Series.objects.get().pk)
    }
    # The same dates again are there already.
    again = text_of(client.post(url, {**typed, "times": "5"}, follow=True))
    assert "Entered on 2 dates." in again
    assert "Not on Wed 10 March" in again
