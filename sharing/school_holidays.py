"""School holidays that follow from law and can be counted for any year. No database here.

Poland: regulation of the Minister of National Education of 11 August 2017 on the organisation of the school year
(Dz. U. 2023 poz. 1211), paragraphs 2 and 3. Winter holidays are announced for each voivodeship and only imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

from .public_holidays import public_holidays

FRIDAY = 4

CHRISTMAS = {
    "pl": "Zimowa przerwa świąteczna",
    "en": "Christmas break",
    "de": "Weihnachtsferien",
    "uk": "Різдвяні канікули",
}
SPRING = {
    "pl": "Wiosenna przerwa świąteczna",
    "en": "Easter break",
    "de": "Osterferien",
    "uk": "Великодні канікули",
}
SUMMER = {
    "pl": "Ferie letnie",
    "en": "Summer holidays",
    "de": "Sommerferien",
    "uk": "Літні канікули",
}


@dataclass(frozen=True, slots=True)
class Break:
    """No school from `from_on` until `until_on` (exclusive); `name` by language."""

    from_on: date
    until_on: date
    name: Mapping[str, str]


def by_law(country: str, year: int) -> tuple[Break, ...]:
    """The breaks that begin in `year`, in order; none where nothing can be counted."""
    if country != "PL":
        return ()
    resurrection = easter(year)
    return (
        # From the Thursday before Easter to the Tuesday after it.
        Break(resurrection - timedelta(days=3), resurrection + timedelta(days=3), SPRING),
        Break(_lessons_end(year) + timedelta(days=1), date(year, 9, 1), SUMMER),
        Break(_christmas_begins(year), date(year + 1, 1, 1), CHRISTMAS),
    )


def _lessons_end(year: int) -> date:
    """The Friday next after 20 June; the Wednesday before it where the Thursday between is a public holiday."""
    friday = date(year, 6, 21)
    while friday.weekday() != FRIDAY:
        friday += timedelta(days=1)
    if friday - timedelta(days=1) in public_holidays("PL", year):
        return friday - timedelta(days=2)
    return friday


def _christmas_begins(year: int) -> date:
    """23 December, or the 22nd where that is a Monday."""
    eve = date(year, 12, 22)
    return eve if eve.weekday() == 0 else eve + timedelta(days=1)
