"""Cases worth showing of what is asked and not settled yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from bookings.demo.season import Season
from bookings.services.drafts import add_line
from bookings.services.request.stored import Requested


def rivals(season: Season) -> None:
    """Three houses want the same Thursday in the performance hall; the owner chooses."""
    days = season.world.days_to(3, after=20)
    for hours, (borrower, title, people) in enumerate(
        (
            ("m3", "Wieczór opowieści", 150),
            ("m10", "Próba generalna z orkiestrą", 60),
            ("m6", "Kongres kultury: debata otwarta", 190),
        )
    ):
        line = season.wish("r4", days, "17:00", "21:00", setup_minutes=60)
        season.ask(
            season.world.now - timedelta(hours=40 - 9 * hours), borrower, [line], title,
            event_kind="spotkanie", expected_people=people,
        )  # fmt: skip


def chairs(season: Season) -> None:
    """80 of 120 chairs are kept for who asked first; somebody else is second in line."""
    world = season.world
    days = world.days_to(2, after=9)
    first = season.wish("chairs2", days, "10:00", "15:00", until=days + 1, units=80)
    second = season.wish(
        "chairs2", days, "12:00", "14:00", until=days + 1, units=60, second_in_line=True
    )
    season.ask(
        world.now - timedelta(hours=22), "m6", [first], "Festyn na podwórzu", expected_people=120
    )
    season.ask(
        world.now - timedelta(hours=5), "m8", [second], "Obrony dyplomów", expected_people=60
    )


def congress(season: Season) -> None:
    """One request, five owners: all or nothing. Three have said yes so far."""
    world = season.world
    days = world.days_to(4, after=34)
    lines = [
        season.wish("r5", days, "09:00", "18:00"),
        season.wish("r7", days, "09:00", "13:00"),
        season.wish("r11", days, "10:00", "18:00"),
        season.wish("chairs3", days - 1, "12:00", "15:00", until=days + 3, units=60),
        season.wish("mod-uk", days, "10:00", "18:00"),
    ]

    def then(made: Requested, now: datetime) -> None:
        for position, line in enumerate(made.lines[:3]):
            season.do(
                now + timedelta(hours=6 + 9 * position),
                line,
                "approve",
                note="Zgoda, czekamy na resztę.",
            )
        season.say(
            now + timedelta(hours=7), made, "m2", "Czy potrzebny będzie projektor? Mamy dwa."
        )
        season.say(
            now + timedelta(hours=9),
            made,
            "m6",
            "Tak, poproszę. Przywieziemy własny ekran.",
            role="staff",
        )

    season.ask(
        world.now - timedelta(hours=46), "m6", lines, "Kongres kultury: dzień pierwszy", then,
        purpose="Dwudniowy kongres instytucji i organizacji, wstęp wolny.", event_kind="kongres",
        expected_people=220, access_needs="Pętla indukcyjna, miejsca dla wózków.",
    )  # fmt: skip


def tomorrow(season: Season) -> None:
    """Too late by the house rules, asked anyway with a word why."""
    world = season.world
    days = world.days_to(3, after=1)
    line = season.wish("r2", days, "11:00", "14:00")
    season.ask(
        world.now - timedelta(hours=3), "m4", [line], "Spotkanie po zalaniu świetlicy",
        ask_anyway="Świetlica, w której mieliśmy być, jest zalana. Wystarczy nam płaska podłoga i krzesła.",
        expected_people=30,
    )  # fmt: skip


def partners(season: Season) -> None:
    """Partners from abroad ask on the strength of a letter of intent."""
    world = season.world
    stay = world.days_to(2, after=30)
    season.ask(
        world.now - timedelta(days=5), "p1",
        [season.wish("rooms9", stay, "14:00", "11:00", until=stay + 2, units=3)], "Wizyta studyjna z Wilna",
        lambda made, _now: season.lend(made, made.lines[0], note="Zapraszamy!"),
        purpose="Trzy osoby, spotkanie w sprawie wspólnego wniosku.",
    )  # fmt: skip
    season.ask(
        world.now - timedelta(hours=15), "p3",
        [season.wish("r14", world.days_to(5, after=44), "17:00", "20:00")], "Концерт «Світанок»",
        purpose="Koncert chóru z Kijowa.", expected_people=120,
    )  # fmt: skip
    season.ask(
        world.now - timedelta(days=3), "p6",
        [season.wish("flat", world.days_to(1, after=60), "12:00", "12:00", until=world.days_to(1, after=60) + 35)],
        "Residency: two sound artists", purpose="Five weeks of field recordings in the courtyard.",
    )  # fmt: skip


def my_request(season: Season) -> None:
    """Two things gathered, not sent yet."""
    world = season.world
    days = world.days_to(3, after=27)

    def step(now: datetime) -> None:
        by = world.viewer("m3", "staff", now)
        add_line(by=by, wish=season.wish("r9", days, "16:00", "20:00"))
        add_line(
            by=by, wish=season.wish("chairs6", days, "12:00", "12:00", until=days + 1, units=40)
        )

    season.at(world.now - timedelta(hours=2), step)
