"""Cases worth showing of what was agreed: out, late, broken, in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings.demo.season import Season
from bookings.errors import BookingRefused
from bookings.services.request.stored import Requested
from bookings.services.write_in import WrittenFor, write_in
from bookings.wishes import BookingWish


def late_ladder(season: Season) -> None:
    """The 8 m ladder should have come back yesterday."""
    world = season.world
    back = _last_weekday(world.today.weekday())
    line = season.wish("ladder8", back - 3 if (back - 3 + world.today.weekday()) % 7 else back - 4, "12:00", "14:00",
                       until=back)  # fmt: skip

    def then(made: Requested, now: datetime) -> None:
        lent = made.lines[0]
        season.do(now + timedelta(hours=2), lent, "approve")
        season.do(
            lent.use_starts_at + timedelta(minutes=5), lent, "hand_over", condition="Bez uwag."
        )
        season.do(lent.use_ends_at + timedelta(hours=2), lent, "overdue")
        season.say(
            lent.use_ends_at + timedelta(hours=2),
            made,
            "m1",
            "Kiedy wróci drabina? Jutro wieszamy reflektory.",
        )

    season.ask(line.starts_at - timedelta(days=4), "m7", [line], "Montaż wystawy tkanin", then)


def _last_weekday(weekday: int) -> int:
    """Days back to the latest Tuesday to Friday before today, as a negative number."""
    back = -1
    while (weekday + back) % 7 not in {1, 2, 3, 4}:
        back -= 1
    return back


def out_today(season: Season) -> None:
    """Things that go out and come back around today, so that the day's page is not empty."""
    world = season.world
    last = _last_weekday(world.today.weekday())
    ahead = world.days_to(3, after=0)
    for thing, borrower, units, title in (
        ("chairs3", "m2", 30, "Spektakl dla przedszkoli"),
        ("easels", "m5", 10, "Plener malarski"),
        ("wireless", "m1", 2, "Musical: próby z dźwiękiem"),
        ("platforms", "m10", 8, "Koncert pod chmurką"),
    ):
        line = season.wish(thing, last, "11:00", "12:00", until=ahead, units=units)
        season.ask(
            line.starts_at - timedelta(days=6), borrower, [line], title,
            lambda made, _now: season.lend(made, made.lines[0]),
        )  # fmt: skip
    for thing, borrower, start, title in (
        ("r7", "m4", "10:00", "Dyżur doradczyni"), ("r3", "m10", "17:00", "Próba solistek"),
        ("r5", "m6", "12:00", "Spotkanie koordynatorek"), ("r9", "m3", "16:00", "Klub czytelniczek"),
    ):  # fmt: skip
        for days in (0, ahead):
            hour = int(start[:2])
            line = season.wish(thing, days, start, f"{hour + 2}:00")
            season.ask(
                line.starts_at - timedelta(days=8), borrower, [line], title,
                lambda made, _now: season.lend(made, made.lines[0]),
            )  # fmt: skip


def by_phone(season: Season) -> None:
    """Written in by keepers: somebody rang."""
    world = season.world

    def step(now: datetime) -> None:
        for thing, owner, weekday, start, end, who in (
            ("r5", "m2", 1, "16:00", "19:00", "Wspólnota mieszkaniowa Jaskółcza 20"),
            ("r11", "m7", 4, "11:00", "14:00", "Koło hafciarek z Ołbina"),
        ):
            by, lender = world.viewer(owner, "keeper", now), world.houses[owner].pk
            for week in range(4):
                line = season.wish(thing, world.days_to(weekday, after=12 + 7 * week), start, end)
                wish = BookingWish((line,), title="Zebranie", purpose="Umówione telefonicznie")
                try:
                    write_in(
                        by=by, lender=lender, wish=wish, quiet=True,
                        whom=WrittenFor(name=who, phone="+48 71 000 11 22"),
                    )  # fmt: skip
                    break
                except BookingRefused:
                    season.counted["refused"] += 1

    season.at(world.now - timedelta(days=2, hours=3), step)


def to_be_settled(season: Season) -> None:
    """A confirmed booking is hit by a flood in the gallery's cellar: to be settled by both."""
    world = season.world
    days = world.days_to(2, after=26)
    line = season.wish("r13", days, "15:00", "19:00")

    def then(made: Requested, now: datetime) -> None:
        season.do(now + timedelta(hours=20), made.lines[0], "approve")

    season.ask(
        world.now - timedelta(days=12),
        "m3",
        [line],
        "Warsztaty sitodruku",
        then,
        expected_people=10,
    )
    season.block(
        "r13", days - 1, "08:00", "08:00", "Zalanie: osuszanie pracowni", kind="repair",
        at=world.now - timedelta(hours=26),
    )  # fmt: skip
    season.block(
        "r13", days, "08:00", "20:00", "Zalanie: osuszanie pracowni", kind="repair",
        at=world.now - timedelta(hours=25),
    )  # fmt: skip


def five_of_six(season: Season) -> None:
    """Six went out and five came back, say some; five went out, say the others. It is with the moderators."""
    world = season.world
    days = world.days_to(1, after=-18)
    line = season.wish("panels", days, "11:00", "13:00", until=days + 2, units=6)

    def then(made: Requested, now: datetime) -> None:
        lent = made.lines[0]
        season.do(now + timedelta(hours=3), lent, "approve")
        season.do(
            lent.use_starts_at, lent, "hand_over", units=6, condition="Sześć paneli, komplet stóp."
        )
        season.do(lent.use_ends_at, lent, "give_back", units=5, condition="Brakuje jednego panelu.")
        season.do(
            lent.use_ends_at + timedelta(days=1), lent, "complain", kind="not_back",
            reason="Wróciło pięć z sześciu paneli.",
        )  # fmt: skip
        season.say(
            lent.use_ends_at + timedelta(days=1, hours=6), made, "m3", "Sprawdzamy w galerii, damy znać.",
            role="staff",
        )  # fmt: skip
        season.go_on(
            lent.use_ends_at + timedelta(days=2), lent, "m3", "Wydano nam pięć: szósty stał za kotarą w galerii.",
        )  # fmt: skip

    season.ask(line.starts_at - timedelta(days=9), "m3", [line], "Wystawa plakatu", then)


def repair(season: Season) -> None:
    """Four of the platforms are taken out for new legs."""
    season.block(
        "platforms", season.world.days_to(0, after=15), "08:00", "20:00", "Wymiana nóg w czterech podestach",
        kind="repair", units=4,
    )  # fmt: skip
