"""A length in a period: it claims nothing, the owner answers with times, the asker takes one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.models import Claim, Offer
from bookings.periods import Wanted
from bookings.services.clockwork import tick
from bookings.services.offers import accept_offer, propose
from bookings.wishes import LineWish
from cooperative.access.querysets import SYSTEM
from cooperative.errors import Conflict, Invalid
from sharing.models import Resource, WeeklyHours

from .stage import (
    DAY,
    NOW,
    Side,
    ask,
    claims_of,
    codes,
    do,
    fresh,
    line,
    make_side,
    make_thing,
    open_offers,
)

pytestmark = pytest.mark.django_db

WEEKDAYS = 0b0011111


@pytest.fixture
def owner() -> Side:
    return make_side("Dom")


@pytest.fixture
def asker() -> Side:
    return make_side("A")


@pytest.fixture
def expert(owner: Side) -> Resource:
    """Somebody who knows grant law, ten hours a month."""
    return make_thing(owner, "Doradczyni", kind="metered", units=10)


def period(thing: Resource, minutes: int = 120, *, days: int = 14, **fields: int) -> LineWish:
    """So long in the days from `DAY` on."""
    return line(thing, 0, 24 * days, wanted=Wanted(minutes, **fields))


def test_it_is_asked_and_claims_nothing(expert: Resource, asker: Side) -> None:
    sent = ask(asker, period(expert, weekdays=WEEKDAYS, from_minute=960, until_minute=1200))
    stored = fresh(sent.lines[0])
    assert (stored.state, stored.wanted_minutes, stored.wanted_weekdays) == ("asked", 120, 31)
    assert (stored.wanted_from_minute, stored.wanted_until_minute) == (960, 1200)
    assert not claims_of(stored)
    assert not Claim.objects.exists()


def test_the_owner_answers_with_times_and_the_asker_takes_one(
    expert: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, period(expert))
    one = sent.lines[0]
    for day in (1, 2):
        propose(by=owner.viewer, line=one.uid, wish=line(expert, 10 + 24 * day, 2))
    first, second = open_offers()
    assert {first.kind, second.kind} == {"time"}
    assert Claim.objects.filter(offer=first, mode="exclusive").count() == 1
    taken = accept_offer(by=asker.viewer, offer=second.uid)
    assert (taken.state, taken.use_starts_at) == ("confirmed", DAY + timedelta(hours=58))
    assert fresh(one).wanted_minutes is None
    assert open_offers() == []
    assert not Claim.objects.filter(offer__isnull=False).exists()
    assert Offer.objects.visible_to(SYSTEM).get(pk=first.pk).state == "withdrawn"


def test_no_time_is_named_so_there_is_nothing_to_confirm(
    expert: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, period(expert))
    with pytest.raises(Conflict):
        do(owner, sent.lines[0], "approve")


def test_where_it_is_nowhere_free_for_so_long_the_longest_is_said(owner: Side, asker: Side) -> None:
    room = make_thing(owner, "Sala", terms={"at_once": True})
    for start in (0, 5, 10, 15, 20):
        ask(make_side(), line(room, start, 3 if start < 20 else 4))
    with pytest.raises(BookingRefused) as no:
        ask(asker, period(room, 180, days=1))
    (reason,) = no.value.reasons
    assert reason.code == "not_free_so_long"
    assert reason.relax == {"wanted": {"minutes": 120}}
    ask(asker, period(room, 120, days=1))


def test_what_is_full_says_so(owner: Side, asker: Side) -> None:
    room = make_thing(owner, "Sala", terms={"at_once": True})
    ask(make_side(), line(room, 0, 24))
    with pytest.raises(BookingRefused) as no:
        ask(asker, period(room, 60, days=1))
    assert codes(no.value.reasons) == ["not_free_in_period"]


def test_only_open_days_and_hours_count(owner: Side, asker: Side) -> None:
    room = make_thing(owner, "Sala", hours_source="own")
    WeeklyHours.objects.create(
        institution=owner.house, resource=room, weekday=0, opens_minute=600, closes_minute=720
    )
    ask(asker, period(room, 120, days=7, weekdays=0b0000001))
    with pytest.raises(BookingRefused) as no:
        ask(asker, period(room, 120, days=7, weekdays=0b0000010))
    assert codes(no.value.reasons) == ["not_free_in_period"]


def test_the_length_is_judged_by_the_house_rules(owner: Side, asker: Side) -> None:
    room = make_thing(owner, "Sala", terms={"longest_minutes": 60})
    with pytest.raises(BookingRefused) as no:
        ask(asker, period(room, 120))
    assert codes(no.value.reasons) == ["too_long"]


@pytest.mark.parametrize(
    "wish",
    [
        {"minutes": 0},
        {"minutes": 120, "from_minute": 600, "until_minute": 660},
        {"minutes": 120, "days": 200},
        {"minutes": 120, "weekdays": 0},
    ],
)
def test_what_cannot_be_meant_is_refused(
    expert: Resource, asker: Side, wish: dict[str, int]
) -> None:
    with pytest.raises(Invalid):
        ask(asker, period(expert, **wish))


def test_a_no_can_be_taken_back_though_some_of_the_period_is_taken(
    expert: Resource, owner: Side, asker: Side
) -> None:
    [one] = ask(asker, period(expert)).lines
    do(owner, ask(make_side(), line(expert, 10, 2)).lines[0], "approve")
    do(owner, one, "decline")
    assert do(owner, one, "reopen").state == "asked"


def test_it_can_be_answered_until_the_period_is_over(
    expert: Resource, owner: Side, asker: Side
) -> None:
    sent = ask(asker, period(expert, days=3))
    one = sent.lines[0]
    inside = DAY + timedelta(days=1)
    tick(now=inside)
    assert fresh(one).state == "asked"
    propose(by=owner.at(inside), line=one.uid, wish=line(expert, 34, 2))
    tick(now=DAY + timedelta(days=3))
    assert fresh(one).state == "expired"
    assert open_offers() == []


def test_others_may_have_the_time_meanwhile(expert: Resource, asker: Side) -> None:
    ask(asker, period(expert))
    other = ask(make_side("B"), line(expert, 10, 2))
    assert other.lines[0].state in {"asked", "held"}
    assert NOW < DAY
