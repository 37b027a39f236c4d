"""Every reason says kindly, in Polish and English, why not and what would help; and nothing of other borrowers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from bookings.facts.ask import Ask
from bookings.facts.demands import Share, Taken
from bookings.facts.hours import DaysOff, WeeklyRow
from bookings.facts.resource import AskedBefore, ResourceFacts
from bookings.facts.terms import OWN_HOUSE
from bookings.reasons import Reason
from bookings.rules import RULES, judge
from bookings.rules.parties import companion_not_free
from bookings.spans import Load, Span
from tests.bookings.facts_stage import ROOM

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = datetime(2027, 3, 10, tzinfo=UTC)
"""A Wednesday; the clock of the owner is an hour ahead."""
CHAIRS = replace(ROOM, kind="pooled", units=40, shares=(Share(7, 1, "peak", 40),))
OPEN = tuple(WeeklyRow(day, 9 * 60, 17 * 60) for day in range(5))


def span(start: float, end: float) -> Span:
    return Span(DAY + timedelta(hours=start), DAY + timedelta(hours=end))


def ask(room: ResourceFacts = ROOM, start: float = 10, end: float = 14, **fields: Any) -> Ask:
    terms = {name: fields.pop(name) for name in list(fields) if name.endswith(("minutes", "days"))}
    use = span(start, end)
    made = Ask(room, replace(OWN_HOUSE, **terms), use, use, 1, 2, "active", NOW)
    return replace(made, **fields)


def taken(start: float, end: float, *, units: int = 1, until: datetime | None = None) -> Taken:
    """By somebody else's booking: line 4711 of booking 4712."""
    return Taken(7, Load(span(start, end), units), until, "line", 4711, 4712)


def month(minutes: int) -> ResourceFacts:
    whole = Span(datetime(2027, 2, 28, 23, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC))
    return replace(
        ROOM,
        kind="metered",
        units=10,
        periods=(Share(8, 1, "total", minutes, span=whole),),
    )


SESSIONS = replace(
    ROOM, kind="seated", shares=(), periods=(Share(9, 1, "peak", 5, span=span(34, 36), session=1),)
)
CASES: dict[str, Callable[[], Ask]] = {
    "resource_not_offered": lambda: ask(replace(ROOM, state="suspended")),
    "needs_no_booking": lambda: ask(replace(ROOM, kind="open", shares=())),
    "no_dates_yet": lambda: ask(replace(ROOM, kind="seated", shares=())),
    "owner_not_active": lambda: ask(replace(ROOM, owner_state="suspended")),
    "borrower_not_active": lambda: ask(borrower_state="suspended"),
    "asking_paused": lambda: replace(ask(), paused_until=DAY + timedelta(days=60)),
    "may_not_ask": lambda: replace(ask(), terms=None),
    "asked_already": lambda: ask(
        replace(ROOM, asked_before=(AskedBefore(UUID(int=9), span(10, 14), 1),))
    ),
    "in_the_past": lambda: ask(now=DAY + timedelta(hours=12)),
    "no_session_then": lambda: ask(SESSIONS),
    "more_than_there_are": lambda: ask(CHAIRS, units=50),
    "taken": lambda: ask(taken=(taken(11, 13),)),
    "not_enough_units": lambda: ask(CHAIRS, units=10, taken=(taken(9, 20, units=36),)),
    "not_enough_hours": lambda: ask(month(180)),
    "kept_for_another": lambda: ask(taken=(taken(9, 20, until=NOW + timedelta(days=2)),)),
    "too_many_holds": lambda: ask(replace(ROOM, answering="keep_first"), open_holds=10),
    "outside_hours": lambda: ask(replace(ROOM, weekly=OPEN), 14, 18),
    "day_off": lambda: ask(
        replace(ROOM, weekly=OPEN, days_off=(DaysOff(date(2027, 3, 10), date(2027, 3, 12)),))
    ),
    "nobody_at_the_desk": lambda: ask(replace(ROOM, weekly=OPEN, handover="simple"), 18, 40),
    "too_late_to_ask": lambda: ask(notice_minutes=14 * 1440),
    "too_early_to_ask": lambda: ask(horizon_days=5),
    "too_short": lambda: ask(shortest_minutes=6 * 60),
    "too_long": lambda: ask(longest_minutes=90),
    "not_in_steps": lambda: ask(ROOM, 10.25, 11, step_minutes=60),
}
RELAXED = {
    "asked_already": {"ask_anyway"},
    "in_the_past": {"starts_at"},
    "no_session_then": {"starts_at", "ends_at"},
    "more_than_there_are": {"units"},
    "taken": {"starts_at", "ends_at"},
    "not_enough_units": {"units"},
    "not_enough_hours": {"starts_at", "minutes"},
    "kept_for_another": {"second_in_line"},
    "too_many_holds": {"open"},
    "outside_hours": {"starts_at", "ends_at"},
    "day_off": {"starts_at", "ends_at"},
    "nobody_at_the_desk": {"starts_at"},
    "too_late_to_ask": {"starts_at"},
    "too_early_to_ask": {"ask_from"},
    "too_short": {"minutes", "ends_at"},
    "too_long": {"minutes", "ends_at"},
    "not_in_steps": {"starts_at", "ends_at"},
    "companion_not_free": {"starts_at", "ends_at"},
}


