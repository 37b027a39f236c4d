"""What the houses put together: a floor of halls, a kit of pieces, a hall with its technician, a workshop's dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bookings.models import SeatedSession
from bookings.services.composition.companions import CompanionWish, set_companions
from bookings.services.composition.parts import PartWish, change_parts
from bookings.services.request.sending import request_booking
from bookings.services.seats import SeatWish, set_seats
from bookings.services.sessions import add_session
from bookings.wishes import BookingWish, LineWish
from sharing.models import CompanionKind

from .world import World

PARTS = {
    "floor2": (("r4", 1), ("r5", 1), ("foyer2", 1)),
    "kit1": (("mixer1", 1), ("speakers1", 2), ("mics1", 4)),
}
COMES_WITH = {
    "r4": (
        ("tech2", CompanionKind.ONLY_WITH, 1),
        ("chairs2", CompanionKind.WELL_WITH, 80),
        ("platforms", CompanionKind.WELL_WITH, 6),
    ),
    "kit1": (("r2", CompanionKind.WELL_WITH, 1),),
}
# Days of the week, hours, places, title; each in a week of its own.
DATES = (
    (3, "16:30", "19:00", 12, "Zeszyt szyty ręcznie"),
    (3, "16:30", "19:00", 12, "Oprawa twarda"),
    (5, "10:00", "14:00", 8, "Rodzinna sobota z papierem"),
    (3, "16:30", "19:00", 12, "Złocenie"),
)
COMING: tuple[tuple[int, str, int, str, tuple[str, ...]], ...] = (
    (0, "m5", 5, "Klub z podwórka", ("Hanna Lis", "Olek Bąk", "Zosia Wrona", "", "")),
    (0, "m8", 7, "Studenci drugiego roku", ()),
    (1, "m6", 3, "Nasz zespół", ("Iga Szpak", "Borys Kos", "Ewa Czyż")),
)


def put_together(world: World) -> None:
    """As of the demo's day: what was asked before then was asked of single things."""
    keys = world.things
    for whole, parts in PARTS.items():
        owner = _owner(world, whole)
        wishes = [PartWish(keys[part].uid, units) for part, units in parts]
        change_parts(by=world.viewer(owner, "keeper"), resource=keys[whole].uid, parts=wishes)
    for thing, others in COMES_WITH.items():
        owner = _owner(world, thing)
        companions = [CompanionWish(keys[other].uid, kind, units) for other, kind, units in others]
        set_companions(
            by=world.viewer(owner, "keeper"), resource=keys[thing].uid, companions=companions
        )
    _workshop(world)
    _gift(world)


def _owner(world: World, thing: str) -> str:
    house = world.things[thing].owner_id
    return next(key for key, one in world.houses.items() if one.pk == house)


def _workshop(world: World) -> None:
    """Four dates, the first of them full."""
    opened = world.now - timedelta(days=20)
    dates: list[SeatedSession] = []
    after = 2
    for weekday, start, end, places, title in DATES:
        day = world.days_to(weekday, after=after)
        dates.append(
            add_session(
                by=world.viewer("m3", "keeper", opened),
                resource=world.things["binding"].uid,
                starts_at=world.time(day, start),
                ends_at=world.time(day, end),
                units=places,
                title=title,
            )
        )
        after = day + 1
    for number, house, places, title, names in COMING:
        date = dates[number]
        wish = LineWish(world.things["binding"].uid, date.starts_at, date.ends_at, units=places)
        line = _ask(world, house, wish, title, world.now - timedelta(days=3))
        seats = [SeatWish(place, name) for place, name in enumerate(names) if name]
        if seats:
            needs = {"food_needs": "bez orzechów", "access_needs": "miejsce na wózek"}
            seats[0] = SeatWish(0, names[0], **needs)
            set_seats(by=world.viewer(house, "staff"), line=line, seats=seats)


def _gift(world: World) -> None:
    day = world.days_to(2, after=3)
    line = LineWish(
        world.things["panels7"].uid, world.time(day, "11:00"), world.time(day, "13:00"), units=4
    )
    _ask(world, "m5", line, "Ścianki do galerii na podwórku", world.now - timedelta(days=1))


def _ask(world: World, house: str, line: LineWish, title: str, at: datetime) -> UUID:
    made = request_booking(
        by=world.viewer(house, "staff", at),
        institution=world.houses[house].pk,
        wish=BookingWish((line,), title=title),
        quiet=True,
    )
    return made.lines[0].uid
