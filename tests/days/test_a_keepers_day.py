"""A working day of somebody who looks after a culture house's things, with clicks counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bookings.models import Block, Booking, Line
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import Side, ask, do, line, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.factories import make_institution, make_member, make_person
from tests.journeys.visits import Hall, pl, said

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
QUICKER_THAN_THE_PHONE = 20
"""Seconds: what came by phone is written in within them."""


def state_of(title: str) -> str:
    return Line.objects.visible_to(SYSTEM).get(booking__title=title).state


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_keepers_day(hall: Hall, at: At, stopwatch: Stopwatch) -> None:
    at("2027-03-09T08:50+01:00")
    house = make_side(house=make_institution("Dom Kultury Pod Lipami"))
    keeper = make_person("Hanna Opiekunka", language="pl")
    make_member(house.house, keeper, role="keeper")
    room = make_thing(house, "Sala lustrzana")
    chairs = make_thing(
        house, "Krzesła", kind="pooled", units=120, handover="simple", category="chairs"
    )
    wishes(room, chairs, house)
    page = hall.enter(keeper, width=390)
    hands = Hands(page)

    # 8:50 The desk says what waits; one request is simply confirmed.
    page.goto("/desk/")
    row = page.locator("ul.waiting > li", has_text="Próba chóru")
    with stopwatch("A keeper, 8:50 one request confirmed from the desk", hands, most=10):
        hands.go(row.get_by_role("button", name=pl("Confirm")))
    assert state_of("Próba chóru") == "confirmed"
    assert hands.clicks == 1

    # 9:20 The phone rings: the room, today at six, for two hours.
    assert page.url.endswith("/desk/")
    called_in = "A keeper, 9:20 a call written in, dragged over in the week"
    with stopwatch(called_in, hands, most=QUICKER_THAN_THE_PHONE):
        write_in(hands, "Sala lustrzana")
    assert (hands.clicks, hands.fields) == (5, 2)
    (booked,) = Booking.objects.visible_to(SYSTEM).exclude(outside_name="")
    (called,) = Line.objects.visible_to(SYSTEM).filter(booking=booked)
    assert (booked.outside_name, called.state) == ("Jan Kos", "confirmed")
    assert called.use_starts_at == instant("2027-03-09T18:00+01:00")
    assert called.use_ends_at == instant("2027-03-09T20:00+01:00")

    # 11:00 Somebody fetches forty chairs.
    at("2027-03-09T11:00+01:00")
    page.goto("/desk/")
    with stopwatch("A keeper, 11:00 forty chairs handed out", hands, most=10):
        hand_over(hands, "Warsztat", "hand_over")
    assert state_of("Warsztat") == "handed_over"
    assert hands.clicks <= 2

    # 13:00 Two want the same night: one gets it, the other is told why not.
    with stopwatch("A keeper, 13:00 two want the same night", hands, most=30):
        hands.go(page.locator("nav a[href='/requests/']:visible").first)
        other = page.get_by_role("heading", name="Drugi pokaz")
        decline = page.locator("ul.rivals > li", has=other)
        hands.click(decline.locator("summary", has_text=pl("Decline")))
        hands.choose(decline.locator("[name$=phrase]"), "promised")
        hands.click(decline.locator("button[value=decline]"))
        expect(page.locator("#inbox form.answer")).to_have_count(1)
        hands.click(page.locator("#inbox button[value=approve]:visible"))
        expect(page.locator("#inbox form.answer")).to_have_count(0)
    assert (state_of("Pokaz filmu"), state_of("Drugi pokaz")) == ("confirmed", "declined")
    assert hands.clicks <= 6

    # 15:00 The chairs come back, and tomorrow morning is for ourselves.
    at("2027-03-09T15:00+01:00")
    page.goto("/desk/")
    with stopwatch("A keeper, 15:00 and taken back", hands, most=10):
        hand_over(hands, "Warsztat", "give_back")
    assert state_of("Warsztat") == "returned"
    assert hands.clicks <= 2
    with stopwatch("A keeper, 15:10 tomorrow morning is for ourselves", hands, most=20):
        own_programme(hands, "Sala lustrzana")
    (block,) = Block.objects.filter(resource=room)
    assert (block.starts_at, block.ends_at) == (
        instant("2027-03-10T09:00+01:00"),
        instant("2027-03-10T12:00+01:00"),
    )
    assert (hands.clicks, hands.fields) == (4, 1)


def wishes(room: Resource, chairs: Resource, house: Side) -> None:
    """What others have asked for before this day."""
    before = instant("2027-03-02T10:00+01:00")
    choir, cinema = make_side("Chór Cantabile", role="staff"), make_side("Kino Studyjne")
    ask(choir, line(room, instant("2027-03-20T17:00+01:00"), 2), title="Próba chóru", now=before)
    ask(choir, line(room, instant("2027-03-23T18:00+01:00"), 3), title="Pokaz filmu", now=before)
    ask(cinema, line(room, instant("2027-03-23T19:00+01:00"), 1), title="Drugi pokaz", now=before)
    workshop = ask(
        cinema,
        line(chairs, instant("2027-03-09T11:00+01:00"), 4, units=40),
        title="Warsztat",
        now=before,
    ).booking
    one = Line.objects.visible_to(SYSTEM).get(booking=workshop)
    do(house, one, "approve", reason="", now=before)


def to_the_week(hands: Hands, thing: str) -> None:
    """From the desk to the week of all things, and on to this one's."""
    hands.go(hands.page.locator("main a[href='/week/']"))
    hands.go(thing, known=True)


def part_of_day(hands: Hands, first: int, last: int) -> tuple[float, float]:
    week = hands.page.locator(".week").first
    begins, ends = (int(week.get_attribute(f"data-{name}") or 0) for name in ("first", "last"))
    length = ends - begins
    return (first * 60 + 5 - begins) / length, (last * 60 - 5 - begins) / length


def write_in(hands: Hands, thing: str) -> None:
    to_the_week(hands, thing)
    track = hands.page.locator(".track[data-date='2027-03-09']")
    hands.drag(track, *part_of_day(hands, 18, 20))
    hands.click(hands.page.locator("label", has=hands.page.locator("[name=kind][value=phone]")))
    hands.type(outside_name="Jan Kos", outside_phone="600700800")
    hands.enter()
    assert len(said(hands.page)) == 1


def own_programme(hands: Hands, thing: str) -> None:
    to_the_week(hands, thing)
    track = hands.page.locator(".track[data-date='2027-03-10']")
    hands.drag(track, *part_of_day(hands, 9, 12))
    hands.type(title="Nasza próba")
    hands.enter()


def hand_over(hands: Hands, title: str, action: str) -> None:
    """On the desk, where it stands with what goes out and comes back today."""
    row = hands.page.locator("ul.waiting > li", has_text=title)
    hands.go(row.locator(f"[href*='/{action}/'], form[action*='/{action}/'] button").first)
    if f"/{action}/" in hands.page.url:
        hands.go(hands.page.locator("form .btn-next"))
