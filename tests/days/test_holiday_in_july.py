"""15 July: the house is on holiday for three weeks, and requests come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from bookings.models import Line
from bookings.services.clockwork import tick
from cooperative import clock
from cooperative.access.querysets import SYSTEM
from cooperative.membership.models import Membership
from cooperative.people.models import Person
from notifications.services.lists import tell_unanswered
from sharing.models import Resource, WeeklyHours
from sharing.services.keepers import set_keepers
from tests.bookings.stage import make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_member, make_person
from tests.journeys.visits import Hall, mailed, no_wider, pl, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
WARSAW = ZoneInfo("Europe/Warsaw")
STILL_OPEN = "Jeszcze bez odpowiedzi"


def one(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get(booking__title=title)


def a_day_goes_by() -> None:
    """What beat does for answers that are due."""
    tick(now=clock.now())
    tell_unanswered(now=clock.now())
    tell()


def reminded(page: Page, *people: Person) -> list[int]:
    """How many reminders of what is not answered each of them got by mail."""
    return [
        sum(words.startswith(STILL_OPEN) for words in mailed(page, one.email)) for one in people
    ]


def requested(hands: Hands, room: Resource, day: str, title: str) -> None:
    hands.page.goto(f"/resources/{room.uid}/?date={day}#ask")
    hands.type(start="18:00", end="21:00", title=title)
    hands.go(hands.page.locator("#ask [value=ask]"))


def test_requests_come_in_while_the_house_is_on_holiday(
    hall: Hall, at: At, stopwatch: Stopwatch
) -> None:
    at("2027-07-14T10:00+02:00")
    boss = make_side("Dom Kultury Zachodni", role="manager")
    house = boss.house
    house.contact_phone = "71 344 00 00"
    house.save()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(institution=house, weekday=day, opens_minute=480, closes_minute=1320)
        for day in range(5)
    )
    marta = make_member(house, make_person("Marta", language="pl"), role="keeper")
    jan = make_member(house, make_person("Jan", language="pl"), role="keeper")
    Membership.objects.filter(person=marta).update(deputy=jan)
    room = make_thing(boss, "Sala lustrzana", hours_source="house")
    searchable(room, make_thing(make_side("Teatr Kontury"), "Sala prób"))
    set_keepers(by=boss.viewer, resource=room.uid, people=[marta.uid])
    choir = make_side("Chór Cantabile", role="staff")

    # 14 July. The manager closes the house until 5 August, with a reason.
    page = hall.enter(boss.person, width=390)
    hands = Hands(page)
    page.goto("/desk/")
    with stopwatch("14 July the house closes for three weeks", hands, most=40):
        hands.click(page.locator("nav.bar summary"))
        hands.go(page.locator("nav.bar a[href='/things/']"))
        hands.go(pl("Hours of the house"))
        hands.type(from_on="2027-07-15", last_on="2027-08-04", reason="Urlop")
        assert no_wider(page)
        hands.go(page.locator("button[value=off]"))
    assert "15 lipca" in page.locator("ul.waiting", has_text="Urlop").inner_text()

    # 15 July. Who asks reads before sending until when nobody is there.
    at("2027-07-15T10:00+02:00")
    asker = hall.enter(choir.person, width=390)
    hands = Hands(asker)
    asker.goto(f"/resources/{room.uid}/")
    expected = asker.locator("#ask").inner_text()
    assert "Odpowiada w ciągu 3 dni roboczych. Zamknięte do: śr 4 sierpnia." in expected
    with stopwatch("15 July a request to a house on holiday", hands, most=30):
        requested(hands, room, "2027-09-10", "Koncert jesienny")
    requested(hands, room, "2027-08-06", "Próba po urlopie")
    tell()
    due = [one(title).answer_due_at for title in ("Koncert jesienny", "Próba po urlopie")]
    assert [moment and moment.astimezone(WARSAW).date() for moment in due] == [
        date(2027, 8, 9),
        date(2027, 8, 5),
    ]
    assert "czw 5 sierpnia, 10:00" in asker.locator("main").inner_text()

    # Three weeks: nobody in the house is reminded, and the asker is not told that anybody is late.
    for day in ("2027-07-26", "2027-08-04"):
        at(f"{day}T12:00+02:00")
        a_day_goes_by()
    assert reminded(asker, marta, jan, boss.person) == [0, 0, 0]

    # The rehearsal was due on the 5th, the concert on the 9th: Marta is reminded of each once, a working day later her
    # deputy, then who runs the house.
    found = []
    for number in (5, 6, 9, 10, 11):
        at(f"2027-08-{number:02}T12:00+02:00")
        a_day_goes_by()
        a_day_goes_by()
        found.append(reminded(asker, marta, jan, boss.person))
    assert found == [[1, 0, 0], [1, 1, 0], [2, 1, 0], [2, 2, 0], [2, 2, 1]]

    # 11 August. The choir reads it, with whom to call and what is free; waits on, then lets go.
    autumn = one("Koncert jesienny").booking
    asker.goto("/desk/")
    with stopwatch("11 August not answered yet: wait on", hands, most=15):
        hands.go("Koncert jesienny")
        late = asker.locator("main").inner_text()
        assert pl("%(house)s has not answered yet", house="Dom Kultury Zachodni") in late
        assert asker.locator("a[href='tel:713440000']").count() >= 1
        assert "Sala prób" in asker.locator(".options").inner_text()
        assert no_wider(asker)
        hands.go(asker.get_by_role("button", name=pl("Keep waiting")))
    assert one("Koncert jesienny").keeps_waiting_at is not None
    at("2027-08-20T12:00+02:00")
    asker.goto(f"/bookings/{autumn.uid}/")
    with stopwatch("20 August let go", hands, most=15):
        hands.go(asker.get_by_role("button", name=pl("Let go")))
    assert one("Koncert jesienny").state == "withdrawn"
