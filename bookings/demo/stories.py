"""What happens in the demo's season: own programme, ordinary requests, and the cases worth showing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bookings.errors import BookingRefused
from bookings.services.drafts import add_line
from bookings.services.request.stored import Requested
from bookings.services.write_in import WrittenFor, write_in
from bookings.wishes import BookingWish

from .season import OWNERS, Season
from .things import THINGS

WEEKS = range(-7, 11)

OWN_PROGRAMME: tuple[tuple[str, int, str, str, str, int], ...] = (
    ("r1", 4, "17:00", "23:00", "Spektakl: „Kontur i cień”", 2),
    ("r1", 5, "17:00", "23:00", "Spektakl: „Kontur i cień”", 1),
    ("r1", 3, "10:00", "15:00", "Próba", 1),
    ("r2", 3, "18:00", "22:00", "Scena kameralna: czytanie", 2),
    ("r4", 2, "17:00", "20:00", "Koło teatralne", 1),
    ("r6", 1, "16:00", "19:00", "Zajęcia taneczne", 1),
    ("r9", 4, "19:00", "23:00", "Wieczór klubowy", 2),
    ("r12", 0, "09:00", "15:00", "Zajęcia studentów", 1),
    ("r12", 2, "09:00", "15:00", "Zajęcia studentów", 1),
    ("r14", 6, "16:00", "19:00", "Koncert niedzielny", 2),
)
"""Thing, weekday, from, to, title, every so many weeks."""

EVENTS: tuple[tuple[str, str, int], ...] = (
    ("Warsztaty teatralne dla seniorek", "warsztaty", 18),
    ("Próba chóru sąsiedzkiego", "próba", 24),
    ("Spotkanie autorskie", "spotkanie", 40),
    ("Dyskusyjny klub filmowy", "projekcja", 35),
    ("Zebranie rady osiedla", "spotkanie", 30),
    ("Wernisaż młodej grafiki", "wystawa", 45),
    ("Zajęcia z tańca współczesnego", "warsztaty", 16),
    ("Szkolenie: dostępność wydarzeń", "szkolenie", 28),
    ("Koncert uczniów", "koncert", 60),
    ("Przegląd amatorskich teatrów", "festiwal", 80),
    ("Kiermasz wymiany książek", "kiermasz", 50),
    ("Noc gier planszowych", "spotkanie", 30),
)
BORROWERS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10")
NOES = (
    "Mamy wtedy próbę generalną.",
    "W tym tygodniu malujemy salę.",
    "Opiekun jest na urlopie, proponujemy tydzień później.",
)


def tell_all(season: Season) -> None:
    """Put the whole season into the queue."""
    _own_programme(season)
    _ordinary(season)
    for story in (
        _rivals, _chairs, _congress, _late_ladder, _out_today, _by_phone, _to_be_settled,
        _tomorrow, _five_of_six, _partners, _my_request, _repair,
    ):  # fmt: skip
        story(season)


def _own_programme(season: Season) -> None:
    for thing, weekday, start, end, title, every in OWN_PROGRAMME:
        for week in WEEKS:
            if week % every == 0:
                days = season.world.days_to(weekday, quiet_days=False) + 7 * week
                season.block(thing, days, start, end, title)


def _ordinary(season: Season) -> None:
    """Some ninety requests as they come: most said yes to, some not, the latest still waiting."""
    world, chance = season.world, season.chance
    # r2 and r13 are left to the stories below.
    rooms = [
        "r3", "r4", "r5", "r5", "r6", "r7", "r7", "r9", "r11", "r12", "r14", "mod-de", "mentor",
    ]  # fmt: skip
    kit = [
        "chairs2",
        "chairs3",
        "chairs6",
        "platforms",
        "easels",
        "projector",
        "wireless",
        "panels",
    ]
    notices = {thing.key: thing.notice for thing in THINGS}
    for number in range(116):
        title, kind, people = chance.choice(EVENTS)
        thing = chance.choice(kit if number % 3 == 0 else rooms)
        borrower = chance.choice([key for key in BORROWERS if key != OWNERS[thing]])
        days = world.days_to(
            chance.choice((1, 2, 3)), after=chance.randrange(-52, 45), quiet_days=False
        )
        if world.near_holiday(days):
            continue
        more: dict[str, Any] = {}
        if thing in kit:
            more["units"] = chance.randrange(1, max(2, world.things[thing].units // 3))
            line = season.wish(thing, days, "11:00", "13:00", until=days + 1, **more)
        else:
            start = chance.choice((10, 12, 14, 16))
            longest = 2 if thing in {"mentor", "r6"} else 3
            line = season.wish(thing, days, f"{start}:00", f"{start + longest}:00")
        notice = timedelta(minutes=notices[thing])
        lead = -(-notice // timedelta(days=1)) + chance.randrange(1, 22)
        asked = world.office_hour(
            min(days - lead, -chance.choice((0, 0, 1, 1, 2, 4, 7, 12))), chance
        )
        if line.starts_at - asked < notice or asked < world.founded + timedelta(days=3):
            continue
        season.ask(
            asked, borrower, [line], title, _answered(season, chance.random()), event_kind=kind,
            expected_people=people,
        )  # fmt: skip


def _answered(season: Season, luck: float) -> Any:
    def then(made: Requested, now: datetime) -> None:
        line = made.lines[0]
        if season.world.now - now < timedelta(days=3) and luck < 0.8:
            return  # still waiting on the demo's day
        if luck < 0.78:
            season.lend(made, line, note="Do zobaczenia!" if luck < 0.2 else "")
        elif luck < 0.88:
            reason = NOES[int(luck * 1000) % len(NOES)]
            season.do(now + timedelta(hours=20), line, "decline", reason=reason)
        elif luck < 0.94:
            borrower = next(
                k for k, h in season.world.houses.items() if h.pk == made.booking.borrower_id
            )
            season.do(now + timedelta(hours=30), line, "withdraw", by=borrower)
        else:
            season.lend(made, line)
            borrower = next(
                k for k, h in season.world.houses.items() if h.pk == made.booking.borrower_id
            )
            season.do(
                now + timedelta(days=4), line, "cancel", by=borrower, note="Zmieniły nam się plany."
            )

    return then


def _rivals(season: Season) -> None:
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


def _chairs(season: Season) -> None:
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


def _congress(season: Season) -> None:
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


def _late_ladder(season: Season) -> None:
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


def _out_today(season: Season) -> None:
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


def _by_phone(season: Season) -> None:
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


def _to_be_settled(season: Season) -> None:
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


def _tomorrow(season: Season) -> None:
    """Too late by the house rules, asked anyway with a word why."""
    world = season.world
    days = world.days_to(3, after=1)
    line = season.wish("r2", days, "11:00", "14:00")
    season.ask(
        world.now - timedelta(hours=3), "m4", [line], "Spotkanie po zalaniu świetlicy",
        ask_anyway="Świetlica, w której mieliśmy być, jest zalana. Wystarczy nam płaska podłoga i krzesła.",
        expected_people=30,
    )  # fmt: skip


def _five_of_six(season: Season) -> None:
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


def _partners(season: Season) -> None:
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


def _my_request(season: Season) -> None:
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


def _repair(season: Season) -> None:
    season.block(
        "platforms", season.world.days_to(0, after=15), "08:00", "20:00", "Wymiana nóg w czterech podestach",
        kind="repair", units=4,
    )  # fmt: skip
