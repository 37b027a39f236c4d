"""The public holidays of countries, as the library counts them. No database here."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

_WORKED = "workday"
"""The library's word for holidays on which people work."""


def public_holidays(country: str, year: int, *, language: str = "") -> dict[date, str]:
    """The public holidays of a country (ISO 3166-1 alpha-2) in a year; empty where the library gives none.

    Named in `language`, or in English where the country's are not, or in the country's own where none is asked for.
    Ukraine has had none since 2022 (martial law): its holidays are working days and nothing is closed by itself.
    """
    return dict(_found(country, year, language, named=False))


def holiday_names(country: str, year: int, *, language: str = "") -> dict[date, str]:
    """As `public_holidays`; in Ukraine also those on which people work: they are shown and close nothing."""
    return dict(_found(country, year, language, named=True))


@lru_cache(maxsize=256)
def _found(country: str, year: int, language: str, *, named: bool) -> tuple[tuple[date, str], ...]:
    try:
        of_country = holidays.country_holidays(country)
    except NotImplementedError:
        return ()
    # Left to itself the library takes the language of the machine.
    spoken = of_country.default_language
    for wanted in (language, "en_US"):
        if language and wanted in of_country.supported_languages:
            spoken = wanted
            break
    days = holidays.country_holidays(country, years=year, language=spoken)
    if named and not days and country == "UA":
        days = holidays.country_holidays(
            country, years=year, language=spoken, categories=(_WORKED,)
        )
    return tuple(sorted(days.items()))
