"""Repeated bookings: which rules are taken, which dates they have, what is left out, how they are split."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.recurrence import (
    LeftOut,
    Occurrence,
    Repetition,
    dates,
    read_repetition,
    split,
    timed,
)
from bookings.spans import Span
from cooperative.errors import Invalid

WARSAW = ZoneInfo("Europe/Warsaw")
TUESDAY = date(2027, 2, 2)
CONSTITUTION = {date(2027, 5, 3): "Constitution Day"}


def read(rule: str, first_on: date = TUESDAY, **beside: object) -> Repetition:
    """From 17:00, three hours, unless said otherwise."""
    given = {"starts_minute": 17 * 60, "length_minutes": 180, **beside}
    return read_repetition(rule=rule, first_on=first_on, **given)  # type: ignore[arg-type]


def days(repetition: Repetition | None, **holidays: dict[date, str]) -> list[date]:
    if repetition is None:
        return []
    return [one.local_date for one in dates(repetition, **holidays).occurrences]


def refusal(rule: object, **beside: object) -> tuple[str, str, str]:
    """The field, the code and the sentence in English."""
    with pytest.raises(Invalid) as caught, translation.override("en"):
        read(rule, **beside)  # type: ignore[arg-type]
    [(field, sentences)] = caught.value.errors.items()
    with translation.override("en"):
        return field, caught.value.code, " ".join(map(str, sentences))


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        ("FREQ=YEARLY;COUNT=3", "rule_frequency", None),
        ("FREQ=HOURLY;COUNT=3", "rule_frequency", None),
        ("FREQ=MINUTELY;COUNT=3", "rule_frequency", None),
        ("FREQ=SECONDLY;COUNT=1000000000", "rule_frequency", None),
        ("FREQ=FORTNIGHTLY;COUNT=3", "rule_frequency", None),
        (
            "COUNT=3;BYDAY=TU",
            "rule_without_frequency",
            "FREQ is missing: DAILY, WEEKLY or MONTHLY.",
        ),
        ("FREQ=WEEKLY;COUNT=3;BYWEEKNO=7", "rule_part_not_taken", None),
        ("FREQ=DAILY;COUNT=3;BYYEARDAY=7", "rule_part_not_taken", None),
        ("FREQ=DAILY;COUNT=3;BYHOUR=7", "rule_part_not_taken", "We do not take rules with BYHOUR."),
        ("FREQ=DAILY;COUNT=3;BYMINUTE=7", "rule_part_not_taken", None),
        ("FREQ=DAILY;COUNT=3;BYSECOND=7", "rule_part_not_taken", None),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "rule_part_not_taken", None),
        ("FREQ=DAILY;COUNT=3;RSCALE=CHINESE", "rule_part_not_taken", None),
        ("FREQ=DAILY;COUNT=3;COLOUR=7", "rule_part_unknown", "A rule has no part COLOUR."),
        ("FREQ=DAILY;COUNT=3;FREQ=DAILY", "rule_part_twice", "FREQ stands twice in the rule."),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=TU,TU", "rule_value_twice", None),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=1TU,+1TU", "rule_value_twice", None),
        ("FREQ=DAILY;COUNT=3;INTERVAL=0", "rule_interval", None),
        ("FREQ=DAILY;COUNT=3;INTERVAL=-1", "rule_interval", None),
        ("FREQ=DAILY;COUNT=3;INTERVAL=367", "rule_interval", None),
        ("FREQ=WEEKLY;COUNT=3;INTERVAL=2000000000", "rule_interval", None),
        ("FREQ=DAILY;COUNT=0", "rule_count", "COUNT is a number from 1 to 366."),
        ("FREQ=DAILY;COUNT=367", "rule_count", None),
        ("FREQ=DAILY;COUNT=1000000000", "rule_count", None),
        ("FREQ=DAILY;COUNT=three", "rule_count", None),
        ("FREQ=DAILY;UNTIL=20270230", "rule_until", None),
        ("FREQ=DAILY;UNTIL=2027-06-29", "rule_until", None),
        ("FREQ=DAILY;UNTIL=20270629T235960Z", "rule_until", None),
        ("FREQ=DAILY;UNTIL=00000101", "rule_until", None),
        ("FREQ=DAILY;UNTIL=00010101T000000Z", "rule_until", None),
        ("FREQ=DAILY;UNTIL=20270629;COUNT=3", "rule_count_and_until", None),
        ("FREQ=DAILY", "rule_without_end", "When does it end? Add UNTIL=20270629 or COUNT=10."),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=MO,2TU", "rule_parts_mixed", None),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=2TU", "rule_parts_mixed", None),
        ("FREQ=DAILY;COUNT=3;INTERVAL=2;BYDAY=TU", "rule_parts_mixed", None),
        ("FREQ=DAILY;COUNT=3;BYMONTHDAY=1", "rule_parts_mixed", None),
        ("FREQ=WEEKLY;COUNT=3;BYMONTHDAY=1", "rule_parts_mixed", None),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1;BYDAY=1TU", "rule_parts_mixed", None),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=MO,TU;BYSETPOS=1", "rule_parts_mixed", None),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=1MO,1TU;BYSETPOS=1", "rule_parts_mixed", None),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,2;BYSETPOS=1", "rule_parts_mixed", None),
        ("FREQ=MONTHLY;COUNT=3;BYSETPOS=1", "rule_parts_mixed", None),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU;BYSETPOS=6", "rule_value", "BYSETPOS cannot be 6."),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=MO,TH;BYSETPOS=10", "rule_value", None),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=MO;BYSETPOS=0", "rule_value", None),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=0MO", "rule_value", "BYDAY cannot be 0MO."),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=6MO", "rule_value", None),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=XX", "rule_value", None),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=TU,", "rule_value", None),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=32", "rule_value", None),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=0", "rule_value", None),
        ("FREQ=WEEKLY;COUNT=3;WKST=2", "rule_value", None),
        ("FREQ=DAILY;UNTIL=20270101", "no_dates", "There is no date in this."),
        ("FREQ=DAILY;UNTIL=02000101", "no_dates", None),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;UNTIL=21991230", "no_dates", None),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;COUNT=3", "no_dates", None),
        ("FREQ=DAILY;UNTIL=21991230", "too_many_dates", None),
        ("FREQ=WEEKLY;UNTIL=20370101", "too_many_dates", None),
        ("FREQ=MONTHLY;INTERVAL=366;COUNT=366", "dates_out_of_range", None),
        ("FREQ=MONTHLY;INTERVAL=12;UNTIL=99991231", "dates_out_of_range", None),
        ("", "rule_malformed", "A rule is written as FREQ=WEEKLY;BYDAY=TU;COUNT=10."),
        (None, "rule_malformed", None),
        (7, "rule_malformed", None),
        (["FREQ=DAILY;COUNT=3"], "rule_malformed", None),
        (";", "rule_malformed", None),
        ("=", "rule_malformed", None),
        ("RRULE:FREQ=DAILY;COUNT=3", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=3;", "rule_malformed", None),
        ("FREQ=DAILY;;COUNT=3", "rule_malformed", None),
        (" FREQ=DAILY;COUNT=3", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=3\n", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=3\x00", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=３", "rule_malformed", None),
        ("FREQ=DAıLY;COUNT=3", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=3;\ud800=1", "rule_malformed", None),
        ("FREQ=WEEKLY;BYDAY=MO=;COUNT=3", "rule_malformed", None),
        ("FREQ=DAILY;COUNT=3;X=" + "1" * 480, "rule_too_long", None),
    ],
)
def test_a_rule_that_is_not_taken_is_refused_with_a_sentence(
    rule: object, code: str, sentence: str | None
) -> None:
    field, said, words = refusal(rule)
    assert (field, said) == ("rule", code)
    assert words == sentence or (sentence is None and words.endswith((".", "?")))


@pytest.mark.parametrize(
    ("beside", "field", "code"),
    [
        ({"first_on": date(1999, 12, 31)}, "first_on", "dates_out_of_range"),
        ({"starts_minute": 1440}, "starts_minute", "time_malformed"),
        ({"starts_minute": -1}, "starts_minute", "time_malformed"),
        ({"length_minutes": 4}, "length_minutes", "span_too_short"),
        ({"length_minutes": 366 * 1440 + 1}, "length_minutes", "span_too_long"),
        ({"additions": [date(2200, 1, 1)]}, "additions", "dates_out_of_range"),
        ({"exceptions": [date.min]}, "exceptions", "dates_out_of_range"),
        (
            {"exceptions": [TUESDAY], "additions": [TUESDAY]},
            "additions",
            "date_left_out_and_added",
        ),
        (
            {"additions": [TUESDAY + timedelta(days=n) for n in range(367)]},
            "additions",
            "too_many_dates",
        ),
        (
            {"additions": [TUESDAY + timedelta(days=3 + n) for n in range(364)]},
            "rule",
            "too_many_dates",
        ),
        (
            {"exceptions": [TUESDAY + timedelta(days=n) for n in range(3)]},
            "rule",
            "no_dates",
        ),
        (
            {"skip_holidays": True, "holidays": {TUESDAY + timedelta(n): "" for n in range(3)}},
            "rule",
            "no_dates",
        ),
    ],
)
def test_what_stands_beside_a_rule_has_limits(
    beside: dict[str, object], field: str, code: str
) -> None:
    assert refusal("FREQ=DAILY;COUNT=3", **beside)[:2] == (field, code)


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read("FREQ=DAILY", first_on=date(1999, 1, 1), length_minutes=0)
    assert caught.value.errors.keys() == {"rule", "first_on", "length_minutes"}
    assert caught.value.code == "invalid"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("freq=weekly;count=3", "FREQ=WEEKLY;COUNT=3;BYDAY=TU"),
        ("COUNT=03;BYDAY=FR,MO;FREQ=WEEKLY;INTERVAL=1;WKST=SU", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,FR"),
        ("FREQ=DAILY;COUNT=3;BYDAY=MO,TU", "FREQ=WEEKLY;COUNT=3;BYDAY=MO,TU"),
        ("FREQ=MONTHLY;COUNT=3", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=2"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU", "FREQ=WEEKLY;COUNT=3;BYDAY=TU"),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=-1FR,+2TU", "FREQ=MONTHLY;COUNT=3;BYDAY=2TU,-1FR"),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1,15,+1", "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,15,-1"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU"),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=3;WKST=SU;BYDAY=TU,SU",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU,SU;WKST=SU",
        ),
    ],
)
def test_rules_that_say_the_same_are_written_alike(rule: str, text: str) -> None:
    repetition = read(rule)
    assert repetition.rule == text
    assert read(text) == repetition


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20270302", date(2027, 3, 2)),
        ("20270302T170000", date(2027, 3, 2)),
        ("20270302T165959", date(2027, 2, 23)),
        ("20270302T160000Z", date(2027, 3, 2)),
        ("20270302T155900Z", date(2027, 2, 23)),
        ("20270406T150000Z", date(2027, 4, 6)),  # summer time by then
    ],
)
def test_until_with_a_time_ends_with_the_last_start_that_it_reaches(until: str, last: date) -> None:
    assert days(read(f"FREQ=WEEKLY;UNTIL={until}", zone=WARSAW))[-1] == last


def test_each_left_out_date_comes_with_its_reason() -> None:
    whole = read(
        "FREQ=DAILY;COUNT=5",
        first_on=date(2027, 5, 1),
        exceptions=[date(2027, 5, 2), date(2027, 5, 20)],
        additions=[date(2027, 5, 4), date(2027, 5, 9)],
        skip_holidays=True,
    )
    found = dates(whole, holidays={**CONSTITUTION, date(2027, 5, 9): "Europe Day"})
    assert found.occurrences == (
        Occurrence(date(2027, 5, 1), "rule"),
        Occurrence(date(2027, 5, 4), "rule"),
        Occurrence(date(2027, 5, 5), "rule"),
        Occurrence(date(2027, 5, 9), "addition", "Europe Day"),
    )
    assert found.left_out == (
        LeftOut(date(2027, 5, 2), "exception"),
        LeftOut(date(2027, 5, 3), "public_holiday", "Constitution Day"),
    )
    assert found.idle == (date(2027, 5, 20),)


def test_a_public_holiday_stands_where_it_is_not_skipped_or_put_in() -> None:
    whole = read("FREQ=DAILY;COUNT=2", first_on=date(2027, 5, 2))
    skipping = replace(whole, skip_holidays=True)
    put_in = replace(skipping, additions=frozenset({date(2027, 5, 3)}))
    assert dates(whole, holidays=CONSTITUTION).occurrences[-1].holiday == "Constitution Day"
    assert days(skipping, holidays=CONSTITUTION) == [date(2027, 5, 2)]
    found = dates(put_in, holidays=CONSTITUTION)
    assert found.occurrences[-1] == Occurrence(date(2027, 5, 3), "addition", "Constitution Day")
    assert found.left_out == ()


def test_a_date_is_never_both_left_out_and_put_in() -> None:
    with pytest.raises(ValueError, match="either left out or put in"):
        Repetition("FREQ=DAILY;COUNT=1", TUESDAY, 0, 60, frozenset({TUESDAY}), frozenset({TUESDAY}))


def test_a_month_without_the_day_is_left_out() -> None:
    assert days(read("FREQ=MONTHLY;COUNT=4", first_on=date(2027, 1, 31))) == [
        date(2027, 1, 31),
        date(2027, 3, 31),
        date(2027, 5, 31),
        date(2027, 7, 31),
    ]
    assert days(read("FREQ=MONTHLY;INTERVAL=12;COUNT=3", first_on=date(2028, 2, 29))) == [
        date(2028, 2, 29),
        date(2032, 2, 29),
        date(2036, 2, 29),
    ]
    assert days(read("FREQ=MONTHLY;COUNT=2", first_on=date(2027, 1, 29))) == [
        date(2027, 1, 29),
        date(2027, 3, 29),
    ]


def test_this_and_following_divides_a_count_and_keeps_in_step() -> None:
    whole = read(
        "FREQ=WEEKLY;INTERVAL=2;COUNT=5",
        exceptions=[date(2027, 2, 16), date(2027, 3, 30)],
        additions=[date(2027, 2, 17), date(2027, 3, 4)],
    )
    first, second = split(whole, date(2027, 3, 3))
    assert first == replace(
        whole,
        rule="FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TU",
        exceptions=frozenset({date(2027, 2, 16)}),
        additions=frozenset({date(2027, 2, 17)}),
    )
    assert second == replace(
        whole,
        rule="FREQ=WEEKLY;INTERVAL=2;COUNT=2;BYDAY=TU",
        first_on=date(2027, 3, 16),
        exceptions=frozenset({date(2027, 3, 30)}),
        additions=frozenset({date(2027, 3, 4)}),
    )
    assert days(first) + days(second) == days(whole)


def test_this_and_following_of_an_until_ends_the_day_before() -> None:
    whole = read("FREQ=WEEKLY;UNTIL=20270629")
    first, second = split(whole, date(2027, 3, 2))
    assert first == replace(whole, rule="FREQ=WEEKLY;UNTIL=20270301;BYDAY=TU")
    assert second == replace(whole, first_on=date(2027, 3, 2))


def test_a_side_without_dates_is_nothing_and_one_of_additions_stands() -> None:
    put_in = [date(2027, 9, 3), date(2027, 9, 4)]
    whole = read("FREQ=WEEKLY;COUNT=3", additions=put_in, exceptions=[TUESDAY])
    assert split(whole, TUESDAY) == (None, whole)
    assert split(whole, date(2027, 2, 9)) == (
        None,
        replace(
            whole,
            rule="FREQ=WEEKLY;COUNT=2;BYDAY=TU",
            first_on=date(2027, 2, 9),
            exceptions=frozenset(),
        ),
    )
    first, second = split(whole, date(2027, 9, 1))
    assert days(first) == [date(2027, 2, 9), date(2027, 2, 16)]
    assert days(second) == put_in
    assert second is not None
    assert read(second.rule, first_on=second.first_on, additions=put_in) == second


def test_a_night_over_a_clock_change_keeps_its_wall_length() -> None:
    nights = read("FREQ=DAILY;COUNT=1", starts_minute=22 * 60, length_minutes=480)
    spring = timed(nights, date(2027, 3, 27), WARSAW)
    autumn = timed(nights, date(2027, 10, 30), WARSAW)
    assert spring.span == Span(
        datetime(2027, 3, 27, 21, tzinfo=UTC), datetime(2027, 3, 28, 4, tzinfo=UTC)
    )
    assert autumn.span is not None
    assert (spring.span.length, autumn.span.length) == (timedelta(hours=7), timedelta(hours=9))
    week = read("FREQ=DAILY;COUNT=1", starts_minute=0, length_minutes=7 * 1440)
    over = timed(week, date(2027, 3, 25), WARSAW)
    assert over.span is not None
    assert over.span.length == timedelta(hours=7 * 24 - 1)


def test_a_time_that_the_clock_skips_is_told_and_not_moved() -> None:
    early = read("FREQ=DAILY;COUNT=3", starts_minute=150, length_minutes=60)
    found = timed(early, date(2027, 3, 28), WARSAW)
    assert found.span is None
    [trouble] = found.troubles
    assert (trouble.edge, trouble.reason) == ("start", "does_not_exist")
    assert trouble.wall.isoformat() == "2027-03-28T02:30:00"
    assert trouble.offsets == ("+01:00", "+02:00")
    assert (trouble.exists_before, trouble.exists_after) == ("01:59", "03:00")
    with translation.override("en"):
        assert str(trouble.message) == (
            "The clock jumps over this time on that night; it does not exist."
        )
    late = read("FREQ=DAILY;COUNT=3", starts_minute=22 * 60, length_minutes=270)
    assert [one.edge for one in timed(late, date(2027, 3, 27), WARSAW).troubles] == ["end"]
    assert timed(early, date(2027, 3, 29), WARSAW).span == Span(
        datetime(2027, 3, 29, 0, 30, tzinfo=UTC), datetime(2027, 3, 29, 1, 30, tzinfo=UTC)
    )


def test_a_time_that_comes_twice_is_asked_back() -> None:
    short = read("FREQ=DAILY;COUNT=3", starts_minute=130, length_minutes=30)
    on = date(2027, 10, 31)
    found = timed(short, on, WARSAW)
    assert found.span is None
    assert [(one.edge, one.reason, one.offsets) for one in found.troubles] == [
        ("start", "twice", ("+02:00", "+01:00")),
        ("end", "twice", ("+02:00", "+01:00")),
    ]
    assert timed(short, on, WARSAW, offset="+02:00").span == Span(
        datetime(2027, 10, 31, 0, 10, tzinfo=UTC), datetime(2027, 10, 31, 0, 40, tzinfo=UTC)
    )
    assert timed(short, on, WARSAW, offset="+01:00").span == Span(
        datetime(2027, 10, 31, 1, 10, tzinfo=UTC), datetime(2027, 10, 31, 1, 40, tzinfo=UTC)
    )
    assert timed(short, on, WARSAW, offset="+05:00").span is None


def test_partners_in_five_zones_meet_over_a_clock_change() -> None:
    """S10: Tuesdays at 17:00 in Warsaw, 4 May moved to Wednesday 5 May."""
    series = read(
        "FREQ=WEEKLY;UNTIL=20270525",
        exceptions=[date(2027, 5, 4)],
        additions=[date(2027, 5, 5)],
        length_minutes=120,
    )
    found = days(series)
    assert len(found) == 17
    assert (found[0], found[12:15], found[-1]) == (
        date(2027, 2, 2),
        [date(2027, 4, 27), date(2027, 5, 5), date(2027, 5, 11)],
        date(2027, 5, 25),
    )
    before, after = (timed(series, day, WARSAW).span for day in found[7:9])
    assert (found[7], found[8]) == (date(2027, 3, 23), date(2027, 3, 30))
    assert before is not None
    assert after is not None
    assert {
        zone: [f"{span.start.astimezone(ZoneInfo(zone)):%a %H:%M}" for span in (before, after)]
        for zone in ("UTC", "Europe/Kyiv", "Europe/Vilnius", "Europe/Minsk", "Asia/Tokyo")
    } == {
        "UTC": ["Tue 16:00", "Tue 15:00"],
        "Europe/Kyiv": ["Tue 18:00", "Tue 18:00"],
        "Europe/Vilnius": ["Tue 18:00", "Tue 18:00"],
        "Europe/Minsk": ["Tue 19:00", "Tue 18:00"],
        "Asia/Tokyo": ["Wed 01:00", "Wed 00:00"],
    }
