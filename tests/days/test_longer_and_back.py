"""Tuesday: may we keep the mixer until Thursday? Wednesday: the premiere moves, and the theatre needs its room back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings.models import Line
from cooperative.access.querysets import SYSTEM
from sharing.models import Resource
from tests.bookings.stage import Side, ask, do, line, make_side, make_thing
from tests.days.hands import Hands
from tests.days.stopwatch import Stopwatch
from tests.journeys.visits import Hall, mailed, no_wider, pl, said, searchable, tell

pytestmark = pytest.mark.journey
At = Callable[[str], datetime]
MONDAY = "2027-03-08T10:00+01:00"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def one(title: str) -> Line:
    return Line.objects.visible_to(SYSTEM).select_related("booking").get(booking__title=title)


def booked(house: Side, asker: Side, thing: Resource, title: str, start: str, hours: float) -> Line:
    """Asked and confirmed the week before."""
    before = instant("2027-03-01T10:00+01:00")
    (asked,) = ask(asker, line(thing, instant(start), hours), title=title, now=before).lines
    return do(house, asked, "approve", reason="", now=before)


def test_the_mixer_stays_until_thursday(hall: Hall, at: At, stopwatch: Stopwatch) -> None:
    at("2027-03-09T11:00+01:00")
    house = make_side("Dom Kultury Zachodni")
    choir, cinema = make_side("Chór Cantabile", role="staff"), make_side("Kino Studyjne")
    mixer = make_thing(house, "Mikser", category="equipment", handover="simple")
    ours = booked(house, choir, mixer, "Nagrania", MONDAY, 29)
    do(house, ours, "hand_over", reason="", now=instant(MONDAY))
    booked(house, cinema, mixer, "Pokaz", "2027-03-12T10:00+01:00", 8)
    tell()

    # Tuesday 11:00. Until Friday evening? No: the cinema comes on Friday at ten, and the page says so.
    page = hall.enter(choir.person, width=390)
    hands = Hands(page)
    page.goto("/desk/")
    with stopwatch("Tue may we keep the mixer until Thursday", hands, most=40):
        hands.go("Nagrania")
        hands.go(pl("Keep it until another day"))
        hands.type(end_date="2027-03-12", end="18:00")
        hands.go(page.locator("form .btn-next"))
        assert "Wolne do pt 12 marca, 10:00." in page.locator("main").inner_text()
        assert one("Nagrania").use_ends_at == instant("2027-03-09T15:00+01:00")
        hands.type(end_date="2027-03-11", end="15:00", note="Sesja się przeciągnęła.")
        hands.go(page.locator("form .btn-next"))
    until = pl(
        "Proposed. It waits for the other side until %(moment)s.", moment="czw 11 marca, 15:00"
    )
    assert said(page) == [until]
    assert no_wider(page)

    # 11:20. The house says yes with one tap from what waits; the cinema keeps what it has.
    at("2027-03-09T11:20+01:00")
    tell()
    keeper = hall.enter(house.person, width=390)
    hands = Hands(keeper)
    keeper.goto("/desk/")
    with stopwatch("Tue the owner lets them keep it", hands, most=15):
        hands.go(keeper.get_by_role("link", name=pl("See and answer")))
        hands.go(keeper.get_by_role("button", name=pl("Take it")))
    assert (one("Nagrania").state, one("Nagrania").use_ends_at) == (
        "handed_over",
        instant("2027-03-11T15:00+01:00"),
    )
    assert one("Pokaz").state == "confirmed"
    tell()
    assert mailed(page, choir.person.email)[-1].startswith("Zmienione zgodnie z prośbą: Mikser")


def test_the_premiere_moves_and_the_room_is_needed_back(
    hall: Hall, at: At, stopwatch: Stopwatch
) -> None:
    at("2027-03-10T09:00+01:00")
    theatre, other = make_side("Teatr Kontury"), make_side("Miejska Biblioteka, Filia 12")
    theatre.house.contact_phone = "71 344 00 00"
    theatre.house.save()
    choir = make_side("Chór Cantabile", role="staff")
    choir.person.phone = "600 100 200"
    choir.person.save()
    room = make_thing(theatre, "Sala prób", terms={"at_once": True})
    searchable(
        room,
        make_thing(theatre, "Scena Kameralna", terms={"at_once": True}),
        make_thing(other, "Sala spotkań", terms={"at_once": True}),
    )
    before = instant("2027-03-01T10:00+01:00")
    ask(choir, line(room, instant("2027-03-10T17:00+01:00"), 3), title="Próba chóru", now=before)
    tell()

    # Wednesday 9:00. Tonight the theatre rehearses: the list of who is in the way stands before anything is taken.
    keeper = hall.enter(theatre.person, width=390)
    hands = Hands(keeper)
    keeper.goto("/week/")
    with stopwatch("Wed the premiere moves, the room is needed back", hands, most=60):
        hands.go("Sala prób")
        hands.type(date="2027-03-10", start="16:00", end="22:00", title="Premiera, próba generalna")
        hands.enter()
        way = keeper.locator("form.entry fieldset", has=keeper.locator("[name=hit]")).inner_text()
        assert "Próba chóru" in way
        assert "Chór Cantabile" in way
        assert one("Próba chóru").state == "confirmed"
        assert no_wider(keeper)
        hands.go(keeper.locator("form.entry .btn-danger"))
    assert one("Próba chóru").state == "to_settle"
    tell()
    assert mailed(keeper, choir.person.email)[-1].startswith("Do ustalenia: Sala prób")

    # 9:02. Marta calls, ticks it, and proposes what the choir can have instead.
    keeper.goto("/desk/")
    with stopwatch("Wed the choir is called and ticked", hands, most=20):
        hands.go(keeper.locator("main a[href='/to-settle/']").first)
        assert keeper.locator("a[href='tel:600100200']").count() == 1
        hands.go(keeper.get_by_role("button", name=pl("Told by phone")))
    told = one("Próba chóru")
    assert told.told_by == theatre.person

    # 9:05. The choir opens the mail: what happened, whom to call, and another room by one tap.
    at("2027-03-10T09:05+01:00")
    page = hall.enter(choir.person, width=390)
    hands = Hands(page)
    page.goto(f"/bookings/{told.booking.uid}/")
    assert page.locator(".page-head .chip").inner_text() == "do ustalenia"
    assert "71 344 00 00" in page.locator("main").inner_text()
    with stopwatch("Wed another room is taken instead", hands, most=20):
        hands.go(page.locator(".options button").first)
    taken = Line.objects.visible_to(SYSTEM).exclude(pk=told.pk).get(booking__title="Próba chóru")
    assert (taken.state, taken.shown["titles"]["pl"]) == ("confirmed", "Sala spotkań")
    assert no_wider(page)
