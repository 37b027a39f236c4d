"""An ordinary week and seasons: what holds on each day stays said, whatever rows it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperative.access.viewer import Viewer
from cooperative.errors import Invalid, NotFound
from cooperative.institutions.models import Institution
from sharing.models import WeeklyHours
from sharing.queries.hours import week, weekly_rows
from sharing.seasons import Season, Times, rows_of, seasons, with_ordinary, with_season
from sharing.services.seasons import remove_season, set_ordinary_week, set_season
from sharing.services.set_weekly_hours import set_weekly_hours
from sharing.wishes import HoursWish

from .factories import keeper_of, make_house, make_listing, stored

FIRST = date(2027, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(8)]
WEEKS = [(), ((0, 480, 960),), ((0, 480, 960), (1, 480, 960)), ((1, 600, 720),)]


@dataclass(frozen=True)
class StoredRow:
    weekday: int
    opens_minute: int
    closes_minute: int
    valid_from: date | None
    valid_until: date | None


def as_rows(found: tuple[Season, ...]) -> list[StoredRow]:
    return [StoredRow(*row.times, row.valid_from, row.valid_until) for row in rows_of(found)]


def held(found: tuple[Season, ...], day: date) -> tuple[Times, ...]:
    return next(one.week for one in found if one.holds_on(day))


@given(
    st.lists(
        st.tuples(
            st.none() | st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS), st.integers(0, 3)
        ),
        max_size=5,
    ),
    st.integers(0, 3),
)
def test_a_season_holds_on_its_days_and_changes_no_other(
    wanted: list[tuple[date | None, date | None, int]], ordinary: int
) -> None:
    found = with_ordinary(seasons([]), WEEKS[ordinary])
    expected = dict.fromkeys([FIRST - timedelta(days=1), *DAYS], WEEKS[ordinary])
    for start, end, number in wanted:
        if start is not None and end is not None and start >= end:
            continue
        season = Season(start, end, WEEKS[number])
        found = with_season(found, season)
        expected |= {day: WEEKS[number] for day in expected if season.holds_on(day)}
        assert {day: held(found, day) for day in expected} == expected
        # Rows say the same, and no more of them than needed.
        assert seasons(as_rows(found)) == found
        rows = as_rows(found)
        assert all(
            one.valid_until != other.valid_from
            for one in rows
            for other in rows
            if (one.weekday, one.opens_minute) == (other.weekday, other.opens_minute)
            and one.valid_until is not None
        )


# --- through the services ----------------------------------------------------------------------------
MON, SUMMER = [HoursWish(0, "08:00", "16:00")], [HoursWish(0, "10:00", "18:00")]
JULY, SEPTEMBER = date(2027, 7, 1), date(2027, 9, 1)


@pytest.fixture
def house(db: object) -> Institution:
    return make_house()


@pytest.fixture
def by(house: Institution) -> Viewer:
    return keeper_of(house)


def monday(house: Institution, day: date) -> tuple[tuple[str, str], ...]:
    return week(weekly_rows(institution=house.pk), on=day)[0].times


def test_a_season_comes_and_goes(house: Institution, by: Viewer) -> None:
    set_ordinary_week(by=by, institution=house.pk, hours=MON)
    set_season(by=by, institution=house.pk, from_on=JULY, until_on=SEPTEMBER, hours=SUMMER)
    assert [monday(house, day) for day in (date(2027, 6, 30), JULY, date(2027, 8, 31))] == [
        (("08:00", "16:00"),),
        (("10:00", "18:00"),),
        (("10:00", "18:00"),),
    ]
    assert monday(house, SEPTEMBER) == (("08:00", "16:00"),)
    # The ordinary week changes on both sides of it.
    set_ordinary_week(by=by, institution=house.pk, hours=[HoursWish(0, "07:00", "15:00")])
    assert monday(house, date(2027, 6, 1)) == monday(house, SEPTEMBER) == (("07:00", "15:00"),)
    assert monday(house, JULY) == (("10:00", "18:00"),)
    remove_season(by=by, institution=house.pk, from_on=JULY)
    assert [(row.valid_from, row.valid_until) for row in weekly_rows(institution=house.pk)] == [
        (None, None)
    ]
    assert monday(house, JULY) == (("07:00", "15:00"),)
    with pytest.raises(NotFound):
        remove_season(by=by, institution=house.pk, from_on=JULY)


def test_a_season_that_is_moved_leaves_nothing_behind(house: Institution, by: Viewer) -> None:
    set_ordinary_week(by=by, institution=house.pk, hours=MON)
    set_season(by=by, institution=house.pk, from_on=JULY, until_on=SEPTEMBER, hours=SUMMER)
    later = date(2027, 7, 12)
    for instead_of in (JULY, JULY):  # gone the second time: nothing more to leave
        set_season(
            by=by, institution=house.pk, from_on=later, until_on=SEPTEMBER, hours=SUMMER,
            instead_of=instead_of,
        )  # fmt: skip
        found = seasons(weekly_rows(institution=house.pk))
        assert [one.from_on for one in found] == [None, later, SEPTEMBER]


def test_new_hours_from_a_day_on_become_the_ordinary_week(house: Institution, by: Viewer) -> None:
    set_ordinary_week(by=by, institution=house.pk, hours=MON)
    set_season(by=by, institution=house.pk, from_on=JULY, until_on=None, hours=SUMMER)
    assert monday(house, date(2027, 6, 1)) == (("08:00", "16:00"),)
    assert monday(house, date(2028, 1, 1)) == (("10:00", "18:00"),)
    remove_season(by=by, institution=house.pk, from_on=None)
    assert monday(house, date(2027, 6, 1)) == (("10:00", "18:00"),)


def test_rows_set_by_day_elsewhere_are_seasons_too(house: Institution, by: Viewer) -> None:
    set_weekly_hours(
        by=by,
        institution=house.pk,
        hours=[*MON, HoursWish(5, "10:00", "14:00", valid_from=JULY, valid_until=SEPTEMBER)],
    )
    found = seasons(weekly_rows(institution=house.pk))
    assert [(one.from_on, len(one.week)) for one in found] == [(None, 1), (JULY, 2), (SEPTEMBER, 1)]
    set_ordinary_week(by=by, institution=house.pk, hours=SUMMER)
    assert monday(house, JULY) == (("08:00", "16:00"),)
    assert monday(house, SEPTEMBER) == (("10:00", "18:00"),)


def test_a_thing_begins_with_what_holds_of_its_house(house: Institution, by: Viewer) -> None:
    listing = make_listing(by)
    set_ordinary_week(by=by, institution=house.pk, hours=MON)
    set_season(
        by=by, institution=house.pk, resource=listing.uid, from_on=JULY, until_on=SEPTEMBER,
        hours=SUMMER,
    )  # fmt: skip
    assert stored(listing).hours_source == "own"
    rows = weekly_rows(institution=house.pk, resource=listing.pk)
    assert week(rows, on=SEPTEMBER)[0].times == (("08:00", "16:00"),)
    assert week(rows, on=JULY)[0].times == (("10:00", "18:00"),)
    assert WeeklyHours.objects.filter(resource=None).count() == 1


@pytest.mark.parametrize(
    ("from_on", "until_on", "hours", "wrong"),
    [
        (JULY, JULY, SUMMER, ["until_on"]),
        (date(1999, 1, 1), None, SUMMER, ["from_on"]),
        (JULY, date(2201, 1, 1), SUMMER, ["from_on"]),
        (JULY, SEPTEMBER, [], ["hours"]),
        (JULY, SEPTEMBER, [HoursWish(0, "18:00", "10:00")], ["hours.0.closes"]),
        (JULY, SEPTEMBER, [*SUMMER, HoursWish(0, "17:00", "19:00")], ["hours.1.opens"]),
    ],
)
def test_what_cannot_be_is_refused(
    from_on: date,
    until_on: date | None,
    hours: list[HoursWish],
    wrong: list[str],
    house: Institution,
    by: Viewer,
) -> None:
    set_ordinary_week(by=by, institution=house.pk, hours=MON)
    with pytest.raises(Invalid) as refused:
        set_season(by=by, institution=house.pk, from_on=from_on, until_on=until_on, hours=hours)
    assert list(refused.value.errors) == wrong
    assert len(weekly_rows(institution=house.pk)) == 1
    with pytest.raises(NotFound):
        remove_season(by=keeper_of(make_house()), institution=house.pk, from_on=None)


def test_a_house_that_keeps_no_hours_says_its_ordinary_week_first(
    house: Institution, by: Viewer
) -> None:
    with pytest.raises(Invalid):
        set_season(by=by, institution=house.pk, from_on=JULY, until_on=SEPTEMBER, hours=SUMMER)
    assert weekly_rows(institution=house.pk) == []
