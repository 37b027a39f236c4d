"""What the houses have on themselves."""

from __future__ import annotations

from bookings.demo.season import Season

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


def own_programme(season: Season) -> None:
    """Rehearsals, shows and classes of the houses themselves, week by week."""
    for thing, weekday, start, end, title, every in OWN_PROGRAMME:
        for week in WEEKS:
            if week % every == 0:
                days = season.world.days_to(weekday, quiet_days=False) + 7 * week
                season.block(thing, days, start, end, title)
