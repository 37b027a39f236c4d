"""Partnerships: proposed by one, agreed by the other, ended by either."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cooperative.access.queries import viewer_for
from cooperative.access.viewer import Viewer
from cooperative.errors import Conflict, Forbidden, Invalid, NotFound
from cooperative.events.models import Event
from cooperative.institutions.models import Institution
from cooperative.networks.models import Partnership
from cooperative.networks.queries import partnerships_of, partnerships_waiting
from cooperative.networks.services.partnerships import (
    agree_to_partnership,
    end_partnership,
    propose_partnership,
    refuse_partnership,
)
from tests.cooperative.factories import make_institution, make_member, make_partnership

NOW = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
TODAY, JUNE, JULY = date(2027, 5, 10), date(2027, 6, 1), date(2027, 7, 1)

pytestmark = pytest.mark.django_db


def acting(house: Institution, role: str = "manager") -> Viewer:
    return viewer_for(person=make_member(house, role=role), acting_for=house.pk, now=NOW)


def propose(one: Institution, other: Institution, by: Viewer | None = None) -> Partnership:
    return propose_partnership(
        by=by or acting(one),
        institution=one.uid,
        partner=other.uid,
        kind="agreement",
        valid_from=TODAY,
        valid_until=JULY,
        note="Chairs for chairs",
    )


def audiences(house: Institution) -> set[int]:
    return set(acting(house).asking)


def test_it_holds_for_both_once_the_second_says_yes() -> None:
    one, other = make_institution(), make_institution()
    proposed = propose(one, other)
    audience = proposed.audience.pk
    assert audience not in audiences(one) | audiences(other)
    by = acting(other)
    assert list(partnerships_waiting(by)) == [proposed]
    agree_to_partnership(by=by, partnership=proposed.uid)
    agree_to_partnership(by=by, partnership=proposed.uid)
    assert audience in audiences(one) & audiences(other)
    assert list(partnerships_waiting(by)) == []
    assert [partnership.state for partnership in partnerships_of(by)] == ["agreed"]
    assert list(Event.objects.order_by("id").values_list("verb", flat=True)) == [
        "partnership.propose",
        "partnership.agree",
    ]


def test_only_who_was_asked_answers_and_only_once() -> None:
    one, other = make_institution(), make_institution()
    proposed = propose(one, other)
    with pytest.raises(Forbidden):
        agree_to_partnership(by=acting(one), partnership=proposed.uid)
    with pytest.raises(Forbidden):
        agree_to_partnership(by=acting(other, "keeper"), partnership=proposed.uid)
    with pytest.raises(NotFound):
        agree_to_partnership(by=acting(make_institution()), partnership=proposed.uid)
    refuse_partnership(by=acting(other), partnership=proposed.uid)
    with pytest.raises(Conflict):
        agree_to_partnership(by=acting(other), partnership=proposed.uid)


def test_only_managers_propose_and_not_to_themselves_or_twice() -> None:
    one, other = make_institution(), make_institution()
    with pytest.raises(Forbidden):
        propose(one, other, by=acting(one, "keeper"))
    with pytest.raises(Invalid):
        propose(one, one)
    with pytest.raises(Conflict) as refused:
        propose(one, make_institution(state="suspended"))
    assert refused.value.code == "not_active"
    propose(one, other)
    with pytest.raises(Conflict) as refused:
        propose(other, one)
    assert refused.value.code == "partnership_exists"


def test_ending_today_ends_it_and_ending_later_only_dates_it() -> None:
    one, other = make_institution(), make_institution()
    partnership = make_partnership(one, other)
    by = acting(other)
    later = end_partnership(by=by, partnership=partnership.uid, on=JUNE, today=TODAY)
    assert (later.state, later.valid_until) == ("agreed", JUNE)
    assert partnership.audience.pk in audiences(one)
    with pytest.raises(Invalid):
        end_partnership(by=by, partnership=partnership.uid, on=JULY, today=TODAY)
    with pytest.raises(Invalid):
        end_partnership(by=by, partnership=partnership.uid, on=date(2027, 5, 9), today=TODAY)
    ended = end_partnership(by=by, partnership=partnership.uid, on=TODAY, today=TODAY)
    assert (ended.state, ended.valid_until) == ("ended", TODAY)
    assert partnership.audience.pk not in audiences(one) | audiences(other)


def test_a_proposal_is_taken_back_and_one_that_never_began_ends() -> None:
    one, other = make_institution(), make_institution()
    proposed = propose(one, other)
    taken = end_partnership(by=acting(one), partnership=proposed.uid, on=TODAY, today=TODAY)
    assert (taken.state, taken.valid_until) == ("ended", JULY)
    coming = make_partnership(one, other, start=JUNE)
    ended = end_partnership(by=acting(one), partnership=coming.uid, on=TODAY, today=TODAY)
    assert ended.state == "ended"
    assert coming.audience.pk not in audiences(one)
