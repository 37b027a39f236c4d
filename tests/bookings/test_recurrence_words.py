"""Repeated bookings in one sentence, in each language."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from bookings.recurrence import LeftOut, Repetition, left_out_words, read_repetition, sentence

TUESDAY = date(2027, 2, 2)


def read(rule: str, *, starts: int = 17 * 60, length: int = 180, **beside: object) -> Repetition:
    return read_repetition(
        rule=rule,
        first_on=TUESDAY,
        starts_minute=starts,
        length_minutes=length,
        **beside,  # type: ignore[arg-type]
    )


def said(repetition: Repetition, language: str) -> str:
    with translation.override(language):
        return sentence(repetition)


REHEARSAL = read(
    "FREQ=WEEKLY;UNTIL=20270629",
    exceptions=[date(2027, 5, 4)],
    additions=[date(2027, 5, 5)],
    skip_holidays=True,
)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "every Tuesday 17:00–20:00 until 29 June 2027, not on public holidays, not on 4 May, plus 5 May",
        ),
        (
            "pl",
            "w każdy wtorek, 17:00–20:00, do 29 czerwca 2027, oprócz świąt, oprócz 4 maja, dodatkowo 5 maja",
        ),
        (
            "de",
            (
                "jeden Dienstag, 17:00–20:00, bis 29. Juni 2027, nicht an Feiertagen, nicht am 4. Mai, "
                "zusätzlich am 5. Mai"
            ),
        ),
        (
            "uk",
            "щовівторка, 17:00–20:00, до 29 червня 2027, крім свят, крім 4 травня, додатково 5 травня",
        ),
    ],
)
def test_everything_is_in_the_sentence(language: str, words: str) -> None:
    assert said(REHEARSAL, language) == words


@pytest.mark.parametrize(
    ("rule", "english", "polish"),
    [
        ("FREQ=DAILY", "every day", "codziennie"),
        ("FREQ=DAILY;INTERVAL=2", "every second day", "co drugi dzień"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days", "co 3 dni"),
        (
            "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
            "every day from Monday to Friday",
            "codziennie od poniedziałku do piątku",
        ),
        ("FREQ=WEEKLY;BYDAY=WE", "every Wednesday", "w każdą środę"),
        ("FREQ=WEEKLY;BYDAY=TU,WE", "on Tuesdays and Wednesdays", "we wtorki i środy"),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,SU",
            "on Mondays, Wednesdays and Sundays",
            "w poniedziałki, środy i niedziele",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day", "codziennie"),
        ("FREQ=WEEKLY;INTERVAL=2", "every second Tuesday", "co drugi wtorek"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "every second Saturday", "co drugą sobotę"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR",
            "every second week on Tuesdays and Fridays",
            "co drugi tydzień we wtorki i piątki",
        ),
        ("FREQ=WEEKLY;INTERVAL=3", "every 3 weeks on Tuesdays", "co 3 tygodnie we wtorki"),
        ("FREQ=WEEKLY;INTERVAL=5;BYDAY=FR", "every 5 weeks on Fridays", "co 5 tygodni w piątki"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "every second week on Tuesdays and Sundays (first day of the week: Sunday)",
            "co drugi tydzień we wtorki i niedziele (pierwszy dzień tygodnia: niedziela)",
        ),
        (
            "FREQ=MONTHLY;BYDAY=2TU",
            "on the second Tuesday of each month",
            "w drugi wtorek miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=3WE",
            "on the third Wednesday of each month",
            "w trzecią środę miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR",
            "on the last Friday of each month",
            "w ostatni piątek miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1SU,-1SU",
            "on the first and last Sunday of each month",
            "w pierwszą i ostatnią niedzielę miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO,2FR",
            "on the first Monday and second Friday of each month",
            "w pierwszy poniedziałek i drugi piątek miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=3WE,1SU,-2SU",
            "on the third Wednesday, first and second-to-last Sunday of each month",
            "w trzecią środę, pierwszą i przedostatnią niedzielę miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYDAY=5TH",
            "on the fifth Thursday of each month (in months that have such a day)",
            "w piąty czwartek miesiąca (w miesiącach, które mają taki dzień)",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
            "every second month on the last Friday",
            "co drugi miesiąc w ostatni piątek",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=WE",
            "every 3 months on Wednesdays",
            "co 3 miesiące w środy",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,2,3,11,22",
            "on the 1st, 2nd, 3rd, 11th and 22nd of each month",
            "1., 2., 3., 11. i 22. dnia miesiąca",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of each month", "ostatniego dnia miesiąca"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,-3",
            "on the 1st and 3rd-to-last day of each month",
            "1. i 3. od końca dnia miesiąca",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "on the 31st of each month (in months that have a 31st)",
            "31. dnia miesiąca (w miesiącach, które mają 31. dzień)",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15,30",
            "on the 15th and 30th of each month (the 30th only in months that have it)",
            "15. i 30. dnia miesiąca (30. tylko w miesiącach, które mają taki dzień)",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=15",
            "every 6 months on the 15th",
            "co 6 miesięcy 15. dnia",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR,SA;BYMONTHDAY=13",
            "on the 13th of each month, if that is a Friday or Saturday,",
            "13. dnia miesiąca, jeśli to piątek lub sobota",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "on the last day of each month, counting only Monday to Friday,",
            "ostatniego dnia miesiąca, licząc tylko dni od poniedziałku do piątku",
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=3",
            "on the 3rd day of each month, counting only Tuesdays and Thursdays,",
            "3. dnia miesiąca, licząc tylko wtorki i czwartki",
        ),
    ],
)
def test_the_days_are_said_as_people_say_them(rule: str, english: str, polish: str) -> None:
    repetition = read(f"{rule};UNTIL=20271231")
    assert said(repetition, "en") == f"{english} 17:00–20:00 until 31 December 2027"
    assert said(repetition, "pl") == f"{polish}, 17:00–20:00, do 31 grudnia 2027"


@pytest.mark.parametrize(
    ("starts", "length", "english", "polish"),
    [
        (17 * 60, 180, "17:00–20:00", "17:00–20:00"),
        (20 * 60, 240, "20:00–24:00", "20:00–24:00"),
        (22 * 60, 480, "22:00–06:00 the next day", "22:00–06:00 następnego dnia"),
        (0, 1440, "all day", "cały dzień"),
        (0, 2880, "for 2 whole days", "przez 2 całe dni"),
        (0, 7200, "for 5 whole days", "przez 5 całych dni"),
        (600, 3000, "10:00–12:00 (2 days later)", "10:00–12:00 (2 dni później)"),
    ],
)
def test_the_hours_are_said_with_the_day_they_end_on(
    starts: int, length: int, english: str, polish: str
) -> None:
    once = read("FREQ=DAILY;COUNT=1", starts=starts, length=length)
    assert said(once, "en") == f"2 February 2027, {english}"
    assert said(once, "pl") == f"2 lutego 2027, {polish}"


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 2, "every Tuesday 17:00–20:00, 2 times from 2 February 2027"),
        ("pl", 2, "w każdy wtorek, 17:00–20:00, 2 razy od 2 lutego 2027"),
        ("pl", 17, "w każdy wtorek, 17:00–20:00, 17 razy od 2 lutego 2027"),
        ("de", 17, "jeden Dienstag, 17:00–20:00, 17-mal ab 2. Februar 2027"),
        ("uk", 2, "щовівторка, 17:00–20:00, 2 рази з 2 лютого 2027"),
        ("uk", 17, "щовівторка, 17:00–20:00, 17 разів з 2 лютого 2027"),
    ],
)
def test_a_number_of_times_says_from_when(language: str, count: int, words: str) -> None:
    assert said(read(f"FREQ=WEEKLY;COUNT={count}"), language) == words


def test_many_dates_are_counted_and_another_year_is_said() -> None:
    many = read(
        "FREQ=DAILY;COUNT=30",
        exceptions=[date(2027, 2, day) for day in range(3, 20)],
        additions=[date(2027, 12, 30), date(2028, 1, 5), date(2028, 1, 6)],
    )
    assert said(many, "en") == (
        "every day 17:00–20:00, 30 times from 2 February 2027, not on 3 February, 4 February, 5 February, "
        "6 February, 7 February and 12 more, plus 30 December, 5 January 2028 and 6 January"
    )
    assert said(many, "pl").endswith(
        "oprócz 3 lutego, 4 lutego, 5 lutego, 6 lutego, 7 lutego i jeszcze 12, "
        "dodatkowo 30 grudnia, 5 stycznia 2028 i 6 stycznia"
    )


def test_what_the_rule_has_anyway_is_not_said_again() -> None:
    put_in = [TUESDAY, date(2027, 2, 4)]
    once = read("FREQ=DAILY;COUNT=1", additions=put_in)
    assert said(once, "en") == "2 February 2027, 17:00–20:00, plus 4 February"
    daily = read("FREQ=DAILY;COUNT=5", additions=put_in, skip_holidays=True)
    assert said(daily, "en") == (
        "every day 17:00–20:00, 5 times from 2 February 2027, not on public holidays, "
        "plus 2 February and 4 February"
    )


@pytest.mark.parametrize(
    ("language", "named", "unnamed", "by_hand"),
    [
        ("en", "3 May – Constitution Day", "3 May – public holiday", "3 May – left out"),
        ("pl", "3 maja – Constitution Day", "3 maja – święto", "3 maja – pominięty"),
    ],
)
def test_a_date_left_out_says_why(language: str, named: str, unnamed: str, by_hand: str) -> None:
    third = date(2027, 5, 3)
    with translation.override(language):
        assert [
            left_out_words(LeftOut(third, "public_holiday", "Constitution Day")),
            left_out_words(LeftOut(third, "public_holiday")),
            left_out_words(LeftOut(third, "exception")),
        ] == [named, unnamed, by_hand]
