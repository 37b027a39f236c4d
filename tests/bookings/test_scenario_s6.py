"""S6 of the domain: "we need a ladder tomorrow".

What belongs to the board is left out: the posted need itself, who hears of it within 10 km and when, its expiry, the
other offers closed politely, thanks, and minutes to the first offer; so is the lending card of a later issue.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookings.errors import BookingRefused
from bookings.queries.search import Wanted, search
from bookings.services.clockwork import tick
from bookings.spans import Span
from bookings.wishes import LineWish
from sharing.models import Resource
from tests.bookings.stage import Side, ask, codes, do, fresh, make_side, make_thing, states

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2027, 3, 10, 15, 20, tzinfo=UTC)
"""16:20 in Wrocław."""
TOMORROW = Span(datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 11, 12, tzinfo=UTC))


def ladder(owner: Side, title: str, **terms: object) -> Resource:
    return make_thing(
        owner, title, category="equipment", handover="simple", hours_source="always", terms=terms
    )


def wish(thing: Resource) -> LineWish:
    return LineWish(thing.uid, TOMORROW.start, TOMORROW.end)


def test_a_week_ahead_is_the_rule_and_it_is_waived_openly() -> None:
    owner, library = make_side("Grupa Piwnica"), make_side("Biblioteka")
    one = ladder(owner, "Drabina 6 m", notice_minutes=7 * 1440, ask_anyway=True)
    with pytest.raises(BookingRefused) as no:
        ask(library, wish(one), now=WEDNESDAY)
    assert [(reason.code, reason.waivable) for reason in no.value.reasons] == [
        ("too_late_to_ask", True)
    ]
    sent = ask(library, wish(one), now=WEDNESDAY, ask_anyway="Wieszamy wystawę, pomożecie?")
    assert (states(sent.booking), fresh(sent.lines[0]).waived) == (["asked"], ["too_late_to_ask"])
    assert do(owner, sent.lines[0], "approve", now=WEDNESDAY).state == "confirmed"


def test_a_ladder_that_is_not_back_is_never_offered() -> None:
    theatre, house, library = make_side("Teatr"), make_side("Dom Kultury"), make_side("Biblioteka")
    late = ladder(theatre, "Drabina 8 m", at_once=True)
    short = ladder(house, "Drabina 4 m", at_once=True)
    monday = datetime(2027, 3, 8, 9, tzinfo=UTC)
    out = ask(make_side("Klub"), LineWish(late.uid, monday, monday + timedelta(hours=5))).lines[0]
    do(theatre, out, "hand_over", now=monday)
    tick(now=WEDNESDAY - timedelta(days=1))
    assert fresh(out).state == "overdue"
    with pytest.raises(BookingRefused) as no:
        ask(library, wish(late), now=WEDNESDAY)
    assert codes(no.value.reasons) == ["taken"]
    likes = [one.resource for one in no.value.alternatives if one.kind == "like_resource"]
    assert likes == [short.uid]
    found = search(viewer=library.at(WEDNESDAY), wanted=Wanted(window=TOMORROW))
    assert [one.resource.pk for one in found.results] == [short.pk]


def test_two_who_want_the_same_ladder_and_one_has_it() -> None:
    """In order; at the very same second they are raced in `tests/races`."""
    owner = make_side()
    one = ladder(owner, "Drabina 6 m", at_once=True)
    assert states(ask(make_side(), wish(one), now=WEDNESDAY).booking) == ["confirmed"]
    with pytest.raises(BookingRefused) as no:
        ask(make_side(), wish(one), now=WEDNESDAY)
    assert codes(no.value.reasons) == ["taken"]