DESK = replace(ROOM, weekly=OPEN, handover="simple")
FIRM_AND_KEPT = (taken(9, 20, units=20), taken(9, 20, units=15, until=NOW + timedelta(days=2)))
HELPED: dict[str, Callable[[], Ask]] = {
    **CASES,
    "brought back late": lambda: ask(DESK, 10, 18),
    "brought back early": lambda: ask(DESK, 10, 30),
    "brought back when it opens": lambda: ask(DESK, 10, 32),
    "fetched on a Sunday": lambda: ask(DESK, -72, 34),
    "fetched when it closes": lambda: ask(DESK, 16, 34),
    "fetched early today": lambda: ask(DESK, 6, 34, now=DAY + timedelta(hours=5)),
    "open the day after": lambda: ask(replace(ROOM, weekly=OPEN), 18, 20),
    "over two nights": lambda: ask(replace(ROOM, weekly=OPEN), 18, 70),
    "open for three minutes of it": lambda: ask(replace(ROOM, weekly=OPEN), 15.95, 18),
    "free for three minutes": lambda: ask(taken=(taken(10.05, 13.95),)),
    "a second is no minute": lambda: ask(
        now=DAY + timedelta(hours=9, seconds=37), notice_minutes=90
    ),
    "past by a second": lambda: ask(now=DAY + timedelta(hours=12, seconds=37)),
    "more than there are, and taken": lambda: ask(CHAIRS, units=50, taken=FIRM_AND_KEPT),
    "some taken, some kept": lambda: ask(CHAIRS, units=30, taken=FIRM_AND_KEPT),
    "in steps, and not too long": lambda: ask(
        ROOM, 10.5, 13.5, step_minutes=60, longest_minutes=180
    ),
    "no date with so many places": lambda: ask(
        replace(
            SESSIONS,
            periods=(*SESSIONS.periods, Share(10, 1, "peak", 9, span=span(60, 62), session=2)),
        ),
        units=7,
    ),
}


def helped(one: Ask, relax: Mapping[str, Any]) -> Ask:
    """With all that would help; a start alone that comes too late moves the whole."""
    start, end = one.use.start, one.use.end
    if "starts_at" in relax:
        start = datetime.fromisoformat(relax["starts_at"])
        end = end if start < end else start + one.use.length
    if "ends_at" in relax:
        until = datetime.fromisoformat(relax["ends_at"])
        start, end = (start if start < until else one.use.start), until
    elif "minutes" in relax and "starts_at" not in relax:
        end = start + timedelta(minutes=relax["minutes"])
    use = Span(start, end)
    return replace(
        one,
        use=use,
        event=use,
        units=relax.get("units", one.units),
        second_in_line=relax.get("second_in_line", one.second_in_line),
    )


