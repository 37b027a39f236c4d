"""Requests as they come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bookings.demo.season import OWNERS, Season
from bookings.demo.things import THINGS
from bookings.services.request.stored import Requested

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


def ordinary(season: Season) -> None:
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
