"""The hours page: seasons, other hours on one day, holidays; and how calendars mark holidays."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from cooperative.institutions.models import Institution
from sharing.models import ChangedHours, DayOff, WeeklyHours
from sharing.seasons import seasons
from tests.bookings.stage import Side, make_side, make_thing
from tests.frontend.keeping import MONDAY, At, signed_in, statements, text_of

pytestmark = pytest.mark.django_db

SUMMER = {
    "action": "season",
    "season-from_on": "2027-07-01",
    "season-last_on": "2027-08-31",
    "season-day_0": "10-14",
    "season-day_1": "10:00–14:00, 16-18",
}


@pytest.fixture
def keeper(at: At) -> Side:
    at(MONDAY)
    return make_side("Dom Kultury Nadrzecze")


def week_held(house: Institution, day: date) -> list[tuple[int, int, int]]:
    found = seasons(WeeklyHours.objects.filter(institution=house, resource=None))
    return list(next(one.week for one in found if one.holds_on(day)))


def changed() -> list[tuple[str, int, int, str]]:
    rows = ChangedHours.objects.order_by("on", "opens_minute")
    return [(str(row.on), row.opens_minute, row.closes_minute, row.reason) for row in rows]


# --- seasons -----------------------------------------------------------------------------------------
def test_a_season_is_entered_changed_and_removed(keeper: Side) -> None:
    client = signed_in(keeper)
    refused = client.post("/hours/", SUMMER)
    assert refused.status_code == 422
    assert "Please save the ordinary week first." in text_of(refused)
    client.post("/hours/", {"action": "hours", "day_0": "8-16"})
    said = text_of(client.post("/hours/", SUMMER, follow=True))
    assert "Thu 1 July – Tue 31 August 2027" in said
    assert "Mon 10:00–14:00; Tue 10:00–14:00, 16:00–18:00" in said
    assert "An ordinary week As 9:00–17:00" in said
    assert week_held(keeper.house, date(2027, 8, 31)) == [
        (0, 600, 840),
        (1, 600, 840),
        (1, 960, 1080),
    ]
    assert week_held(keeper.house, date(2027, 9, 1)) == [(0, 480, 960)]
    # The ordinary week is still what the first form shows.
    page = client.get("/hours/?season=2027-07-01")
    assert page.context["hours"].initial["day_0"] == "08:00–16:00"
    form = page.context["season"]
    assert (form.initial["day_0"], form.initial["last_on"]) == ("10:00–14:00", date(2027, 8, 31))
    moved = {**SUMMER, "season-from_on": "2027-07-12", "season-instead_of": "2027-07-01"}
    assert client.post("/hours/", moved).status_code == 302
    assert week_held(keeper.house, date(2027, 7, 11)) == [(0, 480, 960)]
    assert (
        client.post("/hours/", {"action": "no-season", "from_on": "2027-07-01"}).status_code == 404
    )
    client.post("/hours/", {"action": "no-season", "from_on": "2027-07-12"})
    assert week_held(keeper.house, date(2027, 8, 1)) == [(0, 480, 960)]
    assert WeeklyHours.objects.count() == 1


def test_saving_the_ordinary_week_keeps_the_seasons(keeper: Side) -> None:
    client = signed_in(keeper)
    client.post("/hours/", {"action": "hours", "day_0": "8-16"})
    client.post("/hours/", SUMMER)
    client.post("/hours/", {"action": "hours", "day_2": "9-17"})
    assert week_held(keeper.house, date(2027, 6, 30)) == [(2, 540, 1020)]
    assert week_held(keeper.house, date(2027, 7, 1))[0] == (0, 600, 840)
    assert week_held(keeper.house, date(2027, 9, 1)) == [(2, 540, 1020)]


def test_hours_for_good_from_a_day_on_say_from_when(keeper: Side) -> None:
    client = signed_in(keeper)
    client.post("/hours/", {"action": "hours", "day_0": "8-16"})
    said = text_of(client.post("/hours/", {**SUMMER, "season-last_on": ""}, follow=True))
    assert "An ordinary week from Thu 1 July 2027" in said
    assert "until Wed 30 June 2027 Mon 08:00–16:00 · now" in said
    assert "Remove" in said


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"season-last_on": "2027-06-01"}, "last_on"),
        ({"season-from_on": ""}, "from_on"),
        ({"season-day_1": "od rana"}, "day_1"),
        ({"season-day_1": "18-10"}, "day_1"),
        ({"season-day_1": "8-12, 11-13"}, "day_1"),
        ({"season-day_0": "", "season-day_1": ""}, "day_0"),
    ],
)
def test_what_is_wrong_with_a_season_is_said_beside_it(
    keeper: Side, wrong: dict[str, str], field: str
) -> None:
    client = signed_in(keeper)
    client.post("/hours/", {"action": "hours", "day_0": "8-16"})
    answer = client.post("/hours/", {**SUMMER, **wrong})
    assert answer.status_code == 422
    assert set(answer.context["season"].errors) == {field}
    assert answer.context["hours"].initial["day_0"] == "08:00–16:00"
    assert WeeklyHours.objects.count() == 1


def test_the_page_of_a_thing_says_the_season_that_comes(keeper: Side, at: At) -> None:
    hall = make_thing(keeper, hours_source="house")
    client = signed_in(keeper)
    for day in range(5):
        client.post("/hours/", {"action": "hours", **{f"day_{n}": "8-16" for n in range(day + 1)}})
    client.post("/hours/", SUMMER)
    address = f"/resources/{hall.uid}/"
    assert "Mon–Fri 08:00–16:00" in text_of(client.get(address))
    assert "Thu 1 July" not in text_of(client.get(address))
    at("2027-06-01T10:00+02:00")
    client = signed_in(keeper)
    season = "Thu 1 July – Tue 31 August 2027: Mon 10:00–14:00; Tue 10:00–14:00, 16:00–18:00"
    assert f"Mon–Fri 08:00–16:00; {season}" in text_of(client.get(address))
    at("2027-07-06T10:00+02:00")
    assert "Mon–Fri 08:00–16:00" in text_of(signed_in(keeper).get(address))
    assert "Open Mon 10:00–14:00; Tue" in text_of(signed_in(keeper).get(address))


# --- one day -----------------------------------------------------------------------------------------
EVE = {
    "action": "changed",
    "changed-on": "2027-03-24",
    "changed-times": "9–13, 15:00-24",
    "changed-reason": "Wigilia próby",
}


def test_one_day_is_changed_and_as_usual_again(keeper: Side) -> None:
    hall = make_thing(keeper, hours_source="house")
    client = signed_in(keeper)
    said = text_of(client.post("/hours/", EVE, follow=True))
    assert "Wed 24 March 2027 09:00–13:00, 15:00–24:00 · Wigilia próby" in said
    assert changed() == [
        ("2027-03-24", 540, 780, "Wigilia próby"),
        ("2027-03-24", 900, 1440, "Wigilia próby"),
    ]
    page = text_of(client.get(f"/resources/{hall.uid}/"))
    assert "Other hours Wed 24 March 09:00–13:00, 15:00–24:00 (Wigilia próby)" in page
    # A thing that follows the house shows it, and has nothing to take back.
    page = text_of(client.get(f"/things/{hall.uid}/hours/"))
    assert "of the house" in page
    assert "As usual again" not in page
    here = f"/things/{hall.uid}/hours/"
    client.post(here, {**EVE, "changed-times": "10-11", "changed-reason": ""})
    page = text_of(client.get(here))
    assert "10:00–11:00" in page
    assert "15:00–24:00" not in page
    client.post(here, {"action": "as-usual", "on": "2027-03-24"})
    client.post("/hours/", {"action": "as-usual", "on": "2027-03-24"})
    assert changed() == []
    for on in ("2027-03-24", "soon", ""):
        assert client.post("/hours/", {"action": "as-usual", "on": on}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"changed-on": ""}, "on"),
        ({"changed-on": "1999-01-01"}, "on"),
        ({"changed-times": ""}, "times"),
        ({"changed-times": "od rana"}, "times"),
        ({"changed-times": "18-9"}, "times"),
        ({"changed-times": "9-25"}, "times"),
        ({"changed-times": "9-12, 11-13"}, "times"),
        ({"changed-times": ", ,"}, "times"),
    ],
)
def test_what_is_wrong_with_a_day_is_said_beside_it(
    keeper: Side, wrong: dict[str, str], field: str
) -> None:
    answer = signed_in(keeper).post("/hours/", {**EVE, **wrong})
    assert answer.status_code == 422
    assert set(answer.context["change"].errors) == {field}
    assert changed() == []


def test_a_changed_day_that_is_off_says_so_and_open_always_has_none(keeper: Side) -> None:
    booth = make_thing(keeper, hours_source="always")
    client = signed_in(keeper)
    client.post("/hours/", EVE)
    client.post("/hours/", {"action": "off", "from_on": "2027-03-20", "last_on": "2027-03-25"})
    assert "Closed all the same: a day off." in text_of(client.get("/hours/"))
    hall = make_thing(keeper, hours_source="house")
    assert "Other hours" not in text_of(client.get(f"/resources/{hall.uid}/"))
    page = text_of(client.get(f"/things/{booth.uid}/hours/"))
    assert "Other hours on one day" not in page


def test_strangers_and_staff_change_nothing(keeper: Side) -> None:
    hall = make_thing(keeper)
    staff = signed_in(make_side(house=keeper.house, role="staff"))
    stranger = signed_in(make_side())
    for client, status in ((staff, 403), (stranger, 403)):
        assert client.post(f"/things/{hall.uid}/hours/", EVE).status_code == status
    assert staff.post("/hours/", EVE).status_code == 403
    assert changed() == []


def test_three_of_each_take_no_more_statements_than_one(keeper: Side) -> None:
    client = signed_in(keeper)
    client.post("/hours/", {"action": "hours", "day_0": "8-16"})

    def more(month: int) -> None:
        day = f"2027-{month:02}-10"
        client.post("/hours/", {**EVE, "changed-on": day})
        client.post("/hours/", {"action": "off", "from_on": day})
        client.post(
            "/hours/",
            {**SUMMER, "season-from_on": day, "season-last_on": f"2027-{month:02}-12"},
        )

    more(4)
    few = statements(client, "/hours/")
    more(5)
    more(6)
    assert ChangedHours.objects.values("on").distinct().count() == 3
    assert statements(client, "/hours/") == few


# --- holidays ----------------------------------------------------------------------------------------
def test_public_holidays_are_observed_until_told_otherwise(keeper: Side) -> None:
    client = signed_in(keeper)
    assert "does not close on them by itself" in text_of(client.get("/hours/"))
    said = text_of(client.post("/hours/", {"action": "holidays", "year": "2027"}, follow=True))
    assert "entered by themselves" in said
    client.post("/hours/", {"action": "stop-holidays"})
    keeper.house.refresh_from_db()
    assert not keeper.house.observes_public_holidays
    assert DayOff.objects.count() == 14


def test_holidays_ahead_say_whether_the_house_is_closed(keeper: Side) -> None:
    client = signed_in(keeper)
    DayOff.objects.create(
        institution=keeper.house,
        from_on=date(2027, 3, 28),
        until_on=date(2027, 3, 29),
        kind="public_holiday",
    )
    page = client.get("/hours/")
    said = text_of(page)
    assert "Sun 28 March public holiday · closed Open after all" in said
    assert "Mon 29 March Easter Monday · not closed" in said
    assert "Thu 25 March – Tue 30 March Easter break · no school" in said
    assert "Sat 26 June – Tue 31 August Summer holidays · no school" in said
    assert [one.year for one in page.context["holidays"]] == [2027, 2028, 2029]
    row = DayOff.objects.get()
    client.post("/hours/", {"action": "open", "day_off": str(row.uid)})
    assert "Sun 28 March Easter Sunday · not closed" in text_of(client.get("/hours/"))
    hall = make_thing(keeper)
    assert "Open after all" not in text_of(client.get(f"/things/{hall.uid}/hours/"))


def test_a_public_holiday_in_days_off_of_the_house_is_closed(keeper: Side) -> None:
    client = signed_in(keeper)
    client.post("/hours/", {"action": "off", "from_on": "2027-03-29", "reason": "remont"})
    said = text_of(client.get("/hours/"))
    assert "Mon 29 March Easter Monday · closed" in said
    assert "Mon 29 March 2027 remont Open after all" in said


def abroad(at: At, country: str) -> tuple[Client, Side]:
    """Somebody of a house in another country, and an owner in Wrocław."""
    at(MONDAY)
    owner, guest = make_side("Dom Kultury Nadrzecze"), make_side("Dom Spotkań")
    Institution.objects.filter(pk=guest.house.pk).update(country=country)
    return signed_in(guest), owner


@pytest.mark.parametrize("day", ["2027-07-03", "2027-07-09"])
def test_a_partners_holidays_are_told_near_the_chosen_day(at: At, day: str) -> None:
    client, owner = abroad(at, "LT")
    hall = make_thing(owner)
    near = "Tue 6 July: public holiday in Lithuania"
    page = client.get(f"/resources/{hall.uid}/?date={day}")
    assert page.context["holidays"] == (near,)
    assert text_of(page).count(near) == 2  # the panel and the calendar
    asked = client.post(
        f"/resources/{hall.uid}/check/", {"date": day, "start": "18:00", "end": "20:00"}
    )
    assert near in text_of(asked)


def test_both_countries_holidays_are_told_and_far_ones_are_not(at: At) -> None:
    client, owner = abroad(at, "LT")
    hall = make_thing(owner)

    def told(day: str) -> tuple[str, ...]:
        found: tuple[str, ...] = client.get(f"/resources/{hall.uid}/?date={day}").context[
            "holidays"
        ]
        return found

    assert told("2027-11-01") == (
        "Mon 1 November: public holiday in Lithuania",
        "Mon 1 November: public holiday in Poland",
        "Tue 2 November: public holiday in Lithuania",
    )
    assert told("2027-07-02") == told("2027-07-10") == ()


def test_in_one_country_nothing_is_told_beside_the_form(at: At) -> None:
    client, owner = abroad(at, "PL")
    hall = make_thing(owner)
    assert client.get(f"/resources/{hall.uid}/?date=2027-11-01").context["holidays"] == ()


def test_calendars_mark_holidays_by_name(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    page = client.get(f"/resources/{hall.uid}/?date=2027-06-30")
    calendar = page.context["calendar"]
    days = {day.number: day for row in calendar.month.weeks for day in row if not day.outside}
    assert days[25].mark is None
    assert (days[26].mark.kind, days[26].mark.label) == ("school", "Summer holidays")
    assert [line.label for line in calendar.marks] == [
        "Sat 26 June – Tue 31 August: Summer holidays"
    ]
    in_week = {day.date: day.mark and day.mark.kind for day in calendar.week.days}
    assert in_week["2027-06-30"] == "school"
    page = client.get(f"/things/{hall.uid}/week/?day=2027-05-03")
    assert "Monday, 3 May 2027, National Day of the Third of May" in text_of(page)
    assert "Mon 3 May: National Day of the Third of May" in text_of(page)
    assert "Mon 3 May: National Day" in text_of(client.get("/week/?day=2027-05-03"))


def test_marks_of_a_month_are_one_statement(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    quiet = statements(client, f"/resources/{hall.uid}/?date=2027-03-10")
    assert statements(client, f"/resources/{hall.uid}/?date=2027-12-25") == quiet


def test_far_days_have_no_marks_and_no_errors(keeper: Side) -> None:
    hall = make_thing(keeper)
    client = signed_in(keeper)
    for day in ("2000-01-01", "2199-12-31"):
        assert client.get(f"/resources/{hall.uid}/?date={day}").status_code == 200
        assert client.get(f"/things/{hall.uid}/week/?day={day}").status_code == 200
