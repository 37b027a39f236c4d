"""Repeated bookings against rules and dates that other programs agreed on. Runs where that data lies beside us."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.recurrence import dates, read_repetition, timed
from bookings.recurrence.rule import expand, parse
from cooperative.errors import Invalid
from tests.shared_data import S10, shared

LIBICAL = "rrule-libical/src/test/icalrecur_test.json"
ICALNET = "rrule-icalnet/Recurrence/RecurrenceTestCases.json"
WARSAW = ZoneInfo("Europe/Warsaw")


def wall(text: str) -> datetime:
    """`19970902T090000Z` or `20241024`; the vectors float, so that a Z changes nothing."""
    return datetime.fromisoformat(text.removesuffix("Z"))


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        (
            LIBICAL,
            37,
            {
                "rule_frequency": 81,
                "rule_part_not_taken": 19,
                "rule_parts_mixed": 7,
                "rule_malformed": 1,
                "rule_value_twice": 1,
            },
        ),
        (
            ICALNET,
            3,
            {
                "rule_frequency": 62,
                "invalid": 5,  # yearly too, and they begin in the year 9997
                "rule_parts_mixed": 8,
                "rule_part_not_taken": 2,
                "rule_value": 2,
                "rule_malformed": 1,
                "rule_interval": 1,
                "rule_without_end": 1,
            },
        ),
    ],
)
def test_what_is_taken_has_the_dates_of_the_vectors(
    name: str, taken: int, refused: dict[str, int]
) -> None:
    """Most of what is refused is YEARLY, by the hour, or by parts that we do not take at all."""
    codes: Counter[str] = Counter()
    agreed: list[str] = []
    sentences: list[str] = []
    for vector in shared(name):
        starts = wall(vector.get("DTSTART", "20240101"))
        minute = starts.hour * 60 + starts.minute
        # Some begin before the years that we know; 28 years later the calendar is the same.
        later = 28 if starts.year < 2000 else 0
        rule = vector["RRULE"]
        if later and "UNTIL=" in rule:
            until = rule.partition("UNTIL=")[2][:4]
            rule = rule.replace(f"UNTIL={until}", f"UNTIL={int(until) + later}")
        first_on = starts.date().replace(year=starts.year + later)
        try:
            repetition = read_repetition(
                rule=rule, first_on=first_on, starts_minute=minute, length_minutes=60
            )
        except Invalid as refusal:
            codes[refusal.code] += 1
            with translation.override("pl"):
                sentences.append(str(refusal.errors["rule"][0]))
            continue
        expected = [wall(one).date() for one in vector["INSTANCES"].split(",")]
        found = [one.local_date for one in dates(repetition).occurrences]
        assert found == [day.replace(year=day.year + later) for day in expected], rule
        # And as it stands, without the detour over 28 years.
        as_it_stands = parse(vector["RRULE"], first_on=starts.date(), starts_minute=minute)
        assert expand(as_it_stands, first_on=starts.date()) == expected, rule
        agreed.append(rule)
    print(f"{name}: {len(agreed)} taken, {sum(codes.values())} refused: {dict(codes)}")
    assert [said for said in sentences if not said.endswith((".", "?"))] == []
    assert (len(agreed), dict(codes)) == (taken, refused)


def test_the_weekly_rehearsal_over_the_clock_change() -> None:
    """S10 as it was computed elsewhere, for every zone of its partners."""
    known = shared(S10)["weekly"]
    series = read_repetition(
        rule="FREQ=WEEKLY;UNTIL=20270525",
        first_on=date(2027, 2, 2),
        starts_minute=17 * 60,
        length_minutes=120,
        exceptions=[date(2027, 5, 4)],
        additions=[date(2027, 5, 5)],
        zone=WARSAW,
    )
    spans = [timed(series, one.local_date, WARSAW).span for one in dates(series).occurrences]
    starts = [span.start for span in spans if span is not None]
    assert len(known) == len(spans) == 17
    assert [f"{one:%Y-%m-%dT%H:%MZ}" for one in starts] == [one["utc"] for one in known]
    for zone in ("Europe/Vilnius", "Europe/Kyiv", "Asia/Tokyo", "Europe/Minsk"):
        local = [one.astimezone(ZoneInfo(zone)).isoformat() for one in starts]
        assert local == [one[zone] for one in known]


def test_nights_gaps_and_times_that_come_twice() -> None:
    """The other cases of S10."""
    found = shared(S10)
    cases = next(
        value for value in found.values() if isinstance(value, list) and "case" in value[0]
    )
    seen = Counter(case["case"] for case in cases)
    for case in cases:
        zone = ZoneInfo(case.get("zone", "Europe/Warsaw"))
        starts = datetime.fromisoformat(case.get("wall") or case["start"]).replace(tzinfo=None)
        length = 60
        if "end" in case:
            ends = datetime.fromisoformat(case["end"]).replace(tzinfo=None)
            length = int((ends - starts).total_seconds()) // 60
        once = read_repetition(
            rule="FREQ=DAILY;COUNT=1",
            first_on=starts.date(),
            starts_minute=starts.hour * 60 + starts.minute,
            length_minutes=length,
        )
        answer = timed(once, starts.date(), zone)
        if "hours" in case:
            assert answer.span is not None
            assert answer.span.length.total_seconds() == case["hours"] * 3600
        elif "utc" in case:
            assert [one.reason for one in answer.troubles] == ["twice"]
            chosen = [
                timed(once, starts.date(), zone, offset=one) for one in answer.troubles[0].offsets
            ]
            assert [f"{one.span.start:%Y-%m-%dT%H:%MZ}" for one in chosen if one.span] == case[
                "utc"
            ]
        else:
            assert [one.reason for one in answer.troubles] == ["does_not_exist"]
    assert seen == {"spring night": 1, "autumn night": 1, "gap": 2, "fold": 1}