@pytest.mark.parametrize("case", HELPED)
def test_what_would_help_helps(case: str) -> None:
    one = HELPED[case]()
    found = judge(one, "ask")
    assert found
    asked = one
    for why in found:
        if why.relax and not why.relax.keys() & {"ask_anyway", "open", "ask_from"}:
            asked = helped(asked, why.relax)
            assert asked.use.start.second == asked.use.end.second == 0
            assert asked.use.length >= timedelta(minutes=5)
    if asked is not one:
        assert [why.code for why in judge(asked, "ask")] == []


def reason(code: str, language: str = "en") -> Reason:
    with translation.override(language):
        if code == "companion_not_free":
            return companion_not_free(ROOM, judge(CASES["taken"](), "bring"), waivable=True)
        [found] = [one for one in judge(CASES[code](), "ask") if one.code == code]
        return replace(found, message=str(found.message))


ALL = (*CASES, "companion_not_free")


@pytest.mark.parametrize("code", ALL)
def test_each_is_said_in_both_languages_with_what_would_help(code: str) -> None:
    english, polish = reason(code), reason(code, "pl")
    assert str(english.message) != str(polish.message)
    assert re.search(r"[%{}]|T\d\d:|\+00:00|None", f"{english.message}{polish.message}") is None
    assert set(english.relax or ()) == RELAXED.get(code, set())
    assert english.relax == polish.relax


@pytest.mark.parametrize("code", ALL)
def test_what_the_asker_sees_names_no_other_borrower(code: str) -> None:
    found = reason(code)
    shown = f"{found.message} {dict(found.values)} {found.relax}"
    assert "4711" not in shown
    assert "4712" not in shown


def test_the_owner_sees_what_is_in_the_way() -> None:
    assert "4711" in str(reason("taken").owner_values)


def test_no_rule_is_left_out() -> None:
    """Every rule that is judged when asking gives one of the reasons here."""
    silent = [
        rule.__name__
        for rule in RULES["ask"]
        if not any(rule(make()) is not None for make in CASES.values())
    ]
    assert silent == []


def test_all_codes_stand_in_the_documents() -> None:
    text = Path("docs/api.md").read_text()
    assert [code for code in ALL if f"`{code}`" not in text] == []


@pytest.mark.parametrize(
    ("code", "english"),
    [
        (
            "taken",
            "It is taken at that time. It is free until 12:00 and from 14:00.",
        ),
        ("not_enough_units", "Up to 4 are free all that time."),
        (
            "not_enough_hours",
            "Only 3 hours are left in that month; a new one begins on Thu 1 April.",
        ),
        (
            "too_late_to_ask",
            (
                "Its owner wants to be asked at least 14 days ahead: for this time by Wed 24 February, 11:00. "
                "If you ask now, it can begin from Mon 15 March, 10:00."
            ),
        ),
        (
            "too_early_to_ask",
            (
                "Its owner plans at most 5 days ahead. You can ask for it from Fri 5 March; "
                "now for dates until Sat 6 March."
            ),
        ),
        ("too_long", "It is lent for at most 1 hour 30 minutes."),
        (
            "outside_hours",
            "It is not open during all of this time. On that day it is open 09:00–17:00.",
        ),
        (
            "day_off",
            "The house is closed on that day. It opens again on Fri 12 March, 09:00.",
        ),
        (
            "kept_for_another",
            (
                "It is kept for somebody who asked first, until Wed 3 March, 10:00 at the latest. "
                "You can ask as second in line."
            ),
        ),
        ("not_in_steps", "It is lent in steps of 1 hour: 11:00 – 12:00 would fit."),
    ],
)
def test_times_are_said_on_the_owners_clock(code: str, english: str) -> None:
    assert str(reason(code).message) == english


def test_days_are_said_in_the_readers_language() -> None:
    assert "czw. 1 kwietnia" in str(reason("not_enough_hours", "pl").message).replace(
        "czw ", "czw. "
    )
